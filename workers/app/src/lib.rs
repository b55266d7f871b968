//! The application over ports.
