//! What the cabinet and the server say to each other about people and accounts.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::{actor::Grant, permission::Permission, role::Role};
use crate::{
    shared::{lang::Text, time::Timestamp},
    vacancy::api::OrganisationRef,
};

/// `GET /cabinet/me`: who is signed in and what the cabinet needs to start.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Me {
    /// Name to show.
    pub name: String,
    /// Login.
    pub login: String,
    /// Roles that hold now, with the names of their organisations.
    pub roles: Vec<MyRole>,
    /// What the person may do somewhere.
    pub permissions: Vec<Permission>,
    /// Organisations for which the person may create vacancies (at most 200; search beyond).
    pub organisations: Vec<OrganisationRef>,
    /// The server's clock.
    pub now: Timestamp,
    /// The last day that the calendars of working days reach, where it is near and the person
    /// can see to the next one.
    #[serde(default)]
    pub calendar_until: Option<NaiveDate>,
}

/// A role of the person who is signed in.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct MyRole {
    /// The role and its scope.
    #[serde(flatten)]
    pub grant: Grant,
    /// Name of the organisation.
    pub name: Text,
}

/// `GET /cabinet/sessions`: where this account is signed in.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SessionRow {
    /// Identifier, for `DELETE /cabinet/sessions/{id}`.
    pub id: String,
    /// Since when.
    pub created_at: Timestamp,
    /// Last used.
    pub seen_at: Timestamp,
    /// Browser and system in words.
    pub device: String,
    /// Whether it is the session that asks.
    pub current: bool,
}

/// `GET /cabinet/accounts`: people with accounts, within reach.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct AccountRow {
    /// Identifier.
    pub id: String,
    /// Name.
    pub name: String,
    /// Login.
    pub login: String,
    /// `invited`, `active` or `blocked`.
    pub status: String,
    /// Roles, past ones too.
    pub roles: Vec<AssignmentRow>,
}

/// A role of an account, with its dates.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct AssignmentRow {
    /// Identifier, for `DELETE /cabinet/roles/{id}`.
    pub id: String,
    /// The role and its scope.
    #[serde(flatten)]
    pub grant: Grant,
    /// Name of the organisation.
    pub name: Text,
    /// First day.
    pub from_day: NaiveDate,
    /// Last day; empty = until it is ended.
    pub to_day: Option<NaiveDate>,
}

/// `POST /cabinet/accounts`: opens an account with one role.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct AccountCreate {
    /// IIN.
    pub iin: String,
    /// Surname.
    pub surname: String,
    /// Given name.
    pub name: String,
    /// Patronymic, if any.
    #[serde(default)]
    pub patronymic: String,
    /// Login: latin letters, digits, dots.
    pub login: String,
    /// The first role.
    pub role: RoleCreate,
}

/// `POST /cabinet/accounts/{id}/roles`: grants a role.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct RoleCreate {
    /// The role.
    pub role: Role,
    /// Identifier of the organisation.
    pub organisation: String,
    /// How far it reaches.
    pub scope: super::role::Scope,
    /// First day; empty = today.
    #[serde(default)]
    pub from_day: Option<NaiveDate>,
    /// Last day; empty = until it is ended.
    #[serde(default)]
    pub to_day: Option<NaiveDate>,
    /// Number of the order.
    #[serde(default)]
    pub order_no: String,
}

/// Answer to the opening of an account: the link is shown once and good for three days.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Invitation {
    /// Identifier of the account.
    pub account: String,
    /// Address at which the person sets a password and a second factor.
    pub link: String,
}
