use serde_json::json;

use super::*;
use crate::{
    profile::{api::Visibility, settings::settings},
    shared::time::Timestamp,
};

fn item(id: &str, record: Value) -> Item {
    Item {
        id: id.into(),
        version: 1,
        kind: Kind::parse(record["kind"].as_str().unwrap()).unwrap(),
        state: ItemState::Draft,
        record,
        evidence: vec![],
        source: Source::Owner,
        verification: Verification::None,
        visibility: Visibility::Commission,
        used_in: vec![],
        organisation: None,
        reason: String::new(),
        valid_to: None,
        duplicates: vec![],
        successor: None,
        former: None,
        changed_at: Timestamp::from_millis(0),
    }
}

const STATES: [ItemState; 6] = [
    ItemState::Draft,
    ItemState::Submitted,
    ItemState::Confirmed,
    ItemState::Returned,
    ItemState::Rejected,
    ItemState::Locked,
];

#[test]
fn what_may_be_done_in_which_state() {
    let submit = Act::Submit { organisation: "o".into() };
    let send_back = Act::Return { reason: "r".into() };
    let reject = Act::Reject { reason: "r".into() };
    // In the order of STATES: d = draft, s, c, r, x = rejected, l = locked, - = not possible.
    let table = [
        (Act::Save, "d-dd--"),
        (Act::Remove, "dddd--"),
        (submit, "s--s--"),
        (Act::Recall, "-d----"),
        (Act::Confirm, "-c----"),
        (send_back, "-r----"),
        (reject, "-x----"),
        (Act::Lock, "llll--"),
    ];
    let letter = |state: Option<ItemState>| {
        state.map_or('-', |state| match state {
            ItemState::Draft => 'd',
            ItemState::Submitted => 's',
            ItemState::Confirmed => 'c',
            ItemState::Returned => 'r',
            ItemState::Rejected => 'x',
            ItemState::Locked => 'l',
        })
    };
    for (act, expected) in table {
        let found: String = STATES.iter().map(|state| letter(after(*state, &act))).collect();
        assert_eq!(found, expected, "{}", act.name());
    }
}

#[test]
fn a_changed_record_is_confirmed_no_more() {
    let mut confirmed = item("a", json!({"kind": "award", "title": "Алғыс хат"}));
    confirmed.state = ItemState::Confirmed;
    confirmed.verification = Verification::Organisation;
    let next = decide(&confirmed, &Act::Save).unwrap();
    assert_eq!((next.state, next.verification), (ItemState::Draft, Verification::None));
    assert_eq!(next.version, 2);
    confirmed.state = ItemState::Submitted;
    let refused = decide(&confirmed, &Act::Return { reason: " ".into() }).unwrap_err();
    assert_eq!(refused.code, "reason_missing");
}

#[test]
fn only_a_locked_record_is_succeeded_and_only_once() {
    let mut former = item("a", json!({"kind": "award", "title": "Алғыс хат"}));
    former.verification = Verification::Organisation;
    former.used_in = vec![("application".into(), "1".into())];
    for state in STATES {
        former.state = state;
        let next = succeed(&former, "b".into());
        assert_eq!(next.is_ok(), state == ItemState::Locked, "{state:?}");
    }
    former.version = 7;
    let next = succeed(&former, "b".into()).unwrap();
    assert_eq!((next.id.as_str(), next.version, next.state), ("b", 8, ItemState::Draft));
    // Nobody has compared the new one with its original, and no case uses it.
    assert_eq!((next.verification, next.used_in.len()), (Verification::None, 0));
    former.successor = Some("b".into());
    assert_eq!(succeed(&former, "c".into()).unwrap_err().code, "record_state");
}

#[test]
fn the_last_day_is_written_or_follows_from_the_settings() {
    let settings = settings().unwrap();
    let end = |record: Value| {
        let kind = Kind::parse(record["kind"].as_str().unwrap()).unwrap();
        valid_to(kind, &record, settings).map(|day| day.to_string()).unwrap_or_default()
    };
    let document = |document: &str| json!({"kind": "document", "document": document, "issued_on": "2026-08-31"});
    assert_eq!(end(document("criminal_record")), "2026-11-29");
    assert_eq!(end(document("work_record")), "");
    assert_eq!(end(json!({"kind": "ozp_result", "issued_on": "2026-03-01"})), "2027-02-28");
    assert_eq!(
        end(json!({"kind": "ozp_result", "issued_on": "2026-03-01", "valid_to": "2026-04-01"})),
        "2026-04-01"
    );
}

#[test]
fn each_reminder_comes_once() {
    let settings = settings().unwrap();
    let day = |text: &str| text.parse::<NaiveDate>().unwrap();
    let mut told = day("2026-01-01");
    let mut days = Vec::new();
    while let Some(next) = remind_on(Some(day("2026-11-30")), told, settings) {
        days.push(next.to_string());
        told = next;
    }
    assert_eq!(days, ["2026-10-01", "2026-10-31", "2026-11-23", "2026-11-30"]);
    assert_eq!(remind_on(None, told, settings), None);
}

#[test]
fn the_same_certificate_twice_is_found() {
    let course = |title: &str, number: &str| {
        let mut record =
            json!({"kind": "course", "title": title, "hours": 80, "from": "2025-06-02"});
        if !number.is_empty() {
            record["number"] = json!(number);
        }
        record
    };
    let table = [
        // The same number, written otherwise.
        (course("Оқыту", "№ 041-2345"), course("Оқыту әдісі", "0412345"), true),
        (course("Оқыту", "0412345"), course("Оқыту", "0412346"), false),
        // One has a number, the other has none.
        (course("Оқыту", "0412345"), course("Оқыту", ""), false),
        (course("Оқыту", ""), course("Оқыту", ""), false),
    ];
    for (one, other, expected) in table {
        assert_eq!(same(Kind::Course, &one, &other), expected, "{one} {other}");
        assert_eq!(same(Kind::Course, &other, &one), expected);
    }
    let award = |title: &str| json!({"kind": "award", "title": title});
    assert!(same(Kind::Award, &award("Алғыс хат"), &award("АЛҒЫС  ХАТ")));
    assert!(!same(Kind::Award, &award("Алғыс хат"), &award("Грамота")));
    let job = |from: &str| json!({"kind": "experience", "occupation": "job", "organisation": "№1 мектеп", "position": "Мұғалім", "from": from, "pedagogical": true});
    assert!(same(Kind::Experience, &job("2020-09-01"), &job("2020-09-01")));
    assert!(!same(Kind::Experience, &job("2020-09-01"), &job("2021-09-01")));
    let mut items =
        [item("a", job("2020-09-01")), item("b", job("2020-09-01")), item("c", job("2019-01-01"))];
    mark_duplicates(&mut items);
    assert_eq!(items[0].duplicates, ["b"]);
    assert_eq!(items[2].duplicates, Vec::<String>::new());
    assert_eq!(works(&items).len(), 2);
}
