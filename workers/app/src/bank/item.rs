//! One item: reading it with its key, writing it, the commands of its way.

use domain::{
    bank::{
        api::{Act, Item, Saved, Step, Write},
        life::{Command, Doer, Part, Past, State, commands, decide},
        parity::Content,
        rule::rule,
        sql::{
            Row, StepRow, add_version, authors, create as create_sql, move_to, steps, take_numbers,
            unchanged, update, with_key, withdraw,
        },
    },
    journal::Entry,
    shared::{
        id::is_ulid,
        refusal::{Check, Kind, Refusal},
    },
    sql,
};
use serde::Deserialize;
use serde_json::json;

use super::{only_own, parts};
use crate::{
    cx::Cx,
    error::{Error, Fault},
    http::{Request, Response},
    ports::{read, read_all},
    save::{Change, Event, Replay, once, save},
};

/// Longest words to a command.
const TEXT_MAX: usize = 4000;

#[derive(Deserialize)]
struct Account {
    account: String,
}

/// An item with its past.
pub(super) struct Loaded {
    pub(super) row: Row,
    authors: Vec<String>,
    steps: Vec<StepRow>,
}

impl Loaded {
    fn past(&self) -> Past<'_> {
        let round = self.steps.iter().take_while(|step| step.command != Command::Submit);
        Past {
            authors: self.authors.iter().map(String::as_str).collect(),
            reviewers: round
                .filter(|step| step.command == Command::Pass && step.version == self.row.head)
                .map(|step| step.account.as_str())
                .collect(),
            before: self.row.before,
        }
    }

    pub(super) fn wrote(&self, account: &str) -> bool {
        self.row.created_by == account || self.authors.iter().any(|author| author == account)
    }
}

/// Loads an item as far as the actor may know of it.
pub(super) async fn load(cx: &Cx<'_>, version: Option<i64>) -> Result<Loaded, Error> {
    let id = cx.param("id");
    if !is_ulid(id) {
        return Err(Refusal::not_found().into());
    }
    let rows = read_all(cx.ports.db, vec![with_key(id, version), authors(id), steps(id)]).await?;
    let [row, authors, steps] = rows.as_slice() else { return Err(Refusal::not_found().into()) };
    let row: Row = row.first()?.ok_or_else(Refusal::not_found)?;
    let authors: Vec<String> =
        authors.all::<Account>()?.into_iter().map(|row| row.account).collect();
    let loaded = Loaded { row, authors, steps: steps.all()? };
    let actor = cx.actor()?;
    if only_own(&parts(actor)) && !loaded.wrote(&actor.account) {
        return Err(Refusal::not_found().into());
    }
    Ok(loaded)
}

pub(super) async fn one(cx: &Cx<'_>, request: &Request) -> Result<Response, Error> {
    let version = request
        .query_pairs()
        .into_iter()
        .find(|(name, _)| name == "version")
        .and_then(|(_, value)| value.parse::<i64>().ok());
    let loaded = load(cx, version).await?;
    let actor = cx.actor()?;
    let parts = parts(actor);
    let doer = Doer { account: &actor.account, parts: &parts };
    let row = &loaded.row;
    // An author learns what reviewers say, not who they are.
    // and a reviewer learns what was written, not by whom: not even from the history.
    let all = parts.contains(&Part::Admin);
    let wrote = loaded.wrote(&actor.account);
    let hidden = |who: &str| !all && who != actor.account && (wrote || loaded.wrote(who));
    let item = Item {
        id: row.id.clone(),
        number: row.number,
        version: row.version,
        text_version: row.text_version,
        head: row.head,
        live: row.live,
        state: row.state,
        exposure: row.exposure,
        used_at: row.used_at,
        author: if wrote || all { row.author.clone() } else { String::new() },
        content: row.content(),
        steps: loaded
            .steps
            .iter()
            .map(|step| Step {
                at: step.at,
                version: step.version,
                command: step.command,
                from: step.from_state,
                to: step.to_state,
                reason: step.reason.clone(),
                text: step.text.clone(),
                who: if hidden(&step.account) { String::new() } else { step.who.clone() },
            })
            .collect(),
        commands: commands(row.state, &loaded.past(), doer, rule().pilot_required),
        editable: editable(row.state) && parts.contains(&Part::Author) && wrote,
        mine: wrote,
    };
    let mut change = Change::default();
    let mut entry = Entry::new("item.view", "item", &row.id);
    entry.after = Some(json!({ "version": row.text_version }));
    change.journal.push(entry);
    save(cx, None, change, Response::json(&item)?).await
}

/// What is under review is not changed beneath the reviewers' hands.
const fn editable(state: State) -> bool {
    !matches!(state, State::Review1 | State::Review2 | State::LanguageCheck | State::Retired)
}

pub(super) fn version_of(request: &Request) -> Result<i64, Refusal> {
    request
        .header("if-match")
        .and_then(|text| text.trim_matches('"').parse().ok())
        .ok_or_else(|| Refusal::new(Kind::Precondition, "version_missing"))
}

fn changed(id: &str) -> Event {
    Event { topic: "item.changed", key: id.to_owned() }
}

pub(super) async fn create(cx: &Cx<'_>, request: &Request) -> Result<Response, Error> {
    #[derive(Deserialize)]
    struct Number {
        value: i64,
    }
    let Write { content } = request.json()?;
    let once = match once(cx, request).await? {
        Replay::Done(response) => return Ok(response),
        Replay::First(once) => once,
    };
    content.check(false).done()?;
    let number: Option<Number> = read(cx.ports.db, take_numbers(1)).await?.first()?;
    let number = number.ok_or_else(|| Fault::new("the counter of items is missing"))?.value;
    let id = cx.ports.new_id();
    let me = &cx.actor()?.account;
    let change = Change {
        statements: create_sql(&id, number, &content, me, cx.ports.now),
        journal: vec![Entry::new("item.create", "item", &id)],
        events: vec![changed(&id)],
    };
    let answer = Response::json(&Saved { id, version: 1, state: State::Draft })?.status(201);
    save(cx, Some(once), change, answer).await
}

pub(super) async fn write(cx: &Cx<'_>, request: &Request) -> Result<Response, Error> {
    let Write { content } = request.json()?;
    let version = version_of(request)?;
    let once = match once(cx, request).await? {
        Replay::Done(response) => return Ok(response),
        Replay::First(once) => once,
    };
    let loaded = load(cx, None).await?;
    let (row, me) = (&loaded.row, &cx.actor()?.account);
    if !loaded.wrote(me) {
        return Err(Refusal::forbidden().into());
    }
    if !editable(row.state) {
        return Err(Refusal::new(Kind::Conflict, "bank_state").into());
    }
    content.check(false).done()?;
    let id = row.id.clone();
    let answer = Saved { id: id.clone(), version: version + 1, state: State::Draft };
    let change = write_over(row, &content, me, version, cx);
    save(cx, Some(once), change, Response::json(&answer)?).await
}

/// A new version of the text, whatever was changed: versions are kept as they are.
fn write_over(row: &Row, content: &Content, me: &str, version: i64, cx: &Cx<'_>) -> Change {
    let (id, now) = (row.id.as_str(), cx.ports.now);
    let next = row.head + 1;
    let mut statements = vec![unchanged(id, version)];
    statements.extend(add_version(id, next, content, me, now));
    statements.push(update(id, next, content, now));
    let mut entry = Entry::new("item.write", "item", id);
    entry.after = Some(json!({ "version": next }));
    Change { statements, journal: vec![entry], events: vec![changed(id)] }
}

/// A version whose key or text the commission found wrong does not come back as it is: a new one is
/// written.
async fn not_overruled(cx: &Cx<'_>, item: &str, version: i64) -> Result<(), Error> {
    #[derive(Deserialize)]
    struct Ruled {}
    let asked = sql!(
        "SELECT id FROM exam_ruling WHERE item = ?1 AND version = ?2 AND state <> 'proposed' AND declined_at IS NULL
           AND decision ->> '$.decision' <> 'refused' LIMIT 1",
        item,
        version
    );
    let found: Option<Ruled> = read(cx.ports.db, asked).await?.first()?;
    match found {
        Some(_) => Err(Refusal::new(Kind::Conflict, "overruled").into()),
        None => Ok(()),
    }
}

pub(super) async fn command(cx: &Cx<'_>, request: &Request) -> Result<Response, Error> {
    let act: Act = request.json()?;
    let version = version_of(request)?;
    let once = match once(cx, request).await? {
        Replay::Done(response) => return Ok(response),
        Replay::First(once) => once,
    };
    let loaded = load(cx, None).await?;
    let (row, actor) = (&loaded.row, cx.actor()?);
    let parts = parts(actor);
    let doer = Doer { account: &actor.account, parts: &parts };
    let mut wrong = Check::default();
    if act.command.needs_reason() && act.text.trim().is_empty() {
        wrong.wrong("text", "required");
    }
    if act.text.chars().count() > TEXT_MAX {
        wrong.wrong_with("text", "too_long", "max", TEXT_MAX);
    }
    wrong.done()?;
    let id = row.id.as_str();
    let now = cx.ports.now;
    let mut change = Change { statements: vec![unchanged(id, version)], ..Change::default() };
    // A version in use is stopped even while a newer one is being written.
    let behind = row.live.filter(|live| *live != row.head);
    let (at, from, to) = match (act.command, behind) {
        (Command::Suspend, Some(live)) => {
            let to = decide(State::Active, act.command, &loaded.past(), doer, false)?;
            change.statements.extend(withdraw(id, live));
            (live, State::Active, to)
        }
        _ => {
            let to = decide(row.state, act.command, &loaded.past(), doer, rule().pilot_required)?;
            if act.command == Command::Resume {
                not_overruled(cx, id, row.head).await?;
            }
            if matches!(act.command, Command::Submit | Command::Pass | Command::Activate) {
                row.content().check(true).done()?;
            }
            change.statements.extend(move_to(id, row.head, row.state, to, now));
            (row.head, row.state, to)
        }
    };
    change.statements.push(sql!(
        "INSERT INTO item_step (id, item, version, command, from_state, to_state, reason, text, account, at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
        cx.ports.new_id(),
        id,
        at,
        act.command.code(),
        from.code(),
        to.code(),
        act.reason.map_or("", |reason| reason.code()),
        act.text.trim(),
        &actor.account,
        now
    ));
    let mut entry = Entry::new("item.command", "item", id);
    entry.after = Some(json!({ "command": act.command, "version": at, "state": to }));
    change.journal.push(entry);
    change.events.push(changed(id));
    let answer = Saved { id: id.to_owned(), version: version + 1, state: to };
    save(cx, Some(once), change, Response::json(&answer)?).await
}
