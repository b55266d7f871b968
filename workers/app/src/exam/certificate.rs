//! Certificates of the result (Order 83, annex 11): given out when nothing can be appealed against
//! any more, checked by anybody who has the code.

use askama::Template;
use domain::{
    exam::{
        certificate::{Certificate, Sitting, code, parse, write},
        rules::edition,
    },
    journal::Entry,
    shared::{
        format,
        lang::{Lang, Text},
        locale::{EXAM, Table},
        refusal::{Kind, Refusal},
        row,
        time::Timestamp,
    },
    sql,
};
use serde::Deserialize;
use serde_json::json;

use super::mine::{Mine, own};
use crate::{
    cx::Cx,
    error::{Error, Fault},
    http::{Request, Response},
    ports::read,
    route,
    routes::Route,
    save::{Change, save},
    web::{
        page::{Page, lang, render},
        qr,
    },
};

/// Routes of this feature.
pub const ROUTES: &[Route] = &[
    route!(Get "/{lang}/certificates", Public, Page, ask),
    route!(Get "/{lang}/certificates/{code}", Public, Page, show),
];

/// Texts of these pages.
const T: &Table = &EXAM;

/// Gives out the certificate of the state of the result; asked again, the same.
pub(super) async fn issue(cx: &Cx<'_>, _: &Request) -> Result<Response, Error> {
    let (code, new) = give(cx, &own(cx).await?).await?;
    Ok(Response::json(&json!({ "code": code }))?.status(if new { 201 } else { 200 }))
}

/// The number of the certificate, and whether it was given out just now.
pub(super) async fn give(cx: &Cx<'_>, own: &Mine) -> Result<(String, bool), Error> {
    let closed = |code| Error::from(Refusal::new(Kind::Conflict, code));
    let report =
        own.report.as_ref().filter(|_| own.state == "scored").ok_or_else(|| closed("state"))?;
    if own.window().is_none_or(|until| until > cx.ports.now) || own.open_appeals > 0 {
        return Err(closed("result_open"));
    }
    if let Some(code) = &own.code {
        return Ok((code.clone(), false));
    }
    let rules = edition(&own.edition).ok_or_else(|| Fault::new("the edition is gone"))?;
    let group = rules.group(&own.group_code).ok_or_else(|| Fault::new("the group is gone"))?;
    let mut random = [0; 10];
    (cx.ports.random)(&mut random);
    let code = code(random);
    let subject = subject(cx, &own.subject).await?.unwrap_or_else(|| group.title.clone());
    let sitting = Sitting {
        name: &own.person_name,
        day: own.finished_at.unwrap_or(own.starts_at).day(),
        place: &own.place,
        subject: &subject,
        lang: Lang::parse(&own.lang).unwrap_or(Lang::Kk),
    };
    let titles: Vec<Text> = own.blueprint.sections.iter().map(|one| one.title.clone()).collect();
    let version = u32::try_from(own.scoring).unwrap_or(1);
    let paper = write(code.clone(), &sitting, &titles, report, rules, version);
    let change = Change {
        statements: vec![sql!(
            "INSERT INTO exam_certificate (code, attempt, version, paper, at) VALUES (?1, ?2, ?3, ?4, ?5)",
            &code,
            &own.id,
            own.scoring,
            json!(paper).to_string(),
            cx.ports.now
        )],
        journal: vec![
            Entry::new("exam_certificate.issue", "exam_attempt", &own.id)
                .after(json!({ "version": version })),
        ],
        events: vec![],
    };
    save(cx, None, change, Response::empty()).await?;
    Ok((code, true))
}

async fn subject(cx: &Cx<'_>, code: &str) -> Result<Option<Text>, Error> {
    let rows = read(
        cx.ports.db,
        sql!(
            "SELECT kk, ru, en FROM directory_item WHERE directory = 'subject' AND code = ?1 ORDER BY edition DESC LIMIT 1",
            code
        ),
    )
    .await?;
    Ok(rows.first::<Text>()?)
}

#[derive(Template)]
#[template(path = "certificate.html")]
struct CertificatePage<'a> {
    page: Page<'a>,
    heading: &'static str,
    /// What was typed, where the page asks for a code.
    typed: String,
    /// Why there is no certificate; empty = there is one, or nobody asked yet.
    wrong: &'static str,
    paper: Option<Shown>,
}

struct Shown {
    tag: &'static str,
    tone: &'static str,
    facts: Vec<(&'static str, String)>,
    parts: Vec<(String, String, String)>,
    total: (String, String),
    qr: Option<qr::Qr>,
    address: String,
}

impl CertificatePage<'_> {
    fn t(&self, key: &'static str) -> &'static str {
        T.get(self.page.lang, key)
    }
}

fn page<'a>(cx: &Cx<'a>, lang: Lang, rest: String) -> Page<'a> {
    let title = T.get(lang, "certificate.check");
    let mut page = Page::new(cx.ports.config, lang, rest)
        .titled(title, T.get(lang, "certificate.about"))
        .crumb("", title);
    page.index = false;
    page
}

/// The page on which a code is typed. What was typed leads to the page of the certificate.
async fn ask(cx: &Cx<'_>, request: &Request) -> Result<Response, Error> {
    let lang = lang(cx)?;
    let typed = request.query_pairs().into_iter().find(|(name, _)| name == "code");
    let typed = typed.map(|(_, value)| value).unwrap_or_default();
    let page = page(cx, lang, "/certificates".to_owned());
    if let Some(code) = parse(&typed) {
        return Ok(Response::redirect(303, page.link(format!("/certificates/{code}"))));
    }
    let wrong = if typed.trim().is_empty() { "" } else { T.get(lang, "certificate.slip") };
    let heading = T.get(lang, "certificate.check");
    let typed = typed.chars().take(60).collect();
    let response = render(&CertificatePage { page, heading, typed, wrong, paper: None })?;
    Ok(if wrong.is_empty() { response } else { response.status(422) })
}

#[derive(Deserialize)]
struct Row {
    #[serde(deserialize_with = "row::json")]
    paper: Certificate,
    state: String,
    scoring: i64,
    at: Timestamp,
    newer: Option<String>,
}

async fn show(cx: &Cx<'_>, _: &Request) -> Result<Response, Error> {
    let lang = lang(cx)?;
    let heading = T.get(lang, "certificate.check");
    let typed: String = cx.param("code").chars().take(60).collect();
    let Some(code) = parse(&typed) else {
        let page = page(cx, lang, "/certificates".to_owned());
        let wrong = T.get(lang, "certificate.slip");
        let page = CertificatePage { page, heading, typed, wrong, paper: None };
        return Ok(render(&page)?.status(404));
    };
    let found: Option<Row> = read(
        cx.ports.db,
        sql!(
            "SELECT c.paper, a.state, a.scoring, c.at,
               (SELECT n.code FROM exam_certificate n WHERE n.attempt = c.attempt AND n.version = a.scoring) AS newer
             FROM exam_certificate c JOIN exam_attempt a ON a.id = c.attempt WHERE c.code = ?1",
            &code
        ),
    )
    .await?
    .first()?;
    let Some(found) = found else {
        let page = page(cx, lang, "/certificates".to_owned());
        let wrong = T.get(lang, "certificate.none");
        let page = CertificatePage { page, heading, typed: code, wrong, paper: None };
        return Ok(render(&page)?.status(404));
    };
    let page = page(cx, lang, format!("/certificates/{code}"));
    let shown = shown(cx, lang, &page, &found);
    let page = CertificatePage { page, heading, typed: code, wrong: "", paper: Some(shown) };
    render(&page)
}

/// Points in hundredths, as people read them.
pub(super) fn points(lang: Lang, hundredths: i64) -> String {
    let (whole, rest) = (hundredths / 100, hundredths % 100);
    let mark = if lang == Lang::En { '.' } else { ',' };
    if rest == 0 { whole.to_string() } else { format!("{whole}{mark}{rest:02}") }
}

fn shown(cx: &Cx<'_>, lang: Lang, page: &Page<'_>, row: &Row) -> Shown {
    let paper = &row.paper;
    let t = |key| T.get(lang, key);
    let (tag, tone) = if row.state == "annulled" {
        (t("certificate.annulled"), "late")
    } else if i64::from(paper.version) != row.scoring {
        (t("certificate.replaced"), "late")
    } else if cx.ports.now.day() > paper.valid_to {
        (t("certificate.expired"), "wait")
    } else {
        (t("certificate.valid"), "done")
    };
    let reached = paper.reached.as_deref().map_or_else(
        || t("certificate.no_category").to_owned(),
        |code| T.find(lang, &format!("category.{code}")).unwrap_or(code).to_owned(),
    );
    let mut facts = vec![
        (t("certificate.code"), paper.code.clone()),
        (t("certificate.name"), paper.name.clone()),
        (t("certificate.day"), format::date(lang, paper.day)),
        (t("certificate.place"), paper.place.get(lang).to_owned()),
        (t("certificate.subject"), paper.subject.get(lang).to_owned()),
        (
            t("certificate.lang"),
            t(if paper.lang == Lang::Ru { "lang.ru" } else { "lang.kk" }).to_owned(),
        ),
        (t("certificate.reached"), reached),
        (t("certificate.valid_to"), format::date(lang, paper.valid_to)),
        (t("certificate.issued"), format::date(lang, row.at.day())),
    ];
    if let Some(newer) = row.newer.as_ref().filter(|newer| **newer != paper.code) {
        facts.push((t("certificate.newer"), newer.clone()));
    }
    let parts = paper.modules.iter().map(|module| {
        (module.title.get(lang).to_owned(), points(lang, module.points), points(lang, module.most))
    });
    let address = page.site.absolute(lang, &format!("/certificates/{}", paper.code));
    Shown {
        tag,
        tone,
        facts,
        parts: parts.collect(),
        total: (points(lang, paper.points), points(lang, paper.most)),
        qr: qr::draw(&address),
        address,
    }
}
