//! Files of items that leave the bank: one's own drafts as they are, everything else asked for,
//! approved by two others, marked and sealed.

use std::collections::BTreeMap;

use data_encoding::BASE64;
use domain::{
    account::permission::Permission,
    bank::{
        api::{ExportRow, Exports, MarkFound},
        life::Part,
        mark,
        parity::Content,
        release::{
            Ask, Format, Row, Stage, ask as ask_sql, by_marks, chosen, decide, list, one, taken,
            unchanged,
        },
        rule::rule,
        sql::{Row as ItemRow, with_key},
    },
    journal::Entry,
    shared::{
        id::is_ulid,
        refusal::{Kind, Refusal},
    },
};
use item_exchange::{Written, gift, moodle, qti, sealed, table};
use serde::Deserialize;
use serde_json::json;

use super::{item, media, parts};
use crate::{
    cx::Cx,
    error::{Error, Fault},
    http::{Request, Response},
    import::workbook::{Cell, workbook},
    ports::{read, read_all},
    save::{Change, Replay, once, save},
    secret,
};

/// Seconds of a day.
const DAY: i64 = 86_400;
/// Items that are read in one trip.
const TRIP: usize = 20;
/// Type of a workbook.
const WORKBOOK: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
/// Longest text that a mark is looked for in, characters.
const LEAK_MAX: usize = 200_000;
/// What the parts of a password are made of: no letters that look alike.
const LETTERS: &[u8; 32] = b"ABCDEFGHJKLMNPQRSTUVWXYZ23456789";

/// Half of the password of an export, five groups of four letters: 100 bits. It is nowhere kept.
fn half(cx: &Cx<'_>, row: &Row, which: u8) -> Result<String, Fault> {
    let code = secret::mac(cx.ports, "bank-export", &format!("{}:{}:{which}", row.id, row.mark))?;
    // The code is text of six bits a letter; a digest of it spreads evenly over 32 letters.
    let digest = secret::digest(&code);
    let letters: Vec<char> = digest
        .as_bytes()
        .chunks(2)
        .take(20)
        .filter_map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok())
        .filter_map(|byte| LETTERS.get(usize::from(byte % 32)))
        .map(|letter| char::from(*letter))
        .collect();
    Ok(letters
        .chunks(4)
        .map(|group| group.iter().collect::<String>())
        .collect::<Vec<_>>()
        .join("-"))
}

fn shown(cx: &Cx<'_>, row: &Row) -> Result<ExportRow, Error> {
    let me = &cx.actor()?.account;
    let may = cx.actor()?.may_somewhere(Permission::ItemGuard);
    let over = row.state == Stage::Refused;
    let mine = row.half_of(me).filter(|_| !over);
    let open = row.state == Stage::Asked && cx.ports.now < row.until;
    Ok(ExportRow {
        id: row.id.clone(),
        version: row.version,
        format: row.format,
        purpose: row.purpose.clone(),
        items: row.items,
        state: row.state,
        asked_name: row.asked_name.clone(),
        asked_at: row.asked_at,
        first_name: row.first_name.clone().unwrap_or_default(),
        second_name: row.second_name.clone().unwrap_or_default(),
        taken_at: row.taken_at,
        until: row.until,
        half: mine.map(|which| half(cx, row, which)).transpose()?.unwrap_or_default(),
        may_decide: may && open && row.asked_by != *me && row.half_of(me).is_none(),
        may_take: row.takable(me, cx.ports.now).is_ok(),
        mark: if may { row.mark.clone() } else { String::new() },
    })
}

/// Whether somebody has to do with exports.
fn concerned(cx: &Cx<'_>) -> Result<bool, Error> {
    let actor = cx.actor()?;
    let may = |permission| actor.may_somewhere(permission);
    Ok(may(Permission::ItemExport) || may(Permission::ItemGuard))
}

/// `GET exports`.
pub(super) async fn all(cx: &Cx<'_>, _: &Request) -> Result<Response, Error> {
    let rows: Vec<Row> = match concerned(cx)? {
        true => read(cx.ports.db, list()).await?.all()?,
        false => Vec::new(),
    };
    let items = rows.iter().map(|row| shown(cx, row)).collect::<Result<_, _>>()?;
    Ok(Response::json(&Exports { items })?)
}

/// `POST exports`: asks for one.
pub(super) async fn ask(cx: &Cx<'_>, request: &Request) -> Result<Response, Error> {
    #[derive(Deserialize)]
    struct Id {}
    let asked: Ask = request.json()?;
    let once = match once(cx, request).await? {
        Replay::Done(response) => return Ok(response),
        Replay::First(once) => once,
    };
    let mut wrong = asked.check();
    let most = rule().export_most;
    let found: Vec<Id> = read(cx.ports.db, chosen(&asked.filter, most + 1)).await?.all()?;
    if found.is_empty() {
        wrong.wrong("items", "bank_no_items");
    }
    if found.len() > most {
        wrong.wrong_with("items", "bank_many_items", "max", most);
    }
    wrong.done()?;
    let (ports, id) = (cx.ports, cx.ports.new_id());
    let mut bytes = [0; 8];
    (ports.random)(&mut bytes);
    let mark = format!("{:016x}", u64::from_be_bytes(bytes));
    let until = ports.now.plus_seconds(rule().export_days * DAY);
    let me = &cx.actor()?.account;
    let change = Change {
        statements: vec![ask_sql(&id, &asked, found.len(), &mark, me, (ports.now, until))],
        journal: vec![Entry::new("item.export_ask", "item_export", &id).after(
            json!({ "format": asked.format, "items": found.len(), "purpose": asked.purpose }),
        )],
        events: Vec::new(),
    };
    save(cx, Some(once), change, Response::json(&json!({ "id": id }))?.status(201)).await
}

async fn load(cx: &Cx<'_>) -> Result<Row, Error> {
    let id = cx.param("id");
    if !is_ulid(id) {
        return Err(Refusal::not_found().into());
    }
    let row: Option<Row> = read(cx.ports.db, one(id)).await?.first()?;
    Ok(row.ok_or_else(Refusal::not_found)?)
}

/// `POST exports/{id}/decision {approve}`.
pub(super) async fn decision(cx: &Cx<'_>, request: &Request) -> Result<Response, Error> {
    #[derive(Deserialize)]
    struct Decision {
        approve: bool,
    }
    let said: Decision = request.json()?;
    let version = item::version_of(request)?;
    let once = match once(cx, request).await? {
        Replay::Done(response) => return Ok(response),
        Replay::First(once) => once,
    };
    let row = load(cx).await?;
    let statement = decide(&row, said.approve, &cx.actor()?.account, cx.ports.now)?;
    let action = if said.approve { "item.export_approve" } else { "item.export_refuse" };
    let change = Change {
        statements: vec![unchanged(&row.id, version), statement],
        journal: vec![Entry::new(action, "item_export", &row.id)],
        events: Vec::new(),
    };
    // The half of the password is not part of the kept answer: it is read afterwards.
    save(cx, Some(once), change, Response::json(&json!({ "version": version + 1 }))?).await
}

/// `POST exports/{id}/file`: the sealed file, for who asked. A line may break: it can be taken
/// again until its time is over, and each time is in the journal.
pub(super) async fn file(cx: &Cx<'_>, _: &Request) -> Result<Response, Error> {
    #[derive(Deserialize)]
    struct Id {
        id: String,
    }
    let row = load(cx).await?;
    row.takable(&cx.actor()?.account, cx.ports.now)?;
    let ids: Vec<Id> = read(cx.ports.db, chosen(&row.filter, rule().export_most)).await?.all()?;
    let ids: Vec<String> = ids.into_iter().map(|row| row.id).collect();
    let mut items = contents(cx, &ids).await?;
    for content in &mut items {
        for body in [&mut content.kk, &mut content.ru].into_iter().flatten() {
            mark::put(body, &row.mark);
        }
    }
    let written = written(cx, &items, row.format).await?;
    let password = format!("{}-{}", half(cx, &row, 1)?, half(cx, &row, 2)?);
    let mut salt = [0; 16];
    (cx.ports.random)(&mut salt);
    let sealed = sealed::seal(row.format.file(), &written.bytes, &password, salt)
        .ok_or_else(|| Fault::new("an export that cannot be sealed"))?;
    let change = Change {
        statements: vec![taken(&row.id, cx.ports.now)],
        journal: vec![
            Entry::new("item.export_take", "item_export", &row.id)
                .after(json!({ "items": items.len() })),
        ],
        events: Vec::new(),
    };
    let answer = attached("application/zip", &format!("bank-{}.zip", row.asked_at.day()), sealed);
    save(cx, None, change, answer).await
}

/// `GET items/{id}/file?format=`: an item that its author wrote and no candidate has met, as it is.
pub(super) async fn own(cx: &Cx<'_>, request: &Request) -> Result<Response, Error> {
    let asked = request.query_pairs().into_iter().find(|(name, _)| name == "format");
    let format = asked.and_then(|(_, code)| Format::parse(&code)).ok_or_else(|| {
        let mut wrong = domain::shared::refusal::Check::default();
        wrong.wrong("format", "unknown");
        Refusal::fields(wrong.0)
    })?;
    let loaded = item::load(cx, None).await?;
    let actor = cx.actor()?;
    let author = parts(actor).contains(&Part::Author) && loaded.wrote(&actor.account);
    if !author || loaded.row.state.was_used() || loaded.row.live.is_some() {
        return Err(Refusal::new(Kind::Forbidden, "bank_export_own").into());
    }
    let content = loaded.row.content();
    let written = written(cx, std::slice::from_ref(&content), format).await?;
    let change = Change {
        journal: vec![Entry::new("item.export_own", "item", &loaded.row.id)],
        ..Change::default()
    };
    save(cx, None, change, attached(written.kind, format.file(), written.bytes)).await
}

fn attached(kind: &'static str, name: &str, bytes: Vec<u8>) -> Response {
    Response::new(200, kind, bytes)
        .header("content-disposition", format!("attachment; filename=\"{name}\""))
}

async fn contents(cx: &Cx<'_>, ids: &[String]) -> Result<Vec<Content>, Error> {
    let mut out = Vec::new();
    for part in ids.chunks(TRIP) {
        let asked = part.iter().map(|id| with_key(id, None)).collect();
        for rows in read_all(cx.ports.db, asked).await? {
            out.extend(rows.first::<ItemRow>()?.map(|row| row.content()));
        }
    }
    Ok(out)
}

async fn written(cx: &Cx<'_>, items: &[Content], format: Format) -> Result<Written, Error> {
    let mut images: BTreeMap<String, (Vec<u8>, String)> = BTreeMap::new();
    let bodies = items.iter().flat_map(|one| [one.kk.as_ref(), one.ru.as_ref()]).flatten();
    for hash in bodies.flat_map(|body| body.images()) {
        if !images.contains_key(hash)
            && let Some((kind, bytes)) = media::bytes(cx, hash).await?
        {
            images.insert(hash.to_owned(), (bytes, kind.to_owned()));
        }
    }
    let address = |hash: &str| match images.get(hash) {
        Some((bytes, kind)) => format!("data:{kind};base64,{}", BASE64.encode(bytes)),
        None => String::new(),
    };
    let package = |version| {
        qti::write(items, &|hash| images.get(hash).cloned(), version)
            .map_err(|refused| Fault::new(format!("export: {refused:?}")))
    };
    Ok(match format {
        Format::Qti3 => package(qti::Version::V3)?,
        Format::Qti2 => package(qti::Version::V2)?,
        Format::Gift => gift::write(items, &address),
        Format::Moodle => moodle::write(items, &address),
        Format::Csv => {
            let (rows, notes) = table::write(items);
            Written { bytes: csv(&rows).into_bytes(), kind: "text/csv; charset=utf-8", notes }
        }
        Format::Xlsx => {
            let (rows, notes) = table::write(items);
            let cells = |row: Vec<String>| row.into_iter().map(Cell::Text).collect();
            let rows: Vec<Vec<Cell>> = rows.into_iter().map(cells).collect();
            Written { bytes: workbook("Items", &rows), kind: WORKBOOK, notes }
        }
    })
}

/// Rows as spreadsheets read them (RFC 4180, with the mark of UTF-8). What would be taken for a
/// formula begins with an apostrophe.
fn csv(rows: &[Vec<String>]) -> String {
    let mut out = String::from('\u{feff}');
    for row in rows {
        let cells: Vec<String> = row
            .iter()
            .map(|cell| {
                let formula = cell.starts_with(['=', '+', '-', '@', '\t', '\r']);
                let number = cell.parse::<f64>().is_ok();
                let quote = if formula && !number { "'" } else { "" };
                format!("\"{quote}{}\"", cell.replace('"', "\"\""))
            })
            .collect();
        out.push_str(&cells.join(","));
        out.push_str("\r\n");
    }
    out
}

/// `POST marks {text}`: which exports a text came from.
pub(super) async fn marks(cx: &Cx<'_>, request: &Request) -> Result<Response, Error> {
    #[derive(Deserialize)]
    struct Leak {
        text: String,
    }
    let leak: Leak = request.json()?;
    if leak.text.chars().count() > LEAK_MAX {
        return Err(Refusal::new(Kind::TooLarge, "too_large").into());
    }
    let found = mark::find(&leak.text);
    let rows: Vec<Row> = read(cx.ports.db, by_marks(&found)).await?.all()?;
    let exports = rows.iter().map(|row| shown(cx, row)).collect::<Result<_, _>>()?;
    Ok(Response::json(&MarkFound { marks: found, exports })?)
}
