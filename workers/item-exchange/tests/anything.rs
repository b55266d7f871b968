//! Whatever comes in, nothing breaks; what comes out is sound.
use item_exchange::{Format, Options, join::join, read, report::Weight, table};
use proptest::prelude::*;

use crate::{CHOICE, manifest, pack};

fn sound(format: Format, bytes: &[u8]) {
    if let Ok(mut found) = read(format, "x", bytes, Options::default()) {
        let seen = found.seen as usize;
        assert!(found.items.len() <= seen);
        let lost = found.notes.list.iter().filter(|n| n.weight == Weight::Refused).count();
        assert!(found.items.len() + lost >= seen.min(1), "{:?}", found.notes.list);
        for one in join(&mut found) {
            assert!(!one.wrong.is_empty() || one.content.check(false).0.is_empty());
        }
    }
}

fn pieces() -> impl Strategy<Value = String> {
    let words = prop::sample::select(vec![
        "{",
        "}",
        "=",
        "~",
        "#",
        "->",
        "::",
        "%50%",
        "%-",
        "\\",
        "//",
        "\n",
        "\n\n",
        "[html]",
        "$CATEGORY:",
        "####",
        "T",
        "1..2",
        "3:0.5",
        "a",
        "қ",
        "<b>",
        "<p",
        "</p>",
        "&amp;",
        "&x;",
        "<!--",
        "<img src='",
        "'",
        "\"",
        "<![CDATA[",
        "]]>",
        "<quiz>",
        "</quiz>",
        "<question type=\"multichoice\">",
        "</question>",
        "<assessmentItem identifier=\"a\">",
        "</assessmentItem>",
        "<itemBody>",
        "<choiceInteraction>",
        "[[1]]",
        "{1:SA:=a}",
        "<math>",
        "</math>",
        "<table>",
        "<tr>",
        "<td>",
        "<li>",
        "<ul>",
        " ",
    ]);
    prop::collection::vec(words, 0..60).prop_map(|list| list.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn bytes(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        for format in [Format::Qti, Format::Gift, Format::Moodle] {
            sound(format, &bytes);
            sound(format, &[b"PK\x03\x04", bytes.as_slice()].concat());
            sound(format, &[b"PK\x05\x06", bytes.as_slice()].concat());
        }
    }

    #[test]
    fn pieces_of_the_formats(text in pieces()) {
        for format in [Format::Qti, Format::Gift, Format::Moodle] {
            sound(format, text.as_bytes());
        }
        let wrapped = format!("<quiz><question type=\"shortanswer\"><questiontext><text><![CDATA[{}]]></text></questiontext><answer fraction=\"100\"><text>a</text></answer></question></quiz>", text.replace("]]>", ""));
        sound(Format::Moodle, wrapped.as_bytes());
    }

    #[test]
    fn damaged_packages(at in any::<prop::sample::Index>(), byte in any::<u8>(), cut in any::<prop::sample::Index>()) {
        let manifest = manifest(&["a.xml"]);
        let bytes = pack(&[("imsmanifest.xml", manifest.as_bytes()), ("a.xml", CHOICE.as_bytes())]);
        let mut broken = bytes.clone();
        let at = at.index(broken.len());
        broken[at] = byte;
        sound(Format::Qti, &broken);
        sound(Format::Qti, &bytes[..cut.index(bytes.len())]);
    }

    #[test]
    fn tables(rows in prop::collection::vec(prop::collection::vec("[a-dА-Г0-9,>.±|=-]{0,6}", 0..8), 0..8)) {
        let mut all = vec![["Вопрос", "A_ru", "B_ru", "C_ru", "Ключ", "тип", "балл", "код"].map(str::to_owned).to_vec()];
        all.extend(rows);
        let mut found = table::read("t", &all).unwrap();
        for one in join(&mut found) {
            assert!(!one.wrong.is_empty() || one.content.check(false).0.is_empty());
        }
    }
}
