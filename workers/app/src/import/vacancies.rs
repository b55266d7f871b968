//! `POST /api/v1/cabinet/import/vacancies`: a list of vacancies becomes drafts or announcements.
//!
//! The file is read whole before anything is written. Then it is written in batches of some
//! hundred rows, each all or nothing: what was interrupted is finished by sending the file again,
//! because a row that was imported changes nothing the second time.

mod decide;
mod write;

use std::collections::{HashMap, HashSet};

use domain::{
    account::permission::Permission,
    import::{
        api::Mode,
        headers::{self, Field, Headings},
        organisations::Organisation,
        report,
        rows::{self, ReadRow, Reference},
        sql::{self as import_sql, Earlier, Open},
    },
    shared::refusal::{Kind, Refusal},
    vacancy::model::State,
};

use self::{decide::Import, write::write};
use super::{
    mode_of,
    sheet::{self, Limits},
};
use crate::{
    cx::Cx,
    error::{Error, Fault},
    facts,
    http::{After, Request, Response},
    ports::read,
};

pub(super) async fn post(cx: &Cx<'_>, request: &Request) -> Result<Response, Error> {
    let mode = mode_of(request)?;
    let actor = cx.actor()?;
    if mode == Mode::Publish && !actor.may_somewhere(Permission::VacancyPublish) {
        return Err(Refusal::forbidden().into());
    }
    let root = request
        .query_pairs()
        .into_iter()
        .find(|(name, value)| name == "organisation" && !value.is_empty())
        .map(|(_, value)| value);
    let reach = actor.reach(Permission::VacancyImport);
    let places = import_sql::organisations(&reach, root.as_deref());
    let (book, calendar, found) = facts::load(cx.ports, vec![places]).await?;
    let organisations: Vec<Organisation> =
        found.first().map(crate::ports::Rows::all).transpose()?.unwrap_or_default();
    let default = default_of(&organisations, root.as_deref())?;
    let limits = Limits::LIST;
    let sheet = sheet::read(&request.body, &limits, &|table| headers::find(table).is_some())
        .map_err(|bad| bad.refusal(&limits))?;
    let headings = headers::find(&sheet.table)
        .ok_or_else(|| Refusal::new(Kind::Invalid, "import_no_header"))?;
    check_columns(cx, &headings, default)?;
    let reference = Reference {
        book: &book,
        organisations: &organisations,
        default,
        calendar: &calendar,
        today: cx.ports.now.day(),
        lang: cx.lang,
    };
    let rows = rows::read(&sheet.table, &headings, &reference);
    let earlier = earlier(cx, &rows).await?;
    let open = open(cx, &rows, &organisations, &earlier).await?;
    let import = Import {
        cx,
        mode,
        headings: &headings,
        reference: &reference,
        earlier: &earlier,
        open: &open,
    };
    let (mut report, written) = import.run(&rows, &sheet)?;
    let published = written.iter().any(|(_, row)| row.vacancy.state == State::Published);
    if mode != Mode::Check {
        write(cx, written, &mut report).await?;
    }
    let response = Response::json(&report)?;
    Ok(if published && mode == Mode::Publish {
        response.then(After::DrainOutbox)
    } else {
        response
    })
}

/// The organisation of rows that name none: the one that was asked for, if it is no office with
/// others below it, or the only one within reach.
fn default_of(list: &[Organisation], root: Option<&str>) -> Result<Option<usize>, Refusal> {
    let asked = root.and_then(|id| list.iter().position(|have| have.id == id));
    match (root, asked) {
        (Some(_), None) => Err(Refusal::not_found()),
        (_, Some(at)) if list.get(at).is_some_and(|have| have.level == "organisation") => {
            Ok(Some(at))
        }
        _ => Ok((list.len() == 1).then_some(0)),
    }
}

fn check_columns(cx: &Cx<'_>, headings: &Headings, default: Option<usize>) -> Result<(), Refusal> {
    let has = |field: Field| headings.of(field).is_some();
    let mut missing = Vec::new();
    if !has(Field::Position) {
        missing.push(report::label(cx.lang, Field::Position.code()));
    }
    if default.is_none() && !has(Field::Bin) && !has(Field::Organisation) {
        missing.push(report::label(cx.lang, Field::Bin.code()));
    }
    if missing.is_empty() {
        return Ok(());
    }
    Err(Refusal::new(Kind::Invalid, "import_columns_missing").with("columns", missing.join(", ")))
}

/// What was imported earlier under the keys of these rows, oldest first.
async fn earlier(cx: &Cx<'_>, rows: &[ReadRow]) -> Result<Vec<Earlier>, Fault> {
    let keys: Vec<&str> =
        rows.iter().map(|row| row.key.as_str()).filter(|key| !key.is_empty()).collect();
    read(cx.ports.db, import_sql::earlier(&keys)).await?.all()
}

/// Open vacancies of the organisations in the list that did not come from this list: one of them
/// may be the same as a row, and then a person has to say that both are meant.
async fn open(
    cx: &Cx<'_>,
    rows: &[ReadRow],
    organisations: &[Organisation],
    earlier: &[Earlier],
) -> Result<HashMap<String, Vec<Open>>, Fault> {
    let named = rows.iter().filter_map(|row| organisations.get(row.organisation?));
    let mut ids: Vec<&str> = named.map(|organisation| organisation.id.as_str()).collect();
    ids.sort_unstable();
    ids.dedup();
    let all: Vec<Open> = read(cx.ports.db, import_sql::open(&ids, cx.ports.now)).await?.all()?;
    let own: HashSet<&str> = earlier.iter().map(|row| row.vacancy.as_str()).collect();
    let mut by_organisation: HashMap<String, Vec<Open>> = HashMap::new();
    for one in all.into_iter().filter(|one| !own.contains(one.id.as_str())) {
        by_organisation.entry(one.organisation.clone()).or_default().push(one);
    }
    Ok(by_organisation)
}
