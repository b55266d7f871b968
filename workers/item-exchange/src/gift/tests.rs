use domain::bank::{
    body::{Kind, Task},
    key::{Key, Rule, WHOLE},
};

use super::*;
use crate::report::Weight;

fn one(text: &str) -> Draft {
    let found = read("a.gift", text);
    assert_eq!(found.items.len(), 1, "{text}: {:?}", found.notes.list);
    found.items.into_iter().next().unwrap()
}

fn refused(text: &str) -> Vec<&'static str> {
    let found = read("a.gift", text);
    assert!(found.items.is_empty(), "{text}");
    found.notes.list.iter().filter(|n| n.weight == Weight::Refused).map(|n| n.code).collect()
}

fn options(draft: &Draft) -> Vec<String> {
    draft.body.task.lists().first().unwrap().1.iter().map(|option| option.text.text()).collect()
}

#[test]
fn single_choices() {
    let q = one(
        "// a comment\n::Q1:: What's between orange and green in the spectrum?\n{ =yellow # right; good! ~red # wrong, it's yellow ~blue # wrong }",
    );
    assert_eq!((q.ident.as_str(), q.place.1), ("Q1", 2));
    assert_eq!(options(&q), ["yellow", "red", "blue"]);
    assert_eq!(q.answers.key, Key::Options { right: vec!["o1".into()] });
    assert_eq!(q.answers.scoring.rule, Rule::All);
    let q = one("Grant is {\n~buried\n=entombed\n~living\n} in Grant's tomb.");
    assert_eq!(q.body.task.kind(), Kind::Text);
    assert_eq!(q.body.stem.text(), "Grant is ____ in Grant's tomb.");
    let q = one(
        "::Jesus' hometown::Jesus Christ was from {\n~Jerusalem#This was an important city, but the wrong answer.\n~%25%Bethlehem#He was born here, but not raised here.\n~%50%Galilee#You need to be more specific.\n=Nazareth#Yes! That's right!\n}.",
    );
    let Key::Gaps { right } = &q.answers.key else { panic!("{:?}", q.answers) };
    let shares: Vec<i32> = right[0].accept.iter().map(|one| one.share).collect();
    assert_eq!(shares, [250_000, 500_000, WHOLE]);
}

#[test]
fn several_right_answers_have_shares() {
    let q = one(
        "What two people are entombed in Grant's tomb? {\n   ~%-100%No one\n   ~%50%Grant\n   ~%50%Grant's wife\n   ~%-100%Grant's father\n}",
    );
    assert_eq!(q.body.task.kind(), Kind::Multiple);
    assert_eq!(q.answers.key, Key::Options { right: vec!["o2".into(), "o3".into()] });
    let table = &q.answers.scoring.table;
    assert_eq!(
        table.iter().map(|(_, share)| *share).collect::<Vec<_>>(),
        [-WHOLE, 500_000, 500_000, -WHOLE]
    );
    let q = one("Which? {~%33.33333%a ~%33.33333%b ~%33.33333%c ~d}");
    let sum: i32 = q.answers.scoring.table.iter().map(|(_, share)| *share).sum();
    assert_eq!(sum, WHOLE);
}

#[test]
fn true_and_false_short_answers_and_numbers() {
    for (text, right) in [
        ("// true/false\n::Q1:: 1+1=2 {T}", "true"),
        ("The sun rises in the west.{FALSE#No#Yes}", "false"),
        ("Жер дөңгелек {TRUE}", "true"),
    ] {
        assert_eq!(one(text).answers.key, Key::Options { right: vec![right.into()] }, "{text}");
    }
    assert_eq!(options(&one("Жер дөңгелек {T}")), ["Дұрыс", "Бұрыс"]);
    let q = one("Two plus {=two =2} equals four.");
    let Key::Gaps { right } = &q.answers.key else { panic!() };
    assert_eq!(right[0].accept.iter().map(|a| a.text.as_str()).collect::<Vec<_>>(), ["two", "2"]);
    for (text, ranges) in [
        ("When was Ulysses S. Grant born?{#1822:5}", vec![(1817.0, 1827.0, WHOLE)]),
        ("What is it (3 decimals)? {#2.7555:0.0005}.", vec![(2.755, 2.756, WHOLE)]),
        ("What is pi? {#2.755..2.756}.", vec![(2.755, 2.756, WHOLE)]),
        (
            "Born?{#\n=1822:0 #Correct! Full credit.\n=%50%1822:2 #Half credit.\n}",
            vec![(1822.0, 1822.0, WHOLE), (1820.0, 1824.0, 500_000)],
        ),
        ("How many? {#=5}", vec![(5.0, 5.0, WHOLE)]),
    ] {
        let q = one(text);
        let found = match &q.answers.key {
            Key::Number { right } => right.clone(),
            Key::Gaps { right } => right[0].numbers.clone(),
            key => panic!("{text} {key:?}"),
        };
        assert_eq!(found.len(), ranges.len(), "{text}");
        for (have, want) in found.iter().zip(&ranges) {
            assert!(
                (have.from - want.0).abs() < 1e-9 && (have.to - want.1).abs() < 1e-9,
                "{text} {have:?}"
            );
            assert_eq!(have.share, want.2);
        }
    }
}

#[test]
fn matching() {
    let q = one(
        "Match the following countries with their capitals. {\n   =Canada -> Ottawa\n   =Italy  -> Rome\n   =Japan  -> Tokyo\n   =India  -> New Delhi\n   = -> Astana\n   }",
    );
    let Task::Matching { left, right, .. } = &q.body.task else { panic!() };
    assert_eq!((left.len(), right.len()), (4, 5));
    let Key::Pairs { right } = &q.answers.key else { panic!() };
    assert_eq!(right[3], ("l4".into(), "r4".into()));
    assert_eq!(refused("Match {=a -> b =c}"), ["gift_match"]);
}

#[test]
fn escapes_formats_categories_and_marks() {
    let q = one(
        "$CATEGORY: pedagogy/didactics\n\n// question: 12 name: x [id:P-7] [tag:new] [tag:тест]\n::a\\:b:: Which answer equals 5? {\n~ \\= 2 + 2\n= \\= 2 + 3 \\{x\\}\n~ a\\~b\n}",
    );
    assert_eq!((q.ident.as_str(), q.meta.topic.as_str()), ("P-7", "pedagogy/didactics"));
    assert_eq!(q.meta.tags, ["new", "тест"]);
    assert_eq!(options(&q), ["= 2 + 2", "= 2 + 3 {x}", "a~b"]);
    let q = one(
        "$CATEGORY: $course$/top/Алгебра\n::q::[html]<p>A <b>bold</b> &lt; <a href=\"x\">link</a></p>{=[plain]a < b ~[html]x<sup>2</sup>}",
    );
    assert_eq!(q.meta.tags, ["Алгебра"]);
    assert_eq!(q.body.stem.text(), "A bold < link");
    assert_eq!(options(&q), ["a < b", "x2"]);
    let q = one("::q:: line\\nbreak {=yes ~no ####because \\: so}");
    assert_eq!(q.body.stem.text(), "line\nbreak");
    assert_eq!(q.explanation.text(), "because : so");
    // A category needs no empty line behind it, a question none at the end of the file.
    assert_eq!(
        read("a", "$CATEGORY: a\n::1::x{T}\n\n::2::y{F}\n$CATEGORY: b\n::3::z{T}").items.len(),
        3
    );
    assert_eq!(read("a", "\u{feff}::1::x{T}\r\n\r\n::2::y{F}\r\n").items.len(), 2);
}

#[test]
fn what_is_not_taken_is_named() {
    for (text, code) in [
        ("Write about your summer. {}", "essay"),
        ("You can use your pencil.", "description"),
        ("::open title {T}", "gift_title"),
        ("Broken {=a ~b", "gift_brace"),
        ("Broken =a }", "gift_brace"),
        ("Two {=a} and {=b} blanks", "gift_several"),
        ("None {~a ~b}", "no_key"),
        ("Bad number {#abc}", "gift_number"),
        ("{T}", "no_stem"),
    ] {
        assert_eq!(refused(text), [code], "{text}");
    }
    let found = read("a", "::1::ok{T}\n\nbad {\n\n::2::ok{F}");
    assert_eq!((found.seen, found.items.len()), (3, 2));
    let note = &found.notes.list[0];
    assert_eq!((note.code, note.line), ("gift_brace", 3));
}
