//! A new draft is not empty: what the person's card, profile and earlier application know is
//! filled in, to be looked through and corrected.

use std::collections::BTreeMap;

use domain::{
    application::{
        model::{Choice, Claim, Content, DocumentPart, Record},
        sql::ContentRow,
    },
    profile::{
        api::{Contact, Item, ItemState, Visibility},
        item::title,
        sql::PersonRow,
    },
    rule::application::{Applying, How},
    shared::lang::Lang,
};
use serde_json::Value;

/// What a draft is filled from.
pub(super) struct Known {
    /// The person's card.
    pub person: Option<PersonRow>,
    /// Confirmed contacts.
    pub contacts: Vec<Contact>,
    /// Records of the profile.
    pub items: Vec<Item>,
    /// What was sent for another vacancy last.
    pub earlier: Option<ContentRow>,
}

/// The draft. `asked` are the documents of the announcement and the position.
pub(super) fn prefill(known: &Known, rules: &Applying, asked: &[String], lang: Lang) -> Content {
    let mut content = Content::default();
    let earlier = known.earlier.as_ref().map(|row| &row.content);
    person(&mut content, known, earlier, lang);
    content.records = known
        .items
        .iter()
        .filter(|item| used(rules, item.kind.code()))
        .filter(|item| item.visibility != Visibility::Private)
        .filter(|item| item.state != ItemState::Rejected)
        // Of two entries for the same certificate the older one counts.
        .filter(|item| item.duplicates.iter().all(|twin| item.id < *twin))
        .take(150)
        .map(record_of)
        .collect();
    documents(&mut content, earlier, rules, asked);
    claims(&mut content, rules);
    if let Some(earlier) = earlier {
        content.statement.preferences = earlier
            .statement
            .preferences
            .iter()
            .filter(|code| rules.preferences.value.contains(code))
            .cloned()
            .collect();
        let has = content.records.iter().any(|record| record.kind == "experience");
        content.no_experience = earlier.no_experience && !has;
    }
    content
}

/// Whether nothing has been said of the person yet: the draft was begun before their card was filled
/// in.
pub(super) fn is_nameless(content: &Content) -> bool {
    let person = &content.person;
    [&person.surname, &person.name, &person.iin].iter().all(|text| text.is_empty())
}

/// Fills a draft without a name from the card as it stands now; what was written stays.
pub(super) fn complete(content: &mut Content, known: &Known, lang: Lang) {
    let mut from = Content::default();
    person(&mut from, known, None, lang);
    content.person = from.person;
    let (to, from) = (&mut content.contacts, from.contacts);
    for (place, value) in [
        (&mut to.phone, from.phone),
        (&mut to.email, from.email),
        (&mut to.kato, from.kato),
        (&mut to.address, from.address),
    ] {
        if place.is_empty() {
            *place = value;
        }
    }
}

fn person(content: &mut Content, known: &Known, earlier: Option<&Content>, lang: Lang) {
    if let Some(row) = &known.person {
        let card = row.card();
        content.person.surname = card.name.surname;
        content.person.name = card.name.name;
        content.person.patronymic = card.name.patronymic;
        content.person.iin = card.iin;
        content.person.birth_date = card.birth_date;
        content.person.citizenship = card.citizenship;
        content.contacts.kato = card.address.kato;
        content.contacts.address = card.address.text;
        content.contacts.lang = card.lang;
    } else {
        content.contacts.lang = lang;
    }
    let confirmed = |kind: &str| {
        let found = known.contacts.iter().rev().find(|contact| contact.kind == kind);
        found.map(|contact| contact.value.clone()).unwrap_or_default()
    };
    content.contacts.phone = confirmed("phone");
    content.contacts.email = confirmed("email");
    let Some(earlier) = earlier else { return };
    let or = |value: &mut String, other: &String| {
        if value.is_empty() {
            value.clone_from(other);
        }
    };
    or(&mut content.person.iin, &earlier.person.iin);
    or(&mut content.person.citizenship, &earlier.person.citizenship);
    or(&mut content.contacts.phone, &earlier.contacts.phone);
    or(&mut content.contacts.email, &earlier.contacts.email);
    or(&mut content.contacts.kato, &earlier.contacts.kato);
    or(&mut content.contacts.address, &earlier.contacts.address);
    content.person.birth_date = content.person.birth_date.or(earlier.person.birth_date);
}

/// Whether a procedure asks for records of a kind.
fn used(rules: &Applying, kind: &str) -> bool {
    let listed = |records: &[String]| records.iter().any(|one| one == kind);
    matches!(kind, "education" | "experience")
        || rules.documents.iter().any(|rule| listed(&rule.records))
        || rules.score_sheet.iter().any(|row| listed(&row.records))
}

fn record_of(item: &Item) -> Record {
    let mut details: BTreeMap<String, Value> =
        serde_json::from_value(item.record.clone()).unwrap_or_default();
    details.remove("kind");
    let day = |name: &str| details.get(name).and_then(|value| value.as_str()?.parse().ok());
    let code = |value: Value| value.as_str().unwrap_or_default().to_owned();
    Record {
        id: item.id.clone(),
        kind: item.kind.code().to_owned(),
        title: title(item.kind, &item.record),
        from: day("from").or_else(|| day("issued_on")),
        to: day("to").or_else(|| day("valid_to")),
        files: item.evidence.clone(),
        source: serde_json::to_value(item.source).map(code).unwrap_or_default(),
        verification: serde_json::to_value(item.verification).map(code).unwrap_or_default(),
        details,
    }
}

/// Records with files become documents; what no record proves is taken from the earlier one.
fn documents(content: &mut Content, earlier: Option<&Content>, rules: &Applying, asked: &[String]) {
    for code in asked {
        let Some(rule) = rules.document(code).filter(|rule| !rule.made_here) else { continue };
        let fits = |record: &&Record| {
            let own = record.details.get("document").and_then(Value::as_str);
            !record.files.is_empty()
                && rule.records.contains(&record.kind)
                && own.is_none_or(|own| own == code)
        };
        let records: Vec<String> =
            content.records.iter().filter(fits).map(|record| record.id.clone()).collect();
        let files = match earlier.and_then(|e| e.documents.iter().find(|d| d.code == *code)) {
            Some(part) if records.is_empty() => part.files.clone(),
            _ => Vec::new(),
        };
        if !records.is_empty() || !files.is_empty() {
            let part =
                DocumentPart { code: code.clone(), files, records, ..DocumentPart::default() };
            content.documents.push(part);
        }
    }
}

/// A record that names an option of a row (the category "moderator") proposes it.
fn claims(content: &mut Content, rules: &Applying) {
    for row in rules.score_sheet.iter().filter(|row| row.how == How::One) {
        let mut best: Option<(i32, Claim)> = None;
        for record in content.records.iter().filter(|record| row.records.contains(&record.kind)) {
            let named = row.options.iter().find(|option| {
                record.details.values().any(|value| value.as_str() == Some(option.code.as_str()))
            });
            let Some(option) = named else { continue };
            let claim = Claim {
                row: row.code.clone(),
                choices: vec![Choice { option: option.code.clone(), count: 1 }],
                records: vec![record.id.clone()],
                ..Claim::default()
            };
            if best.as_ref().is_none_or(|(points, _)| option.points.0 > *points) {
                best = Some((option.points.0, claim));
            }
        }
        content.claims.extend(best.map(|(_, claim)| claim));
    }
}
