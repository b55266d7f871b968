//! A draft is mirrored in the browser from the first letter to the server's "saved": a closed
//! tab, a dead battery or a lost connection takes nothing away.

use crate::api::wire::{read, reads, writes};
use domain::{shared::time::Timestamp, vacancy::model::Content};

reads! { Mirror { version, base, mine, at } }
writes! { Mirror { version, base, mine, at } }

/// What is kept of an announcement that is being written.
#[derive(Debug, Clone, PartialEq)]
pub struct Mirror {
    /// The version of the server on which it was written.
    pub version: i64,
    /// The announcement as that version had it.
    pub base: Content,
    /// The announcement as it was typed.
    pub mine: Content,
    /// When it was last changed.
    pub at: Timestamp,
}

/// How to open an announcement of which something may have been kept.
#[derive(Debug, Clone, PartialEq)]
pub enum Opening {
    /// Nothing was kept, or the server has it all.
    Clean,
    /// What was typed goes on.
    Restored(Box<Mirror>),
    /// Somebody saved meanwhile: both versions are shown.
    Conflict(Box<Mirror>),
}

/// Decides how to open. Something unreadable (an older app) counts as nothing.
pub fn open(kept: Option<&str>, version: i64, server: &Content) -> Opening {
    let Some(mirror) = kept.and_then(read::<Mirror>) else {
        return Opening::Clean;
    };
    if mirror.mine == *server || mirror.mine == mirror.base {
        Opening::Clean
    } else if mirror.version == version {
        Opening::Restored(Box::new(mirror))
    } else {
        Opening::Conflict(Box::new(mirror))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn content(name: &str) -> Content {
        Content { contact_name: name.into(), ..Content::default() }
    }

    fn kept(version: i64, base: &str, mine: &str) -> String {
        let at = Timestamp::from_millis(0);
        let mirror = Mirror { version, base: content(base), mine: content(mine), at };
        crate::json::write(&crate::api::wire::ToJson::to_json(&mirror))
    }

    #[test]
    fn what_was_typed_is_found_again() {
        let mine = kept(3, "a", "b");
        assert!(
            matches!(open(Some(&mine), 3, &content("a")), Opening::Restored(m) if m.mine == content("b"))
        );
        assert!(matches!(open(Some(&mine), 4, &content("c")), Opening::Conflict(_)));
    }

    #[test]
    fn what_the_server_has_is_not_asked_about_again() {
        assert_eq!(open(Some(&kept(3, "a", "b")), 4, &content("b")), Opening::Clean);
        assert_eq!(open(Some(&kept(3, "a", "a")), 4, &content("b")), Opening::Clean);
        assert_eq!(open(Some("{}"), 1, &content("b")), Opening::Clean);
        assert_eq!(open(None, 1, &content("b")), Opening::Clean);
    }
}
