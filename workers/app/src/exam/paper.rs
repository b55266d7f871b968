//! A session on paper, for when the line or the power is out: the forms of candidates are printed as
//! they would be shown, and what was written on them is typed in afterwards by two people.
//!
//! A form is drawn from the same secret as in the worker of tests and is therefore the same there,
//! whether the attempt was opened before or not. Keys are read nowhere here.

pub mod entry;
pub mod print;

use domain::{
    account::permission::Permission,
    bank::body::Body,
    exam::{
        deliver::veil,
        form::{self, Source},
    },
    shared::{lang::Lang, refusal::Refusal, row},
    sql,
};
use serde::Deserialize;
use serde_json::json;

use super::{
    key,
    sessions::{SessionRow, load},
};
use crate::{
    cx::Cx,
    error::{Error, Fault},
    ports::read,
};

/// An attempt with all that its form is drawn from.
#[derive(Deserialize)]
struct Sheet {
    id: String,
    candidate: String,
    person: String,
    attempt: u32,
    lang: String,
    seat: String,
    name: String,
    state: String,
    ended: Option<String>,
    exam: String,
    blueprint: String,
    commitment: String,
    sealed: String,
    pool: String,
    pool_version: String,
}

/// A task as the attempt has it.
struct Task {
    section: u16,
    body: Body,
}

const SHEET: &str = "SELECT a.id, a.candidate, a.person, a.attempt, a.lang, a.seat, a.state, a.ended, \
  trim(p.surname || ' ' || p.name || ' ' || p.patronymic) AS name, \
  e.id AS exam, e.blueprint, e.commitment, e.sealed, o.blob AS pool, o.version AS pool_version \
  FROM exam_attempt a JOIN exam e ON e.id = a.exam JOIN person p ON p.id = a.person \
  JOIN exam_pool o ON o.exam = a.exam AND o.lang = a.lang WHERE a.session = ?1 AND a.id = ?2";

async fn sheet(cx: &Cx<'_>, session: &SessionRow, attempt: &str) -> Result<Sheet, Error> {
    let found: Option<Sheet> =
        read(cx.ports.db, sql!(SHEET, &session.id, attempt)).await?.first()?;
    Ok(found.ok_or_else(Refusal::not_found)?)
}

/// The tasks of an attempt in its order and under its identifiers.
async fn tasks(cx: &Cx<'_>, sheet: &Sheet) -> Result<Vec<Task>, Error> {
    #[derive(Deserialize)]
    struct BodyRow {
        item: String,
        version: u16,
        #[serde(deserialize_with = "row::json")]
        body: Body,
    }
    let secret = key(cx.ports)?;
    let source = Source {
        exam: &sheet.exam,
        candidate: &sheet.candidate,
        attempt: sheet.attempt,
        blueprint: &sheet.blueprint,
        commitment: &sheet.commitment,
        sealed: &sheet.sealed,
    };
    let drawn = form::pool(&sheet.pool, &sheet.pool_version)
        .and_then(|pool| form::draw(source, &pool, &secret))
        .map_err(|no| Fault::new(format!("the form cannot be drawn: {no:?}")))?;
    let body = if Lang::parse(&sheet.lang) == Some(Lang::Ru) { "ru" } else { "kk" };
    let wanted = json!(drawn.slots).to_string();
    let rows: Vec<BodyRow> = read(
        cx.ports.db,
        sql!(
            format!(
                "SELECT v.item, v.version, v.{body} AS body FROM json_each(?1) j JOIN item_version v
                 ON v.item = j.value ->> '$.item' AND v.version = j.value ->> '$.version'"
            ),
            wanted
        ),
    )
    .await?
    .all()?;
    let task = |slot: &form::Slot| {
        let row = rows.iter().find(|row| row.item == slot.item && row.version == slot.version)?;
        Some(Task { section: slot.section, body: veil(&row.body, &drawn.key, &slot.item) })
    };
    let all: Option<Vec<Task>> = drawn.slots.iter().map(task).collect();
    Ok(all.ok_or_else(|| Fault::new("a body of a drawn item is missing"))?)
}

/// The session of the address, for those who run or watch it.
async fn room(cx: &Cx<'_>, id: &str) -> Result<SessionRow, Error> {
    let session = load(cx.ports, id).await?;
    let actor = cx.actor()?;
    let may = [Permission::TestManage, Permission::TestWatch];
    if may.into_iter().any(|permission| actor.may(permission, &session.path)) {
        Ok(session)
    } else {
        Err(Refusal::not_found().into())
    }
}
