//! What every feature uses: identifiers, languages, time, refusals, SQL as data.

pub mod id;
pub mod lang;
pub mod locale;
pub mod number;
pub mod refusal;
pub mod statement;
pub mod time;
