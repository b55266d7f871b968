//! A file that comes in one piece.

use data_encoding::{BASE64, HEXLOWER};
use domain::{
    file::{
        look::{self, Bad},
        name,
        sql::{self as files, FileRow, NewFile},
    },
    shared::refusal::{Kind, Refusal},
};

use super::{
    check_quota, check_size, length, object_name, purpose, received, refusal, rules, shown,
    uploaded,
};
use crate::{
    cx::Cx,
    error::{Error, Fault},
    http::{Request, Response},
    ports::{Received, StoreError},
    save::{Change, Replay, once_of, refused, save},
};

/// Minutes after which a check that nobody began is asked for again.
pub(crate) const ASK_AGAIN: i64 = 5;

/// `POST …/my/files?purpose=…&name=…`: the body is the file.
pub(super) async fn receive(cx: &Cx<'_>, request: &Request) -> Result<Response, Error> {
    let rules = rules()?;
    let size = length(request)?;
    let wish = format!("{}\n{size}", request.query);
    let once = match once_of(cx, request, &wish).await? {
        Replay::First(once) => once,
        Replay::Done(response) => return Ok(response),
    };
    let pairs = request.query_pairs();
    let of = |key: &str| pairs.iter().find(|(name, _)| name == key).map_or("", |(_, v)| v.as_str());
    let purpose = purpose(rules, of("purpose"))?;
    check_size(size, rules.whole_bytes, purpose)?;
    check_quota(cx, size, rules).await?;

    let object = object_name(cx.ports);
    cx.ports.db.batch(vec![files::announce(&object, cx.ports.now)]).await.map_err(refused)?;
    let taken = take(cx, request, &object, size).await;
    let looked = taken.and_then(|came| {
        let kind = look::kind(&came.head, &came.tail, size.unsigned_abs(), rules)
            .and_then(|kind| if purpose.kinds.contains(&kind) { Ok(kind) } else { Err(Bad::Kind) });
        kind.map(|kind| (came, kind)).map_err(|bad| refusal(bad, Some(purpose), rules).into())
    });
    let (came, kind) = match looked {
        Ok(good) => good,
        Err(error) => {
            // Nothing of it stays; should this fail, the sweep finds the object.
            drop(cx.ports.db.batch(vec![files::doom(&object, None, cx.ports.now)]).await);
            return Err(error);
        }
    };

    let id = cx.ports.new_id();
    let actor = cx.actor()?;
    let name = name::clean(of("name"), Some(kind));
    let file = NewFile {
        id: &id,
        person: &actor.person,
        account: &actor.account,
        purpose: &purpose.code,
        name: &name,
        kind: Some(kind),
        size,
        sha256: Some(&came.sha256),
        object: &object,
        upload: None,
        next_at: cx.ports.now.plus_seconds(ASK_AGAIN * 60),
    };
    let mut statements = files::adopt(&object).to_vec();
    statements.push(file.insert(cx.ports.now));
    statements.push(files::within_quota(&actor.person, rules.quota_files, rules.quota_bytes));
    let change = Change {
        statements,
        journal: vec![uploaded(&id, &purpose.code, kind, size)],
        events: vec![received(&id)],
    };
    let row = FileRow {
        id: id.clone(),
        person: actor.person.clone(),
        purpose: purpose.code.clone(),
        name: name.clone(),
        kind: kind.code().to_owned(),
        size,
        sha256: Some(came.sha256.clone()),
        state: domain::file::State::Pending,
        reason: String::new(),
        object: object.clone(),
        variants: Vec::new(),
        upload: None,
        until: None,
        attempts: 0,
        created_at: cx.ports.now,
        uses: 0,
    };
    let answer = Response::json(&shown(cx, &row)?)?.status(201);
    save(cx, Some(once), change, answer).await
}

/// Streams the body into the store and compares it with what the sender said of it.
async fn take(cx: &Cx<'_>, request: &Request, object: &str, size: i64) -> Result<Received, Error> {
    let came = cx.ports.store.receive(object, size).await.map_err(cut)?;
    match digest_said(request) {
        Some(said) if said != came.sha256 => {
            Err(Refusal::new(Kind::Invalid, "file_damaged").into())
        }
        _ => Ok(came),
    }
}

/// The SHA-256 in `Content-Digest` (RFC 9530), where the sender names one: hex.
pub(super) fn digest_said(request: &Request) -> Option<String> {
    let header = request.header("content-digest")?;
    let value = header.split(',').find_map(|part| part.trim().strip_prefix("sha-256=:"))?;
    let bytes = BASE64.decode(value.strip_suffix(':')?.as_bytes()).ok()?;
    Some(HEXLOWER.encode(&bytes))
}

/// A failure of the store as what it means to the sender.
pub(super) fn cut(error: StoreError) -> Error {
    match error {
        StoreError::Cut => Refusal::new(Kind::Invalid, "file_interrupted").into(),
        StoreError::Longer => Refusal::new(Kind::TooLarge, "file_longer").into(),
        StoreError::NoUpload => Refusal::new(Kind::Gone, "file_upload_gone").into(),
        StoreError::Parts => Refusal::new(Kind::Conflict, "file_parts_again").into(),
        StoreError::Other(text) => Fault::new(format!("store: {text}")).into(),
    }
}
