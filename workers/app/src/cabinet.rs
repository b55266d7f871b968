//! The API of the staff cabinet, `/api/v1/cabinet/…`: a file per thing.

pub mod accounts;
pub mod journal;
pub mod me;
pub mod organisations;
pub mod reference;
pub mod templates;
pub mod vacancies;
