//! What is known of a person in words: names of columns and codes as the reader says them. What
//! only programs need (identifiers, sums of files) is left to the file of JSON.

use domain::shared::{
    format,
    id::is_ulid,
    lang::Lang,
    locale::{ACTION, APPLICATION, CABINET_MESSAGES, FEEDBACK, PERSONAL, PROFILE},
    phone::Phone,
    time::Timestamp,
};
use serde_json::Value;

/// Columns that say nothing to a person; of an application that was sent, its paper is to be read.
const HIDDEN: &[&str] = &[
    "absent",
    "args",
    "claims",
    "code",
    "digest",
    "documents",
    "format",
    "hash",
    "id",
    "object_id",
    "object_type",
    "position",
    "seen",
    "sha256",
    "snapshot",
    "sources",
    "stop",
    "version",
];

/// The fields of a row, those of nested values after those around them; empty ones left out.
pub(super) fn fields(lang: Lang, part: &str, row: &Value) -> Vec<(String, String)> {
    let mut out = Vec::new();
    walk(lang, part, "", row, &mut out);
    out
}

fn walk(lang: Lang, part: &str, path: &str, value: &Value, out: &mut Vec<(String, String)>) {
    let last = path.rsplit('.').next().unwrap_or(path);
    let text = match value {
        Value::Null => return,
        Value::Array(list) if list.iter().all(Value::is_string) => {
            let texts: Vec<String> = list
                .iter()
                .filter_map(Value::as_str)
                .filter_map(|text| said(lang, part, last, text))
                .collect();
            texts.join(", ")
        }
        Value::Array(list) => {
            list.iter().for_each(|one| walk(lang, part, path, one, out));
            return;
        }
        Value::Object(fields) => {
            for (name, one) in fields.iter().filter(|(name, _)| !HIDDEN.contains(&name.as_str())) {
                let below = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
                walk(lang, part, &below, one, out);
            }
            return;
        }
        Value::String(text) => said(lang, part, last, text).unwrap_or_default(),
        Value::Bool(yes) => {
            PROFILE.get(lang, if *yes { "export.yes" } else { "export.no" }).to_owned()
        }
        Value::Number(number) => {
            let number = number.to_string();
            code(lang, part, last, &number).map_or(number, str::to_owned)
        }
    };
    if !text.is_empty() {
        out.push((label(lang, path), text));
    }
}

/// The name of a field: of a record as its form calls it, of a column as the file is read.
fn label(lang: Lang, path: &str) -> String {
    let last = path.rsplit('.').next().unwrap_or(path);
    let (field, name) = (format!("field.{last}"), format!("name.{last}"));
    let mut around = path.rsplit('.');
    let pair = around.next().zip(around.next()).map(|(last, above)| format!("name.{above}_{last}"));
    let found = pair.and_then(|pair| PERSONAL.find(lang, &pair));
    let found = found.or_else(|| {
        if path.contains('.') {
            PROFILE.find(lang, &field).or_else(|| PERSONAL.find(lang, &name))
        } else {
            PERSONAL.find(lang, &name).or_else(|| PROFILE.find(lang, &field))
        }
    });
    found.map_or_else(|| path.to_owned(), str::to_owned)
}

/// A text as the reader says it; nothing for identifiers.
fn said(lang: Lang, part: &str, last: &str, text: &str) -> Option<String> {
    let sum = text.len() >= 32 && text.bytes().all(|b| b.is_ascii_hexdigit());
    if text.is_empty() || is_ulid(text) || sum {
        return None;
    }
    if let Some(name) = code(lang, part, last, text) {
        return Some(name.to_owned());
    }
    if text.contains('T')
        && let Some(moment) = Timestamp::parse(text)
    {
        return Some(format::date_time(lang, moment));
    }
    if text.starts_with('+')
        && let Ok(phone) = Phone::parse(text)
    {
        return Some(phone.display());
    }
    Some(domain::shared::spoken::said(lang, text).into_owned())
}

/// The name of a code.
fn code(lang: Lang, part: &str, last: &str, text: &str) -> Option<&'static str> {
    let key = format!("{last}.{text}");
    let own = match (part, last) {
        (_, "action") => ACTION
            .find(lang, &format!("action.{text}"))
            .or_else(|| APPLICATION.find(lang, &format!("step.{text}"))),
        (_, "event") => CABINET_MESSAGES.find(lang, &format!("message_event.{text}")),
        ("applications", "state") => APPLICATION.find(lang, &key),
        ("tickets", "state") => FEEDBACK.find(lang, &key),
        ("profile", "kind") | (_, "role") => PROFILE.find(lang, &key),
        (_, "codes") => PROFILE.find(lang, &format!("choice.needs.{text}")),
        (_, "citizenship") => PROFILE.find(lang, &format!("choice.country.{text}")),
        (_, "type") => PROFILE.find(lang, &format!("choice.document_kind.{text}")),
        ("profile", _) => PROFILE.find(lang, &format!("choice.{key}")),
        _ => None,
    };
    own.or_else(|| PERSONAL.find(lang, &format!("value.{key}")))
}
