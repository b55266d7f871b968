//! A record as it came, checked by the table of its kind: texts cleaned, empty fields left out,
//! every wrong field named. Nothing is dropped silently: a field that the kind does not have is
//! wrong too.

use chrono::{Datelike, NaiveDate};
use serde_json::{Map, Value};

use super::{
    kind::{Field, Form, Kind},
    settings::Settings,
};
use crate::{
    shared::{
        clean::clean,
        phone::Phone,
        refusal::{Check, FieldError, Kind as RefusalKind, Refusal},
    },
    vacancy::content::Directories,
};

/// What the checks need to know beside the record.
pub struct Facts<'a> {
    /// Settings.
    pub settings: &'a Settings,
    /// Directories.
    pub directories: &'a dyn Directories,
    /// Today in Astana.
    pub today: NaiveDate,
}

/// The kind of a record.
///
/// Errors: no tag, or one that is no kind.
pub fn kind_of(record: &Value) -> Result<Kind, Refusal> {
    let code = record.get("kind").and_then(Value::as_str).unwrap_or_default();
    Kind::parse(code).ok_or_else(|| {
        Refusal::fields(vec![FieldError {
            field: "record.kind".into(),
            code: "unknown",
            args: vec![],
        }])
    })
}

/// The record as it is kept, with its tag.
///
/// Errors: every wrong field, as `record.<field>`.
pub fn record(input: &Value, facts: &Facts<'_>) -> Result<Value, Refusal> {
    let kind = kind_of(input)?;
    let spec = kind.spec();
    let Some(fields) = input.as_object() else {
        return Err(Refusal::new(RefusalKind::Malformed, "malformed_text"));
    };
    let mut check = Check::default();
    let mut out = Map::new();
    out.insert("kind".into(), kind.code().into());
    for name in fields.keys() {
        if name != "kind" && spec.field(name).is_none() {
            check.wrong(format!("record.{}", clean(name, false)), "no_field");
        }
    }
    for field in spec.fields {
        let given = fields.get(field.name).unwrap_or(&Value::Null);
        match value(field, given, facts) {
            Ok(Some(value)) => {
                out.insert(field.name.into(), value);
            }
            Ok(None) if field.required => check.wrong(path(field.name), "required"),
            Ok(None) => {}
            Err((code, args)) => {
                check.0.push(FieldError { field: path(field.name).into(), code, args });
            }
        }
    }
    between(kind, &out, facts, &mut check);
    check.done()?;
    Ok(Value::Object(out))
}

fn path(field: &str) -> String {
    format!("record.{field}")
}

type Wrong = (&'static str, Vec<(&'static str, String)>);

/// A field's value as it is kept; `None` = empty.
fn value(field: &Field, given: &Value, facts: &Facts<'_>) -> Result<Option<Value>, Wrong> {
    let wrong = |code: &'static str| (code, Vec::new());
    let empty = match given {
        Value::Null => true,
        Value::String(text) => text.trim().is_empty(),
        Value::Array(list) => list.is_empty(),
        _ => false,
    };
    if empty {
        return Ok(None);
    }
    let text = |max: usize, lines: bool| -> Result<String, Wrong> {
        let text = clean(given.as_str().ok_or_else(|| wrong("text"))?, lines);
        let length = text.chars().count();
        if length > max { Err(("too_long", vec![("max", max.to_string())])) } else { Ok(text) }
    };
    let number = |from: u32, to: u32, code: &'static str| -> Result<Value, Wrong> {
        given
            .as_u64()
            .filter(|n| (u64::from(from)..=u64::from(to)).contains(n))
            .map(Value::from)
            .ok_or_else(|| (code, vec![("from", from.to_string()), ("to", to.to_string())]))
    };
    let kept = match field.form {
        Form::Text(max) => Value::from(text(max, false)?),
        Form::Long(max) => Value::from(text(max, true)?),
        Form::Choice(list) => {
            let code = text(60, false)?;
            list.contains(&code.as_str()).then(|| Value::from(code)).ok_or(wrong("unknown"))?
        }
        Form::Code(directory) => {
            let code = text(60, false)?;
            let known = facts.directories.has(directory, &code);
            known.then(|| Value::from(code)).ok_or(wrong("unknown"))?
        }
        Form::Day => {
            let day: NaiveDate = text(10, false)?.parse().map_err(|_| wrong("day"))?;
            let oldest = facts.settings.oldest_year.value;
            if !(oldest..=2200).contains(&day.year()) {
                return Err(wrong("day"));
            }
            Value::from(day.to_string())
        }
        Form::Year => {
            let oldest = u32::try_from(facts.settings.oldest_year.value).unwrap_or_default();
            let newest = u32::try_from(facts.today.year()).unwrap_or_default() + 10;
            number(oldest, newest, "range")?
        }
        Form::Count(from, to) => number(from, to, "range")?,
        Form::Hundredths(to) => {
            given.as_u64().filter(|n| (1..=u64::from(to)).contains(n)).map(Value::from).ok_or_else(
                || ("range", vec![("from", "0,01".to_owned()), ("to", (to / 100).to_string())]),
            )?
        }
        Form::Flag => match given {
            Value::Bool(true) => Value::Bool(true),
            Value::Bool(false) => return Ok(None),
            _ => return Err(wrong("text")),
        },
        Form::Names(most) => {
            let list = given.as_array().ok_or_else(|| wrong("text"))?;
            if list.len() > most {
                return Err(("too_many_names", vec![("max", most.to_string())]));
            }
            let names: Option<Vec<String>> =
                list.iter().map(|one| Some(clean(one.as_str()?, false))).collect();
            let names = names.ok_or_else(|| wrong("text"))?;
            if names.iter().any(|name| name.chars().count() > 120) {
                return Err(("too_long", vec![("max", "120".to_owned())]));
            }
            Value::from(names.into_iter().filter(|name| !name.is_empty()).collect::<Vec<_>>())
        }
        Form::Url => {
            let url = text(500, false)?;
            let host = url.strip_prefix("https://").and_then(|rest| rest.split(['/', '?']).next());
            let sound = host.is_some_and(|host| host.contains('.') && !host.contains(['@', ' ']))
                && !url.contains(['"', '<', '>', ' ', '\\']);
            sound.then(|| Value::from(url)).ok_or(wrong("site"))?
        }
        Form::Doi => {
            let doi = text(200, false)?.to_lowercase();
            let doi = ["https://doi.org/", "http://doi.org/", "https://dx.doi.org/", "doi:"]
                .into_iter()
                .find_map(|prefix| doi.strip_prefix(prefix))
                .unwrap_or(&doi)
                .trim();
            Value::from(sound_doi(doi).then(|| doi.to_owned()).ok_or(wrong("doi"))?)
        }
        Form::Initials => {
            let text = text(20, false)?;
            let most = facts.settings.students_initials.value;
            Value::from(initials(&text, most).ok_or_else(|| wrong("initials"))?)
        }
        Form::Language => {
            let code = text(3, false)?;
            let sound = code.len() == 2 && code.bytes().all(|b| b.is_ascii_lowercase());
            sound.then(|| Value::from(code)).ok_or(wrong("unknown"))?
        }
        Form::Phone => {
            let phone = Phone::parse(&text(40, false)?).map_err(|_| wrong("phone"))?;
            Value::from(phone.e164())
        }
    };
    Ok(Some(kept))
}

/// `10.1234/anything`: a registrant's number of four to nine digits, maybe with parts, and a suffix.
fn sound_doi(doi: &str) -> bool {
    let Some((prefix, suffix)) = doi.strip_prefix("10.").and_then(|rest| rest.split_once('/'))
    else {
        return false;
    };
    let number = prefix.split('.').next().unwrap_or_default();
    (4..=9).contains(&number.len())
        && prefix.bytes().all(|b| b.is_ascii_digit() || b == b'.')
        && !suffix.is_empty()
        && !suffix.contains([' ', '"', '<', '>'])
}

/// Initials as `Н. А.`; `None` where the text could be a name.
fn initials(text: &str, most: usize) -> Option<String> {
    let letters: Vec<String> =
        text.split(['.', ' ']).filter(|part| !part.is_empty()).map(str::to_owned).collect();
    let sound = (1..=most).contains(&letters.len())
        && letters.iter().all(|part| {
            part.chars().count() == 1 && part.chars().all(|c| c.is_alphabetic() && c.is_uppercase())
        });
    sound.then(|| letters.iter().map(|part| format!("{part}.")).collect::<Vec<_>>().join(" "))
}

fn day(record: &Map<String, Value>, field: &str) -> Option<NaiveDate> {
    record.get(field)?.as_str()?.parse().ok()
}

/// What must hold between fields.
fn between(kind: Kind, record: &Map<String, Value>, facts: &Facts<'_>, check: &mut Check) {
    let order = |first: &str, last: &'static str, check: &mut Check| {
        if let (Some(first), Some(end)) = (day(record, first), day(record, last))
            && end < first
        {
            check.wrong(path(last), "dates");
        }
    };
    order("from", "to", check);
    order("issued_on", "valid_to", check);
    // What has happened cannot lie in the future; a period may end there.
    for field in ["issued_on", "from"] {
        if day(record, field).is_some_and(|day| day > facts.today) {
            check.wrong(path(field), "future");
        }
    }
    let number = |field: &str| record.get(field).and_then(Value::as_u64);
    if let (Some(started), Some(finished)) = (number("started"), number("finished"))
        && finished < started
    {
        check.wrong("record.finished", "dates");
    }
    if let (Some(score), Some(max)) = (number("score"), number("max"))
        && score > max
    {
        check.wrong_with("record.score", "at_most", "max", max);
    }
    let needs = |field: &'static str, check: &mut Check| {
        if !record.contains_key(field) {
            check.wrong(path(field), "required");
        }
    };
    let text = |field: &str| record.get(field).and_then(Value::as_str).unwrap_or_default();
    match kind {
        Kind::Experience if text("occupation") == "job" => {
            needs("organisation", check);
            needs("position", check);
        }
        Kind::Course if day(record, "to").is_some_and(|day| day > facts.today) => {
            check.wrong("record.to", "future");
        }
        Kind::Language if !matches!(text("test"), "" | "none") => needs("issued_on", check),
        _ => {}
    }
}

#[cfg(test)]
mod tests;
