//! Images and videos of the bank, under the SHA-256 of their bytes.

use domain::{
    bank::{api::Image, rich::is_hash, rule::rule},
    shared::refusal::{Check, Refusal},
    sql,
};
use item_exchange::image_kind;
use serde::Deserialize;

use crate::{
    cx::Cx,
    error::{Error, Fault},
    http::{Request, Response},
    ports::read,
    save::refused,
};

/// The type and the bytes of an image; `None` where there is none.
pub(super) async fn bytes(
    cx: &Cx<'_>,
    hash: &str,
) -> Result<Option<(&'static str, Vec<u8>)>, Error> {
    #[derive(Deserialize)]
    struct Media {
        r#type: String,
        size: i64,
    }
    if !is_hash(hash) {
        return Ok(None);
    }
    let row: Option<Media> =
        read(cx.ports.db, sql!("SELECT type, size FROM item_media WHERE hash = ?1", hash))
            .await?
            .first()?;
    let Some(row) = row else { return Ok(None) };
    let kinds = ["image/png", "image/jpeg", "image/gif", "image/webp", "video/mp4", "video/webm"];
    let Some(kind) = kinds.into_iter().find(|kind| *kind == row.r#type) else { return Ok(None) };
    let bytes = cx.ports.store.read(&format!("bank/{hash}"), 0, row.size).await;
    let bytes = bytes.map_err(|e| Fault::new(format!("image of the bank: {e:?}")))?;
    Ok(bytes.map(|bytes| (kind, bytes)))
}

/// An image as an address that holds it whole, for a page that is printed; empty where there is none.
pub(crate) async fn inline(cx: &Cx<'_>, hash: &str) -> Result<String, Error> {
    let found = bytes(cx, hash).await?;
    Ok(found.map_or_else(String::new, |(kind, bytes)| {
        format!("data:{kind};base64,{}", data_encoding::BASE64.encode(&bytes))
    }))
}

/// `GET media/{hash}`.
pub(super) async fn get(cx: &Cx<'_>, _: &Request) -> Result<Response, Error> {
    let (kind, bytes) = bytes(cx, cx.param("hash")).await?.ok_or_else(Refusal::not_found)?;
    Ok(Response::new(200, kind, bytes))
}

/// Keeps an image; one that is there already stays as it is.
pub(super) async fn keep(cx: &Cx<'_>, hash: &str, kind: &str, bytes: Vec<u8>) -> Result<(), Error> {
    let size = i64::try_from(bytes.len()).unwrap_or(i64::MAX);
    let kept = cx.ports.store.write(&format!("bank/{hash}"), bytes).await;
    kept.map_err(|e| Fault::new(format!("image of the bank: {e:?}")))?;
    let row = sql!(
        "INSERT OR IGNORE INTO item_media (hash, type, size, account, at) VALUES (?1, ?2, ?3, ?4, ?5)",
        hash,
        kind,
        size,
        &cx.actor()?.account,
        cx.ports.now
    );
    cx.ports.db.batch(vec![row]).await.map_err(refused)?;
    Ok(())
}

/// What a video is, by its bytes.
fn video_kind(bytes: &[u8]) -> Option<&'static str> {
    if bytes.get(4..8) == Some(b"ftyp") {
        Some("video/mp4")
    } else if bytes.starts_with(b"\x1a\x45\xdf\xa3") {
        Some("video/webm")
    } else {
        None
    }
}

/// `POST media`: an image or a video by its bytes. What it is, the bytes say, not their sender.
pub(super) async fn post(cx: &Cx<'_>, request: &Request) -> Result<Response, Error> {
    use sha2::{Digest, Sha256};
    let bytes = &request.body;
    let video = video_kind(bytes);
    let most = if video.is_some() { rule().video_bytes } else { rule().image_bytes };
    let mut wrong = Check::default();
    if bytes.len() > most {
        wrong.wrong_with("image", "bank_image_large", "max", most / 1000);
        return Err(Refusal::fields(wrong.0).into());
    }
    let Some(kind) = video.or_else(|| image_kind(bytes)) else {
        wrong.wrong("image", "bank_image");
        return Err(Refusal::fields(wrong.0).into());
    };
    let hash: String = Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect();
    keep(cx, &hash, kind, bytes.clone()).await?;
    Ok(Response::json(&Image { hash, r#type: kind.to_owned() })?.status(201))
}
