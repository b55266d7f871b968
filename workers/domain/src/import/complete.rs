//! Completes an announcement with what a list never says: standard texts of the post, documents of
//! the rule edition, the organisation's own contacts. An ordinary row becomes fit to publish.

use chrono::NaiveDate;

use super::{
    headers::Field,
    organisations::Organisation,
    rows::{Finding, ReadRow},
    texts,
};
use crate::{
    directory::Book,
    rule::Edition,
    shared::{calendar::Calendar, lang::Lang},
    vacancy::{content::Directories, model::Content, period::days},
};

/// A completed announcement.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Completed {
    /// The announcement.
    pub content: Content,
    /// What the clerk should look at.
    pub notes: Vec<Finding>,
    /// Duties or requirements are the standard texts.
    pub texts: bool,
    /// Phone or e-mail are the organisation's.
    pub contacts: bool,
}

/// Completes a row that was read. What the row says itself is never changed.
pub fn complete(
    row: &ReadRow,
    organisation: &Organisation,
    edition: &Edition,
    book: &Book,
    calendar: &Calendar,
    today: NaiveDate,
    lang: Lang,
) -> Completed {
    let mut done = Completed { content: row.content.clone(), ..Completed::default() };
    let content = &mut done.content;
    if content.language.is_empty() && book.needs_language(&content.position) {
        content.language = usual_language(&organisation.languages);
        if book.needs_subject(&content.position) {
            done.notes.push(Finding {
                field: Field::Language,
                code: "language_guess",
                args: vec![(
                    "name",
                    book.name("language_of_instruction", &content.language).get(lang).to_owned(),
                )],
            });
        }
    }
    if content.schedule.is_empty() {
        let full = content.rate == 0 || content.rate >= 100;
        content.schedule = if full { "full" } else { "part" }.to_owned();
    }
    if content.documents.is_empty() {
        content.documents.clone_from(&edition.publishing.documents.value);
    }
    if content.contact_phone.is_empty() {
        content.contact_phone.clone_from(&organisation.phone);
        done.contacts = true;
    }
    if content.contact_email.is_empty() {
        content.contact_email.clone_from(&organisation.email);
        done.contacts = true;
    }
    if let Some(position) = book.get("position", &content.position) {
        for (field, name, text) in [
            (Field::Duties, "duties", &mut content.duties),
            (Field::Requirements, "requirements", &mut content.requirements),
        ] {
            let begun = !text.is_empty();
            let standard = position.text(name).unwrap_or_default();
            if texts::complete(text, &standard) {
                if begun {
                    done.notes.push(Finding {
                        field,
                        code: "texts_other_language",
                        args: Vec::new(),
                    });
                } else {
                    done.texts = true;
                }
            }
        }
    }
    if let Some(wanted) = row.accept_days {
        let least = days(edition, content.term, organisation.rural).value;
        if wanted > least {
            // A year without a calendar is found by the check of the period.
            content.accept_to =
                calendar.add_working_days(edition.week(), today, wanted.into()).ok();
        } else if wanted < least {
            done.notes.push(Finding {
                field: Field::AcceptTo,
                code: "accept_days_short",
                args: vec![("days", least.to_string())],
            });
        }
    }
    done
}

/// The language of an organisation's lessons where a row names none.
fn usual_language(languages: &[String]) -> String {
    match languages {
        [one] => one.clone(),
        [] => "kk".to_owned(),
        several => {
            let both = ["kk", "ru"].iter().all(|code| several.iter().any(|have| have == code));
            if both { "mixed".to_owned() } else { several.first().cloned().unwrap_or_default() }
        }
    }
}
