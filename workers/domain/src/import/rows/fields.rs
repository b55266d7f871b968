//! The other fields of a row.

use chrono::Datelike;

use super::{
    super::{
        cell::Row,
        days::{self, BadDay, When},
        headers::Field,
        names::Names,
        texts, values,
        words::{begins, tokens, words},
    },
    Finding, Reader, finding,
};
use crate::{
    shared::{calendar::Week, fold::fold},
    vacancy::{
        content::{Directories, is_email},
        model::{Content, Term},
    },
};

impl Reader<'_> {
    pub(super) fn numbers(
        &self,
        row: &Row,
        content: &mut Content,
        errors: &mut Vec<Finding>,
        warnings: &mut Vec<Finding>,
    ) {
        match values::rate(self.cell(row, Field::Rate)) {
            Ok(rate) => content.rate = rate.unwrap_or_default(),
            Err(code) => errors.push(finding(Field::Rate, code)),
        }
        match values::whole(self.cell(row, Field::Hours), 1, 60) {
            Ok(hours) => content.hours = hours,
            Err(()) => errors.push(finding(Field::Hours, "hours_wrong")),
        }
        match values::whole(self.cell(row, Field::Openings), 1, 100) {
            Ok(openings) => content.openings = openings.unwrap_or(1),
            Err(()) => errors.push(finding(Field::Openings, "openings_wrong")),
        }
        // "от 3 лет", "без опыта": a number of years or none.
        let experience = self.cell(row, Field::Experience);
        match values::whole(experience, 0, 50) {
            Ok(years) => content.experience = years.unwrap_or_default(),
            Err(()) => content.extras.extend(values::extras(&experience.text())),
        }
        let mut pay = |field: Field| -> values::Pay {
            let heading = self.headings.of(field).map(|h| fold(&h.text)).unwrap_or_default();
            let thousands = begins(&heading, &["тыс".into(), "мын".into()]);
            match values::salary(self.cell(row, field), thousands) {
                Ok((pay, in_words)) => {
                    if in_words {
                        warnings.push(finding(field, "salary_words"));
                    }
                    pay
                }
                Err(code) => {
                    errors.push(finding(field, code));
                    (None, None)
                }
            }
        };
        let (mut from, mut to) = pay(Field::Salary);
        let (least, most) = (pay(Field::SalaryFrom), pay(Field::SalaryTo));
        from = least.0.or(least.1).or(from);
        to = most.1.or(most.0).or(to);
        if let (Some(a), Some(b)) = (from, to)
            && a > b
        {
            errors.push(finding(Field::SalaryTo, "salary_order"));
        }
        (content.salary_from, content.salary_to) = (from, to);
    }

    pub(super) fn term(&self, row: &Row, content: &mut Content, errors: &mut Vec<Finding>) {
        let today = self.reference.today;
        let text = self.text(row, Field::Term);
        let folded = fold(&text);
        let permanent = begins(&folded, &words().permanent);
        let temporary = begins(&folded, &words().temporary);
        let mut field = Field::Term;
        let mut until = days::within(&text, today);
        if !self.cell(row, Field::TemporaryUntil).is_empty() {
            field = Field::TemporaryUntil;
            let cell = self.cell(row, field);
            until = match days::read(cell, self.table.from_1904, today, true) {
                Ok(When::Day(day)) => Ok(Some(day)),
                Ok(_) => Ok(None),
                Err(bad) => Err(bad),
            };
        }
        let until = match until {
            Ok(until) => until,
            Err(bad) => return errors.push(finding(field, bad_day(bad))),
        };
        match (permanent, temporary, until) {
            (true, false, None) => {}
            (_, true, _) | (false, _, Some(_)) => content.term = Term::Temporary,
            (false, false, None) if text.is_empty() => {}
            _ => return errors.push(finding(Field::Term, "term_unreadable")),
        }
        content.temporary_until = until;
        if until.is_some_and(|day| day <= today) {
            errors.push(finding(field, "date_past"));
        }
    }

    pub(super) fn days(
        &self,
        row: &Row,
        content: &mut Content,
        errors: &mut Vec<Finding>,
    ) -> Option<u32> {
        let reference = self.reference;
        let read = |field, last| {
            days::read(self.cell(row, field), self.table.from_1904, reference.today, last)
        };
        match read(Field::StartOn, false) {
            Ok(When::Day(day)) => content.start_on = Some(day),
            // "после конкурса": a word about the start is no day and no mistake.
            Ok(_) | Err(BadDay::Unreadable) => {}
            Err(bad) => errors.push(finding(Field::StartOn, bad_day(bad))),
        }
        match read(Field::AcceptTo, true) {
            Ok(When::Open) => None,
            Ok(When::WorkingDays(days)) => Some(days),
            Ok(When::Day(day)) if day < reference.today => {
                errors.push(finding(Field::AcceptTo, "date_past"));
                None
            }
            Ok(When::Day(day)) => {
                if Week::ALL.iter().any(|week| reference.calendar.has(*week, day.year())) {
                    content.accept_to = Some(day);
                } else {
                    let mut error = finding(Field::AcceptTo, "calendar_missing");
                    error.args.push(("year", day.year().to_string()));
                    errors.push(error);
                }
                None
            }
            Err(bad) => {
                errors.push(finding(Field::AcceptTo, bad_day(bad)));
                None
            }
        }
    }

    pub(super) fn contacts(&self, row: &Row, content: &mut Content, errors: &mut Vec<Finding>) {
        let (name, phone, email) = values::contact(&self.text(row, Field::Contact));
        content.contact_name = name;
        content.contact_phone = phone.unwrap_or_default();
        content.contact_email = email.unwrap_or_default();
        let own = self.text(row, Field::ContactName);
        if !own.is_empty() {
            let (name, phone, email) = values::contact(&own);
            content.contact_name = name;
            content.contact_phone = phone.unwrap_or(std::mem::take(&mut content.contact_phone));
            content.contact_email = email.unwrap_or(std::mem::take(&mut content.contact_email));
        }
        match values::phone(&self.cell(row, Field::ContactPhone).lines()) {
            Ok(Some(phone)) => content.contact_phone = phone,
            Ok(None) => {}
            Err(()) => errors.push(finding(Field::ContactPhone, "phone_invalid")),
        }
        let own = self.text(row, Field::ContactEmail);
        if !own.is_empty() {
            content.contact_email =
                own.split([',', ';', ' ']).next().unwrap_or_default().to_owned();
        }
        if !content.contact_email.is_empty() && !is_email(&content.contact_email) {
            let field = if own.is_empty() { Field::Contact } else { Field::ContactEmail };
            errors.push(finding(field, "email_invalid"));
        }
    }

    pub(super) fn words(&self, row: &Row, content: &mut Content, errors: &mut Vec<Finding>) {
        let text = |field: Field| {
            let heading = self.headings.of(field).map(|h| h.text.as_str()).unwrap_or_default();
            let cell = self.cell(row, field);
            if values::is_blank(&cell.text()) {
                Default::default()
            } else {
                texts::read(&cell.lines(), heading)
            }
        };
        content.duties = text(Field::Duties);
        content.requirements = text(Field::Requirements);
        content.conditions = text(Field::Conditions);
        content.bonuses = text(Field::Bonuses);
        let housing = self.text(row, Field::Housing);
        match values::yes_no(&housing) {
            Some(true) => content.extras.push("housing".into()),
            Some(false) => {}
            None => content.extras.extend(values::extras(&housing)),
        }
        for field in [Field::Note, Field::Conditions] {
            content.extras.extend(values::extras(&self.text(row, field)));
        }
        content.extras.sort();
        content.extras.dedup();
        content.extras.retain(|code| self.reference.book.has("extra", code));
        let schedule = self.text(row, Field::Schedule);
        if let Some(code) = values::schedule(&schedule) {
            content.schedule = code.to_owned();
        }
        let category = self.text(row, Field::Category);
        if !category.is_empty() {
            let words = tokens(&category);
            let found =
                Names::new(self.reference.book, "category").find(&words, &vec![false; words.len()]);
            if let [one] = found.codes.as_slice() {
                content.category = Some(one.clone());
            }
        }
        for (field, text) in [
            (Field::Duties, &content.duties),
            (Field::Requirements, &content.requirements),
            (Field::Conditions, &content.conditions),
            (Field::Bonuses, &content.bonuses),
        ] {
            if text.kk.chars().count().max(text.ru.chars().count()) > 4000 {
                errors.push(finding(field, "text_too_long"));
            }
        }
        if content.contact_name.chars().count() > 200 {
            errors.push(finding(Field::ContactName, "text_too_long"));
        }
    }
}

const fn bad_day(bad: BadDay) -> &'static str {
    match bad {
        BadDay::Impossible => "date_impossible",
        BadDay::Unreadable => "date_unreadable",
    }
}
