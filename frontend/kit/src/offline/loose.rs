//! Files that will not arrive: refused by the server and deleted here, or gone from this device.
//! They are taken out of what names them, so that it need not wait for ever. Pure.

use super::{files::LOCAL, queue::Row};
use crate::{
    json::{self, Json},
    seek,
};

/// After this time a file that is named and is nowhere is taken for gone, milliseconds: its bytes
/// are put beside the queue a moment after its name is written down.
const SURE: i64 = 60_000;

/// Takes a name out of all lists of a value; whether it was there.
pub fn drop_name(whole: &mut Json, local: &str) -> bool {
    match whole {
        Json::List(all) => {
            let before = all.len();
            all.retain(|one| one.text() != local);
            let mut found = all.len() < before;
            for one in all {
                found |= drop_name(one, local);
            }
            found
        }
        Json::Map(fields) => {
            let mut found = false;
            for (_, value) in fields {
                found |= drop_name(value, local);
            }
            found
        }
        _ => false,
    }
}

/// A text of JSON without a name; `None` where it was not there.
pub fn text_without(text: &str, local: &str) -> Option<String> {
    let mut whole = json::read(text).filter(|_| seek::has(text, local))?;
    drop_name(&mut whole, local).then(|| json::write(&whole))
}

/// The rows that named a file, without it.
pub fn freed(rows: &[Row], local: &str) -> Vec<Row> {
    let naming = rows.iter().filter_map(|row| {
        let body = text_without(row.body.as_deref()?, local)?;
        Some(Row { body: Some(body), ..row.clone() })
    });
    naming.collect()
}

/// Names of files of this device in a text.
pub fn named(text: &str) -> Vec<&str> {
    let mut out = Vec::new();
    let mut rest = text;
    while let Some(at) = seek::find(rest, LOCAL) {
        rest = rest.get(at..).unwrap_or_default();
        let end = rest.bytes().position(|byte| byte == b'"').unwrap_or(rest.len());
        out.push(rest.get(..end).unwrap_or_default());
        rest = rest.get(end..).unwrap_or_default();
    }
    out
}

/// Takes out of the rows what they name and what is neither in the queue nor on its way to it.
pub fn free_lost(rows: &mut [Row], now: i64) {
    let lost: Vec<String> = {
        let old = rows.iter().filter(|row| row.at < now - SURE);
        let names = old.filter_map(|row| row.body.as_deref()).flat_map(named);
        let is_lost = |name: &&str| {
            !rows.iter().any(|row| row.file && row.object.strip_prefix("file/") == Some(name))
        };
        names.filter(is_lost).map(ToOwned::to_owned).collect()
    };
    for local in lost {
        for row in freed(rows, &local) {
            if let Some(was) = rows.iter_mut().find(|was| was.seq == row.seq) {
                *was = row;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn naming(seq: i64, body: &str) -> Row {
        Row { seq, object: format!("profile/{seq}"), body: Some(body.into()), ..Row::default() }
    }

    fn file(seq: i64, local: &str) -> Row {
        Row { seq, object: format!("file/{local}"), file: true, ..Row::default() }
    }

    #[test]
    fn a_file_that_is_deleted_frees_what_names_it() {
        let rows = [
            file(1, "local-1"),
            naming(2, r#"{"record":{"title":"local-1"},"evidence":["local-1","01k"]}"#),
            naming(3, r#"{"content":{"documents":[{"code":"a","files":["local-12"]}]}}"#),
        ];
        let freed = freed(&rows, "local-1");
        assert_eq!(freed.len(), 1);
        // What somebody has typed is no name of a file.
        let left = r#"{"record":{"title":"local-1"},"evidence":["01k"]}"#;
        assert_eq!(freed[0].body.as_deref(), Some(left));
        let deep = super::freed(&rows, "local-12");
        let left = r#"{"content":{"documents":[{"code":"a","files":[]}]}}"#;
        assert_eq!(deep[0].body.as_deref(), Some(left));
    }

    #[test]
    fn only_what_is_nowhere_is_lost() {
        let body = r#"{"evidence":["local-1","local-2"]}"#;
        let mut rows = [file(1, "local-1"), naming(2, body)];
        free_lost(&mut rows, SURE);
        assert_eq!(rows[1].body.as_deref(), Some(body), "its bytes may be on their way");
        free_lost(&mut rows, SURE + 1);
        assert_eq!(rows[1].body.as_deref(), Some(r#"{"evidence":["local-1"]}"#));
    }

    #[test]
    fn names_are_found_in_a_text() {
        assert_eq!(named(r#"["local-1","x","local-23"]"#), ["local-1", "local-23"]);
        assert!(named("{}").is_empty());
    }
}
