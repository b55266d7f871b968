//! Reads the rows of a list of vacancies. A row is right as a whole or refused with everything
//! that is wrong in it.

use std::collections::HashMap;

use chrono::NaiveDate;
use sha2::{Digest, Sha256};

use super::{
    cell::{Cell, Row, Table},
    headers::{Field, Headings, repeats},
    names::Names,
    organisations::{Organisation, Organisations, Unknown},
    values,
    words::words,
};
use crate::{
    directory::Book,
    shared::{calendar::Calendar, fold::fold, lang::Lang},
    vacancy::model::Content,
};

mod fields;
mod post;

/// What the reading depends on beside the file.
pub struct Reference<'a> {
    /// Open items of the directories.
    pub book: &'a Book,
    /// Organisations the person may import for.
    pub organisations: &'a [Organisation],
    /// The organisation of rows that name none, as a place in `organisations`.
    pub default: Option<usize>,
    /// Working days.
    pub calendar: &'a Calendar,
    /// Today in Astana.
    pub today: NaiveDate,
    /// Language of names inside the notes.
    pub lang: Lang,
}

/// Something about a cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The field.
    pub field: Field,
    /// Key `note.<code>` in `import.json`.
    pub code: &'static str,
    /// Values for the text.
    pub args: Vec<(&'static str, String)>,
}

/// A row that was read.
#[derive(Debug, Clone, PartialEq)]
pub struct ReadRow {
    /// Its number in the file.
    pub number: u32,
    /// The organisation, as a place in [`Reference::organisations`].
    pub organisation: Option<usize>,
    /// The announcement, as far as the row says.
    pub content: Content,
    /// Acceptance in working days, where the row says so instead of a day.
    pub accept_days: Option<u32>,
    /// What the post's cell says, for a row whose post is not understood.
    pub written: String,
    /// What is wrong; empty = the row is right.
    pub errors: Vec<Finding>,
    /// What was guessed.
    pub warnings: Vec<Finding>,
    /// Which vacancy it is: SHA-256 of organisation, post, subject, rate, language and term.
    pub key: String,
    /// What it says of it: SHA-256 of all that was read.
    pub digest: String,
    /// The row that it repeats.
    pub duplicate_of: Option<u32>,
    /// Values of its cells by field, for the report.
    pub values: HashMap<Field, String>,
}

/// Reads all rows with data.
pub fn read(table: &Table, headings: &Headings, reference: &Reference<'_>) -> Vec<ReadRow> {
    let mut reader = Reader {
        table,
        headings,
        reference,
        organisations: Organisations::new(reference.organisations),
        positions: Names::new(reference.book, "position"),
        subjects: Names::new(reference.book, "subject"),
        carried: None,
        seen: HashMap::new(),
        posts: HashMap::new(),
    };
    let mut rows = Vec::new();
    for row in table.rows.iter().skip(headings.first) {
        if reader.skips(row) {
            continue;
        }
        rows.push(reader.row(row));
    }
    rows
}

struct Reader<'a> {
    table: &'a Table,
    headings: &'a Headings,
    reference: &'a Reference<'a>,
    organisations: Organisations<'a>,
    positions: Names,
    subjects: Names,
    /// BIN and name of the row above, for rows that leave both empty.
    carried: Option<(String, String)>,
    /// Keys of the rows so far, with their numbers.
    seen: HashMap<String, u32>,
    /// Posts that were understood: the same words come again and again.
    posts: HashMap<(String, String, String), Post>,
}

/// What the cells of post and subject mean.
#[derive(Debug, Clone, Default)]
struct Post {
    position: String,
    subject: Option<String>,
    language: Option<String>,
    errors: Vec<Finding>,
    warnings: Vec<Finding>,
}

fn finding(field: Field, code: &'static str) -> Finding {
    Finding { field, code, args: Vec::new() }
}

impl Reader<'_> {
    fn cell<'r>(&self, row: &'r Row, field: Field) -> &'r Cell {
        static NOTHING: Cell = Cell::Empty;
        self.headings.of(field).map_or(&NOTHING, |heading| row.get(heading.column))
    }

    fn text(&self, row: &Row, field: Field) -> String {
        let text = self.cell(row, field).text();
        if values::is_blank(&text) { String::new() } else { text }
    }

    /// Rows without data: sections, sums, signatures, headings of the next page.
    fn skips(&mut self, row: &Row) -> bool {
        if repeats(row, self.headings) {
            return true;
        }
        let first = row
            .filled()
            .map(|(_, cell)| cell.text())
            .find(|text| text.chars().any(char::is_alphabetic));
        let folded = first.map(|text| fold(&text)).unwrap_or_default();
        let position = self.cell(row, Field::Position);
        let opens = |list: &[String]| list.iter().any(|word| folded.starts_with(word.as_str()));
        // Only in the first words of a row that names no post of its own.
        if opens(&words().totals) || (opens(&words().signatures) && position.is_empty()) {
            return true;
        }
        // A lone cell is the title of a section, unless it is the post itself.
        let mut useful = row.filled().filter(|(column, _)| {
            !self
                .headings
                .columns
                .iter()
                .any(|h| h.column == *column && h.field == Some(Field::Ignored))
        });
        let numbered = row.filled().next().is_some_and(|(column, cell)| {
            column == 0
                && cell.text().trim_end_matches('.').parse::<u32>().is_ok()
                && self
                    .headings
                    .columns
                    .iter()
                    .any(|h| h.column == 0 && h.field == Some(Field::Ignored))
        });
        match (useful.next(), useful.next()) {
            (None, _) => true,
            (Some((column, _)), None) => {
                let post = self.headings.of(Field::Position).is_some_and(|h| h.column == column);
                let section = !post && !numbered;
                if section {
                    self.carried = None;
                }
                section
            }
            _ => false,
        }
    }

    fn row(&mut self, row: &Row) -> ReadRow {
        let mut errors = Vec::new();
        let mut warnings = Vec::new();
        let mut content = Content { openings: 1, ..Content::default() };
        let organisation = self.organisation(row, &mut errors, &mut warnings);
        let kind = organisation.and_then(|at| self.organisations.get(at)).map(|o| o.kind.clone());
        let post = self.post(
            self.text(row, Field::Position),
            self.text(row, Field::Subject),
            kind.unwrap_or_default(),
        );
        errors.extend(post.errors);
        warnings.extend(post.warnings);
        content.position = post.position;
        content.subject = post.subject;
        self.numbers(row, &mut content, &mut errors, &mut warnings);
        match values::language(&self.text(row, Field::Language)) {
            Ok(language) => content.language = language.or(post.language).unwrap_or_default(),
            Err(code) => errors.push(finding(Field::Language, code)),
        }
        self.term(row, &mut content, &mut errors);
        let accept_days = self.days(row, &mut content, &mut errors);
        self.contacts(row, &mut content, &mut errors);
        self.words(row, &mut content, &mut errors);
        let key = organisation
            .and_then(|at| self.organisations.get(at))
            .map(|organisation| key(&organisation.id, &content))
            .unwrap_or_default();
        let digest = hash(&format!(
            "{}\n{accept_days:?}",
            serde_json::to_string(&content).unwrap_or_default()
        ));
        let duplicate_of = if errors.is_empty() {
            let first = *self.seen.entry(key.clone()).or_insert(row.number);
            (first != row.number).then_some(first)
        } else {
            None
        };
        let values = self
            .headings
            .columns
            .iter()
            .filter_map(|heading| Some((heading.field?, row.get(heading.column).text())))
            .collect();
        ReadRow {
            number: row.number,
            organisation,
            content,
            accept_days,
            written: [self.text(row, Field::Position), self.text(row, Field::Subject)]
                .into_iter()
                .filter(|text| !text.is_empty())
                .collect::<Vec<_>>()
                .join(": "),
            errors,
            warnings,
            key,
            digest,
            duplicate_of,
            values,
        }
    }

    fn organisation(
        &mut self,
        row: &Row,
        errors: &mut Vec<Finding>,
        warnings: &mut Vec<Finding>,
    ) -> Option<usize> {
        let (mut bin, mut name) = (self.text(row, Field::Bin), self.text(row, Field::Organisation));
        if bin.is_empty() && name.is_empty() {
            match &self.carried {
                Some(above) => (bin, name) = above.clone(),
                None if self.reference.default.is_some() => return self.reference.default,
                None => {}
            }
        } else {
            self.carried = Some((bin.clone(), name.clone()));
        }
        let place = |at: &usize| {
            let name = self.organisations.get(*at).map(Organisation::name).unwrap_or_default();
            name.get(self.reference.lang).to_owned()
        };
        let error = match self.organisations.find(&bin, &name) {
            Ok((at, similar)) => {
                if similar {
                    let mut note = finding(Field::Organisation, "organisation_guess");
                    note.args.push(("name", place(&at)));
                    warnings.push(note);
                }
                return Some(at);
            }
            Err(Unknown::BinInvalid) => finding(Field::Bin, "bin_invalid"),
            Err(Unknown::Bin) => finding(Field::Bin, "organisation_unknown"),
            Err(Unknown::Name) => finding(Field::Organisation, "organisation_unknown"),
            Err(Unknown::Missing) => finding(Field::Organisation, "organisation_missing"),
            Err(Unknown::Conflict(named, numbered)) => Finding {
                field: Field::Bin,
                code: "organisation_conflict",
                args: vec![("name", place(&named)), ("other", place(&numbered))],
            },
            Err(Unknown::Ambiguous(list)) => Finding {
                field: Field::Organisation,
                code: "organisation_ambiguous",
                args: vec![("list", list.iter().take(5).map(place).collect::<Vec<_>>().join("; "))],
            },
        };
        errors.push(error);
        None
    }
}

/// Which vacancy a row is.
fn key(organisation: &str, content: &Content) -> String {
    hash(&format!(
        "{organisation}\n{}\n{}\n{}\n{}\n{:?}\n{:?}",
        content.position,
        content.subject.as_deref().unwrap_or_default(),
        content.rate,
        content.language,
        content.term,
        content.temporary_until
    ))
}

fn hash(text: &str) -> String {
    Sha256::digest(text.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
}
