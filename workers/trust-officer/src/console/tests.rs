use trust_core::{
    Random, day,
    directory::{ChannelEntry, Directory},
    identity::Identity,
    keys::ReporterKeys,
    receipt::Receipt,
    report::{Answer, Content, Draft, Kind, Lang},
    sign::Signing,
    wire::News,
};
use zeroize::Zeroizing;

use super::*;
use crate::{
    act::Act,
    book::{Event, What},
    hex::hex,
};

/// 2026-11-22.
const TODAY: Day = 20_779;
const PAGE: &str = r#"{"root": "ROOT", "floor": 1,
    "periods": {"acknowledge_days": 7, "feedback_months": 3, "forward_working_days": 3,
        "consider_working_days": 15, "warn_days": 2},
    "calendar": {"2026": {"off": ["2026-11-25"], "on": []}}}"#;

fn with<T>(work: impl FnOnce(&mut Random<'_>) -> T) -> T {
    let mut fill = |out: &mut [u8]| getrandom::fill(out).is_ok();
    work(&mut Random::new(&mut fill))
}

/// Officers 1 to 3, a custodian 7, their directory, and a report that 3 must not read.
struct Office {
    people: Vec<Console>,
    mailbox: String,
    envelope: Vec<u8>,
}

impl Office {
    fn new() -> Office {
        let root = with(Signing::new).unwrap();
        let page = PAGE.replace("ROOT", &hex(&root.public()));
        let who = [(1, "officer"), (2, "officer"), (3, "officer"), (7, "custodian")];
        let mut people: Vec<Console> = who
            .iter()
            .map(|(id, role)| {
                let mut one = Console::new(&page, TODAY).unwrap();
                with(|random| one.create(random, (*id, role, &format!("Person {id}")))).unwrap();
                one
            })
            .collect();
        let listed = |one: &Console| {
            one.ring.as_ref().unwrap().secrets.public(TODAY).unwrap().person().unwrap()
        };
        let directory = Directory {
            version: 4,
            issued: TODAY,
            not_after: TODAY + 30,
            demo: false,
            people: people.iter().map(listed).collect(),
            channels: vec![ChannelEntry {
                name: "main".into(),
                officers: vec![1, 2, 3],
                custodians: vec![7],
            }],
            questions: Vec::new(),
        };
        let file = directory.sign(&root).unwrap();
        let answer = [&(file.len() as u32).to_be_bytes()[..], &file].concat();
        for one in &mut people {
            one.line.payload = Zeroizing::new(answer.clone());
            assert_eq!(one.take_directory(), Ok(true));
            assert_eq!(one.listed(), Ok(true));
        }
        let (mailbox, envelope) = report(&directory);
        let mut office = Office { people, mailbox, envelope };
        for at in 0..2 {
            office.people[at].line.payload = Zeroizing::new(office.envelope.clone());
            office.people[at].take_envelope(TODAY).unwrap();
        }
        office
    }

    fn act(&mut self, at: usize, what: What, status: &str, text: &str) -> Res<()> {
        let (status, text, case) = (status.into(), text.into(), self.mailbox.clone());
        let (act, cover) = ("Body, № 1".into(), "ground".into());
        let act = Act { case, what, status, text, to: None, act, cover, verbatim: false };
        with(|random| self.people[at].act(random, &act))
    }

    /// Carries letters to people; returns to whom.
    fn carry(&mut self, from: usize) -> Vec<u16> {
        let out = core::mem::take(&mut self.people[from].book.outbox);
        let mut reached = Vec::new();
        for one in out {
            let Out::Person(mailbox, letter) = one else { continue };
            let letter = ([1; 16], unhex(&letter).unwrap());
            let news = News { letter: Some(letter), ..News::default() };
            let is = |one: &&mut Console| hex(&one.ring.as_ref().unwrap().sign.public()) == mailbox;
            let to = self.people.iter_mut().find(is).unwrap();
            to.line.payload = Zeroizing::new(news.write());
            assert_eq!(to.take_letter(), Ok(true));
            reached.push(to.me());
        }
        reached
    }

    fn shown(&self, at: usize) -> String {
        self.people[at].case(&self.mailbox).unwrap().to_string()
    }
}

fn report(directory: &Directory) -> (String, Vec<u8>) {
    let channel = directory.channel("main", TODAY).unwrap();
    let receipt = with(Receipt::new).unwrap();
    let keys = ReporterKeys::derive(&receipt, "main").unwrap();
    let name = with(|random| Identity::seal(random, &channel, &keys.mailbox(), "Name")).unwrap();
    let answer = |question: &str, values: &[&str]| Answer {
        question: question.into(),
        values: values.iter().map(|one| (*one).to_owned()).collect(),
    };
    let content = Content {
        seq: 0,
        prev: [0; 32],
        day: TODAY,
        lang: Lang::Kk,
        questionnaire: [0; 32],
        answers: vec![
            answer("route", &["crime"]),
            answer("text", &["words"]),
            answer("readers", &["1", "2"]),
        ],
        identity: Some(name),
    };
    let sealed = with(|random| {
        let draft = Draft::new(random, Kind::Report).unwrap();
        draft.seal(random, &channel, &[3], &keys, &content).unwrap()
    });
    (hex(&keys.mailbox()), sealed)
}

#[test]
fn what_was_done_is_told_to_readers_alone() {
    let mut office = Office::new();
    office.act(0, What::Answer, "open", "to the reporter").unwrap();
    office.act(0, What::Note, "", "among us").unwrap();
    office.act(0, What::NameAsked, "", "as a witness").unwrap();
    // Two shared events, the question to the custodian, its event: never to the excluded one.
    assert_eq!(office.carry(0), [2, 2, 7, 2]);
    for part in ["to the reporter", "among us", "as a witness"] {
        assert!(office.shown(1).contains(part), "{part}");
    }
    assert!(office.people[2].book.cases.is_empty());
    let other = Act {
        case: office.mailbox.clone(),
        what: What::Assign,
        status: String::new(),
        text: String::new(),
        to: Some(3),
        act: String::new(),
        cover: String::new(),
        verbatim: false,
    };
    let refused = with(|random| office.people[0].act(random, &other));
    assert_eq!(refused, Err("not_reader"));
}

#[test]
fn an_officer_who_cannot_read_cannot_write_into_a_case() {
    let mut office = Office::new();
    let event = Event {
        text: "from outside".into(),
        by: 1,
        ..office.people[0].event(&office.mailbox, What::Note)
    };
    let case = fixed(&office.mailbox).unwrap();
    let (sign, key) = office.people[2].address(1).unwrap();
    for (purpose, text) in [
        (trust_core::letter::Purpose::HandOver, serde_json::to_vec(&event).unwrap()),
        (trust_core::letter::Purpose::NameGiven, vec![7; 32]),
    ] {
        let letter = trust_core::letter::Letter {
            purpose,
            from: 3,
            case,
            seq: 0,
            prev: [0; 32],
            status: String::new(),
            text: Zeroizing::new(text),
        };
        let writer = office.people[2].ring.as_ref().unwrap().sign.clone();
        let sealed = with(|random| letter.seal(random, &writer, "main", &sign, &key)).unwrap();
        office.people[2].book.outbox.push(Out::Person(hex(&sign), hex(&sealed)));
    }
    assert_eq!(office.carry(2), [1, 1]);
    assert!(!office.shown(0).contains("from outside"));
    assert_eq!(office.people[0].book.cases[&office.mailbox].half, None, "no officer gives a name");
}

#[test]
fn b5_the_name_takes_the_officer_and_the_custodian() {
    let mut office = Office::new();
    assert!(!office.shown(0).contains("\"Name\""));
    office.act(0, What::NameAsked, "", "as a witness").unwrap();
    office.carry(0);
    let key = office.people[3].book.asks[0].key.clone();
    assert!(!office.people[3].overview().unwrap().to_string().contains("\"Name\""));
    assert_eq!(with(|r| office.people[3].decide(r, &key, false, " ")), Err("missing"));
    with(|random| office.people[3].decide(random, &key, true, "")).unwrap();
    assert_eq!(office.carry(3), [1]);
    assert!(office.shown(0).contains("\"Name\""));
    assert!(!office.shown(1).contains("\"Name\""), "to whoever asked alone");
    let again = with(|random| office.people[3].decide(random, &key, true, ""));
    assert_eq!(again, Err("unknown"), "decided once");
}

#[test]
fn a7_keys_of_an_open_case_are_kept_and_those_of_a_closed_one_can_be_destroyed() {
    let mut office = Office::new();
    let until = TODAY + 36;
    office.people[0].today = TODAY + 40;
    assert_eq!(office.people[0].forget(&day::text(TODAY + 40)), Err("not_over"));
    assert_eq!(office.people[0].forget(&day::text(until)), Err("case_open"));
    office.people[0].today = TODAY;
    office.act(0, What::Close, "confirmed", "done").unwrap();
    office.people[0].today = TODAY + 40;
    office.people[0].forget(&day::text(until)).unwrap();
    assert_eq!(office.people[0].case(&office.mailbox).err(), Some("refused"));
    // The case is still counted in the list, as one whose key is gone.
    assert_eq!(office.people[0].overview().unwrap()["cases"][0]["readable"], false);
}

#[test]
fn the_book_opens_with_its_own_keys_alone_and_says_the_same() {
    let mut office = Office::new();
    office.act(0, What::Note, "", "among us").unwrap();
    let book = with(|random| office.people[0].book(random)).unwrap();
    assert!(!book.windows(8).any(|part| part == b"among us"));
    let before = office.shown(0);
    office.people[0].book = Book::default();
    office.people[0].take_book(&book).unwrap();
    assert_eq!(office.shown(0), before);
    assert_eq!(office.people[1].take_book(&book), Err("refused"));
    assert_eq!(office.people[0].take_book(&book[..20]), Err("malformed"));
}

#[test]
fn c6_deadlines_stand_on_the_page_with_the_days_off_of_the_year() {
    let mut office = Office::new();
    let find = |office: &Office, code: &str| {
        let shown = office.people[0].case(&office.mailbox).unwrap();
        let all = shown["deadlines"].as_array().unwrap().clone();
        let one = all.into_iter().find(|one| one["code"] == code).unwrap();
        (one["day"].clone(), one["standing"].as_str().unwrap().to_owned())
    };
    // Wednesday the 25th is off by the calendar.
    assert_eq!(find(&office, "forward"), ("2026-11-26".into(), "open".into()));
    assert_eq!(find(&office, "acknowledge"), ("2026-11-29".into(), "open".into()));
    office.people[0].today = TODAY + 8;
    assert_eq!(find(&office, "acknowledge").1, "missed");
    assert_eq!(find(&office, "forward").1, "missed");
    office.people[0].today = TODAY;
    office.act(0, What::Forward, "forwarded", "passed on").unwrap();
    for code in ["acknowledge", "forward", "consider"] {
        assert_eq!(find(&office, code).1, "met", "{code}");
    }
    assert_eq!(find(&office, "feedback").1, "open", "what came of it has not been told");
    office.act(0, What::Close, "confirmed", "it was so").unwrap();
    assert_eq!(find(&office, "feedback").1, "met");
    office.people[0].calendar.clear();
    assert_eq!(find(&office, "consider").0, serde_json::Value::Null, "no calendar, no count");
}

#[test]
fn what_is_not_whole_is_not_done() {
    let mut office = Office::new();
    for (what, status, text) in [
        (What::Answer, "open", " "),
        (What::Answer, "", "text"),
        (What::Forward, "open", "text"),
        (What::Close, "", "text"),
        (What::NameGiven, "", "text"),
        (What::Assign, "", ""),
    ] {
        assert_eq!(office.act(0, what, status, text), Err("missing"), "{what:?}");
    }
    assert_eq!(office.act(0, What::Note, "", &"a".repeat(3001)), Err("too_large"));
    assert!(office.people[0].book.outbox.is_empty());
    // The longest that fits does fit into a letter, whatever its letters are.
    office.act(0, What::Note, "", &"a\n".repeat(1_000)).unwrap();
}

#[test]
fn b2_b3_what_a_hostile_writer_sends_stops_nothing() {
    let mut office = Office::new();
    let mut hostile: Vec<Vec<u8>> = Vec::new();
    // Of the right size, with a byte of the head, of a slot or of the text changed.
    for at in (0..80).chain((80..office.envelope.len()).step_by(997)) {
        let mut bytes = office.envelope.clone();
        bytes[at] ^= 1;
        hostile.push(bytes);
    }
    hostile.push(vec![0; office.envelope.len()]);
    for size in [0, 1, 79, 4_096, office.envelope.len() - 1] {
        hostile.push(office.envelope[..size].to_vec());
    }
    let before = office.shown(0);
    let cases = office.people[0].book.cases.len();
    for bytes in hostile {
        office.people[0].line.payload = Zeroizing::new(bytes);
        let taken = office.people[0].take_envelope(TODAY);
        assert!(matches!(taken, Ok(None) | Err(_)), "{taken:?}");
    }
    assert_eq!(office.people[0].book.cases.len(), cases);
    assert_eq!(office.shown(0), before);
    // The same envelope again, on a later day, is the same message of the same case.
    office.people[0].line.payload = Zeroizing::new(office.envelope.clone());
    office.people[0].take_envelope(TODAY).unwrap();
    assert_eq!(office.shown(0), before);
}

#[test]
fn every_envelope_is_fetched_once_whoever_it_is_for() {
    use trust_core::{
        report::{ALL_SLOTS, Envelope, HEAD, Head},
        wire::{Heads, OneHead},
    };
    let mut office = Office::new();
    let (head, rest) = office.envelope.split_first_chunk::<HEAD>().unwrap();
    let one = OneHead {
        id: Envelope::id(&office.envelope),
        confirmed: false,
        closed: false,
        head: Head::read(head).unwrap(),
        slots: rest[..ALL_SLOTS].to_vec(),
    };
    let id = hex(&one.id);
    let list = Heads { more: false, heads: vec![one] }.write();
    for at in [0, 2] {
        office.people[at].envelopes.clear();
        let ask = |office: &mut Office| {
            office.people[at].line.payload = Zeroizing::new(list.clone());
            office.people[at].take_heads(TODAY).unwrap().1
        };
        assert_eq!(ask(&mut office), std::slice::from_ref(&id), "whether it opens or not");
        office.people[at].line.payload = Zeroizing::new(office.envelope.clone());
        let kept = office.people[at].take_envelope(TODAY).unwrap();
        assert_eq!(kept.is_some(), at == 0);
        assert!(ask(&mut office).is_empty(), "once");
        office.people[at].scanned();
        assert!(ask(&mut office).is_empty(), "the day's list may still grow");
        office.people[at].today = TODAY + 10;
        office.people[at].scanned();
        assert_eq!(office.people[at].days().unwrap().len(), 4);
        office.people[at].restored();
        assert_eq!(office.people[at].days().unwrap().len(), 11, "all since the first key");
        office.people[at].envelopes.clear();
        assert_eq!(ask(&mut office), std::slice::from_ref(&id), "another device has nothing");
    }
    assert!(office.people[2].book.cases.is_empty());
}

#[test]
fn an_export_has_what_was_attached_or_says_that_it_is_lost() {
    let mut office = Office::new();
    let directory = office.people[0].directory.clone().unwrap();
    let channel = directory.channel("main", TODAY).unwrap();
    let keys = ReporterKeys::derive(&with(Receipt::new).unwrap(), "main").unwrap();
    let file = trust_core::file::File {
        name: "../\u{202e}a.exe".into(),
        media: "application/x".into(),
        bytes: b"\xff\xd8\xff bytes".to_vec(),
    };
    let content = Content {
        seq: 0,
        prev: [0; 32],
        day: TODAY,
        lang: Lang::Kk,
        questionnaire: [0; 32],
        answers: Vec::new(),
        identity: None,
    };
    let (envelope, sealed) = with(|random| {
        let mut draft = Draft::new(random, Kind::Report).unwrap();
        let sealed = [draft.attach(random, &file).unwrap(), draft.attach(random, &file).unwrap()];
        (draft.seal(random, &channel, &[], &keys, &content).unwrap(), sealed)
    });
    let one = &mut office.people[0];
    one.line.payload = Zeroizing::new(envelope);
    one.take_envelope(TODAY).unwrap();
    let id = hex(&keys.mailbox());
    let item = one.book.cases[&id].items[0].id.clone();
    assert_eq!(one.pack_start("short"), Err("passphrase"));
    one.pack_start("long enough, is it").unwrap();
    for at in 0..one.chunks(&id, &item, 0).unwrap().len() {
        one.line.payload = Zeroizing::new(sealed[0].chunk(at as u32).unwrap().1);
        one.take_chunk();
    }
    one.pack(&id, &item, 0, false).unwrap();
    let early = with(|random| one.export(random, &id, "long enough, is it", Whom::Body));
    assert_eq!(early, Err("missing"), "never half of it");
    for at in 0..one.chunks(&id, &item, 0).unwrap().len() {
        one.line.payload = Zeroizing::new(sealed[0].chunk(at as u32).unwrap().1);
        one.take_chunk();
    }
    one.pack(&id, &item, 0, false).unwrap();
    one.pack(&id, &item, 1, true).unwrap();
    let out = with(|random| one.export(random, &id, "long enough, is it", Whom::Readers)).unwrap();
    let text = trust_core::vault::open("long enough, is it", &out).unwrap();
    let case: serde_json::Value = serde_json::from_slice(&text).unwrap();
    let all = &case["said"][0]["attachments"];
    assert_eq!(all[0]["name"], "..a.exe");
    assert_eq!(all[0]["media"], "image/jpeg", "what its own bytes say");
    assert_eq!(all[0]["bytes"], "/9j/IGJ5dGVz");
    assert_eq!(all[1], serde_json::json!({"lost": true}));
}

#[test]
fn a_file_for_another_body_has_the_report_and_the_act_and_nobody_s_name() {
    let mut office = Office::new();
    office.act(0, What::Note, "", "a note among officers").unwrap();
    office.act(0, What::NameAsked, "", "why the name").unwrap();
    office.carry(0);
    let key = office.people[3].book.asks[0].key.clone();
    with(|random| office.people[3].decide(random, &key, true, "")).unwrap();
    office.carry(3);
    office.act(0, What::Forward, "forwarded", "told the reporter").unwrap();
    let one = &mut office.people[0];
    assert_eq!(one.case(&office.mailbox).unwrap()["name"], "Name");
    let mut kept = |whom| {
        let out = with(|random| one.export(random, &office.mailbox, "long enough, is it", whom));
        saved("long enough, is it", &out.unwrap()).unwrap().to_string()
    };
    let (all, outward) = (kept(Whom::Readers), kept(Whom::Body));
    for inner in
        ["\"Name\"", "a note among officers", "why the name", "told the reporter", "readers"]
    {
        assert!(all.contains(inner), "{inner}");
        assert!(!outward.contains(inner), "{inner}");
    }
    for theirs in ["words", "Body, № 1", "ground"] {
        assert!(outward.contains(theirs), "{theirs}");
    }
    let keys =
        with(|random| trust_core::vault::seal(random, "long enough, is it", b"{\"sign\":1}"));
    assert_eq!(saved("long enough, is it", &keys.unwrap()), Err("malformed"), "not a case");
}
