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

use super::model::{Completion, Content, Section, State, TaskState, Verdict};
use crate::{
    shared::{lang::Text, time::Timestamp},
    vacancy::{api::OrganisationRef, model::State as VacancyState},
};

mod form;
mod staff;
mod way;

pub use form::{FileRef, Form, FormDocument, FormOption, FormRow};
pub use staff::{
    MessageAnswer, MessageCreate, MessageSample, MessageTemplate, Note, NoteCreate,
    StaffApplication, StaffCommand, StaffConflict, StaffList, StaffRow,
};
pub use way::{Editing, Next, SentRef, Timeline, TimelineEntry};

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
    /// Name of the place in it, from the region down.
    pub place: Text,
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

/// In the answer 412: what stands now and where it differs from what was sent.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct MyConflict {
    /// What stands now.
    pub current: MyApplication,
    /// Parts that differ: `person`, `documents.education`, `state`.
    pub differs: Vec<String>,
}
