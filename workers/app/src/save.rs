//! The one way to write: a single batch of version checks, rows, journal, outbox and the answer
//! to the idempotency key. Nothing is acknowledged before it returns.

use domain::{
    journal::{Entry, Source},
    shared::{
        refusal::{Kind, Refusal},
        statement::Statement,
    },
    sql,
};
use serde::Deserialize;

use crate::{
    cx::Cx,
    error::{Error, Fault},
    http::{After, Request, Response},
    ports::{DbError, Ports, Rows, read},
    secret::digest,
};

/// Something that other parts want to know: the newest event of a key says it all, so consumers
/// read the state anew and are idempotent by nature.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// `vacancy.changed`, `organisation.changed` …
    pub topic: &'static str,
    /// Identifier of what changed.
    pub key: String,
}

/// A change to be written.
#[derive(Debug, Clone, Default)]
pub struct Change {
    /// Rows; guards come first.
    pub statements: Vec<Statement>,
    /// What the journal says of it.
    pub journal: Vec<Entry>,
    /// What others are told.
    pub events: Vec<Event>,
}

impl Change {
    /// The statements of the batch.
    pub fn into_batch(self, source: &Source, ports: &Ports<'_>) -> Vec<Statement> {
        let mut batch = self.statements;
        batch.extend(self.journal.iter().map(|entry| entry.statement(source, ports.now)));
        batch.extend(self.events.iter().map(|event| {
            sql!(
                "INSERT INTO outbox (at, topic, key, next_at) VALUES (?1, ?2, ?3, ?1)",
                ports.now,
                event.topic,
                &event.key
            )
        }));
        batch
    }
}

/// The idempotency key of a command, with the digest of the request it belongs to.
pub struct Once {
    account: String,
    key: String,
    request: String,
}

/// An answer given before.
#[derive(Deserialize)]
struct Given {
    request: String,
    status: u16,
    body: String,
}

/// What [`once`] found.
pub enum Replay {
    /// The first time: do it.
    First(Once),
    /// It was done: this was the answer.
    Done(Response),
}

/// Reads the header `Idempotency-Key` and looks for an answer given before.
///
/// Errors: no key (428), a key that is no 8 to 100 visible characters (400), a key that was used
/// for another request (422).
pub async fn once(cx: &Cx<'_>, request: &Request) -> Result<Replay, Error> {
    once_of(cx, request, &String::from_utf8_lossy(&request.body)).await
}

/// As [`once`], for a request whose body is streamed past us: `content` is what is known of it.
pub async fn once_of(cx: &Cx<'_>, request: &Request, content: &str) -> Result<Replay, Error> {
    let key = request
        .header("idempotency-key")
        .ok_or_else(|| Refusal::new(Kind::Precondition, "idempotency_missing"))?;
    if !(8..=100).contains(&key.len()) || !key.bytes().all(|b| b.is_ascii_graphic()) {
        return Err(Refusal::new(Kind::Malformed, "idempotency_malformed").into());
    }
    let once = Once {
        account: cx.actor()?.account.clone(),
        key: key.to_owned(),
        request: digest(&format!("{} {}\n{content}", request.method, request.path)),
    };
    let found = match &cx.given {
        Some(rows) => answer_of(rows, &once)?,
        None => given(cx.ports, &once).await?,
    };
    match found {
        Some(response) => Ok(Replay::Done(response)),
        None => Ok(Replay::First(once)),
    }
}

async fn given(ports: &Ports<'_>, once: &Once) -> Result<Option<Response>, Error> {
    let rows = read(
        ports.db,
        sql!(
            "SELECT request, status, body FROM idempotency WHERE account = ?1 AND key = ?2",
            &once.account,
            &once.key
        ),
    )
    .await?;
    answer_of(&rows, once)
}

/// The answer that was given before, if there was one.
fn answer_of(rows: &Rows, once: &Once) -> Result<Option<Response>, Error> {
    match rows.first::<Given>()? {
        None => Ok(None),
        Some(given) if given.request != once.request => {
            Err(Refusal::new(Kind::Invalid, "idempotency_reused").into())
        }
        Some(given) => Ok(Some(
            Response::new(given.status, "application/json", given.body).header(REPLAYED, "true"),
        )),
    }
}

/// Writes a change in the name of the person who is signed in (or of the system) and returns
/// `response`.
///
/// Errors: [`Kind::Stale`] when a guard on the version fails, [`Kind::Conflict`] when a guard on
/// the state fails or something is taken already.
pub async fn save(
    cx: &Cx<'_>,
    once: Option<Once>,
    change: Change,
    response: Response,
) -> Result<Response, Error> {
    let source = Source {
        account: cx.actor.as_ref().map(|actor| actor.account.clone()),
        session: cx.actor.as_ref().map(|actor| actor.session.clone()),
        request_id: cx.request_id.clone(),
    };
    let tells = !change.events.is_empty();
    let mut batch = change.into_batch(&source, cx.ports);
    if let Some(once) = &once {
        batch.push(sql!(
            "INSERT INTO idempotency (account, key, request, status, body, at) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            &once.account,
            &once.key,
            &once.request,
            u32::from(response.status),
            String::from_utf8_lossy(&response.body).into_owned(),
            cx.ports.now
        ));
    }
    match cx.ports.db.batch(batch).await {
        Ok(_) if tells => Ok(response.then(After::DrainOutbox)),
        Ok(_) => Ok(response),
        // The same command may have come twice at once, and the other one was first: then what
        // stands in the way (the key, a version, a name that is taken) is its own doing.
        Err(error @ (DbError::Unique(_) | DbError::Check(_))) => match once {
            Some(once) => given(cx.ports, &once).await?.ok_or_else(|| refused(error)),
            None => Err(refused(error)),
        },
        Err(error) => Err(refused(error)),
    }
}

/// Whether an answer is one that was given before.
pub fn replayed(response: &Response) -> bool {
    response.headers.iter().any(|(name, _)| *name == REPLAYED)
}

/// The header of an answer that was given before.
const REPLAYED: &str = "idempotency-replayed";

/// What a failed batch means.
pub fn refused(error: DbError) -> Error {
    match error {
        DbError::Check(name) if name == "version" => Refusal::new(Kind::Stale, "stale").into(),
        DbError::Check(name) if name == "state" => Refusal::new(Kind::Conflict, "state").into(),
        DbError::Unique(columns) => {
            let code = match columns.as_str() {
                "account.login" => "taken_login",
                "item.code" => "taken_item_code",
                "account.person" | "person.iin" => "taken_person",
                "application.person, application.vacancy" => "taken_application",
                "organisation.bin" => "taken_bin",
                "organisation.slug" | "vacancy.slug" => "taken_slug",
                _ => "taken",
            };
            Refusal::new(Kind::Conflict, code).into()
        }
        other => Fault::new(format!("save: {other:?}")).into(),
    }
}
