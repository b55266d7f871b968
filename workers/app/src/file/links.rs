//! Links: short-lived addresses that open one file, made only for those who may open it.

use domain::{
    account::{actor::Actor, permission::Permission},
    file::{
        api::Link,
        name::disposition,
        openable,
        sql::{self as files, FileRow, LinkRow},
    },
    journal::Entry,
    shared::{
        id::is_ulid,
        refusal::{Kind, Refusal},
    },
};
use serde::Deserialize;
use serde_json::json;

use super::rules;
use crate::{
    cx::Cx,
    error::{Error, Fault},
    http::{Piece, Request, Response},
    ports::read,
    save::{Change, save},
    secret,
};

#[derive(Deserialize)]
struct Reader {
    path: String,
    /// `application` or `record`.
    why: String,
}

impl Reader {
    /// Whether somebody holds the permission that opens the file.
    fn may_be(&self, actor: &Actor) -> bool {
        let need = match self.why.as_str() {
            "record" => Permission::ProfileConfirm,
            _ => Permission::ApplicationRead,
        };
        actor.may(need, &self.path)
    }
}

/// Looks whether the person may open the file and, for staff, by which organisation's path.
async fn permitted(cx: &Cx<'_>, row: &FileRow) -> Result<Option<String>, Error> {
    let actor = cx.actor()?;
    if row.person == actor.person {
        let there = row.state.stored();
        return if there { Ok(None) } else { Err(Refusal::new(Kind::Gone, "file_gone").into()) };
    }
    let readers: Vec<Reader> = read(cx.ports.db, files::readers(&row.id)).await?.all()?;
    let path = readers.into_iter().find(|one| one.may_be(actor)).map(|one| one.path);
    let path = match path {
        Some(path) => path,
        // A screenshot belongs to no organisation: the desk serves the whole country.
        None if actor.may_somewhere(Permission::TicketProcess)
            && on_ticket(cx, &row.id).await? =>
        {
            String::new()
        }
        None => return Err(Refusal::not_found().into()),
    };
    if openable(row.state, cx.ports.config.dev) {
        Ok(Some(path))
    } else if row.state.stored() {
        Err(Refusal::new(Kind::Conflict, "file_waits").into())
    } else {
        Err(Refusal::new(Kind::Gone, "file_gone").into())
    }
}

/// Whether a ticket of the service desk names the file.
async fn on_ticket(cx: &Cx<'_>, file: &str) -> Result<bool, Error> {
    #[derive(Deserialize)]
    struct Found {}
    let found: Option<Found> = read(cx.ports.db, files::of_ticket(file)).await?.first()?;
    Ok(found.is_some())
}

async fn found(cx: &Cx<'_>) -> Result<FileRow, Error> {
    let id = cx.param("id");
    if !is_ulid(id) {
        return Err(Refusal::not_found().into());
    }
    let row = read(cx.ports.db, files::any(id)).await?.first()?;
    row.ok_or_else(|| Refusal::not_found().into())
}

/// `POST …/files/{id}/link?variant=…`. The secret is in no database, so an answer that got lost
/// cannot be given again: a second link is made, the first one runs out.
pub(super) async fn make(cx: &Cx<'_>, request: &Request) -> Result<Response, Error> {
    let row = found(cx).await?;
    let staff = permitted(cx, &row).await?;
    let pairs = request.query_pairs();
    let variant = pairs.iter().find(|(name, _)| name == "variant").map_or("", |(_, v)| v.as_str());
    if !variant.is_empty() && !row.variants.iter().any(|have| have.name == variant) {
        return Err(Refusal::not_found().into());
    }
    let now = cx.ports.now;
    let until = now.plus_seconds(rules()?.link_minutes * 60);
    let token = secret::token(cx.ports);
    let link = (secret::digest(&token), cx.actor()?.account.clone());
    let what = json!({ "file": row.id, "purpose": row.purpose, "variant": variant });
    let entry = match &staff {
        // Who looked at my data: the person's own page reads these rows.
        Some(path) => {
            let organisation = path.trim_end_matches('/').rsplit('/').next().unwrap_or_default();
            let entry = Entry::new("file.view", "person", &row.person).after(what);
            if organisation.is_empty() { entry } else { entry.of(organisation) }
        }
        None => Entry::new("file.open", "file", &row.id).after(what),
    };
    let change = Change {
        statements: vec![files::insert_link((&link.0, &row.id, variant), &link.1, now, until)],
        journal: vec![entry],
        events: Vec::new(),
    };
    let answer = Response::json(&Link { url: format!("/files/{token}"), until })?.status(201);
    save(cx, None, change, answer).await
}

/// `DELETE …/files/{id}/links`: ends the links that this account has made.
pub(super) async fn revoke(cx: &Cx<'_>, _: &Request) -> Result<Response, Error> {
    let row = found(cx).await?;
    permitted(cx, &row).await?;
    let account = cx.actor()?.account.clone();
    let change = Change {
        statements: vec![files::revoke_links(&row.id, &account, cx.ports.now)],
        journal: vec![Entry::new("file.revoke_links", "file", &row.id)],
        events: Vec::new(),
    };
    save(cx, None, change, Response::empty()).await
}

/// `GET /files/{token}`.
pub(super) async fn open(cx: &Cx<'_>, request: &Request) -> Result<Response, Error> {
    let token = cx.param("token");
    let expired = || Refusal::new(Kind::Gone, "file_link_gone");
    let link: Option<LinkRow> =
        read(cx.ports.db, files::link(&secret::digest(token))).await?.first()?;
    let link = link.ok_or_else(Refusal::not_found)?;
    if link.revoked != 0 || link.link_until < cx.ports.now {
        return Err(expired().into());
    }
    let row = &link.file;
    // The state may have changed since the link was made.
    let open =
        if link.own != 0 { row.state.stored() } else { openable(row.state, cx.ports.config.dev) };
    if !open {
        return Err(expired().into());
    }
    let kind = row.kind().ok_or_else(|| Fault::new("a stored file without a kind"))?;
    let (object, size, media, name) = if link.variant.is_empty() {
        (row.object.clone(), row.size, kind.media_type(), row.name.clone())
    } else {
        let variant = row.variants.iter().find(|have| have.name == link.variant);
        let variant = variant.ok_or_else(expired)?;
        let stem = row.name.rsplit_once('.').map_or(row.name.as_str(), |(stem, _)| stem);
        (variant.object.clone(), variant.size, "image/webp", format!("{stem}.webp"))
    };
    // The name of the object changes with its content.
    let tag = format!("\"{}\"", &secret::digest(&object)[..32]);
    Ok(piece(request, object, size, media, &tag)
        .header("content-disposition", disposition(&name))
        .header("etag", tag)
        .header("accept-ranges", "bytes")
        .header("x-robots-tag", "noindex"))
}

/// The whole object, or the range that was asked for.
fn piece(request: &Request, object: String, size: i64, media: &'static str, tag: &str) -> Response {
    let same = request.header("if-range").is_none_or(|have| have == tag);
    let asked = request.header("range").filter(|_| same).and_then(|text| range(text, size));
    let (status, from, length) = match asked {
        None => (200, 0, size),
        Some(Some((from, to))) => (206, from, to - from + 1),
        Some(None) => {
            let page = Response::new(416, "text/plain; charset=utf-8", Vec::new());
            return page.header("content-range", format!("bytes */{size}"));
        }
    };
    let mut response = Response::new(status, media, Vec::new());
    if status == 206 {
        let range = format!("bytes {from}-{}/{size}", from + length - 1);
        response = response.header("content-range", range);
    }
    response.piece = Some(Piece { object, from, length });
    response
}

/// One range of bytes (RFC 9110): `None` = answer with everything, `Some(None)` = there is no such
/// range. Several ranges at once are answered with everything, which is allowed.
fn range(text: &str, size: i64) -> Option<Option<(i64, i64)>> {
    let (first, last) = text.strip_prefix("bytes=")?.trim().split_once('-')?;
    if last.contains(',') {
        return None;
    }
    let number = |text: &str| text.trim().parse::<i64>().ok().filter(|n| *n >= 0);
    match (first.trim().is_empty(), last.trim().is_empty()) {
        (true, true) => None,
        (true, false) => {
            let count = number(last)?;
            Some((count > 0 && size > 0).then(|| ((size - count).max(0), size - 1)))
        }
        (false, true) => {
            let from = number(first)?;
            Some((from < size).then_some((from, size - 1)))
        }
        (false, false) => {
            let (from, to) = (number(first)?, number(last)?);
            if from > to {
                return None;
            }
            Some((from < size).then_some((from, to.min(size - 1))))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::range;

    #[test]
    fn ranges_are_read_as_the_standard_says() {
        for (text, want) in [
            ("bytes=0-0", Some(Some((0, 0)))),
            ("bytes=0-", Some(Some((0, 99)))),
            ("bytes=90-200", Some(Some((90, 99)))),
            ("bytes=-5", Some(Some((95, 99)))),
            ("bytes=-500", Some(Some((0, 99)))),
            ("bytes=100-", Some(None)),
            ("bytes=-0", Some(None)),
            ("bytes=5-1", None),
            ("bytes=0-1,5-6", None),
            ("bytes=a-b", None),
            ("bytes=-", None),
            ("items=0-1", None),
            ("bytes=99999999999999999999-", None),
        ] {
            assert_eq!(range(text, 100), want, "{text}");
        }
    }
}
