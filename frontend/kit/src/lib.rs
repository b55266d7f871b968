//! What the cabinets share. Each cabinet is a thin program of its own (`applicant`, `staff`,
//! `administration`): nobody loads pages that they never see, and what stands here is the same in
//! all of them.

pub mod api;
pub mod bank;
pub mod browser;
pub mod dom;
pub mod form;
pub mod json;
pub mod kept;
pub mod nav;
pub mod offline;
pub mod pages;
pub mod plain;
pub mod profile;
pub mod reactive;
pub mod router;
pub mod seek;
pub mod shell;
pub mod state;
pub mod testing;
pub mod text;
pub mod ui;
pub mod vacancy;
