//! What the content of an application names, and where two contents differ.

use super::model::{Claim, Content, DocumentPart, Record};
use crate::profile::api::Item;

impl Content {
    /// Identifiers of all files that the content names, each once.
    pub fn file_ids(&self) -> Vec<String> {
        let mut ids: Vec<String> = self
            .records
            .iter()
            .map(|record| &record.files)
            .chain(self.documents.iter().map(|part| &part.files))
            .chain(self.claims.iter().map(|claim| &claim.files))
            .flatten()
            .cloned()
            .collect();
        ids.sort();
        ids.dedup();
        ids
    }

    /// Whether a record of the profile still says what this content took over from it.
    pub fn took(&self, item: &Item) -> bool {
        let taken = self.records.iter().find(|record| record.id == item.id);
        taken.is_some_and(|taken| {
            let fields = item.record.as_object().into_iter().flatten();
            let mut said = fields.filter(|(name, _)| *name != "kind");
            let count = item.record.as_object().map_or(0, |fields| fields.len()).saturating_sub(1);
            taken.details.len() == count
                && said.all(|(name, value)| taken.details.get(name) == Some(value))
                && taken.files == item.evidence
        })
    }

    /// The parts that differ: `person`, `contacts`, `records`, `document:education`,
    /// `row:category`, `statement` …
    pub fn differs(&self, other: &Content) -> Vec<String> {
        let mut out = Vec::new();
        let mut part = |differs: bool, name: &str| {
            if differs {
                out.push(name.to_owned());
            }
        };
        part(self.person != other.person, "person");
        part(self.contacts != other.contacts, "contacts");
        let of = |content: &Content, wanted: &str| -> Vec<Record> {
            let listed = |kind: &str| matches!(kind, "education" | "experience");
            let fits = |kind: &str| kind == wanted || (wanted.is_empty() && !listed(kind));
            content.records.iter().filter(|record| fits(&record.kind)).cloned().collect()
        };
        part(of(self, "education") != of(other, "education"), "education");
        let no = self.no_experience != other.no_experience;
        part(no || of(self, "experience") != of(other, "experience"), "experience");
        part(of(self, "") != of(other, ""), "records");
        part(self.statement != other.statement, "statement");
        let mut codes: Vec<&str> =
            self.documents.iter().chain(&other.documents).map(|part| part.code.as_str()).collect();
        codes.sort_unstable();
        codes.dedup();
        for code in codes {
            let find = |content: &Content| {
                content.documents.iter().find(|part| part.code == code).cloned().unwrap_or_default()
            };
            let blank = |part: DocumentPart| DocumentPart { code: String::new(), ..part };
            part(blank(find(self)) != blank(find(other)), &format!("document:{code}"));
        }
        let mut rows: Vec<&str> =
            self.claims.iter().chain(&other.claims).map(|claim| claim.row.as_str()).collect();
        rows.sort_unstable();
        rows.dedup();
        for row in rows {
            let find = |content: &Content| {
                let claim = content.claims.iter().find(|claim| claim.row == row).cloned();
                Claim { row: String::new(), ..claim.unwrap_or_default() }
            };
            part(find(self) != find(other), &format!("row:{row}"));
        }
        out
    }
}
