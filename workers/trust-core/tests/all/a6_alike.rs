use trust_core::{
    report::{Draft, Envelope, HEAD, Kind, SLOT},
    wire::{Kind as Asked, Once, Request, Status},
};

use crate::world::{TODAY, boxes, content, directory, reporter, sign_key, with};

/// Chi-square of bytes against uniform, 255 degrees of freedom; 347 is p = 0.0001.
fn chi(bytes: &[u8]) -> f64 {
    let mut counts = [0_u32; 256];
    bytes.iter().for_each(|byte| counts[usize::from(*byte)] += 1);
    let expected = bytes.len() as f64 / 256.0;
    counts.iter().map(|n| (f64::from(*n) - expected).powi(2) / expected).sum()
}

#[test]
fn a6_texts_answers_and_noise_look_like_chance() {
    let directory = directory();
    let channel = directory.channel("almaty", TODAY).unwrap();
    let keys = reporter();
    let (mut texts, mut slots) = (Vec::new(), Vec::new());
    for number in 0..30 {
        let sealed = with(&format!("a6 {number}"), |random| {
            let draft = Draft::new(random, Kind::Report).unwrap();
            draft.seal(random, &channel, &[], &keys, &content(&"а".repeat(1500))).unwrap()
        });
        let envelope = Envelope::read(&sealed).unwrap();
        texts.extend_from_slice(envelope.body);
        slots.extend_from_slice(envelope.slots);
    }
    assert!(chi(&texts) < 347.0, "{}", chi(&texts));
    // One byte in 1,168 of a slot, the last of an X25519 key, never has its highest bit.
    let rest: Vec<u8> = slots
        .chunks(SLOT)
        .flat_map(|slot| {
            slot.iter().enumerate().filter(|(at, _)| *at != 1119).map(|(_, byte)| *byte)
        })
        .collect();
    assert!(chi(&rest) < 347.0, "{}", chi(&rest));

    let (mut known, mut unknown) = (Vec::new(), Vec::new());
    for number in 0..30_u8 {
        let once = Once { reply: [number + 1; 32], challenge: [0; 32] };
        let bytes = once.poll(&sign_key(1), 0, &[0; 16]).bytes([0; 8]);
        let request = Request::read(&bytes).unwrap();
        known.extend(request.answer(Status::Done, &[0; 3]).unwrap());
        unknown.extend(with(&format!("silence {number}"), |r| request.silence(r).unwrap()));
    }
    assert_eq!(known.len(), unknown.len());
    assert_eq!(known.len(), 30 * Asked::Poll.answer());
    assert!(chi(&known) < 347.0, "{}", chi(&known));
    assert!(chi(&unknown) < 347.0, "{}", chi(&unknown));
}

#[test]
fn a6_real_slots_and_dummies_cannot_be_told_apart_by_place_or_bytes() {
    let directory = directory();
    let channel = directory.channel("astana", TODAY).unwrap();
    let keys = reporter();
    let secrets: Vec<_> = [4, 5, 6].into_iter().flat_map(|id| boxes(id)[..1].to_vec()).collect();
    let mut rows: Vec<(bool, usize, Vec<u8>)> = Vec::new();
    for number in 0..120 {
        let sealed = with(&format!("slots {number}"), |random| {
            let draft = Draft::new(random, Kind::Report).unwrap();
            draft.seal(random, &channel, &[], &keys, &content("text")).unwrap()
        });
        let head: [u8; HEAD] = sealed[..HEAD].try_into().unwrap();
        let info = [b"TRUST-1|slot|\x06astana".as_slice(), &head].concat();
        let envelope = Envelope::read(&sealed).unwrap();
        for (place, slot) in envelope.slots.chunks(SLOT).enumerate() {
            let real = secrets.iter().any(|secret| secret.open(&info, slot).is_ok());
            rows.push((real, place, slot.to_vec()));
        }
    }
    assert_eq!(rows.iter().filter(|(real, ..)| *real).count(), 120 * 3);
    // A place is real in 45 of 120 reports, give or take four deviations.
    for place in 0..8 {
        let here = rows.iter().filter(|(real, at, _)| *real && *at == place).count();
        assert!((24..=66).contains(&here), "place {place}: {here}");
    }
    // A nearest-mean classifier trained on one half is no better than chance on the other: at
    // most 55 % when both kinds weigh the same.
    let (train, test) = rows.split_at(rows.len() / 2);
    let mean = |kind: bool| -> Vec<f64> {
        let of: Vec<&Vec<u8>> =
            train.iter().filter(|(real, ..)| *real == kind).map(|(.., b)| b).collect();
        (0..SLOT)
            .map(|at| of.iter().map(|b| f64::from(b[at])).sum::<f64>() / of.len() as f64)
            .collect()
    };
    let (real, dummy) = (mean(true), mean(false));
    let far = |slot: &[u8], mean: &[f64]| -> f64 {
        slot.iter().zip(mean).map(|(byte, mean)| (f64::from(*byte) - mean).powi(2)).sum()
    };
    let share = |kind: bool| {
        let of: Vec<_> = test.iter().filter(|(real, ..)| *real == kind).collect();
        let right = of.iter().filter(|(.., slot)| (far(slot, &real) < far(slot, &dummy)) == kind);
        right.count() as f64 / of.len() as f64
    };
    let balanced = (share(true) + share(false)) / 2.0;
    assert!(balanced <= 0.55, "{balanced}");
}
