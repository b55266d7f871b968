use proptest::prelude::*;
use trust_core::{
    Error,
    directory::Directory,
    file::{CHUNK, File, room},
    letter::{Letter, Purpose},
    receipt::Receipt,
    report::{Content, Draft, Envelope, Kind, Lang},
    vault,
    wire::{self, Request},
};
use zeroize::Zeroizing;

use crate::world::{TODAY, boxes, content, directory, reporter, root, sign_key, with};

fn report() -> Vec<u8> {
    let directory = directory();
    let channel = directory.channel("almaty", TODAY).unwrap();
    let keys = reporter();
    with("b2", |random| {
        let draft = Draft::new(random, Kind::Report).unwrap();
        draft.seal(random, &channel, &[], &keys, &content("text")).unwrap()
    })
}

#[test]
fn b2_every_changed_byte_of_an_envelope_is_refused() {
    let sealed = report();
    let secrets = &boxes(1)[..1];
    let opens = |bytes: &[u8]| {
        Envelope::read(bytes).and_then(|envelope| envelope.open("almaty", secrets)).is_ok()
    };
    assert!(opens(&sealed));
    // All of the head and the ends of the parts; of the rest, which is one hash and one tag, a
    // byte in eleven.
    let ends = [80, 9_423, 9_424, 9_447, 9_448, sealed.len() - 17, sealed.len() - 1];
    for at in (0..80).chain(ends).chain((80..sealed.len()).step_by(11)) {
        let mut changed = sealed.clone();
        changed[at] ^= 1 << (at % 8);
        assert!(!opens(&changed), "byte {at}");
    }
}

#[test]
fn b2_an_envelope_too_short_or_too_long_is_refused() {
    let sealed = report();
    for len in [0, 1, 7, 79, 80, 9_424, sealed.len() - 1] {
        assert_eq!(Envelope::read(&sealed[..len]).err(), Some(Error::Malformed), "{len}");
    }
    assert!(Envelope::read(&[&sealed[..], &[0]].concat()).is_err());
}

fn attached(bytes: usize) -> (Vec<Vec<u8>>, trust_core::report::Opened, File) {
    let directory = directory();
    let channel = directory.channel("almaty", TODAY).unwrap();
    let keys = reporter();
    let file = File {
        name: "бұйрық.pdf".into(),
        media: "application/pdf".into(),
        bytes: (0..bytes).map(|at| (at % 251) as u8).collect(),
    };
    let (chunks, sealed) = with("b2 file", |random| {
        let mut draft = Draft::new(random, Kind::Report).unwrap();
        let sealed = draft.attach(random, &file).unwrap();
        let chunks = (0..sealed.note().chunks()).map(|at| sealed.chunk(at).unwrap().1).collect();
        (chunks, draft.seal(random, &channel, &[], &keys, &content("text")).unwrap())
    });
    let opened = Envelope::read(&sealed).unwrap().open("almaty", &boxes(5)).unwrap();
    (chunks, opened, file)
}

#[test]
fn b2_chunks_swapped_doubled_missing_or_changed_are_refused() {
    let (chunks, opened, file) = attached(200_000);
    let key = &opened.files[0];
    assert_eq!(chunks.len(), 4);
    assert_eq!(key.open(&chunks).unwrap(), file);
    let order =
        |places: &[usize]| -> Vec<&Vec<u8>> { places.iter().map(|at| &chunks[*at]).collect() };
    for places in [
        &[][..],
        &[0],
        &[0, 1, 2],
        &[1, 0, 2, 3],
        &[0, 1, 3, 2],
        &[0, 0, 2, 3],
        &[3, 1, 2, 0],
        &[0, 1, 2, 3, 3],
        &[0, 1, 2, 2],
    ] {
        assert!(key.open(&order(places)).is_err(), "{places:?}");
    }
    for at in 0..4 {
        let mut changed = chunks.clone();
        changed[at][at * 1000] ^= 1;
        assert!(key.open(&changed).is_err());
        let mut changed = chunks.clone();
        changed[at].pop();
        assert!(key.open(&changed).is_err());
    }
    // No two chunks are kept under one number.
    let mut ids: Vec<_> = (0..4).map(|at| key.id(at)).collect();
    ids.dedup();
    assert_eq!(ids.len(), 4);
}

#[test]
fn b2_attachments_fill_their_buckets_to_the_last_byte() {
    let (name, media) = ("бұйрық.pdf".len(), "application/pdf".len());
    let (chunks, opened, file) = attached(room(name, media));
    assert_eq!(chunks.len(), 10 * 1024 * 1024 / CHUNK);
    assert_eq!(opened.files[0].open(&chunks).unwrap(), file);
    let (chunks, opened, file) = attached(0);
    assert_eq!(chunks.len(), 4);
    assert_eq!(opened.files[0].open(&chunks).unwrap(), file);
    let too_large = File { name: "a".into(), media: "b".into(), bytes: vec![0; 10 * 1024 * 1024] };
    let refused = with("large", |random| {
        Draft::new(random, Kind::Report).unwrap().attach(random, &too_large).err()
    });
    assert_eq!(refused, Some(Error::TooLarge));
}

#[test]
fn b2_a_vault_opens_with_its_passphrase_alone() {
    let sealed = with("vault", |random| vault::seal(random, "сөз сөйлем", b"keys").unwrap());
    assert_eq!(vault::open("сөз сөйлем", &sealed).unwrap().as_slice(), b"keys");
    assert_eq!(vault::open("сөз сөйлем ", &sealed).err(), Some(Error::Refused));
    for at in [0, 7, 8, 24, 48, sealed.len() - 1] {
        let mut changed = sealed.clone();
        changed[at] ^= 1;
        assert!(vault::open("сөз сөйлем", &changed).is_err(), "{at}");
    }
}

#[test]
fn b2_a_letter_that_was_changed_is_refused() {
    let directory = directory();
    let keys = reporter();
    let letter = Letter {
        purpose: Purpose::Answer,
        from: 1,
        case: keys.mailbox(),
        seq: 1,
        prev: [0; 32],
        status: "open".into(),
        text: Zeroizing::new(vec![b'x'; trust_core::letter::MAX_TEXT]),
    };
    let to = keys.letters.public().unwrap();
    let sealed =
        with("l", |r| letter.seal(r, &sign_key(1), "almaty", &keys.mailbox(), &to).unwrap());
    let secrets = [keys.letters.clone()];
    let open = |bytes: &[u8]| Letter::open(bytes, &secrets, "almaty", &keys.mailbox(), &directory);
    assert_eq!(open(&sealed), Ok(letter));
    for at in (0..sealed.len()).step_by(13).chain(0..16) {
        let mut changed = sealed.clone();
        changed[at] ^= 1;
        assert!(open(&changed).is_err(), "{at}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    /// Nothing that somebody sends makes a reader panic.
    #[test]
    fn b2_readers_survive_any_bytes(
        bytes in proptest::collection::vec(any::<u8>(), 0..3000),
        kind in 0u8..0x20,
        typed in ".{0,60}",
    ) {
        let mut framed = bytes.clone();
        framed.resize(1024, 0);
        framed[..7].copy_from_slice(b"TRUST-1");
        framed[7] = kind;
        if let Ok(request) = Request::read(&framed) {
            prop_assert!(request.ask().is_err() || !matches!(kind, 0x11 | 0x16 | 0x17 | 0x1a));
        }
        prop_assert!(Envelope::read(&bytes).is_err());
        prop_assert!(Directory::verify(&bytes, &root().public()).is_err());
        prop_assert!(vault::open("", &bytes).is_err());
        // Three bytes are a whole answer, unless they promise a note.
        prop_assert!(wire::News::read(&bytes).is_ok() || bytes.len() != 3 || bytes[2] & 8 != 0);
        drop(wire::Heads::read(&bytes));
        drop(Receipt::parse(&typed));
    }

    /// Signed by the root, but not what a directory looks like.
    #[test]
    fn b2_a_signed_directory_of_any_bytes_is_refused(at in 0usize..4000, byte in any::<u8>()) {
        let mut content = directory().sign(&root()).unwrap()[64..].to_vec();
        let at = at % content.len();
        prop_assume!(content[at] != byte);
        content[at] = byte;
        let signed = [&root().sign(trust_core::sign::What::Directory, &content)[..], &content].concat();
        // A changed name or day is another directory; anything else must be seen.
        if let Ok(read) = Directory::verify(&signed, &root().public()) {
            prop_assert_eq!(read.people.len(), 8);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever is said comes out as it went in, in a bucket.
    #[test]
    fn b2_what_is_sealed_is_opened(text in "\\PC{0,4000}", lang in 0..3, reader in 1u16..6) {
        let directory = directory();
        let channel = directory.channel("almaty", TODAY).unwrap();
        let keys = reporter();
        let lang = [Lang::Kk, Lang::Ru, Lang::En][lang as usize];
        let said = Content { lang, ..content(&text) };
        let sealed = with("property", |random| {
            let draft = Draft::new(random, Kind::FollowUp).unwrap();
            draft.seal(random, &channel, &[], &keys, &said).unwrap()
        });
        prop_assert!([13_560, 25_848, 75_000].contains(&sealed.len()));
        let opened = Envelope::read(&sealed).unwrap().open("almaty", &boxes(reader)).unwrap();
        prop_assert_eq!(opened.content, said);
        prop_assert!(opened.letters == keys.letters.public().unwrap());
    }
}
