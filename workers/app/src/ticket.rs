//! The service desk: messages of guests and users, their pages, the desk's queue.

pub mod desk;
pub mod my;
pub mod page;
mod write;

pub use write::sweep;
