//! A vacancy and its announcement.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::shared::{lang::Text, row, time::Timestamp};

/// Where a vacancy stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Being written.
    Draft,
    /// Waits for the head's approval (where the rule edition asks for it).
    Approval,
    /// Will be published by itself at its time.
    Scheduled,
    /// Public, documents are accepted.
    Published,
    /// Public no more, comes back by itself never: somebody resumes it.
    Paused,
    /// Acceptance is over.
    Closed,
    /// The commission works.
    InReview,
    /// Somebody was chosen.
    Filled,
    /// Nobody was chosen.
    NotFilled,
    /// Called off.
    Cancelled,
    /// Put away.
    Archived,
}

impl State {
    /// All states.
    pub const ALL: [State; 11] = [
        State::Draft,
        State::Approval,
        State::Scheduled,
        State::Published,
        State::Paused,
        State::Closed,
        State::InReview,
        State::Filled,
        State::NotFilled,
        State::Cancelled,
        State::Archived,
    ];

    /// The code, as stored.
    pub const fn code(self) -> &'static str {
        match self {
            State::Draft => "draft",
            State::Approval => "approval",
            State::Scheduled => "scheduled",
            State::Published => "published",
            State::Paused => "paused",
            State::Closed => "closed",
            State::InReview => "in_review",
            State::Filled => "filled",
            State::NotFilled => "not_filled",
            State::Cancelled => "cancelled",
            State::Archived => "archived",
        }
    }

    /// The state of a code.
    pub fn parse(code: &str) -> Option<State> {
        State::ALL.into_iter().find(|state| state.code() == code)
    }

    /// Whether the announcement has been public and stays readable at its address.
    pub const fn was_public(self) -> bool {
        !matches!(self, State::Draft | State::Approval | State::Scheduled)
    }
}

/// Permanent or temporary.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Term {
    /// For an indefinite time.
    #[default]
    Permanent,
    /// For a temporarily vacant post.
    Temporary,
}

/// The announcement as the clerk writes it. Everything may be missing in a draft;
/// [`super::rules`] says what is missing for publication.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct Content {
    /// Code in the directory `position`.
    pub position: String,
    /// Code in the directory `subject`, where the position needs one.
    pub subject: Option<String>,
    /// A title of one's own; empty = made from position and subject.
    pub title: Text,
    /// Permanent or temporary.
    pub term: Term,
    /// Last day of a temporary post.
    pub temporary_until: Option<NaiveDate>,
    /// How many people are wanted.
    pub openings: u32,
    /// Rate in hundredths of a full post: 25 to 200 in steps of 25.
    pub rate: u32,
    /// Hours a week.
    pub hours: Option<u32>,
    /// Monthly pay before deductions, tenge: from.
    pub salary_from: Option<i64>,
    /// Monthly pay before deductions, tenge: to.
    pub salary_to: Option<i64>,
    /// Bonuses and extra pay in words.
    pub bonuses: Text,
    /// Code in the directory `schedule`.
    pub schedule: String,
    /// Code in the directory `language_of_instruction`.
    pub language: String,
    /// First working day.
    pub start_on: Option<NaiveDate>,
    /// Main duties.
    pub duties: Text,
    /// Requirements.
    pub requirements: Text,
    /// Conditions of work in words.
    pub conditions: Text,
    /// Years of experience that are required.
    pub experience: u32,
    /// Lowest category that is required: code in the directory `category`.
    pub category: Option<String>,
    /// Documents to hand in: codes in the directory `document_type`.
    pub documents: Vec<String>,
    /// Help and relief: codes in the directory `extra` (housing, no_experience …).
    pub extras: Vec<String>,
    /// Address of the workplace, where it is not the organisation's.
    pub address: Text,
    /// Person to ask.
    pub contact_name: String,
    /// Phone to ask at, E.164.
    pub contact_phone: String,
    /// E-mail to ask at.
    pub contact_email: String,
    /// Last day on which documents are accepted; empty = as short as the rules allow.
    pub accept_to: Option<NaiveDate>,
}

/// How it ended.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Outcome {
    /// Code in the directory `closing_reason`, where it was ended, cancelled or paused.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// Words for the readers of the page.
    #[serde(default, skip_serializing_if = "Text::is_empty")]
    pub note: Text,
    /// How many people applied, once it is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub applicants: Option<u32>,
}

/// A vacancy.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Vacancy {
    /// Identifier.
    pub id: String,
    /// Short number for people.
    pub number: i64,
    /// Last segment of its address.
    pub slug: String,
    /// Identifier of the organisation.
    pub organisation: String,
    /// Where it stands.
    pub state: State,
    /// Grows by one at every change.
    pub version: i64,
    /// The announcement.
    #[serde(deserialize_with = "row::json")]
    pub content: Content,
    /// Procedure of the rule edition.
    pub procedure: String,
    /// The rule edition.
    pub edition: String,
    /// When it will be published by itself.
    pub publish_at: Option<Timestamp>,
    /// When it was published.
    pub published_at: Option<Timestamp>,
    /// First day of acceptance.
    pub accept_from: Option<NaiveDate>,
    /// Last day of acceptance.
    pub accept_to: Option<NaiveDate>,
    /// The moment at which acceptance ends.
    pub closes_at: Option<Timestamp>,
    /// How often it was extended.
    pub extensions: u32,
    /// How it ended.
    #[serde(default, deserialize_with = "row::json_option")]
    pub outcome: Option<Outcome>,
    /// When it was last changed.
    pub changed_at: Timestamp,
}
