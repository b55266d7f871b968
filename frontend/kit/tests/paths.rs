//! The pages read answers by names of fields. Every name that they read is a field of what the
//! server says: a field that is renamed there is found here.

#![allow(clippy::unwrap_used)]

use std::{collections::BTreeSet, fs, path::Path};

fn sources(folder: &Path, out: &mut String) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, out);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            out.push_str(&fs::read_to_string(&path).unwrap());
        }
    }
}

fn words(text: &str) -> BTreeSet<&str> {
    text.split(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).collect()
}

#[test]
fn every_name_that_is_read_is_a_field_of_an_answer() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mut said = String::new();
    for folder in ["domain", "app"] {
        sources(&root.join("workers").join(folder).join("src"), &mut said);
    }
    let fields = words(&said);
    let mut read = String::new();
    for folder in ["applicant/src", "own/src", "selection/src", "kit/src/form"] {
        sources(&root.join("frontend").join(folder), &mut read);
    }
    let readers =
        [".at(\"", ".str(\"", ".list(\"", ".texts(\"", ".int(\"", ".flag(\"", ".is_empty(\""];
    let mut names = BTreeSet::new();
    for reader in readers {
        for rest in read.split(reader).skip(1) {
            let path = rest.split('"').next().unwrap();
            names.extend(path.split('.').filter(|name| !name.is_empty()));
        }
    }
    assert!(names.len() > 80, "the test reads nothing: {names:?}");
    // An element has flags too.
    names.remove("disabled");
    let unknown: Vec<_> = names.into_iter().filter(|name| !fields.contains(name)).collect();
    assert_eq!(unknown, [] as [&str; 0]);
}
