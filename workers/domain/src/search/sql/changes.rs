//! What changed, for partners who keep a copy.

use serde::Deserialize;

use crate::{
    search::api::Change,
    shared::{statement::Statement, time::Timestamp},
    sql,
    vacancy::model::State,
};

/// A change is told so many seconds later: a command that began a moment earlier may still be
/// written with an earlier time, and nobody would see it.
const SETTLED: i64 = 2;

/// The last change that somebody knows of.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Since {
    millis: i64,
    id: String,
}

/// A changed vacancy.
#[derive(Debug, Clone, Deserialize)]
pub struct ChangeRow {
    id: String,
    number: i64,
    slug: String,
    state: State,
    changed_at: Timestamp,
}

impl From<ChangeRow> for Change {
    fn from(row: ChangeRow) -> Change {
        Change { number: row.number, slug: row.slug, state: row.state, changed_at: row.changed_at }
    }
}

impl Since {
    /// After this change.
    pub fn of(row: &ChangeRow) -> Since {
        Since { millis: row.changed_at.millis(), id: row.id.clone() }
    }

    /// The cursor: 12 hexadecimal digits of the moment and the identifier.
    pub fn encode(&self) -> String {
        format!("{:012x}{}", self.millis.clamp(0, (1 << 48) - 1), self.id)
    }

    /// Reads a cursor.
    pub fn decode(text: &str) -> Option<Since> {
        let plain = |b: u8| b.is_ascii_digit() || b.is_ascii_lowercase();
        let (moment, id) = text.split_at_checked(12)?;
        let hex = moment.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b));
        (hex && id.len() <= 40 && id.bytes().all(plain))
            .then(|| i64::from_str_radix(moment, 16).ok())
            .flatten()
            .map(|millis| Since { millis, id: id.to_owned() })
    }
}

/// Main database: vacancies that were ever public and changed after a change, oldest first.
pub fn changes(since: &Since, now: Timestamp, limit: u32) -> Statement {
    sql!(
        "SELECT id, number, slug, state, changed_at FROM vacancy
         WHERE (changed_at, id) > (?1, ?2) AND changed_at <= ?3
           AND state NOT IN ('draft', 'approval', 'scheduled')
         ORDER BY changed_at, id LIMIT CAST(?4 AS INTEGER)",
        Timestamp::from_millis(since.millis),
        &since.id,
        now.plus_seconds(-SETTLED),
        limit
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cursors_go_there_and_back() {
        let since = Since { millis: 1_790_000_000_123, id: "01kdvdna01p4380jhytk3w7b3f".into() };
        assert_eq!(Since::decode(&since.encode()), Some(since));
        assert_eq!(Since::decode(&Since::default().encode()), Some(Since::default()));
        for text in ["", "0", "zzzzzzzzzzzz", "00000000000A", "0000000000000'", "әәәәәәә"] {
            assert_eq!(Since::decode(text), None, "{text}");
        }
    }
}
