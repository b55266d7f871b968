//! Import of a school's or a district's own list of vacancies, as people keep it.
//!
//! The way of a file: the application reads it into a [`cell::Table`]; [`headers`] finds the
//! headings; [`rows`] reads every row as a whole; [`complete`] adds what a list never says;
//! [`plan`] compares with earlier imports; [`sql`] writes in batches.

pub mod api;
pub mod cell;
pub mod complete;
mod days;
pub mod headers;
mod names;
pub mod organisations;
pub mod plan;
pub mod report;
pub mod rows;
pub mod sql;
pub mod tables;
mod texts;
mod values;
mod words;
