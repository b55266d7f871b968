//! The public side as rules: which language, which address, what the reader may see, and the
//! machine-readable forms of a vacancy (JobPosting, calendar).

pub mod job;
pub mod language;
pub mod names;
pub mod read;
pub mod site;
pub mod sql;
