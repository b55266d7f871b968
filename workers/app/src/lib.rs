//! The application over ports: a file per feature that parses, loads, decides, saves and renders.
//! It names no runtime: the edge gives it ports, the native tests give it others.

pub mod alerts;
pub mod analysis;
pub mod application;
pub mod bank;
pub mod cabinet;
pub mod cx;
pub mod enter;
pub mod entry;
pub mod error;
pub mod exam;
pub mod facts;
pub mod feeds;
pub mod file;
pub mod headers;
pub mod health;
pub mod http;
pub mod import;
pub mod notice;
pub mod outbox;
pub mod ports;
pub mod public_api;
pub mod routes;
pub mod save;
pub mod search;
pub mod secret;
pub mod session;
pub mod sign_in;
pub mod sweep;
pub mod ticket;
pub mod web;
