//! The table of routes. Routes are data: the dispatcher, the table of permissions, the OpenAPI
//! document and the test that tries every route with every role all read the same rows.

use domain::{
    account::permission::Permission,
    shared::refusal::{Kind, Refusal},
};

use crate::{
    cx::{Cx, params},
    error::{Error, Fault},
    http::{Method, Request, Response},
    ports::Local,
};

/// Who may call a route.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Everybody.
    Public,
    /// Anybody who is signed in.
    SignedIn,
    /// A person who holds the permission for some organisation; the handler checks which one.
    May(Permission),
}

/// What a route answers with; it decides headers, limits and the form of errors.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// A page or a file of the public side.
    Page,
    /// JSON of the public API: documented in OpenAPI.
    Api,
    /// JSON of the cabinet: cookies or an operator's key, posts only from our own pages.
    Cabinet,
}

/// A handler.
pub type Handler = for<'a> fn(&'a Cx<'a>, &'a Request) -> Local<'a, Result<Response, Error>>;

/// A row of the table.
#[derive(Clone, Copy)]
pub struct Route {
    /// Method.
    pub method: Method,
    /// Path with `{parameters}`.
    pub path: &'static str,
    /// Who.
    pub access: Access,
    /// What kind of answer.
    pub form: Form,
    /// The handler.
    pub handler: Handler,
}

/// A [`Route`]: `route!(Get "/healthz", Public, Page, health)`.
#[macro_export]
macro_rules! route {
    ($method:ident $path:literal, $access:expr, $form:ident, $handler:path) => {
        $crate::routes::Route {
            method: $crate::http::Method::$method,
            path: $path,
            access: {
                #[allow(unused_imports)]
                use domain::account::permission::Permission::*;
                #[allow(unused_imports)]
                use $crate::routes::Access::*;
                $access
            },
            form: $crate::routes::Form::$form,
            handler: |cx, request| ::std::boxed::Box::pin($handler(cx, request)),
        }
    };
}

/// What the worker `portal` answers, a slice a feature.
pub const PORTAL: &[&[Route]] = &[
    crate::alerts::ROUTES,
    crate::cabinet::journal::HEAD,
    crate::enter::ROUTES,
    crate::exam::certificate::ROUTES,
    crate::exam::draws::ROUTES,
    crate::feeds::ROUTES,
    crate::health::ROUTES,
    crate::public_api::ROUTES,
    crate::sign_in::ROUTES,
    crate::ticket::page::ROUTES,
    crate::web::ROUTES,
];

/// What the worker `office` answers, a slice a feature.
pub const OFFICE: &[&[Route]] = &[
    crate::analysis::ROUTES,
    crate::application::ROUTES,
    crate::bank::ROUTES,
    crate::cabinet::accounts::ROUTES,
    crate::cabinet::calendar::ROUTES,
    crate::cabinet::contacts::ROUTES,
    crate::cabinet::directory_items::ROUTES,
    crate::cabinet::journal::ROUTES,
    crate::cabinet::kato::ROUTES,
    crate::cabinet::keys::ROUTES,
    crate::cabinet::me::ROUTES,
    crate::cabinet::my::access::ROUTES,
    crate::cabinet::my::consents::ROUTES,
    crate::cabinet::my::deletion::ROUTES,
    crate::cabinet::my::export::ROUTES,
    crate::cabinet::my::overview::ROUTES,
    crate::cabinet::my::person::ROUTES,
    crate::cabinet::my::profile::ROUTES,
    crate::cabinet::my::saved::ROUTES,
    crate::cabinet::organisations::ROUTES,
    crate::cabinet::passkeys::ROUTES,
    crate::cabinet::records::ROUTES,
    crate::cabinet::reference::ROUTES,
    crate::cabinet::templates::ROUTES,
    crate::cabinet::vacancies::ROUTES,
    crate::exam::acts::ROUTES,
    crate::exam::appeals::ROUTES,
    crate::exam::applicants::ROUTES,
    crate::exam::doors::ROUTES,
    crate::exam::forms::ROUTES,
    crate::exam::mine::ROUTES,
    crate::exam::mine_page::ROUTES,
    crate::exam::paper::entry::ROUTES,
    crate::exam::paper::print::ROUTES,
    crate::exam::people::ROUTES,
    crate::exam::protocols::ROUTES,
    crate::exam::publish::ROUTES,
    crate::exam::room::ROUTES,
    crate::exam::rulings::ROUTES,
    crate::exam::sessions::ROUTES,
    crate::exam::terms::ROUTES,
    crate::file::ROUTES,
    crate::alerts::mine::ROUTES,
    crate::import::ROUTES,
    crate::notice::desk::ROUTES,
    crate::notice::inbox::ROUTES,
    crate::notice::journal::ROUTES,
    crate::notice::preferences::ROUTES,
    crate::ticket::desk::ROUTES,
    crate::ticket::my::ROUTES,
];

/// Whether a path is the office's: the portal hands such requests on.
pub fn is_office(path: &str) -> bool {
    path.starts_with("/api/v1/cabinet/")
        || path.starts_with("/files/")
        || path.starts_with("/exam-papers/")
        || path.trim_end_matches('/').ends_with("/my-data")
        || path.split('/').nth(2) == Some("my-tests")
}

/// All routes.
pub fn all() -> impl Iterator<Item = &'static Route> {
    [PORTAL, OFFICE].into_iter().flatten().flat_map(|table| table.iter())
}

/// The table, ready for look-ups. Built once an isolate.
pub struct Router {
    tree: matchit::Router<Vec<&'static Route>>,
}

/// A route that was found.
pub struct Found {
    /// The route.
    pub route: &'static Route,
    /// Parameters, decoded.
    pub params: Vec<(String, String)>,
}

impl Router {
    /// The tree of all routes: portal and office as one, as the native tests see them.
    pub fn new() -> Result<Router, Fault> {
        Router::build(all())
    }

    /// The tree of one worker.
    pub fn of(tables: &'static [&'static [Route]]) -> Result<Router, Fault> {
        Router::build(tables.iter().flat_map(|table| table.iter()))
    }

    /// Two routes that hide each other are a fault, found by a test.
    fn build(routes: impl Iterator<Item = &'static Route>) -> Result<Router, Fault> {
        let mut by_path: Vec<(&'static str, Vec<&'static Route>)> = Vec::new();
        for route in routes {
            match by_path.iter_mut().find(|(path, _)| *path == route.path) {
                Some((_, routes)) => routes.push(route),
                None => by_path.push((route.path, vec![route])),
            }
        }
        let mut tree = matchit::Router::new();
        for (path, routes) in by_path {
            tree.insert(path, routes).map_err(|e| Fault::new(format!("route {path}: {e}")))?;
        }
        Ok(Router { tree })
    }

    /// Finds the route of a request.
    pub fn find(&self, method: &str, path: &str) -> Result<Found, Refusal> {
        let found = self.tree.at(path).map_err(|_| Refusal::not_found())?;
        let wanted = Method::parse(method);
        found
            .value
            .iter()
            .find(|route| Some(route.method) == wanted)
            .map(|route| Found { route, params: params(&found.params) })
            .ok_or_else(|| {
                let allow: Vec<_> = found.value.iter().map(|r| r.method.name()).collect();
                Refusal::new(Kind::Method, "method").with("allow", allow.join(", "))
            })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_portal_hands_on_what_is_the_offices_and_nothing_else() {
        let side = |tables: &[&[Route]], office: bool| {
            for route in tables.iter().flat_map(|table| table.iter()) {
                assert_eq!(is_office(route.path), office, "{}", route.path);
            }
        };
        side(PORTAL, false);
        side(OFFICE, true);
    }
}
