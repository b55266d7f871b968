//! The public side: pages of plain HTML that work with scripts off. There is no script at all:
//! the policy of the pages can forbid them, and nothing is lost (a link is copied by one tap on
//! its text, facets are a form).

pub mod account;
pub mod address;
pub mod assets;
pub mod card;
pub mod data;
pub mod enter;
pub mod error_page;
pub mod facts;
pub mod help;
pub mod home;
pub mod list;
pub mod organisation;
pub mod organisations;
pub mod page;
pub mod qr;
mod trail;
pub mod vacancy;
pub mod words;

pub use account::{AccountForm, DemoAccount, activation_page, code_page, sign_in_page};
pub use error_page::{Failure, error_page};
pub use vacancy::{View, render_vacancy};

use crate::{route, routes::Route};

/// Routes of this feature.
pub const ROUTES: &[Route] = &[
    route!(Get "/", Public, Page, address::root),
    route!(Get "/lang/{code}", Public, Page, address::switch),
    route!(Get "/assets/{name}", Public, Page, assets::asset),
    route!(Get "/favicon.ico", Public, Page, assets::favicon),
    route!(Get "/.well-known/security.txt", Public, Page, assets::security),
    route!(Get "/{lang}/", Public, Page, home::page),
    route!(Get "/{lang}/vacancies", Public, Page, list::all),
    route!(Get "/{lang}/vacancies/region/{code}", Public, Page, list::region),
    route!(Get "/{lang}/vacancies/district/{code}", Public, Page, list::district),
    route!(Get "/{lang}/vacancies/subject/{code}", Public, Page, list::subject),
    route!(Get "/{lang}/vacancies/position/{code}", Public, Page, list::position),
    route!(Get "/{lang}/organisations", Public, Page, organisations::all),
    route!(Get "/{lang}/organisations/{slug}", Public, Page, organisation::one),
    route!(Get "/{lang}/vacancies/{slug}", Public, Page, vacancy::page),
    route!(Get "/{lang}/vacancies/{slug}/deadline.ics", Public, Page, vacancy::calendar),
    route!(Get "/{lang}/vacancies/{slug}/card.svg", Public, Page, vacancy::card),
    route!(Get "/{lang}/preview/{id}", May(VacancyRead), Page, vacancy::preview),
    route!(Get "/{lang}/help", Public, Page, help::index),
    route!(Get "/{lang}/help/{article}", Public, Page, help::article),
];
