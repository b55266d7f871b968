use std::collections::BTreeSet;

use chrono::NaiveDate;

use super::{Decision, Facts, VacancyFacts, decide_mine, decide_staff, effective, may_edit};
use super::{my_commands, pass, save, staff_commands, time::is_staff_turn};
use crate::{
    application::{
        api::{MyCommand, StaffCommand},
        model::{Application, Content, DocumentPart, RequestItem, State},
    },
    rule::{Edition, editions},
    shared::{
        calendar::{Calendar, published_2026},
        time::Timestamp,
    },
    vacancy::model::State as VacancyState,
};

fn at(text: &str) -> Timestamp {
    Timestamp::parse(text).unwrap()
}

fn calendar() -> Calendar {
    Calendar::new(published_2026().into_iter().map(|row| (row.day, row.week, row.kind)))
}

fn edition(procedure: &str) -> &'static Edition {
    editions().iter().find(|edition| edition.procedure == procedure).unwrap()
}

fn draft(edition: &Edition) -> Application {
    Application {
        id: "a".into(),
        number: None,
        vacancy: "v".into(),
        organisation: "o".into(),
        person: "p".into(),
        account: "c".into(),
        state: State::Draft,
        version: 1,
        content: Content::default(),
        procedure: edition.procedure.clone(),
        edition: edition.edition.clone(),
        sent: 0,
        submitted_at: None,
        registered_at: None,
        due_at: None,
        paused_at: None,
        left_days: None,
        completions: 0,
        completion: None,
        verdict: None,
        followed: String::new(),
        nudged: String::new(),
        created_at: at("2026-11-02T05:00:00Z"),
        changed_at: at("2026-11-02T05:00:00Z"),
    }
}

/// The vacancy of the tests: open until 11 November 2026, 18:00 in Astana.
struct Case {
    edition: &'static Edition,
    calendar: Calendar,
    vacancy: VacancyFacts,
    sent: Option<Content>,
    chosen: u32,
    now: Timestamp,
    application: Application,
}

impl Case {
    fn new(procedure: &str) -> Case {
        let edition = edition(procedure);
        Case {
            edition,
            calendar: calendar(),
            vacancy: VacancyFacts {
                state: VacancyState::Published,
                closes_at: Some(at("2026-11-11T13:00:00Z")),
                openings: 1,
            },
            sent: None,
            chosen: 0,
            now: at("2026-11-03T05:00:00Z"),
            application: draft(edition),
        }
    }

    fn facts(&self) -> Facts<'_> {
        let mut vacancy = self.vacancy;
        if vacancy.closes_at.is_some_and(|end| end <= self.now)
            && matches!(vacancy.state, VacancyState::Published | VacancyState::Paused)
        {
            vacancy.state = VacancyState::Closed;
        }
        Facts {
            edition: self.edition,
            calendar: &self.calendar,
            vacancy,
            sent: self.sent.as_ref(),
            chosen: self.chosen,
            now: self.now,
        }
    }

    fn take(&mut self, decision: Decision) -> Vec<&'static str> {
        if decision.application.sent > self.application.sent {
            self.sent = Some(decision.application.content.clone());
        }
        assert_eq!(decision.application.version, self.application.version + 1);
        self.application = decision.application;
        decision.steps.iter().map(|step| step.action).collect()
    }

    fn mine(&mut self, command: &MyCommand) -> Result<Vec<&'static str>, &'static str> {
        let decision = decide_mine(&self.application, command, &[], &self.facts());
        decision.map(|decision| self.take(decision)).map_err(|refusal| refusal.code)
    }

    fn staff(&mut self, command: &StaffCommand) -> Result<Vec<&'static str>, &'static str> {
        let decision = decide_staff(&self.application, command, &self.facts());
        decision.map(|decision| self.take(decision)).map_err(|refusal| refusal.code)
    }

    fn sweep(&mut self) -> Vec<&'static str> {
        match pass(&self.application, &self.facts()) {
            Some(decision) => self.take(decision),
            None => Vec::new(),
        }
    }
}

fn request() -> StaffCommand {
    let item =
        RequestItem { target: "document:education".into(), text: "Қосымша жоқ".into() };
    StaffCommand::Request { items: vec![item] }
}

fn refuse() -> StaffCommand {
    StaffCommand::Refuse { grounds: vec!["documents_incomplete".into()], text: "Жоқ".into() }
}

fn decide(outcome: State) -> StaffCommand {
    StaffCommand::Decide { outcome, text: String::new() }
}

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

struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % sides
    }
}

fn any_command(case: &mut Case, dice: &mut Dice) -> Result<Vec<&'static str>, &'static str> {
    let text = || "себеп".to_owned();
    match dice.roll(17) {
        0 => case.mine(&MyCommand::Submit),
        1 => case.mine(&MyCommand::Reopen),
        2 => case.mine(&MyCommand::Keep),
        3 => case.mine(&MyCommand::Complete { note: text() }),
        4 if dice.roll(3) == 0 => case.mine(&MyCommand::Withdraw { reason: text() }),
        5 => case.staff(&StaffCommand::Check),
        6 => case.staff(&request()),
        7 => case.staff(&StaffCommand::Admit),
        8 if dice.roll(2) == 0 => case.staff(&refuse()),
        9 => case.staff(&decide(State::Reserve)),
        10 => case.staff(&decide(State::Selected)),
        11 => case.staff(&decide(State::NotSelected)),
        12 if dice.roll(3) == 0 => case.staff(&StaffCommand::Reconsider { reason: text() }),
        13 => {
            // Hours, days, sometimes a year: the calendar of the next year is not loaded.
            let hours = [1, 9, 30, 120, 300, 9000][dice.roll(6)];
            case.now = case.now.plus_seconds(3600 * hours);
            Ok(case.sweep())
        }
        14 if dice.roll(4) == 0 => {
            use VacancyState::{Cancelled, Closed, Filled, InReview, Paused, Published};
            let closed = case.vacancy.closes_at.is_some_and(|end| end <= case.now);
            let states: &[VacancyState] = if closed {
                &[Closed, InReview, Filled]
            } else {
                &[Published, Paused, Published, Cancelled]
            };
            case.vacancy.state = states[dice.roll(states.len())];
            Ok(case.sweep())
        }
        _ => case.staff(&StaffCommand::Register),
    }
}

/// Whatever is done in whatever order: nobody is stuck, numbers only grow, and what was sent
/// stays sent.
#[test]
fn random_commands_never_lead_astray() {
    let mut reached = BTreeSet::from([State::Draft]);
    let mut done = BTreeSet::new();
    for seed in 0..3000 {
        let mut dice = Dice(seed);
        let procedures = [
            "teachers-competition",
            "heads-competition",
            "workers-hiring",
            "civil-servant-competition",
        ];
        let mut case = Case::new(procedures[dice.roll(4)]);
        for _ in 0..60 {
            let before = case.application.clone();
            let outcome = any_command(&mut case, &mut dice);
            let (facts, after) = (case.facts(), &case.application);
            match outcome {
                Ok(steps) => done.extend(steps),
                Err(_) => assert_eq!(*after, before, "a refusal changes nothing"),
            }
            assert!(after.sent >= before.sent && after.version >= before.version);
            assert_eq!(after.state.was_sent(), after.sent > 0, "{:?}", after.state);
            assert!(
                !matches!(before.state, State::Withdrawn | State::Cancelled)
                    || after.state == before.state
            );
            reached.insert(after.state);
            // Somebody can always go on, by a command or by the passing of time.
            let (now, _) = effective(after, &facts);
            let commands =
                !my_commands(&now, &facts).is_empty() || !staff_commands(now.state).is_empty();
            assert!(now.state.is_settled() || commands, "stuck in {:?}", now.state);
            // A term runs wherever somebody has to act, and edits are open only where they are.
            if is_staff_turn(now.state) || matches!(now.state, State::Returned | State::Reserve) {
                let countable = case.now < at("2026-11-30T00:00:00Z");
                assert!(now.due_at.is_some() || !countable, "no term in {:?}", now.state);
            } else {
                assert_eq!(now.due_at, None, "a term in {:?}", now.state);
            }
            let open = may_edit(&now, &facts).is_some();
            assert_eq!(open, matches!(now.state, State::Draft | State::Reopened | State::Returned));
            // Looking twice shows the same.
            let (again, steps) = effective(&now, &facts);
            assert_eq!((again, steps.len()), (now, 0));
        }
    }
    assert_eq!(reached, State::ALL.iter().copied().collect(), "every state is reached");
    for action in [
        "completion_missed",
        "kept",
        "overdue",
        "reserve_over",
        "vacancy_paused",
        "vacancy_resumed",
        "resubmit",
        "complete",
    ] {
        assert!(done.contains(action), "{action} never happened");
    }
}
