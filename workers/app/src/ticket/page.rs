//! The public pages of the service desk: writing to it, and the page of a ticket, whose address
//! is the key to it.

use domain::shared::locale::{FEEDBACK, Table};

use crate::{cx::Cx, http::Request, route, routes::Route, session};

mod figures;
mod form;
mod one;
mod shot;

/// Routes of this feature.
pub const ROUTES: &[Route] = &[
    route!(Get "/{lang}/feedback", Public, Page, form::show),
    route!(Post "/{lang}/feedback", Public, Page, form::send),
    route!(Get "/{lang}/feedback/{number}/{key}", Public, Page, one::ticket),
    route!(Post "/{lang}/feedback/{number}/{key}", Public, Page, one::answer),
    route!(Get "/api/v1/feedback/figures", Public, Api, figures::public_figures),
];

/// Texts of these pages.
const T: &Table = &FEEDBACK;

/// Who sends the request, if somebody is signed in. A broken or old cookie is a guest.
async fn who(cx: &Cx<'_>, request: &Request) -> Option<domain::account::actor::Actor> {
    session::actor(cx.ports, request).await.ok().flatten()
}
