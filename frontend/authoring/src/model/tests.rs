//! An item opened and saved untouched is the same item.

use domain::bank::parity::Content;

use super::*;
use crate::json;

fn body(stem: &str, task: &str) -> String {
    format!(r#"{{"stem":[{{"p":[{{"t":"{stem}"}}]}}],"task":{task}}}"#)
}

fn option(id: &str, text: &str) -> String {
    format!(r#"{{"id":"{id}","text":[{{"p":[{{"t":"{text}"}}]}}]}}"#)
}

fn content(task: &str, key: &str) -> String {
    let meta = r#"{"code":"P-1","topic":"pedagogy","subject":"","grade":0,"level":"apply","facility":400,"enemies":["e"],"tags":[],"source":""}"#;
    format!(
        r#"{{"meta":{meta},"kk":{},"ru":{},"answers":{{"key":{key},"scoring":{{"points":2,"rule":"all"}}}}}}"#,
        body("Сұрақ", task),
        body("Вопрос", task)
    )
}

fn samples() -> Vec<String> {
    let two = format!("[{},{}]", option("a", "1"), option("b", "2"));
    let hash = "b".repeat(64);
    vec![
        content(
            &format!(r#"{{"kind":"single","options":{two},"shuffle":true}}"#),
            r#"{"of":"options","right":["a"]}"#,
        ),
        content(
            &format!(r#"{{"kind":"multiple","options":{two},"shuffle":false,"least":1,"most":2}}"#),
            r#"{"of":"options","right":["a","b"]}"#,
        ),
        content(
            &format!(
                r#"{{"kind":"matching","left":{two},"right":{two},"shuffle":true,"reuse":1}}"#
            ),
            r#"{"of":"pairs","right":[["a","b"],["b","a"]]}"#,
        ),
        content(
            &format!(r#"{{"kind":"ordering","options":{two},"shuffle":false}}"#),
            r#"{"of":"order","right":["b","a"]}"#,
        ),
        content(
            r#"{"kind":"number","unit":"см"}"#,
            r#"{"of":"number","right":[{"from":2.5,"to":3.5},{"from":2.0,"to":4.0,"share":500000}]}"#,
        ),
        content(
            &format!(
                r#"{{"kind":"hotspot","image":{{"hash":"{hash}","alt":"карта","width":10,"height":10}},"areas":[{{"id":"A","shape":{{"rect":[1,2,3,4]}}}},{{"id":"B","shape":"all","name":"бүкіл сурет"}}],"most":1}}"#
            ),
            r#"{"of":"areas","right":["A"]}"#,
        ),
        content(
            r#"{"kind":"text","gaps":[{"id":"g","width":5}],"shuffle":false}"#,
            r#"{"of":"gaps","right":[{"gap":"g","accept":[{"text":"Астана","lang":"kk","case":true}],"numbers":[{"from":1.0,"to":1.0}]}]}"#,
        ),
        content(
            &format!(
                r#"{{"kind":"text","gaps":[{{"id":"g","options":{two},"width":0}}],"shuffle":true}}"#
            ),
            r#"{"of":"gaps","right":[{"gap":"g","accept":[{"text":"a"}]}]}"#,
        ),
    ]
}

/// What is opened and saved untouched is what the server had, for every kind.
#[test]
fn what_is_not_touched_is_not_changed() {
    for text in samples() {
        let whole: Content = serde_json::from_str(&text).unwrap();
        assert!(whole.check(true).0.is_empty(), "{text} {:?}", whole.check(true));
        let sent = serde_json::to_string(&whole).unwrap();
        let (closed, wrong) = close(&open(&json::read(&sent).unwrap()));
        assert!(wrong.is_empty(), "{wrong:?}");
        let back: Content = serde_json::from_str(&json::write(&closed)).unwrap();
        assert_eq!(back, whole);
    }
}

/// A blank item of every kind is one that the server can read and name the faults of.
#[test]
fn a_blank_item_can_be_sent() {
    for kind in Kind::ALL {
        let mut state = blank(*kind);
        state.put("stem.kk", "Сұрақ".into());
        let (closed, _) = close(&state);
        let text = json::write(&closed);
        let read: Result<Content, _> = serde_json::from_str(&text);
        // A place without an image is the one thing that has no shape yet.
        assert!(read.is_ok() || *kind == Kind::Hotspot, "{text} {read:?}");
    }
}

#[test]
fn numbers_are_read_as_people_write_them() {
    for (typed, read) in [("2,5", "2.5"), ("-3", "-3"), ("\u{2212}0,1", "-0.1"), (" 7 ", "7")] {
        assert_eq!(number(typed), Some(Json::Number(read.into())));
    }
    for typed in ["", "a", "1e5", "--1", "1.", ".5", "01", "1 2"] {
        assert_eq!(number(typed), None, "{typed}");
    }
    assert_eq!(fresh(&[row("a"), row("b")], "abc"), "c");
    assert_eq!(fresh(&[row("a")], "a"), "o1");
}
