//! Pages that every cabinet has.

pub mod security;
pub mod unknown;
