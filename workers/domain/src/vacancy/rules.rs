//! What may be done with a vacancy, in which state, and what becomes of it. Pure: the state, the
//! command, the edition, the calendar and the moment go in, the new state or a refusal comes out.

use super::{
    api::Command,
    content::{Directories, check_draft, missing, missing_documents},
    model::{Content, Outcome, State, Vacancy},
    period::{Period, extend, period},
};
use crate::{
    rule::Edition,
    shared::{
        calendar::Calendar,
        clean::{clean, clean_text},
        lang::Text,
        locale::ERRORS,
        refusal::{FieldError, Kind, Refusal},
        spoken::named,
        time::Timestamp,
    },
};

/// Everything a decision depends on beside the vacancy.
pub struct Facts<'a> {
    /// The rule edition that the vacancy keeps.
    pub edition: &'a Edition,
    /// Working days.
    pub calendar: &'a Calendar,
    /// Open directory items.
    pub directories: &'a dyn Directories,
    /// Whether the organisation is rural.
    pub rural: bool,
    /// Whether the organisation's card has an address in both languages.
    pub has_address: bool,
    /// Number of another vacancy of the organisation that is open or will be and is the same:
    /// position, subject, language, rate.
    pub twin: Option<i64>,
    /// Now.
    pub now: Timestamp,
}

/// What a command makes of a vacancy.
#[derive(Debug, Clone, PartialEq)]
pub struct Decision {
    /// The vacancy as it becomes; the version has grown by one.
    pub vacancy: Vacancy,
    /// Fields of the announcement that changed.
    pub changed: Vec<String>,
    /// Why, for the readers and the journal.
    pub reason: Text,
    /// Code in the directory `closing_reason`.
    pub reason_code: Option<String>,
}

/// The commands of each state, in the order in which they are offered.
pub fn commands(state: State, approval_required: bool) -> &'static [&'static str] {
    match (state, approval_required) {
        (State::Draft, false) => &["save", "publish", "archive"],
        (State::Draft, true) => &["save", "request_approval", "archive"],
        (State::Approval, _) => &["publish", "return"],
        (State::Scheduled, _) => &["publish", "return"],
        (State::Published, _) => &["save", "extend", "pause", "end_early", "cancel"],
        (State::Paused, _) => &["save", "resume", "extend", "end_early", "cancel"],
        (State::Closed, _) => &["start_review", "conclude", "cancel"],
        (State::InReview, _) => &["conclude", "cancel"],
        (State::Filled | State::NotFilled | State::Cancelled, _) => &["archive"],
        (State::Archived, _) => &[],
    }
}

/// The state that holds at a moment: acceptance ends by itself, whether or not the sweep has
/// written it down yet.
pub fn state_at(vacancy: &Vacancy, now: Timestamp) -> State {
    match vacancy.state {
        State::Published | State::Paused if vacancy.closes_at.is_some_and(|end| end <= now) => {
            State::Closed
        }
        state => state,
    }
}

/// What stands in the way of a publication on the day of `at`, and the period it would have.
pub fn check(
    content: &Content,
    facts: &Facts<'_>,
    at: Timestamp,
) -> (Vec<FieldError>, Option<Period>) {
    let required = &facts.edition.publishing.required_fields.value;
    let mut wrong = missing(content, facts.directories, required, facts.has_address);
    wrong.extend(missing_documents(content, facts.directories, facts.edition));
    if content.temporary_until.is_some_and(|until| until <= at.day()) {
        wrong.push(field("temporary_until", "past"));
    }
    if content.accept_to.is_some_and(|to| to < at.day()) {
        wrong.push(field("accept_to", "past"));
        return (wrong, None);
    }
    match period(content, facts.edition, facts.calendar, facts.rural, at.day()) {
        Ok(period) => (wrong, Some(period)),
        Err(refusal) if refusal.code == "no_calendar" => {
            wrong.push(FieldError {
                field: "accept_to".into(),
                code: "no_calendar",
                args: refusal.args,
            });
            (wrong, None)
        }
        Err(refusal) => {
            wrong.extend(refusal.fields);
            (wrong, None)
        }
    }
}

fn field(name: &'static str, code: &'static str) -> FieldError {
    FieldError { field: name.into(), code, args: Vec::new() }
}

/// Decides a command.
///
/// Errors: the state does not know the command (`transition`, 409); fields are wrong (422); a
/// year has no calendar (409); an extension that the edition forbids (409).
pub fn decide(
    vacancy: &Vacancy,
    command: &Command,
    facts: &Facts<'_>,
) -> Result<Decision, Refusal> {
    let state = state_at(vacancy, facts.now);
    let approval = facts.edition.publishing.approval_required.value;
    if !commands(state, approval).contains(&command.name()) {
        return Err(Refusal::new(Kind::Conflict, "transition")
            .with("state", named(&ERRORS, "vacancy_state", state.code())));
    }
    let mut next = Vacancy { state, version: vacancy.version + 1, ..vacancy.clone() };
    next.changed_at = facts.now;
    let mut decision =
        Decision { vacancy: next, changed: Vec::new(), reason: Text::default(), reason_code: None };
    let next = &mut decision.vacancy;
    match command {
        Command::Save { content } => {
            check_draft(content, facts.directories)?;
            let content = (**content).clone().tidy(facts.directories);
            decision.changed = content.differs(&vacancy.content);
            if state != State::Draft {
                check_correction(vacancy, &content, facts)?;
            }
            let bare = !content.position.is_empty() && content.documents.is_empty();
            next.content = content;
            if state == State::Draft && bare {
                // The documents of the procedure are there from the start; the clerk may change them.
                next.content.documents.clone_from(&facts.edition.publishing.documents.value);
            }
        }
        Command::RequestApproval => next.state = State::Approval,
        Command::Return { reason } => {
            next.state = State::Draft;
            next.publish_at = None;
            (next.accept_from, next.accept_to, next.closes_at) = (None, None, None);
            decision.reason = reason.clone();
        }
        Command::Publish { at, again } => {
            publish(next, *at, facts)?;
            if let Some(number) = facts.twin.filter(|_| !again) {
                return Err(Refusal::new(Kind::Conflict, "duplicate").with("number", number));
            }
        }
        Command::Extend { accept_to, reason } => {
            need_words("reason", reason)?;
            let (Some(from), Some(to)) = (vacancy.accept_from, vacancy.accept_to) else {
                return Err(Refusal::new(Kind::Conflict, "state"));
            };
            let (edition, calendar) = (facts.edition, facts.calendar);
            let (to, closes_at) =
                extend(edition, calendar, from, to, vacancy.extensions, *accept_to)?;
            next.accept_to = Some(to);
            next.closes_at = Some(closes_at);
            next.extensions += 1;
            decision.changed = vec!["accept_to".into()];
            decision.reason = reason.clone();
        }
        Command::Pause { reason } => {
            check_reason(facts, reason)?;
            next.state = State::Paused;
            // The page says why, as long as it is paused.
            next.outcome = Some(Outcome { reason: Some(reason.clone()), ..Outcome::default() });
            decision.reason_code = Some(reason.clone());
        }
        Command::Resume => {
            next.state = State::Published;
            next.outcome = None;
        }
        Command::EndEarly { reason, note } | Command::Cancel { reason, note } => {
            check_reason(facts, reason)?;
            if facts.directories.needs_text(reason) {
                need_words("note", note)?;
            }
            let cancel = matches!(command, Command::Cancel { .. });
            next.state = if cancel { State::Cancelled } else { State::Closed };
            if next.closes_at.is_none_or(|end| end > facts.now) {
                next.closes_at = Some(facts.now);
            }
            next.outcome = Some(Outcome {
                reason: Some(reason.clone()),
                note: note.clone(),
                applicants: None,
            });
            decision.reason = note.clone();
            decision.reason_code = Some(reason.clone());
        }
        Command::StartReview => next.state = State::InReview,
        Command::Conclude { filled, outcome } => {
            next.state = if *filled { State::Filled } else { State::NotFilled };
            next.outcome = Some(outcome.clone());
            decision.reason = outcome.note.clone();
        }
        Command::Archive => next.state = State::Archived,
    }
    let harmless = |text: &mut Text| *text = clean_text(text, true);
    harmless(&mut decision.reason);
    if let Some(outcome) = &mut decision.vacancy.outcome {
        harmless(&mut outcome.note);
    }
    Ok(decision)
}

fn publish(next: &mut Vacancy, at: Option<Timestamp>, facts: &Facts<'_>) -> Result<(), Refusal> {
    if at.is_some_and(|at| at <= facts.now) {
        return Err(Refusal::fields(vec![field("at", "past")]));
    }
    let moment = at.unwrap_or(facts.now);
    check_draft(&next.content, facts.directories)?;
    let (wrong, period) = check(&next.content, facts, moment);
    let Some(period) = period.filter(|_| wrong.is_empty()) else {
        // Where the one thing in the way is no empty field, the refusal names that thing.
        return Err(match wrong.as_slice() {
            [only] if only.code == "past" => Refusal::fields(wrong),
            [only] if only.code == "no_calendar" => {
                let args = only.args.clone();
                Refusal { code: "no_calendar", args, ..Refusal::fields(wrong) }
            }
            _ => Refusal { code: "incomplete", ..Refusal::fields(wrong) },
        });
    };
    // The last day of this very day may be over already.
    if period.closes_at <= moment {
        return Err(Refusal::fields(vec![field("accept_to", "past")]));
    }
    next.accept_from = Some(period.from);
    next.accept_to = Some(period.to);
    next.closes_at = Some(period.closes_at);
    match at {
        Some(at) => {
            next.state = State::Scheduled;
            next.publish_at = Some(at);
        }
        None => {
            next.state = State::Published;
            next.publish_at = None;
            next.published_at = Some(facts.now);
        }
    }
    Ok(())
}

/// A public announcement may be corrected, but it stays the same vacancy: post, subject, term and
/// the acceptance period are what people relied on. It also stays complete.
fn check_correction(
    vacancy: &Vacancy,
    content: &Content,
    facts: &Facts<'_>,
) -> Result<(), Refusal> {
    let old = &vacancy.content;
    let mut wrong = Vec::new();
    let fixed = [
        ("position", old.position != content.position),
        ("subject", old.subject != content.subject),
        ("term", old.term != content.term),
        ("accept_to", old.accept_to != content.accept_to),
    ];
    wrong
        .extend(fixed.iter().filter(|(_, differs)| *differs).map(|(name, _)| field(name, "fixed")));
    let required = &facts.edition.publishing.required_fields.value;
    wrong.extend(missing(content, facts.directories, required, facts.has_address));
    if old.documents != content.documents {
        wrong.extend(missing_documents(content, facts.directories, facts.edition));
    }
    if wrong.is_empty() { Ok(()) } else { Err(Refusal::fields(wrong)) }
}

fn check_reason(facts: &Facts<'_>, reason: &str) -> Result<(), Refusal> {
    if facts.directories.has("closing_reason", reason) {
        Ok(())
    } else {
        Err(Refusal::fields(vec![field("reason", "required")]))
    }
}

/// Words for the readers are needed in both languages.
fn need_words(name: &'static str, text: &Text) -> Result<(), Refusal> {
    let mut wrong = Vec::new();
    for (lang, code, value) in [("kk", "required_kk", &text.kk), ("ru", "required_ru", &text.ru)] {
        if clean(value, false).is_empty() {
            let field = format!("{name}.{lang}").into();
            wrong.push(FieldError { field, code, args: Vec::new() });
        }
    }
    if wrong.is_empty() { Ok(()) } else { Err(Refusal::fields(wrong)) }
}

/// What the passing of time makes of a vacancy: a scheduled one opens, an open one closes.
pub fn passing(vacancy: &Vacancy, now: Timestamp) -> Option<(Vacancy, &'static str)> {
    let mut next = Vacancy { version: vacancy.version + 1, changed_at: now, ..vacancy.clone() };
    match vacancy.state {
        State::Scheduled if vacancy.publish_at.is_some_and(|at| at <= now) => {
            next.state = State::Published;
            next.published_at = vacancy.publish_at;
            next.publish_at = None;
            Some((next, "publish"))
        }
        State::Published | State::Paused if state_at(vacancy, now) == State::Closed => {
            next.state = State::Closed;
            // Why it was paused is not why it ended.
            if vacancy.state == State::Paused {
                next.outcome = None;
            }
            Some((next, "close"))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests;
