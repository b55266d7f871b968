//! What may be done with an application, when, and what comes of it.

use chrono::NaiveDate;

use self::case::{Case, at, calendar, decide, edition, refuse, request};
use super::{Facts, decide_mine, decide_staff, my_commands, save};
use crate::{
    application::{
        api::{MyCommand, StaffCommand},
        model::{Content, DocumentPart, RequestItem, State},
    },
    shared::{calendar::Calendar, time::Timestamp},
    vacancy::model::State as VacancyState,
};

mod case;
mod random;

#[test]
fn the_deadline_is_over_at_its_very_second() {
    let mut case = Case::new("teachers-competition");
    case.now = at("2026-11-11T12:59:59.999Z");
    assert_eq!(case.mine(&MyCommand::Submit), Ok(vec!["submit"]));
    let mut case = Case::new("teachers-competition");
    case.now = at("2026-11-11T13:00:00Z");
    let refused = decide_mine(&case.application, &MyCommand::Submit, &[], &case.facts());
    let refusal = refused.unwrap_err();
    assert_eq!(refusal.code, "deadline_passed");
    let times: Vec<_> = refusal.args.iter().map(|(_, value)| value.as_str()).collect();
    assert_eq!(times, ["2026-11-11T18:00:00+05:00"; 2]);
    // What was typed is still saved: the term may be extended.
    assert!(save(&case.application, &Content::default(), &case.facts()).is_ok());
    assert_eq!(my_commands(&case.application, &case.facts()), ["discard"]);
    // An extension opens it again.
    case.vacancy.closes_at = Some(at("2026-11-18T13:00:00Z"));
    assert!(case.mine(&MyCommand::Submit).is_ok());
}

#[test]
fn what_is_closed_paused_or_cancelled_takes_nothing() {
    for (state, code) in [
        (VacancyState::Paused, "acceptance_paused"),
        (VacancyState::Cancelled, "competition_cancelled"),
        (VacancyState::InReview, "deadline_passed"),
        (VacancyState::Filled, "deadline_passed"),
    ] {
        let mut case = Case::new("workers-hiring");
        case.vacancy.state = state;
        assert_eq!(case.mine(&MyCommand::Submit), Err(code), "{state:?}");
        assert_eq!(case.application.state, State::Draft);
    }
}

#[test]
fn terms_are_the_editions_own() {
    // (procedure, registration due, check due, completion due)
    for (procedure, register, check, completion) in [
        ("teachers-competition", "2026-11-04", "2026-11-18", "2026-11-06"),
        ("heads-competition", "2026-11-04", "2026-11-20", "2026-11-06"),
        ("civil-servant-competition", "2026-11-04", "2026-11-18", "2026-11-06"),
        ("workers-hiring", "2026-11-04", "2026-11-16", "2026-11-05"),
    ] {
        let mut case = Case::new(procedure);
        let due = |case: &Case| case.application.due_at.map(|due| due.day().to_string());
        case.mine(&MyCommand::Submit).unwrap();
        assert_eq!(due(&case).as_deref(), Some(register), "{procedure}: registration");
        case.staff(&StaffCommand::Register).unwrap();
        assert_eq!(due(&case).as_deref(), Some(check), "{procedure}: check");
        let target = format!("document:{}", case.edition.application.documents[1].code);
        let items = vec![RequestItem { target, text: "Бұлыңғыр".into() }];
        case.staff(&StaffCommand::Request { items }).unwrap();
        assert_eq!(due(&case).as_deref(), Some(completion), "{procedure}: completion");
    }
}

#[test]
fn completion_stops_the_clock_of_the_check_and_is_asked_for_only_so_often() {
    let mut case = Case::new("teachers-competition");
    case.mine(&MyCommand::Submit).unwrap();
    case.staff(&StaffCommand::Register).unwrap();
    case.now = at("2026-11-16T05:00:00Z"); // two working days are left of the check
    case.staff(&request()).unwrap();
    assert_eq!(case.application.state, State::Returned);
    // After the deadline only what was asked for may change.
    let mut other = case.application.content.clone();
    other.person.surname = "Басқа".into();
    assert_eq!(
        save(&case.application, &other, &case.facts()).unwrap_err().fields[0].code,
        "not_asked"
    );
    let part = DocumentPart {
        code: "education".into(),
        files: vec!["f".into()],
        ..DocumentPart::default()
    };
    let mut content = case.application.content.clone();
    content.documents.push(part);
    assert_eq!(case.mine(&MyCommand::Complete { note: String::new() }), Err("nothing_changed"));
    let saved = save(&case.application, &content, &case.facts()).unwrap();
    case.take(saved);
    case.now = at("2026-11-17T05:00:00Z");
    assert_eq!(case.mine(&MyCommand::Complete { note: String::new() }), Ok(vec!["complete"]));
    assert_eq!((case.application.state, case.application.sent), (State::Submitted, 2));
    case.staff(&StaffCommand::Register).unwrap();
    assert_eq!(
        case.application.due_at.unwrap().day(),
        NaiveDate::from_ymd_opt(2026, 11, 19).unwrap()
    );
    case.staff(&request()).unwrap();
    case.mine(&MyCommand::Complete { note: "Бұл соңғысы".into() }).unwrap();
    case.staff(&StaffCommand::Register).unwrap();
    assert_eq!(case.staff(&request()), Err("completion_limit"));
    // Heads complete within the acceptance or not at all.
    let mut case = Case::new("heads-competition");
    case.mine(&MyCommand::Submit).unwrap();
    case.staff(&StaffCommand::Register).unwrap();
    case.now = at("2026-11-12T05:00:00Z");
    assert_eq!(case.staff(&request()), Err("completion_closed"));
}

#[test]
fn a_missed_completion_goes_back_to_the_check_and_refuses_nobody() {
    let mut case = Case::new("teachers-competition");
    case.mine(&MyCommand::Submit).unwrap();
    case.staff(&StaffCommand::Register).unwrap();
    case.staff(&request()).unwrap();
    case.now = case.application.due_at.unwrap();
    assert_eq!(case.mine(&MyCommand::Complete { note: "x".into() }), Err("completion_over"));
    assert_eq!(case.sweep(), ["completion_missed"]);
    assert_eq!(case.application.state, State::Checking);
    assert!(case.application.due_at.is_some_and(|due| due > case.now));
    assert_eq!(case.sweep(), Vec::<&str>::new(), "once is enough");
}

#[test]
fn a_reopened_application_stands_as_it_was_sent() {
    let mut case = Case::new("teachers-competition");
    case.application.content.person.surname = "Бірінші".into();
    case.mine(&MyCommand::Submit).unwrap();
    case.staff(&StaffCommand::Register).unwrap();
    assert_eq!(case.mine(&MyCommand::Reopen), Ok(vec!["reopen"]));
    let mut content = case.application.content.clone();
    content.person.surname = "Екінші".into();
    let saved = save(&case.application, &content, &case.facts()).unwrap();
    case.take(saved);
    assert_eq!(case.staff(&StaffCommand::Admit), Err("application_state"));
    let mut left = Case {
        application: case.application.clone(),
        sent: case.sent.clone(),
        ..Case::new("teachers-competition")
    };
    left.now = at("2026-11-11T13:00:00Z");
    assert_eq!(left.mine(&MyCommand::Submit), Err("deadline_passed"));
    assert_eq!(left.sweep(), ["kept"]);
    assert_eq!(left.application.state, State::Registered);
    assert_eq!(left.application.content.person.surname, "Бірінші");
    // Sent in time, the new version stands and is registered anew.
    assert_eq!(case.mine(&MyCommand::Submit), Ok(vec!["resubmit"]));
    assert_eq!((case.application.state, case.application.sent), (State::Submitted, 2));
    // The edition may forbid it.
    let mut edition = edition("teachers-competition").clone();
    edition.application.edit_until_deadline.value = false;
    let facts = Facts { edition: &edition, ..case.facts() };
    let refused = decide_mine(&case.application, &MyCommand::Reopen, &[], &facts);
    assert_eq!(refused.unwrap_err().code, "edit_off");
}

#[test]
fn an_outcome_waits_for_the_end_and_fits_the_vacancy() {
    let mut case = Case::new("teachers-competition");
    case.mine(&MyCommand::Submit).unwrap();
    case.staff(&StaffCommand::Register).unwrap();
    case.staff(&StaffCommand::Admit).unwrap();
    assert_eq!(case.staff(&decide(State::Selected)), Err("decide_early"));
    case.now = at("2026-11-13T05:00:00Z");
    assert_eq!(case.staff(&decide(State::Refused)), Err("fields"));
    case.vacancy.state = VacancyState::NotFilled;
    assert_eq!(case.staff(&decide(State::Selected)), Err("nobody_selected"));
    case.vacancy.state = VacancyState::InReview;
    case.chosen = 1;
    assert_eq!(case.staff(&decide(State::Selected)), Err("openings_filled"));
    assert_eq!(case.staff(&decide(State::Reserve)), Ok(vec!["reserve"]));
    let until = case.application.due_at.unwrap();
    assert_eq!(until.day(), NaiveDate::from_ymd_opt(2027, 11, 13).unwrap());
    // The chosen one did not come: the reserve is next.
    case.chosen = 0;
    let mut next =
        Case { application: case.application.clone(), ..Case::new("teachers-competition") };
    (next.vacancy.state, next.now) = (VacancyState::Filled, case.now);
    assert_eq!(
        next.staff(&decide(State::Selected)).map(|steps| steps.last().copied()),
        Ok(Some("selected"))
    );
    assert!(next.application.verdict.as_ref().unwrap().appeal_until.is_some());
    assert_eq!(
        next.staff(&StaffCommand::Reconsider { reason: "Қате".into() }),
        Ok(vec!["reconsider"])
    );
    assert_eq!(next.application.state, State::Admitted);
    // Nobody was needed: the reserve ends by itself.
    case.now = until;
    assert_eq!(case.sweep(), ["reserve_over"]);
    assert_eq!(case.application.state, State::NotSelected);
}

#[test]
fn a_refusal_has_known_grounds_and_words() {
    for (grounds, text, code) in [
        (vec![], "сөз", "required"),
        (vec!["made_up"], "сөз", "unknown"),
        (vec!["court_ban", "court_ban"], "сөз", "twice"),
        (vec!["court_ban"], "  ", "required"),
    ] {
        let mut case = Case::new("workers-hiring");
        case.mine(&MyCommand::Submit).unwrap();
        case.staff(&StaffCommand::Register).unwrap();
        let grounds: Vec<String> = grounds.into_iter().map(Into::into).collect();
        let command = StaffCommand::Refuse { grounds, text: text.into() };
        let refusal = decide_staff(&case.application, &command, &case.facts()).unwrap_err();
        assert_eq!(refusal.fields[0].code, code);
    }
    // What an edition does not list is no ground there.
    let mut case = Case::new("workers-hiring");
    case.mine(&MyCommand::Submit).unwrap();
    case.staff(&StaffCommand::Register).unwrap();
    let command =
        StaffCommand::Refuse { grounds: vec!["category_mismatch".into()], text: "x".into() };
    assert_eq!(case.staff(&command), Err("fields"));
    assert_eq!(case.staff(&refuse()), Ok(vec!["refuse"]));
    assert_eq!(case.mine(&MyCommand::Withdraw { reason: String::new() }), Err("application_state"));
}

#[test]
fn the_vacancy_is_followed_and_a_pause_stops_the_clocks() {
    let mut case = Case::new("teachers-competition");
    case.sweep();
    case.mine(&MyCommand::Submit).unwrap();
    case.staff(&StaffCommand::Register).unwrap();
    let due = case.application.due_at.unwrap();
    case.vacancy.state = VacancyState::Paused;
    assert_eq!(case.sweep(), ["vacancy_paused"]);
    case.now = at("2026-11-09T05:00:00Z");
    case.vacancy.state = VacancyState::Published;
    assert_eq!(case.sweep(), ["vacancy_resumed"]);
    // Paused from Tuesday to Monday: as many working days are left as there were.
    let left = |from: Timestamp, to: Timestamp| {
        case.calendar.working_days_between(case.edition.week(), from.day(), to.day()).unwrap()
    };
    let stopped = at("2026-11-03T05:00:00Z");
    assert_eq!(left(case.now, case.application.due_at.unwrap()), left(stopped, due));
    case.vacancy.closes_at = Some(at("2026-11-18T13:00:00Z"));
    assert_eq!(case.sweep(), ["vacancy_extended"]);
    assert_eq!(
        case.application.due_at.unwrap().day(),
        NaiveDate::from_ymd_opt(2026, 11, 25).unwrap()
    );
    case.vacancy.closes_at = Some(case.now);
    assert_eq!(case.sweep(), ["vacancy_ended_early"]);
    case.vacancy.state = VacancyState::Cancelled;
    assert_eq!(case.sweep(), ["vacancy_cancelled"]);
    assert_eq!(case.application.state, State::Cancelled);
    assert_eq!(case.sweep(), Vec::<&str>::new());
    // A draft stays a draft and can be thrown away.
    let mut case = Case::new("teachers-competition");
    case.sweep();
    case.vacancy.state = VacancyState::Cancelled;
    assert_eq!(case.sweep(), ["vacancy_cancelled"]);
    assert_eq!(my_commands(&case.application, &case.facts()), ["discard"]);
}

#[test]
fn a_year_without_a_calendar_keeps_nobody_from_sending() {
    let mut case = Case::new("teachers-competition");
    case.calendar = Calendar::default();
    assert_eq!(case.mine(&MyCommand::Submit), Ok(vec!["submit"]));
    assert_eq!(case.application.due_at, None);
    assert_eq!(case.sweep(), Vec::<&str>::new());
    case.calendar = calendar();
    case.sweep();
    assert!(case.application.due_at.is_some(), "counted as soon as the calendar is there");
    case.calendar = Calendar::default();
    case.staff(&StaffCommand::Register).unwrap();
    assert_eq!(case.staff(&request()), Err("no_calendar"));
}
