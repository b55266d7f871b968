//! A file that comes in parts: any order, any number of times, over days and devices.

use domain::{
    file::{
        State,
        api::{NewUpload, Upload},
        look::{self, Bad},
        name,
        rules::Rules,
        sql::{self as files, FileRow, NewFile, PartRow},
    },
    journal::Entry,
    shared::refusal::{Kind, Refusal},
};
use serde_json::json;

use super::{
    check_quota, check_size, length, object_name, own, purpose, received, refusal, rules, shown,
    uploaded,
    whole::{ASK_AGAIN, cut, digest_said},
};
use crate::{
    cx::Cx,
    error::{Error, Fault},
    http::{Request, Response},
    ports::{StoreError, read},
    save::{Change, Once, Replay, once, refused, save},
};

/// `POST …/my/files/uploads`.
pub(super) async fn begin(cx: &Cx<'_>, request: &Request) -> Result<Response, Error> {
    let once = match once(cx, request).await? {
        Replay::First(once) => once,
        Replay::Done(response) => return Ok(response),
    };
    let rules = rules()?;
    let wish: NewUpload = request.json()?;
    let purpose = purpose(rules, &wish.purpose)?;
    check_size(wish.size.max(0), i64::MAX, purpose)?;
    let kept = check_quota(cx, wish.size, rules).await?;
    if kept.open >= rules.open_uploads {
        return Err(Refusal::new(Kind::Conflict, "file_open_uploads")
            .with("max", rules.open_uploads)
            .into());
    }
    let (object, id) = (object_name(cx.ports), cx.ports.new_id());
    let db = cx.ports.db;
    db.batch(vec![files::announce(&object, cx.ports.now)]).await.map_err(refused)?;
    let upload = cx.ports.store.begin(&object).await.map_err(cut)?;
    db.batch(vec![files::announce_upload(&object, &upload)]).await.map_err(refused)?;

    let actor = cx.actor()?;
    let until = cx.ports.now.plus_seconds(rules.upload_hours * 3600);
    let file = NewFile {
        id: &id,
        person: &actor.person,
        account: &actor.account,
        purpose: &purpose.code,
        name: &name::clean(&wish.name, None),
        kind: None,
        size: wish.size,
        sha256: None,
        object: &object,
        upload: Some((&upload, until)),
        next_at: until,
    };
    let mut statements = files::adopt(&object).to_vec();
    statements.push(file.insert(cx.ports.now));
    statements.push(files::within_quota(&actor.person, rules.quota_files, rules.quota_bytes));
    let journal = vec![
        Entry::new("file.begin", "file", &id)
            .after(json!({ "purpose": purpose.code, "size": wish.size })),
    ];
    let answer = Upload {
        id: id.clone(),
        size: wish.size,
        part_size: rules.part_bytes,
        parts: rules.parts(wish.size),
        received: Vec::new(),
        until,
    };
    let change = Change { statements, journal, events: Vec::new() };
    save(cx, Some(once), change, Response::json(&answer)?.status(201)).await
}

/// `GET …/my/files/uploads/{id}`: what is here, so that another device can go on.
pub(super) async fn status(cx: &Cx<'_>, _: &Request) -> Result<Response, Error> {
    let row = open(cx).await?;
    answer(cx, &row).await
}

/// The upload that the address names, as long as parts are waited for.
async fn open(cx: &Cx<'_>) -> Result<FileRow, Error> {
    let row = own(cx).await?;
    if row.state != State::Uploading {
        return Err(Refusal::new(Kind::Conflict, "file_complete").into());
    }
    if row.until.is_none_or(|until| until < cx.ports.now) {
        return Err(Refusal::new(Kind::Gone, "file_upload_gone").into());
    }
    Ok(row)
}

async fn here(cx: &Cx<'_>, row: &FileRow) -> Result<Vec<PartRow>, Fault> {
    read(cx.ports.db, files::parts(&row.id)).await?.all()
}

async fn answer(cx: &Cx<'_>, row: &FileRow) -> Result<Response, Error> {
    let (rules, parts) = (rules()?, here(cx, row).await?);
    Ok(Response::json(&Upload {
        id: row.id.clone(),
        size: row.size,
        part_size: rules.part_bytes,
        parts: rules.parts(row.size),
        received: parts.iter().map(|part| part.n).collect(),
        until: row.until.unwrap_or(cx.ports.now),
    })?)
}

/// `PUT …/my/files/uploads/{id}/parts/{n}`: the body is the part. Sending it again is harmless, so
/// it needs no idempotency key.
pub(super) async fn part(cx: &Cx<'_>, request: &Request) -> Result<Response, Error> {
    let (rules, size) = (rules()?, length(request)?);
    let row = open(cx).await?;
    let n: u32 = cx.param("n").parse().map_err(|_| Refusal::not_found())?;
    let want = rules.part_size(row.size, n).ok_or_else(|| {
        Refusal::new(Kind::Invalid, "file_no_part").with("parts", rules.parts(row.size))
    })?;
    if size != want {
        return Err(Refusal::new(Kind::Invalid, "file_part_size")
            .with("part", n)
            .with("size", want)
            .into());
    }
    let upload = row.upload.as_deref().ok_or_else(|| Fault::new("an upload without a name"))?;
    let came = cx.ports.store.receive_part(&row.object, upload, n, size).await.map_err(cut)?;
    if digest_said(request).is_some_and(|said| said != came.sha256) {
        // The store holds the damaged part now: forget the one that was noted before it.
        let forget = domain::sql!("DELETE FROM file_part WHERE file = ?1 AND n = ?2", &row.id, n);
        cx.ports.db.batch(vec![forget]).await.map_err(refused)?;
        return Err(Refusal::new(Kind::Invalid, "file_damaged").into());
    }
    let noted = PartRow { n, size, etag: came.etag };
    let batch = vec![
        files::still(&row.id, State::Uploading, &row.object),
        files::note_part(&row.id, &noted, &came.sha256, cx.ports.now),
    ];
    cx.ports.db.batch(batch).await.map_err(refused)?;
    answer(cx, &row).await
}

/// `POST …/my/files/uploads/{id}/complete`: joins the parts. Done twice it answers with the file.
pub(super) async fn complete(cx: &Cx<'_>, request: &Request) -> Result<Response, Error> {
    let once = match once(cx, request).await? {
        Replay::First(once) => once,
        Replay::Done(response) => return Ok(response),
    };
    let rules = rules()?;
    let mut row = own(cx).await?;
    if row.state != State::Uploading {
        return Ok(Response::json(&shown(cx, &row)?)?);
    }
    let parts = here(cx, &row).await?;
    join(cx, &row, &parts, rules).await?;
    let size = cx.ports.store.size(&row.object).await.map_err(cut)?;
    if size != Some(row.size) {
        return Err(Fault::new("the joined object has another size").into());
    }
    finish(cx, once, &mut row, rules).await
}

/// Joins the parts, unless a request that never got its answer has done so.
async fn join(cx: &Cx<'_>, row: &FileRow, parts: &[PartRow], rules: &Rules) -> Result<(), Error> {
    let missing: Vec<String> = (1..=rules.parts(row.size))
        .filter(|n| {
            !parts
                .iter()
                .any(|part| part.n == *n && Some(part.size) == rules.part_size(row.size, *n))
        })
        .map(|n| n.to_string())
        .collect();
    if !missing.is_empty() {
        return Err(Refusal::new(Kind::Conflict, "file_parts_missing")
            .with("parts", missing.join(", "))
            .into());
    }
    let upload = row.upload.as_deref().ok_or_else(|| Fault::new("an upload without a name"))?;
    let parts: Vec<_> = parts.iter().map(|part| (part.n, part.etag.clone())).collect();
    match cx.ports.store.complete(&row.object, upload, &parts).await {
        Ok(()) => Ok(()),
        Err(StoreError::NoUpload) => {
            let there = cx.ports.store.size(&row.object).await.map_err(cut)?;
            if there == Some(row.size) { Ok(()) } else { Err(cut(StoreError::NoUpload)) }
        }
        // Two devices sent the same part at once, and the store kept the other one.
        Err(StoreError::Parts) => {
            let forget = vec![
                files::still(&row.id, State::Uploading, &row.object),
                files::forget_parts(&row.id),
            ];
            cx.ports.db.batch(forget).await.map_err(refused)?;
            Err(cut(StoreError::Parts))
        }
        Err(error) => Err(cut(error)),
    }
}

async fn finish(
    cx: &Cx<'_>,
    once: Once,
    row: &mut FileRow,
    rules: &Rules,
) -> Result<Response, Error> {
    let (store, now) = (cx.ports.store, cx.ports.now);
    let head = store.read(&row.object, 0, look::HEAD as i64).await.map_err(cut)?;
    let from = (row.size - look::TAIL as i64).max(0);
    let tail = store.read(&row.object, from, row.size - from).await.map_err(cut)?;
    let (Some(head), Some(tail)) = (head, tail) else {
        return Err(Fault::new("the joined object is missing").into());
    };
    let purpose = rules.purpose(&row.purpose);
    let allowed = |kind| purpose.is_some_and(|purpose| purpose.kinds.contains(&kind));
    let kind = look::kind(&head, &tail, row.size.unsigned_abs(), rules)
        .and_then(|kind| if allowed(kind) { Ok(kind) } else { Err(Bad::Kind) });
    let kind = match kind {
        Ok(kind) => kind,
        Err(bad) => {
            let mut statements = vec![files::still(&row.id, State::Uploading, &row.object)];
            statements.extend(files::doom_all(row, now));
            statements.push(files::delete(&row.id));
            let journal = vec![
                Entry::new("file.refuse", "file", &row.id).after(json!({ "why": bad.code() })),
            ];
            let change = Change { statements, journal, events: Vec::new() };
            save(cx, None, change, Response::empty()).await?;
            return Err(refusal(bad, purpose, rules).into());
        }
    };
    row.state = State::Pending;
    row.kind = kind.code().to_owned();
    row.name = name::clean(&row.name, Some(kind));
    let mut statements = vec![files::still(&row.id, State::Uploading, &row.object)];
    let next_at = now.plus_seconds(ASK_AGAIN * 60);
    statements.extend(files::completed(&row.id, kind, &row.name, next_at));
    let change = Change {
        statements,
        journal: vec![uploaded(&row.id, &row.purpose, kind, row.size)],
        events: vec![received(&row.id)],
    };
    let answer = Response::json(&shown(cx, row)?)?;
    match save(cx, Some(once), change, answer).await {
        // The other of two that ended it at once: both get the same file.
        Err(Error::Refusal(refusal)) if refusal.kind == Kind::Conflict => {
            let row = own(cx).await?;
            if row.state == State::Uploading {
                return Err(refusal.into());
            }
            Ok(Response::json(&shown(cx, &row)?)?)
        }
        other => other,
    }
}
