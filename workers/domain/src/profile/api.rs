//! What the cabinet and the server say to each other about one's own data
//! (`/api/v1/cabinet/my/…`). Every POST, PUT and DELETE carries `Idempotency-Key`; a PUT or
//! DELETE of something that has a version carries `If-Match: "<version>"` and is answered with 412
//! and both sides (`conflict: {current, differs}`) where somebody was faster.

mod confirm;
mod rights;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use serde_json::Value;

pub use confirm::{Comparing, ConfirmCommand, Waiting};
pub use rights::{Action, Deletion, Look, Looks, Overview, RetentionClass, Saved};

use super::record::Kind;
use crate::shared::{
    lang::{Lang, Text},
    row,
    time::Timestamp,
};

/// Where a value comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// From a state database, from the number itself, or confirmed by a code.
    Auto,
    /// The person wrote it.
    #[default]
    Owner,
    /// An organisation wrote it.
    Organisation,
}

/// Who vouches for a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Verification {
    /// Nobody yet.
    #[default]
    None,
    /// An organisation compared it with the original.
    Organisation,
    /// A state database or the issuing authority.
    Authority,
}

/// Who may see a record beside its owner.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Visibility {
    /// Nobody.
    Private,
    /// Those who decide on an application that uses it.
    #[default]
    Commission,
    /// Everybody, once a public profile is asked for.
    Public,
}

/// Where a record stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum ItemState {
    /// The owner writes it; it can be used in applications.
    #[default]
    Draft,
    /// Waits for an organisation to compare it with the original.
    Submitted,
    /// Compared and right.
    Confirmed,
    /// Sent back with a reason.
    Returned,
    /// Found to be false; a decision about the person is another matter.
    Rejected,
    /// A closed case was decided on it: it stays as it was and its owner cannot remove it. What the
    /// owner writes anew is a record of its own that takes its place ([`Item::successor`]).
    Locked,
}

/// Names as a document writes them. Somebody with one name has only `name`.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct Name {
    /// Surname.
    pub surname: String,
    /// Given name.
    pub name: String,
    /// Patronymic, if any.
    pub patronymic: String,
}

/// An identity document.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct Document {
    /// `identity_card`, `passport`, `residence_permit`, `foreign_passport`, `stateless`.
    #[serde(rename = "type")]
    pub kind: String,
    /// Number.
    pub number: String,
    /// Who issued it.
    pub issuer: String,
    /// Day of issue.
    pub issued_on: Option<NaiveDate>,
    /// Last day.
    pub valid_to: Option<NaiveDate>,
}

/// Where the person lives.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct Address {
    /// Place: KATO code of nine digits.
    pub kato: String,
    /// Street, house, flat.
    pub text: String,
}

/// What the person needs to take part on equal terms. Private.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct Needs {
    /// `vision`, `hearing`, `movement`, `speech`, `other`.
    pub codes: Vec<String>,
    /// In words.
    pub text: String,
    /// Whether the commission of a competition in which the person takes part may know.
    pub share: bool,
}

/// `PUT /cabinet/my/person`: the card as the person writes it. Everything may be missing but a
/// name; what applying needs is said by [`Meter`].
///
/// ```json
/// {"name": {"surname": "Серікқызы", "name": "Айгүл", "patronymic": ""},
///  "name_ru": {"surname": "Серіккызы", "name": "Айгуль", "patronymic": ""},
///  "name_latin": {"surname": "SERIKKYZY", "name": "AIGUL", "patronymic": ""},
///  "iin": "850412400002", "birth_date": "1985-04-12", "sex": "female", "citizenship": "KZ",
///  "document": {"type": "identity_card", "number": "012345678", "issuer": "ҚР ІІМ",
///               "issued_on": "2020-05-01", "valid_to": "2030-04-30"},
///  "address": {"kato": "331010000", "text": "Абай көшесі, 1"}, "lang": "kk",
///  "needs": {"codes": ["hearing"], "text": "", "share": false}, "photo": null}
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct Card {
    /// Names in Kazakh, as the identity document writes them.
    pub name: Name,
    /// Names in Russian, where they are written otherwise.
    pub name_ru: Name,
    /// Names in Latin letters, as in the passport.
    pub name_latin: Name,
    /// IIN; empty for somebody who has none, then `document` is needed to apply.
    pub iin: String,
    /// Birth date. With an IIN it follows from the number.
    pub birth_date: Option<NaiveDate>,
    /// `male`, `female` or empty. With an IIN it follows from the number.
    pub sex: String,
    /// ISO 3166 code of two letters; empty = not said.
    pub citizenship: String,
    /// Identity document.
    pub document: Document,
    /// Address.
    pub address: Address,
    /// Language in which the portal writes to the person.
    pub lang: Lang,
    /// Special needs.
    pub needs: Needs,
    /// Identifier of the photo's file.
    pub photo: Option<String>,
}

/// An address that was confirmed by a code. Changed on the security page, not here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Contact {
    /// `phone` or `email`.
    pub kind: String,
    /// E.164 number or address.
    pub value: String,
    /// When it was confirmed.
    pub verified_at: Option<Timestamp>,
}

/// `GET /cabinet/my/person`, and the answer to the PUT. `ETag` is the version.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Person {
    /// Version for `If-Match`.
    pub version: i64,
    /// The card.
    pub card: Card,
    /// Confirmed contacts.
    pub contacts: Vec<Contact>,
    /// Name of the place of the address, from the region down.
    pub place: Text,
    /// Where the fields come from, for those that are not the person's own words: field, source.
    pub sources: Vec<(String, Source)>,
    /// Fields that follow from others and cannot be written: `birth_date`, `sex`.
    pub computed: Vec<String>,
    /// When it was last changed.
    pub changed_at: Option<Timestamp>,
}

/// `POST /cabinet/my/profile`, `PUT /cabinet/my/profile/{id}`.
///
/// ```json
/// {"record": {"kind": "education", "level": "bachelor", "institution": "Абай атындағы ҚазҰПУ",
///             "specialty": "Математика", "started": 2003, "finished": 2007, "number": "ЖБ 0123456"},
///  "evidence": ["01k…"], "visibility": "commission"}
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ItemInput {
    /// The record: [`super::record::Record`] with its tag `kind`. A wrong field is named as
    /// `record.<field>`.
    pub record: Value,
    /// Identifiers of one's own files.
    #[serde(default)]
    pub evidence: Vec<String>,
    /// Who may see it.
    #[serde(default)]
    pub visibility: Visibility,
}

/// A record in the profile.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Item {
    /// Identifier.
    pub id: String,
    /// Version for `If-Match`.
    pub version: i64,
    /// Kind.
    pub kind: Kind,
    /// Where it stands.
    pub state: ItemState,
    /// The record, with its tag.
    #[serde(deserialize_with = "row::json")]
    pub record: Value,
    /// Files.
    #[serde(deserialize_with = "row::json")]
    pub evidence: Vec<String>,
    /// Where it comes from.
    pub source: Source,
    /// Who vouches for it.
    pub verification: Verification,
    /// Who may see it.
    pub visibility: Visibility,
    /// Cases that use it: (kind of the object, identifier).
    #[serde(deserialize_with = "row::json")]
    pub used_in: Vec<(String, String)>,
    /// Organisation that was asked to confirm it.
    #[serde(default)]
    pub organisation: Option<String>,
    /// Why it was returned or rejected.
    #[serde(default)]
    pub reason: String,
    /// Last day on which it is good.
    #[serde(default)]
    pub valid_to: Option<NaiveDate>,
    /// Other records that look like the same certificate; they count once.
    #[serde(default)]
    pub duplicates: Vec<String>,
    /// The record that took the place of a locked one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub successor: Option<String>,
    /// The locked record whose place it took: applications that are being written may name it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub former: Option<String>,
    /// When it was last changed.
    pub changed_at: Timestamp,
}

/// Years, months and days.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Span {
    /// Years.
    pub years: u32,
    /// Months, below 12.
    pub months: u32,
    /// Days, below 30.
    pub days: u32,
}

/// A time in which nothing is recorded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Gap {
    /// First day without a record.
    pub from: NaiveDate,
    /// Last day without a record; empty = up to today.
    pub to: Option<NaiveDate>,
    /// How many days.
    pub days: u32,
}

/// Experience counted from the records.
///
/// ```json
/// {"on": "2026-11-02", "total": {"years": 12, "months": 3, "days": 4},
///  "pedagogical": {"years": 10, "months": 0, "days": 0},
///  "administrative": {"years": 0, "months": 0, "days": 0},
///  "gaps": [{"from": "2012-09-01", "to": "2013-01-14", "days": 136}], "open_jobs": 1}
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Experience {
    /// The day to which current jobs are counted.
    pub on: NaiveDate,
    /// All.
    pub total: Span,
    /// Pedagogical.
    pub pedagogical: Span,
    /// Leading.
    pub administrative: Span,
    /// Gaps to be explained.
    pub gaps: Vec<Gap>,
    /// Jobs that go on.
    pub open_jobs: u32,
}

/// One step of the completeness meter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Step {
    /// Code: `name`, `identity`, `education`, `consent` …
    pub code: String,
    /// Whether it is done.
    pub done: bool,
    /// Whether applying asks for it.
    pub required: bool,
    /// What to do, in the reader's language.
    pub text: String,
    /// Why it matters, in the reader's language.
    pub why: String,
}

/// How full the profile is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Meter {
    /// 0 to 100.
    pub percent: u32,
    /// The steps, what is missing first.
    pub steps: Vec<Step>,
}

/// A document that ends soon or has ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Expiring {
    /// The record.
    pub id: String,
    /// Its kind.
    pub kind: Kind,
    /// What it is called.
    pub title: String,
    /// Last day.
    pub valid_to: NaiveDate,
    /// Days left; negative = it has ended.
    pub days: i64,
}

/// `GET /cabinet/my/profile?kind=`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Profile {
    /// The records, by kind, newest first.
    pub items: Vec<Item>,
    /// Experience as of today.
    pub experience: Experience,
    /// How full it is.
    pub meter: Meter,
    /// What ends soon or has ended.
    pub expiring: Vec<Expiring>,
}

/// `POST /cabinet/my/profile/{id}/commands` with `If-Match`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(tag = "command", rename_all = "snake_case")]
pub enum ItemCommand {
    /// Asks an organisation to compare it with the original.
    Submit {
        /// Identifier of the organisation.
        organisation: String,
    },
    /// Takes the request back.
    Recall,
}
