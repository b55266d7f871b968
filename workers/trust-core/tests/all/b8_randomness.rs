use trust_core::{
    Error, Random,
    keys::ReporterKeys,
    receipt::Receipt,
    report::{Draft, Kind},
};

use crate::world::{Stream, TODAY, content, directory, reporter};

#[test]
fn b8_a_source_that_fails_or_stands_still_ends_the_work() {
    for mut broken in [
        Box::new(|_: &mut [u8]| false) as Box<dyn FnMut(&mut [u8]) -> bool>,
        Box::new(|out: &mut [u8]| {
            out.fill(0);
            true
        }),
        // It never draws again what it drew: a random generator that is stuck.
        Box::new(|out: &mut [u8]| {
            out.fill(7);
            true
        }),
    ] {
        let mut random = Random::new(&mut *broken);
        let first = Receipt::new(&mut random).and_then(|_| Receipt::new(&mut random));
        assert_eq!(first.err(), Some(Error::Randomness));
    }
}

#[test]
fn b8_a_source_that_fails_at_any_moment_yields_no_envelope() {
    let directory = directory();
    let channel = directory.channel("almaty", TODAY).unwrap();
    let keys: ReporterKeys = reporter();
    let mut draws = 0;
    for allowed in 0.. {
        let mut stream = Stream::new("b8");
        let mut left = allowed;
        let mut fill = |out: &mut [u8]| {
            let more = left > 0;
            left -= i32::from(more);
            more && stream.fill(out)
        };
        let mut random = Random::new(&mut fill);
        let sealed = Draft::new(&mut random, Kind::Report)
            .and_then(|draft| draft.seal(&mut random, &channel, &[], &keys, &content("text")));
        match sealed {
            Err(error) => assert_eq!(error, Error::Randomness),
            Ok(_) => break,
        }
        draws = allowed;
    }
    assert!(draws > 8, "{draws}");
}
