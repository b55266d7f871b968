//! The API of the staff cabinet, `/api/v1/cabinet/…`: a file per thing.

pub mod accounts;
pub mod calendar;
pub mod contacts;
pub mod directory_items;
pub mod journal;
pub mod kato;
pub mod keys;
pub mod me;
pub mod my;
pub mod organisations;
pub mod passkeys;
pub mod records;
pub mod reference;
pub mod templates;
pub mod vacancies;
