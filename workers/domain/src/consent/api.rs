//! What the cabinet and the server say to each other about consents.

use serde::{Deserialize, Serialize};

use crate::shared::{lang::Text, time::Timestamp};

/// A text somebody can agree to. The texts of all versions stay readable.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ConsentText {
    /// Purpose: `portal`, `competition`, `public_profile`.
    pub purpose: String,
    /// Version, a day: `2026-01-01`.
    pub version: String,
    /// Title.
    pub title: Text,
    /// The text, paragraph by paragraph.
    pub body: Vec<Text>,
    /// Which data.
    pub data: Text,
    /// Who receives them.
    pub recipients: Text,
    /// How long it holds, in words.
    pub term: Text,
    /// Legal ground.
    pub ground: Text,
    /// What follows from not giving it and from withdrawing it.
    pub effect: Text,
    /// Months for which it holds.
    pub months: u32,
}

/// A purpose with its present text and whether it is agreed to.
///
/// ```json
/// {"text": {"purpose": "competition", "version": "2026-01-01", …}, "required_for": "apply",
///  "given": {"id": "01k…", "purpose": "competition", "version": "2026-01-01",
///            "given_at": "2026-11-02T05:00:00.000Z", "until": "2027-11-02T05:00:00.000Z",
///            "channel": "sign_in", "withdrawn_at": null}}
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Purpose {
    /// The present text.
    pub text: ConsentText,
    /// What cannot be done without it (`apply`); empty = nothing. Reading is never refused.
    pub required_for: String,
    /// The consent that holds now.
    pub given: Option<Given>,
}

/// A consent that was given.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Given {
    /// Identifier, for `DELETE /cabinet/my/consents/{id}`.
    pub id: String,
    /// Purpose.
    pub purpose: String,
    /// Version of the text.
    pub version: String,
    /// When.
    pub given_at: Timestamp,
    /// How: `sign_in` (a box ticked by somebody who is signed in), `code`, `signature`, `state_service`.
    pub channel: String,
    /// Until when it holds.
    pub until: Timestamp,
    /// When it was withdrawn.
    pub withdrawn_at: Option<Timestamp>,
}

/// `GET /cabinet/my/consents`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Consents {
    /// All purposes.
    pub purposes: Vec<Purpose>,
    /// Everything that was ever given, newest first.
    pub history: Vec<Given>,
}

/// `POST /cabinet/my/consents`: `{"purpose": "competition", "version": "2026-01-01"}`. The version
/// must be the present one: what the person read is what is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Give {
    /// Purpose.
    pub purpose: String,
    /// Version of the text.
    pub version: String,
}
