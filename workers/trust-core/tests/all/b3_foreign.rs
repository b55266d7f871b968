use trust_core::{
    Error,
    keys::ReporterKeys,
    letter::{Letter, Purpose},
    report::{Draft, Envelope, HEAD, Kind},
};
use zeroize::Zeroizing;

use crate::world::{TODAY, boxes, content, directory, receipt, reporter, sign_key, with};

fn report(name: &str, keys: &ReporterKeys, channel: &str) -> Vec<u8> {
    let directory = directory();
    let channel = directory.channel(channel, TODAY).unwrap();
    with(name, |random| {
        let draft = Draft::new(random, Kind::Report).unwrap();
        draft.seal(random, &channel, &[], keys, &content(name)).unwrap()
    })
}

#[test]
fn b3_a_report_of_one_channel_is_none_of_another() {
    // Officers 4 and 5 read both channels.
    let sealed = report("almaty", &reporter(), "almaty");
    let envelope = Envelope::read(&sealed).unwrap();
    assert!(envelope.open("almaty", &boxes(4)).is_ok());
    for other in ["astana", "almat", "almatyy", ""] {
        assert!(matches!(envelope.open(other, &boxes(4)), Err(Error::Refused)), "{other}");
    }
}

#[test]
fn b3_parts_of_one_report_do_not_fit_into_another() {
    let keys = reporter();
    let (a, b) = (report("a", &keys, "almaty"), report("b", &keys, "almaty"));
    let slots = HEAD + trust_core::report::ALL_SLOTS;
    let opens = |bytes: &[u8]| Envelope::read(bytes).unwrap().open("almaty", &boxes(1)).is_ok();
    assert!(opens(&a) && opens(&b));
    for mixed in [
        [&a[..slots], &b[slots..]].concat(),
        [&a[..HEAD], &b[HEAD..slots], &a[slots..]].concat(),
        [&a[..HEAD], &b[HEAD..]].concat(),
        // The mailbox alone: a report handed in under another receipt.
        [&b[..48], &a[48..]]
            .concat()
            .iter()
            .copied()
            .enumerate()
            .map(|(at, byte)| if at == 20 { byte ^ 1 } else { byte })
            .collect(),
    ] {
        assert!(!opens(&mixed));
    }
}

#[test]
fn b3_another_channel_gives_another_receipt_holder() {
    let receipt = receipt("receipt");
    let there = ReporterKeys::derive(&receipt, "astana").unwrap();
    assert_ne!(there.mailbox(), reporter().mailbox());
}

#[test]
fn b3_a_letter_is_for_one_mailbox_of_one_channel_by_one_writer() {
    let directory = directory();
    let keys = reporter();
    let mailbox = keys.mailbox();
    let letter = Letter {
        purpose: Purpose::Answer,
        from: 1,
        case: mailbox,
        seq: 1,
        prev: [3; 32],
        status: "confirmed".into(),
        text: Zeroizing::new("Хабарламаңыз қабылданды.".as_bytes().to_vec()),
    };
    let to = keys.letters.public().unwrap();
    let secrets = [keys.letters.clone()];
    let seal = |writer: u16| {
        with("letter", |r| letter.seal(r, &sign_key(writer), "almaty", &mailbox, &to).unwrap())
    };
    let sealed = seal(1);
    assert_eq!(sealed.len(), trust_core::letter::SIZE);
    assert_eq!(Letter::open(&sealed, &secrets, "almaty", &mailbox, &directory), Ok(letter.clone()));
    let open =
        |channel, mailbox: &[u8; 32]| Letter::open(&sealed, &secrets, channel, mailbox, &directory);
    assert_eq!(open("astana", &mailbox).err(), Some(Error::Refused));
    assert_eq!(open("almaty", &[9; 32]).err(), Some(Error::Refused));
    // Written by somebody else under officer 1's number, or by somebody unknown.
    let forged = seal(2);
    let opened = Letter::open(&forged, &secrets, "almaty", &mailbox, &directory);
    assert_eq!(opened.err(), Some(Error::Signature));
    let mut without = directory.clone();
    without.people.remove(0);
    let opened = Letter::open(&sealed, &secrets, "almaty", &mailbox, &without);
    assert_eq!(opened.err(), Some(Error::Signature));
}
