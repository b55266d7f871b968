//! Applications: what a person sends for a vacancy, who acts on it, and what becomes of it.

pub mod api;
pub mod model;
