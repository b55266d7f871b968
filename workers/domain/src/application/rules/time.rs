//! What time and the vacancy do to an application.

use super::{Decision, Details, Facts, Party, Step, due_of, mine::keep, next_of, term};
use crate::{
    application::model::{Application, State},
    shared::time::Timestamp,
    vacancy::model::State as VacancyState,
};

/// State and deadline of the vacancy, as an application remembers them.
pub fn followed(facts: &Facts<'_>) -> String {
    let end = facts.vacancy.closes_at.map(|end| end.to_string()).unwrap_or_default();
    format!("{}|{end}", facts.vacancy.state.code())
}

/// The application as it stands at this moment, whether or not the sweep has written it down yet,
/// and what happened on the way. The version does not grow.
pub fn effective(application: &Application, facts: &Facts<'_>) -> (Application, Vec<Step>) {
    let mut now = application.clone();
    let mut steps = Vec::new();
    follow(&mut now, facts, &mut steps);
    passing(&mut now, facts, &mut steps);
    (now, steps)
}

/// What the sweep writes down; nothing where nothing has changed.
pub fn pass(application: &Application, facts: &Facts<'_>) -> Option<Decision> {
    let (now, mut steps) = effective(application, facts);
    let mut next = Application { changed_at: application.changed_at, ..now };
    // A term that is over is told once.
    if let Some(due) = next.due_at.filter(|due| *due <= facts.now && next.paused_at.is_none())
        && is_staff_turn(next.state)
        && next.nudged != due.to_string()
    {
        next.nudged = due.to_string();
        steps.push(Step {
            action: "overdue",
            party: Party::System,
            state: next.state,
            details: Details { due_at: Some(due), ..Details::default() },
        });
    }
    if next == *application {
        return None;
    }
    let mut next = if steps.is_empty() { next } else { next_of(&next, facts) };
    next.version = application.version + 1;
    Some(Decision { application: next, steps })
}

/// Whether the organisation has to act.
pub(super) const fn is_staff_turn(state: State) -> bool {
    matches!(state, State::Submitted | State::Registered | State::Checking | State::Admitted)
}

fn step(action: &'static str, state: State, details: Details) -> Step {
    Step { action, party: Party::System, state, details }
}

/// Takes over what became of the vacancy.
fn follow(now: &mut Application, facts: &Facts<'_>, steps: &mut Vec<Step>) {
    let current = followed(facts);
    if now.followed == current {
        return;
    }
    let before = std::mem::replace(&mut now.followed, current);
    let (before, end) = before.split_once('|').unwrap_or_default();
    let (before, end) = (VacancyState::parse(before), Timestamp::parse(end));
    if now.state.is_settled() {
        return;
    }
    let details = Details { closes_at: facts.vacancy.closes_at, ..Details::default() };
    let state = facts.vacancy.state;
    if state == VacancyState::Cancelled {
        if now.state.was_sent() {
            now.state = State::Cancelled;
            now.due_at = None;
            now.paused_at = None;
        }
        steps.push(step("vacancy_cancelled", now.state, Details::default()));
        return;
    }
    if state == VacancyState::Paused && now.paused_at.is_none() {
        now.paused_at = Some(facts.now);
        steps.push(step("vacancy_paused", now.state, Details::default()));
    } else if state != VacancyState::Paused && now.paused_at.is_some() {
        resume(now, facts);
        steps.push(step("vacancy_resumed", now.state, details.clone()));
    }
    if let (Some(old), Some(new)) = (end, facts.vacancy.closes_at)
        && old != new
        && before.is_some()
    {
        let action = if new > old { "vacancy_extended" } else { "vacancy_ended_early" };
        steps.push(step(action, now.state, details));
        if matches!(now.state, State::Registered | State::Checking | State::Admitted) {
            now.due_at = due_of(now, facts).or(now.due_at);
        }
    }
}

/// The clock runs on: as many working days are left as when it stopped.
fn resume(now: &mut Application, facts: &Facts<'_>) {
    let Some(paused) = now.paused_at.take() else { return };
    let Some(due) = now.due_at.filter(|due| *due > paused) else { return };
    let week = facts.edition.week();
    let left = facts.calendar.working_days_between(week, paused.day(), due.day());
    let left = left.ok().and_then(|left| u32::try_from(left).ok());
    if let Some(Ok(moved)) = left.map(|left| term(facts, facts.now.day(), left)) {
        now.due_at = Some(moved.max(due));
        if let (State::Returned, Some(asked)) = (now.state, now.completion.as_mut()) {
            asked.due_at = moved.max(due);
        }
    }
}

/// Ends what is over.
fn passing(now: &mut Application, facts: &Facts<'_>, steps: &mut Vec<Step>) {
    let over = |due: Option<Timestamp>| due.is_some_and(|due| due <= facts.now);
    match now.state {
        State::Reopened
            if !facts.vacancy.is_open(facts.now) && facts.vacancy.state != VacancyState::Paused =>
        {
            keep(now, facts);
            now.due_at = due_of(now, facts);
            steps.push(step("kept", now.state, Details::default()));
        }
        State::Returned if over(now.due_at) && now.paused_at.is_none() => {
            let details = Details { due_at: now.due_at, ..Details::default() };
            now.state = State::Checking;
            // What was typed and not sent does not count; what was sent before does.
            if let Some(sent) = facts.sent {
                now.content = sent.clone();
            }
            now.changed_at = facts.now;
            now.due_at = due_of(now, facts);
            steps.push(step("completion_missed", now.state, details));
        }
        State::Reserve if over(now.due_at) => {
            let details = Details { due_at: now.due_at, ..Details::default() };
            now.state = State::NotSelected;
            now.due_at = None;
            steps.push(step("reserve_over", now.state, details));
        }
        // The calendar was not loaded when the term began.
        State::Submitted | State::Registered | State::Checking | State::Admitted
            if now.due_at.is_none() =>
        {
            now.due_at = due_of(now, facts);
        }
        _ => {}
    }
}
