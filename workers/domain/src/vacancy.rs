//! Vacancies: what they are, what may be done with them and when.

pub mod api;
pub mod model;
