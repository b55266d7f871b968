//! Changing a directory: a new edition of an item, or its end. Nothing is ever deleted, so a
//! case can always show the text that was valid on its day.

use chrono::NaiveDate;
use domain::{
    directory::{
        Book, NAMES,
        shape::{self, NAME},
    },
    journal::Entry,
    shared::{
        refusal::{Check, Kind, Refusal},
        row,
        time::Timestamp,
    },
    sql,
    vacancy::content::Directories,
};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use crate::{
    cx::Cx,
    error::Error,
    facts,
    http::{Request, Response},
    ports::read,
    route,
    routes::Route,
    save::{Change, Event, Replay, once, save},
};

/// Routes of this feature.
pub const ROUTES: &[Route] = &[
    route!(Get "/api/v1/cabinet/directories/{name}/editions", May(DirectoryEdit), Cabinet, editions),
    route!(Post "/api/v1/cabinet/directories/{name}", May(DirectoryEdit), Cabinet, write),
];

#[derive(Serialize, Deserialize)]
struct Edition {
    code: String,
    edition: i64,
    kk: String,
    ru: String,
    en: String,
    #[serde(deserialize_with = "row::json")]
    attrs: Value,
    valid_from: NaiveDate,
    valid_to: Option<NaiveDate>,
}

/// The directory that the address names.
fn directory<'a>(cx: &'a Cx<'_>) -> Result<&'a str, Refusal> {
    let name = cx.param("name");
    if NAMES.contains(&name) { Ok(name) } else { Err(Refusal::not_found()) }
}

/// `GET …/editions?code=`: all editions of all items, or of one, the newest of each first.
async fn editions(cx: &Cx<'_>, request: &Request) -> Result<Response, Error> {
    let code = request.query_pairs().into_iter().find(|(name, _)| name == "code");
    let rows: Vec<Edition> = read(
        cx.ports.db,
        sql!(
            "SELECT code, edition, kk, ru, en, attrs, valid_from, valid_to FROM directory_item
             WHERE directory = ?1 AND (?2 IS NULL OR code = ?2)
             ORDER BY place, code, edition DESC LIMIT 2000",
            directory(cx)?,
            code.map(|(_, code)| code)
        ),
    )
    .await?
    .all()?;
    Ok(Response::json(&rows)?)
}

#[derive(Deserialize)]
struct Write {
    code: String,
    kk: String,
    ru: String,
    #[serde(default)]
    en: String,
    /// What is known beside the names; nothing = as it was.
    #[serde(default)]
    attrs: Option<Map<String, Value>>,
    /// First day; empty = today.
    #[serde(default)]
    valid_from: Option<NaiveDate>,
    /// Last day; a day closes the item.
    #[serde(default)]
    valid_to: Option<NaiveDate>,
    /// The newest edition that the person saw, 0 = there was none. Nothing = whatever there is.
    #[serde(default)]
    seen: Option<i64>,
    reason: String,
}

/// The newest edition of an item.
#[derive(Deserialize)]
struct Last {
    edition: i64,
    #[serde(deserialize_with = "row::json")]
    attrs: Value,
    place: i64,
    valid_from: NaiveDate,
}

/// Writes the next edition of an item (the first one, if the code is new). The edition before it
/// stays as it was; the newest one that has begun is the one that counts.
async fn write(cx: &Cx<'_>, request: &Request) -> Result<Response, Error> {
    let once = match once(cx, request).await? {
        Replay::First(once) => once,
        Replay::Done(response) => return Ok(response),
    };
    let name = directory(cx)?;
    let input: Write = request.json()?;
    let from = input.valid_from.unwrap_or(cx.ports.now.day());
    let newest = sql!(
        "SELECT edition, attrs, place, valid_from FROM directory_item
         WHERE directory = ?1 AND code = ?2 ORDER BY edition DESC LIMIT 1",
        name,
        &input.code
    );
    let (book, _, rows) = facts::load(cx.ports, vec![newest]).await?;
    let last: Option<Last> = rows.first().map(|rows| rows.first()).transpose()?.flatten();
    check(name, &input, from, last.as_ref(), &book, cx.ports.now)?;
    let found = last.as_ref().map_or(0, |last| last.edition);
    if input.seen.is_some_and(|seen| seen != found) {
        return Err(Refusal::new(Kind::Stale, "stale").into());
    }
    let (edition, kept, place) =
        last.map_or((1, json!({}), 1000), |last| (last.edition + 1, last.attrs, last.place));
    let attrs = input.attrs.map_or(kept, Value::Object);
    let mut entry = Entry::new("directory.write", "directory", format!("{name}/{}", input.code))
        .after(json!({ "edition": edition, "kk": input.kk, "ru": input.ru, "en": input.en,
            "attrs": attrs, "valid_from": from, "valid_to": input.valid_to }));
    entry.reason = Some(input.reason.trim().to_owned());
    let change = Change {
        statements: vec![sql!(
            "INSERT INTO directory_item (directory, code, edition, kk, ru, en, attrs, place, valid_from, valid_to)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
            name,
            &input.code,
            edition,
            input.kk.trim(),
            input.ru.trim(),
            input.en.trim(),
            attrs.to_string(),
            place,
            from,
            input.valid_to
        )],
        journal: vec![entry],
        events: vec![Event { topic: "names.changed", key: name.to_owned() }],
    };
    let answer = json!({ "code": input.code, "edition": edition });
    save(cx, Some(once), change, Response::json(&answer)?.status(201)).await
}

fn check(
    name: &str,
    input: &Write,
    from: NaiveDate,
    last: Option<&Last>,
    book: &Book,
    now: Timestamp,
) -> Result<(), Refusal> {
    let mut wrong = Check::default();
    let code_ok = (1..=60).contains(&input.code.len())
        && input.code.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_');
    if !code_ok {
        wrong.wrong("code", "code_shape");
    }
    // A code that somebody has used already is another item, not a new edition of it.
    if input.seen == Some(0) && last.is_some() {
        wrong.wrong("code", "code_taken");
    }
    for (field, code, value) in [("kk", "required_kk", &input.kk), ("ru", "required_ru", &input.ru)]
    {
        if value.trim().is_empty() {
            wrong.wrong(field, code);
        }
    }
    for (field, value) in [("kk", &input.kk), ("ru", &input.ru), ("en", &input.en)] {
        if value.chars().count() > NAME {
            wrong.wrong_with(field, "too_long", "max", NAME);
        }
    }
    let none = Value::Null;
    let before = last.map_or(&none, |last| &last.attrs);
    match &input.attrs {
        Some(attrs) => {
            shape::check(name, attrs, before, |name, code| book.has(name, code), &mut wrong);
        }
        None if last.is_none() => {
            shape::check(name, &Map::new(), before, |_, _| true, &mut wrong);
        }
        None => {}
    }
    // What was valid on a day that is over stays what it was.
    if from < now.day() {
        wrong.wrong("valid_from", "edition_past");
    } else if last.is_some_and(|last| from < last.valid_from) {
        wrong.wrong("valid_from", "edition_order");
    }
    if input.valid_to.is_some_and(|to| to < from) {
        wrong.wrong("valid_to", "dates");
    }
    if input.reason.trim().is_empty() {
        wrong.wrong("reason", "required");
    } else if input.reason.chars().count() > 500 {
        wrong.wrong_with("reason", "too_long", "max", 500);
    }
    wrong.done()
}
