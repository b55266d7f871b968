//! The list of staff: within reach, filtered, searched, sorted, in pages; and as a table.

use domain::{
    account::permission::Permission,
    application::{
        api::{StaffList, StaffRow},
        model::State,
        sql::{
            self as application_sql,
            list::{Count, Filter, ListRow, Sort, export, list as list_sql},
        },
    },
    journal::{Entry, Source, many},
    shared::{
        fold::{fold, words},
        locale::APPLICATION,
        refusal::{Check, Kind, Refusal},
        time::Timestamp,
    },
    sql,
};
use serde::Deserialize;
use serde_json::json;

use super::show::vacancy_ref;
use crate::{
    cx::Cx,
    error::{Error, Fault},
    facts,
    http::{Request, Response},
    import::workbook::{Cell, workbook},
    ports::{page, read, read_all},
    save::{Change, save},
};

/// Rows of a page.
const PAGE: u32 = 50;
/// Rows of a table at most.
const TABLE: u32 = 2000;

fn filter_of(request: &Request) -> Result<Filter, Refusal> {
    let mut filter = Filter::default();
    let mut wrong = Check::default();
    for (name, value) in request.query_pairs() {
        if value.is_empty() {
            continue;
        }
        match name.as_str() {
            "vacancy" => filter.vacancy = Some(value),
            "organisation" => filter.organisation = Some(value),
            "state" => match application_sql::parse_state(&value) {
                Some(state) => filter.state = Some(state),
                None => wrong.wrong("state", "unknown"),
            },
            "due" if value == "overdue" => filter.overdue = true,
            "due" => wrong.wrong("due", "unknown"),
            "sort" => match Sort::parse(&value) {
                Some(sort) => filter.sort = sort,
                None => wrong.wrong("sort", "unknown"),
            },
            "q" => filter.words = words(&fold(&value)),
            "cursor" => match value.rsplit_once('~') {
                Some((key, id)) => filter.after = Some((key.to_owned(), id.to_owned())),
                None => wrong.wrong("cursor", "unknown"),
            },
            _ => {}
        }
    }
    wrong.done()?;
    Ok(filter)
}

pub(super) async fn list(cx: &Cx<'_>, request: &Request) -> Result<Response, Error> {
    let filter = filter_of(request)?;
    let actor = cx.actor()?;
    let reach = actor.reach(Permission::ApplicationRead);
    let now = cx.ports.now;
    let asked = list_sql(&reach, &filter, now, PAGE + 1);
    let (book, _, rows) = facts::load(cx.ports, asked.into()).await?;
    let [found, counted] = rows.as_slice() else {
        return Err(Fault::new("list: a statement has no rows").into());
    };
    let mut rows: Vec<ListRow> = found.all()?;
    let next = page(&mut rows, PAGE as usize, |last| {
        format!("{}~{}", last.sort_key, last.row.application.id)
    });
    let items = rows
        .into_iter()
        .map(|ListRow { row, name, points, .. }| {
            let application = &row.application;
            let over = application.due_at.is_some_and(|due| due <= now);
            let turn = !matches!(application.state, State::Returned | State::Reserve);
            StaffRow {
                id: application.id.clone(),
                number: application.number.clone().unwrap_or_default(),
                state: application.state,
                version: application.version,
                name,
                vacancy: vacancy_ref(&row, &book, cx.ports),
                submitted_at: application.submitted_at,
                due_at: application.due_at,
                overdue: over && turn && application.paused_at.is_none(),
                points,
                own: application.person == actor.person,
            }
        })
        .collect();
    let counts: Vec<Count> = counted.all()?;
    let answer = StaffList {
        overdue: counts.iter().map(|count| count.overdue).sum(),
        states: counts.into_iter().map(|count| (count.state, count.n)).collect(),
        items,
        next,
    };
    Ok(Response::json(&answer)?)
}

#[derive(Deserialize)]
struct Place {
    id: String,
    path: String,
    organisation: String,
    number: i64,
}

#[derive(Deserialize)]
struct TableRow {
    id: String,
    person: String,
    number: String,
    state: State,
    name: String,
    points: Option<f64>,
    submitted_at: Option<Timestamp>,
    due_at: Option<Timestamp>,
    phone: String,
    email: String,
}

/// All sent applications of a vacancy as a workbook. Each person in it finds the look.
pub(super) async fn table(cx: &Cx<'_>, _: &Request) -> Result<Response, Error> {
    let vacancy = cx.param("id");
    let place = sql!(
        "SELECT v.id, o.path, v.organisation, v.number FROM vacancy v
         JOIN organisation o ON o.id = v.organisation WHERE v.id = ?1",
        vacancy
    );
    let actor = cx.actor()?;
    let place: Option<Place> = read(cx.ports.db, place).await?.first()?;
    let place = place
        .filter(|place| actor.may(Permission::ApplicationRead, &place.path))
        .ok_or_else(Refusal::not_found)?;
    let rows = read_all(cx.ports.db, vec![export(&place.id, TABLE + 1)]).await?;
    let rows: Vec<TableRow> = rows.first().map(|rows| rows.all()).transpose()?.unwrap_or_default();
    if rows.len() > TABLE as usize {
        return Err(Refusal::new(Kind::Conflict, "export_many").with("max", TABLE).into());
    }
    // One's own application is nobody's to process, also in a table.
    let rows: Vec<TableRow> = rows.into_iter().filter(|row| row.person != actor.person).collect();
    let head = ["number", "name", "state", "submitted", "due", "points", "phone", "email"];
    let text =
        |key: &str| Cell::Text(APPLICATION.find(cx.lang, key).unwrap_or_default().to_owned());
    let mut cells = vec![head.iter().map(|name| text(&format!("export.{name}"))).collect()];
    let moment = |at: Option<Timestamp>| at.map_or(Cell::Empty, Cell::Moment);
    cells.extend(rows.iter().map(|row| {
        vec![
            Cell::Text(row.number.clone()),
            Cell::Text(row.name.clone()),
            text(&format!("state.{}", row.state.code())),
            moment(row.submitted_at),
            moment(row.due_at),
            row.points.map_or(Cell::Empty, Cell::Number),
            Cell::Text(domain::shared::phone::shown(&row.phone)),
            Cell::Text(row.email.clone()),
        ]
    }));
    let body = workbook(APPLICATION.get(cx.lang, "export.sheet"), &cells);
    let looks: Vec<Entry> = rows
        .iter()
        .map(|row| {
            Entry::new("application.export", "person", &row.person)
                .of(&place.organisation)
                .after(json!({ "application": row.id, "number": row.number }))
        })
        .collect();
    let kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
    let name = format!("attachment; filename=\"applications-{}.xlsx\"", place.number);
    let response = Response::new(200, kind, body).header("content-disposition", name);
    let source = Source {
        account: Some(actor.account.clone()),
        session: Some(actor.session.clone()),
        request_id: cx.request_id.clone(),
    };
    let statements = vec![many(&looks, &source, cx.ports.now)];
    save(cx, None, Change { statements, ..Change::default() }, response).await
}
