//! Checks of an announcement: what may be stored in a draft, and what is missing for publication.

use super::model::{Content, Term};
use crate::{
    rule::{Edition, application::Need},
    shared::{
        clean::{clean, clean_text},
        lang::{Lang, Text},
        phone::Phone,
        refusal::{Check, FieldError, Refusal},
        spoken,
    },
};

/// Longest free text, characters.
const LONG: usize = 4000;
/// Longest line, characters.
const LINE: usize = 200;

/// Answers whether a directory has a code today.
pub trait Directories {
    /// Whether `directory` has an open item `code`.
    fn has(&self, directory: &str, code: &str) -> bool;
    /// The group of a position (`pedagogue` …).
    fn group(&self, position: &str) -> Option<String>;
    /// Whether a closing reason says nothing without words beside it.
    fn needs_text(&self, reason: &str) -> bool;
    /// Whether a position asks for a subject.
    fn needs_subject(&self, position: &str) -> bool;
    /// Whether a position asks for a language of instruction: those that teach.
    fn needs_language(&self, _position: &str) -> bool {
        true
    }
    /// What a code is called; the code itself where that is not known.
    fn called(&self, _directory: &str, code: &str) -> Text {
        Text::new(code, code)
    }
}

/// What may never be stored: unknown codes, numbers out of range, endless texts. Missing values
/// are fine in a draft.
pub fn check_draft(content: &Content, directories: &dyn Directories) -> Result<(), Refusal> {
    let mut check = Check::default();
    for (name, text) in content.texts() {
        let max = if name == "title" || name == "address" { LINE } else { LONG };
        for (lang, value) in [("kk", &text.kk), ("ru", &text.ru), ("en", &text.en)] {
            if value.chars().count() > max {
                check.wrong_with(format!("{name}.{lang}"), "too_long", "max", max);
            }
        }
    }
    for (name, value) in
        [("contact_name", &content.contact_name), ("contact_email", &content.contact_email)]
    {
        if value.chars().count() > LINE {
            check.wrong_with(name, "too_long", "max", LINE);
        }
    }
    for (field, directory, code) in content.codes() {
        if !code.is_empty() && !directories.has(directory, code) {
            check.wrong(field, "unknown");
        }
    }
    if content.rate != 0 && (!content.rate.is_multiple_of(25) || content.rate > 200) {
        check.wrong("rate", "rate");
    }
    if content.hours.is_some_and(|hours| !(1..=60).contains(&hours)) {
        check.wrong("hours", "hours");
    }
    if content.openings > 100 {
        check.wrong("openings", "openings");
    }
    if content.experience > 50 {
        check.wrong("experience", "experience");
    }
    for (field, pay) in [("salary_from", content.salary_from), ("salary_to", content.salary_to)] {
        if pay.is_some_and(|pay| !(1..=10_000_000).contains(&pay)) {
            check.wrong(field, "salary");
        }
    }
    if let (Some(from), Some(to)) = (content.salary_from, content.salary_to)
        && to < from
    {
        check.wrong("salary_to", "salary_order");
    }
    if !content.contact_phone.is_empty() && Phone::parse(&content.contact_phone).is_err() {
        check.wrong("contact_phone", "phone");
    }
    if !content.contact_email.is_empty() && !is_email(&content.contact_email) {
        check.wrong("contact_email", "email");
    }
    check.done()
}

/// What is missing for publication: kk and ru both complete, and every field that the edition
/// asks for. `has_address` says whether the organisation's own card has one.
pub fn missing(
    content: &Content,
    directories: &dyn Directories,
    required: &[String],
    has_address: bool,
) -> Vec<FieldError> {
    let mut check = Check::default();
    let needs = |name: &str| required.iter().any(|field| field == name);
    if content.position.is_empty() {
        check.wrong("position", "required");
    } else if directories.needs_subject(&content.position)
        && content.subject.as_deref().unwrap_or_default().is_empty()
    {
        check.wrong("subject", "required");
    }
    for (name, text) in content.texts() {
        // A text that was begun in one language is completed in the other; some must be there.
        let wanted = match name {
            "duties" | "requirements" => needs(name),
            "address" => needs("address") && !has_address,
            _ => false,
        };
        if wanted || !text.is_empty() {
            if text.kk.trim().is_empty() {
                check.wrong(format!("{name}.kk"), "required_kk");
            }
            if text.ru.trim().is_empty() {
                check.wrong(format!("{name}.ru"), "required_ru");
            }
        }
    }
    if content.openings == 0 {
        check.wrong("openings", "required");
    }
    if content.rate == 0 {
        check.wrong("rate", "required");
    }
    // A post that is not chosen yet asks for nothing of its own.
    if content.language.is_empty()
        && !content.position.is_empty()
        && directories.needs_language(&content.position)
    {
        check.wrong("language", "required");
    }
    if needs("salary") && content.salary_from.is_none() && content.salary_to.is_none() {
        check.wrong("salary_from", "required");
    }
    if needs("schedule") && content.schedule.is_empty() {
        check.wrong("schedule", "required");
    }
    if needs("documents") && content.documents.is_empty() {
        check.wrong("documents", "required");
    }
    if needs("phone") && content.contact_phone.is_empty() {
        check.wrong("contact_phone", "required");
    }
    if needs("email") && content.contact_email.is_empty() {
        check.wrong("contact_email", "required");
    }
    if content.term == Term::Temporary && content.temporary_until.is_none() {
        check.wrong("temporary_until", "temporary_until");
    }
    check.0
}

/// The documents that the edition always asks for and the announcement does not name: one error
/// for all of them.
pub fn missing_documents(
    content: &Content,
    directories: &dyn Directories,
    edition: &Edition,
) -> Option<FieldError> {
    let gone: Vec<Text> = edition
        .application
        .documents
        .iter()
        .filter(|rule| rule.need == Need::Always && !content.documents.contains(&rule.code))
        .map(|rule| directories.called("document_type", &rule.code))
        .collect();
    if gone.is_empty() || content.documents.is_empty() {
        return None;
    }
    let all = |lang: Lang| gone.iter().map(|name| name.get(lang)).collect::<Vec<_>>().join(", ");
    let names = Text { kk: all(Lang::Kk), ru: all(Lang::Ru), en: all(Lang::En) };
    let args = vec![("names", spoken::every(&names))];
    Some(FieldError { field: "documents".into(), code: "documents_missing", args })
}

/// A letter of the Kazakh alphabet that Russian does not have.
pub fn is_kazakh_letter(c: char) -> bool {
    "әғқңөұүһіӘҒҚҢӨҰҮҺІ".contains(c)
}

/// A mail address with the shape that mail servers accept; the proof is a letter that arrives.
pub fn is_email(text: &str) -> bool {
    let Some((name, host)) = text.split_once('@') else { return false };
    let plain = |part: &str| {
        !part.is_empty() && part.chars().all(|c| c.is_alphanumeric() || "._%+-".contains(c))
    };
    plain(name)
        && plain(host)
        && host.contains('.')
        && !host.starts_with('.')
        && !host.ends_with('.')
        && text.len() <= 254
}

impl Content {
    /// As it is kept: texts without characters that nobody sees, nothing that its post does not
    /// ask for: a cook has no language of instruction.
    #[must_use]
    pub fn tidy(mut self, directories: &dyn Directories) -> Content {
        for text in [&mut self.title, &mut self.address] {
            *text = clean_text(text, false);
        }
        let long =
            [&mut self.bonuses, &mut self.duties, &mut self.requirements, &mut self.conditions];
        for text in long {
            *text = clean_text(text, true);
        }
        for line in [&mut self.contact_name, &mut self.contact_phone, &mut self.contact_email] {
            *line = clean(line, false);
        }
        if !self.position.is_empty() && !directories.needs_language(&self.position) {
            self.language.clear();
        }
        self
    }

    /// The texts in two languages, by field name.
    pub fn texts(&self) -> [(&'static str, &Text); 6] {
        [
            ("title", &self.title),
            ("bonuses", &self.bonuses),
            ("duties", &self.duties),
            ("requirements", &self.requirements),
            ("conditions", &self.conditions),
            ("address", &self.address),
        ]
    }

    /// The codes: field, directory, code.
    fn codes(&self) -> Vec<(&'static str, &'static str, &str)> {
        let mut codes = vec![
            ("position", "position", self.position.as_str()),
            ("subject", "subject", self.subject.as_deref().unwrap_or_default()),
            ("schedule", "schedule", self.schedule.as_str()),
            ("language", "language_of_instruction", self.language.as_str()),
            ("category", "category", self.category.as_deref().unwrap_or_default()),
        ];
        codes.extend(self.documents.iter().map(|c| ("documents", "document_type", c.as_str())));
        codes.extend(self.extras.iter().map(|c| ("extras", "extra", c.as_str())));
        codes
    }

    /// Names of the fields that differ, with `.kk` and `.ru` for texts.
    pub fn differs(&self, other: &Content) -> Vec<String> {
        let (Ok(serde_json::Value::Object(a)), Ok(serde_json::Value::Object(b))) =
            (serde_json::to_value(self), serde_json::to_value(other))
        else {
            return Vec::new();
        };
        let mut names = Vec::new();
        for (name, value) in &a {
            let with = b.get(name);
            if Some(value) == with {
                continue;
            }
            match (value, with) {
                (serde_json::Value::Object(x), Some(serde_json::Value::Object(y))) => {
                    for lang in ["kk", "ru", "en"] {
                        if x.get(lang) != y.get(lang) {
                            names.push(format!("{name}.{lang}"));
                        }
                    }
                }
                _ => names.push(name.clone()),
            }
        }
        names
    }
}
