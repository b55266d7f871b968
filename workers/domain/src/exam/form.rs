//! The form of one candidate: what the secret, the pool and the blueprint of an exam make of their
//! number. The same wherever it is made, before the beginning as after it.

use serde::{Deserialize, Serialize};

use super::{
    blueprint::Blueprint,
    draw::Plan,
    pool::Pool,
    seal::open,
    seed::{Case, commitment},
};

/// A drawn task.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
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

/// What a form is drawn from, as it lies in the database.
#[derive(Debug, Clone, Copy)]
pub struct Source<'a> {
    /// The exam.
    pub exam: &'a str,
    /// The number under which the person sits, and which attempt it is.
    pub candidate: &'a str,
    /// Which attempt: 1, 2 …
    pub attempt: u32,
    /// The blueprint as JSON.
    pub blueprint: &'a str,
    /// What was committed to.
    pub commitment: &'a str,
    /// The secret, sealed, hexadecimal.
    pub sealed: &'a str,
}

/// Why there is no form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoForm {
    /// The secret does not open, or is not the one that was committed to.
    Secret,
    /// The pool cannot be read, or is another than the exam names.
    Pool,
    /// The blueprint cannot be read or filled.
    Blueprint,
}

/// A form.
#[derive(Debug)]
pub struct Form {
    /// The tasks in their order.
    pub slots: Vec<Slot>,
    /// The key of the attempt: of orders, identifiers and blocks.
    pub key: [u8; 32],
    /// What it was drawn by.
    pub blueprint: Blueprint,
}

/// Reads a pool as it lies in the database, hexadecimal; `version` is the one that the exam names.
///
/// # Errors
/// It cannot be read, or is another.
pub fn pool(text: &str, version: &str) -> Result<Pool, NoForm> {
    let read = bytes(text).and_then(|bytes| Pool::read(&bytes).ok());
    read.filter(|pool| pool.version == version).ok_or(NoForm::Pool)
}

/// Draws a form from a pool. `key` is the one under which secrets lie in the database.
///
/// # Errors
/// What lies there is not what was published.
pub fn draw(source: Source<'_>, pool: &Pool, key: &[u8; 32]) -> Result<Form, NoForm> {
    let sealed = bytes(source.sealed).ok_or(NoForm::Secret)?;
    let secret = open(key, source.exam, 0, &sealed).ok_or(NoForm::Secret)?;
    let secret: [u8; 32] = secret.try_into().map_err(|_| NoForm::Secret)?;
    if commitment(&secret) != source.commitment {
        return Err(NoForm::Secret);
    }
    let blueprint: Blueprint =
        serde_json::from_str(source.blueprint).map_err(|_| NoForm::Blueprint)?;
    let case = Case {
        exam: source.exam,
        candidate: source.candidate,
        attempt: source.attempt,
        bank_version: &pool.version,
    };
    if !case.sound() {
        return Err(NoForm::Blueprint);
    }
    let plan = Plan::new(&blueprint, pool).map_err(|_| NoForm::Blueprint)?;
    let chosen = plan.draw(&case.seed(&secret)).map_err(|_| NoForm::Blueprint)?;
    let slot = |(one, n): (&super::draw::Chosen, u16)| Slot {
        n,
        section: one.section,
        item: pool.id(one.item),
        version: pool.items[one.item as usize].version,
    };
    let slots = chosen.iter().zip(0..).map(slot).collect();
    Ok(Form { slots, key: case.key(&secret), blueprint })
}

/// Bytes of hexadecimal digits of any length.
fn bytes(text: &str) -> Option<Vec<u8>> {
    let pair = |at: usize| {
        let digits = text.get(at..at + 2)?;
        let hex = digits.bytes().all(|byte| byte.is_ascii_hexdigit());
        hex.then(|| u8::from_str_radix(digits, 16).ok())?
    };
    text.len().is_multiple_of(2).then(|| (0..text.len()).step_by(2).map(pair).collect())?
}
