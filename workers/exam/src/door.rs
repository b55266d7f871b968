//! Who may come in: the holder of a token whose SHA-256 is in the database.

use domain::exam::seed::hex;
use serde::{Deserialize, Serialize};
use serde_json::json;
use sha2::{Digest, Sha256};

use crate::{No, Sql};

/// Asks for the row of an attempt.
#[derive(Debug, Deserialize)]
pub struct Look {
    /// The attempt.
    attempt: String,
}

/// The statement that reads what an attempt begins with: one row.
///
/// # Errors
/// None.
pub fn look(look: Look) -> Result<Vec<Sql>, No> {
    let sql = "SELECT a.id, a.exam, a.session, a.candidate, a.attempt, a.lang, a.extra_minutes, a.sign, a.claimed, a.token, a.state, \
               e.title, e.edition, e.group_code, e.subject, e.blueprint, e.minutes, e.navigation, e.calculator, \
               e.commitment, e.sealed, p.version AS pool_version \
               FROM exam_attempt a JOIN exam e ON e.id = a.exam \
               JOIN exam_pool p ON p.exam = a.exam AND p.lang = a.lang \
               WHERE a.id = ?1 AND e.state <> 'draft'";
    let proctors = "SELECT p.token, p.account FROM exam_proctor p JOIN exam_attempt a ON a.session = p.session WHERE a.id = ?1";
    Ok(vec![
        (sql.to_owned(), vec![json!(look.attempt)]),
        (proctors.to_owned(), vec![json!(look.attempt)]),
    ])
}

/// Answers that two people have read from paper and that the attempt has not taken yet.
///
/// # Errors
/// None.
pub fn paper(look: Look) -> Result<Vec<Sql>, No> {
    let sql = "SELECT answers, first_by || ', ' || second_by || ': ' || act AS why FROM exam_paper \
               WHERE attempt = ?1 AND applied_at IS NULL";
    Ok(vec![(sql.to_owned(), vec![json!(look.attempt)])])
}

/// Asks for a room.
#[derive(Debug, Deserialize)]
pub struct Room {
    /// The session.
    session: String,
}

/// The statements that read who watches a room, and who sits there.
///
/// # Errors
/// None.
pub fn room(room: Room) -> Result<Vec<Sql>, No> {
    let proctors = "SELECT token, account FROM exam_proctor WHERE session = ?1";
    let seats = "SELECT id, state FROM exam_attempt WHERE session = ?1 ORDER BY id LIMIT 400";
    Ok(vec![
        (proctors.to_owned(), vec![json!(room.session)]),
        (seats.to_owned(), vec![json!(room.session)]),
    ])
}

/// A token and what the database has.
#[derive(Debug, Deserialize)]
pub struct Check {
    token: String,
    /// SHA-256 of the candidate's token.
    candidate: String,
    /// SHA-256 and account of those who watch.
    proctors: Vec<Proctor>,
}

#[derive(Debug, Deserialize)]
struct Proctor {
    token: String,
    account: String,
}

/// Who holds the token.
#[derive(Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Who {
    /// Nobody.
    Nobody,
    /// The candidate.
    Candidate,
    /// A proctor, by account.
    Proctor(String),
}

/// Says who holds a token.
///
/// # Errors
/// None.
pub fn check(check: Check) -> Result<Who, No> {
    // A token is 32 random bytes in hexadecimal digits: nothing shorter is worth a look.
    if check.token.len() < 64 {
        return Ok(Who::Nobody);
    }
    let digest = hex(&Sha256::digest(check.token.as_bytes()));
    if digest == check.candidate {
        return Ok(Who::Candidate);
    }
    let proctor = check.proctors.into_iter().find(|proctor| proctor.token == digest);
    Ok(proctor.map_or(Who::Nobody, |proctor| Who::Proctor(proctor.account)))
}
