//! The cabinets under /app.
