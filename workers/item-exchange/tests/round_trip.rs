//! What is written is read again; what a format cannot hold is said.
use domain::{
    bank::{
        body::{Area, Body, Gap, Kind, Opt, Shape, Task},
        key::{Accept, Answers, GapKey, Key, Place, Range, Rule, Scoring, WHOLE},
        math::Math,
        meta::{Level, Meta},
        parity::Content,
        rich::{Block, Cell, Image, Inline, Rich},
    },
    shared::lang::Lang,
};
use item_exchange::{Format, Options, gift, join::join, moodle, qti, read, report::Weight, table};
use sha2::{Digest, Sha256};

use crate::PNG;

fn hash() -> String {
    Sha256::digest(PNG).iter().map(|b| format!("{b:02x}")).collect()
}

fn opt(id: &str, text: &str) -> Opt {
    Opt { id: id.into(), text: Rich::plain(text), fixed: false }
}

fn stem(lang: &str, gap: Option<&str>) -> Rich {
    let leaf =
        |name: &str, text: &str| Math { name: name.into(), leaf: text.into(), ..Math::default() };
    let root = Math { name: "msqrt".into(), children: vec![leaf("mn", "2")], ..Math::default() };
    let math =
        Math { name: "math".into(), children: vec![root, leaf("mo", "<")], ..Math::default() };
    let mut line = vec![
        Inline::T(format!("{lang} Сұрақ & «жауап» < 5 = {{x}} ~ # ")),
        Inline::Strong(vec![Inline::T("маңызды".into()), Inline::Sub(vec![Inline::T("2".into())])]),
        Inline::T(" және ".into()),
        Inline::Math(math),
    ];
    if let Some(gap) = gap {
        line.push(Inline::T(" ".into()));
        line.push(Inline::Gap(gap.into()));
        line.push(Inline::T(" соңы".into()));
    }
    let cell = |head, text: &str| Cell { head, text: vec![Inline::T(text.into())] };
    Rich(vec![
        Block::P(line),
        Block::Bullets(vec![Rich::plain("бір"), Rich::plain("екі")]),
        Block::Table(vec![vec![cell(true, "a"), cell(false, "b")]]),
        Block::P(vec![Inline::Image(Image {
            hash: hash(),
            alt: "сурет".into(),
            width: 10,
            height: 20,
        })]),
    ])
}

fn item(code: &str, make: impl Fn(&str) -> (Rich, Task), key: Key, scoring: Scoring) -> Content {
    let body = |lang: &str| {
        let (stem, task) = make(lang);
        Some(Body { stem, task })
    };
    Content {
        meta: Meta {
            code: code.into(),
            topic: "pedagogy/didactics".into(),
            subject: "mathematics".into(),
            grade: 7,
            level: Level::Apply,
            facility: 640,
            enemies: vec!["e1".into()],
            tags: vec!["тест".into()],
            source: "кітап".into(),
        },
        kk: body("kk"),
        ru: body("ru"),
        answers: Answers { key, scoring },
        explanation_kk: Rich::plain("Себебі"),
        explanation_ru: Rich::plain("Потому что"),
    }
}

fn items() -> Vec<Content> {
    let ids = |list: &str| list.split(' ').map(str::to_owned).collect::<Vec<_>>();
    let options = |lang: &str| {
        vec![
            opt("a", &format!("{lang} бір")),
            opt("b", &format!("{lang} екі")),
            opt("c", &format!("{lang} үш")),
        ]
    };
    let all = Scoring::default;
    let points = |rule| Scoring { points: 3, rule, table: Vec::new() };
    vec![
        item(
            "S-1",
            |l| (stem(l, None), Task::Single { options: options(l), shuffle: true }),
            Key::Options { right: ids("b") },
            all(),
        ),
        item(
            "M-1",
            |l| {
                (
                    stem(l, None),
                    Task::Multiple { options: options(l), shuffle: false, least: 1, most: 2 },
                )
            },
            Key::Options { right: ids("a c") },
            all(),
        ),
        item(
            "M-2",
            |l| {
                (
                    stem(l, None),
                    Task::Multiple { options: options(l), shuffle: true, least: 0, most: 0 },
                )
            },
            Key::Options { right: ids("a c") },
            points(Rule::Part),
        ),
        item(
            "M-3",
            |l| {
                (
                    stem(l, None),
                    Task::Multiple { options: options(l), shuffle: true, least: 0, most: 0 },
                )
            },
            Key::Options { right: ids("a c") },
            Scoring {
                points: 1,
                rule: Rule::Table,
                table: vec![("a".into(), 500_000), ("b".into(), -250_000), ("c".into(), 500_000)],
            },
        ),
        item(
            "P-1",
            |l| {
                (
                    stem(l, None),
                    Task::Matching {
                        left: options(l),
                        right: vec![opt("x", "1"), opt("y", "2")],
                        shuffle: true,
                        reuse: 2,
                    },
                )
            },
            Key::Pairs {
                right: vec![
                    ("a".into(), "x".into()),
                    ("b".into(), "y".into()),
                    ("c".into(), "x".into()),
                ],
            },
            points(Rule::Part),
        ),
        item(
            "O-1",
            |l| (stem(l, None), Task::Ordering { options: options(l), shuffle: true }),
            Key::Order { right: ids("c a b") },
            all(),
        ),
        item(
            "N-1",
            |l| (stem(l, None), Task::Number { unit: String::new() }),
            Key::Number { right: vec![Range { from: 2.5, to: 3.5, share: WHOLE }] },
            all(),
        ),
        item(
            "H-1",
            |l| {
                (
                    stem(l, None),
                    Task::Hotspot {
                        image: Image {
                            hash: hash(), alt: "карта".into(), width: 100, height: 80
                        },
                        areas: vec![
                            Area { id: "r".into(), shape: Shape::Rect([0, 0, 10, 10]) },
                            Area {
                                id: "p".into(),
                                shape: Shape::Poly(vec![(1, 1), (5, 5), (1, 9)]),
                            },
                        ],
                        most: 1,
                    },
                )
            },
            Key::Areas { right: ids("p") },
            all(),
        ),
        item(
            "H-2",
            |l| {
                (
                    stem(l, None),
                    Task::Hotspot {
                        image: Image {
                            hash: hash(), alt: "карта".into(), width: 100, height: 80
                        },
                        areas: vec![],
                        most: 1,
                    },
                )
            },
            Key::Shapes { right: vec![Place { shape: Shape::Circle([5, 6, 7]), share: WHOLE }] },
            all(),
        ),
        item(
            "T-1",
            |l| {
                (
                    stem(l, Some("g1")),
                    Task::Text {
                        gaps: vec![Gap { id: "g1".into(), options: vec![], width: 12 }],
                        shuffle: false,
                    },
                )
            },
            Key::Gaps {
                right: vec![GapKey {
                    gap: "g1".into(),
                    accept: vec![
                        Accept { lang: Some(Lang::Kk), ..Accept::whole("Астана") },
                        Accept { lang: Some(Lang::Ru), ..Accept::whole("столица") },
                    ],
                    numbers: vec![],
                }],
            },
            all(),
        ),
        item(
            "T-2",
            |l| {
                (
                    stem(l, Some("g1")),
                    Task::Text {
                        gaps: vec![
                            Gap { id: "g1".into(), options: options(l), width: 0 },
                            Gap { id: "g2".into(), options: vec![], width: 0 },
                        ],
                        shuffle: true,
                    },
                )
            },
            Key::Gaps {
                right: vec![
                    GapKey { gap: "g1".into(), accept: vec![Accept::whole("b")], numbers: vec![] },
                    GapKey {
                        gap: "g2".into(),
                        accept: vec![Accept::whole("сөз")],
                        numbers: vec![],
                    },
                ],
            },
            Scoring { points: 2, rule: Rule::Part, table: vec![] },
        ),
    ]
}

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

#[test]
fn moodle_keeps_what_it_can_and_says_the_rest() {
    let address = |_: &str| format!("data:image/png;base64,{}", data_encoding::BASE64.encode(PNG));
    let written = moodle::write(&items(), &address);
    let lost: Vec<&str> = written
        .notes
        .list
        .iter()
        .filter(|n| n.weight == Weight::Refused)
        .map(|n| n.item.as_str())
        .collect();
    assert_eq!(lost, ["H-1", "H-2"]);
    let mut found = read(Format::Moodle, "q.xml", &written.bytes, Options::default()).unwrap();
    let joined = join(&mut found);
    let wanted: Vec<_> =
        items().into_iter().filter(|i| !lost.contains(&i.meta.code.as_str())).collect();
    assert_eq!(joined.len(), wanted.len(), "{:?}", found.notes.list);
    for (have, want) in joined.iter().zip(&wanted) {
        assert_eq!(have.wrong, [], "{}", want.meta.code);
        assert_eq!(have.content.meta.code, want.meta.code);
        assert_eq!(have.content.meta.topic, want.meta.topic);
        let (mut have, mut want_) = (outline(&have.content), outline(want));
        if want.meta.code == "T-2" {
            // The gap that the stem did not name stands in it now.
            have.1 = have.1.replace(" ____", "");
            have.2 = have.2.replace(" ____", "");
            want_.1 = want_.1.replace(" ____", "");
            want_.2 = want_.2.replace(" ____", "");
        }
        assert_eq!(have, want_, "{}", want.meta.code);
    }
}

#[test]
fn gift_keeps_what_it_can_and_says_the_rest() {
    let address = |_: &str| format!("data:image/png;base64,{}", data_encoding::BASE64.encode(PNG));
    let written = gift::write(&items(), &address);
    let mut lost: Vec<&str> = written
        .notes
        .list
        .iter()
        .filter(|n| n.weight == Weight::Refused)
        .map(|n| n.item.as_str())
        .collect();
    lost.dedup();
    assert_eq!(lost, ["O-1", "H-1", "H-2", "T-2"]);
    let mut found = read(Format::Gift, "q.gift", &written.bytes, Options::default()).unwrap();
    let joined = join(&mut found);
    let wanted: Vec<_> =
        items().into_iter().filter(|i| !lost.contains(&i.meta.code.as_str())).collect();
    assert_eq!(joined.len(), wanted.len(), "{:?}", found.notes.list);
    for (have, want) in joined.iter().zip(&wanted) {
        assert_eq!(have.wrong, [], "{}", want.meta.code);
        assert_eq!(have.content.meta.code, want.meta.code);
        let (mut have, mut want_) = (outline(&have.content), outline(want));
        if want.meta.code == "T-1" {
            have.1 = have.1.replace(" ____", "");
            have.2 = have.2.replace(" ____", "");
            want_.1 = want_.1.replace(" ____", "");
            want_.2 = want_.2.replace(" ____", "");
        }
        assert_eq!(have, want_, "{}", want.meta.code);
    }
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
