//! Records of a person's profile: what each is called, and the form in which one is written. Two
//! cabinets have it: the profile itself, and an application that asks for a record.

use crate::{
    api::wire,
    json::Json,
    text::{day, t_of},
};

pub mod record;

/// Countries that are named; `ZZ` is any other.
pub const COUNTRIES: &[&str] = &["KZ", "RU", "UZ", "KG", "MN", "CN", "TR", "ZZ"];

/// What a record is, in one line.
pub fn title_of(record: &Json) -> String {
    let names = [
        "title",
        "institution",
        "organisation",
        "topic",
        "event",
        "block",
        "author",
        "specialty",
        "position",
        "number",
    ];
    let found = names.iter().map(|name| record.str(name)).filter(|text| !text.is_empty());
    let parts: Vec<&str> = found.take(2).collect();
    if parts.is_empty() { t_of("kind", record.str("kind")) } else { parts.join(", ") }
}

/// First and last day or year of a record, in words.
pub fn time_of(record: &Json) -> String {
    let when = |names: &[&str]| {
        names.iter().find_map(|name| match record.at(name) {
            Json::Text(text) => wire::day(text).map(day),
            Json::Number(year) => Some(year.clone()),
            _ => None,
        })
    };
    let from = when(&["from", "started"]);
    let to = when(&["to", "finished", "issued_on"]);
    match (from, to) {
        (Some(from), Some(to)) => format!("{from} – {to}"),
        (Some(from), None) => format!("{from} – …"),
        (None, to) => to.unwrap_or_default(),
    }
}
