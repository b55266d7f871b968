//! The card of an organisation as the cabinet edits it.

use domain::shared::lang::Text;
use serde::{Deserialize, Serialize};

/// `GET` and `PUT /cabinet/organisations/{id}`.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Organisation {
    /// Identifier.
    pub id: String,
    /// Last segment of its public address.
    pub slug: String,
    /// Name.
    pub name: Text,
    /// BIN.
    pub bin: String,
    /// Type: code in the directory `organisation_type`.
    #[serde(rename = "type")]
    pub kind: String,
    /// Address.
    pub address: Text,
    /// About itself.
    pub about: Text,
    /// Phone, E.164.
    pub phone: String,
    /// E-mail.
    pub email: String,
    /// Site.
    pub site: String,
    /// Languages of instruction: codes in the directory.
    pub languages: Vec<String>,
    /// Point on the map: north.
    pub lat: Option<f64>,
    /// Point on the map: east.
    pub lon: Option<f64>,
    /// Version for `If-Match`.
    pub version: i64,
}
