//! Statements as data. The tables are described in `schemas/migrations/trust`.

pub use crate::hex::{hex, unhex};
use serde::{Serialize, Serializer, ser::SerializeMap};
use trust_core::{
    day::{self, Day},
    note,
};

/// A value of a statement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Param {
    /// Bytes.
    Bytes(Vec<u8>),
    /// Text.
    Text(String),
    /// A number.
    Number(u32),
}

impl Serialize for Param {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        match self {
            // The glue turns {"x": hex} into bytes.
            Param::Bytes(bytes) => {
                let mut map = to.serialize_map(Some(1))?;
                map.serialize_entry("x", &hex(bytes))?;
                map.end()
            }
            Param::Text(text) => to.serialize_str(text),
            Param::Number(number) => to.serialize_u32(*number),
        }
    }
}

impl From<&[u8]> for Param {
    fn from(bytes: &[u8]) -> Param {
        Param::Bytes(bytes.to_vec())
    }
}

impl<const N: usize> From<&[u8; N]> for Param {
    fn from(bytes: &[u8; N]) -> Param {
        Param::Bytes(bytes.to_vec())
    }
}

impl From<String> for Param {
    fn from(text: String) -> Param {
        Param::Text(text)
    }
}

impl From<u32> for Param {
    fn from(number: u32) -> Param {
        Param::Number(number)
    }
}

/// A statement with its values.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Statement(pub &'static str, pub Vec<Param>);

macro_rules! sql {
    ($text:expr $(, $value:expr)* $(,)?) => { Statement($text, vec![$(Param::from($value)),*]) };
}

/// Puts an envelope in; one that is there stays as it is. A follow-up needs its report.
pub fn put_item(
    id: &[u8; 16],
    kind: u32,
    mailbox: &[u8; 32],
    case: &[u8; 32],
    envelope: &[u8],
    days: (Day, Day),
    most: u32,
) -> Statement {
    sql!(
        "INSERT OR IGNORE INTO item (id, kind, mailbox, case_key, envelope, received_day, purge_day) \
         SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7 \
         WHERE (?2 = 1 OR EXISTS (SELECT 1 FROM item WHERE mailbox = ?3 AND kind = 1)) \
         AND (SELECT count(*) FROM item) < ?8",
        id,
        kind,
        mailbox,
        case,
        envelope,
        day::text(days.0),
        day::text(days.1),
        most,
    )
}

/// Puts the note of a mailbox in the place of the one before.
pub fn put_note(mailbox: &[u8; 32], note: &[u8; note::SIZE]) -> Statement {
    sql!("UPDATE item SET note = ?2 WHERE mailbox = ?1 AND kind = 1", mailbox, note)
}

/// Whether an envelope is there, and whether no more can be.
pub fn has_item(id: &[u8; 16], most: u32) -> Statement {
    sql!(
        "SELECT EXISTS (SELECT 1 FROM item WHERE id = ?1) AS yes, \
         (SELECT count(*) FROM item) >= ?2 AS full",
        id,
        most
    )
}

/// Puts a chunk in; one that is there stays as it is.
pub fn put_chunk(id: &[u8; 16], body: &[u8], purge: Day, most: u32) -> Statement {
    // Counted in the small index by day, not in the table of chunks.
    sql!(
        "INSERT OR IGNORE INTO chunk (id, body, purge_day) SELECT ?1, ?2, ?3 \
         WHERE (SELECT count(purge_day) FROM chunk) < ?4",
        id,
        body,
        day::text(purge),
        most
    )
}

/// Whether this very chunk is there, and whether no more can be.
pub fn has_chunk(id: &[u8; 16], body: &[u8], most: u32) -> Statement {
    sql!(
        "SELECT EXISTS (SELECT 1 FROM chunk WHERE id = ?1 AND body = ?2) AS yes, \
         (SELECT count(purge_day) FROM chunk) >= ?3 AS full",
        id,
        body,
        most
    )
}

/// A chunk.
pub fn chunk(id: &[u8; 16]) -> Statement {
    sql!("SELECT hex(body) AS bytes FROM chunk WHERE id = ?1", id)
}

/// Keeps chunks at least until a day; `ids` is a JSON list of their numbers in hexadecimal digits.
pub fn keep_chunks(ids: String, purge: Day) -> Statement {
    sql!(
        "UPDATE chunk SET purge_day = max(purge_day, ?2) \
         WHERE id IN (SELECT unhex(value) FROM json_each(?1))",
        ids,
        day::text(purge)
    )
}

/// Deletes a letter of a mailbox.
pub fn drop_letter(mailbox: &[u8; 32], id: &[u8; 16]) -> Statement {
    sql!("DELETE FROM letter WHERE id = ?2 AND mailbox = ?1", mailbox, id)
}

/// Whether there is such a mailbox, what stands with its case, and how many letters lie in it.
pub fn mailbox(mailbox: &[u8; 32]) -> Statement {
    sql!(
        "SELECT (SELECT count(*) FROM letter WHERE mailbox = ?1) AS letters, \
         (SELECT max(released) FROM item WHERE mailbox = ?1 AND kind = 1) AS released, \
         (SELECT max(confirmed) FROM item WHERE mailbox = ?1 AND kind = 1) AS confirmed, \
         (SELECT min(closed) FROM item WHERE mailbox = ?1 AND kind = 1) AS closed, \
         (SELECT hex(max(note)) FROM item WHERE mailbox = ?1 AND kind = 1) AS note, \
         EXISTS (SELECT 1 FROM person WHERE sign = ?1) AS person",
        mailbox
    )
}

/// A letter of a mailbox, by its place in the order of numbers.
pub fn letter(mailbox: &[u8; 32], page: u32) -> Statement {
    sql!(
        "SELECT hex(id) AS id, hex(body) AS bytes FROM letter WHERE mailbox = ?1 \
         ORDER BY id LIMIT 1 OFFSET ?2",
        mailbox,
        page
    )
}

/// Puts a letter into a reporter's mailbox, if the key is that of its case.
pub fn put_letter_of_case(
    id: &[u8; 16],
    to: &[u8; 32],
    key: &[u8; 32],
    body: &[u8],
    purge: Day,
) -> Statement {
    sql!(
        "INSERT OR IGNORE INTO letter (id, mailbox, body, purge_day) SELECT ?1, ?2, ?3, ?4 \
         WHERE EXISTS (SELECT 1 FROM item WHERE mailbox = ?2 AND case_key = ?5 AND kind = 1)",
        id,
        to,
        body,
        day::text(purge),
        key
    )
}

/// Puts a letter into the mailbox of somebody of the directory, if the key is of another.
pub fn put_letter_of_person(
    id: &[u8; 16],
    to: &[u8; 32],
    key: &[u8; 32],
    body: &[u8],
    purge: Day,
) -> Statement {
    sql!(
        "INSERT OR IGNORE INTO letter (id, mailbox, body, purge_day) SELECT ?1, ?2, ?3, ?4 \
         WHERE EXISTS (SELECT 1 FROM person WHERE sign = ?5) \
         AND EXISTS (SELECT 1 FROM person WHERE sign = ?2)",
        id,
        to,
        body,
        day::text(purge),
        key
    )
}

/// Whether a letter is there.
pub fn has_letter(id: &[u8; 16]) -> Statement {
    sql!("SELECT EXISTS (SELECT 1 FROM letter WHERE id = ?1) AS yes", id)
}

/// Whether a key is of the directory.
pub fn has_person(sign: &[u8; 32]) -> Statement {
    sql!("SELECT EXISTS (SELECT 1 FROM person WHERE sign = ?1) AS yes", sign)
}

/// Heads and slots of what was received on a day and let out, by number.
pub fn heads(received: Day, from: u32, count: u32) -> Statement {
    sql!(
        "SELECT hex(id) AS id, confirmed, closed, hex(substr(envelope, 1, 9424)) AS bytes FROM item \
         WHERE received_day = ?1 AND released = 1 ORDER BY id LIMIT ?3 OFFSET ?2",
        day::text(received),
        from,
        count
    )
}

/// An envelope that was let out.
pub fn envelope(id: &[u8; 16]) -> Statement {
    sql!("SELECT hex(envelope) AS bytes FROM item WHERE id = ?1 AND released = 1", id)
}

/// Marks the report of a case as confirmed.
pub fn confirm(case: &[u8; 32]) -> Statement {
    sql!("UPDATE item SET confirmed = 1 WHERE case_key = ?1 AND kind = 1", case)
}

/// Closes or opens all of a case and sets until when it is kept.
pub fn close(case: &[u8; 32], closed: bool, purge: Day) -> Statement {
    sql!(
        "UPDATE item SET closed = ?2, purge_day = ?3 WHERE mailbox IN \
         (SELECT mailbox FROM item WHERE case_key = ?1 AND kind = 1)",
        case,
        u32::from(closed),
        day::text(purge)
    )
}

/// Sets until when the letters of a case are kept.
pub fn keep_letters(case: &[u8; 32], purge: Day) -> Statement {
    sql!(
        "UPDATE letter SET purge_day = ?2 WHERE mailbox IN \
         (SELECT mailbox FROM item WHERE case_key = ?1 AND kind = 1)",
        case,
        day::text(purge)
    )
}

/// Whether there is a case.
pub fn has_case(case: &[u8; 32]) -> Statement {
    sql!("SELECT EXISTS (SELECT 1 FROM item WHERE case_key = ?1 AND kind = 1) AS yes", case)
}

/// Replaces the people of an older directory; `people` is a JSON list of [key, role].
pub fn put_people(version: u32, people: String) -> [Statement; 2] {
    [
        sql!(
            "DELETE FROM person WHERE coalesce((SELECT version FROM directory), -1) < ?1",
            version
        ),
        sql!(
            "INSERT INTO person (sign, role) \
             SELECT unhex(value ->> 0), value ->> 1 FROM json_each(?2) \
             WHERE coalesce((SELECT version FROM directory), -1) < ?1",
            version,
            people
        ),
    ]
}

/// Replaces an older directory.
pub fn put_directory(version: u32, file: &[u8]) -> Statement {
    sql!(
        "INSERT INTO directory (name, version, file) VALUES ('keys', ?1, ?2) \
         ON CONFLICT (name) DO UPDATE SET version = excluded.version, file = excluded.file \
         WHERE excluded.version > directory.version",
        version,
        file
    )
}

/// Whether this very directory is the one.
pub fn has_directory(file: &[u8]) -> Statement {
    sql!("SELECT EXISTS (SELECT 1 FROM directory WHERE file = ?1) AS yes", file)
}

/// A part of the directory and its whole length.
pub fn directory(from: u32, count: u32) -> Statement {
    sql!(
        "SELECT length(file) AS whole, hex(substr(file, ?1 + 1, ?2)) AS bytes FROM directory",
        from,
        count
    )
}

/// Lets out what has come.
pub fn release() -> Statement {
    sql!("UPDATE item SET released = 1 WHERE released = 0")
}

/// The digest of a day, for every officer once.
pub fn digest(today: Day) -> Statement {
    sql!(
        "INSERT OR IGNORE INTO digest (day, officer) SELECT ?1, sign FROM person WHERE role = 0",
        day::text(today)
    )
}

/// Deletes what is past its day.
pub fn purge(today: Day, digests_before: Day) -> [Statement; 4] {
    let today = day::text(today);
    [
        sql!("DELETE FROM item WHERE purge_day < ?1", today.clone()),
        sql!("DELETE FROM letter WHERE purge_day < ?1", today.clone()),
        sql!("DELETE FROM chunk WHERE purge_day < ?1", today),
        sql!("DELETE FROM digest WHERE day < ?1", day::text(digests_before)),
    ]
}
