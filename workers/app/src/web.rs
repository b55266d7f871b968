//! The public side: pages of plain HTML that work with scripts off. There is no script at all:
//! the policy of the pages can forbid them, and nothing is lost (a link is copied by one tap on
//! its text, facets are a form).

pub mod account;
pub mod address;
pub mod assets;
pub mod card;
pub mod error_page;
pub mod help;
pub mod home;
pub mod page;
pub mod qr;

pub use account::{AccountForm, DemoAccount, activation_page, code_page, sign_in_page};
pub use error_page::{Failure, error_page};

use crate::{route, routes::Route};

/// Routes of this feature.
pub const ROUTES: &[Route] = &[
    route!(Get "/", Public, Page, address::root),
    route!(Get "/lang/{code}", Public, Page, address::switch),
    route!(Get "/assets/{name}", Public, Page, assets::asset),
    route!(Get "/{lang}/", Public, Page, home::page),
    route!(Get "/{lang}/help", Public, Page, help::index),
    route!(Get "/{lang}/help/{article}", Public, Page, help::article),
];
