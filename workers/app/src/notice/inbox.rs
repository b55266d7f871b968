//! The inbox of the cabinet: notices of the person who is signed in, in the reader's language.

use domain::{
    notice::{
        Args, Event, Part,
        api::{NoticeList, NoticeRow, ReadInput, Unread},
        render::{Edited, link, part},
        spec,
    },
    shared::{
        id::is_ulid,
        lang::Text,
        refusal::{Check, Kind, Refusal},
        row,
        time::Timestamp,
    },
    sql,
};
use serde::Deserialize;

use crate::{
    cx::Cx,
    error::Error,
    http::{Request, Response},
    ports::{Rows, page, read_all},
    route,
    routes::Route,
    secret::digest,
};

/// Routes of this feature.
pub const ROUTES: &[Route] = &[
    route!(Get "/api/v1/cabinet/my/notices", SignedIn, Cabinet, list),
    route!(Post "/api/v1/cabinet/my/notices/read", SignedIn, Cabinet, mark_read),
];

/// Notices on a page.
const PAGE: usize = 30;
/// Notices marked by name at once.
const MARKS: usize = 200;

#[derive(Deserialize)]
struct Stored {
    id: String,
    event: String,
    object_id: String,
    #[serde(deserialize_with = "row::json")]
    args: Args,
    at: Timestamp,
    read_at: Option<Timestamp>,
}

#[derive(Deserialize)]
struct Head {
    unread: i64,
    newest: Option<String>,
    last_read: Option<String>,
}

/// An edited text.
#[derive(Deserialize)]
pub(crate) struct EditedRow {
    pub event: String,
    pub part: Part,
    pub kk: String,
    pub ru: String,
    pub en: String,
}

/// The texts that the operator has put in the place of shipped ones, of some events.
pub(crate) fn edited(rows: &[EditedRow], event: &str) -> Edited {
    rows.iter()
        .filter(|row| row.event == event && !row.kk.is_empty())
        .map(|row| {
            let text = Text { kk: row.kk.clone(), ru: row.ru.clone(), en: row.en.clone() };
            (row.part, text)
        })
        .collect()
}

/// The newest version of every edited text.
pub(crate) const EDITED: &str = "SELECT event, part, kk, ru, en FROM message_template t
  WHERE version = (SELECT max(version) FROM message_template m WHERE m.event = t.event AND m.part = t.part)";

fn head(account: &str) -> domain::shared::statement::Statement {
    sql!(
        "SELECT count(*) FILTER (WHERE read_at IS NULL) AS unread, max(id) AS newest, max(read_at) AS last_read
         FROM notice WHERE account = ?1",
        account
    )
}

fn first_head(rows: Option<&Rows>) -> Result<Head, Error> {
    let found = rows.map(Rows::first::<Head>).transpose()?.flatten();
    Ok(found.unwrap_or(Head { unread: 0, newest: None, last_read: None }))
}

async fn list(cx: &Cx<'_>, request: &Request) -> Result<Response, Error> {
    let account = cx.actor()?.account.clone();
    let pairs = request.query_pairs();
    let asked = |name: &str| {
        pairs.iter().find(|(have, _)| have == name).map_or("", |(_, value)| value.as_str())
    };
    let (cursor, filter) = (asked("cursor"), asked("filter"));
    if !cursor.is_empty() && !is_ulid(cursor) {
        return Err(Refusal::new(Kind::Malformed, "cursor").into());
    }
    let events: Vec<&str> = domain::notice::all()
        .values()
        .filter(|spec| filter.is_empty() || filter == "unread" || spec.group == filter)
        .map(|spec| spec.event.code())
        .collect();
    // Asking for news costs one small look: nothing is read where nothing changed.
    let before = first_head(read_all(cx.ports.db, vec![head(&account)]).await?.first())?;
    let tag = format!(
        "\"{}\"",
        digest(&format!(
            "{} {} {:?} {:?} {cursor} {filter} {}",
            account,
            before.unread,
            before.newest,
            before.last_read,
            cx.lang.code()
        ))
        .get(..20)
        .unwrap_or_default()
    );
    if request.header("if-none-match").is_some_and(|have| have.split(',').any(|t| t.trim() == tag))
    {
        let unchanged = Response { headers: Vec::new(), ..Response::new(304, "", Vec::new()) };
        return Ok(unchanged.header("etag", tag));
    }
    let rows = read_all(
        cx.ports.db,
        vec![
            sql!(
                "SELECT id, event, object_id, args, at, read_at FROM notice
                 WHERE account = ?1 AND (?2 = '' OR id < ?2) AND (?3 <> 'unread' OR read_at IS NULL)
                   AND event IN (SELECT value FROM json_each(?4))
                 ORDER BY id DESC LIMIT ?5",
                &account,
                cursor,
                filter,
                serde_json::json!(events).to_string(),
                PAGE as i64 + 1
            ),
            sql!(EDITED),
        ],
    )
    .await?;
    let mut stored: Vec<Stored> = rows.first().map(Rows::all).transpose()?.unwrap_or_default();
    let texts: Vec<EditedRow> = rows.get(1).map(Rows::all).transpose()?.unwrap_or_default();
    let next = page(&mut stored, PAGE, |last| last.id.clone());
    let items = stored.into_iter().filter_map(|one| shown(cx, one, &texts)).collect();
    let answer = NoticeList { items, next, unread: before.unread };
    Ok(Response::json(&answer)?.header("etag", tag))
}

/// A notice in words. An event that this build does not know (it was rolled back) is left out.
fn shown(cx: &Cx<'_>, one: Stored, texts: &[EditedRow]) -> Option<NoticeRow> {
    let spec = spec(Event::parse(&one.event)?)?;
    let edited = edited(texts, &one.event);
    Some(NoticeRow {
        title: part(spec, &edited, Part::Title, cx.lang, &one.args),
        body: part(spec, &edited, Part::Body, cx.lang, &one.args),
        link: link(spec, &one.object_id),
        id: one.id,
        event: one.event,
        group: spec.group.clone(),
        significant: spec.significant,
        at: one.at,
        read_at: one.read_at,
    })
}

/// Marks as read. Doing it twice changes nothing, so it needs no idempotency key.
async fn mark_read(cx: &Cx<'_>, request: &Request) -> Result<Response, Error> {
    let account = cx.actor()?.account.clone();
    let input: ReadInput = request.json()?;
    let mut check = Check::default();
    if input.ids.len() > MARKS || input.ids.iter().any(|id| !is_ulid(id)) {
        check.wrong_with("ids", "list_long", "max", MARKS);
    }
    if input.until.as_ref().is_some_and(|id| !is_ulid(id)) {
        check.wrong("until", "format");
    }
    check.done()?;
    let batch = vec![
        sql!(
            "UPDATE notice SET read_at = ?3 WHERE account = ?1 AND read_at IS NULL
               AND (id IN (SELECT value FROM json_each(?2)) OR id <= ?4)",
            &account,
            serde_json::json!(input.ids).to_string(),
            cx.ports.now,
            input.until.unwrap_or_default()
        ),
        head(&account),
    ];
    let rows = cx.ports.db.batch(batch).await.map_err(crate::save::refused)?;
    let head = first_head(rows.get(1))?;
    Ok(Response::json(&Unread { unread: head.unread })?)
}
