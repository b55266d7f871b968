//! Applications: what a person sends for a vacancy, who acts on it, and what becomes of it.

pub mod api;
pub mod check;
pub mod content;
pub mod model;
pub mod rules;
pub mod score;
pub mod sql;
pub mod tasks;
pub mod timeline;
