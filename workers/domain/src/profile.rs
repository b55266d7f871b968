//! A person's own data: the card of the person, the typed records of the profile (portfolio),
//! experience counted from them, what is missing and what expires, who looked, what was saved,
//! taking all of it along and having it deleted.

pub mod access;
pub mod api;
pub mod card;
pub mod check;
pub mod choices;
pub mod experience;
pub mod item;
pub mod kind;
pub mod meter;
pub mod personal;
pub mod record;
pub mod settings;
pub mod sql;
