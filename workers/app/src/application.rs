//! Applications: what all handlers share. A file per thing below.

pub(crate) mod close;
mod command;
pub(crate) mod create;
mod list;
mod message;
pub(crate) mod paper;
mod prefill;
pub(crate) mod show;
mod snapshot;
mod staff;
mod tell;
pub mod time;

use std::{collections::BTreeMap, rc::Rc};

use domain::{
    application::{
        api::{FileRef, SentRef},
        check::Situation,
        model::Content,
        rules::Facts,
        sql::{self as application_sql, ContentRow, FileRow, Row},
        timeline::{Names, StepRow},
    },
    directory::Book,
    profile::sql::{self as profile_sql, PlaceRow, place},
    rule::{Edition, edition},
    shared::{
        calendar::Calendar,
        lang::Text,
        refusal::{Kind, Refusal},
        statement::Statement,
    },
};

use crate::{
    cx::Cx,
    error::{Error, Fault},
    facts,
    http::Request,
    ports::{Ports, Rows, read},
    route,
    routes::Route,
};

/// Routes of this feature.
pub const ROUTES: &[Route] = &[
    route!(Get "/api/v1/cabinet/my/applications", SignedIn, Cabinet, show::list),
    route!(Post "/api/v1/cabinet/my/applications", SignedIn, Cabinet, create::create),
    route!(Get "/api/v1/cabinet/my/applications/{id}", SignedIn, Cabinet, show::show),
    route!(Put "/api/v1/cabinet/my/applications/{id}", SignedIn, Cabinet, command::save_content),
    route!(Post "/api/v1/cabinet/my/applications/{id}/commands", SignedIn, Cabinet, command::command),
    route!(Get "/api/v1/cabinet/my/applications/{id}/sent/{n}", SignedIn, Cabinet, show::sent),
    route!(Get "/api/v1/cabinet/my/applications/{id}/sent.pdf", SignedIn, Cabinet, show::sent_pdf),
    route!(Get "/api/v1/cabinet/applications", May(ApplicationRead), Cabinet, list::list),
    route!(Get "/api/v1/cabinet/applications/templates", May(ApplicationProcess), Cabinet, message::templates),
    route!(Post "/api/v1/cabinet/applications/messages", May(ApplicationProcess), Cabinet, message::send),
    route!(Get "/api/v1/cabinet/applications/{id}", May(ApplicationRead), Cabinet, staff::show),
    route!(Get "/api/v1/cabinet/applications/{id}/sent/{n}", May(ApplicationRead), Cabinet, staff::sent),
    route!(Get "/api/v1/cabinet/applications/{id}/sent.pdf", May(ApplicationRead), Cabinet, staff::sent_pdf),
    route!(Post "/api/v1/cabinet/applications/{id}/commands", May(ApplicationProcess), Cabinet, staff::command),
    route!(Get "/api/v1/cabinet/applications/{id}/notes", May(ApplicationRead), Cabinet, staff::notes),
    route!(Post "/api/v1/cabinet/applications/{id}/notes", May(ApplicationRead), Cabinet, staff::add_note),
    route!(Get "/api/v1/cabinet/vacancies/{id}/applications.xlsx", May(ApplicationRead), Cabinet, list::table),
];

/// An application with everything that decisions and views need.
struct Case {
    row: Row,
    book: Rc<Book>,
    calendar: Rc<Calendar>,
    edition: &'static Edition,
    /// What was sent last.
    sent: Option<Content>,
    steps: Vec<StepRow>,
    sents: Vec<SentRef>,
    /// Name of the place where the applicant lives.
    place: Text,
    files: Vec<FileRow>,
    /// Files by identifier.
    known: BTreeMap<String, FileRef>,
    /// Documents that the position asks for.
    by_position: Vec<String>,
    /// Documents of the announcement.
    asked: Vec<String>,
}

impl Case {
    fn new(row: Row, book: Rc<Book>, calendar: Rc<Calendar>) -> Result<Case, Fault> {
        let application = &row.application;
        let edition = edition(&application.procedure, &application.edition).ok_or_else(|| {
            Fault::new(format!("edition {}/{} is gone", application.procedure, application.edition))
        })?;
        let by_position = documents_of_position(&book, &row.announcement.position);
        let asked = asked(edition, &row.announcement);
        Ok(Case {
            row,
            book,
            calendar,
            edition,
            sent: None,
            steps: Vec::new(),
            sents: Vec::new(),
            place: Text::default(),
            files: Vec::new(),
            known: BTreeMap::new(),
            by_position,
            asked,
        })
    }

    /// What decisions depend on.
    fn facts(&self, ports: &Ports<'_>) -> Facts<'_> {
        Facts {
            edition: self.edition,
            calendar: &self.calendar,
            vacancy: self.row.vacancy(ports.now),
            sent: self.sent.as_ref(),
            chosen: self.row.chosen,
            now: ports.now,
        }
    }

    /// What checks depend on.
    fn situation(&self) -> Situation<'_> {
        Situation {
            rules: &self.edition.application,
            asked: &self.asked,
            by_position: &self.by_position,
            files: &self.known,
        }
    }

    fn with_files(&mut self, files: Vec<FileRow>) {
        self.known = files.iter().map(|row| (row.file.id.clone(), row.file.clone())).collect();
        self.files = files;
    }

    /// The title of the vacancy.
    fn title(&self) -> Text {
        self.book.title(&self.row.announcement)
    }
}

/// Documents of an announcement; an old one without a list asks for those of the procedure.
fn asked(edition: &Edition, announcement: &domain::vacancy::model::Content) -> Vec<String> {
    if announcement.documents.is_empty() {
        edition.publishing.documents.value.clone()
    } else {
        announcement.documents.clone()
    }
}

/// Documents that a position asks for: its checks, each proved by a document.
fn documents_of_position(book: &Book, position: &str) -> Vec<String> {
    let checks = book.get("position", position).map(|item| item.attrs["checks"].clone());
    let checks: Vec<String> =
        checks.and_then(|value| serde_json::from_value(value).ok()).unwrap_or_default();
    checks
        .iter()
        .filter_map(|check| Some(book.get("check", check)?.attrs["document"].as_str()?.to_owned()))
        .collect()
}

/// Names for timelines.
struct CaseNames<'a>(&'a Case);

impl Names for CaseNames<'_> {
    fn target(&self, target: &str) -> Text {
        match target.split_once(':') {
            Some(("document", code)) => self.0.book.name("document_type", code),
            Some((_, code)) => self
                .0
                .edition
                .application
                .row(code)
                .map(|row| row.title.clone())
                .unwrap_or_default(),
            None => section_name(target),
        }
    }

    fn ground(&self, code: &str) -> Text {
        self.0.book.name("refusal_ground", code)
    }
}

/// A text of `application.json` in the three languages.
fn words(key: &str) -> Text {
    use domain::shared::{lang::Lang, locale::APPLICATION};
    let of = |lang| APPLICATION.find(lang, key).unwrap_or_default().to_owned();
    Text { kk: of(Lang::Kk), ru: of(Lang::Ru), en: of(Lang::En) }
}

fn section_name(code: &str) -> Text {
    words(&format!("section.{code}"))
}

/// The statements that make a [`Case`] of an application.
fn case_reads(id: &str) -> Vec<Statement> {
    vec![
        application_sql::by_id(id),
        application_sql::last_sent(id),
        application_sql::steps(id),
        application_sql::sents(id),
        application_sql::files(id),
        profile_sql::place_of_application(id),
    ]
}

/// Makes a [`Case`] of the rows of [`case_reads`]; nothing where there is no such application.
fn case_of(book: Rc<Book>, calendar: Rc<Calendar>, rows: &[Rows]) -> Result<Option<Case>, Fault> {
    let [row, sent, steps, sents, files, places, ..] = rows else {
        return Err(Fault::new("application: a statement has no rows"));
    };
    let Some(row) = row.first::<Row>()? else { return Ok(None) };
    let mut case = Case::new(row, book, calendar)?;
    case.sent = sent.first::<ContentRow>()?.map(|row| row.content);
    case.steps = steps.all()?;
    case.sents = sents.all()?;
    case.place = place(&places.all::<PlaceRow>()?);
    case.with_files(files.all()?);
    Ok(Some(case))
}

/// Loads an application of the person who is signed in. Somebody else's is not found.
async fn own(cx: &Cx<'_>, id: &str) -> Result<Case, Error> {
    let not_found = || Error::from(Refusal::not_found());
    if !domain::shared::id::is_ulid(id) {
        return Err(not_found());
    }
    let (book, calendar, rows) = facts::load(cx.ports, case_reads(id)).await?;
    let case = case_of(book, calendar, &rows)?.ok_or_else(not_found)?;
    if case.row.application.person != cx.actor()?.person {
        return Err(not_found());
    }
    Ok(case)
}

/// The name of a place by its code, from the region down.
async fn place_of(ports: &Ports<'_>, kato: &str) -> Result<Text, Fault> {
    Ok(place(&read(ports.db, profile_sql::place_of(kato)).await?.all::<PlaceRow>()?))
}

/// The version that the client saw.
fn if_match(request: &Request) -> Result<i64, Refusal> {
    request
        .header("if-match")
        .and_then(|value| value.trim().trim_matches('"').parse().ok())
        .ok_or_else(|| Refusal::new(Kind::Precondition, "version_missing"))
}
