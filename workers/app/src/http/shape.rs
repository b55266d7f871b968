//! What is wrong with JSON that can be read but does not say what was asked: the field, from the
//! place at which the reader stopped. A reader that noted its way would be made anew for each of
//! some sixty types; this is one function, and it runs only when something is wrong.

use domain::shared::refusal::{FieldError, Kind, Refusal};
use serde_json::{Error, Map, Value};

/// As many parts of an object are left out one by one to find the wrong one.
const TRIES: usize = 64;

/// How the reader begins where it knows no such variant.
const VARIANT: &str = "unknown variant";

/// Reads a body once more, for its error alone.
type Again<'a> = &'a dyn Fn(&[u8]) -> Option<Error>;

/// The refusal for a body that could not be taken: 400 with line and column where it is no JSON,
/// otherwise 422 with the field.
pub fn refusal(body: &[u8], error: &Error, again: Again<'_>) -> Refusal {
    let Ok(whole) = serde_json::from_slice::<Value>(body) else {
        return Refusal::new(Kind::Malformed, "malformed_json")
            .with("line", error.line())
            .with("column", error.column());
    };
    let said = error.to_string();
    let mut path = path_at(body, offset(body, error));
    if let Some(name) = missing(&said) {
        path.push(name.to_owned());
    } else if whole.pointer(&pointer(&path)).is_some_and(|value| value.is_object()) {
        // Some types are read after their object as a whole, and the place is then its end.
        if let Some(name) = culprit(&whole, &path, &said, again) {
            path.push(name);
        }
    }
    let args = vec![("pointer", pointer(&path))];
    let field = if path.is_empty() { "body".to_owned() } else { path.join(".") };
    Refusal::fields(vec![FieldError { field: field.into(), code: code(&said), args }])
}

/// RFC 6901.
fn pointer(path: &[String]) -> String {
    path.iter().map(|name| format!("/{}", name.replace('~', "~0").replace('/', "~1"))).collect()
}

/// The name that "missing field `kk`" names.
fn missing(said: &str) -> Option<&str> {
    said.strip_prefix("missing field `")?.split('`').next()
}

/// The key of the text, from the words of the reader.
fn code(said: &str) -> &'static str {
    let begins = |list: &[&str]| list.iter().any(|one| said.starts_with(one));
    if missing(said).is_some() {
        return "required";
    }
    if begins(&[VARIANT]) {
        return "unknown";
    }
    // How a day or a moment refuses a text.
    if begins(&[
        "premature end of input",
        "input contains",
        "input is out of range",
        "trailing input",
    ]) {
        return "shape_day";
    }
    let Some((_, expected)) = said.split_once("expected ") else { return "shape" };
    let is = |list: &[&str]| list.iter().any(|one| expected.starts_with(one));
    if is(&["a string", "string", "a borrowed string", "a char"]) {
        "shape_text"
    } else if is(&["a boolean"]) {
        "shape_flag"
    } else if is(&["a sequence", "sequence"]) {
        "shape_list"
    } else if is(&["struct", "a map", "map"]) {
        "shape_object"
    } else if is(&["u8", "u16", "u32", "u64", "i8", "i16", "i32", "i64", "f32", "f64", "usize"]) {
        "shape_number"
    } else if expected.contains("date") {
        "shape_day"
    } else {
        "shape"
    }
}

/// The byte after which the reader stopped.
fn offset(body: &[u8], error: &Error) -> usize {
    let line_start = body
        .iter()
        .enumerate()
        .filter(|(_, byte)| **byte == b'\n')
        .nth(error.line().saturating_sub(2))
        .filter(|_| error.line() > 1)
        .map_or(0, |(at, _)| at + 1);
    (line_start + error.column()).saturating_sub(1)
}

/// The part of the object at `path` without which the reader no longer says the same. The name of a
/// variant is one always: it is the wrong one only where the reader says so.
fn culprit(whole: &Value, path: &[String], said: &str, again: Again<'_>) -> Option<String> {
    let at = pointer(path);
    let names: Vec<String> = whole.pointer(&at)?.as_object()?.keys().take(TRIES).cloned().collect();
    let says = |change: &dyn Fn(&mut Map<String, Value>)| {
        let mut other = whole.clone();
        if let Some(object) = other.pointer_mut(&at).and_then(Value::as_object_mut) {
            change(object);
        }
        let error = again(other.to_string().as_bytes()).map(|error| error.to_string());
        error.map(|error| words(&error).to_owned())
    };
    names.into_iter().find(|name| {
        let without = says(&|object| drop(object.remove(name)));
        let variant = || {
            let other = says(&|object| drop(object.insert(name.clone(), "?".into())));
            other.is_some_and(|other| other.starts_with(VARIANT)) && !said.starts_with(VARIANT)
        };
        without.as_deref() != Some(words(said)) && !variant()
    })
}

/// What the reader says, without the place.
fn words(said: &str) -> &str {
    said.split(" at line ").next().unwrap_or_default()
}

/// One level of the way: the name or the number of the part that is being read.
struct Level {
    list: bool,
    name: String,
    number: usize,
    /// Whether the next text is a name.
    names: bool,
}

fn names(levels: &[Level]) -> Vec<String> {
    let one =
        |level: &Level| if level.list { level.number.to_string() } else { level.name.clone() };
    levels.iter().map(one).collect()
}

/// The names on the way to the innermost value that has the byte at `target`, or begins after it: a
/// list or an object that is not wanted is refused before its first byte. The text is JSON.
fn path_at(text: &[u8], target: usize) -> Vec<String> {
    let mut levels: Vec<Level> = Vec::new();
    let mut at = 0;
    while let Some(&byte) = text.get(at) {
        let mut end = at + 1;
        match byte {
            b'{' | b'[' => {
                if at >= target {
                    return names(&levels);
                }
                let list = byte == b'[';
                levels.push(Level { list, name: String::new(), number: 0, names: !list });
            }
            b'}' | b']' => {
                levels.pop();
                if at >= target {
                    return names(&levels);
                }
            }
            b':' => set_names(&mut levels, false),
            b',' => {
                set_names(&mut levels, true);
                if let Some(level) = levels.last_mut() {
                    level.number += 1;
                }
            }
            b'"' => {
                end = text_end(text, at);
                match levels.last_mut() {
                    Some(level) if level.names => {
                        let name = text.get(at..end).unwrap_or_default();
                        level.name = serde_json::from_slice(name).unwrap_or_default();
                    }
                    _ if end > target => return names(&levels),
                    _ => {}
                }
            }
            _ if byte.is_ascii_whitespace() => {}
            _ => {
                let rest = text.get(at..).unwrap_or_default();
                let length = rest.iter().position(|byte| b",]}: \n\r\t".contains(byte));
                end = at + length.unwrap_or(rest.len()).max(1);
                if end > target {
                    return names(&levels);
                }
            }
        }
        at = end;
    }
    names(&levels)
}

fn set_names(levels: &mut [Level], names: bool) {
    if let Some(level) = levels.last_mut() {
        level.names = names && !level.list;
    }
}

/// The byte after the text that begins at `at`.
fn text_end(text: &[u8], at: usize) -> usize {
    let mut end = at + 1;
    while let Some(&byte) = text.get(end) {
        end += 1;
        match byte {
            b'\\' => end += 1,
            b'"' => break,
            _ => {}
        }
    }
    end
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;
    use domain::shared::time::Timestamp;
    use serde::{Deserialize, de::DeserializeOwned};

    use super::*;

    #[derive(Deserialize)]
    #[expect(dead_code, reason = "only read")]
    struct Inner {
        kk: String,
        count: Option<u32>,
    }

    #[derive(Deserialize)]
    #[expect(dead_code, reason = "only read")]
    struct Outer {
        name: String,
        day: Option<NaiveDate>,
        at: Option<Timestamp>,
        #[serde(default)]
        flag: bool,
        #[serde(default)]
        list: Vec<Inner>,
        inner: Option<Inner>,
    }

    #[derive(Deserialize)]
    #[serde(tag = "command", rename_all = "snake_case")]
    #[expect(dead_code, reason = "only read")]
    enum Command {
        Extend { to: NaiveDate },
        Pause { reason: String },
    }

    fn found<T: DeserializeOwned>(text: &str) -> (u16, String, &'static str, String) {
        let read = |bytes: &[u8]| serde_json::from_slice::<T>(bytes).err();
        let error = read(text.as_bytes()).unwrap();
        let refusal = refusal(text.as_bytes(), &error, &read);
        let one = refusal.fields.first().cloned();
        let (field, code, pointer) = one.map_or_else(Default::default, |one| {
            (one.field.into_owned(), one.code, one.args[0].1.clone())
        });
        (refusal.kind.status(), field, code, pointer)
    }

    #[test]
    fn the_wrong_field_is_named() {
        let cases = [
            (r#"{"name": 5}"#, "name", "shape_text"),
            (r#"{"name": null}"#, "name", "shape_text"),
            (r#"{"day": "2026-01-01"}"#, "name", "required"),
            (r#"{"name":"a","day":"31.12.2026"}"#, "day", "shape_day"),
            (r#"{"name":"a","day":"2026-02-31"}"#, "day", "shape_day"),
            (r#"{"name":"a","day":7}"#, "day", "shape_day"),
            ("{\n \"name\": \"a\",\n \"flag\": \"yes\"\n}", "flag", "shape_flag"),
            (r#"{"name":"a\"}","list":{}}"#, "list", "shape_list"),
            (
                r#"{"name":"a","list":[{"kk":"x"},{"kk":"y","count":-1}]}"#,
                "list.1.count",
                "shape_number",
            ),
            (r#"{"name":"a","list":[{"kk":"x"},{"count":1}]}"#, "list.1.kk", "required"),
            (r#"{"name":"a","list":[1]}"#, "list.0", "shape_object"),
            (r#"{"name":"a","inner":{"kk":["x"]}}"#, "inner.kk", "shape_text"),
            (r#"{"name":"a","inner":{"kk":"ә","count":"ү"}}"#, "inner.count", "shape_number"),
            ("[]", "body", "shape_object"),
            ("5", "body", "shape_object"),
        ];
        for (text, field, expected) in cases {
            let (status, name, code, pointer) = found::<Outer>(text);
            assert_eq!((status, &*name, code), (422, field, expected), "{text}");
            let way = if field == "body" {
                String::new()
            } else {
                format!("/{}", field.replace('.', "/"))
            };
            assert_eq!(pointer, way, "{text}");
        }
        assert_eq!(found::<Outer>(r#"{"name":"a","at":"soon"}"#).1, "at");
    }

    #[test]
    fn the_part_of_a_command_is_found_too() {
        let field = |text: &str| found::<Command>(text).1;
        assert_eq!(field(r#"{"command":"extend","to":"tomorrow","reason":"x"}"#), "to");
        assert_eq!(field(r#"{"reason":7,"command":"pause"}"#), "reason");
        assert_eq!(field(r#"{"command":"pause"}"#), "reason");
        assert_eq!(field(r#"{"command":"dance"}"#), "command");
        assert_eq!(field(r#"{"to":"2026-01-01"}"#), "command");
    }

    #[test]
    fn what_is_no_json_stays_malformed() {
        for text in ["", "{", r#"{"name": }"#, "{\"name\": \"a\"} x", "nul", "\"\\ud800\""] {
            assert_eq!(found::<Outer>(text).0, 400, "{text}");
        }
    }
}
