//! The records of one's profile.

use domain::{
    account::permission::Permission,
    consent::has,
    journal::Entry,
    notice::{Event, StaffNotice, args},
    profile::{
        api::{Item, ItemCommand, ItemInput, ItemState, Profile, Source, Verification},
        check::{self, Facts},
        experience,
        item::{Act, decide, mark_duplicates, remind_on, succeed, valid_to, works},
        kind::Kind,
        meter::{expiring, meter, name},
        sql as profile_sql,
    },
    shared::{
        id::is_ulid,
        lang::{Lang, Text},
        refusal::{Check, Kind as RefusalKind, Refusal},
        statement::Statement,
    },
    sql,
};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{conflict, id, if_match, person, rules};
use crate::{
    cx::Cx,
    error::{Error, Fault},
    facts,
    http::{Request, Response},
    notice,
    ports::{Rows, read, read_all},
    route,
    routes::Route,
    save::{Change, Once, Replay, once, save},
};

/// Routes of this feature.
pub const ROUTES: &[Route] = &[
    route!(Get "/api/v1/cabinet/my/profile", SignedIn, Cabinet, show),
    route!(Post "/api/v1/cabinet/my/profile", SignedIn, Cabinet, create),
    route!(Get "/api/v1/cabinet/my/profile/{id}", SignedIn, Cabinet, one),
    route!(Put "/api/v1/cabinet/my/profile/{id}", SignedIn, Cabinet, put),
    route!(Delete "/api/v1/cabinet/my/profile/{id}", SignedIn, Cabinet, remove),
    route!(Post "/api/v1/cabinet/my/profile/{id}/commands", SignedIn, Cabinet, command),
];

#[derive(Deserialize)]
struct Has {
    has: i64,
}

/// The whole profile, in one trip to the database.
pub(super) async fn load(cx: &Cx<'_>) -> Result<(domain::profile::api::Person, Profile), Error> {
    let actor = cx.actor()?;
    let mut statements: Vec<Statement> = person::reads(cx)?.into();
    statements.push(profile_sql::items(&actor.person));
    statements.push(has("competition", &actor.person, cx.ports.now));
    let rows = read_all(cx.ports.db, statements).await?;
    let (_, person) = person::of(&rows)?;
    let mut items: Vec<Item> = rows.get(3).map(Rows::all).transpose()?.unwrap_or_default();
    let agreed: Option<Has> = rows.get(4).map(Rows::first).transpose()?.flatten();
    mark_duplicates(&mut items);
    let settings = rules()?;
    let today = cx.ports.now.day();
    let experience = experience::of(&works(&items), today, &settings.experience);
    let consent = agreed.is_some_and(|row| row.has == 1);
    let meter = meter(&person, &items, experience.gaps.len(), consent, settings, cx.lang);
    let expiring = expiring(&items, today, settings, cx.lang);
    Ok((person, Profile { items, experience, meter, expiring }))
}

async fn show(cx: &Cx<'_>, request: &Request) -> Result<Response, Error> {
    let (_, mut profile) = load(cx).await?;
    let wanted = request.query_pairs().into_iter().find(|(name, _)| name == "kind");
    if let Some((_, code)) = wanted.filter(|(_, code)| !code.is_empty()) {
        let kind = Kind::parse(&code).ok_or_else(|| {
            let mut check = Check::default();
            check.wrong("kind", "unknown");
            Refusal::fields(check.0)
        })?;
        profile.items.retain(|item| item.kind == kind);
    }
    Ok(Response::json(&profile)?)
}

/// One's own record, or the one that has taken its place; somebody else's is not found.
async fn own(cx: &Cx<'_>) -> Result<Item, Error> {
    let statement = profile_sql::item(id(cx, "id")?, &cx.actor()?.person);
    let found: Option<Item> = read(cx.ports.db, statement).await?.first()?;
    Ok(found.ok_or_else(Refusal::not_found)?)
}

fn answer(item: &Item) -> Result<Response, Fault> {
    Ok(Response::json(item)?.header("etag", format!("\"{}\"", item.version)))
}

async fn one(cx: &Cx<'_>, _: &Request) -> Result<Response, Error> {
    Ok(answer(&own(cx).await?)?)
}

/// What was sent, checked: the record as it is kept and the records that are there already.
async fn checked(cx: &Cx<'_>, input: &ItemInput) -> Result<(Value, Kind, Vec<Item>), Error> {
    let settings = rules()?;
    let actor = cx.actor()?;
    let mut wrong = Check::default();
    if input.evidence.len() > settings.limits.evidence {
        wrong.wrong_with("evidence", "too_many_files", "max", settings.limits.evidence);
        wrong.done()?;
        return Err(Fault::new("a refusal was lost").into());
    }
    let reads = vec![
        profile_sql::items(&actor.person),
        profile_sql::own_files(&input.evidence, &actor.person),
    ];
    let (book, _, rows) = facts::load(cx.ports, reads).await?;
    let items: Vec<Item> = rows.first().map(Rows::all).transpose()?.unwrap_or_default();
    let files: Vec<Value> = rows.get(1).map(Rows::all).transpose()?.unwrap_or_default();
    let facts = Facts { settings, directories: &*book, today: cx.ports.now.day() };
    let kind = check::kind_of(&input.record)?;
    let mut distinct = input.evidence.clone();
    distinct.sort();
    distinct.dedup();
    if files.len() != distinct.len() || !distinct.iter().all(|file| is_ulid(file)) {
        wrong.wrong("evidence", "evidence");
    }
    let record = match check::record(&input.record, &facts) {
        Ok(record) => record,
        Err(mut refusal) => {
            refusal.fields.extend(wrong.0);
            return Err(refusal.into());
        }
    };
    wrong.done()?;
    Ok((record, kind, items))
}

fn write_evidence(files: &[String]) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    for file in files {
        if !out.contains(file) {
            out.push(file.clone());
        }
    }
    out
}

async fn create(cx: &Cx<'_>, request: &Request) -> Result<Response, Error> {
    let once = match once(cx, request).await? {
        Replay::First(once) => once,
        Replay::Done(response) => return Ok(response),
    };
    let input: ItemInput = request.json()?;
    let (record, kind, mut items) = checked(cx, &input).await?;
    let settings = rules()?;
    let max = settings.limits.records;
    if items.len() >= max as usize {
        return Err(Refusal::new(RefusalKind::Conflict, "records_full").with("max", max).into());
    }
    let now = cx.ports.now;
    let last = valid_to(kind, &record, settings);
    let item = Item {
        id: cx.ports.new_id(),
        version: 1,
        kind,
        state: ItemState::Draft,
        record,
        evidence: write_evidence(&input.evidence),
        source: Source::Owner,
        verification: Verification::None,
        visibility: input.visibility,
        used_in: vec![],
        organisation: None,
        reason: String::new(),
        valid_to: last,
        duplicates: vec![],
        successor: None,
        former: None,
        changed_at: now,
    };
    items.push(item.clone());
    mark_duplicates(&mut items);
    let item = items.pop().unwrap_or(item);
    let person = &cx.actor()?.person;
    let next = remind_on(last, now.day(), settings);
    let change = Change {
        statements: profile_sql::insert(&item, person, next, now),
        journal: vec![entry("profile.create", &item)],
        events: vec![],
    };
    save(cx, Some(once), change, answer(&item)?.status(201)).await
}

/// The kind and the state, never what the record says: the journal outlives the account.
fn entry(action: impl Into<String>, item: &Item) -> Entry {
    Entry::new(action, "record", &item.id)
        .after(json!({ "kind": item.kind.code(), "state": item.state, "version": item.version }))
}

async fn put(cx: &Cx<'_>, request: &Request) -> Result<Response, Error> {
    let once = match once(cx, request).await? {
        Replay::First(once) => once,
        Replay::Done(response) => return Ok(response),
    };
    let version = if_match(request)?;
    let input: ItemInput = request.json()?;
    let current = own(cx).await?;
    if current.version != version {
        return stale(cx, &current, &input.record);
    }
    let (record, kind, mut items) = checked(cx, &input).await?;
    if kind != current.kind {
        let mut wrong = Check::default();
        wrong.wrong("record.kind", "kind_fixed");
        return Err(Refusal::fields(wrong.0).into());
    }
    let settings = rules()?;
    // What a closed case was decided on stays as it was: what is written now takes its place.
    let locked = current.state == ItemState::Locked;
    let mut next = match locked {
        true => succeed(&current, cx.ports.new_id())?,
        false => decide(&current, &Act::Save)?,
    };
    next.valid_to = valid_to(kind, &record, settings);
    next.record = record;
    next.evidence = write_evidence(&input.evidence);
    next.visibility = input.visibility;
    next.changed_at = cx.ports.now;
    items.retain(|item| item.id != current.id);
    items.push(next.clone());
    mark_duplicates(&mut items);
    let next = items.pop().unwrap_or(next);
    let (now, person) = (cx.ports.now, &cx.actor()?.person);
    let remind = remind_on(next.valid_to, now.day(), settings);
    if locked {
        let statements = profile_sql::succeed(&current, &next, person, remind, now);
        let before = json!({ "record": current.id, "state": current.state });
        let journal = vec![entry("profile.succeed", &next).before(before)];
        let change = Change { statements, journal, events: vec![] };
        return write(cx, once, &next, change, &input.record).await;
    }
    let change = stored(cx, &next, "profile.save")?;
    write(cx, once, &next, change, &input.record).await
}

/// The change that stores a record.
fn stored(cx: &Cx<'_>, item: &Item, action: &str) -> Result<Change, Fault> {
    let now = cx.ports.now;
    let next = remind_on(item.valid_to, now.day(), rules()?);
    let mut journal = entry(action, item);
    if let Some(organisation) = &item.organisation {
        journal = journal.of(organisation);
    }
    Ok(Change {
        statements: profile_sql::update(item, None, next, now),
        journal: vec![journal],
        events: vec![],
    })
}

/// Writes a change of a record, or answers with both sides where somebody was faster.
async fn write(
    cx: &Cx<'_>,
    once: Once,
    item: &Item,
    change: Change,
    sent: &Value,
) -> Result<Response, Error> {
    match save(cx, Some(once), change, answer(item)?).await {
        Err(Error::Refusal(refusal)) if refusal.kind == RefusalKind::Stale => {
            let current = own(cx).await?;
            stale(cx, &current, sent)
        }
        other => other,
    }
}

/// 412 with the record that stands and the fields that differ.
fn stale(cx: &Cx<'_>, current: &Item, sent: &Value) -> Result<Response, Error> {
    let mut differs: Vec<String> = Vec::new();
    for (one, other) in [(sent, &current.record), (&current.record, sent)] {
        for name in one.as_object().into_iter().flatten().map(|(name, _)| name) {
            let field = format!("record.{name}");
            if one.get(name) != other.get(name) && !differs.contains(&field) {
                differs.push(field);
            }
        }
    }
    let value = serde_json::to_value(current).map_err(|e| Fault::new(format!("record: {e}")))?;
    Ok(conflict(cx, &value, &differs))
}

async fn remove(cx: &Cx<'_>, request: &Request) -> Result<Response, Error> {
    let once = match once(cx, request).await? {
        Replay::First(once) => once,
        Replay::Done(response) => return Ok(response),
    };
    let version = if_match(request)?;
    let current = own(cx).await?;
    if current.version != version {
        return stale(cx, &current, &current.record);
    }
    decide(&current, &Act::Remove)?;
    let change = Change {
        statements: profile_sql::remove(&current),
        journal: vec![entry("profile.remove", &current)],
        events: vec![],
    };
    save(cx, Some(once), change, Response::empty()).await
}

async fn command(cx: &Cx<'_>, request: &Request) -> Result<Response, Error> {
    let once = match once(cx, request).await? {
        Replay::First(once) => once,
        Replay::Done(response) => return Ok(response),
    };
    let version = if_match(request)?;
    let command: ItemCommand = request.json()?;
    let current = own(cx).await?;
    if current.version != version {
        return stale(cx, &current, &current.record);
    }
    let mut asked = None;
    let act = match command {
        ItemCommand::Submit { organisation } => {
            asked = Some(path_of(cx, &organisation).await?);
            Act::Submit { organisation }
        }
        ItemCommand::Recall => Act::Recall,
    };
    let mut next = decide(&current, &act)?;
    next.changed_at = cx.ports.now;
    let sent = next.record.clone();
    let mut change = stored(cx, &next, &format!("profile.{}", act.name()))?;
    if let Some(path) = asked {
        let words = |lang| name(next.kind, &next.record, lang);
        let text = Text { kk: words(Lang::Kk), ru: words(Lang::Ru), en: words(Lang::En) };
        let told = StaffNotice {
            path,
            permission: Permission::ProfileConfirm,
            event: Event::ProfileSubmitted,
            object: ("record", next.id.clone()),
            key: format!("{}:{}", next.id, next.version),
            args: args([("record", text.into())]),
        };
        notice::tell_staff(cx.ports, &mut change, &told);
    }
    write(cx, once, &next, change, &sent).await
}

/// The path of an organisation that can be asked to compare a record.
async fn path_of(cx: &Cx<'_>, organisation: &str) -> Result<String, Error> {
    #[derive(Deserialize)]
    struct Found {
        path: String,
    }
    let active = "SELECT path FROM organisation WHERE id = ?1 AND status = 'active'";
    let found: Option<Found> = read(cx.ports.db, sql!(active, organisation)).await?.first()?;
    let mut wrong = Check::default();
    if found.is_none() {
        wrong.wrong("organisation", "unknown");
    }
    wrong.done()?;
    Ok(found.map(|found| found.path).unwrap_or_default())
}
