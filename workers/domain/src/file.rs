//! Files that people hand in: what is allowed, what a file is by its content, who may open it.
//!
//! A file is received whole or not at all, looked at (head and tail by the portal, all of it by
//! the worker `dispatch`), scanned, and only then seen by anybody but the person who sent it.

pub mod api;
pub mod look;
pub mod name;
pub mod rules;
pub mod sql;
pub mod sweep;
pub mod zip;

use serde::{Deserialize, Serialize};

/// Where a file is on its way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// Parts are still coming.
    Uploading,
    /// It is here and waits for the check; the person who sent it can open it.
    Pending,
    /// Checked: those with a right to it can open it.
    Clean,
    /// The scanner found something; the content is gone.
    Infected,
    /// Its structure is not what it must be; the content is gone.
    Refused,
    /// A development machine without a scanner: usable there and nowhere else.
    Unscanned,
}

impl State {
    /// All states.
    pub const ALL: [State; 6] = [
        State::Uploading,
        State::Pending,
        State::Clean,
        State::Infected,
        State::Refused,
        State::Unscanned,
    ];

    /// The code in the database and in answers.
    pub const fn code(self) -> &'static str {
        match self {
            State::Uploading => "uploading",
            State::Pending => "pending",
            State::Clean => "clean",
            State::Infected => "infected",
            State::Refused => "refused",
            State::Unscanned => "unscanned",
        }
    }

    /// From the code.
    pub fn parse(code: &str) -> Option<State> {
        State::ALL.into_iter().find(|state| state.code() == code)
    }

    /// Whether the content is in the store.
    pub const fn stored(self) -> bool {
        matches!(self, State::Pending | State::Clean | State::Unscanned)
    }
}

/// Whether a record (of the profile, of an application) may name a file in this state. A file that
/// waits for its scan may be named: a scanner that is down must not keep anybody from handing in
/// on the last day. Whether others can *open* it is another question: [`openable`].
pub const fn usable(state: State) -> bool {
    state.stored()
}

/// Whether somebody other than the person who sent it may open a file. `dev` is the flag of a
/// development machine, the only place where a file that nobody scanned can be opened.
pub const fn openable(state: State, dev: bool) -> bool {
    match state {
        State::Clean => true,
        State::Unscanned => dev,
        State::Uploading | State::Pending | State::Infected | State::Refused => false,
    }
}

/// What a file is, decided by its content.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum FileKind {
    /// PDF.
    Pdf,
    /// JPEG.
    Jpeg,
    /// PNG.
    Png,
    /// A Word document without macros.
    Docx,
    /// An Excel workbook without macros.
    Xlsx,
    /// MPEG-4 video.
    Mp4,
}

impl FileKind {
    /// All kinds.
    pub const ALL: [FileKind; 6] = [
        FileKind::Pdf,
        FileKind::Jpeg,
        FileKind::Png,
        FileKind::Docx,
        FileKind::Xlsx,
        FileKind::Mp4,
    ];

    /// The code, which is also the ending that a stored name gets (`jpeg` becomes `jpg`).
    pub const fn code(self) -> &'static str {
        match self {
            FileKind::Pdf => "pdf",
            FileKind::Jpeg => "jpeg",
            FileKind::Png => "png",
            FileKind::Docx => "docx",
            FileKind::Xlsx => "xlsx",
            FileKind::Mp4 => "mp4",
        }
    }

    /// From the code.
    pub fn parse(code: &str) -> Option<FileKind> {
        FileKind::ALL.into_iter().find(|kind| kind.code() == code)
    }

    /// Endings of names that fit; the first is the usual one.
    pub const fn endings(self) -> &'static [&'static str] {
        match self {
            FileKind::Pdf => &["pdf"],
            FileKind::Jpeg => &["jpg", "jpeg", "jpe", "jfif"],
            FileKind::Png => &["png"],
            FileKind::Docx => &["docx"],
            FileKind::Xlsx => &["xlsx"],
            FileKind::Mp4 => &["mp4", "m4v", "mov"],
        }
    }

    /// The media type with which it is sent out.
    pub const fn media_type(self) -> &'static str {
        match self {
            FileKind::Pdf => "application/pdf",
            FileKind::Jpeg => "image/jpeg",
            FileKind::Png => "image/png",
            FileKind::Docx => {
                "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
            }
            FileKind::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            FileKind::Mp4 => "video/mp4",
        }
    }

    /// The name for a person: the same in all languages.
    pub const fn name(self) -> &'static str {
        match self {
            FileKind::Pdf => "PDF",
            FileKind::Jpeg => "JPEG",
            FileKind::Png => "PNG",
            FileKind::Docx => "DOCX",
            FileKind::Xlsx => "XLSX",
            FileKind::Mp4 => "MP4",
        }
    }

    /// Whether smaller copies of it are made.
    pub const fn picture(self) -> bool {
        matches!(self, FileKind::Jpeg | FileKind::Png)
    }
}

/// The topic of the outbox that says that a file waits for its check; the key is its identifier.
pub const RECEIVED: &str = "file.received";
/// The kind of the queue's job that checks a file.
pub const JOB: &str = "file";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_else_opens_what_was_not_checked() {
        for state in State::ALL {
            assert_eq!(State::parse(state.code()), Some(state));
            assert_eq!(openable(state, false), state == State::Clean, "{state:?}");
            // Everything that can be opened can be named; what is gone cannot be either.
            assert!(!openable(state, true) || usable(state), "{state:?}");
        }
        assert!(openable(State::Unscanned, true) && usable(State::Pending));
        for kind in FileKind::ALL {
            assert_eq!(FileKind::parse(kind.code()), Some(kind));
        }
    }
}
