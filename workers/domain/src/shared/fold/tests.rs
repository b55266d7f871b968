use super::*;

#[test]
fn exact_keeps_letters() {
    assert_eq!(exact("  Қазақ \u{a0}\t ТІЛІ\n"), "қазақ тілі");
    assert_eq!(exact("и\u{306}од"), "йод");
    assert_eq!(exact("учи\u{ad}тель"), "учитель");
    assert_eq!(exact(""), "");
}

#[test]
fn folds_kazakh_and_russian() {
    for (text, want) in [
        ("Әңгіме ҒАЛЫМ қызмет өнер ұл үй Һәм іс", "ангиме галым кызмет онер ул уй хам ис"),
        ("Ёлка, подъезд; УЧИТЕЛЬ экономики", "елка, подезд; учител економики"),
        // Latin a, c, e, o, p, x, y, i, h in Cyrillic words.
        ("мaтeмaтикa, opыc тiлi", "математика, орыс тили"),
        ("hәм", "хам"),
        ("№ 12, 7А", "№ 12, 7а"),
        ("7A", "7а"),
    ] {
        assert_eq!(fold(text), want, "{text}");
    }
}

#[test]
fn every_spelling_of_a_word_is_one() {
    for group in [
        // Cyrillic, Kazakh letters missing, plain Latin, 2021, 2018, apostrophes of 2017.
        ["мұғалім", "мугалим", "mugalim", "muğalim", "múǵalim", "mug'alim"].as_slice(),
        &["учитель", "учител", "uchitel", "uchitel'", "UCHITEL’"],
        &["тәрбиеші", "tarbieshi", "tárbıeshi", "tärbieşı"],
        &["қазақ тілі", "казак тили", "qazaq tili", "qazaq tılı", "kazak tili"],
        &["математика", "matematika"],
        &["физика", "fizika", "fızıka"],
        &["язык", "yazyk"],
        &["русский язык", "russkiy yazyk", "russkii yazyk"],
        &["гимназия", "gimnaziya", "gimnazia"],
        &["воспитатель", "vospitatel"],
        &["жаратылыстану", "jaratylystanu", "zharatylystanu", "jaratylystaný"],
        &["биология", "biologiya", "bıologıya"],
        &["дене шынықтыру", "dene shynyqtyru", "dene şynyqtyru"],
        &["экономика", "ekonomika"],
        &["хореограф", "khoreograf", "horeograf"],
        &["айгерім", "aigerim", "aygerim"],
        &["уборщица", "uborshchitsa", "uborschitsa"],
    ] {
        let want = fold(group[0]);
        for text in group {
            assert_eq!(fold(text), want, "{text}");
        }
    }
}

#[test]
fn folding_twice_changes_nothing() {
    for text in
        ["Қазақ тілі мен әдебиеті (0,5)", "mug'alim №5", "Café 中文 ñ", "q'w'e", "ъ", "\u{301}а"]
    {
        assert_eq!(fold(&fold(text)), fold(text), "{text}");
    }
}

#[test]
fn splits_words() {
    assert_eq!(
        words("Бала-бақша, №12: «Ер Төстік»/7А"),
        ["бала", "бакша", "12", "ер", "тостик", "7а"]
    );
    assert!(words(" — ъ ").is_empty());
    assert_eq!(words(&"щ".repeat(100))[0].chars().count(), WORD_MAX);
    assert_eq!(words(&"а ".repeat(WORDS_MAX * 2)).len(), WORDS_MAX);
}

#[test]
fn mends_the_layout() {
    for (typed, meant) in [
        ("vfntvfnbrf", Some("математика")),
        ("exbntkm abpbrb", Some("учитель физики")),
        ("v95fk3v", Some("мұғалім")),
        ("0fpf0 n3k3", Some("қазақ тілі")),
        ("j5fk", Some("оғал")),
        ("ldjhybr 12", Some("дворник 12")),
        ("еуфсрук", Some("teacher")),
        ("ьгпфдшь", Some("mugalim")),
        ("математика", None),
        ("wcx", None),
        ("абв abc", None),
        ("12", None),
        ("м", None),
        ("v", None),
        ("м ф", None),
        ("", None),
    ] {
        assert_eq!(from_wrong_layout(typed).as_deref(), meant, "{typed}");
    }
}
