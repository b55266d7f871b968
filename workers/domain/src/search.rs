//! Finding vacancies: the query and its address, the index, the answers.

pub mod api;
pub mod cursor;
pub mod filter;
pub mod geo;
pub mod index;
pub mod named;
pub mod query;
pub mod related;
pub mod spelling;
pub mod sql;
pub mod text;
pub mod token;
