//! One's own tests as a page that needs no script: when and where, the link to the attempt, the
//! result, the certificate.

use askama::Template;
use domain::shared::{
    format,
    lang::Lang,
    locale::{EXAM, Table},
};

use super::{
    certificate::{give, points},
    mine::{Mine, link_of, list_of, own},
};
use crate::{
    cx::Cx,
    error::Error,
    http::{Request, Response},
    route,
    routes::Route,
    web::page::{Page, lang, render},
};

/// Routes of this feature.
pub const ROUTES: &[Route] = &[
    route!(Get "/{lang}/my-tests", SignedIn, Page, list),
    route!(Post "/{lang}/my-tests/{id}/open", SignedIn, Page, open),
    route!(Post "/{lang}/my-tests/{id}/certificate", SignedIn, Page, certificate),
];

/// Texts of these pages.
const T: &Table = &EXAM;

#[derive(Template)]
#[template(path = "my_tests.html")]
struct MyTests<'a> {
    page: Page<'a>,
    tests: Vec<Shown>,
    /// The link that was just made.
    link: String,
}

struct Shown {
    id: String,
    title: String,
    tag: &'static str,
    tone: &'static str,
    facts: Vec<(&'static str, String)>,
    result: String,
    /// Whether the page of the test can be opened: before, during, and as long as appeals are taken.
    opens: bool,
    /// Number of the certificate; empty = none yet.
    code: String,
    /// Whether one can be asked for.
    can_ask: bool,
}

impl MyTests<'_> {
    fn t(&self, key: &'static str) -> &'static str {
        T.get(self.page.lang, key)
    }
}

fn shown(cx: &Cx<'_>, lang: Lang, mine: &Mine) -> Shown {
    let t = |key| T.get(lang, key);
    let (tag, tone) = match mine.state.as_str() {
        "assigned" | "admitted" => (t("mine.ahead"), "wait"),
        "running" | "paused" => (t("mine.running"), "wait"),
        "submitted" | "expired" => (t("mine.counting"), "wait"),
        "scored" => (t("mine.scored"), "done"),
        _ => (t("mine.ended"), "late"),
    };
    let appeals = mine.window().is_some_and(|until| until > cx.ports.now);
    let report = mine.report.as_ref().filter(|_| mine.state == "scored");
    let result = report.map(|report| {
        let reached = report.reached.as_deref().map_or_else(
            || t("certificate.no_category").to_owned(),
            |code| T.find(lang, &format!("category.{code}")).unwrap_or(code).to_owned(),
        );
        let (got, most) = (report.total.points / 10_000, report.total.most / 10_000);
        let args = [points(lang, got), points(lang, most), reached];
        T.fill(lang, "mine.result", &[("n", &args[0]), ("most", &args[1]), ("category", &args[2])])
    });
    let minutes = (mine.minutes + mine.extra_minutes).to_string();
    let mut facts = vec![
        (t("mine.when"), format::date_time(lang, mine.starts_at)),
        (t("mine.where"), mine.place.get(lang).to_owned()),
        (t("mine.minutes"), T.fill(lang, "mine.minutes_n", &[("n", &minutes)])),
        (
            t("certificate.lang"),
            t(if mine.lang == "ru" { "lang.ru" } else { "lang.kk" }).to_owned(),
        ),
    ];
    for (key, value) in [("mine.room", &mine.room), ("mine.seat", &mine.seat)] {
        if !value.is_empty() {
            facts.push((t(key), value.clone()));
        }
    }
    Shown {
        id: mine.id.clone(),
        title: mine.title.get(lang).to_owned(),
        tag,
        tone,
        facts,
        result: result.unwrap_or_default(),
        opens: appeals || !matches!(mine.state.as_str(), "scored" | "terminated" | "annulled"),
        code: mine.code.clone().unwrap_or_default(),
        can_ask: report.is_some() && !appeals && mine.open_appeals == 0 && mine.code.is_none(),
    }
}

async fn page(cx: &Cx<'_>, link: String) -> Result<Response, Error> {
    let lang = lang(cx)?;
    let tests = list_of(cx).await?;
    let page =
        Page::new(cx.ports.config, lang, "/my-tests").titled(T.get(lang, "mine.title"), "").bare();
    render(&MyTests { page, tests: tests.iter().map(|one| shown(cx, lang, one)).collect(), link })
}

async fn list(cx: &Cx<'_>, _: &Request) -> Result<Response, Error> {
    page(cx, String::new()).await
}

async fn open(cx: &Cx<'_>, _: &Request) -> Result<Response, Error> {
    let link = link_of(cx, &own(cx).await?).await?;
    page(cx, link).await
}

async fn certificate(cx: &Cx<'_>, _: &Request) -> Result<Response, Error> {
    let (code, _) = give(cx, &own(cx).await?).await?;
    Ok(Response::redirect(303, format!("/{}/certificates/{code}", cx.param("lang"))))
}
