//! Organisations: the tree ministry, region, district, organisation.

use serde::{Deserialize, Serialize};

use crate::shared::{
    clean::{clean, clean_text},
    lang::Text,
    phone::Phone,
    refusal::{Check, Refusal},
    row,
};

/// The card of an organisation as its staff edits it. Type, BIN and place in the tree are changed
/// by an administrator.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Card {
    /// Name.
    pub name: Text,
    /// Address.
    pub address: Text,
    /// A few words about it.
    pub about: Text,
    /// Phone, E.164.
    #[serde(default)]
    pub phone: String,
    /// E-mail.
    #[serde(default)]
    pub email: String,
    /// Site, with https://.
    #[serde(default)]
    pub site: String,
    /// Codes in the directory `language_of_instruction`.
    #[serde(default)]
    pub languages: Vec<String>,
    /// Point on the map.
    #[serde(default)]
    pub lat: Option<f64>,
    /// Point on the map.
    #[serde(default)]
    pub lon: Option<f64>,
}

/// `GET /cabinet/organisations/{id}`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct CabinetOrganisation {
    /// Identifier.
    pub id: String,
    /// Last segment of its public address.
    pub slug: String,
    /// BIN.
    pub bin: String,
    /// Code in the directory `organisation_type`.
    #[serde(rename = "type")]
    pub kind: String,
    /// `ministry`, `region`, `district` or `organisation`.
    pub level: String,
    /// KATO code.
    pub kato: String,
    /// Whether it lies in a village.
    pub rural: bool,
    /// Version for `If-Match`.
    pub version: i64,
    /// The card.
    pub card: Card,
    /// Whether this person may change it.
    pub editable: bool,
}

/// An organisation as it is stored.
#[derive(Debug, Clone, Deserialize)]
#[expect(missing_docs, reason = "the columns of the table")]
pub struct Row {
    pub id: String,
    pub slug: String,
    pub bin: String,
    #[serde(rename = "type")]
    pub kind: String,
    pub level: String,
    pub path: String,
    pub kato: String,
    pub name_kk: String,
    pub name_ru: String,
    pub name_en: String,
    pub address_kk: String,
    pub address_ru: String,
    pub about_kk: String,
    pub about_ru: String,
    pub phone: String,
    pub email: String,
    pub site: String,
    #[serde(deserialize_with = "row::json")]
    pub languages: Vec<String>,
    pub lat: Option<f64>,
    pub lon: Option<f64>,
    #[serde(deserialize_with = "row::flag")]
    pub rural: bool,
    pub version: i64,
}

impl Row {
    /// The part that its staff edits.
    pub fn card(&self) -> Card {
        Card {
            name: Text {
                kk: self.name_kk.clone(),
                ru: self.name_ru.clone(),
                en: self.name_en.clone(),
            },
            address: Text::new(&self.address_kk, &self.address_ru),
            about: Text::new(&self.about_kk, &self.about_ru),
            phone: self.phone.clone(),
            email: self.email.clone(),
            site: self.site.clone(),
            languages: self.languages.clone(),
            lat: self.lat,
            lon: self.lon,
        }
    }
}

impl Card {
    /// As it is kept: texts without characters that nobody sees.
    #[must_use]
    pub fn tidy(self) -> Card {
        Card {
            name: clean_text(&self.name, false),
            address: clean_text(&self.address, false),
            about: clean_text(&self.about, true),
            phone: clean(&self.phone, false),
            email: clean(&self.email, false),
            site: clean(&self.site, false),
            ..self
        }
    }
}

/// Checks a card before it is stored.
pub fn check_card(card: &Card, has_language: impl Fn(&str) -> bool) -> Result<(), Refusal> {
    let mut check = Check::default();
    for (field, text, max, required) in [
        ("name", &card.name, 300, true),
        ("address", &card.address, 300, false),
        ("about", &card.about, 2000, false),
    ] {
        for (lang, code, value) in
            [("kk", "required_kk", &text.kk), ("ru", "required_ru", &text.ru)]
        {
            if value.chars().count() > max {
                check.wrong_with(format!("{field}.{lang}"), "too_long", "max", max);
            } else if value.trim().is_empty() && (required || !text.is_empty()) {
                check.wrong(format!("{field}.{lang}"), code);
            }
        }
    }
    if !card.phone.is_empty() && Phone::parse(&card.phone).is_err() {
        check.wrong("phone", "phone");
    }
    if !card.email.is_empty() && !crate::vacancy::content::is_email(&card.email) {
        check.wrong("email", "email");
    }
    let plain = |site: &str| {
        (site.starts_with("https://") || site.starts_with("http://"))
            && site.len() <= 200
            && !site.contains(|c: char| c.is_whitespace() || "<>\"'".contains(c))
    };
    if !card.site.is_empty() && !plain(&card.site) {
        check.wrong("site", "site");
    }
    if !card.languages.iter().all(|code| has_language(code)) {
        check.wrong("languages", "unknown");
    }
    // The country lies between 40° and 56° north, 46° and 88° east.
    match (card.lat, card.lon) {
        (None, None) => {}
        (Some(lat), Some(lon)) if (40.0..=56.0).contains(&lat) && (46.0..=88.0).contains(&lon) => {}
        _ => check.wrong("lat", "point"),
    }
    check.done()
}
