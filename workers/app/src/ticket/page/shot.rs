//! A screenshot that comes with the form: of somebody who is signed in, or of a guest, whom the proof
//! of work holds off. It is checked as every other file, and nobody opens it before it is clean.

use domain::{
    account::actor::Actor,
    file::{
        FileKind,
        look::{self, Bad},
        name,
        rules::Purpose,
        sql::{self as files, GUEST, NewFile},
    },
    shared::{refusal::Refusal, statement::Statement},
};

use crate::{
    cx::Cx,
    error::{Error, Fault},
    file::{ASK_AGAIN, check_size, object_name, received, refusal, rules, uploaded},
    save::{Change, refused},
    secret::digest_of,
};

/// The purpose under which its limits stand.
const PURPOSE: &str = "screenshot";

/// A picture that may be taken.
pub(super) struct Shot<'a> {
    name: String,
    bytes: &'a [u8],
    kind: FileKind,
}

fn purpose() -> Result<&'static Purpose, Fault> {
    rules()?.purpose(PURPOSE).ok_or_else(|| Fault::new("no limits of screenshots"))
}

/// Looks at what was sent: its size, and what it is by its content.
pub(super) fn look(name: String, bytes: &[u8]) -> Result<Shot<'_>, Refusal> {
    let (Ok(rules), Ok(purpose)) = (rules(), purpose()) else { return Err(Refusal::not_found()) };
    check_size(bytes.len() as i64, purpose.max_bytes, purpose)?;
    let head = bytes.get(..look::HEAD).unwrap_or(bytes);
    let tail = bytes.get(bytes.len().saturating_sub(look::TAIL)..).unwrap_or(bytes);
    let kind = look::kind(head, tail, bytes.len() as u64, rules)
        .and_then(|kind| if purpose.kinds.contains(&kind) { Ok(kind) } else { Err(Bad::Kind) });
    match kind {
        Ok(kind) => Ok(Shot { name, bytes, kind }),
        Err(bad) => Err(refusal(bad, Some(purpose), rules)),
    }
}

/// A screenshot in the store whose row is still to be written.
pub(super) struct Kept {
    pub id: String,
    /// Whose it is.
    pub person: String,
    statements: Vec<Statement>,
    entry: domain::journal::Entry,
}

impl Kept {
    /// Puts its row before what names it.
    pub(super) fn into_change(self, change: &mut Change) {
        let later = std::mem::replace(&mut change.statements, self.statements);
        change.statements.extend(later);
        change.journal.push(self.entry);
        change.events.push(received(&self.id));
    }
}

/// Puts it into the store. What no row names in the end the sweep removes.
pub(super) async fn keep(
    cx: &Cx<'_>,
    actor: Option<&Actor>,
    shot: Shot<'_>,
) -> Result<Kept, Error> {
    let rules = rules()?;
    let ports = cx.ports;
    let object = object_name(ports);
    ports.db.batch(vec![files::announce(&object, ports.now)]).await.map_err(refused)?;
    let written = ports.store.write(&object, shot.bytes.to_vec()).await;
    written.map_err(|error| Fault::new(format!("store: {error:?}")))?;
    let id = ports.new_id();
    let person = actor.map_or(GUEST, |actor| actor.person.as_str());
    let (size, sha256) = (shot.bytes.len() as i64, digest_of(shot.bytes));
    let file = NewFile {
        id: &id,
        person,
        account: actor.map_or("", |actor| actor.account.as_str()),
        purpose: PURPOSE,
        name: &name::clean(&shot.name, Some(shot.kind)),
        kind: Some(shot.kind),
        size,
        sha256: Some(&sha256),
        object: &object,
        upload: None,
        next_at: ports.now.plus_seconds(ASK_AGAIN * 60),
    };
    let mut statements = files::adopt(&object).to_vec();
    statements.push(file.insert(ports.now));
    if actor.is_some() {
        statements.push(files::within_quota(person, rules.quota_files, rules.quota_bytes));
    }
    let entry = uploaded(&id, PURPOSE, shot.kind, size);
    Ok(Kept { person: person.to_owned(), statements, entry, id })
}
