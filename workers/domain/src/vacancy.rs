//! Vacancies: what they are, what may be done with them and when.

pub mod api;
pub mod content;
pub mod language;
pub mod model;
pub mod period;
pub mod rules;
pub mod sql;
pub mod title;
