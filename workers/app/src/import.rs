//! Imports of files: a list of vacancies, the classifier of places, a calendar.

pub mod sheet;
