//! What every feature uses: identifiers, languages, time, refusals, SQL as data.

pub mod alphabet;
pub mod bin;
pub mod calendar;
pub mod clean;
pub mod fold;
pub mod format;
pub mod id;
pub mod iin;
pub mod lang;
pub mod locale;
pub mod multipart;
pub mod number;
pub mod phone;
pub mod refusal;
pub mod row;
pub mod spoken;
pub mod statement;
pub mod stem;
pub mod synonyms;
pub mod time;
pub mod translit;
