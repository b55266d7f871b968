//! The public side as rules: which language, which address, what the reader may see, and the
//! machine-readable forms of a vacancy (JobPosting, calendar).

pub mod language;
pub mod site;
