//! People, accounts, roles with scope, permissions, signing in.

pub mod actor;
pub mod api;
pub mod common;
pub mod contact;
pub mod device;
pub mod grant;
pub mod passkey;
pub mod permission;
pub mod role;
pub mod sign_in;
pub mod sql;
