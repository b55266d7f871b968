//! Item analysis in the cabinet of the psychometrician: asking for one, reading figures, flags and
//! drawings, taking parameters over into the bank. The figures are made in the worker `dispatch`.

mod equate;
pub mod plots;

use domain::{
    analysis::{
        ASKED, JOB, MODELS,
        api::{Accept, Analyses, Analysis, Create, FlagRow, ItemRow, Items},
        sql,
    },
    job::Job,
    journal::Entry,
    shared::{
        id::is_ulid,
        locale::ANALYSIS,
        refusal::{Check, Kind, Refusal},
        time::Timestamp,
    },
};
use serde::{Deserialize, de::IgnoredAny};
use serde_json::{Value, json};

use crate::{
    cx::Cx,
    error::{Error, Fault},
    http::{Request, Response},
    ports::{Ports, page, read},
    route,
    routes::Route,
    save::{Change, Event, Replay, once, save},
};

/// Routes of this feature.
pub const ROUTES: &[Route] = &[
    route!(Get "/api/v1/cabinet/analyses", May(ItemCalibrate), Cabinet, list),
    route!(Post "/api/v1/cabinet/analyses", May(ItemCalibrate), Cabinet, create),
    route!(Get "/api/v1/cabinet/equatings", May(ItemCalibrate), Cabinet, equate::equate),
    route!(Get "/api/v1/cabinet/analyses/{id}", May(ItemCalibrate), Cabinet, one),
    route!(Post "/api/v1/cabinet/analyses/{id}/accept", May(ItemCalibrate), Cabinet, accept),
    route!(Get "/api/v1/cabinet/analyses/{id}/plots/{plot}", May(ItemCalibrate), Cabinet, plots::of_test),
    route!(Get "/api/v1/cabinet/analyses/{id}/items", May(ItemCalibrate), Cabinet, items),
    route!(Get "/api/v1/cabinet/analyses/{id}/items/{item}/{version}", May(ItemCalibrate), Cabinet, item),
    route!(Get "/api/v1/cabinet/analyses/{id}/items/{item}/{version}/plots/{plot}", May(ItemCalibrate), Cabinet, plots::of_item),
];

/// Rows of a page.
const PAGE: usize = 50;
/// Most items taken over at once.
const ACCEPT_MOST: usize = 2000;

#[derive(Deserialize)]
struct Row {
    id: String,
    exam: String,
    until: Timestamp,
    model: String,
    edition: String,
    state: String,
    stage: String,
    step: i64,
    attempts: i64,
    answers: i64,
    failure: String,
    summary: String,
    items: i64,
    flagged: i64,
    created_at: Timestamp,
    finished_at: Option<Timestamp>,
}

impl From<Row> for Analysis {
    fn from(row: Row) -> Analysis {
        Analysis {
            summary: serde_json::from_str(&row.summary).unwrap_or_default(),
            id: row.id,
            exam: row.exam,
            until: row.until,
            model: row.model,
            edition: row.edition,
            state: row.state,
            stage: row.stage,
            step: row.step,
            attempts: row.attempts,
            answers: row.answers,
            failure: row.failure,
            items: row.items,
            flagged: row.flagged,
            created_at: row.created_at,
            finished_at: row.finished_at,
        }
    }
}

async fn list(cx: &Cx<'_>, request: &Request) -> Result<Response, Error> {
    let (mut exam, mut before) = (String::new(), String::new());
    for (name, value) in request.query_pairs() {
        match name.as_str() {
            "exam" => exam = value,
            "cursor" => before = value,
            _ => {}
        }
    }
    let most = PAGE as i64 + 1;
    let mut rows: Vec<Row> = read(cx.ports.db, sql::list(&exam, &before, most)).await?.all()?;
    let next = page(&mut rows, PAGE, |row| row.id.clone());
    Ok(Response::json(&Analyses { items: rows.into_iter().map(Analysis::from).collect(), next })?)
}

async fn create(cx: &Cx<'_>, request: &Request) -> Result<Response, Error> {
    let asked: Create = request.json()?;
    let once = match once(cx, request).await? {
        Replay::Done(response) => return Ok(response),
        Replay::First(once) => once,
    };
    let mut wrong = Check::default();
    if !MODELS.contains(&asked.model.as_str()) {
        wrong.wrong("model", "unknown");
    }
    let exam: Option<IgnoredAny> = read(cx.ports.db, sql::exam(&asked.exam)).await?.first()?;
    if exam.is_none() {
        wrong.wrong("exam", "unknown");
    }
    wrong.done()?;
    let (ports, id) = (cx.ports, cx.ports.new_id());
    let change = Change {
        statements: vec![
            sql::none_under_way(&asked.exam),
            sql::create(&id, &asked.exam, &asked.model, &cx.actor()?.account, ports.now),
        ],
        journal: vec![
            Entry::new("analysis.create", "analysis", &id)
                .after(json!({ "exam": asked.exam, "model": asked.model })),
        ],
        events: vec![Event { topic: ASKED, key: id.clone() }],
    };
    save(cx, Some(once), change, Response::json(&json!({ "id": id }))?.status(201)).await
}

/// Puts analyses into the queue of the worker that makes them.
pub async fn announce(ports: &Ports<'_>, ids: &[String]) -> Result<(), Fault> {
    let jobs: Vec<Job> = ids.iter().map(|id| Job { kind: JOB.into(), id: id.clone() }).collect();
    ports.courier.enqueue(&jobs).await
}

/// The analysis of the address.
async fn load(cx: &Cx<'_>) -> Result<Analysis, Error> {
    let id = cx.param("id");
    let row: Option<Row> = read(cx.ports.db, sql::by_id(id)).await?.first()?;
    let row = row.filter(|_| is_ulid(id)).ok_or_else(Refusal::not_found)?;
    Ok(row.into())
}

async fn one(cx: &Cx<'_>, _: &Request) -> Result<Response, Error> {
    Ok(Response::json(&load(cx).await?)?)
}

/// Texts that are JSON become it; flags get their words.
fn item_row(cx: &Cx<'_>, mut row: Value) -> Result<ItemRow, Fault> {
    for name in ["more", "flags"] {
        if let Some(Value::String(text)) = row.get(name) {
            let value: Value =
                serde_json::from_str(text).map_err(|e| Fault::new(format!("figures: {e}")))?;
            row[name] = value;
        }
    }
    let mut row: ItemRow =
        serde_json::from_value(row).map_err(|e| Fault::new(format!("figures: {e}")))?;
    for flag in &mut row.flags {
        flag.text = text(cx, flag);
    }
    Ok(row)
}

fn text(cx: &Cx<'_>, flag: &FlagRow) -> String {
    let number = |value: f64| plots::number(cx, value);
    let args = [
        ("value", number(flag.value)),
        ("bound", number(flag.bound)),
        ("option", flag.option.clone()),
    ];
    let args: Vec<(&str, &str)> =
        args.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let key = format!("flag.{}", flag.kind);
    ANALYSIS.find(cx.lang, &key).map_or_else(String::new, |_| ANALYSIS.fill(cx.lang, &key, &args))
}

async fn items(cx: &Cx<'_>, request: &Request) -> Result<Response, Error> {
    let analysis = load(cx).await?;
    let (mut flagged, mut after) = (false, (String::new(), 0));
    for (name, value) in request.query_pairs() {
        match name.as_str() {
            "flagged" => flagged = value == "1",
            "cursor" => {
                let parsed = value
                    .split_once('|')
                    .and_then(|(item, version)| Some((item.to_owned(), version.parse().ok()?)));
                after = parsed.ok_or_else(|| Refusal::new(Kind::Malformed, "malformed"))?;
            }
            _ => {}
        }
    }
    let asked = sql::items(&analysis.id, flagged, &after.0, after.1, PAGE as i64 + 1);
    let mut rows: Vec<Value> = read(cx.ports.db, asked).await?.all()?;
    let more = rows.len() > PAGE;
    rows.truncate(PAGE);
    let items: Vec<ItemRow> =
        rows.into_iter().map(|row| item_row(cx, row)).collect::<Result<_, _>>()?;
    let next = items.last().filter(|_| more).map(|last| format!("{}|{}", last.item, last.version));
    Ok(Response::json(&Items { items, next })?)
}

/// The item of the address.
async fn load_item(cx: &Cx<'_>) -> Result<ItemRow, Error> {
    let version = cx.param("version").parse().map_err(|_| Refusal::not_found())?;
    let asked = sql::item(cx.param("id"), cx.param("item"), version);
    let row: Option<Value> = read(cx.ports.db, asked).await?.first()?;
    Ok(item_row(cx, row.ok_or_else(Refusal::not_found)?)?)
}

async fn item(cx: &Cx<'_>, _: &Request) -> Result<Response, Error> {
    Ok(Response::json(&load_item(cx).await?)?)
}

async fn accept(cx: &Cx<'_>, request: &Request) -> Result<Response, Error> {
    let asked: Accept = request.json()?;
    let once = match once(cx, request).await? {
        Replay::Done(response) => return Ok(response),
        Replay::First(once) => once,
    };
    let analysis = load(cx).await?;
    let mut wrong = Check::default();
    if asked.items.is_empty() {
        wrong.wrong("items", "required");
    }
    if asked.items.len() > ACCEPT_MOST {
        wrong.wrong("items", "too_many");
    }
    wrong.done()?;
    if analysis.state != "done" {
        return Err(Refusal::new(Kind::Conflict, "state").into());
    }
    let pairs = json!(asked.items);
    let change = Change {
        statements: vec![sql::accept(&analysis.id, pairs.to_string())],
        journal: vec![
            Entry::new("analysis.accept", "analysis", &analysis.id)
                .after(json!({ "items": pairs })),
        ],
        events: Vec::new(),
    };
    save(cx, Some(once), change, Response::empty()).await
}
