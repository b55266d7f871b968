//! What the organisation and its commission do.

use chrono::Months;

use super::{
    Decision, Details, Facts, Party, Step, WORDS, conflict, due_of, effective, need_text, next_of,
    term, transition,
};
use crate::{
    application::{
        api::StaffCommand,
        model::{Application, Completion, RequestItem, Section, State, Verdict},
    },
    shared::{
        refusal::{Check, Refusal},
        time::Timestamp,
    },
    vacancy::model::State as VacancyState,
};

/// The commands of staff, in the order in which they are offered.
pub fn staff_commands(state: State) -> &'static [&'static str] {
    match state {
        State::Submitted => &["register"],
        State::Registered => &["check", "request", "admit", "refuse"],
        State::Checking => &["request", "admit", "refuse"],
        State::Admitted => &["decide", "reconsider"],
        State::Reserve => &["decide", "reconsider"],
        State::Refused | State::Selected | State::NotSelected => &["reconsider"],
        State::Draft | State::Reopened | State::Returned | State::Withdrawn | State::Cancelled => {
            &[]
        }
    }
}

/// Decides a command of staff.
///
/// Errors: the state does not know the command, completion was asked for too often or too late,
/// the vacancy does not allow the outcome, a year has no calendar (409); fields are wrong (422).
pub fn decide_staff(
    application: &Application,
    command: &StaffCommand,
    facts: &Facts<'_>,
) -> Result<Decision, Refusal> {
    let (base, mut steps) = effective(application, facts);
    if !staff_commands(base.state).contains(&command.name()) {
        return Err(transition(base.state));
    }
    let mut next = next_of(&base, facts);
    next.version = application.version + 1;
    let mut details = Details::default();
    let mut due = None;
    match command {
        StaffCommand::Register => {
            next.state = State::Registered;
            next.registered_at = Some(facts.now);
        }
        StaffCommand::Check => {
            next.state = State::Checking;
            due = base.due_at;
        }
        StaffCommand::Request { items } => {
            let asked = request(&base, items, facts)?;
            details.items.clone_from(items);
            details.due_at = Some(asked.due_at);
            next.left_days = left_days(&base, facts);
            next.completions += 1;
            next.completion = Some(asked);
            next.state = State::Returned;
        }
        StaffCommand::Admit => {
            next.state = State::Admitted;
            next.left_days = None;
        }
        StaffCommand::Refuse { grounds, text } => {
            check_grounds(grounds, text, facts)?;
            details.grounds.clone_from(grounds);
            details.text.clone_from(text);
            details.appeal_until = appeal_until(facts);
            next.state = State::Refused;
            next.verdict = Some(verdict(&details));
        }
        StaffCommand::Decide { outcome, text } => {
            need_text("text", text, false, WORDS)?;
            allowed(&base, *outcome, facts)?;
            details.text.clone_from(text);
            details.appeal_until = appeal_until(facts);
            next.state = *outcome;
            next.verdict = Some(verdict(&details));
            if *outcome == State::Reserve {
                due = reserve_until(facts);
                details.due_at = due;
            }
        }
        StaffCommand::Reconsider { reason } => {
            need_text("reason", reason, true, WORDS)?;
            details.text.clone_from(reason);
            next.state = match base.state {
                State::Refused | State::Admitted => State::Checking,
                _ => State::Admitted,
            };
            next.verdict = None;
            // The check starts anew: its term may be over long since.
            next.registered_at = Some(facts.now);
            next.left_days = None;
        }
    }
    next.due_at =
        due.or_else(|| if next.state == State::Reserve { None } else { due_of(&next, facts) });
    let action = match next.state {
        State::Selected => "selected",
        State::Reserve => "reserve",
        State::NotSelected => "not_selected",
        _ => command.name(),
    };
    steps.push(Step { action, party: Party::Organisation, state: next.state, details });
    Ok(Decision { application: next, steps })
}

fn verdict(details: &Details) -> Verdict {
    Verdict {
        grounds: details.grounds.clone(),
        text: details.text.clone(),
        appeal_until: details.appeal_until,
    }
}

/// The working days of the check that are left today; they run on when the completion is here.
fn left_days(base: &Application, facts: &Facts<'_>) -> Option<u32> {
    let due = base.due_at?;
    let week = facts.edition.week();
    let left = facts.calendar.working_days_between(week, facts.now.day(), due.day()).ok()?.max(0);
    u32::try_from(left).ok()
}

fn request(
    base: &Application,
    items: &[RequestItem],
    facts: &Facts<'_>,
) -> Result<Completion, Refusal> {
    let rules = &facts.edition.application;
    let most = rules.terms.completions.value;
    if base.completions >= most {
        return Err(conflict("completion_limit").with("max", most));
    }
    let mut check = Check::default();
    if items.is_empty() {
        check.wrong("items", "required");
    }
    if items.len() > 50 {
        check.wrong_with("items", "too_many", "max", 50);
    }
    for (place, item) in items.iter().enumerate().take(50) {
        let known = match item.target.split_once(':') {
            Some(("document", code)) => {
                rules.document(code).is_some()
                    || base.content.documents.iter().any(|part| part.code == code)
            }
            Some(("row", code)) => rules.row(code).is_some(),
            Some(_) => false,
            None => Section::parse(&item.target).is_some_and(|section| section != Section::Check),
        };
        if !known {
            let code = if item.target.is_empty() { "required" } else { "unknown" };
            check.wrong(format!("items.{place}.target"), code);
        }
        if item.text.trim().is_empty() {
            check.wrong(format!("items.{place}.text"), "required");
        }
        if item.text.chars().count() > WORDS {
            check.wrong_with(format!("items.{place}.text"), "too_long", "max", WORDS);
        }
    }
    check.done()?;
    let mut due = term(facts, facts.now.day(), rules.terms.completion_working_days.value)?;
    if rules.terms.completion_within_acceptance.value {
        if !facts.vacancy.is_open(facts.now) {
            return Err(conflict("completion_closed"));
        }
        due = facts.vacancy.closes_at.map_or(due, |end| end.min(due));
    }
    Ok(Completion { items: items.to_vec(), due_at: due, asked_at: facts.now })
}

fn check_grounds(grounds: &[String], text: &str, facts: &Facts<'_>) -> Result<(), Refusal> {
    let mut check = Check::default();
    if grounds.is_empty() {
        check.wrong("grounds", "required");
    }
    let known = &facts.edition.application.refusal_grounds.value;
    for (place, code) in grounds.iter().enumerate() {
        if !known.contains(code) {
            check.wrong("grounds", "unknown");
        }
        if grounds.iter().take(place).any(|other| other == code) {
            check.wrong("grounds", "twice");
        }
    }
    check.done()?;
    need_text("text", text, true, WORDS)
}

/// Whether the vacancy stands where an outcome can be written down, and allows this one.
fn allowed(base: &Application, outcome: State, facts: &Facts<'_>) -> Result<(), Refusal> {
    let known = match base.state {
        State::Reserve => matches!(outcome, State::Selected | State::NotSelected),
        _ => matches!(outcome, State::Selected | State::Reserve | State::NotSelected),
    };
    if !known {
        let mut check = Check::default();
        check.wrong("outcome", "unknown");
        check.done()?;
    }
    match facts.vacancy.state {
        VacancyState::Closed | VacancyState::InReview | VacancyState::Filled => {}
        VacancyState::NotFilled if outcome != State::Selected => {}
        VacancyState::NotFilled => return Err(conflict("nobody_selected")),
        VacancyState::Archived if base.state == State::Reserve => {}
        _ => return Err(conflict("decide_early")),
    }
    if outcome == State::Selected && facts.chosen >= facts.vacancy.openings.max(1) {
        return Err(conflict("openings_filled").with("max", facts.vacancy.openings.max(1)));
    }
    Ok(())
}

fn appeal_until(facts: &Facts<'_>) -> Option<chrono::NaiveDate> {
    let days = facts.edition.application.terms.appeal_working_days.value;
    term(facts, facts.now.day(), days).ok().map(Timestamp::day)
}

fn reserve_until(facts: &Facts<'_>) -> Option<Timestamp> {
    let months = facts.edition.application.terms.reserve_months.value;
    let day = facts.now.day().checked_add_months(Months::new(months))?;
    Some(Timestamp::from_local(day, facts.edition.closing_time()))
}
