//! Texts that are kept in the browser until the server has them.

use crate::{browser, state::app};

/// Keys of mirrored drafts begin with this.
pub const PREFIX: &str = "mansap.draft.";

/// Counts the drafts that the server does not have.
pub fn count_unsaved() {
    let count = browser::kept_keys().iter().filter(|key| key.starts_with(PREFIX)).count();
    if app().unsaved.get_untracked() != count {
        app().unsaved.set(count);
    }
}
