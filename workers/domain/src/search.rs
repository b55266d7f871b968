//! Finding vacancies: the query and its address, the index, the answers.

pub mod api;
