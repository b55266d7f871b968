use trust_core::{
    Error,
    identity::{Identity, open_half},
    keys::ReporterKeys,
    letter::{Letter, Purpose},
    note,
    report::{Draft, Envelope, Kind},
};
use zeroize::Zeroizing;

use crate::world::{TODAY, boxes, content, directory, reporter, sign_key, with};

#[test]
fn b5_an_excluded_officer_opens_no_slot_and_the_others_do() {
    let directory = directory();
    let channel = directory.channel("almaty", TODAY).unwrap();
    let keys = reporter();
    for excluded in [vec![], vec![3], vec![1, 2, 3, 4]] {
        let sealed = with("b5", |random| {
            let draft = Draft::new(random, Kind::Report).unwrap();
            draft.seal(random, &channel, &excluded, &keys, &content("text")).unwrap()
        });
        let envelope = Envelope::read(&sealed).unwrap();
        for id in 1..9 {
            let reads = id <= 5 && !excluded.contains(&id);
            assert_eq!(envelope.open("almaty", &boxes(id)).is_ok(), reads, "{id} of {excluded:?}");
        }
    }
    let sealed = with("b5", |random| {
        let draft = Draft::new(random, Kind::Report).unwrap();
        draft.seal(random, &channel, &[1, 2, 3, 4, 5], &keys, &content("text"))
    });
    assert_eq!(sealed.err(), Some(Error::NobodyLeft));
}

#[test]
fn b5_a_name_needs_an_officer_and_a_custodian() {
    let directory = directory();
    let channel = directory.channel("almaty", TODAY).unwrap();
    let keys = reporter();
    let mailbox = keys.mailbox();
    let sealed = with("b5 name", |random| {
        let name = "Әлия Қ., +7 700 000 00 00";
        let identity = Identity::seal(random, &channel, &mailbox, name).unwrap();
        let draft = Draft::new(random, Kind::Report).unwrap();
        let said = trust_core::report::Content { identity: Some(identity), ..content("text") };
        draft.seal(random, &channel, &[], &keys, &said).unwrap()
    });
    assert!([13_560, 25_848].contains(&sealed.len()), "a name shows in no size of its own");
    let opened = Envelope::read(&sealed).unwrap().open("almaty", &boxes(2)).unwrap();
    let identity = opened.content.identity.unwrap();

    // The officer alone: neither own keys nor any guess at the other half open it.
    for (_, half) in &identity.halves {
        assert!(open_half(&boxes(2), "almaty", &mailbox, half).is_err());
    }
    assert!(identity.open("almaty", &mailbox, &[0; 32]).is_err());
    assert!(identity.open("almaty", &mailbox, &identity.k1).is_err());
    // The custodian alone cannot open the report that holds the name.
    assert!(Envelope::read(&sealed).unwrap().open("almaty", &boxes(7)).is_err());

    // The officer asks: the half travels to the custodian in a letter, and back re-sealed.
    let (custodian, half) = identity.halves[0].clone();
    let ask = Letter {
        purpose: Purpose::NameAsked,
        from: 2,
        case: mailbox,
        seq: 0,
        prev: [0; 32],
        status: String::new(),
        text: Zeroizing::new(half),
    };
    let to = directory.person(custodian).unwrap();
    let letter = with("ask", |random| {
        ask.seal(random, &sign_key(2), "almaty", &to.sign, to.key(TODAY).unwrap()).unwrap()
    });
    let asked = Letter::open(&letter, &boxes(custodian), "almaty", &to.sign, &directory).unwrap();
    assert_eq!(asked, ask);
    let k2 = open_half(&boxes(custodian), "almaty", &asked.case, &asked.text).unwrap();
    let given = Letter {
        purpose: Purpose::NameGiven,
        from: custodian,
        text: Zeroizing::new(k2.to_vec()),
        ..ask
    };
    let officer = directory.person(2).unwrap();
    let letter = with("give", |random| {
        let key = officer.key(TODAY).unwrap();
        given.seal(random, &sign_key(custodian), "almaty", &officer.sign, key).unwrap()
    });
    let got = Letter::open(&letter, &boxes(2), "almaty", &officer.sign, &directory).unwrap();
    let k2: [u8; 32] = got.text.as_slice().try_into().unwrap();
    let name = identity.open("almaty", &mailbox, &k2).unwrap();
    assert_eq!(name.as_str(), "Әлия Қ., +7 700 000 00 00");
    // For another case or channel the same half is nothing.
    assert!(identity.open("astana", &mailbox, &k2).is_err());
    assert!(identity.open("almaty", &[1; 32], &k2).is_err());
}

#[test]
fn b5_whoever_could_read_is_found_again_by_the_receipt_alone() {
    let keys = reporter();
    let note = with("b5 note", |random| note::seal(random, &keys, "almaty", &[1, 2, 5]).unwrap());
    assert_eq!(note::open(&keys, "almaty", &note), Ok(vec![1, 2, 5]));
    assert_eq!(note::open(&keys, "astana", &note), Err(Error::Refused));
    // An officer knows mailbox and box of the reporter, and can forge nothing with them.
    let thief = ReporterKeys { local: Zeroizing::new([7; 32]), ..reporter() };
    assert_eq!(note::open(&thief, "almaty", &note), Err(Error::Refused));
    let forged = with("forged", |random| note::seal(random, &thief, "almaty", &[1, 2, 3]).unwrap());
    assert_eq!(note::open(&keys, "almaty", &forged), Err(Error::Refused));
    for at in 0..note::SIZE {
        let mut changed = note;
        changed[at] ^= 1;
        assert_eq!(note::open(&keys, "almaty", &changed), Err(Error::Refused), "{at}");
    }
    let long = with("long", |random| note::seal(random, &keys, "almaty", &[1; 9]));
    assert_eq!(long, Err(Error::TooLarge));
}
