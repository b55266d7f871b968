//! The service desk: what users write to it, when an answer is due, what may happen to a ticket.

pub mod api;
pub mod rules;
pub mod sql;
pub mod work;
