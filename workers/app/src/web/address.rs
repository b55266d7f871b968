//! `/` and the switch of language.

use domain::{
    catalog::{
        language::{Choice, choose, is_robot},
        site::{Site, switch_target},
    },
    shared::{lang::Lang, refusal::Refusal},
};

use crate::{
    cx::Cx,
    error::Error,
    http::{Caching, Request, Response},
};

/// `/`: readers go to the home page of their language, robots read the Kazakh one here.
pub(crate) async fn root(cx: &Cx<'_>, request: &Request) -> Result<Response, Error> {
    let choice = choose(
        request.header("accept-language"),
        request.cookie("lang"),
        is_robot(request.header("user-agent")),
    );
    let config = cx.ports.config;
    let site = Site { origin: &config.origin, hosts: &config.hosts };
    Ok(match choice {
        Choice::Redirect(lang) if config.hosts.is_empty() => {
            Response::redirect(302, site.path(lang, ""))
        }
        Choice::Redirect(lang) => Response::redirect(302, site.absolute(lang, "")),
        // The edge keeps pages by address alone: kept here, it would reach the readers too.
        Choice::Robot => super::home::home(cx, request, Lang::Kk).await?.cached(Caching::Private),
    }
    .header("vary", "Accept-Language, Cookie, User-Agent"))
}

/// `/lang/{code}?to=…`: keeps the choice in a cookie and shows the same page in that language.
/// The cookie is a preference, not a secret; it holds the code alone.
pub(crate) async fn switch(cx: &Cx<'_>, request: &Request) -> Result<Response, Error> {
    let lang = Lang::parse(cx.param("code")).ok_or_else(Refusal::not_found)?;
    let to = request.query_pairs().into_iter().find(|(name, _)| name == "to");
    let target = switch_target(lang, to.as_ref().map_or("", |(_, value)| value));
    let config = cx.ports.config;
    let target = match config.hosts.get(lang as usize) {
        // On a language's own host the prefix is the host.
        Some(host) => {
            format!("{}{}", host.trim_end_matches('/'), target.get(3..).unwrap_or("/"))
        }
        None => target,
    };
    Ok(Response::redirect(302, target).header("set-cookie", cookie(cx, lang)))
}

fn cookie(cx: &Cx<'_>, lang: Lang) -> String {
    let secure = if cx.ports.config.dev { "" } else { "; Secure" };
    format!("lang={}; Path=/; Max-Age=31536000; SameSite=Lax; HttpOnly{secure}", lang.code())
}

/// Whether a form comes from the switch of language: then it is shown in the language of the
/// address with what was typed, and nothing is done.
pub(crate) fn is_switch(fields: &[(String, String)]) -> bool {
    fields.iter().any(|(name, _)| name == "switch")
}

/// The answer to such a form: the choice is kept as by [`switch`].
pub(crate) fn switched(cx: &Cx<'_>, page: Response) -> Response {
    page.header("set-cookie", cookie(cx, cx.lang))
}
