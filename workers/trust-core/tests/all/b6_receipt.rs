use trust_core::{
    keys::{LANES, MEMORY_KIB, PASSES},
    receipt::{DIGITS, Receipt, Wrong},
};

use crate::world::{Stream, receipt};
use trust_core::Random;

fn digits(receipt: &Receipt) -> [u8; DIGITS] {
    receipt.ascii().map(|digit| digit - b'0')
}

fn text(digits: &[u8]) -> String {
    digits.iter().map(|digit| char::from(digit + b'0')).collect()
}

#[test]
fn b6_a_million_digits_of_receipts_are_uniform() {
    let mut stream = Stream::new("b6");
    let mut fill = |out: &mut [u8]| stream.fill(out);
    let mut random = Random::new(&mut fill);
    let mut counts = [[0_u32; 10]; DIGITS];
    let receipts = 1_000_000 / DIGITS + 1;
    for _ in 0..receipts {
        for (place, digit) in digits(&Receipt::new(&mut random).unwrap()).into_iter().enumerate() {
            counts[place][usize::from(digit)] += 1;
        }
    }
    let expected = receipts as f64 / 10.0;
    for (place, row) in counts.iter().enumerate() {
        let chi: f64 = row.iter().map(|n| (f64::from(*n) - expected).powi(2) / expected).sum();
        // Nine degrees of freedom: 33.7 is p = 0.0001. The stream is fixed, so is the outcome.
        assert!(chi < 33.7, "place {place}: {chi}");
    }
}

#[test]
fn b6_the_check_digit_catches_every_wrong_digit_and_every_swap_of_neighbours() {
    for name in ["a", "b", "c", "d"] {
        let good = digits(&receipt(name));
        assert!(Receipt::parse(&text(&good)).is_ok());
        for place in 0..DIGITS {
            for digit in (0..10).filter(|digit| *digit != good[place]) {
                let mut wrong = good;
                wrong[place] = digit;
                assert_eq!(Receipt::parse(&text(&wrong)).err(), Some(Wrong::Check));
            }
        }
        for place in (1..DIGITS).filter(|place| good[*place] != good[place - 1]) {
            let mut wrong = good;
            wrong.swap(place, place - 1);
            assert_eq!(Receipt::parse(&text(&wrong)).err(), Some(Wrong::Check));
        }
    }
}

#[test]
fn b6_a_receipt_is_read_however_it_is_typed() {
    let good = receipt("typed");
    let shown = good.shown();
    assert_eq!(shown.len(), 29);
    let full = |zero: char| -> String {
        shown
            .chars()
            .map(|c| c.to_digit(10).map_or(c, |d| char::from_u32(zero as u32 + d).unwrap()))
            .collect()
    };
    for typed in [
        shown.clone(),
        shown.replace(' ', ""),
        shown.replace(' ', "\u{a0}"),
        shown.replace(' ', "-"),
        shown.replace(' ', "\u{202f}–\u{200b}"),
        format!("\u{feff}  {shown}\r\n"),
        full('\u{ff10}'),
        full('\u{660}'),
        full('\u{6f0}'),
        full('\u{1d7ce}'),
        shown.replace('0', "О").replace('1', "І").replace('3', "З").replace('8', "В"),
        shown.replace('0', "o").replace('1', "l").replace('6', "б").replace('4', "ч"),
    ] {
        assert_eq!(Receipt::parse(&typed).as_ref(), Ok(&good), "{typed:?}");
    }
}

#[test]
fn b6_what_is_no_receipt_says_why() {
    for (typed, wrong) in [
        ("", Wrong::Length(0)),
        ("1234", Wrong::Length(4)),
        (&"1".repeat(25), Wrong::Length(25)),
        (&"1".repeat(100_000), Wrong::Length(100_000)),
        ("1234 мұғалім", Wrong::Letter),
        ("\0", Wrong::Letter),
        ("½", Wrong::Letter),
        ("111111111111111111111111", Wrong::Check),
    ] {
        assert_eq!(Receipt::parse(typed).err(), Some(wrong), "{}", typed.len());
    }
    assert_eq!(format!("{:?}", receipt("secret")), "Receipt");
}

#[test]
fn b6_argon2_has_the_parameters_of_the_design() {
    assert_eq!((MEMORY_KIB, PASSES, LANES), (19 * 1024, 2, 1));
}
