//! Import of a school's or a district's own list of vacancies, as people keep it.

pub mod api;
pub mod cell;
