//! The card of a person: cleaned, checked, completed from the IIN.

use chrono::{Datelike, NaiveDate};

use super::api::{Card, Name};
use crate::shared::{
    clean::clean,
    iin::{IdError, Iin, Sex},
    refusal::{Check, Refusal},
};

/// Kinds of identity documents.
pub const DOCUMENTS: &[&str] =
    &["identity_card", "passport", "residence_permit", "foreign_passport", "stateless"];
/// Kinds of special needs.
pub const NEEDS: &[&str] = &["vision", "hearing", "movement", "speech", "other"];

/// The card as it is kept.
///
/// Errors: every wrong field. Nothing is asked for but a name: what applying needs is the meter's.
pub fn check(mut card: Card, today: NaiveDate, oldest_year: i32) -> Result<Card, Refusal> {
    let mut check = Check::default();
    for (field, name) in [
        ("name", &mut card.name),
        ("name_ru", &mut card.name_ru),
        ("name_latin", &mut card.name_latin),
    ] {
        for (part, text) in [
            ("surname", &mut name.surname),
            ("name", &mut name.name),
            ("patronymic", &mut name.patronymic),
        ] {
            *text = clean(text, false);
            let path = format!("{field}.{part}");
            if text.chars().count() > 80 {
                check.wrong_with(path, "too_long", "max", 80);
            } else if !text.chars().all(|c| c.is_alphabetic() || " -'’ʼ.".contains(c)) {
                check.wrong(path, "name");
            } else if field == "name_latin" && !text.is_ascii() {
                check.wrong(path, "latin");
            }
        }
    }
    if card.name.surname.is_empty() && card.name.name.is_empty() {
        check.wrong("name.name", "required");
    }
    number(&mut card, &mut check);
    if let Some(born) = card.birth_date {
        if born > today || born.year() < oldest_year.min(1900) {
            check.wrong("birth_date", "day");
        } else if today.years_since(born).is_none_or(|age| age < 14) {
            check.wrong("birth_date", "too_young");
        }
    }
    if !matches!(card.sex.as_str(), "" | "male" | "female") {
        check.wrong("sex", "unknown");
    }
    let country = |code: &str| code.len() == 2 && code.bytes().all(|b| b.is_ascii_uppercase());
    if !card.citizenship.is_empty() && !country(&card.citizenship) {
        check.wrong("citizenship", "unknown");
    }
    document(&mut card, today, &mut check);
    card.address.text = clean(&card.address.text, false);
    if card.address.text.chars().count() > 300 {
        check.wrong_with("address.text", "too_long", "max", 300);
    }
    let kato = &card.address.kato;
    if !kato.is_empty() && (kato.len() != 9 || !kato.bytes().all(|b| b.is_ascii_digit())) {
        check.wrong("address.kato", "unknown");
    }
    card.needs.text = clean(&card.needs.text, true);
    if card.needs.text.chars().count() > 1000 {
        check.wrong_with("needs.text", "too_long", "max", 1000);
    }
    card.needs.codes.sort();
    card.needs.codes.dedup();
    if card.needs.codes.iter().any(|code| !NEEDS.contains(&code.as_str())) {
        check.wrong("needs.codes", "unknown");
    }
    if card.photo.as_ref().is_some_and(|id| !crate::shared::id::is_ulid(id)) {
        check.wrong("photo", "unknown");
    }
    check.done()?;
    Ok(card)
}

/// The IIN, and what follows from it.
fn number(card: &mut Card, check: &mut Check) {
    card.iin = card.iin.chars().filter(|c| !c.is_whitespace()).collect();
    if card.iin.is_empty() {
        return;
    }
    let iin = match Iin::parse(&card.iin) {
        Ok(iin) => iin,
        Err(error) => {
            return check.wrong(
                "iin",
                match error {
                    IdError::Characters | IdError::Kind => "iin",
                    IdError::Date => "iin_date",
                    IdError::Checksum => "iin_checksum",
                },
            );
        }
    };
    if let Some(born) = iin.birth_date() {
        if card.birth_date.is_some_and(|said| said != born) {
            check.wrong("birth_date", "iin_birth_date");
        }
        card.birth_date = Some(born);
    }
    if let Some(sex) = iin.sex() {
        let code = code_of(sex);
        if !card.sex.is_empty() && card.sex != code {
            check.wrong("sex", "iin_sex");
        }
        card.sex = code.into();
    }
}

fn document(card: &mut Card, today: NaiveDate, check: &mut Check) {
    let document = &mut card.document;
    document.number = clean(&document.number, false);
    document.issuer = clean(&document.issuer, false);
    if !document.kind.is_empty() && !DOCUMENTS.contains(&document.kind.as_str()) {
        check.wrong("document.type", "unknown");
    }
    if document.kind.is_empty() && !document.number.is_empty() {
        check.wrong("document.type", "required");
    }
    let shape = |c: char| c.is_alphanumeric() || " -/№".contains(c);
    if document.number.chars().count() > 30 || !document.number.chars().all(shape) {
        check.wrong("document.number", "document_number");
    }
    if document.issuer.chars().count() > 120 {
        check.wrong_with("document.issuer", "too_long", "max", 120);
    }
    if document.issued_on.is_some_and(|day| day > today) {
        check.wrong("document.issued_on", "future");
    }
    if let (Some(from), Some(to)) = (document.issued_on, document.valid_to)
        && to < from
    {
        check.wrong("document.valid_to", "dates");
    }
}

/// Puts in what follows from the IIN where it is not written: the number of somebody whose account
/// an organisation opened came without a card.
pub fn complete(card: &mut Card) {
    let Ok(iin) = Iin::parse(&card.iin) else { return };
    if card.birth_date.is_none() {
        card.birth_date = iin.birth_date();
    }
    if card.sex.is_empty()
        && let Some(sex) = iin.sex()
    {
        card.sex = code_of(sex).into();
    }
}

fn code_of(sex: Sex) -> &'static str {
    if sex == Sex::Male { "male" } else { "female" }
}

/// Fields that follow from the IIN and cannot be written.
pub fn computed(card: &Card) -> Vec<String> {
    let Ok(iin) = Iin::parse(&card.iin) else { return Vec::new() };
    let birth = iin.birth_date().map(|_| "birth_date".to_owned());
    birth.into_iter().chain(iin.sex().map(|_| "sex".to_owned())).collect()
}

/// Names of the fields in which two cards differ, for the journal and for a conflict.
pub fn differs(one: &Card, other: &Card) -> Vec<String> {
    let value = |card: &Card| serde_json::to_value(card).unwrap_or_default();
    let (a, b) = (value(one), value(other));
    let fields = a.as_object().map(|fields| fields.keys().cloned().collect::<Vec<_>>());
    fields.unwrap_or_default().into_iter().filter(|name| a.get(name) != b.get(name)).collect()
}

/// Surname and given names, for showing.
pub fn full(name: &Name) -> String {
    let parts = [&name.surname, &name.name, &name.patronymic];
    let parts: Vec<&str> =
        parts.into_iter().map(String::as_str).filter(|part| !part.is_empty()).collect();
    parts.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn checked(change: impl FnOnce(&mut Card)) -> Result<Card, Vec<(String, &'static str)>> {
        let mut card = Card::default();
        card.name.name = "Айгүл".into();
        change(&mut card);
        check(card, "2026-11-02".parse().unwrap(), 1930).map_err(|refusal| {
            refusal.fields.iter().map(|e| (e.field.to_string(), e.code)).collect()
        })
    }

    #[test]
    fn birth_date_and_sex_follow_from_the_iin() {
        let card = checked(|card| card.iin = " 8504 1230 0006 ".into()).unwrap();
        assert_eq!(
            (card.birth_date.unwrap().to_string(), card.sex.as_str()),
            ("1985-04-12".into(), "male")
        );
        assert_eq!(computed(&card), ["birth_date", "sex"]);
        let mut bare = Card { iin: card.iin.clone(), ..Card::default() };
        complete(&mut bare);
        assert_eq!((bare.birth_date, &bare.sex), (card.birth_date, &card.sex));
        let mut none = Card::default();
        complete(&mut none);
        assert_eq!(none, Card::default());
        let wrong = checked(|card| {
            card.iin = "850412300006".into();
            card.birth_date = "1985-04-13".parse().ok();
            card.sex = "female".into();
        });
        assert_eq!(
            wrong.unwrap_err(),
            [("birth_date".to_owned(), "iin_birth_date"), ("sex".to_owned(), "iin_sex")]
        );
    }

    #[test]
    fn wrong_fields_are_named() {
        type Change = fn(&mut Card);
        let table: &[(Change, &str, &str)] = &[
            (|c| c.name = Name::default(), "name.name", "required"),
            (|c| c.name.surname = "<script>".into(), "name.surname", "name"),
            (|c| c.name.name = "ә".repeat(81), "name.name", "too_long"),
            (|c| c.name_latin.name = "Айгуль".into(), "name_latin.name", "latin"),
            (|c| c.iin = "850412300007".into(), "iin", "iin_checksum"),
            (|c| c.iin = "851312300007".into(), "iin", "iin_date"),
            (|c| c.iin = "8504".into(), "iin", "iin"),
            (|c| c.birth_date = "2020-01-01".parse().ok(), "birth_date", "too_young"),
            (|c| c.birth_date = "2030-01-01".parse().ok(), "birth_date", "day"),
            (|c| c.citizenship = "Kz".into(), "citizenship", "unknown"),
            (|c| c.document.kind = "id".into(), "document.type", "unknown"),
            (|c| c.document.number = "0123".into(), "document.type", "required"),
            (|c| c.document.number = "0;DROP".into(), "document.number", "document_number"),
            (|c| c.document.issued_on = "2027-01-01".parse().ok(), "document.issued_on", "future"),
            (|c| c.address.kato = "33101".into(), "address.kato", "unknown"),
            (|c| c.needs.codes = vec!["smell".into()], "needs.codes", "unknown"),
            (|c| c.photo = Some("../x".into()), "photo", "unknown"),
        ];
        for (change, field, code) in table {
            let wrong = checked(change).unwrap_err();
            assert!(wrong.contains(&((*field).to_owned(), *code)), "{field} {code}: {wrong:?}");
        }
    }

    #[test]
    fn names_of_all_kinds_are_taken() {
        for name in ["О’Нил", "Әл-Фараби", "Нұрлан Сұлтан", "Ы", "Çelik", "D'Arc", "李"]
        {
            assert!(checked(|card| card.name.name = name.into()).is_ok(), "{name}");
        }
        let card = checked(|card| card.name.name = " Ай\u{202e}гүл \n".into()).unwrap();
        assert_eq!(full(&card.name), "Айгүл");
    }
}
