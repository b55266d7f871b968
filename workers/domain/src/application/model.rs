//! An application and what the applicant writes into it.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::shared::{lang::Lang, row, time::Timestamp};

macro_rules! codes {
    ($(#[$doc:meta])* $type:ident { $($(#[$item:meta])* $name:ident = $code:literal,)+ }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
        pub enum $type {
            $($(#[$item])* #[serde(rename = $code)] $name,)+
        }

        impl $type {
            /// All of them, in order.
            pub const ALL: &[$type] = &[$($type::$name,)+];

            /// The code, as stored and as in JSON.
            pub const fn code(self) -> &'static str {
                match self { $($type::$name => $code,)+ }
            }

            /// What a code means.
            pub fn parse(code: &str) -> Option<$type> {
                $type::ALL.iter().copied().find(|one| one.code() == code)
            }
        }
    };
}

codes! {
    /// Where an application stands.
    State {
        /// Being written; nobody but the applicant sees it.
        Draft = "draft",
        /// Sent; waits for registration by the clerk.
        Submitted = "submitted",
        /// Sent, and opened again by the applicant before the deadline. What was sent stands
        /// until the new version is sent; at the deadline it becomes [`State::Submitted`] by itself.
        Reopened = "reopened",
        /// Registered by the clerk; waits for the check.
        Registered = "registered",
        /// The documents are being checked.
        Checking = "checking",
        /// The applicant is asked to complete it.
        Returned = "returned_for_completion",
        /// The documents are in order: the person takes part in the competition.
        Admitted = "admitted",
        /// Not admitted, on a ground of the directory.
        Refused = "refused",
        /// Chosen.
        Selected = "selected",
        /// In the reserve: the next one, should the chosen person not come.
        Reserve = "reserve",
        /// Not chosen.
        NotSelected = "not_selected",
        /// Taken back by the applicant.
        Withdrawn = "withdrawn",
        /// The competition was called off.
        Cancelled = "cancelled",
    }
}

impl State {
    /// Whether it is over: nobody has to act any more (a mistake can still be corrected).
    pub const fn is_settled(self) -> bool {
        matches!(
            self,
            State::Refused
                | State::Selected
                | State::NotSelected
                | State::Withdrawn
                | State::Cancelled
        )
    }

    /// Whether somebody has decided on it, on the ground of what was sent.
    pub const fn is_decided(self) -> bool {
        matches!(self, State::Refused | State::Selected | State::NotSelected)
    }

    /// Whether the organisation has it: a version was sent and stands.
    pub const fn was_sent(self) -> bool {
        !matches!(self, State::Draft)
    }
}

codes! {
    /// Parts of the application: the applicant's list of tasks. Which of them a procedure has
    /// stands in the rule edition.
    Section {
        /// Names, IIN, day of birth, citizenship.
        Person = "person",
        /// Phone, e-mail, address, language of messages.
        Contacts = "contacts",
        /// Education.
        Education = "education",
        /// Experience, or that there is none.
        Experience = "experience",
        /// Documents asked for by the announcement.
        Documents = "documents",
        /// The evaluation sheet: claims with evidence.
        ScoreSheet = "score_sheet",
        /// Relatives in the organisation, preferences by law, a letter.
        Statement = "statement",
        /// Check the answers and send.
        Check = "check",
    }
}

codes! {
    /// How far a task is.
    TaskState {
        /// Cannot start yet: another task comes first.
        CannotStart = "cannot_start",
        /// Nothing is written.
        NotStarted = "not_started",
        /// Something is written, something is missing.
        InProgress = "in_progress",
        /// Something is wrong: an infected file, a value out of range, a thing asked for.
        Attention = "attention",
        /// Done.
        Done = "done",
    }
}

/// The person as the application states him: taken from the account and the profile, may be
/// corrected here.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct PersonPart {
    /// Surname.
    pub surname: String,
    /// Given name.
    pub name: String,
    /// Patronymic, where there is one.
    pub patronymic: String,
    /// Individual identification number; empty for a foreigner without one.
    pub iin: String,
    /// Day of birth.
    pub birth_date: Option<NaiveDate>,
    /// Citizenship: a country's two letters, `KZ`.
    pub citizenship: String,
}

/// How to reach the person.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct ContactsPart {
    /// Phone, E.164.
    pub phone: String,
    /// E-mail, may be empty where a phone is given.
    pub email: String,
    /// Where the person lives: code of the place (KATO).
    pub kato: String,
    /// Street, house, flat.
    pub address: String,
    /// Language of messages and of the application's PDF.
    pub lang: Lang,
}

/// A record of the profile as it stood when it was taken over.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct Record {
    /// Identifier of the profile record; a record written only here has one made by the client
    /// (up to 40 letters, digits, `-`).
    pub id: String,
    /// Kind of the record: `education`, `experience`, `category`, `course` … (module `profile`).
    pub kind: String,
    /// What it is in one line: "Қазақ ұлттық педагогикалық университеті, математика".
    pub title: String,
    /// First day, where there is one.
    pub from: Option<NaiveDate>,
    /// Last day; empty = until today.
    pub to: Option<NaiveDate>,
    /// The fields of its kind, as the profile has them.
    pub details: BTreeMap<String, Value>,
    /// Files that prove it.
    pub files: Vec<String>,
    /// Who entered it: `owner`, `organisation`, `auto`.
    pub source: String,
    /// Who confirmed it: `none`, `organisation`, `authority`.
    pub verification: String,
}

/// A document of the announcement's list.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct DocumentPart {
    /// Code in the directory `document_type`.
    pub code: String,
    /// Files of the document.
    pub files: Vec<String>,
    /// Records of this application whose files are the document.
    pub records: Vec<String>,
    /// The person says that he has no such document (only where it is not required).
    pub absent: bool,
    /// Words to the clerk.
    pub note: String,
}

/// A chosen line of an evaluation row.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct Choice {
    /// Code of the option in the rule edition.
    pub option: String,
    /// How many of them (diplomas, courses); 1 where the row takes one.
    pub count: u32,
}

/// What the applicant claims in a row of the evaluation sheet.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct Claim {
    /// Code of the row in the rule edition.
    pub row: String,
    /// What is claimed; empty = nothing.
    pub choices: Vec<Choice>,
    /// Files that prove it.
    pub files: Vec<String>,
    /// Records of this application that prove it by their files.
    pub records: Vec<String>,
    /// Words to the commission.
    pub note: String,
}

/// Statements of the person.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct StatementPart {
    /// Whether relatives work in the organisation; empty = not answered.
    pub has_relatives: Option<bool>,
    /// Who they are and where they work.
    pub relatives: String,
    /// Preferences by law: codes `young_specialist`, `disability` …
    pub preferences: Vec<String>,
    /// A letter to the commission.
    pub letter: String,
    /// The person says that everything here is true.
    pub truthful: bool,
    /// The person agrees that the organisation processes the data for this competition.
    pub consent: bool,
}

/// What the applicant writes. Everything may be missing in a draft; [`super::check`] says what
/// is missing for sending.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct Content {
    /// Who.
    pub person: PersonPart,
    /// How to reach.
    pub contacts: ContactsPart,
    /// Records of the profile that go with the application.
    pub records: Vec<Record>,
    /// The person has no experience of work with children or of the post.
    pub no_experience: bool,
    /// Documents.
    pub documents: Vec<DocumentPart>,
    /// The evaluation sheet.
    pub claims: Vec<Claim>,
    /// Statements.
    pub statement: StatementPart,
    /// Sections that the person has opened and left at least once.
    pub seen: Vec<Section>,
}

/// One thing that the clerk asks for.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct RequestItem {
    /// The place: `document:education`, `row:category` or a section (`person`).
    pub target: String,
    /// What is missing or wrong, in words.
    pub text: String,
}

/// A request for completion.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Completion {
    /// What is asked for.
    pub items: Vec<RequestItem>,
    /// Until when.
    pub due_at: Timestamp,
    /// When it was asked.
    pub asked_at: Timestamp,
}

/// A decision: a refusal or an outcome.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct Verdict {
    /// Grounds: codes in the directory `refusal_ground`.
    pub grounds: Vec<String>,
    /// Words to the applicant.
    pub text: String,
    /// Until when it can be appealed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub appeal_until: Option<NaiveDate>,
}

/// An application.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Application {
    /// Identifier.
    pub id: String,
    /// Number for people, given when it was first sent.
    pub number: Option<String>,
    /// The vacancy.
    pub vacancy: String,
    /// The organisation of the vacancy.
    pub organisation: String,
    /// Whose it is.
    pub person: String,
    /// Account of the person.
    pub account: String,
    /// Where it stands.
    pub state: State,
    /// Grows by one at every change.
    pub version: i64,
    /// What the applicant wrote; after a change of mind, what is being written.
    #[serde(deserialize_with = "row::json")]
    pub content: Content,
    /// Procedure of the rule edition.
    pub procedure: String,
    /// The rule edition: the vacancy's own.
    pub edition: String,
    /// How often it was sent.
    pub sent: u32,
    /// When it was sent last.
    pub submitted_at: Option<Timestamp>,
    /// When it was registered last.
    pub registered_at: Option<Timestamp>,
    /// Until when the one whose turn it is must act; empty where no term runs or could be counted.
    pub due_at: Option<Timestamp>,
    /// Since when the clock stands still, because the competition is paused.
    pub paused_at: Option<Timestamp>,
    /// Working days of the check that were left when the applicant was asked to complete.
    pub left_days: Option<u32>,
    /// How often completion was asked for.
    pub completions: u32,
    /// The open request for completion, or the last one.
    #[serde(default, deserialize_with = "row::json_option")]
    pub completion: Option<Completion>,
    /// How it ended.
    #[serde(default, deserialize_with = "row::json_option")]
    pub verdict: Option<Verdict>,
    /// State and deadline of the vacancy that this application has followed up to.
    pub followed: String,
    /// The last term or deadline that was told, so that nothing is told twice.
    pub nudged: String,
    /// When it was opened.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub changed_at: Timestamp,
}
