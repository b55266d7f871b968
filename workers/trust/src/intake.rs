//! Challenges: what a request costs and that it is made once. Lives in the memory of one object
//! (the durable object `Intake`) and nowhere else: no list of who asked when is ever written. When
//! the object goes, its key goes, and challenges that were not used are simply no longer good.

use std::collections::BTreeSet;

use trust_core::{
    symmetric::derive,
    work::{Bits, CHALLENGE},
};

use crate::rules::Price;

/// Milliseconds of an epoch. A challenge is good in its own and the next.
const EPOCH: i64 = 600_000;
/// Most challenges remembered as used in an epoch; beyond, nothing more is taken until the next.
const MOST: usize = 400_000;

/// What a challenge was used for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Use {
    /// Asking.
    Ask,
    /// Handing in.
    Send,
}

/// One epoch.
#[derive(Default)]
struct Epoch {
    number: i64,
    sent: u32,
    asked: u32,
    used: BTreeSet<[u8; 12]>,
}

/// The state.
pub struct Intake {
    key: [u8; 32],
    now: Epoch,
    before: Epoch,
    send: Price,
    ask: Price,
}

impl Intake {
    /// With a key that was never used.
    pub fn new(key: [u8; 32], send: Price, ask: Price) -> Intake {
        Intake { key, now: Epoch::default(), before: Epoch::default(), send, ask }
    }

    /// A challenge: the bits it asks for, the epoch, 12 random bytes, a code of authenticity.
    pub fn challenge(&mut self, now: i64, random: [u8; 12]) -> [u8; CHALLENGE] {
        self.turn(now);
        let mut out = [0; CHALLENGE];
        out[0] = self.send.at(self.now.sent.max(self.before.sent));
        out[1] = self.ask.at(self.now.asked.max(self.before.asked));
        out[2..4].copy_from_slice(&(self.now.number as u16).to_be_bytes());
        out[4..16].copy_from_slice(&random);
        let code = self.code(&out);
        out[16..].copy_from_slice(&code);
        out
    }

    /// Uses a challenge up. False if it is too old, was used, or is not from here.
    pub fn spend(&mut self, now: i64, challenge: &[u8; CHALLENGE], what: Use) -> bool {
        self.turn(now);
        let random: [u8; 12] = core::array::from_fn(|at| challenge[4 + at]);
        let number = u16::from_be_bytes([challenge[2], challenge[3]]);
        let epoch = [&mut self.now, &mut self.before]
            .into_iter()
            .find(|epoch| epoch.number as u16 == number);
        let good = epoch
            .is_some_and(|epoch| epoch.used.len() < MOST && !epoch.used.contains(&random))
            && challenge[16..] == self.code(challenge);
        if good {
            let used =
                if self.now.number as u16 == number { &mut self.now } else { &mut self.before };
            used.used.insert(random);
            match what {
                Use::Ask => self.now.asked = self.now.asked.saturating_add(1),
                Use::Send => self.now.sent = self.now.sent.saturating_add(1),
            }
        }
        good
    }

    fn turn(&mut self, now: i64) {
        let number = now.div_euclid(EPOCH);
        if number <= self.now.number {
            return;
        }
        let last = core::mem::take(&mut self.now);
        self.before = if last.number + 1 == number {
            last
        } else {
            Epoch { number: number - 1, ..Epoch::default() }
        };
        self.now.number = number;
    }

    fn code(&self, challenge: &[u8; CHALLENGE]) -> [u8; 16] {
        let code = derive(&self.key, "challenge", &challenge[..16]);
        core::array::from_fn(|at| code[at])
    }
}

/// The bits that a challenge asks of a use.
pub fn bits(challenge: &[u8; CHALLENGE], what: Use) -> u8 {
    let bits = Bits::of(challenge);
    if what == Use::Send { bits.send } else { bits.ask }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINUTE: i64 = 60_000;

    fn intake() -> Intake {
        let price = Price { bits: 4, most: 8, calm: 3 };
        Intake::new([7; 32], price, Price { calm: 100, ..price })
    }

    #[test]
    fn c3_a_challenge_is_good_once_and_for_its_epoch_and_the_next() {
        let mut intake = intake();
        let start = 1_000 * EPOCH;
        let challenge = intake.challenge(start, [1; 12]);
        assert!(intake.spend(start + 9 * MINUTE, &challenge, Use::Ask));
        assert!(!intake.spend(start + 9 * MINUTE, &challenge, Use::Ask));
        let challenge = intake.challenge(start + 9 * MINUTE, [2; 12]);
        assert!(intake.spend(start + 19 * MINUTE, &challenge, Use::Ask));
        assert!(!intake.spend(start + 19 * MINUTE, &challenge, Use::Send));
        let challenge = intake.challenge(start + 19 * MINUTE, [3; 12]);
        assert!(!intake.spend(start + 30 * MINUTE, &challenge, Use::Ask));
        // A quiet night in between changes nothing.
        assert!(!intake.spend(start + 600 * MINUTE, &challenge, Use::Ask));
    }

    #[test]
    fn c3_a_challenge_that_was_changed_or_is_from_another_life_is_refused() {
        let mut intake = intake();
        let challenge = intake.challenge(EPOCH * 5, [1; 12]);
        for at in 0..CHALLENGE {
            let mut changed = challenge;
            changed[at] ^= 1;
            assert!(!intake.spend(EPOCH * 5, &changed, Use::Send), "{at}");
        }
        let price = Price { bits: 4, most: 8, calm: 3 };
        assert!(!Intake::new([8; 32], price, price).spend(EPOCH * 5, &challenge, Use::Send));
        assert!(!intake.spend(EPOCH * 5, &[0; CHALLENGE], Use::Send));
        assert!(intake.spend(EPOCH * 5, &challenge, Use::Send));
    }

    #[test]
    fn c2_the_work_rises_with_the_load_of_all_and_falls_after_it() {
        let mut intake = intake();
        let now = EPOCH * 9;
        for number in 0..48_u8 {
            let challenge = intake.challenge(now, [number; 12]);
            assert!(intake.spend(now, &challenge, Use::Send));
        }
        let busy = intake.challenge(now, [99; 12]);
        // 48 where 3 are calm: four doublings and the first. Asking costs what it did.
        assert_eq!((bits(&busy, Use::Send), bits(&busy, Use::Ask)), (8, 4));
        assert_eq!(bits(&intake.challenge(now + EPOCH, [1; 12]), Use::Send), 8);
        assert_eq!(bits(&intake.challenge(now + 2 * EPOCH, [1; 12]), Use::Send), 4);
    }
}
