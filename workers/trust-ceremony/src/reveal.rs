//! `reveal FILE [--to FOLDER]`: a case that an officer's page has saved, as text; with a folder its
//! attachments are written there.

use std::{fs, path::Path};

use base64::{Engine, engine::general_purpose::STANDARD};
use serde_json::{Value, json};
use trust_officer::{console::safe_media, keyring::Secrets};

use crate::{Res, Words, write_new};

/// An attachment, and the name under which it is written: ours, because one that the sender chose
/// could be a path or a program.
struct Attachment {
    file: String,
    bytes: Vec<u8>,
}

/// Shows a case.
pub fn reveal(words: &Words) -> Res<()> {
    let text = words.unlock(Path::new(words.at(1, "the file")?))?;
    // A vault of keys is not for a screen.
    if Secrets::read(&text).is_ok() {
        return Err("this file holds keys, not a case".into());
    }
    let mut case: Value = serde_json::from_slice(&text).map_err(|_| "not a case")?;
    let attached = take_out(&mut case)?;
    if let Some(folder) = words.option("to") {
        let folder = Path::new(folder);
        fs::create_dir_all(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
        for one in &attached {
            write_new(&folder.join(&one.file), &one.bytes)?;
        }
    }
    println!("{}", serde_json::to_string_pretty(&case).map_err(|error| error.to_string())?);
    Ok(())
}

/// Takes the bytes out of the text and leaves the names of files in their place.
fn take_out(case: &mut Value) -> Res<Vec<Attachment>> {
    let mut out = Vec::new();
    let all = case.get_mut("said").and_then(Value::as_array_mut);
    for (said, one) in all.into_iter().flatten().enumerate() {
        let Some(all) = one.get_mut("attachments").and_then(Value::as_array_mut) else { continue };
        for (at, attachment) in all.iter_mut().enumerate() {
            let Some(text) = attachment.get("bytes").and_then(Value::as_str) else { continue };
            let bytes = STANDARD.decode(text).map_err(|_| "not a case")?;
            let ending = match safe_media(&bytes) {
                "image/jpeg" => "jpg",
                "image/png" => "png",
                "text/plain" => "txt",
                _ => "bin",
            };
            let file = format!("{}-{}.{ending}", said + 1, at + 1);
            let (name, media) = (attachment["name"].take(), attachment["media"].take());
            *attachment = json!({"file": file, "name": name, "media": media, "size": bytes.len()});
            out.push(Attachment { file, bytes });
        }
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attachments_are_taken_out_under_names_of_ours() {
        let bytes = |text: &[u8]| STANDARD.encode(text);
        let mut case = json!({"said": [
            {"item": "a"},
            {"attachments": [
                {"name": "../../.bashrc", "media": "text/plain", "bytes": bytes(b"text")},
                {"lost": true},
                {"name": "a.exe", "media": "image/jpeg", "bytes": bytes(b"MZ\0")},
            ]},
        ]});
        let all = take_out(&mut case).unwrap();
        let names: Vec<&str> = all.iter().map(|one| one.file.as_str()).collect();
        assert_eq!(names, ["2-1.txt", "2-3.bin"]);
        assert_eq!(all[0].bytes, b"text");
        assert_eq!(case["said"][1]["attachments"][0]["size"], 4);
        assert_eq!(case["said"][1]["attachments"][1]["lost"], true);
        let mut odd = json!({"said": [{"attachments": [{"bytes": "?"}]}]});
        assert!(take_out(&mut odd).is_err());
        assert!(take_out(&mut json!("text")).unwrap().is_empty());
    }
}
