//! Two versions of one thing: part by part, and a choice for each. Nothing is lost.

use crate::{json::Json, seek};

/// Whose part stays.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// What was written on this device.
    Mine,
    /// What stands on the server.
    Theirs,
}

/// A part that differs.
#[derive(Debug, Clone, PartialEq)]
pub struct Part {
    /// Names from the outside in: `person`, `surname`.
    pub path: Vec<String>,
    /// What was written here.
    pub mine: Json,
    /// What stands there.
    pub theirs: Json,
    /// Whose part stays.
    pub side: Side,
}

/// The parts in which two versions differ: objects are compared name by name, three deep; lists and
/// everything below are one part.
pub fn differ(mine: &Json, theirs: &Json) -> Vec<Part> {
    let mut out = Vec::new();
    walk(&mut out, &mut Vec::new(), mine, theirs);
    out
}

/// Nothing, however it is written.
fn is_blank(value: &Json) -> bool {
    match value {
        Json::Null => true,
        Json::Text(text) => text.is_empty(),
        Json::List(all) => all.is_empty(),
        _ => false,
    }
}

const DEEP: usize = 3;

fn walk(out: &mut Vec<Part>, path: &mut Vec<String>, mine: &Json, theirs: &Json) {
    if mine == theirs || (is_blank(mine) && is_blank(theirs)) {
        return;
    }
    if path.len() < DEEP && matches!((mine, theirs), (Json::Map(_), Json::Map(_))) {
        for (name, _) in mine.fields().iter().chain(theirs.fields()) {
            // Which pages were looked at is nobody's text.
            let seen = name == "seen"
                || out.iter().any(|part| {
                    part.path.len() > path.len()
                        && part.path[..path.len()] == path[..]
                        && part.path[path.len()] == *name
                });
            if seen {
                continue;
            }
            let (a, b) = (mine.get(name), theirs.get(name));
            path.push(name.clone());
            walk(out, path, a.unwrap_or(&Json::Null), b.unwrap_or(&Json::Null));
            path.pop();
        }
        return;
    }
    let (mine, theirs) = (mine.clone(), theirs.clone());
    out.push(Part { path: path.clone(), mine, theirs, side: Side::Mine });
}

/// Both sides of a write that was based on an old version: what was written, what stands now in
/// the same places, and its version. `None` where the refusal does not say it.
pub fn sides(body: &Json, refusal: &Json) -> Option<(Json, Json, i64)> {
    let now = refusal.get("conflict")?.get("current")?;
    let version = super::queue::version(now)?;
    // A card is answered inside of what is known of it.
    let place = |name: &str| now.get(name).or_else(|| now.get("card")?.get(name));
    let theirs = body
        .fields()
        .iter()
        .map(|(name, _)| (name.clone(), place(name).cloned().unwrap_or_default()));
    Some((body.clone(), Json::Map(theirs.collect()), version))
}

/// Whether two answers say the same: the server's clock is told with each and does not count.
pub fn same(a: &str, b: &str) -> bool {
    a == b || timeless(a) == timeless(b)
}

fn timeless(text: &str) -> String {
    let mut out = text.to_owned();
    for name in ["\"server_time\":\"", "\"now\":\""] {
        if let Some(from) = seek::find(&out, name).map(|at| at + name.len())
            && let Some(length) = out.get(from..).and_then(|rest| rest.find('"'))
        {
            out.replace_range(from..from + length, "");
        }
    }
    out
}

/// What follows from the choices, on top of `theirs`.
pub fn merged(theirs: &Json, parts: &[Part]) -> Json {
    let mut whole = theirs.clone();
    for part in parts.iter().filter(|part| part.side == Side::Mine) {
        put(&mut whole, &part.path, &part.mine);
    }
    whole
}

fn put(whole: &mut Json, path: &[String], value: &Json) {
    let Some((name, rest)) = path.split_first() else {
        *whole = value.clone();
        return;
    };
    let Json::Map(fields) = whole else { return };
    match fields.iter_mut().find(|(have, _)| have == name) {
        Some((_, inner)) => put(inner, rest, value),
        None => fields.push((name.clone(), value.clone())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::{read, write};

    const MINE: &str = r#"{"person":{"surname":"А","name":"Б"},"files":["1","2"],"letter":"x"}"#;
    const THEIRS: &str = r#"{"person":{"surname":"В","name":"Б"},"files":["1"],"letter":"x"}"#;

    #[test]
    fn only_what_differs_is_asked_about() {
        let parts = differ(&read(MINE).unwrap(), &read(THEIRS).unwrap());
        let names: Vec<_> = parts.iter().map(|part| part.path.join(".")).collect();
        assert_eq!(names, ["person.surname", "files"]);
        assert_eq!(differ(&read(MINE).unwrap(), &read(MINE).unwrap()), []);
    }

    #[test]
    fn every_choice_is_kept_and_nothing_else_moves() {
        let (mine, theirs) = (read(MINE).unwrap(), read(THEIRS).unwrap());
        let mut parts = differ(&mine, &theirs);
        assert_eq!(merged(&theirs, &parts), mine);
        parts[1].side = Side::Theirs;
        assert_eq!(
            write(&merged(&theirs, &parts)),
            r#"{"person":{"surname":"А","name":"Б"},"files":["1"],"letter":"x"}"#
        );
        parts[0].side = Side::Theirs;
        assert_eq!(merged(&theirs, &parts), theirs);
    }

    #[test]
    fn both_sides_are_found_in_a_refusal() {
        let body = read(r#"{"content":{"a":1}}"#).unwrap();
        let refusal = r#"{"conflict":{"current":{"version":3,"id":"x","content":{"a":2}}}}"#;
        let (mine, theirs, version) = sides(&body, &read(refusal).unwrap()).unwrap();
        assert_eq!((write(&mine), version), (r#"{"content":{"a":1}}"#.to_owned(), 3));
        assert_eq!(write(&theirs), r#"{"content":{"a":2}}"#);
        let card = read(r#"{"conflict":{"current":{"version":3,"card":{"iin":"1"}}}}"#).unwrap();
        let (_, theirs, _) = sides(&read(r#"{"iin":"2"}"#).unwrap(), &card).unwrap();
        assert_eq!(write(&theirs), r#"{"iin":"1"}"#);
        assert!(sides(&body, &read(r#"{"detail":"x"}"#).unwrap()).is_none());
    }

    #[test]
    fn the_clock_alone_is_no_difference() {
        let at =
            |n: &str, time: &str| format!(r#"{{"n":{n},"now":"{time}","server_time":"{time}"}}"#);
        assert!(same(&at("1", "10:00"), &at("1", "10:01")));
        assert!(!same(&at("1", "10:00"), &at("2", "10:00")));
        assert!(!same(r#"{"now":"#, "{}"));
    }

    #[test]
    fn a_part_that_only_one_side_has_is_a_part() {
        let (mine, theirs) = (read(r#"{"a":1,"c":{"d":{"e":1}}}"#).unwrap(), read("{}").unwrap());
        let parts = differ(&mine, &theirs);
        assert_eq!(parts.len(), 2);
        assert_eq!(parts[0].theirs, Json::Null);
        assert_eq!(merged(&theirs, &parts), mine);
    }
}
