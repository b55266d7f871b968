//! The portal worker.
