//! What the applicant does.

use super::{
    Decision, Details, Facts, Party, Step, WORDS, conflict, due_of, effective, need_text, next_of,
    transition,
};
use crate::{
    application::{
        api::MyCommand,
        check::Obstacle,
        model::{Application, Content, State},
    },
    shared::refusal::Refusal,
    vacancy::model::State as VacancyState,
};

/// Why documents are not accepted now.
fn closed(facts: &Facts<'_>) -> Refusal {
    let local = |moment: crate::shared::time::Timestamp| moment.rfc3339_local();
    match facts.vacancy.state {
        VacancyState::Paused => conflict("acceptance_paused"),
        VacancyState::Cancelled => conflict("competition_cancelled"),
        _ => conflict("deadline_passed")
            .with("deadline", facts.vacancy.closes_at.map(local).unwrap_or_default())
            .with("now", local(facts.now)),
    }
}

/// The commands of the applicant, in the order in which they are offered.
pub fn my_commands(application: &Application, facts: &Facts<'_>) -> Vec<&'static str> {
    let open = facts.vacancy.is_open(facts.now);
    let mut out = Vec::new();
    match application.state {
        State::Draft => {
            if open {
                out.push("submit");
            }
            out.push("discard");
        }
        State::Reopened => out.extend(["submit", "keep", "withdraw"]),
        State::Submitted | State::Registered | State::Checking => {
            if open && facts.edition.application.edit_until_deadline.value {
                out.push("reopen");
            }
            out.push("withdraw");
        }
        State::Returned => out.extend(["complete", "withdraw"]),
        State::Admitted | State::Selected | State::Reserve => out.push("withdraw"),
        State::Refused | State::NotSelected | State::Withdrawn | State::Cancelled => {}
    }
    out
}

/// Whether the content may be written, and which places; an empty list means all of them.
pub fn may_edit(application: &Application, facts: &Facts<'_>) -> Option<Vec<String>> {
    match application.state {
        State::Draft | State::Reopened => Some(Vec::new()),
        // Before the deadline everything may still be put right; after it only what was asked for,
        // or the person would gain what the other applicants could not.
        State::Returned if facts.vacancy.is_open(facts.now) => Some(Vec::new()),
        State::Returned => application
            .completion
            .as_ref()
            .map(|asked| asked.items.iter().map(|item| item.target.clone()).collect()),
        _ => None,
    }
}

/// Whether a changed part lies within what was asked for.
fn within(part: &str, targets: &[String]) -> bool {
    targets.is_empty()
        || targets.iter().any(|target| {
            target == part
                || (target == "documents" && part.starts_with("document:"))
                || (target == "score_sheet" && part.starts_with("row:"))
                // Evidence may be a new record of the profile.
                || (part == "records" && (target.contains(':') || target == "documents"))
        })
}

/// Saves what the applicant wrote. Drafts are saved after the deadline too: it may be extended.
///
/// Errors: the state takes no writing (409), or it touches what was not asked for (422).
pub fn save(
    application: &Application,
    content: &Content,
    facts: &Facts<'_>,
) -> Result<Decision, Refusal> {
    let (base, steps) = effective(application, facts);
    let targets = may_edit(&base, facts).ok_or_else(|| transition(base.state))?;
    let mut check = crate::shared::refusal::Check::default();
    let sent = facts.sent.unwrap_or(&base.content);
    for part in content.differs(sent) {
        if !within(&part, &targets) {
            check.wrong(part, "not_asked");
        }
    }
    if !targets.is_empty() {
        check.done()?;
    }
    let mut next = next_of(&base, facts);
    next.version = application.version + 1;
    next.content = content.clone();
    Ok(Decision { application: next, steps })
}

/// Decides a command of the applicant. `issues` is what stands in the way of sending.
///
/// Errors: the state does not know the command, acceptance is over or stands still (409), fields
/// are wrong (422).
pub fn decide_mine(
    application: &Application,
    command: &MyCommand,
    issues: &[Obstacle],
    facts: &Facts<'_>,
) -> Result<Decision, Refusal> {
    let (base, mut steps) = effective(application, facts);
    let mut next = next_of(&base, facts);
    next.version = application.version + 1;
    let open = facts.vacancy.is_open(facts.now);
    let mut details = Details::default();
    let action = match (command, base.state) {
        (MyCommand::Submit, State::Draft | State::Reopened) => {
            if !open {
                return Err(closed(facts));
            }
            complete_enough(issues)?;
            let first = next.sent == 0;
            send(&mut next, facts);
            details.sent = Some(next.sent);
            if first { "submit" } else { "resubmit" }
        }
        // The deadline was a moment ago: what was sent stands, what was typed since is not sent.
        (MyCommand::Submit, _) if application.state == State::Reopened => {
            return Err(closed(facts));
        }
        (MyCommand::Reopen, State::Submitted | State::Registered | State::Checking) => {
            if !facts.edition.application.edit_until_deadline.value {
                return Err(conflict("edit_off"));
            }
            if !open {
                return Err(closed(facts));
            }
            next.state = State::Reopened;
            "reopen"
        }
        (MyCommand::Keep, State::Reopened) => {
            keep(&mut next, facts);
            "keep"
        }
        (MyCommand::Complete { note }, State::Returned) => {
            need_text("note", note, false, WORDS)?;
            complete_enough(issues)?;
            let same = facts.sent.is_none_or(|sent| next.content.differs(sent).is_empty());
            if same && note.trim().is_empty() {
                return Err(conflict("nothing_changed"));
            }
            send(&mut next, facts);
            details.sent = Some(next.sent);
            details.text.clone_from(note);
            "complete"
        }
        (MyCommand::Complete { .. }, _) if application.state == State::Returned => {
            let due = application.due_at.map(|due| due.rfc3339_local()).unwrap_or_default();
            return Err(conflict("completion_over")
                .with("deadline", due)
                .with("now", facts.now.rfc3339_local()));
        }
        (
            MyCommand::Withdraw { reason },
            State::Submitted
            | State::Reopened
            | State::Registered
            | State::Checking
            | State::Returned
            | State::Admitted
            | State::Selected
            | State::Reserve,
        ) => {
            need_text("reason", reason, false, WORDS)?;
            if base.state == State::Reopened {
                keep(&mut next, facts);
            }
            next.state = State::Withdrawn;
            details.text.clone_from(reason);
            "withdraw"
        }
        (MyCommand::Discard, State::Draft) => "discard",
        (_, state) => return Err(transition(state)),
    };
    if next.state != State::Reserve {
        next.due_at = due_of(&next, facts);
    }
    steps.push(Step { action, party: Party::Applicant, state: next.state, details });
    Ok(Decision { application: next, steps })
}

fn complete_enough(issues: &[Obstacle]) -> Result<(), Refusal> {
    if issues.is_empty() {
        return Ok(());
    }
    let fields = issues.iter().map(|issue| issue.error.clone()).collect();
    Err(Refusal { code: "application_incomplete", ..Refusal::fields(fields) })
}

fn send(next: &mut Application, facts: &Facts<'_>) {
    next.state = State::Submitted;
    next.sent += 1;
    next.submitted_at = Some(facts.now);
}

/// Back to what was sent: it stands as if it had never been opened.
pub(super) fn keep(next: &mut Application, facts: &Facts<'_>) {
    let registered = next.registered_at.is_some() && next.registered_at >= next.submitted_at;
    next.state = if registered { State::Registered } else { State::Submitted };
    if let Some(sent) = facts.sent {
        next.content = sent.clone();
    }
}
