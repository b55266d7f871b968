//! Changing a directory: a new edition of an item, or its end. Nothing is ever deleted, so a
//! case can always show the text that was valid on its day.

use chrono::NaiveDate;
use domain::{
    directory::NAMES,
    journal::Entry,
    shared::refusal::{Check, Refusal},
    sql,
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::{
    cx::Cx,
    error::Error,
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
    valid_from: NaiveDate,
    valid_to: Option<NaiveDate>,
}

/// The directory that the address names.
fn directory<'a>(cx: &'a Cx<'_>) -> Result<&'a str, Refusal> {
    let name = cx.param("name");
    if NAMES.contains(&name) { Ok(name) } else { Err(Refusal::not_found()) }
}

async fn editions(cx: &Cx<'_>, _: &Request) -> Result<Response, Error> {
    let rows: Vec<Edition> = read(
        cx.ports.db,
        sql!(
            "SELECT code, edition, kk, ru, en, valid_from, valid_to FROM directory_item
             WHERE directory = ?1 ORDER BY place, code, edition DESC LIMIT 2000",
            directory(cx)?
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
    #[serde(default)]
    attrs: Option<Value>,
    /// First day; empty = today.
    #[serde(default)]
    valid_from: Option<NaiveDate>,
    /// Last day; a day closes the item.
    #[serde(default)]
    valid_to: Option<NaiveDate>,
    reason: String,
}

/// Writes the next edition of an item (the first one, if the code is new). The edition before it
/// stays as it was; the newest one that has begun is the one that counts.
async fn write(cx: &Cx<'_>, request: &Request) -> Result<Response, Error> {
    #[derive(Deserialize)]
    struct Last {
        edition: i64,
        attrs: String,
        place: i64,
    }
    let once = match once(cx, request).await? {
        Replay::First(once) => once,
        Replay::Done(response) => return Ok(response),
    };
    let name = directory(cx)?;
    let input: Write = request.json()?;
    let from = input.valid_from.unwrap_or(cx.ports.now.day());
    let mut wrong = Check::default();
    let code_ok = (1..=60).contains(&input.code.len())
        && input.code.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_');
    if !code_ok {
        wrong.wrong("code", "code_shape");
    }
    for (field, code, value) in [("kk", "required_kk", &input.kk), ("ru", "required_ru", &input.ru)]
    {
        if value.trim().is_empty() {
            wrong.wrong(field, code);
        }
    }
    for (field, value) in [("kk", &input.kk), ("ru", &input.ru), ("en", &input.en)] {
        if value.chars().count() > 300 {
            wrong.wrong_with(field, "too_long", "max", 300);
        }
    }
    if input.reason.trim().is_empty() || input.reason.chars().count() > 500 {
        wrong.wrong("reason", "required");
    }
    if input.valid_to.is_some_and(|to| to < from) {
        wrong.wrong("valid_to", "dates");
    }
    wrong.done()?;
    let last: Option<Last> = read(
        cx.ports.db,
        sql!(
            "SELECT edition, attrs, place FROM directory_item WHERE directory = ?1 AND code = ?2
             ORDER BY edition DESC LIMIT 1",
            name,
            &input.code
        ),
    )
    .await?
    .first()?;
    let (edition, kept, place) =
        last.map_or((1, "{}".to_owned(), 1000), |last| (last.edition + 1, last.attrs, last.place));
    let attrs = input.attrs.as_ref().map_or(kept, Value::to_string);
    let mut entry = Entry::new("directory.write", "directory", format!("{name}/{}", input.code))
        .after(json!({ "edition": edition, "kk": input.kk, "ru": input.ru, "en": input.en,
            "valid_from": from, "valid_to": input.valid_to }));
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
            attrs,
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
