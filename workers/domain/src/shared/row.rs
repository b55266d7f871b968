//! Reading rows: SQLite has no booleans and no nested values.

use serde::{Deserialize, Deserializer, de::DeserializeOwned};

/// `#[serde(deserialize_with = "row::json")]`: a column that holds JSON as text. The value itself
/// is read too, so that the same type serves the database and the API.
pub fn json<'de, T: DeserializeOwned, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<T, D::Error> {
    match serde_json::Value::deserialize(deserializer)? {
        serde_json::Value::String(text) => serde_json::from_str(&text),
        value => serde_json::from_value(value),
    }
    .map_err(serde::de::Error::custom)
}

/// The same for a column that may be NULL. Needs `#[serde(default)]` as well.
pub fn json_option<'de, T: DeserializeOwned, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<T>, D::Error> {
    Option::<String>::deserialize(deserializer)?
        .map(|text| serde_json::from_str(&text).map_err(serde::de::Error::custom))
        .transpose()
}

/// A column that holds 0 or 1.
pub fn flag<'de, D: Deserializer<'de>>(deserializer: D) -> Result<bool, D::Error> {
    Ok(i64::deserialize(deserializer)? != 0)
}
