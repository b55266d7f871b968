//! What happened to an application and what comes next, in plain words, from the stored steps.

use serde::Deserialize;

use super::{
    api::{Next, Timeline, TimelineEntry},
    model::{Application, State},
    rules::{Details, Facts},
};
use crate::shared::{
    format::{date, date_time},
    lang::{Lang, Text},
    locale::{APPLICATION, fill},
    row,
    time::Timestamp,
};

/// A step as it is stored.
#[derive(Debug, Clone, Deserialize)]
pub struct StepRow {
    /// When.
    pub at: Timestamp,
    /// What.
    pub action: String,
    /// `applicant`, `organisation` or `system`.
    pub party: String,
    /// Details.
    #[serde(deserialize_with = "row::json")]
    pub details: Details,
}

/// Names of what a timeline speaks of.
pub trait Names {
    /// The name of a place: a document, a row, a section.
    fn target(&self, target: &str) -> Text;
    /// The name of a ground of refusal.
    fn ground(&self, code: &str) -> Text;
}

/// Whom a timeline speaks to: the same steps are "you sent it" and "it was sent".
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reader {
    /// The person who applies.
    Applicant,
    /// Those who process the application.
    Staff,
}

impl Reader {
    /// The text of a key as this reader is spoken to.
    fn text(self, lang: Lang, key: &str) -> &'static str {
        let own = match self {
            Reader::Applicant => None,
            Reader::Staff => APPLICATION.find(lang, &format!("staff.{key}")),
        };
        own.or_else(|| APPLICATION.find(lang, key)).unwrap_or_default()
    }
}

/// Who acts next, what is to be done and by when.
pub fn next(application: &Application, facts: &Facts<'_>, lang: Lang, reader: Reader) -> Next {
    let grounds = &facts.edition.application.grounds.value;
    let open = facts.vacancy.is_open(facts.now);
    let (who, key, due_at, ground) = match application.state {
        State::Draft if open => {
            ("applicant", "next.draft", facts.vacancy.closes_at, &grounds.acceptance)
        }
        State::Draft => ("nobody", "next.draft_closed", None, &grounds.acceptance),
        State::Reopened => {
            ("applicant", "next.reopened", facts.vacancy.closes_at, &grounds.acceptance)
        }
        State::Submitted => {
            ("organisation", "next.submitted", application.due_at, &grounds.registration)
        }
        State::Registered | State::Checking => {
            ("organisation", "next.checking", application.due_at, &grounds.check)
        }
        State::Returned => ("applicant", "next.returned", application.due_at, &grounds.completion),
        State::Admitted => ("commission", "next.admitted", application.due_at, &grounds.decision),
        State::Refused => ("nobody", "next.appeal", None, &grounds.appeal),
        State::NotSelected if appeal(application).is_some() => {
            ("nobody", "next.appeal", None, &grounds.appeal)
        }
        State::Selected => ("organisation", "next.selected", None, &grounds.decision),
        State::Reserve => ("nobody", "next.reserve", application.due_at, &grounds.decision),
        State::NotSelected => ("nobody", "next.over", None, &grounds.decision),
        State::Withdrawn => ("nobody", "next.over", None, &grounds.withdrawal),
        State::Cancelled => ("nobody", "next.over", None, &grounds.acceptance),
    };
    let paused = application.paused_at.is_some();
    let overdue = !paused && due_at.is_some_and(|due| due <= facts.now);
    let day = appeal(application).map(|day| date(lang, day)).unwrap_or_default();
    let key = if key == "next.appeal" && day.is_empty() { "next.over" } else { key };
    let mut text = fill(reader.text(lang, key), &[("day", &day)]);
    if paused {
        text = format!("{text} {}", APPLICATION.get(lang, "next.paused"));
    } else if overdue && who != "applicant" {
        text = format!("{text} {}", APPLICATION.get(lang, "next.overdue"));
    }
    Next { who: who.into(), text, due_at, overdue, ground: ground.get(lang).to_owned() }
}

fn appeal(application: &Application) -> Option<chrono::NaiveDate> {
    application.verdict.as_ref().and_then(|verdict| verdict.appeal_until)
}

/// The timeline. `steps` come oldest first.
pub fn timeline(
    application: &Application,
    steps: &[StepRow],
    facts: &Facts<'_>,
    lang: Lang,
    reader: Reader,
    names: &dyn Names,
) -> Timeline {
    let state = format!("state.{}", application.state.code());
    let entries = steps.iter().rev().map(|step| entry(step, facts, lang, reader, names)).collect();
    Timeline {
        now: APPLICATION.find(lang, &state).unwrap_or_default().to_owned(),
        next: next(application, facts, lang, reader),
        entries,
    }
}

fn entry(
    step: &StepRow,
    facts: &Facts<'_>,
    lang: Lang,
    reader: Reader,
    names: &dyn Names,
) -> TimelineEntry {
    let grounds = &facts.edition.application.grounds.value;
    let ground = match step.action.as_str() {
        "submit" | "resubmit" | "reopen" | "keep" | "kept" => Some(&grounds.acceptance),
        "register" => Some(&grounds.registration),
        "check" | "admit" | "overdue" => Some(&grounds.check),
        "request" | "complete" | "completion_missed" => Some(&grounds.completion),
        "refuse" => Some(&grounds.refusal),
        "selected" | "reserve" | "not_selected" | "reserve_over" => Some(&grounds.decision),
        "withdraw" => Some(&grounds.withdrawal),
        _ => None,
    };
    let key = format!("step.{}", step.action);
    let details = &step.details;
    let mut lines = Vec::new();
    for item in &details.items {
        let name = names.target(&item.target);
        lines.push(format!("{}: {}", name.get(lang), item.text));
    }
    lines.extend(details.grounds.iter().map(|code| names.ground(code).get(lang).to_owned()));
    if !details.text.is_empty() {
        lines.push(details.text.clone());
    }
    let mut line = |key: &'static str, value: String| {
        lines.push(APPLICATION.fill(lang, key, &[("day", &value)]));
    };
    if let Some(due) = details.due_at {
        line(
            if step.action == "overdue" { "detail.was_due" } else { "detail.due" },
            date_time(lang, due),
        );
    }
    if let Some(end) = details.closes_at {
        line("detail.closes", date_time(lang, end));
    }
    if let Some(day) = details.appeal_until {
        line("detail.appeal", date(lang, day));
    }
    TimelineEntry {
        at: step.at,
        action: step.action.clone(),
        text: reader.text(lang, &key).to_owned(),
        details: lines,
        by: step.party.clone(),
        ground: ground.map(|text| text.get(lang).to_owned()).unwrap_or_default(),
    }
}
