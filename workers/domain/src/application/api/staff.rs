//! What the organisation is told and says.

use serde::{Deserialize, Serialize};

use super::super::model::{Completion, Content, RequestItem, State, Verdict};
use super::{FileRef, Form, SentRef, Timeline, VacancyRef};
use crate::shared::{lang::Text, time::Timestamp};

/// `POST /applications/{id}/commands` of staff, with `If-Match`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(tag = "command", rename_all = "snake_case")]
pub enum StaffCommand {
    /// Registers what came in.
    Register,
    /// Starts the check of the documents.
    Check,
    /// Asks the applicant to complete; the term comes from the rule edition.
    Request {
        /// What is missing or wrong; at least one.
        items: Vec<RequestItem>,
    },
    /// Admits to the competition.
    Admit,
    /// Does not admit.
    Refuse {
        /// Codes in the directory `refusal_ground` that the rule edition knows; at least one.
        grounds: Vec<String>,
        /// Words to the applicant.
        text: String,
    },
    /// Writes down the commission's decision.
    Decide {
        /// `selected`, `reserve` or `not_selected`.
        outcome: State,
        /// Words to the applicant.
        #[serde(default)]
        text: String,
    },
    /// Takes a refusal, an admission or an outcome back, because it was a mistake or an appeal won.
    Reconsider {
        /// Why.
        reason: String,
    },
}

impl StaffCommand {
    /// The name, as in the tag and in the journal (`application.<name>`).
    pub const fn name(&self) -> &'static str {
        match self {
            StaffCommand::Register => "register",
            StaffCommand::Check => "check",
            StaffCommand::Request { .. } => "request",
            StaffCommand::Admit => "admit",
            StaffCommand::Refuse { .. } => "refuse",
            StaffCommand::Decide { .. } => "decide",
            StaffCommand::Reconsider { .. } => "reconsider",
        }
    }
}

/// `GET /applications?vacancy=&organisation=&state=&due=overdue&q=&sort=&cursor=` of staff.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct StaffList {
    /// How many there are by state, within the other filters.
    pub states: Vec<(State, u32)>,
    /// How many of them are overdue on the organisation's side.
    pub overdue: u32,
    /// This page.
    pub items: Vec<StaffRow>,
    /// Cursor of the next page.
    pub next: Option<String>,
}

/// A row of [`StaffList`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct StaffRow {
    /// Identifier.
    pub id: String,
    /// Number.
    pub number: String,
    /// Where it stands.
    pub state: State,
    /// Version for `If-Match`.
    pub version: i64,
    /// Name of the applicant.
    pub name: String,
    /// The vacancy.
    pub vacancy: VacancyRef,
    /// When it was sent last.
    pub submitted_at: Option<Timestamp>,
    /// By when the one whose turn it is must act.
    pub due_at: Option<Timestamp>,
    /// Whether that moment has passed.
    pub overdue: bool,
    /// Points claimed in what was sent.
    pub points: Option<f64>,
    /// It is the reader's own: it cannot be opened or processed here.
    pub own: bool,
}

/// One application as staff see it: always what was sent, never what is being edited.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct StaffApplication {
    /// Identifier.
    pub id: String,
    /// Number.
    pub number: String,
    /// Where it stands.
    pub state: State,
    /// Version for `If-Match`.
    pub version: i64,
    /// The vacancy.
    pub vacancy: VacancyRef,
    /// Rule edition.
    pub rules: String,
    /// The act: title, number, date.
    pub act: Text,
    /// What was sent last.
    pub content: Content,
    /// Documents and rows of the edition.
    pub form: Form,
    /// Files, as they stand now; only clean ones can be opened.
    pub files: Vec<FileRef>,
    /// The open request for completion, or the last one.
    pub completion: Option<Completion>,
    /// How it ended.
    pub verdict: Option<Verdict>,
    /// Grounds of refusal that the edition knows: code and name.
    pub grounds: Vec<(String, Text)>,
    /// Commands that this person may give now.
    pub commands: Vec<String>,
    /// What happened.
    pub timeline: Timeline,
    /// Versions that were sent.
    pub sent: Vec<SentRef>,
    /// Notes of the staff; the applicant does not see them here.
    pub notes: Vec<Note>,
    /// The server's clock.
    pub server_time: Timestamp,
}

/// A note of the staff. `POST /applications/{id}/notes {"text": "…"}`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Note {
    /// Identifier.
    pub id: String,
    /// When.
    pub at: Timestamp,
    /// Who (name).
    pub who: String,
    /// The words.
    pub text: String,
}

/// `POST /applications/{id}/notes`.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct NoteCreate {
    /// The words, up to 2,000 characters.
    pub text: String,
}

/// In the answer 412 to staff.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct StaffConflict {
    /// What stands now.
    pub current: StaffApplication,
}

/// `GET /applications/templates`: texts to start a message from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct MessageTemplate {
    /// Code.
    pub code: String,
    /// Name in the list.
    pub name: Text,
    /// Subject with placeholders.
    pub subject: Text,
    /// Body with placeholders: `{name}`, `{number}`, `{vacancy}`, `{organisation}`.
    pub body: Text,
}

/// `POST /applications/messages`: one message to many applicants of one vacancy.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct MessageCreate {
    /// Identifiers of applications of one organisation, up to 200.
    pub applications: Vec<String>,
    /// Subject: Kazakh and Russian are required.
    pub subject: Text,
    /// Body: Kazakh and Russian are required.
    pub body: Text,
    /// Only show what would be sent.
    #[serde(default)]
    pub preview: bool,
}

/// What would be sent, or was sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct MessageAnswer {
    /// How many people get it.
    pub recipients: u32,
    /// Those of the list that get nothing, with the reason in the reader's language.
    pub skipped: Vec<(String, String)>,
    /// The first messages as they will read, up to 5, in each recipient's language.
    pub samples: Vec<MessageSample>,
}

/// A message as one recipient reads it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct MessageSample {
    /// The application.
    pub application: String,
    /// Name of the recipient.
    pub name: String,
    /// Language of the recipient.
    pub lang: String,
    /// Subject.
    pub subject: String,
    /// Body.
    pub body: String,
}
