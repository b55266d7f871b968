use chrono::NaiveDate;

use super::*;
use crate::{
    rule::edition,
    shared::{calendar::published_2026, lang::Lang, spoken::said},
    vacancy::{model::Term, period::extension},
};

struct AnyCode;

impl Directories for AnyCode {
    fn has(&self, _: &str, code: &str) -> bool {
        code != "nonsense"
    }
    fn group(&self, _: &str) -> Option<String> {
        Some("pedagogue".into())
    }
    fn needs_text(&self, reason: &str) -> bool {
        reason == "other"
    }
    fn needs_subject(&self, position: &str) -> bool {
        position == "subject_teacher"
    }
    fn needs_language(&self, position: &str) -> bool {
        position != "cook"
    }
}

fn at(text: &str) -> Timestamp {
    Timestamp::parse(text).unwrap()
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn calendar() -> Calendar {
    Calendar::new(published_2026().into_iter().map(|row| (row.day, row.week, row.kind)))
}

fn with_facts<T>(now: &str, work: impl FnOnce(&Facts<'_>) -> T) -> T {
    let calendar = calendar();
    work(&Facts {
        edition: edition("teachers-competition", "2023-08-15").unwrap(),
        calendar: &calendar,
        directories: &AnyCode,
        rural: false,
        has_address: true,
        twin: None,
        now: at(now),
    })
}

fn complete() -> Content {
    Content {
        position: "subject_teacher".into(),
        subject: Some("mathematics".into()),
        openings: 1,
        rate: 100,
        salary_from: Some(250_000),
        language: "kk".into(),
        schedule: "full".into(),
        duties: Text::new("Сабақ береді", "Ведёт уроки"),
        requirements: Text::new("Жоғары білім", "Высшее образование"),
        documents: edition("teachers-competition", "2023-08-15")
            .unwrap()
            .publishing
            .documents
            .value
            .clone(),
        contact_phone: "+77010000000".into(),
        contact_email: "school@example.kz".into(),
        ..Content::default()
    }
}

fn draft(content: Content) -> Vacancy {
    Vacancy {
        id: "v".into(),
        number: 1,
        slug: "s-1".into(),
        organisation: "o".into(),
        state: State::Draft,
        version: 1,
        content,
        procedure: "teachers-competition".into(),
        edition: "2023-08-15".into(),
        publish_at: None,
        published_at: None,
        accept_from: None,
        accept_to: None,
        closes_at: None,
        extensions: 0,
        outcome: None,
        changed_at: at("2026-11-01T00:00:00Z"),
    }
}

fn published() -> Vacancy {
    with_facts("2026-11-02T05:00:00Z", |facts| {
        decide(&draft(complete()), &Command::Publish { at: None, again: false }, facts)
            .unwrap()
            .vacancy
    })
}

fn wrong_fields(refusal: Refusal) -> Vec<String> {
    refusal.fields.iter().map(|f| format!("{}:{}", f.field, f.code)).collect()
}

#[test]
fn seven_working_days_for_a_permanent_post_until_18_00() {
    let vacancy = published();
    assert_eq!(vacancy.state, State::Published);
    assert_eq!(vacancy.accept_from, Some(day("2026-11-02")));
    assert_eq!(vacancy.accept_to, Some(day("2026-11-11")));
    assert_eq!(vacancy.closes_at, Some(at("2026-11-11T13:00:00Z")));
}

#[test]
fn five_for_a_temporary_one_and_three_in_the_country() {
    let mut content = complete();
    content.term = Term::Temporary;
    content.temporary_until = Some(day("2026-12-31"));
    with_facts("2026-11-02T05:00:00Z", |facts| {
        let (wrong, period) = check(&content, facts, facts.now);
        assert_eq!((wrong.len(), period.unwrap().to), (0, day("2026-11-09")));
        let rural = Facts { rural: true, ..*facts };
        assert_eq!(check(&content, &rural, facts.now).1.unwrap().to, day("2026-11-05"));
    });
}

#[test]
fn a_wish_on_a_day_off_moves_and_a_wish_too_early_is_refused() {
    with_facts("2026-11-02T05:00:00Z", |facts| {
        let wish = |to: &str| {
            let content = Content { accept_to: Some(day(to)), ..complete() };
            let (wrong, period) = check(&content, facts, facts.now);
            (wrong.first().map(|w| w.code), period.map(|p| p.to))
        };
        assert_eq!(wish("2026-11-14"), (None, Some(day("2026-11-16"))));
        assert_eq!(wish("2026-11-10"), (Some("too_early"), None));
        assert_eq!(wish("2026-12-30"), (Some("too_late"), None));
        assert_eq!(wish("2026-10-30"), (Some("past"), None));
        assert_eq!(wish("2027-01-11"), (Some("no_calendar"), None));
    });
}

#[test]
fn without_a_calendar_nothing_is_counted() {
    with_facts("2026-12-28T05:00:00Z", |facts| {
        let refusal =
            decide(&draft(complete()), &Command::Publish { at: None, again: false }, facts)
                .unwrap_err();
        assert_eq!(refusal.code, "no_calendar");
        assert!(refusal.args.contains(&("year", "2027".to_owned())), "{:?}", refusal.args);
        assert_eq!(wrong_fields(refusal), ["accept_to:no_calendar"]);
        let past = Content { accept_to: facts.now.day().pred_opt(), ..complete() };
        let publish = Command::Publish { at: None, again: false };
        let refusal = decide(&draft(past.clone()), &publish, facts).unwrap_err();
        assert_eq!((refusal.code, refusal.fields.len()), ("fields", 1));
        // With an empty field beside it, the announcement is incomplete all the same.
        let both = Content { duties: Text::default(), ..past };
        assert_eq!(decide(&draft(both), &publish, facts).unwrap_err().code, "incomplete");
    });
}

#[test]
fn near_the_end_of_the_year_the_days_of_this_year_still_count() {
    with_facts("2026-11-23T05:00:00Z", |facts| {
        let wish = |to: &str| {
            let content = Content { accept_to: Some(day(to)), ..complete() };
            let (wrong, period) = check(&content, facts, facts.now);
            (wrong.first().map(|w| w.code), period.map(|p| p.to))
        };
        // Thirty working days from here end in a year without a calendar.
        assert_eq!(wish("2026-12-25"), (None, Some(day("2026-12-25"))));
        assert_eq!(wish("2027-01-05"), (Some("no_calendar"), None));
    });
}

#[test]
fn only_posts_that_teach_have_a_language_of_instruction() {
    with_facts("2026-11-02T05:00:00Z", |facts| {
        let save = |position: &str, language: &str| {
            let content = Content {
                position: position.into(),
                subject: None,
                language: language.into(),
                ..complete()
            };
            let save = Command::Save { content: Box::new(content) };
            decide(&draft(complete()), &save, facts).unwrap().vacancy
        };
        let publish = Command::Publish { at: None, again: false };
        let cook = save("cook", "kk");
        assert_eq!(cook.content.language, "");
        assert_eq!(decide(&cook, &publish, facts).unwrap().vacancy.state, State::Published);
        // The post may still be chosen: what was typed stays.
        assert_eq!(save("", "kk").content.language, "kk");
        let teacher = save("primary_teacher", "");
        let refusal = decide(&teacher, &publish, facts).unwrap_err();
        assert_eq!(wrong_fields(refusal), ["language:required"]);
    });
}

#[test]
fn one_language_is_not_enough() {
    let mut content = complete();
    content.duties.ru.clear();
    content.conditions.kk = "Тұрғын үй беріледі".into();
    with_facts("2026-11-02T05:00:00Z", |facts| {
        let refusal = decide(&draft(content), &Command::Publish { at: None, again: false }, facts)
            .unwrap_err();
        assert_eq!(refusal.code, "incomplete");
        assert_eq!(wrong_fields(refusal), ["duties.ru:required_ru", "conditions.ru:required_ru"]);
    });
}

#[test]
fn a_public_announcement_stays_the_same_vacancy() {
    with_facts("2026-11-03T05:00:00Z", |facts| {
        let mut content = complete();
        content.subject = Some("physics".into());
        let save = Command::Save { content: Box::new(content) };
        let refusal = decide(&published(), &save, facts).unwrap_err();
        assert_eq!(wrong_fields(refusal), ["subject:fixed"]);
        let mut content = complete();
        content.duties.ru = "Ведёт уроки и кружок".into();
        let save = Command::Save { content: Box::new(content) };
        let decision = decide(&published(), &save, facts).unwrap();
        assert_eq!(decision.changed, ["duties.ru"]);
        assert_eq!(decision.vacancy.version, published().version + 1);
    });
}

#[test]
fn extension_obeys_the_edition() {
    let reason = Text::new("Өтінім жоқ", "Нет заявлений");
    with_facts("2026-11-10T05:00:00Z", |facts| {
        let extend = |vacancy: &Vacancy, to: &str| {
            let command = Command::Extend { accept_to: day(to), reason: reason.clone() };
            decide(vacancy, &command, facts).map(|d| d.vacancy)
        };
        let first = extend(&published(), "2026-11-16").unwrap();
        assert_eq!(first.accept_to, Some(day("2026-11-16")));
        assert_eq!(extend(&published(), "2026-11-13").unwrap_err().fields[0].code, "too_early");
        assert_eq!(extend(&published(), "2026-12-25").unwrap_err().fields[0].code, "too_late");
        let second = extend(&first, "2026-11-19").unwrap();
        assert_eq!(extend(&second, "2026-11-24").unwrap_err().code, "extension_limit");
        let silent = Command::Extend { accept_to: day("2026-11-16"), reason: Text::default() };
        let refusal = decide(&published(), &silent, facts).unwrap_err();
        assert_eq!(wrong_fields(refusal), ["reason.kk:required_kk", "reason.ru:required_ru"]);
    });
}

#[test]
fn another_reason_needs_words_and_a_draft_gets_the_documents_of_the_edition() {
    with_facts("2026-11-03T05:00:00Z", |facts| {
        let end = |reason: &str, note: Text| {
            let command = Command::EndEarly { reason: reason.into(), note };
            decide(&published(), &command, facts).map(|d| d.vacancy.state).map_err(wrong_fields)
        };
        assert_eq!(end("filled", Text::default()), Ok(State::Closed));
        let silent = end("other", Text::default()).unwrap_err();
        assert_eq!(silent, ["note.kk:required_kk", "note.ru:required_ru"]);
        assert_eq!(end("other", Text::new("Себебі бар", "Есть причина")), Ok(State::Closed));
        let content = Content { documents: vec![], ..complete() };
        let save = Command::Save { content: Box::new(content) };
        let saved = decide(&draft(Content::default()), &save, facts).unwrap().vacancy;
        assert_eq!(saved.content.documents, facts.edition.publishing.documents.value);
    });
}

#[test]
fn time_opens_and_closes() {
    let scheduled = with_facts("2026-11-02T05:00:00Z", |facts| {
        let at = Some(at("2026-11-05T04:00:00Z"));
        decide(&draft(complete()), &Command::Publish { at, again: false }, facts).unwrap().vacancy
    });
    assert_eq!(scheduled.state, State::Scheduled);
    assert_eq!(passing(&scheduled, at("2026-11-05T03:59:59Z")), None);
    let (open, action) = passing(&scheduled, at("2026-11-05T04:00:30Z")).unwrap();
    assert_eq!((open.state, action), (State::Published, "publish"));
    assert_eq!(open.published_at, Some(at("2026-11-05T04:00:00Z")));
    assert_eq!(open.accept_to, Some(day("2026-11-16")));
    let (closed, action) = passing(&open, open.closes_at.unwrap()).unwrap();
    assert_eq!((closed.state, action), (State::Closed, "close"));
    assert_eq!(passing(&closed, at("2027-01-01T00:00:00Z")), None);
}

#[test]
fn after_the_deadline_nobody_extends_or_pauses_even_before_the_sweep() {
    with_facts("2026-11-11T13:00:00Z", |facts| {
        let pause = Command::Pause { reason: "funding".into() };
        let refusal = decide(&published(), &pause, facts).unwrap_err();
        assert_eq!(refusal.code, "transition");
        assert_eq!(said(Lang::Ru, &refusal.args[0].1), "приём завершён");
    });
}

/// Every command in every state: allowed exactly where the table says, and the state that comes
/// out knows at least the way to the archive.
#[test]
fn the_state_machine_has_no_dead_ends_and_no_back_doors() {
    let note = Text::new("а", "б");
    let commands_of = || {
        vec![
            Command::Save { content: Box::new(complete()) },
            Command::RequestApproval,
            Command::Return { reason: note.clone() },
            Command::Publish { at: None, again: false },
            Command::Extend { accept_to: day("2026-11-16"), reason: note.clone() },
            Command::Pause { reason: "funding".into() },
            Command::Resume,
            Command::EndEarly { reason: "filled".into(), note: note.clone() },
            Command::Cancel { reason: "duplicate".into(), note: note.clone() },
            Command::StartReview,
            Command::Conclude { filled: true, outcome: Outcome::default() },
            Command::Archive,
        ]
    };
    with_facts("2026-11-03T05:00:00Z", |facts| {
        for state in State::ALL {
            let vacancy = Vacancy { state, ..published() };
            for command in commands_of() {
                let allowed = commands(state, false).contains(&command.name());
                match decide(&vacancy, &command, facts) {
                    Ok(decision) => {
                        assert!(allowed, "{state:?} + {}", command.name());
                        let then = decision.vacancy.state;
                        assert!(then == State::Archived || !commands(then, false).is_empty());
                        // What was public never becomes a draft again.
                        assert!(!state.was_public() || then.was_public(), "{state:?} {then:?}");
                    }
                    Err(refusal) => {
                        assert!(!allowed, "{state:?} + {}: {refusal:?}", command.name());
                    }
                }
            }
        }
    });
}

#[test]
fn the_documents_of_the_edition_are_named() {
    with_facts("2026-11-02T05:00:00Z", |facts| {
        let mut content = complete();
        content.documents.retain(|code| code != "education" && code != "language_certificate");
        let refusal = decide(&draft(content), &Command::Publish { at: None, again: false }, facts)
            .unwrap_err();
        assert_eq!(wrong_fields(refusal.clone()), ["documents:documents_missing"]);
        // A document that only some people have may be left out.
        assert_eq!(
            crate::shared::spoken::said(
                crate::shared::lang::Lang::Kk,
                &refusal.fields[0].args[0].1
            ),
            "education"
        );
    });
}

#[test]
fn the_same_vacancy_twice_is_asked_about() {
    with_facts("2026-11-02T05:00:00Z", |facts| {
        let facts = Facts { twin: Some(1007), ..*facts };
        let publish =
            |again| decide(&draft(complete()), &Command::Publish { at: None, again }, &facts);
        let refusal = publish(false).unwrap_err();
        assert_eq!((refusal.kind, refusal.code), (Kind::Conflict, "duplicate"));
        assert_eq!(refusal.args, [("number", "1007".to_owned())]);
        assert_eq!(publish(true).unwrap().vacancy.state, State::Published);
    });
}

#[test]
fn an_extension_has_bounds() {
    with_facts("2026-11-02T05:00:00Z", |facts| {
        let vacancy = published();
        let (from, to) = (vacancy.accept_from.unwrap(), vacancy.accept_to.unwrap());
        let span = extension(facts.edition, facts.calendar, from, to, 0).unwrap();
        let ask = |day| extend(facts.edition, facts.calendar, from, to, 0, day);
        assert!(ask(span.0).is_ok() && ask(span.0 - chrono::Days::new(3)).is_err());
        let latest = span.1.unwrap();
        assert!(ask(latest).is_ok() && ask(latest.succ_opt().unwrap()).is_err());
        assert_eq!(extension(facts.edition, facts.calendar, from, to, 9), None);
    });
}

#[test]
fn what_nobody_sees_is_not_kept() {
    with_facts("2026-11-02T05:00:00Z", |facts| {
        let mut content = complete();
        content.duties = Text::new("Сабақ\u{202e} береді\nҮйірме\u{200b} ", "Ведёт\u{2066} уроки");
        content.address = Text::new("Абай к.\n1\u{feff}", "ул. Абая 1\u{ad}");
        content.contact_name = "Айгүл\u{202d}".into();
        let save = Command::Save { content: Box::new(content) };
        let kept = decide(&draft(Content::default()), &save, facts).unwrap().vacancy.content;
        assert_eq!(kept.duties, Text::new("Сабақ береді\nҮйірме", "Ведёт уроки"));
        assert_eq!(kept.address, Text::new("Абай к. 1", "ул. Абая 1"));
        assert_eq!(kept.contact_name, "Айгүл");
    });
}
