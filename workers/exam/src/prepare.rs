//! What is made before an attempt begins: the draw, and the sealed blocks that the page fetches.

use std::{cell::RefCell, rc::Rc};

use domain::{
    bank::{body::Body, rich::is_hash},
    exam::{
        attempt::{State, Terms},
        deliver::veil,
        form::{self, Form, NoForm, Slot, Source},
        pool::Pool,
        rules,
        seal::{block_key, seal, seal_file},
        seed::{hex, unhex},
    },
    shared::lang::Text,
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::{No, Sql};

/// Pools that are kept: as many exams and languages as sit at the same time on one isolate.
const POOLS_MOST: usize = 8;

thread_local! {
    /// Pools that were read, the latest last. A pool is what its version says, whoever has read it, so
    /// an answer does not depend on what is kept here, only what it costs.
    static POOLS: RefCell<Vec<Rc<Pool>>> = const { RefCell::new(Vec::new()) };
}

/// The pool of a version: of the text where there is one, else what was kept.
fn pool(text: Option<&str>, version: &str) -> Result<Rc<Pool>, No> {
    POOLS.with_borrow_mut(|pools| {
        let kept = pools.iter().position(|pool| pool.version == version);
        let pool = match (kept, text) {
            (Some(at), _) => pools.remove(at),
            (None, Some(text)) => {
                let read = form::pool(text, version).map_err(word)?;
                pools.drain(..(pools.len() + 1).saturating_sub(POOLS_MOST));
                Rc::new(read)
            }
            (None, None) => return Err(No::Pool),
        };
        pools.push(Rc::clone(&pool));
        Ok(pool)
    })
}

const fn word(no: NoForm) -> No {
    match no {
        NoForm::Secret => No::Secret,
        NoForm::Pool => No::Pool,
        NoForm::Blueprint => No::Form,
    }
}

/// The row of [`crate::door::look`] and the key under which secrets are sealed.
#[derive(Debug, Deserialize)]
pub struct Draw {
    row: Row,
    /// The pool, hexadecimal. It may be left out: an isolate that has read it before knows it.
    #[serde(default)]
    pool: Option<String>,
    key: String,
}

/// What is read of an attempt and its exam.
#[derive(Debug, Deserialize)]
pub struct Row {
    id: String,
    exam: String,
    candidate: String,
    attempt: u32,
    lang: String,
    extra_minutes: i64,
    edition: String,
    blueprint: String,
    minutes: i64,
    navigation: String,
    /// Whether the person watches the tasks in sign language, where there is a video.
    #[serde(default)]
    sign: i64,
    commitment: String,
    sealed: String,
    pool_version: String,
}

/// What the object keeps from the start.
#[derive(Debug, Serialize)]
pub struct Drawn {
    slots: Vec<Slot>,
    /// The key of the attempt, hexadecimal.
    key: String,
    /// The state before the beginning.
    state: State,
    /// Titles of the sections.
    sections: Vec<Text>,
    /// Writes the draw down, unless it was written before.
    write: Vec<Sql>,
    /// Reads the bodies of the drawn items.
    read: Vec<Sql>,
}

/// Draws.
///
/// # Errors
/// The secret, the pool or the blueprint is not what was published; [`No::Pool`] also where it was
/// left out and is not known here.
pub fn draw(input: Draw) -> Result<Drawn, No> {
    let row = input.row;
    let key = unhex::<32>(&input.key).ok_or(No::Secret)?;
    let pool = pool(input.pool.as_deref(), &row.pool_version)?;
    let source = Source {
        exam: &row.exam,
        candidate: &row.candidate,
        attempt: row.attempt,
        blueprint: &row.blueprint,
        commitment: &row.commitment,
        sealed: &row.sealed,
    };
    let Form { slots, key, blueprint } = form::draw(source, &pool, &key).map_err(word)?;
    let session = &rules::edition(&row.edition).ok_or(No::Rules)?.session;
    let seconds = |value: u32| i64::from(value) * 1_000;
    let blocks = slots.windows(2).filter(|two| two[0].section != two[1].section);
    let terms = Terms {
        length: (row.minutes + row.extra_minutes) * 60_000,
        grace: seconds(session.grace_seconds.value),
        gap: seconds(session.gap_seconds.value),
        quick: i64::from(session.quick_ms.value),
        slots: slots.len() as u16,
        blocks: blocks.map(|two| two[1].n).collect(),
        forward: row.navigation == "forward",
    };
    let rows = serde_json::to_string(&slots).map_err(|_| No::Input)?;
    let write = vec![
        (
            "INSERT OR IGNORE INTO exam_slot (attempt, n, section, item, version) \
             SELECT ?1, value ->> '$.n', value ->> '$.section', value ->> '$.item', value ->> '$.version' FROM json_each(?2)"
                .to_owned(),
            vec![json!(row.id), json!(rows)],
        ),
        (
            "UPDATE exam_attempt SET bank_version = ?2 WHERE id = ?1 AND bank_version IS NULL".to_owned(),
            vec![json!(row.id), json!(row.pool_version)],
        ),
    ];
    // Bodies alone: the table of keys is never named here. Whoever does not need the videos does not
    // even hear that there are some.
    let body = if row.lang == "ru" { "ru" } else { "kk" };
    let read = vec![(
        format!(
            "SELECT s.n, v.{body} AS body, CASE WHEN ?2 = 1 AND g.item IS NOT NULL THEN \
               json_object('video', g.video, 'poster', g.poster, 'captions', g.captions) END AS sign \
             FROM exam_slot s JOIN item_version v ON v.item = s.item AND v.version = s.version \
             LEFT JOIN item_sign g ON g.item = s.item AND g.version = s.version AND g.lang = ?3 \
             WHERE s.attempt = ?1 ORDER BY s.n"
        ),
        vec![json!(row.id), json!(row.sign), json!(body)],
    )];
    let sections = blueprint.sections.into_iter().map(|section| section.title).collect();
    Ok(Drawn { slots, key: hex(&key), state: State::new(terms), sections, write, read })
}

/// The bodies of an attempt.
#[derive(Debug, Deserialize)]
pub struct Blocks {
    attempt: String,
    key: String,
    state: State,
    slots: Vec<Slot>,
    bodies: Vec<BodyRow>,
}

#[derive(Debug, Deserialize)]
struct BodyRow {
    n: u16,
    body: Option<String>,
    #[serde(default)]
    sign: Option<String>,
}

/// A task in sign language: files of the bank by their hashes, captions as WebVTT.
#[derive(Debug, Serialize, Deserialize)]
struct Sign {
    video: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    poster: Option<String>,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    captions: String,
}

/// What a page reads of a task. There is no field for a key.
#[derive(Debug, Serialize)]
struct Delivered {
    n: u16,
    section: u16,
    body: Body,
    /// Files that the task shows: hash, and the number under which the page fetches it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    files: Vec<(String, u16)>,
    #[serde(skip_serializing_if = "Option::is_none")]
    sign: Option<Sign>,
}

/// A file that the object may hand out, sealed, and nothing else of the store.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct File {
    /// Number within the attempt, from 0.
    n: u16,
    /// The block it belongs to: it opens with the key of that block.
    block: u16,
    /// SHA-256 of its bytes.
    hash: String,
}

/// What the object keeps for the page.
#[derive(Debug, Serialize)]
pub struct Sealed {
    /// A text of hexadecimal digits for each block.
    blocks: Vec<String>,
    /// Files of the blocks.
    files: Vec<File>,
}

/// Seals the blocks and numbers their files.
///
/// # Errors
/// A body is missing: the attempt does not begin with a hole in it.
pub fn blocks(input: Blocks) -> Result<Sealed, No> {
    let key = unhex::<32>(&input.key).ok_or(No::Secret)?;
    let terms = &input.state.terms;
    let mut files: Vec<File> = Vec::new();
    let mut blocks = Vec::new();
    for block in 0..=terms.blocks.len() as u16 {
        let mut tasks = Vec::new();
        for slot in input.slots.iter().filter(|slot| terms.block_of(slot.n) == block) {
            let row = input.bodies.iter().find(|row| row.n == slot.n).ok_or(No::Body)?;
            tasks.push(delivered(row, slot, block, &key, &mut files)?);
        }
        let text = serde_json::to_vec(&tasks).map_err(|_| No::Body)?;
        let sealed = seal(&block_key(&key, block), &input.attempt, block, &text);
        blocks.push(hex(&sealed.ok_or(No::Secret)?));
    }
    Ok(Sealed { blocks, files })
}

fn delivered(
    row: &BodyRow,
    slot: &Slot,
    block: u16,
    key: &[u8; 32],
    files: &mut Vec<File>,
) -> Result<Delivered, No> {
    let body: Body =
        serde_json::from_str(row.body.as_deref().ok_or(No::Body)?).map_err(|_| No::Body)?;
    let sign: Option<Sign> =
        row.sign.as_deref().map(serde_json::from_str).transpose().map_err(|_| No::Body)?;
    let mut named: Vec<&str> = body.images();
    if let Some(sign) = &sign {
        named.push(&sign.video);
        named.extend(sign.poster.as_deref());
    }
    let mut number = |hash: &str| {
        let known = files.iter().find(|file| file.block == block && file.hash == hash);
        known.map(|file| file.n).unwrap_or_else(|| {
            let n = files.len() as u16;
            files.push(File { n, block, hash: hash.to_owned() });
            n
        })
    };
    // What is no hash names nothing in the store.
    let named = named.into_iter().filter(|hash| is_hash(hash));
    let files = named.map(|hash| (hash.to_owned(), number(hash))).collect();
    Ok(Delivered {
        n: slot.n,
        section: slot.section,
        body: veil(&body, key, &slot.item),
        files,
        sign,
    })
}

/// A file as it leaves the worker: sealed under the key of its block. Nothing where it cannot be.
pub fn file(key: &str, attempt: &str, block: u16, n: u16, bytes: &[u8]) -> Vec<u8> {
    let key = unhex::<32>(key);
    key.and_then(|key| seal_file(&block_key(&key, block), attempt, n, bytes)).unwrap_or_default()
}

/// Which keys a page may have.
#[derive(Debug, Deserialize)]
pub struct Keys {
    key: String,
    state: State,
}

/// The keys of the blocks that are open: number and hexadecimal digits. None before the beginning.
///
/// # Errors
/// The key of the attempt cannot be read.
pub fn key(input: Keys) -> Result<Vec<Value>, No> {
    let key = unhex::<32>(&input.key).ok_or(No::Secret)?;
    let state = input.state;
    if state.started_at.is_none() {
        return Ok(Vec::new());
    }
    let from = if state.terms.forward { state.block } else { 0 };
    Ok((from..=state.block).map(|n| json!([n, hex(&block_key(&key, n))])).collect())
}
