//! The texts of consents, from `schemas/consents`.

use std::sync::OnceLock;

use serde::Deserialize;
use sha2::{Digest, Sha256};

use super::api::ConsentText;
use crate::shared::lang::{Lang, Text};

/// The files, oldest version first within a purpose.
const FILES: &[&str] = &[
    include_str!("../../../../schemas/consents/portal/2026-01-01.json"),
    include_str!("../../../../schemas/consents/competition/2026-01-01.json"),
    include_str!("../../../../schemas/consents/public_profile/2026-01-01.json"),
];

#[derive(Deserialize)]
struct Operator {
    name: Text,
    bin: String,
}

/// A text with what the service does by it.
#[derive(Debug, Clone, Deserialize)]
pub struct Wording {
    /// The text.
    #[serde(flatten)]
    pub text: ConsentText,
    /// Consents to versions before this one no longer count.
    pub oldest_valid: String,
    /// What cannot be done without it.
    pub required_for: String,
}

impl Wording {
    /// SHA-256 of the text in a language, as it is shown.
    pub fn digest(&self, lang: Lang) -> String {
        let text = &self.text;
        let mut hasher = Sha256::new();
        let parts = [&text.title].into_iter().chain(&text.body);
        for part in
            parts.chain([&text.data, &text.recipients, &text.term, &text.ground, &text.effect])
        {
            hasher.update(part.get(lang).as_bytes());
            hasher.update(b"\n");
        }
        hasher.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

/// All texts of all versions.
pub fn all() -> &'static [Wording] {
    static ALL: OnceLock<Vec<Wording>> = OnceLock::new();
    ALL.get_or_init(|| {
        let operator: Option<Operator> =
            serde_json::from_str(include_str!("../../../../schemas/consents/operator.json")).ok();
        let fill = |text: &mut Text| {
            let Some(operator) = &operator else { return };
            for (lang, text) in
                [(Lang::Kk, &mut text.kk), (Lang::Ru, &mut text.ru), (Lang::En, &mut text.en)]
            {
                *text = text
                    .replace("{operator}", operator.name.get(lang))
                    .replace("{bin}", &operator.bin);
            }
        };
        FILES
            .iter()
            .filter_map(|file| {
                let mut wording: Wording = serde_json::from_str(file).ok()?;
                wording.text.body.iter_mut().for_each(fill);
                Some(wording)
            })
            .collect()
    })
}

/// The purposes, in the order in which they are shown.
pub fn purposes() -> Vec<&'static str> {
    let mut out: Vec<&str> = Vec::new();
    for wording in all() {
        if !out.contains(&wording.text.purpose.as_str()) {
            out.push(&wording.text.purpose);
        }
    }
    out
}

/// The present text of a purpose.
pub fn current(purpose: &str) -> Option<&'static Wording> {
    all()
        .iter()
        .filter(|w| w.text.purpose == purpose)
        .max_by(|a, b| a.text.version.cmp(&b.text.version))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_is_here_and_complete() {
        let folder =
            std::path::PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../schemas/consents");
        let mut found = 0;
        for purpose in std::fs::read_dir(&folder).unwrap().flatten().filter(|e| e.path().is_dir()) {
            for file in std::fs::read_dir(purpose.path()).unwrap().flatten() {
                found += 1;
                let (name, folder) = (file.path(), purpose.file_name());
                let wording = all()
                    .iter()
                    .find(|w| {
                        w.text.purpose.as_str() == folder
                            && w.text.version.as_str() == name.file_stem().unwrap()
                    })
                    .unwrap_or_else(|| panic!("{} is not named in FILES", name.display()));
                let text = &wording.text;
                for part in [&text.title, &text.data, &text.recipients, &text.term, &text.ground]
                    .into_iter()
                    .chain(&text.body)
                    .chain([&text.effect])
                {
                    assert!(part.is_complete() && !part.en.is_empty(), "{}", name.display());
                    for lang in Lang::ALL {
                        assert!(!part.get(lang).contains('{'), "{}", name.display());
                    }
                }
                assert!(text.months > 0 && wording.oldest_valid <= text.version);
                let digests: std::collections::HashSet<_> =
                    Lang::ALL.map(|lang| wording.digest(lang)).into();
                assert_eq!(digests.len(), 3);
            }
        }
        assert_eq!((found, all().len()), (FILES.len(), FILES.len()));
        assert_eq!(current("competition").unwrap().required_for, "apply");
        assert!(current("nothing").is_none());
    }
}
