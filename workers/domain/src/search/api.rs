//! The public answers about vacancies (`/api/v1/vacancies…`). The pages are rendered from the
//! same values.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::{
    shared::{lang::Text, time::Timestamp},
    vacancy::model::{Content, Outcome, State},
};

/// A vacancy in a list. Texts are in the language of the request.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Card {
    /// Number for people.
    pub number: i64,
    /// Last segment of its address: `/{lang}/vacancies/{slug}`.
    pub slug: String,
    /// Title.
    pub title: String,
    /// Name of the organisation.
    pub organisation: String,
    /// Last segment of the organisation's address.
    pub organisation_slug: String,
    /// District and region in words.
    pub place: String,
    /// KATO code of the district.
    pub kato: String,
    /// Code of the position.
    pub position: String,
    /// Code of the subject.
    pub subject: Option<String>,
    /// Rate in hundredths of a full post.
    pub rate: u32,
    /// Monthly pay, tenge: from.
    pub salary_from: Option<i64>,
    /// Monthly pay, tenge: to.
    pub salary_to: Option<i64>,
    /// Code of the language of instruction.
    pub language: String,
    /// For a temporarily vacant post.
    pub temporary: bool,
    /// Codes of help and relief.
    pub extras: Vec<String>,
    /// Last day of acceptance.
    pub accept_to: NaiveDate,
    /// The moment at which acceptance ends.
    pub closes_at: Timestamp,
    /// When it was published.
    pub published_at: Timestamp,
    /// When the announcement last changed.
    pub changed_at: Timestamp,
    /// Distance from the settlement that was asked for, km.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub km: Option<f64>,
}

// `T` is a card, read or as the text it is kept as.
/// `GET /api/v1/vacancies`: a page of results.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "List"))]
pub struct List<T = Card> {
    /// How many there are. Counted exactly up to 1,000; `total_is_more` says that there are more.
    pub total: u32,
    /// Whether there are more than `total`.
    #[serde(default)]
    pub total_is_more: bool,
    /// This page.
    pub items: Vec<T>,
    /// Cursor of the next page.
    pub next: Option<String>,
}

/// A value of a facet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct FacetValue {
    /// Code, as in the query.
    pub code: String,
    /// Name in the language of the request.
    pub name: String,
    /// How many results have it, with all other filters kept; see `at_least` of the facet.
    pub count: u32,
    /// Whether the query asks for it.
    pub chosen: bool,
}

/// A facet: name of the query parameter and its values, most frequent first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Facet {
    /// `region`, `district`, `group`, `position`, `subject`, `language`, `type`, `term`,
    /// `extra`, `closing`.
    pub name: String,
    /// Whether there are so many results that the counts are of the first of them to end, and so
    /// tell how many there are at least; 0 then says nothing.
    #[serde(default)]
    pub at_least: bool,
    /// The values.
    pub values: Vec<FacetValue>,
}

/// `GET /api/v1/vacancies/facets`: what a search can be narrowed by.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Facets {
    /// How many results there are, as in the list.
    pub total: u32,
    /// Whether there are more than `total`.
    #[serde(default)]
    pub total_is_more: bool,
    /// The facets.
    pub facets: Vec<Facet>,
}

/// A vacancy that changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Change {
    /// Number for people.
    pub number: i64,
    /// Last segment of its address.
    pub slug: String,
    /// Where it stands now. Keep a copy while it is `published`.
    pub state: State,
    /// When it last changed.
    pub changed_at: Timestamp,
}

/// `GET /api/v1/vacancies/changes`: what changed since a cursor, oldest first, each vacancy once
/// with its newest state. Drafts are never among them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Changes {
    /// The changes.
    pub items: Vec<Change>,
    /// Cursor for the next call. Keep it, also where there was nothing.
    pub next: String,
    /// Whether there is more right now.
    pub more: bool,
}

/// A wider search, offered where few were found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Wider {
    /// What was left out or widened, in words.
    pub label: String,
    /// Query of the wider search (without `?`).
    pub query: String,
    /// How many it finds.
    pub count: u32,
}

/// A vacancy, whole, in all its languages: `GET /api/v1/vacancies/{number}`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PublicVacancy {
    /// Number for people.
    pub number: i64,
    /// Last segment of its address.
    pub slug: String,
    /// Where it stands: published, closed, in_review, filled, not_filled, cancelled …
    pub state: State,
    /// Title.
    pub title: Text,
    /// The announcement.
    pub content: Content,
    /// The organisation.
    pub organisation: PublicOrganisation,
    /// Rule edition: `teachers-competition/2023-08-15`.
    pub rules: String,
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
    /// When it last changed.
    pub changed_at: Timestamp,
    /// What happened to it in public, oldest first.
    pub history: Vec<PublicEvent>,
}

/// Something that happened to a vacancy in public.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PublicEvent {
    /// When.
    pub at: Timestamp,
    /// `publish`, `save` (a correction), `extend`, `pause`, `resume`, `end_early`, `close`,
    /// `cancel`, `conclude`.
    pub action: String,
    /// Fields that were corrected.
    #[serde(default)]
    pub changed: Vec<String>,
    /// Why, in words.
    #[serde(default)]
    pub reason: Text,
}

/// An organisation as the public sees it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PublicOrganisation {
    /// Last segment of its address: `/{lang}/organisations/{slug}`.
    pub slug: String,
    /// BIN.
    pub bin: String,
    /// Name.
    pub name: Text,
    /// Code in the directory `organisation_type`.
    #[serde(rename = "type")]
    pub kind: String,
    /// KATO code.
    pub kato: String,
    /// District and region in words.
    pub place: Text,
    /// Address.
    pub address: Text,
    /// A few words about it.
    pub about: Text,
    /// Phone, E.164.
    pub phone: String,
    /// Site.
    pub site: String,
    /// Point on the map.
    pub lat: Option<f64>,
    /// Point on the map.
    pub lon: Option<f64>,
    /// Languages of instruction.
    pub languages: Vec<String>,
    /// Whether it lies in a village.
    pub rural: bool,
}
