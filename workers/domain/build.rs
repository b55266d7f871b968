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

/// The files of a folder of `schemas`, read, by their names without the ending, sorted.
fn folder_of(name: &str) -> Vec<(String, serde_json::Value)> {
    let folder = manifest_folder().join("../../schemas").join(name);
    println!("cargo::rerun-if-changed={}", folder.display());
    let mut files: Vec<_> = fs::read_dir(&folder)
        .unwrap_or_else(|e| panic!("{}: {e}", folder.display()))
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.extension().is_some_and(|ext| ext == "json"))
        .collect();
    files.sort();
    let read = |path: &Path| {
        let text = fs::read_to_string(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
        serde_json::from_str(&text).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
    };
    let stem = |path: &Path| path.file_stem().map(|stem| stem.to_string_lossy().into_owned());
    files.iter().map(|path| (stem(path).unwrap_or_default(), read(path))).collect()
}

fn write(name: &str, text: &str) {
    let target = Path::new(&env::var("OUT_DIR").unwrap_or_default()).join(name);
    fs::write(&target, text).unwrap_or_else(|e| panic!("{}: {e}", target.display()));
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
    write("rules.rs", &out);
}

/// All events that people are told of, as texts, sorted by name.
fn messages() {
    let mut out =
        String::from("/// Names and texts of the events.\nconst TEXTS: &[(&str, &str)] = &[\n");
    for (stem, value) in folder_of("messages") {
        out += &format!("({stem:?}, {:?}),\n", value.to_string());
    }
    out += "];\n";
    write("messages.rs", &out);
}

fn locales() {
    let mut out = String::new();
    for (stem, value) in folder_of("locales") {
        let entries: Entries =
            serde_json::from_value(value).unwrap_or_else(|e| panic!("{stem}.json: {e}"));
        out += &format!(
            "/// Texts of `schemas/locales/{stem}.json`.\npub static {}: Table = Table(&[\n",
            stem.to_uppercase()
        );
        for (key, texts) in &entries {
            let of = |lang: &str| {
                texts.get(lang).unwrap_or_else(|| panic!("{stem}: {key} has no {lang}"))
            };
            out += &format!("({key:?}, [{:?}, {:?}, {:?}]),\n", of("kk"), of("ru"), of("en"));
        }
        out += "]);\n";
    }
    write("locales.rs", &out);
}
