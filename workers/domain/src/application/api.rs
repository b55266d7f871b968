//! What the cabinet and the server say to each other about applications
//! (`/api/v1/cabinet/my/applications…` for the applicant, `/api/v1/cabinet/applications…` for staff).
//!
//! A draft is opened with `POST /my/applications {"vacancy": "01k…"}`: 201 with [`MyApplication`],
//! or 200 with the one that is there already. Every step is saved with
//! `PUT /my/applications/{id}` (header `If-Match: "3"`, `Idempotency-Key`), body
//!
//! ```json
//! {"content": {
//!   "person": {"surname": "Сейітова", "name": "Мадина", "iin": "950214400123", "citizenship": "KZ"},
//!   "contacts": {"phone": "+77010000001", "email": "", "kato": "331000000", "address": "Қабанбай 5", "lang": "kk"},
//!   "records": [{"id": "01k…", "kind": "education", "title": "ҚазҰПУ, математика", "files": ["01k…"]}],
//!   "no_experience": false,
//!   "documents": [{"code": "identity", "files": ["01k…"]}, {"code": "education", "records": ["01k…"]}],
//!   "claims": [{"row": "category", "choices": [{"option": "moderator", "count": 1}], "files": ["01k…"]}],
//!   "statement": {"has_relatives": false, "truthful": true, "consent": true},
//!   "seen": ["person", "contacts"]
//! }}
//! ```
//!
//! Every answer is the whole [`MyApplication`]: content, tasks, errors of the check page, the form
//! (documents and rows of the rule edition), files and the timeline. A version that is not the
//! newest answers 412 with `conflict: MyConflict`. Then
//! `POST /my/applications/{id}/commands {"command": "submit"}` gives the number: `ПЕД-2026-000123`.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::model::{Completion, Content, RequestItem, Section, State, TaskState, Verdict};
use crate::{
    shared::{lang::Text, time::Timestamp},
    vacancy::{api::OrganisationRef, model::State as VacancyState},
};

/// `POST /my/applications`: opens a draft, filled from the profile and earlier applications.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Create {
    /// The vacancy: its identifier, or its number for people.
    pub vacancy: String,
}

/// `PUT /my/applications/{id}`: the whole content, with `If-Match`.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Save {
    /// Everything the applicant wrote so far.
    pub content: Content,
}

/// `POST /my/applications/{id}/commands`, with `If-Match`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(tag = "command", rename_all = "snake_case")]
pub enum MyCommand {
    /// Sends it: the first time, or again after [`MyCommand::Reopen`].
    Submit,
    /// Opens what was sent for editing, until the deadline, where the rule edition allows it.
    Reopen,
    /// Leaves the editing: what was sent stands.
    Keep,
    /// Sends what the clerk asked for.
    Complete {
        /// Words to the clerk.
        #[serde(default)]
        note: String,
    },
    /// Takes the application back.
    Withdraw {
        /// Why; may be empty.
        #[serde(default)]
        reason: String,
    },
    /// Throws away a draft that was never sent; the answer is 204.
    Discard,
}

impl MyCommand {
    /// The name, as in the tag and in the journal (`application.<name>`).
    pub const fn name(&self) -> &'static str {
        match self {
            MyCommand::Submit => "submit",
            MyCommand::Reopen => "reopen",
            MyCommand::Keep => "keep",
            MyCommand::Complete { .. } => "complete",
            MyCommand::Withdraw { .. } => "withdraw",
            MyCommand::Discard => "discard",
        }
    }
}

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

/// The vacancy of an application, in short.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct VacancyRef {
    /// Identifier.
    pub id: String,
    /// Number for people.
    pub number: i64,
    /// Last segment of its public address.
    pub slug: String,
    /// Where it stands.
    pub state: VacancyState,
    /// Title.
    pub title: Text,
    /// The organisation.
    pub organisation: OrganisationRef,
    /// Last day of acceptance.
    pub accept_to: Option<NaiveDate>,
    /// The moment at which acceptance ends.
    pub closes_at: Option<Timestamp>,
}

/// `GET /my/applications`: newest change first; all of them (a person has few).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct MyList {
    /// The applications.
    pub items: Vec<MyRow>,
    /// The server's clock.
    pub server_time: Timestamp,
}

/// A row of [`MyList`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct MyRow {
    /// Identifier.
    pub id: String,
    /// Number, once it was sent.
    pub number: Option<String>,
    /// Where it stands.
    pub state: State,
    /// The vacancy.
    pub vacancy: VacancyRef,
    /// Who acts next, until when, in words.
    pub next: Next,
    /// When it was last changed.
    pub changed_at: Timestamp,
}

/// An application as its applicant sees it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct MyApplication {
    /// Identifier.
    pub id: String,
    /// Number, once it was sent: the confirmation.
    pub number: Option<String>,
    /// Where it stands.
    pub state: State,
    /// Version for `If-Match`.
    pub version: i64,
    /// The vacancy.
    pub vacancy: VacancyRef,
    /// Rule edition: `teachers-competition/2023-08-15`.
    pub rules: String,
    /// The act: title, number, date.
    pub act: Text,
    /// What the applicant wrote.
    pub content: Content,
    /// The list of tasks, in order; the last is `check`.
    pub tasks: Vec<Task>,
    /// What stands in the way of sending; empty = it can be sent.
    pub issues: Vec<Issue>,
    /// Documents and evaluation rows that the rule edition and the announcement ask for.
    pub form: Form,
    /// Files that the content names, as they stand now.
    pub files: Vec<FileRef>,
    /// Until when and what may be edited; empty = nothing.
    pub editing: Option<Editing>,
    /// The open request for completion.
    pub completion: Option<Completion>,
    /// How it ended.
    pub verdict: Option<Verdict>,
    /// Commands that the person may give now.
    pub commands: Vec<String>,
    /// What happened and what comes.
    pub timeline: Timeline,
    /// When versions were sent, oldest first; each can be read at `…/sent/{n}`.
    pub sent: Vec<SentRef>,
    /// The server's clock: deadlines are counted by it, not by the device.
    pub server_time: Timestamp,
}

/// A task of the list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Task {
    /// The part of the application.
    pub section: Section,
    /// Its name in the reader's language.
    pub title: String,
    /// How far it is.
    pub state: TaskState,
    /// Why it needs attention or cannot start, in the reader's language; may be empty.
    pub why: String,
}

/// One thing on the check page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Issue {
    /// The part where it is mended.
    pub section: Section,
    /// Path of the field: `person.surname`, `documents.education`, `claims.category`.
    pub field: String,
    /// Code of the text (`field.<code>` in `errors.json`).
    pub code: String,
    /// The text in the reader's language.
    pub text: String,
}

/// What the rule edition and the announcement ask for.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Form {
    /// Documents, in the order of the announcement.
    pub documents: Vec<FormDocument>,
    /// Rows of the evaluation sheet; empty where the procedure has none.
    pub rows: Vec<FormRow>,
    /// Points claimed so far.
    pub points: f64,
}

/// A document to hand in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct FormDocument {
    /// Code in the directory `document_type`.
    pub code: String,
    /// Its name.
    pub name: Text,
    /// Whether it must be there, for this person as the content stands.
    pub required: bool,
    /// The portal makes it from the answers: nothing to attach.
    pub made_here: bool,
    /// Kinds of profile records whose files can be this document.
    pub records: Vec<String>,
    /// How many files at most.
    pub max_files: u32,
    /// Source in the act.
    pub source: String,
}

/// A row of the evaluation sheet.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct FormRow {
    /// Code.
    pub code: String,
    /// The criterion.
    pub title: Text,
    /// What proves it.
    pub evidence: Text,
    /// `one`: one option; `sum`: several, each with a count; `organisation`: the organisation
    /// obtains it itself, nothing is claimed.
    pub how: String,
    /// Most points of the row, where there is a bound.
    pub cap: Option<f64>,
    /// Kinds of profile records that can prove it.
    pub records: Vec<String>,
    /// Options.
    pub options: Vec<FormOption>,
    /// Whether it applies to this person as the content stands.
    pub applies: bool,
    /// Points claimed.
    pub points: f64,
    /// Source in the act.
    pub source: String,
}

/// An option of a row.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct FormOption {
    /// Code.
    pub code: String,
    /// Its words.
    pub title: Text,
    /// Points for one.
    pub points: f64,
    /// How many may be claimed.
    pub most: u32,
}

/// A file that the content names.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct FileRef {
    /// Identifier.
    pub id: String,
    /// Name; empty where the file is gone.
    pub name: String,
    /// Kind by content: `pdf`, `jpg` …
    pub kind: String,
    /// Size, bytes.
    pub size: i64,
    /// State of module `files`, or `missing`.
    pub state: String,
}

/// Until when and what may be edited.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Editing {
    /// Until when, by the server's clock.
    pub until: Option<Timestamp>,
    /// Only these places ([`RequestItem::target`]); empty = everything.
    pub targets: Vec<String>,
}

/// Who acts next.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Next {
    /// `applicant`, `organisation`, `commission` or `nobody`.
    pub who: String,
    /// What is to be done, in the reader's language.
    pub text: String,
    /// By when.
    pub due_at: Option<Timestamp>,
    /// Whether that moment has passed.
    pub overdue: bool,
    /// Article of the rule edition.
    pub ground: String,
}

/// What happened, and what comes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Timeline {
    /// Where it is, in the reader's language.
    pub now: String,
    /// Who acts next.
    pub next: Next,
    /// What happened, newest first.
    pub entries: Vec<TimelineEntry>,
}

/// Something that happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct TimelineEntry {
    /// When.
    pub at: Timestamp,
    /// What: `submit`, `register`, `request` …
    pub action: String,
    /// In words.
    pub text: String,
    /// Details: what was asked for, grounds, words of the organisation. May be empty.
    pub details: Vec<String>,
    /// `applicant`, `organisation` or `system`.
    pub by: String,
    /// Article of the rule edition, where it rests on one.
    pub ground: String,
}

/// A version that was sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SentRef {
    /// 1 for the first.
    pub n: u32,
    /// When.
    pub at: Timestamp,
    /// SHA-256 of the snapshot, hexadecimal.
    pub hash: String,
}

/// In the answer 412: what stands now and where it differs from what was sent.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct MyConflict {
    /// What stands now.
    pub current: MyApplication,
    /// Parts that differ: `person`, `documents.education`, `state`.
    pub differs: Vec<String>,
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
