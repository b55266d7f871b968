//! An organisation compares records of people's profiles with their originals: confirms them, sends
//! them back, or finds them to be false. Nobody compares his own.

use chrono::NaiveDate;
use domain::{
    account::permission::Permission,
    application::sql::{FileRow, files_of},
    directory::Book,
    journal::Entry,
    notice::{Event, Notice, args},
    profile::{
        api::{Comparing, ConfirmCommand, Item, ItemState, Waiting},
        item::{Act, decide, title},
        kind::{Field, Form, Kind},
        meter::name,
        sql::{
            self as profile_sql,
            confirm::{self, CaseRow, WaitingRow},
        },
    },
    shared::{
        format::date,
        id::is_ulid,
        lang::{Lang, Text},
        locale::{NOTICE, PROFILE},
        refusal::{Check, Kind as RefusalKind, Refusal},
    },
};
use serde_json::{Value, json};

use crate::{
    cabinet::my::if_match,
    cx::Cx,
    entry::problem,
    error::Error,
    facts,
    http::{Request, Response},
    notice,
    ports::{Rows, read},
    route,
    routes::Route,
    save::{Change, Replay, once, save},
};

/// Routes of this feature.
pub const ROUTES: &[Route] = &[
    route!(Get "/api/v1/cabinet/records", May(ProfileConfirm), Cabinet, list),
    route!(Get "/api/v1/cabinet/records/{id}", May(ProfileConfirm), Cabinet, show),
    route!(Post "/api/v1/cabinet/records/{id}/commands", May(ProfileConfirm), Cabinet, command),
];

/// A text made alike in the three languages.
fn each(of: impl Fn(Lang) -> String) -> Text {
    Text { kk: of(Lang::Kk), ru: of(Lang::Ru), en: of(Lang::En) }
}

/// Records of the list at most: what is older than all of them is compared first.
const LIST: u32 = 200;
/// Longest reason, characters.
const REASON: usize = 1000;

async fn list(cx: &Cx<'_>, _: &Request) -> Result<Response, Error> {
    let actor = cx.actor()?;
    let reach = actor.reach(Permission::ProfileConfirm);
    let rows: Vec<WaitingRow> = read(cx.ports.db, confirm::waiting(&reach, LIST)).await?.all()?;
    let items: Vec<Waiting> = rows
        .into_iter()
        .map(|row| Waiting {
            title: title(row.kind, &row.record),
            who: row.asked.who.clone(),
            organisation: row.asked.organisation(),
            own: row.asked.person == actor.person,
            id: row.id,
            kind: row.kind,
            files: row.files,
            since: row.changed_at,
        })
        .collect();
    Ok(Response::json(&json!({ "items": items }))?)
}

/// A record that an organisation within reach was asked about and has not answered about yet.
/// Everything else is not found.
async fn load(cx: &Cx<'_>) -> Result<CaseRow, Error> {
    let id = cx.param("id");
    if !is_ulid(id) {
        return Err(Refusal::not_found().into());
    }
    let found: Option<CaseRow> = read(cx.ports.db, confirm::case(id)).await?.first()?;
    let case = found.ok_or_else(Refusal::not_found)?;
    let actor = cx.actor()?;
    let asked = case.item.state == ItemState::Submitted;
    if !asked || !actor.may(Permission::ProfileConfirm, &case.asked.path) {
        return Err(Refusal::not_found().into());
    }
    if case.asked.person == actor.person {
        return Err(Refusal::new(RefusalKind::Forbidden, "record_own").into());
    }
    Ok(case)
}

/// What a field says, in words; `None` where it is empty.
fn said(field: &Field, kind: Kind, value: &Value, book: &Book) -> Option<Text> {
    let plain = |text: String| Some(each(|_| text.clone()));
    let code = value.as_str().unwrap_or_default();
    match (field.form, value) {
        (_, Value::Null) => None,
        (Form::Choice(_), _) if field.name == "document" => Some(book.name("document_type", code)),
        (Form::Choice(_), _) => {
            Some(each(|lang| kind.spec().choice(lang, field.name, code).to_owned()))
        }
        (Form::Code(directory), _) => Some(book.name(directory, code)),
        (Form::Day, _) => {
            let day: NaiveDate = code.parse().ok()?;
            Some(each(|lang| date(lang, day)))
        }
        (Form::Hundredths(_), _) => {
            let n = value.as_u64()?;
            plain(format!("{},{:02}", n / 100, n % 100))
        }
        (_, Value::Bool(yes)) => {
            let key = if *yes { "export.yes" } else { "export.no" };
            Some(each(|lang| PROFILE.get(lang, key).to_owned()))
        }
        (_, Value::Array(all)) => {
            let names: Vec<&str> = all.iter().filter_map(Value::as_str).collect();
            plain(names.join(", "))
        }
        (_, Value::String(text)) => plain(text.clone()),
        (_, other) => plain(other.to_string()),
    }
}

/// What a record says, field by field in the order of its form.
fn facts_of(item: &Item, book: &Book) -> Vec<(Text, Text)> {
    let spec = item.kind.spec();
    let of = |field: &Field| {
        let value = said(field, item.kind, item.record.get(field.name)?, book)?;
        Some((each(|lang| spec.label(lang, field.name).to_owned()), value))
    };
    spec.fields.iter().filter_map(of).collect()
}

async fn show(cx: &Cx<'_>, _: &Request) -> Result<Response, Error> {
    let case = load(cx).await?;
    let evidence = files_of(&case.item.evidence, &case.asked.person);
    let (book, _, rows) = facts::load(cx.ports, vec![evidence]).await?;
    let files: Vec<FileRow> = rows.first().map(Rows::all).transpose()?.unwrap_or_default();
    let version = case.item.version;
    let looked = Entry::new("profile.view", "person", &case.asked.person)
        .of(&case.asked.asked)
        .after(json!({ "record": case.item.id, "kind": case.item.kind.code() }));
    let answer = Comparing {
        title: title(case.item.kind, &case.item.record),
        facts: facts_of(&case.item, &book),
        who: case.asked.who.clone(),
        organisation: case.asked.organisation(),
        files: files.into_iter().map(|row| row.file).collect(),
        item: case.item,
    };
    let response = Response::json(&answer)?.header("etag", format!("\"{version}\""));
    save(cx, None, Change { journal: vec![looked], ..Change::default() }, response).await
}

fn reason(text: String) -> Result<String, Refusal> {
    let mut check = Check::default();
    if text.trim().is_empty() {
        check.wrong("reason", "required");
    }
    if text.chars().count() > REASON {
        check.wrong_with("reason", "too_long", "max", REASON);
    }
    check.done()?;
    Ok(text.trim().to_owned())
}

async fn command(cx: &Cx<'_>, request: &Request) -> Result<Response, Error> {
    let once = match once(cx, request).await? {
        Replay::First(once) => once,
        Replay::Done(response) => return Ok(response),
    };
    let version = if_match(request)?;
    let act = match request.json()? {
        ConfirmCommand::Confirm => Act::Confirm,
        ConfirmCommand::Return { reason: text } => Act::Return { reason: reason(text)? },
        ConfirmCommand::Reject { reason: text } => Act::Reject { reason: reason(text)? },
    };
    let case = load(cx).await?;
    if case.item.version != version {
        return conflict(cx, &case.item);
    }
    let mut next = decide(&case.item, &act)?;
    next.changed_at = cx.ports.now;
    let account = &cx.actor()?.account;
    let remind = super::my::reminders::next_of(cx.ports, &next)?;
    let journal = Entry::new(format!("profile.{}", act.name()), "record", &next.id)
        .of(&case.asked.asked)
        .before(json!({ "state": case.item.state, "version": case.item.version }))
        .after(json!({ "kind": next.kind.code(), "state": next.state, "version": next.version }));
    let mut change = Change {
        statements: profile_sql::update(&next, Some(account), remind, cx.ports.now),
        journal: vec![journal],
        events: vec![],
    };
    tell(cx, &case, &next, &act, &mut change);
    let answer = Response::json(&json!({ "id": next.id, "state": next.state }))?;
    match save(cx, Some(once), change, answer).await {
        Err(Error::Refusal(refusal)) if refusal.kind == RefusalKind::Stale => {
            conflict(cx, &load(cx).await?.item)
        }
        other => other,
    }
}

/// 412 with the record as it stands: its owner was faster.
fn conflict(cx: &Cx<'_>, current: &Item) -> Result<Response, Error> {
    let mut body = problem(cx, &Refusal::new(RefusalKind::Stale, "stale"));
    body["conflict"] = json!({ "current": current });
    Ok(Response::new(412, "application/problem+json", body.to_string()))
}

/// The owner is told what came of it.
fn tell(cx: &Cx<'_>, case: &CaseRow, next: &Item, act: &Act, change: &mut Change) {
    let Some(account) = case.account.clone() else { return };
    let outcome = each(|lang| {
        let words = NOTICE.fill(lang, &format!("compared.{}", act.name()), &[]);
        match act {
            Act::Return { reason } | Act::Reject { reason } => format!("{words}: {reason}"),
            _ => words,
        }
    });
    let record = each(|lang| name(next.kind, &next.record, lang));
    let told = Notice {
        account,
        event: Event::ProfileCompared,
        object: ("record", next.id.clone()),
        key: format!("{}:{}", next.id, next.version),
        args: args([
            ("record", record.into()),
            ("organisation", case.asked.organisation().name.into()),
            ("outcome", outcome.into()),
        ]),
    };
    notice::tell(cx.ports, change, &told);
}
