//! What the cabinet and the server say to each other about vacancies
//! (`/api/v1/cabinet/…`; the public API is in `crate::search::api`).

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::model::{Content, Outcome, State};
use crate::shared::{lang::Text, time::Timestamp};

/// `POST /cabinet/vacancies`: opens a draft.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Create {
    /// Identifier of the organisation.
    pub organisation: String,
    /// The announcement so far.
    #[serde(default)]
    pub content: Content,
    /// Start from this template.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub template: Option<String>,
    /// Start as a copy of this vacancy.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub copy_of: Option<String>,
}

/// `POST /cabinet/vacancies/{id}/{command}`: the body is the command's own, by the tag.
/// The header `If-Match` carries the version that the clerk saw.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(tag = "command", rename_all = "snake_case")]
pub enum Command {
    /// Replaces the announcement.
    Save {
        /// The whole announcement.
        content: Box<Content>,
    },
    /// Asks the head for approval.
    RequestApproval,
    /// Back to a draft, from approval or from the schedule.
    Return {
        /// Why.
        reason: Text,
    },
    /// Publishes now, or at a time.
    Publish {
        /// When; empty = now.
        at: Option<Timestamp>,
        /// Whether it is meant although the same vacancy is open already (`duplicate`, 409).
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        again: bool,
    },
    /// Lengthens the acceptance.
    Extend {
        /// The new last day.
        accept_to: NaiveDate,
        /// Why, for the readers.
        reason: Text,
    },
    /// Takes it off the portal for a while.
    Pause {
        /// Code in the directory `closing_reason`.
        reason: String,
    },
    /// Puts it back.
    Resume,
    /// Ends the acceptance before its day.
    EndEarly {
        /// Code in the directory `closing_reason`.
        reason: String,
        /// Words for the readers.
        note: Text,
    },
    /// Calls it off.
    Cancel {
        /// Code in the directory `closing_reason`.
        reason: String,
        /// Words for the readers.
        note: Text,
    },
    /// The commission starts its work.
    StartReview,
    /// Says how it ended.
    Conclude {
        /// Whether somebody was chosen.
        filled: bool,
        /// Applicants and words for the readers.
        outcome: Outcome,
    },
    /// Puts it away.
    Archive,
}

impl Command {
    /// The name, as in the tag and in the journal (`vacancy.<name>`).
    pub const fn name(&self) -> &'static str {
        match self {
            Command::Save { .. } => "save",
            Command::RequestApproval => "request_approval",
            Command::Return { .. } => "return",
            Command::Publish { .. } => "publish",
            Command::Extend { .. } => "extend",
            Command::Pause { .. } => "pause",
            Command::Resume => "resume",
            Command::EndEarly { .. } => "end_early",
            Command::Cancel { .. } => "cancel",
            Command::StartReview => "start_review",
            Command::Conclude { .. } => "conclude",
            Command::Archive => "archive",
        }
    }
}

/// A vacancy in the cabinet.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct CabinetVacancy {
    /// Identifier.
    pub id: String,
    /// Number for people.
    pub number: i64,
    /// Last segment of its public address.
    pub slug: String,
    /// Where it stands.
    pub state: State,
    /// Version for `If-Match`.
    pub version: i64,
    /// The organisation.
    pub organisation: OrganisationRef,
    /// Title in the three languages.
    pub title: Text,
    /// The announcement.
    pub content: Content,
    /// Rule edition: `teachers-competition/2023-08-15`.
    pub rules: String,
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
    /// How it ended.
    pub outcome: Option<Outcome>,
    /// When it was last changed, and by whom (name).
    pub changed_at: Timestamp,
    /// Name of who changed it last.
    pub changed_by: String,
    /// Commands that this person may give now.
    pub commands: Vec<String>,
}

/// An organisation in a list.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct OrganisationRef {
    /// Identifier.
    pub id: String,
    /// Name.
    pub name: Text,
    /// Last segment of its public address.
    pub slug: String,
}

/// `GET /cabinet/vacancies?state=&organisation=&q=&sort=&cursor=`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct CabinetList {
    /// How many there are by state, within the other filters.
    pub states: Vec<(State, u32)>,
    /// This page.
    pub items: Vec<CabinetRow>,
    /// Cursor of the next page.
    pub next: Option<String>,
}

/// A row of the list.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct CabinetRow {
    /// Identifier.
    pub id: String,
    /// Number for people.
    pub number: i64,
    /// Where it stands.
    pub state: State,
    /// Title.
    pub title: Text,
    /// The organisation.
    pub organisation: OrganisationRef,
    /// Last day of acceptance.
    pub accept_to: Option<NaiveDate>,
    /// When it will be published by itself.
    pub publish_at: Option<Timestamp>,
    /// When it was last changed.
    pub changed_at: Timestamp,
    /// Views so far.
    pub views: u32,
}

/// One thing on the check page: what is missing or wrong for publication.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Issue {
    /// Field of [`Content`], with `.kk` or `.ru` for one language.
    pub field: String,
    /// Code of the text (`field.<code>` in `errors.json`).
    pub code: String,
    /// The text in the reader's language.
    pub text: String,
}

/// A vacancy with the same organisation, position, subject, language and rate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Twin {
    /// Identifier.
    pub id: String,
    /// Number for people.
    pub number: i64,
}

/// `GET /cabinet/vacancies/{id}/check`: what would happen on publication now.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct CheckAnswer {
    /// What stands in the way; empty = it can be published.
    pub issues: Vec<Issue>,
    /// What may be a mistake: the clerk confirms it.
    #[serde(default)]
    pub warnings: Vec<Issue>,
    /// The same vacancy that is open already.
    #[serde(default)]
    pub twin: Option<Twin>,
    /// Fields that the edition asks for.
    #[serde(default)]
    pub required: Vec<String>,
    /// The earliest day to which the acceptance may be lengthened now.
    #[serde(default)]
    pub extend_from: Option<NaiveDate>,
    /// The latest one; missing where its year has no calendar.
    #[serde(default)]
    pub extend_to: Option<NaiveDate>,
    /// First day of acceptance.
    pub accept_from: Option<NaiveDate>,
    /// Last day of acceptance, by the rule edition or as asked for.
    pub accept_to: Option<NaiveDate>,
    /// The moment at which acceptance would end.
    pub closes_at: Option<Timestamp>,
    /// The shortest last day that the rules allow.
    pub earliest_accept_to: Option<NaiveDate>,
    /// Working days of acceptance by the rule edition.
    pub working_days: Option<u32>,
    /// The act: title, number, date; and the article of the acceptance period.
    pub act: Text,
}

/// `GET /cabinet/vacancies/{id}/history`: what happened, newest first.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct HistoryEntry {
    /// When.
    pub at: Timestamp,
    /// Who (name), empty for the system.
    pub who: String,
    /// What: `vacancy.publish` …
    pub action: String,
    /// Fields of the announcement that changed.
    #[serde(default)]
    pub changed: Vec<String>,
    /// Why.
    #[serde(default)]
    pub reason: String,
}

/// `GET /cabinet/vacancies/{id}/views`: views by day, language and source.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Views {
    /// All views.
    pub total: u32,
    /// By day, oldest first; days without views are missing.
    pub days: Vec<(NaiveDate, u32)>,
    /// By language of the page.
    pub langs: Vec<(String, u32)>,
    /// By kind of source.
    pub sources: Vec<(String, u32)>,
}

/// Answer to a command that met a newer version (412): both sides, nothing is lost.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Conflict {
    /// What stands now.
    pub current: CabinetVacancy,
    /// Fields that differ between what was sent and what stands.
    pub differs: Vec<String>,
}

/// A template of an announcement.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Template {
    /// Identifier.
    pub id: String,
    /// Name in the list.
    pub name: String,
    /// The organisation it belongs to.
    pub organisation: String,
    /// The announcement.
    pub content: Content,
}

/// `POST /cabinet/templates`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct TemplateCreate {
    /// The organisation it belongs to.
    pub organisation: String,
    /// Name in the list.
    pub name: String,
    /// The announcement.
    pub content: Content,
}
