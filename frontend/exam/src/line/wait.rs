//! When something is tried again. A whole room loses its line in the same moment and gets it back in
//! the same moment, so each page waits by its own dice.

use super::{BACKOFF, NEXT, TOGETHER, ours};

/// Milliseconds for a number of seconds on the average: from half of them to one and a half, by a
/// number from 0 up to 1.
fn around(seconds: i64, dice: f64) -> i64 {
    let ms = seconds * 1000;
    ms / 2 + (ms as f64 * dice) as i64
}

/// Waits about so many seconds.
pub(super) fn about(seconds: i64) {
    NEXT.set(ours() + around(seconds, js_sys::Math::random()));
}

/// Waits after a failure, longer after each.
pub(super) fn after_failure(fails: u32) {
    about(BACKOFF[(fails as usize).min(BACKOFF.len() - 1)]);
}

/// The device says that the line is back; so do all others of the room.
pub(super) fn back() {
    NEXT.set(ours() + (js_sys::Math::random() * (TOGETHER * 1000) as f64) as i64);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everybody_waits_for_a_time_of_their_own() {
        assert_eq!((around(2, 0.0), around(2, 0.5), around(2, 0.999)), (1000, 2000, 2998));
        assert_eq!(around(16, 0.25), 12_000);
    }
}
