//! Turns `schemas/locales/*.json` into one sorted static table a file (a file that nobody names
//! costs nothing in the binary: its table is dropped by the linker), and lists the rule editions
//! of `schemas/rules/<procedure>/<edition>.json` and the events of `schemas/messages/<event>.json`.

#![expect(clippy::panic, reason = "a build script reports by failing")]

use std::{collections::BTreeMap, env, fs, path::Path};

type Entries = BTreeMap<String, BTreeMap<String, String>>;

fn main() {
    locales();
    rules();
    messages();
}

/// Read at run time: the folder of a build script's own compilation may be another checkout.
fn manifest_folder() -> std::path::PathBuf {
    env::var("CARGO_MANIFEST_DIR").unwrap_or_default().into()
}

/// All editions that regulate hiring, as texts.
fn rules() {
    let folder = manifest_folder().join("../../schemas/rules");
    println!("cargo::rerun-if-changed={}", folder.display());
    let list = |path: &Path| -> Vec<std::path::PathBuf> {
        let mut found: Vec<_> = fs::read_dir(path)
            .map(|entries| entries.filter_map(|entry| Some(entry.ok()?.path())).collect())
            .unwrap_or_default();
        found.sort();
        found
    };
    let mut out =
        String::from("/// Texts of the editions.\npub(super) const TEXTS: &[&str] = &[\n");
    for procedure in list(&folder) {
        println!("cargo::rerun-if-changed={}", procedure.display());
        for edition in list(&procedure) {
            let text = fs::read_to_string(&edition).unwrap_or_default();
            if text.contains("\"publishing\"") {
                let value: serde_json::Value = serde_json::from_str(&text)
                    .unwrap_or_else(|e| panic!("{}: {e}", edition.display()));
                out += &format!("{:?},\n", value.to_string());
            }
        }
    }
    out += "];\n";
    let target = Path::new(&env::var("OUT_DIR").unwrap_or_default()).join("rules.rs");
    fs::write(&target, out).unwrap_or_else(|e| panic!("{}: {e}", target.display()));
}

/// All events that people are told of, as texts, sorted by name.
fn messages() {
    let folder = manifest_folder().join("../../schemas/messages");
    println!("cargo::rerun-if-changed={}", folder.display());
    let mut files: Vec<_> = fs::read_dir(&folder)
        .unwrap_or_else(|e| panic!("{}: {e}", folder.display()))
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.extension().is_some_and(|ext| ext == "json"))
        .collect();
    files.sort();
    let mut out =
        String::from("/// Names and texts of the events.\nconst TEXTS: &[(&str, &str)] = &[\n");
    for path in files {
        let text = fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
        let value: serde_json::Value =
            serde_json::from_str(&text).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
        let stem = path.file_stem().and_then(|s| s.to_str()).unwrap_or_default();
        out += &format!("({stem:?}, {:?}),\n", value.to_string());
    }
    out += "];\n";
    let target = Path::new(&env::var("OUT_DIR").unwrap_or_default()).join("messages.rs");
    fs::write(&target, out).unwrap_or_else(|e| panic!("{}: {e}", target.display()));
}

fn locales() {
    let folder = manifest_folder().join("../../schemas/locales");
    println!("cargo::rerun-if-changed={}", folder.display());
    let mut files: Vec<_> = fs::read_dir(&folder)
        .unwrap_or_else(|e| panic!("{}: {e}", folder.display()))
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.extension().is_some_and(|ext| ext == "json"))
        .collect();
    files.sort();
    let mut out = String::new();
    for path in files {
        let text = fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
        let entries: Entries =
            serde_json::from_str(&text).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
        let stem = path.file_stem().and_then(|s| s.to_str()).unwrap_or_default();
        out += &format!(
            "/// Texts of `schemas/locales/{stem}.json`.\npub static {}: Table = Table(&[\n",
            stem.to_uppercase()
        );
        for (key, texts) in &entries {
            let of = |lang: &str| {
                texts.get(lang).unwrap_or_else(|| panic!("{}: {key} has no {lang}", path.display()))
            };
            out += &format!("({key:?}, [{:?}, {:?}, {:?}]),\n", of("kk"), of("ru"), of("en"));
        }
        out += "]);\n";
    }
    let target = Path::new(&env::var("OUT_DIR").unwrap_or_default()).join("locales.rs");
    fs::write(&target, out).unwrap_or_else(|e| panic!("{}: {e}", target.display()));
}
