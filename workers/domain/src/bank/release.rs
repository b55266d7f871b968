//! Exports of items with their keys: asked for by one person, approved by two others, sealed,
//! marked (requirements C8 R1). The password of a sealed file is never in one hand: each of the
//! two who approve has a half of it.

use serde::{Deserialize, Serialize};

use super::{codes, life::State, mark::is_mark, meta::is_topic};
use crate::{
    shared::{
        id::is_ulid,
        refusal::{Check, Kind, Refusal},
        row,
        statement::{Statement, guard},
        time::Timestamp,
    },
    sql,
};

/// Longest purpose, characters.
pub const PURPOSE_MAX: usize = 500;

codes! {
    /// How a file of items is written.
    Format {
        /// A QTI 3.0 package.
        Qti3 = "qti3",
        /// A QTI 2.2 package.
        Qti2 = "qti2",
        /// Moodle GIFT.
        Gift = "gift",
        /// Moodle XML.
        Moodle = "moodle",
        /// A table as text.
        Csv = "csv",
        /// A table as a workbook.
        Xlsx = "xlsx",
    }
}

impl Format {
    /// The name of a file of this format.
    pub const fn file(self) -> &'static str {
        match self {
            Format::Qti3 | Format::Qti2 => "items.zip",
            Format::Gift => "items.gift",
            Format::Moodle => "items.xml",
            Format::Csv => "items.csv",
            Format::Xlsx => "items.xlsx",
        }
    }
}

codes! {
    /// How far an export is.
    Stage {
        /// It waits for those who approve.
        Asked = "asked",
        /// Two have approved it.
        Approved = "approved",
        /// Somebody refused.
        Refused = "refused",
        /// It was taken.
        Taken = "taken",
    }
}

/// Which items.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Filter {
    /// These; empty = all that the rest says.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub ids: Vec<String>,
    /// Beginning of the path in the topic tree.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub topic: String,
    /// State of the newest version.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub state: Option<State>,
}

/// `POST exports`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ask {
    /// Which items.
    #[serde(default)]
    pub filter: Filter,
    /// How.
    pub format: Format,
    /// What for.
    #[serde(default)]
    pub purpose: String,
}

impl Ask {
    /// Notes what is wrong.
    pub fn check(&self) -> Check {
        let mut wrong = Check::default();
        let purpose = self.purpose.trim();
        if purpose.is_empty() {
            wrong.wrong("purpose", "required");
        }
        if purpose.chars().count() > PURPOSE_MAX {
            wrong.wrong_with("purpose", "too_long", "max", PURPOSE_MAX);
        }
        if !self.filter.topic.is_empty() && !is_topic(&self.filter.topic) {
            wrong.wrong("topic", "unknown");
        }
        if self.filter.ids.iter().any(|id| !is_ulid(id)) {
            wrong.wrong("ids", "unknown");
        }
        wrong
    }
}

/// An export as it is stored.
#[derive(Debug, Clone, Deserialize)]
pub struct Row {
    /// Identifier.
    pub id: String,
    /// Which items.
    #[serde(deserialize_with = "row::json")]
    pub filter: Filter,
    /// How.
    pub format: Format,
    /// What for.
    pub purpose: String,
    /// The mark of its texts.
    pub mark: String,
    /// How many items.
    pub items: i64,
    /// How far.
    pub state: Stage,
    /// Who asked.
    pub asked_by: String,
    /// Name of who asked.
    pub asked_name: String,
    /// When.
    pub asked_at: Timestamp,
    /// Who approved first.
    pub first_by: Option<String>,
    /// Name of who approved first.
    pub first_name: Option<String>,
    /// Who approved second.
    pub second_by: Option<String>,
    /// Name of who approved second.
    pub second_name: Option<String>,
    /// When it was taken first.
    pub taken_at: Option<Timestamp>,
    /// Until when it can be taken.
    pub until: Timestamp,
    /// Version for `If-Match`.
    pub version: i64,
}

impl Row {
    /// Which half of the password somebody has: the first or the second who approved.
    pub fn half_of(&self, account: &str) -> Option<u8> {
        let is = |by: &Option<String>| by.as_deref() == Some(account);
        is(&self.first_by).then_some(1).or_else(|| is(&self.second_by).then_some(2))
    }

    /// Whether it can still be taken.
    ///
    /// Errors: `bank_export_state` before two have approved and after its time.
    pub fn takable(&self, account: &str, now: Timestamp) -> Result<(), Refusal> {
        if self.asked_by != account {
            return Err(Refusal::not_found());
        }
        let fine = matches!(self.state, Stage::Approved | Stage::Taken) && now < self.until;
        fine.then_some(()).ok_or_else(|| Refusal::new(Kind::Conflict, "bank_export_state"))
    }
}

/// What is written when somebody decides about an export.
///
/// Errors: `bank_own` (who asked), `bank_twice` (the same person again), `bank_export_state`.
pub fn decide(
    row: &Row,
    approve: bool,
    account: &str,
    now: Timestamp,
) -> Result<Statement, Refusal> {
    if row.state != Stage::Asked || now >= row.until {
        return Err(Refusal::new(Kind::Conflict, "bank_export_state"));
    }
    if row.asked_by == account {
        return Err(Refusal::new(Kind::Forbidden, "bank_own"));
    }
    if row.first_by.as_deref() == Some(account) {
        return Err(Refusal::new(Kind::Forbidden, "bank_twice"));
    }
    Ok(match (approve, &row.first_by) {
        (false, _) => sql!(
            "UPDATE item_export SET state = 'refused', second_by = ?2, second_at = ?3, version = version + 1 WHERE id = ?1",
            &row.id,
            account,
            now
        ),
        (true, None) => sql!(
            "UPDATE item_export SET first_by = ?2, first_at = ?3, version = version + 1 WHERE id = ?1",
            &row.id,
            account,
            now
        ),
        (true, Some(_)) => sql!(
            "UPDATE item_export SET second_by = ?2, second_at = ?3, state = 'approved', version = version + 1 WHERE id = ?1",
            &row.id,
            account,
            now
        ),
    })
}

const COLUMNS: &str = "SELECT e.id, e.filter, e.format, e.purpose, e.mark, e.items, e.state, e.asked_by, e.asked_at,
  e.first_by, e.second_by, e.taken_at, e.until, e.version,
  (SELECT p.surname || ' ' || p.name FROM account a JOIN person p ON p.id = a.person WHERE a.id = e.asked_by) AS asked_name,
  (SELECT p.surname || ' ' || p.name FROM account a JOIN person p ON p.id = a.person WHERE a.id = e.first_by) AS first_name,
  (SELECT p.surname || ' ' || p.name FROM account a JOIN person p ON p.id = a.person WHERE a.id = e.second_by) AS second_name
  FROM item_export e";

/// The newest exports.
pub fn list() -> Statement {
    sql!(format!("{COLUMNS} ORDER BY e.id DESC LIMIT 100"))
}

/// One export.
pub fn one(id: &str) -> Statement {
    sql!(format!("{COLUMNS} WHERE e.id = ?1"), id)
}

/// The exports of marks that were found in a text.
pub fn by_marks(marks: &[String]) -> Statement {
    let known: Vec<&String> = marks.iter().filter(|mark| is_mark(mark)).take(50).collect();
    sql!(
        format!("{COLUMNS} WHERE e.mark IN (SELECT value FROM json_each(?1)) ORDER BY e.id DESC"),
        serde_json::to_string(&known).unwrap_or_default()
    )
}

/// Identifiers of the items of a filter, at most `most`: column `id`.
pub fn chosen(filter: &Filter, most: usize) -> Statement {
    let most = i64::try_from(most).unwrap_or(i64::MAX);
    if !filter.ids.is_empty() {
        return sql!(
            "SELECT id FROM item WHERE id IN (SELECT value FROM json_each(?1)) ORDER BY number LIMIT ?2",
            serde_json::to_string(&filter.ids).unwrap_or_default(),
            most
        );
    }
    sql!(
        "SELECT id FROM item WHERE (?1 = '' OR topic = ?1 OR (topic > ?1 || '/' AND topic < ?1 || '0'))
           AND (?2 = '' OR state = ?2) ORDER BY number LIMIT ?3",
        &filter.topic,
        filter.state.map_or("", State::code),
        most
    )
}

/// Notes that somebody asks.
pub fn ask(
    id: &str,
    ask: &Ask,
    items: usize,
    mark: &str,
    account: &str,
    times: (Timestamp, Timestamp),
) -> Statement {
    sql!(
        "INSERT INTO item_export (id, filter, format, purpose, mark, items, state, asked_by, asked_at, until)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, 'asked', ?7, ?8, ?9)",
        id,
        serde_json::to_string(&ask.filter).unwrap_or_default(),
        ask.format.code(),
        ask.purpose.trim(),
        mark,
        i64::try_from(items).unwrap_or(i64::MAX),
        account,
        times.0,
        times.1
    )
}

/// The version that was seen still stands.
pub fn unchanged(id: &str, version: i64) -> Statement {
    guard(
        "version",
        "SELECT version = ?2 FROM item_export WHERE id = ?1",
        vec![id.into(), version.into()],
    )
}

/// Notes that it was taken.
pub fn taken(id: &str, now: Timestamp) -> Statement {
    sql!(
        "UPDATE item_export SET state = 'taken', taken_at = coalesce(taken_at, ?2), version = version + 1 WHERE id = ?1",
        id,
        now
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row() -> Row {
        let at = Timestamp::from_millis(1_795_312_805_000);
        Row {
            id: "e".into(),
            filter: Filter::default(),
            format: Format::Gift,
            purpose: "мұрағат".into(),
            mark: "0123456789abcdef".into(),
            items: 3,
            state: Stage::Asked,
            asked_by: "asks".into(),
            asked_name: String::new(),
            asked_at: at,
            first_by: None,
            first_name: None,
            second_by: None,
            second_name: None,
            taken_at: None,
            until: at.plus_seconds(60),
            version: 1,
        }
    }

    #[test]
    fn two_others_approve_and_only_who_asked_takes() {
        let mut row = row();
        let now = row.asked_at;
        let code = |done: Result<Statement, Refusal>| done.err().map(|refusal| refusal.code);
        assert_eq!(code(decide(&row, true, "asks", now)), Some("bank_own"));
        assert_eq!(code(decide(&row, true, "first", now)), None);
        row.first_by = Some("first".into());
        assert_eq!(code(decide(&row, true, "first", now)), Some("bank_twice"));
        assert_eq!(row.takable("asks", now).err().map(|r| r.code), Some("bank_export_state"));
        assert_eq!(code(decide(&row, true, "second", now)), None);
        row.second_by = Some("second".into());
        row.state = Stage::Approved;
        assert_eq!((row.half_of("first"), row.half_of("second")), (Some(1), Some(2)));
        assert_eq!(row.half_of("asks"), None);
        assert!(row.takable("asks", now).is_ok());
        assert!(row.takable("first", now).is_err());
        assert!(row.takable("asks", row.until).is_err());
        assert_eq!(code(decide(&row, false, "third", now)), Some("bank_export_state"));
    }

    #[test]
    fn a_purpose_is_needed_and_nobody_chooses_by_sql() {
        let ask = |topic: &str, purpose: &str| Ask {
            filter: Filter { topic: topic.into(), ..Filter::default() },
            format: Format::Qti3,
            purpose: purpose.into(),
        };
        assert!(ask("pedagogy/didactics", "тексеру").check().0.is_empty());
        assert_eq!(ask("", " ").check().0.len(), 1);
        assert_eq!(ask("' OR 1", "x").check().0.len(), 1);
    }
}
