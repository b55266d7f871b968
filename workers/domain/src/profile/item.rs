//! A record of the profile between its owner and an organisation: what may be done with it, when
//! it ends, which others are the same certificate.

use chrono::{Days, Months, NaiveDate};
use serde_json::Value;

use super::{
    api::{Item, ItemState, Source, Verification},
    experience::Work,
    kind::Kind,
    settings::Settings,
};
use crate::shared::{
    fold::exact,
    refusal::{Kind as RefusalKind, Refusal},
};

/// What may be done with a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Act {
    /// The owner writes it anew. What was confirmed is so no more: it says something else now.
    Save,
    /// The owner removes it.
    Remove,
    /// The owner asks an organisation to compare it with the original.
    Submit {
        /// The organisation.
        organisation: String,
    },
    /// The owner takes the request back.
    Recall,
    /// The organisation has compared it.
    Confirm,
    /// The organisation sends it back.
    Return {
        /// Why.
        reason: String,
    },
    /// The organisation found it to be false.
    Reject {
        /// Why.
        reason: String,
    },
    /// A case that was decided on it is closed.
    Lock,
}

impl Act {
    /// The name, as in the journal (`profile.<name>`).
    pub const fn name(&self) -> &'static str {
        match self {
            Act::Save => "save",
            Act::Remove => "remove",
            Act::Submit { .. } => "submit",
            Act::Recall => "recall",
            Act::Confirm => "confirm",
            Act::Return { .. } => "return",
            Act::Reject { .. } => "reject",
            Act::Lock => "lock",
        }
    }
}

/// Whether an act is possible in a state, and the state after it.
pub const fn after(state: ItemState, act: &Act) -> Option<ItemState> {
    use ItemState::*;
    match (act, state) {
        // A record under comparison is recalled first: the organisation must not confirm what it
        // has not seen. A false one stays, as what it is; a locked one belongs to a case.
        (Act::Save, Draft | Returned | Confirmed) => Some(Draft),
        (Act::Remove, Draft | Returned | Confirmed | Submitted) => Some(Draft),
        (Act::Submit { .. }, Draft | Returned) => Some(Submitted),
        (Act::Recall, Submitted) => Some(Draft),
        (Act::Confirm, Submitted) => Some(Confirmed),
        (Act::Return { .. }, Submitted) => Some(Returned),
        (Act::Reject { .. }, Submitted) => Some(Rejected),
        (Act::Lock, Draft | Submitted | Confirmed | Returned) => Some(Locked),
        _ => None,
    }
}

/// The record after an act; the version grows by one.
///
/// Errors: the act is not possible in this state.
pub fn decide(item: &Item, act: &Act) -> Result<Item, Refusal> {
    let state = after(item.state, act)
        .ok_or_else(|| Refusal::new(RefusalKind::Conflict, "record_state"))?;
    let mut next = Item { state, version: item.version + 1, ..item.clone() };
    match act {
        Act::Save | Act::Recall => {
            next.verification = Verification::None;
            next.organisation = None;
            next.reason = String::new();
            if *act == Act::Save {
                next.source = Source::Owner;
            }
        }
        Act::Submit { organisation } => {
            next.organisation = Some(organisation.clone());
            next.reason = String::new();
        }
        Act::Confirm => next.verification = Verification::Organisation,
        Act::Return { reason } | Act::Reject { reason } => {
            if reason.trim().is_empty() {
                return Err(Refusal::new(RefusalKind::Invalid, "reason_missing"));
            }
            next.reason.clone_from(reason);
        }
        Act::Remove | Act::Lock => {}
    }
    Ok(next)
}

/// The record that takes the place of a locked one: it begins as its copy and is written anew.
/// What the closed case relied on stays where it is. Its version goes on from the locked one's,
/// because that one's address leads to it: what a device saw of the one never fits the other.
///
/// Errors: the record is not locked, or another one has taken its place already.
pub fn succeed(item: &Item, id: String) -> Result<Item, Refusal> {
    if item.state != ItemState::Locked || item.successor.is_some() {
        return Err(Refusal::new(RefusalKind::Conflict, "record_state"));
    }
    Ok(Item {
        id,
        version: item.version + 1,
        state: ItemState::Draft,
        source: Source::Owner,
        verification: Verification::None,
        used_in: Vec::new(),
        organisation: None,
        reason: String::new(),
        former: Some(item.id.clone()),
        ..item.clone()
    })
}

fn text<'a>(record: &'a Value, field: &str) -> &'a str {
    record.get(field).and_then(Value::as_str).unwrap_or_default()
}

fn day(record: &Value, field: &str) -> Option<NaiveDate> {
    text(record, field).parse().ok()
}

/// The last day on which a record is good: its own, or by the months of the settings.
pub fn valid_to(kind: Kind, record: &Value, settings: &Settings) -> Option<NaiveDate> {
    if let Some(day) = day(record, "valid_to") {
        return Some(day);
    }
    let months = &settings.valid_months.value;
    let months = months.get(text(record, "document")).or_else(|| months.get(kind.code()))?;
    day(record, "issued_on")?.checked_add_months(Months::new(*months))?.pred_opt()
}

/// The day of the next reminder after `told` (the day up to which reminders went out).
pub fn remind_on(
    valid_to: Option<NaiveDate>,
    told: NaiveDate,
    settings: &Settings,
) -> Option<NaiveDate> {
    let last = valid_to?;
    settings
        .expiring_days
        .value
        .iter()
        .filter_map(|days| last.checked_sub_days(Days::new(u64::try_from(*days).ok()?)))
        .find(|day| *day > told)
}

/// What tells the certificate apart from others of its kind; empty = nothing does.
pub fn identity(kind: Kind, record: &Value) -> Vec<String> {
    let part = |name: &&str| {
        let value = record.get(*name)?;
        let text = value.as_str().map_or_else(|| value.to_string(), exact);
        let letters: String = text.chars().filter(|c| c.is_alphanumeric()).collect();
        (!letters.is_empty()).then(|| format!("{name}={letters}"))
    };
    kind.spec().key.iter().filter_map(part).collect()
}

/// Whether two records of a kind are the same certificate entered twice: equal in the first field
/// of the key that both have, or, where that one is missing, in all that are left (two at least,
/// unless the kind has only one).
pub fn same(kind: Kind, one: &Value, other: &Value) -> bool {
    let (a, b) = (identity(kind, one), identity(kind, other));
    let keys = kind.spec().key;
    let numbered = keys.first().is_some_and(|first| matches!(*first, "number" | "doi"));
    let of = |list: &[String], key: &str| {
        list.iter().find(|part| part.split_once('=').is_some_and(|(name, _)| name == key)).cloned()
    };
    let mut shared = 0;
    for (place, key) in keys.iter().enumerate() {
        match (of(&a, key), of(&b, key)) {
            (Some(x), Some(y)) if x == y => {
                shared += 1;
                if place == 0 && numbered {
                    return true;
                }
            }
            (Some(_), Some(_)) => return false,
            // Two without a number are compared by the rest; one without it is another one.
            (None, None) if place == 0 && numbered => {}
            _ => return false,
        }
    }
    let rest = if numbered { keys.len() - 1 } else { keys.len() };
    rest > 0 && shared == rest
}

/// Fills `duplicates` of every record.
pub fn mark_duplicates(items: &mut [Item]) {
    let found: Vec<Vec<String>> = items
        .iter()
        .map(|item| {
            let twin = |other: &&Item| {
                other.id != item.id
                    && other.kind == item.kind
                    && same(item.kind, &item.record, &other.record)
            };
            items.iter().filter(twin).map(|other| other.id.clone()).collect()
        })
        .collect();
    for (item, duplicates) in items.iter_mut().zip(found) {
        item.duplicates = duplicates;
    }
}

/// One line that says what a record is: "Абай атындағы ҚазҰПУ, Математика".
pub fn title(kind: Kind, record: &Value) -> String {
    let fields: &[&str] = match kind {
        Kind::Education => &["institution", "specialty"],
        Kind::Experience => &["organisation", "position"],
        Kind::Category => &["position", "number"],
        Kind::OzpResult => &["block"],
        Kind::Course => &["title", "provider"],
        Kind::LessonObservation => &["topic", "class"],
        Kind::QualityIndicator => &["year", "class"],
        Kind::StudentAchievement | Kind::OwnAchievement => &["event"],
        Kind::Speech => &["topic", "event"],
        Kind::Publication => &["title", "edition"],
        Kind::Language => &["language", "level"],
        Kind::Recommendation => &["author", "organisation"],
        Kind::Document => &["number", "issuer"],
        _ => &["title"],
    };
    let parts: Vec<String> = fields
        .iter()
        .filter_map(|field| match record.get(*field)? {
            Value::String(text) => Some(text.clone()),
            Value::Number(number) => Some(number.to_string()),
            _ => None,
        })
        .collect();
    parts.join(", ")
}

/// What counting needs of the records, twins left out.
pub fn works(items: &[Item]) -> Vec<Work> {
    let first = |item: &&Item| item.duplicates.iter().all(|twin| item.id < *twin);
    items
        .iter()
        .filter(|item| item.kind == Kind::Experience && item.state != ItemState::Rejected)
        .filter(first)
        .map(|item| {
            let flag =
                |field: &str| item.record.get(field).and_then(Value::as_bool).unwrap_or_default();
            Work {
                occupation: text(&item.record, "occupation").to_owned(),
                from: day(&item.record, "from"),
                to: day(&item.record, "to"),
                pedagogical: flag("pedagogical"),
                administrative: flag("administrative"),
            }
        })
        .collect()
}

#[cfg(test)]
mod tests;
