//! Imports of files: a list of vacancies, the classifier of places, a calendar.

pub mod sheet;
mod tables;
mod vacancies;
pub mod workbook;

use domain::{
    import::api::Mode,
    shared::refusal::{Check, Refusal},
};

use crate::{http::Request, route, routes::Route};

/// Routes of this feature.
pub const ROUTES: &[Route] = &[
    route!(Post "/api/v1/cabinet/import/vacancies", May(VacancyImport), Cabinet, vacancies::post),
    route!(Post "/api/v1/cabinet/import/kato", May(DirectoryEdit), Cabinet, tables::post_kato),
    route!(Post "/api/v1/cabinet/import/calendar", May(DirectoryEdit), Cabinet, tables::post_calendar),
];

/// The mode that the address asks for; a preview where it says nothing.
fn mode_of(request: &Request) -> Result<Mode, Refusal> {
    let asked = request.query_pairs().into_iter().find(|(name, _)| name == "mode");
    match asked {
        None => Ok(Mode::Check),
        Some((_, text)) => Mode::parse(&text).ok_or_else(|| {
            let mut check = Check::default();
            check.wrong("mode", "unknown");
            Refusal::fields(check.0)
        }),
    }
}
