//! Saved vacancies, the first page, who looked, deletion.

use serde::{Deserialize, Serialize};

use crate::{
    shared::{lang::Text, time::Timestamp},
    vacancy::{api::OrganisationRef, model::State as VacancyState},
};

/// `PUT /cabinet/my/saved/{vacancy}` keeps a vacancy, `DELETE` forgets it, `GET /cabinet/my/saved`
/// lists them: the one that ends soonest first, then those that are over.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Saved {
    /// Identifier of the vacancy.
    pub vacancy: String,
    /// Number for people.
    pub number: i64,
    /// Last segment of its public address.
    pub slug: String,
    /// Title.
    pub title: Text,
    /// The organisation.
    pub organisation: OrganisationRef,
    /// Where the vacancy stands.
    pub state: VacancyState,
    /// The moment at which acceptance ends.
    pub closes_at: Option<Timestamp>,
    /// When it was saved.
    pub saved_at: Timestamp,
    /// My application: identifier and state; empty = not applied.
    pub application: Option<(String, String)>,
}

/// A look of somebody at my data, in plain words: `GET /cabinet/my/access?cursor=`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Look {
    /// When.
    pub at: Timestamp,
    /// Name of who looked.
    pub who: String,
    /// Roles, in the reader's language.
    pub roles: Vec<String>,
    /// Organisation.
    pub organisation: Text,
    /// What was looked at, in the reader's language.
    pub what: String,
    /// Why: the words of who looked, or the case.
    pub why: String,
}

/// Answer of `GET /cabinet/my/access`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Looks {
    /// Newest first.
    pub items: Vec<Look>,
    /// Cursor of the next page.
    pub next: Option<String>,
}

/// Something on the first page of the cabinet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Action {
    /// Code: `consent`, `profile`, `expiring`, `saved_ending`, `deletion`, `application` …
    pub code: String,
    /// In words, in the reader's language.
    pub text: String,
    /// What it is about: (kind of the object, identifier); both may be empty.
    pub object: (String, String),
    /// By when.
    pub due: Option<Timestamp>,
}

/// `GET /cabinet/my/overview`.
///
/// ```json
/// {"name": "Серікқызы Айгүл", "percent": 60, "counts": [["applications", 1], ["saved", 3],
///  ["records", 12], ["unread", 2]], "actions": [{"code": "consent", "text": "…",
///  "object": ["consent", "competition"], "due": null}], "now": "2026-11-02T05:00:00.000Z"}
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Overview {
    /// Name to show.
    pub name: String,
    /// How full the profile is, 0 to 100.
    pub percent: u32,
    /// How many there are: `applications`, `saved`, `records`, `unread`.
    pub counts: Vec<(String, u32)>,
    /// What needs the person, soonest first.
    pub actions: Vec<Action>,
    /// The server's clock.
    pub now: Timestamp,
}

/// `GET /cabinet/my/deletion`, and the answer to `POST` (`{"confirm": true}`) and `DELETE`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Deletion {
    /// When it was asked for; empty = it was not.
    pub asked_at: Option<Timestamp>,
    /// When it happens; until then it can be called off by `DELETE`.
    pub due_at: Option<Timestamp>,
    /// Days of grace.
    pub grace_days: i64,
    /// What stands in the way, in the reader's language; empty = nothing.
    pub obstacles: Vec<String>,
    /// What is deleted and what the law keeps.
    pub classes: Vec<RetentionClass>,
}

/// A class of data and what becomes of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct RetentionClass {
    /// Code.
    pub code: String,
    /// What it is, in the reader's language.
    pub what: String,
    /// Months for which it is kept after the end of its purpose; empty = deleted at once.
    pub keep_months: Option<u32>,
    /// The ground, in the reader's language.
    pub basis: String,
}
