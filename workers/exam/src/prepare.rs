//! What is made before an attempt begins: the draw, and the sealed blocks that the page fetches.

use std::{cell::RefCell, rc::Rc};

use domain::{
    bank::body::Body,
    exam::{
        attempt::{State, Terms},
        blueprint::Blueprint,
        deliver::veil,
        draw::Plan,
        pool::Pool,
        rules,
        seal::{block_key, open, seal},
        seed::{Case, commitment, hex, unhex},
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
                let read = Pool::read(&bytes(text).ok_or(No::Pool)?).map_err(|_| No::Pool)?;
                if read.version != version {
                    return Err(No::Pool);
                }
                pools.drain(..(pools.len() + 1).saturating_sub(POOLS_MOST));
                Rc::new(read)
            }
            (None, None) => return Err(No::Pool),
        };
        pools.push(Rc::clone(&pool));
        Ok(pool)
    })
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
    commitment: String,
    sealed: String,
    pool_version: String,
}

/// A drawn task.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Slot {
    /// Number, from 0.
    pub n: u16,
    /// Section, from 0.
    pub section: u16,
    /// Item.
    pub item: String,
    /// Its version.
    pub version: u16,
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
    let sealed = bytes(&row.sealed).ok_or(No::Secret)?;
    let secret = open(&key, &row.exam, 0, &sealed).ok_or(No::Secret)?;
    let secret: [u8; 32] = secret.try_into().map_err(|_| No::Secret)?;
    if commitment(&secret) != row.commitment {
        return Err(No::Secret);
    }
    let pool = pool(input.pool.as_deref(), &row.pool_version)?;
    let blueprint: Blueprint = serde_json::from_str(&row.blueprint).map_err(|_| No::Form)?;
    let case = Case {
        exam: &row.exam,
        candidate: &row.candidate,
        attempt: row.attempt,
        bank_version: &pool.version,
    };
    if !case.sound() {
        return Err(No::Form);
    }
    let plan = Plan::new(&blueprint, &pool).map_err(|_| No::Form)?;
    let form = plan.draw(&case.seed(&secret)).map_err(|_| No::Form)?;
    let slots: Vec<Slot> = form
        .iter()
        .zip(0..)
        .map(|(one, n)| Slot {
            n,
            section: one.section,
            item: pool.id(one.item),
            version: pool.items[one.item as usize].version,
        })
        .collect();
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
            vec![json!(row.id), json!(pool.version)],
        ),
    ];
    // Bodies alone: the table of keys is never named here.
    let body = if row.lang == "ru" { "ru" } else { "kk" };
    let read = vec![(
        format!(
            "SELECT s.n, v.{body} AS body FROM exam_slot s JOIN item_version v ON v.item = s.item AND v.version = s.version \
             WHERE s.attempt = ?1 ORDER BY s.n"
        ),
        vec![json!(row.id)],
    )];
    let sections = blueprint.sections.into_iter().map(|section| section.title).collect();
    let key = hex(&case.key(&secret));
    Ok(Drawn { slots, key, state: State::new(terms), sections, write, read })
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
}

/// What a page reads of a task. There is no field for a key.
#[derive(Debug, Serialize)]
struct Delivered {
    n: u16,
    section: u16,
    body: Body,
}

/// Seals the blocks: hexadecimal digits, one text a block.
///
/// # Errors
/// A body is missing: the attempt does not begin with a hole in it.
pub fn blocks(input: Blocks) -> Result<Vec<String>, No> {
    let key = unhex::<32>(&input.key).ok_or(No::Secret)?;
    let terms = &input.state.terms;
    (0..=terms.blocks.len() as u16)
        .map(|block| {
            let of_it = input.slots.iter().filter(|slot| terms.block_of(slot.n) == block);
            let tasks = of_it
                .map(|slot| {
                    let row = input.bodies.iter().find(|row| row.n == slot.n);
                    let text = row.and_then(|row| row.body.as_deref()).ok_or(No::Body)?;
                    let body: Body = serde_json::from_str(text).map_err(|_| No::Body)?;
                    let body = veil(&body, &key, &slot.item);
                    Ok(Delivered { n: slot.n, section: slot.section, body })
                })
                .collect::<Result<Vec<_>, No>>()?;
            let text = serde_json::to_vec(&tasks).map_err(|_| No::Body)?;
            seal(&block_key(&key, block), &input.attempt, block, &text)
                .map(|sealed| hex(&sealed))
                .ok_or(No::Secret)
        })
        .collect()
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

/// Bytes of hexadecimal digits of any length.
pub(crate) fn bytes(text: &str) -> Option<Vec<u8>> {
    let pair = |at: usize| {
        let digits = text.get(at..at + 2)?;
        digits
            .bytes()
            .all(|b| b.is_ascii_hexdigit())
            .then(|| u8::from_str_radix(digits, 16).ok())?
    };
    text.len().is_multiple_of(2).then(|| (0..text.len()).step_by(2).map(pair).collect())?
}
