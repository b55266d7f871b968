//! An item of every kind, in both languages.
use domain::{
    bank::{
        body::{Area, Body, Gap, Opt, Shape, Task},
        key::{Accept, Answers, GapKey, Key, Place, Range, Rule, Scoring, WHOLE},
        math::Math,
        meta::{Level, Meta},
        parity::Content,
        rich::{Block, Cell, Image, Inline, Rich},
    },
    shared::lang::Lang,
};
use sha2::{Digest, Sha256};

use crate::PNG;

pub fn hash() -> String {
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

/// All of them.
pub fn items() -> Vec<Content> {
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
                            Area {
                                id: "r".into(),
                                shape: Shape::Rect([0, 0, 10, 10]),
                                name: "жоғарғы сол жақ бұрыш".into(),
                            },
                            Area {
                                id: "p".into(),
                                shape: Shape::Poly(vec![(1, 1), (5, 5), (1, 9)]),
                                name: String::new(),
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
