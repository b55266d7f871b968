//! The rules of Mansap, pure: a folder per feature, no I/O, no clock, no randomness.
//! Time and random bytes are arguments; SQL is data ([`shared::statement`]).

pub mod account;
pub mod analysis;
pub mod application;
pub mod bank;
pub mod catalog;
pub mod consent;
pub mod directory;
pub mod exam;
pub mod file;
pub mod import;
pub mod job;
pub mod journal;
pub mod notice;
pub mod organisation;
pub mod profile;
pub mod rule;
pub mod search;
pub mod shared;
pub mod ticket;
pub mod vacancy;
