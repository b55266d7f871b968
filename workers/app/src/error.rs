//! The two ways in which a request ends badly.

use domain::shared::refusal::Refusal;

/// A fault of ours: logged with its text, answered with a plain 500 that says nothing of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault(String);

impl Fault {
    /// A fault; the text is for the log only and holds no personal data.
    pub fn new(text: impl Into<String>) -> Fault {
        Fault(text.into())
    }

    /// The text for the log.
    pub fn text(&self) -> &str {
        &self.0
    }
}

/// Why a handler has no answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Error {
    /// The person asked for what cannot be done.
    Refusal(Refusal),
    /// We failed.
    Fault(Fault),
}

impl From<Refusal> for Error {
    fn from(refusal: Refusal) -> Error {
        Error::Refusal(refusal)
    }
}

impl From<Fault> for Error {
    fn from(fault: Fault) -> Error {
        Error::Fault(fault)
    }
}
