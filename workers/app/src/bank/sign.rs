//! An item in sign language: a video beside a version of its text. It changes nothing of the version, so
//! one can be added to an item that is in use; only those see it who were put down for it.

use domain::{
    bank::{rich::is_hash, rule::rule},
    journal::Entry,
    shared::{lang::Lang, refusal::Check},
    sql,
};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::item::load;
use crate::{
    cx::Cx,
    error::Error,
    http::{Request, Response},
    ports::read,
    save::{Change, Replay, once, save},
};

#[derive(Deserialize, Serialize)]
struct Row {
    lang: String,
    video: String,
    poster: Option<String>,
    captions: String,
}

/// `GET items/{id}/sign`: the videos of its newest version.
pub(super) async fn all(cx: &Cx<'_>, _: &Request) -> Result<Response, Error> {
    let item = load(cx, None).await?;
    let rows: Vec<Row> = read(
        cx.ports.db,
        sql!(
            "SELECT lang, video, poster, captions FROM item_sign WHERE item = ?1 AND version = ?2 ORDER BY lang",
            &item.row.id,
            item.row.head
        ),
    )
    .await?
    .all()?;
    Ok(Response::json(&json!({ "items": rows }))?)
}

#[derive(Deserialize)]
struct Written {
    lang: String,
    video: String,
    #[serde(default)]
    poster: String,
    #[serde(default)]
    captions: String,
}

/// Whether a text is WebVTT: its first line says so, and it has at least one time.
fn is_captions(text: &str) -> bool {
    let text = text.trim_start_matches('\u{feff}');
    let head = text.lines().next().unwrap_or_default();
    let named = head == "WEBVTT" || head.starts_with("WEBVTT ");
    named && text.contains(" --> ")
}

/// `POST items/{id}/sign`: puts a video to the newest version in a language, in place of the one before.
pub(super) async fn put(cx: &Cx<'_>, request: &Request) -> Result<Response, Error> {
    #[derive(Deserialize)]
    struct Media {
        hash: String,
        r#type: String,
    }
    let once = match once(cx, request).await? {
        Replay::First(once) => once,
        Replay::Done(response) => return Ok(response),
    };
    let written: Written = request.json()?;
    let item = load(cx, None).await?;
    let mut wrong = Check::default();
    if !matches!(Lang::parse(&written.lang), Some(Lang::Kk | Lang::Ru)) {
        wrong.wrong("lang", "unknown");
    }
    let hashes = [written.video.as_str(), written.poster.as_str()];
    let known: Vec<Media> = read(
        cx.ports.db,
        sql!(
            "SELECT hash, type FROM item_media WHERE hash IN (SELECT value FROM json_each(?1))",
            json!(hashes).to_string()
        ),
    )
    .await?
    .all()?;
    let is = |hash: &str, kind: &str| {
        is_hash(hash) && known.iter().any(|one| one.hash == hash && one.r#type.starts_with(kind))
    };
    if !is(&written.video, "video/") {
        wrong.wrong("video", "sign_video");
    }
    if !written.poster.is_empty() && !is(&written.poster, "image/") {
        wrong.wrong("poster", "bank_image");
    }
    let captions = written.captions.trim();
    if captions.chars().count() > rule().captions_most {
        wrong.wrong_with("captions", "too_long", "max", rule().captions_most);
    } else if !captions.is_empty() && !is_captions(captions) {
        wrong.wrong("captions", "sign_captions");
    }
    wrong.done()?;
    let poster = (!written.poster.is_empty()).then_some(written.poster.as_str());
    let change = Change {
        statements: vec![sql!(
            "INSERT INTO item_sign (item, version, lang, video, poster, captions, account, at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
             ON CONFLICT (item, version, lang) DO UPDATE SET video = ?4, poster = ?5, captions = ?6, account = ?7, at = ?8",
            &item.row.id,
            item.row.head,
            &written.lang,
            &written.video,
            poster,
            captions,
            &cx.actor()?.account,
            cx.ports.now
        )],
        journal: vec![
            Entry::new("item_sign.write", "item", &item.row.id)
                .after(json!({ "version": item.row.head, "lang": written.lang, "video": written.video })),
        ],
        events: vec![],
    };
    save(cx, Some(once), change, Response::empty()).await
}

/// `POST items/{id}/sign/remove {lang}`.
pub(super) async fn remove(cx: &Cx<'_>, request: &Request) -> Result<Response, Error> {
    #[derive(Deserialize)]
    struct Of {
        lang: String,
    }
    let once = match once(cx, request).await? {
        Replay::First(once) => once,
        Replay::Done(response) => return Ok(response),
    };
    let of: Of = request.json()?;
    let item = load(cx, None).await?;
    let change = Change {
        statements: vec![sql!(
            "DELETE FROM item_sign WHERE item = ?1 AND version = ?2 AND lang = ?3",
            &item.row.id,
            item.row.head,
            &of.lang
        )],
        journal: vec![
            Entry::new("item_sign.remove", "item", &item.row.id)
                .after(json!({ "version": item.row.head, "lang": of.lang })),
        ],
        events: vec![],
    };
    save(cx, Some(once), change, Response::empty()).await
}

#[cfg(test)]
mod tests {
    use super::is_captions;

    #[test]
    fn captions_are_webvtt() {
        assert!(is_captions("WEBVTT\n\n00:00.000 --> 00:02.000\nСұрақ"));
        assert!(is_captions("\u{feff}WEBVTT kk\r\n\r\n00:00.000 --> 00:02.000\r\nA"));
        for text in ["", "WEBVTT", "1\n00:00:00,000 --> 00:00:02,000\nA", "WEBVTTX\n a --> b"] {
            assert!(!is_captions(text), "{text}");
        }
    }
}
