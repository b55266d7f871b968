//! What reaches a page is the same whatever the keys are: every key in the bank is changed and not
//! one delivered byte differs.

use domain::{
    bank::{
        body::{Body, Kind, Opt, Task},
        key::{Answers, Key, Scoring},
        meta::Level,
        rich::Rich,
    },
    exam::{
        blueprint::{Blueprint, Cell, Section},
        pool::{Entry, UNKNOWN, pack},
        seal::{block_key, open, seal},
        seed::{commitment, hex, unhex},
    },
    shared::{id::ulid, lang::Text, time::Timestamp},
};
use serde_json::{Value, json};

const EXAM: &str = "01jd0000000000000000000000";
const ATTEMPT: &str = "01jd1111111111111111111111";
const T0: i64 = 1_800_000_000_000;

fn act(what: &str, input: &Value) -> Value {
    serde_json::from_str(&crate::act(what, &input.to_string())).unwrap()
}

struct Bank {
    entries: Vec<Entry>,
    bodies: Vec<Body>,
    keys: Vec<Answers>,
}

fn bank(right: &str) -> Bank {
    let of = |n: i64| {
        let option = |id: &str| Opt {
            id: id.into(),
            text: Rich::plain(&format!("жауап {id} {n}")),
            fixed: false,
        };
        let options = ["a", "b", "c", "d"].map(option).to_vec();
        let body = Body {
            stem: Rich::plain(&format!("Сұрақ {n}")),
            task: Task::Single { options, shuffle: true },
        };
        let entry = Entry {
            id: ulid(Timestamp::from_millis(n + 1), [n as u8; 10]),
            version: 1,
            topic: "pedagogy".into(),
            level: Level::Apply,
            kind: Kind::Single,
            facility: UNKNOWN,
            exposure: 0,
            enemies: Vec::new(),
        };
        let key = Answers {
            key: Key::Options { right: vec![right.to_owned()] },
            scoring: Scoring::default(),
        };
        (entry, body, key)
    };
    let mut all = Bank { entries: Vec::new(), bodies: Vec::new(), keys: Vec::new() };
    for n in 0..30 {
        let (entry, body, key) = of(n);
        all.entries.push(entry);
        all.bodies.push(body);
        all.keys.push(key);
    }
    all
}

/// What a draw begins with.
fn asked(bank: &Bank) -> Value {
    let (secret, seal_key) = ([7; 32], [8; 32]);
    let blob = pack(bank.entries.clone()).unwrap();
    let pool = domain::exam::pool::Pool::read(&blob).unwrap();
    let cells = vec![Cell { topic: "pedagogy".into(), count: 5, ..Cell::default() }];
    let section = |code: &str, cells| Section {
        code: code.into(),
        title: Text::new("Пән", "Предмет"),
        cells,
    };
    let blueprint = Blueprint { sections: vec![section("one", cells)], ..Blueprint::default() };
    let row = json!({
        "id": ATTEMPT, "exam": EXAM, "candidate": "k-17", "attempt": 1, "lang": "kk", "extra_minutes": 40,
        "edition": "2025-02-25", "blueprint": serde_json::to_string(&blueprint).unwrap(), "minutes": 80,
        "navigation": "free", "commitment": commitment(&secret),
        "sealed": hex(&seal(&seal_key, EXAM, 0, &secret).unwrap()), "pool_version": pool.version,
    });
    json!({ "row": row, "pool": hex(&blob), "key": hex(&seal_key) })
}

/// Draws and seals: everything that a page can ever fetch, and what the object keeps.
fn deliver(bank: &Bank) -> (Value, Value) {
    let drawn = act("draw", &asked(bank));
    assert!(drawn.get("no").is_none(), "{drawn}");
    let bodies: Vec<Value> = drawn["slots"]
        .as_array()
        .unwrap()
        .iter()
        .map(|slot| {
            let at = bank.entries.iter().position(|e| e.id == slot["item"]).unwrap();
            json!({ "n": slot["n"], "body": serde_json::to_string(&bank.bodies[at]).unwrap() })
        })
        .collect();
    let blocks = act(
        "blocks",
        &json!({
            "attempt": ATTEMPT, "key": drawn["key"], "state": drawn["state"], "slots": drawn["slots"], "bodies": bodies,
        }),
    );
    (drawn, blocks)
}

fn letters(drawn: &Value, blocks: &Value) -> Vec<(u16, Vec<(String, String)>)> {
    let key = unhex::<32>(drawn["key"].as_str().unwrap()).unwrap();
    let text = blocks["blocks"][0].as_str().unwrap();
    let sealed: Vec<u8> = (0..text.len())
        .step_by(2)
        .map(|at| u8::from_str_radix(&text[at..at + 2], 16).unwrap())
        .collect();
    let plain = open(&block_key(&key, 0), ATTEMPT, 0, &sealed).unwrap();
    let tasks: Vec<Value> = serde_json::from_slice(&plain).unwrap();
    tasks
        .into_iter()
        .map(|task| {
            let body: Body = serde_json::from_value(task["body"].clone()).unwrap();
            let Task::Single { options, .. } = body.task else { panic!() };
            let options = options.into_iter().map(|o| (o.id, o.text.text())).collect();
            (task["n"].as_u64().unwrap() as u16, options)
        })
        .collect()
}

#[test]
fn changing_every_key_changes_no_delivered_byte() {
    let (one, other) = (bank("a"), bank("d"));
    assert_ne!(one.keys, other.keys);
    let (a, b) = (deliver(&one), deliver(&other));
    assert_eq!(a, b);
    let text = format!("{}{}", a.0, a.1);
    assert!(!text.contains("right") && !text.contains("answers"));
    // What reads bodies does not name the table of keys.
    assert!(!a.0["read"].to_string().contains("item_key"));
}

#[test]
fn from_the_draw_to_the_points() {
    let bank = bank("c");
    let (drawn, blocks) = deliver(&bank);
    assert_eq!(drawn["state"]["terms"]["length"], json!(120 * 60_000));
    let step = |state: &Value, now: i64, op: Value| {
        act("step", &json!({ "state": state, "now": now, "op": op }))
    };
    assert_eq!(act("key", &json!({ "key": drawn["key"], "state": drawn["state"] })), json!([]));
    let opened = step(&drawn["state"], T0, json!({ "take_over": { "device": "Chrome" } }));
    let begun = step(&opened["state"], T0, json!("start"));
    let keys = act("key", &json!({ "key": drawn["key"], "state": begun["state"] }));
    assert_eq!(keys.as_array().unwrap().len(), 1);
    // Three right, one wrong, one left out; then it is handed in.
    let tasks = letters(&drawn, &blocks);
    let mut events = Vec::new();
    for (n, (slot, options)) in tasks.iter().take(4).enumerate() {
        let letter = if n < 3 { " c " } else { " a " };
        let (id, _) = options.iter().find(|(_, text)| text.contains(letter)).unwrap();
        let value = json!({ "options": [id] }).to_string();
        events.push(
            json!({ "n": n + 1, "what": "answer", "slot": slot, "value": value, "mono": n * 9000 }),
        );
    }
    events.push(json!({ "n": 5, "what": "finish", "mono": 40_000 }));
    let over =
        step(&begun["state"], T0 + 60_000, json!({ "receive": { "epoch": 1, "events": events } }));
    assert_eq!((&over["ended"], &over["received"]["upto"]), (&json!(true), &json!(5)));
    let rows: Vec<Value> = drawn["slots"]
        .as_array()
        .unwrap()
        .iter()
        .map(|slot| {
            let at = bank.entries.iter().position(|e| e.id == slot["item"]).unwrap();
            json!({
                "n": slot["n"], "section": slot["section"], "item": slot["item"], "version": slot["version"], "scored": 1,
                "body": serde_json::to_string(&bank.bodies[at]).unwrap(),
                "answers": serde_json::to_string(&bank.keys[at]).unwrap(),
            })
        })
        .collect();
    let answers: Vec<Value> = over["puts"].as_array().unwrap().clone();
    let outcome = act(
        "result",
        &json!({
            "attempt": ATTEMPT, "lang": "kk", "claimed": "moderator", "edition": "2025-02-25", "group": "secondary",
            "key": drawn["key"], "state": over["state"], "tasks": rows, "answers": answers, "now": T0 + 60_001,
        }),
    );
    let report = &outcome["report"];
    assert_eq!(report["total"]["points"], json!(3_000_000));
    assert_eq!((&report["reached"], &report["passed"]), (&json!("moderator"), &json!(true)));
    assert_eq!(outcome["write"].as_array().unwrap().len(), 4);
    // Whoever was sent out has no result.
    let sent = step(&begun["state"], T0 + 5, json!({ "terminate": { "why": "phone" } }));
    let outcome = act(
        "result",
        &json!({
            "attempt": ATTEMPT, "lang": "kk", "claimed": null, "edition": "2025-02-25", "group": "secondary",
            "key": drawn["key"], "state": sent["state"], "tasks": rows, "answers": [], "now": T0,
        }),
    );
    assert_eq!(outcome["report"], Value::Null);
}

#[test]
fn what_was_not_committed_to_is_not_drawn_from() {
    for what in ["", "{", "[]"] {
        assert_eq!(crate::act("draw", what), r#"{"no":"input"}"#);
    }
    assert_eq!(crate::act("dance", "{}"), r#"{"no":"input"}"#);
}

#[test]
fn a_glimpse_moves_nothing_and_tells_silence_only_after_a_while() {
    let terms = json!({ "slots": 3, "blocks": [], "forward": false, "length": 80 * 60_000, "grace": 30_000,
                        "gap": 20_000, "quick": 2_000 });
    let state = domain::exam::attempt::State::new(serde_json::from_value(terms).unwrap());
    let mut state = json!(state);
    let mut step = |now: i64, op: Value| {
        state = act("step", &json!({ "state": state, "now": now, "op": op }))["state"].clone();
        state.clone()
    };
    step(T0, json!({ "take_over": { "device": "x" } }));
    let begun = step(T0, json!("start"));
    let look = |now: i64, seen: Option<i64>| {
        act("glimpse", &json!({ "state": begun, "now": now, "seen": seen }))
    };
    let fresh = look(T0 + 1000, None);
    assert_eq!((&fresh["status"], &fresh["silent_since"]), (&json!("running"), &Value::Null));
    assert_eq!(fresh["deadline"], json!(T0 + 80 * 60_000));
    // Nothing that changes by itself: the same look a little later is the same answer.
    assert_eq!(look(T0 + 20_000, None), fresh);
    assert_eq!(look(T0 + 26_000, None)["silent_since"], json!(T0));
    // A sign of life that did not wake the object is one.
    assert_eq!(look(T0 + 40_000, Some(T0 + 30_000))["silent_since"], Value::Null);
    // The time is long over, and still nothing is moved: that is for the object.
    assert_eq!(look(T0 + 90 * 60_000, None)["status"], json!("running"));
}

#[test]
fn a_pool_that_was_read_is_known_and_no_other_is_taken_for_it() {
    let mut first = asked(&bank("b"));
    let text = first["pool"].take();
    let unknown = json!({ "no": "pool" });
    assert_eq!(act("draw", &first), unknown, "nobody has read it");
    let mut other = bank("b");
    other.entries.truncate(20);
    let mut wrong = first.clone();
    wrong["pool"] = asked(&other)["pool"].clone();
    assert_eq!(act("draw", &wrong), unknown, "another pool than the exam names");
    let mut whole = first.clone();
    whole["pool"] = text;
    let drawn = act("draw", &whole);
    assert_eq!(drawn["slots"].as_array().unwrap().len(), 5, "{drawn}");
    assert_eq!(act("draw", &first), drawn, "drawn from what was kept");
    // Others come and go: what is kept has an end.
    for n in 12..20 {
        let mut one = bank("b");
        one.entries.truncate(n);
        assert!(act("draw", &asked(&one)).get("no").is_none());
    }
    assert_eq!(act("draw", &first), unknown);
    assert_eq!(act("draw", &whole), drawn);
}
