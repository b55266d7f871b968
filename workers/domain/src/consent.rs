//! Consents to the processing of personal data: the texts with their versions, what was given and
//! withdrawn. Source: Act of 21 May 2013 No 94-V on personal data and their protection, articles
//! 7 and 8.

pub mod api;
pub mod sql;
pub mod text;

pub use sql::{demand, has};
