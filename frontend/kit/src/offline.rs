//! Working without a connection: what was last seen is shown, what is written waits in a queue
//! and is sent later, a new version of the app is taken when the person agrees.

pub mod build;
pub mod differ;
pub mod files;
pub mod outbox;
pub mod queue;
pub mod store;
pub mod view;

use crate::browser;

/// Whose answers are kept on this device.
const OWNER: &str = "mansap.owner";

/// Whether what was seen last may be shown: not while it is unsure who is signed in.
pub fn known_person() -> bool {
    browser::kept(OWNER).is_some()
}

/// The session is over; who comes next is unsure.
pub fn unsure() {
    browser::forget(OWNER);
}

/// The server has said who is signed in. Answers that somebody else has seen are forgotten.
pub async fn person_is(login: &str) {
    const LAST: &str = "mansap.last";
    if browser::kept(LAST).is_some_and(|last| last != login) {
        store::forget_answers().await;
        store::tell("person");
    }
    browser::keep(LAST, login);
    browser::keep(OWNER, login);
}

/// The person signs out: nothing private stays on this device.
pub async fn leave() {
    browser::forget("mansap.last");
    browser::forget("mansap.arrived");
    unsure();
    store::wipe().await;
}
