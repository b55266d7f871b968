//! What is written is read again; what a format cannot hold is said.
use domain::{
    bank::{body::Kind, key::Key, parity::Content, rich::Rich},
    shared::lang::Lang,
};
use item_exchange::{
    Format, Options, Written, gift, join::join, moodle, qti, read, report::Weight, table,
};

use self::items::items;
use crate::PNG;

mod items;

#[test]
fn the_samples_are_sound() {
    for item in items() {
        assert!(item.check(true).0.is_empty(), "{} {:?}", item.meta.code, item.check(true));
    }
}

#[test]
fn qti_keeps_everything() {
    for version in [qti::Version::V2, qti::Version::V3] {
        let media = |_: &str| Some((PNG.to_vec(), "image/png".to_owned()));
        let written = qti::write(&items(), &media, version).unwrap();
        assert_eq!(written.notes.list, []);
        let mut found = read(Format::Qti, "p.zip", &written.bytes, Options::default()).unwrap();
        assert_eq!(found.notes.list, [], "{version:?}");
        assert_eq!(found.media.len(), 1);
        let joined = join(&mut found);
        assert_eq!(found.notes.list, []);
        for (have, want) in joined.iter().zip(items()) {
            assert_eq!(have.content, want, "{version:?}");
        }
        assert_eq!(joined.len(), items().len());
    }
}

#[test]
fn qti_keeps_the_types_of_images() {
    let webp = [b"RIFF\x04\0\0\0WEBP".as_slice(), &[0; 4]].concat();
    let gif = b"GIF89a\x01\0\x01\0".to_vec();
    let jpeg = vec![0xff, 0xd8, 0xff, 0xe0, 0, 16, b'J', b'F', b'I', b'F', 0];
    for (bytes, kind) in [(webp, "image/webp"), (gif, "image/gif"), (jpeg, "image/jpeg")] {
        for version in [qti::Version::V2, qti::Version::V3] {
            let media = |_: &str| Some((bytes.clone(), kind.to_owned()));
            let written = qti::write(&items(), &media, version).unwrap();
            let found = read(Format::Qti, "p.zip", &written.bytes, Options::default()).unwrap();
            assert_eq!(found.notes.list, [], "{kind} {version:?}");
            assert_eq!(found.media.iter().map(|one| one.kind).collect::<Vec<_>>(), [kind]);
        }
    }
}

/// The parts that plain formats keep: kinds, words, which options are right, by their places.
fn outline(item: &Content) -> (Kind, String, String, Vec<String>) {
    let body = item.kk.as_ref().unwrap();
    let lists = body.task.lists();
    let text = |id: &String| {
        lists
            .iter()
            .flat_map(|(_, list)| list.iter())
            .find(|one| one.id == *id)
            .map_or(id.clone(), |one| one.text.text())
    };
    let mut right: Vec<String> = match &item.answers.key {
        Key::Options { right } | Key::Areas { right } => right.iter().map(text).collect(),
        Key::Order { right } => vec![right.iter().map(text).collect::<Vec<_>>().join(",")],
        Key::Pairs { right } => {
            right.iter().map(|(a, b)| format!("{}>{}", text(a), text(b))).collect()
        }
        Key::Number { right } => right.iter().map(|r| format!("{} {}", r.from, r.to)).collect(),
        Key::Gaps { right } => right
            .iter()
            .flat_map(|k| {
                k.accept.iter().filter(|a| a.lang != Some(Lang::Ru)).map(|a| text(&a.text))
            })
            .collect(),
        Key::Shapes { .. } => vec![],
    };
    right.sort();
    let plain = |rich: &Rich| rich.text().split_whitespace().collect::<Vec<_>>().join(" ");
    (
        body.task.kind(),
        plain(&body.stem),
        plain(item.ru.as_ref().map_or(&body.stem, |b| &b.stem)),
        right,
    )
}

/// Writes what a format can hold, says what it cannot (`lost`), and reads the same again. A gap that
/// the stem of `gapped` did not name may stand in it now.
fn keeps(format: Format, written: &Written, lost: &[&str], gapped: &str) {
    let mut said: Vec<&str> = written
        .notes
        .list
        .iter()
        .filter(|n| n.weight == Weight::Refused)
        .map(|n| n.item.as_str())
        .collect();
    said.dedup();
    assert_eq!(said, lost);
    let mut found = read(format, "q", &written.bytes, Options::default()).unwrap();
    let joined = join(&mut found);
    let wanted: Vec<_> =
        items().into_iter().filter(|i| !lost.contains(&i.meta.code.as_str())).collect();
    assert_eq!(joined.len(), wanted.len(), "{:?}", found.notes.list);
    for (have, want) in joined.iter().zip(&wanted) {
        assert_eq!(have.wrong, [], "{}", want.meta.code);
        assert_eq!(have.content.meta.code, want.meta.code);
        if format == Format::Moodle {
            assert_eq!(have.content.meta.topic, want.meta.topic);
        }
        let outlines = [&have.content, want].map(|one| {
            let (kind, kk, ru, right) = outline(one);
            match want.meta.code == gapped {
                true => (kind, kk.replace(" ____", ""), ru.replace(" ____", ""), right),
                false => (kind, kk, ru, right),
            }
        });
        assert_eq!(outlines[0], outlines[1], "{}", want.meta.code);
    }
}

fn inline(_: &str) -> String {
    format!("data:image/png;base64,{}", data_encoding::BASE64.encode(PNG))
}

#[test]
fn moodle_keeps_what_it_can_and_says_the_rest() {
    keeps(Format::Moodle, &moodle::write(&items(), &inline), &["H-1", "H-2"], "T-2");
}

#[test]
fn gift_keeps_what_it_can_and_says_the_rest() {
    let lost = ["O-1", "H-1", "H-2", "T-2"];
    keeps(Format::Gift, &gift::write(&items(), &inline), &lost, "T-1");
}

#[test]
fn tables_keep_plain_items() {
    let mut plain: Vec<Content> = items()
        .into_iter()
        .filter(|i| matches!(i.meta.code.as_str(), "S-1" | "M-2" | "P-1" | "O-1" | "N-1" | "T-1"))
        .collect();
    for item in &mut plain {
        for body in [&mut item.kk, &mut item.ru].into_iter().flatten() {
            body.stem = Rich::plain("Сұрақ");
        }
        if let Key::Gaps { right } = &mut item.answers.key {
            right[0].accept.iter_mut().for_each(|one| one.lang = None);
        }
    }
    let (rows, notes) = table::write(&plain);
    assert!(notes.list.is_empty(), "{:?}", notes.list);
    let mut found = table::read("t.csv", &rows).unwrap();
    let joined = join(&mut found);
    assert_eq!(joined.len(), plain.len(), "{:?}", found.notes.list);
    for (have, want) in joined.iter().zip(&plain) {
        assert_eq!(have.wrong, [], "{}", want.meta.code);
        assert_eq!(have.content.meta, want.meta);
        assert_eq!(outline(&have.content), outline(want), "{}", want.meta.code);
        assert_eq!(have.content.answers.scoring.points, want.answers.scoring.points);
    }
    let bad = |rows: &[&[&str]]| {
        table::read(
            "t",
            &rows.iter().map(|r| r.iter().map(|c| (*c).to_owned()).collect()).collect::<Vec<_>>(),
        )
    };
    assert_eq!(bad(&[&["a", "b"]]).unwrap_err().code, "table_head");
    let found = bad(&[
        &["Вопрос", "A_ru", "B_ru", "Ключ"],
        &["2+2?", "3", "4", "В"],
        &["x", "1", "2", "Z"],
        &["", "", "", ""],
    ])
    .unwrap();
    assert_eq!((found.items.len(), found.seen), (0, 2));
    let found = bad(&[
        &["Вопрос", "A_ru", "B_ru", "Ключ"],
        &["2+2?", "3", "4", "Б"],
        &["x", "1", "2", "2"],
    ])
    .unwrap();
    assert_eq!(found.items.len(), 2);
}

#[test]
fn languages_are_joined_or_told_apart() {
    let gift = |text: &str| {
        let mut found = read(Format::Gift, "a.gift", text.as_bytes(), Options::default()).unwrap();
        let joined = join(&mut found);
        (joined, found.notes)
    };
    let (joined, _) =
        gift("::1_kk::Сұрақ?{=иә ~жоқ}\n\n::1_ru::Вопрос?{=да ~нет}\n\n::2::Один?{=да ~нет}");
    assert_eq!(joined.len(), 2);
    assert!(
        joined[0].content.kk.is_some()
            && joined[0].content.ru.is_some()
            && joined[0].wrong.is_empty()
    );
    assert!(joined[1].content.kk.is_none());
    let (joined, notes) = gift("::1_kk::Сұрақ?{=иә ~жоқ}\n\n::1_ru::Вопрос?{~да =нет}");
    assert_eq!(joined[0].wrong, [("key".to_owned(), "parity_key")]);
    assert!(notes.list.iter().any(|note| note.code == "unsound"));
    let (joined, _) = gift("::1::Бір?{=а ~б}\n\n::1::Екі?{=а ~б}");
    assert_eq!(joined.len(), 2);
    assert_ne!(joined[0].content.meta.code, joined[1].content.meta.code);
}
