//! What may be done with an application, in which state, by whom, and what becomes of it. Pure:
//! the application, the command, the vacancy, the edition, the calendar and the moment go in; the
//! new application with its steps, or a refusal, comes out.

mod mine;
mod staff;
mod time;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::model::{Application, Content, RequestItem, State};
use crate::{
    rule::Edition,
    shared::{
        calendar::{Calendar, NoCalendar},
        refusal::{Kind, Refusal},
        time::Timestamp,
    },
    vacancy::model::State as VacancyState,
};

pub use mine::{decide_mine, may_edit, my_commands, save};
pub use staff::{decide_staff, staff_commands};
pub use time::{effective, followed, pass};

/// The vacancy, as far as applications depend on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct VacancyFacts {
    /// Where it stands at this moment (`vacancy::rules::state_at`).
    pub state: VacancyState,
    /// The moment at which acceptance ends.
    pub closes_at: Option<Timestamp>,
    /// How many people are wanted.
    pub openings: u32,
}

impl VacancyFacts {
    /// Whether documents are accepted now. The moment of the deadline itself is too late.
    pub fn is_open(&self, now: Timestamp) -> bool {
        self.state == VacancyState::Published && self.closes_at.is_some_and(|end| end > now)
    }
}

/// Everything a decision depends on beside the application.
pub struct Facts<'a> {
    /// The rule edition that the application keeps.
    pub edition: &'a Edition,
    /// Working days.
    pub calendar: &'a Calendar,
    /// The vacancy.
    pub vacancy: VacancyFacts,
    /// What was sent last.
    pub sent: Option<&'a Content>,
    /// How many applicants of the vacancy are chosen already.
    pub chosen: u32,
    /// Now.
    pub now: Timestamp,
}

/// Whose act a step was.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Party {
    /// The applicant.
    Applicant,
    /// The organisation.
    Organisation,
    /// Time, or the vacancy.
    System,
}

impl Party {
    /// The code.
    pub const fn code(self) -> &'static str {
        match self {
            Party::Applicant => "applicant",
            Party::Organisation => "organisation",
            Party::System => "system",
        }
    }
}

/// What the timeline needs of a step beside its action.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Details {
    /// Which sending it was.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sent: Option<u32>,
    /// What was asked for.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub items: Vec<RequestItem>,
    /// Grounds of a refusal.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub grounds: Vec<String>,
    /// Words of the person who did it.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub text: String,
    /// The term that began, or that was missed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub due_at: Option<Timestamp>,
    /// Until when it can be appealed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub appeal_until: Option<NaiveDate>,
    /// The new deadline of the vacancy.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub closes_at: Option<Timestamp>,
}

/// A step: a row of the timeline.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// What happened: `submit`, `register`, `completion_missed` …
    pub action: &'static str,
    /// Whose act it was.
    pub party: Party,
    /// The state after it.
    pub state: State,
    /// Details.
    pub details: Details,
}

/// What a command or the passing of time makes of an application.
#[derive(Debug, Clone, PartialEq)]
pub struct Decision {
    /// The application as it becomes; the version has grown by one.
    pub application: Application,
    /// What happened, in order; the command's own step is the last.
    pub steps: Vec<Step>,
}

fn conflict(code: &'static str) -> Refusal {
    Refusal::new(Kind::Conflict, code)
}

fn transition(state: State) -> Refusal {
    conflict("application_state").with("state", state.code())
}

/// The end of the working day `n` working days after a day.
pub(super) fn term(facts: &Facts<'_>, from: NaiveDate, n: u32) -> Result<Timestamp, NoCalendar> {
    let day = facts.calendar.add_working_days(facts.edition.week(), from, n.into())?;
    Ok(Timestamp::from_local(day, facts.edition.closing_time()))
}

/// The term of the state an application is in, where one runs and can be counted. A year without
/// a calendar must not keep anybody from sending, so that term stays open until it is loaded.
fn due_of(application: &Application, facts: &Facts<'_>) -> Option<Timestamp> {
    let terms = &facts.edition.application.terms;
    // Documents are examined after the end of acceptance; what comes later counts from itself.
    let after = |moment: Option<Timestamp>| -> NaiveDate {
        let moment = moment.unwrap_or(facts.now).day();
        facts.vacancy.closes_at.map_or(moment, |end| end.day().max(moment))
    };
    let counted = match application.state {
        State::Submitted => {
            let from = application.submitted_at.unwrap_or(facts.now).day();
            term(facts, from, terms.register_working_days.value)
        }
        State::Registered | State::Checking => match application.left_days {
            Some(left) => term(facts, application.changed_at.day(), left.max(1)),
            None => term(facts, after(application.registered_at), terms.check_working_days.value),
        },
        State::Admitted => {
            term(facts, after(application.registered_at), terms.decision_working_days.value)
        }
        State::Returned => return application.completion.as_ref().map(|asked| asked.due_at),
        State::Reserve => return application.due_at,
        _ => return None,
    };
    counted.ok()
}

/// Settles what every change has in common: version, moment, the clock of a paused competition.
fn next_of(application: &Application, facts: &Facts<'_>) -> Application {
    let mut next = application.clone();
    next.version += 1;
    next.changed_at = facts.now;
    if next.paused_at.is_some() {
        next.paused_at = Some(facts.now);
    }
    next
}

/// A text of at most `max` characters that is not empty.
fn need_text(field: &'static str, text: &str, required: bool, max: usize) -> Result<(), Refusal> {
    let mut check = crate::shared::refusal::Check::default();
    if required && text.trim().is_empty() {
        check.wrong(field, "required");
    }
    if text.chars().count() > max {
        check.wrong_with(field, "too_long", "max", max);
    }
    check.done()
}

/// Longest words of one person to another, characters.
const WORDS: usize = 2000;

#[cfg(test)]
mod tests;
