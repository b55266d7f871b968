//! Moments and days. Stored in UTC as RFC 3339 text with milliseconds (sortable, readable);
//! shown in Astana time, which is UTC+5 for the whole country since 1 March 2024.

use chrono::{
    DateTime, Datelike, FixedOffset, NaiveDate, NaiveDateTime, NaiveTime, SecondsFormat, Utc,
};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::statement::Param;

/// The offset of the country's one time zone.
const OFFSET_SECONDS: i32 = 5 * 3600;

/// A moment, to the millisecond.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(DateTime<Utc>);

impl Timestamp {
    /// From milliseconds since 1970-01-01 UTC; a value out of range becomes 1970.
    pub fn from_millis(millis: i64) -> Timestamp {
        Timestamp(DateTime::from_timestamp_millis(millis).unwrap_or_default())
    }

    /// Milliseconds since 1970-01-01 UTC.
    pub fn millis(self) -> i64 {
        self.0.timestamp_millis()
    }

    /// Reads RFC 3339 with any offset.
    pub fn parse(text: &str) -> Option<Timestamp> {
        DateTime::parse_from_rfc3339(text)
            .ok()
            .map(|t| Timestamp::from_millis(t.timestamp_millis()))
    }

    /// A day and time on the clocks of the country.
    pub fn from_local(day: NaiveDate, time: NaiveTime) -> Timestamp {
        let utc = NaiveDateTime::new(day, time) - chrono::TimeDelta::seconds(OFFSET_SECONDS.into());
        Timestamp(utc.and_utc())
    }

    /// The day and time on the clocks of the country.
    pub fn local(self) -> NaiveDateTime {
        (self.0 + chrono::TimeDelta::seconds(OFFSET_SECONDS.into())).naive_utc()
    }

    /// The day on the calendars of the country.
    pub fn day(self) -> NaiveDate {
        self.local().date()
    }

    /// Later (or earlier) by seconds.
    #[must_use]
    pub fn plus_seconds(self, seconds: i64) -> Timestamp {
        Timestamp::from_millis(self.millis().saturating_add(seconds.saturating_mul(1000)))
    }

    /// RFC 3339 in the country's offset, for readers of feeds and mark-up.
    pub fn rfc3339_local(self) -> String {
        let offset = FixedOffset::east_opt(OFFSET_SECONDS);
        offset.map_or_else(
            || self.to_string(),
            |offset| self.0.with_timezone(&offset).to_rfc3339_opts(SecondsFormat::Secs, false),
        )
    }
}

impl std::fmt::Display for Timestamp {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0.to_rfc3339_opts(SecondsFormat::Millis, true))
    }
}

impl From<Timestamp> for Param {
    fn from(value: Timestamp) -> Param {
        Param::Text(value.to_string())
    }
}

impl From<NaiveDate> for Param {
    fn from(value: NaiveDate) -> Param {
        Param::Text(value.to_string())
    }
}

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Timestamp, D::Error> {
        let text = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
        Timestamp::parse(&text).ok_or_else(|| serde::de::Error::custom("not an RFC 3339 moment"))
    }
}

#[cfg(feature = "schema")]
impl schemars::JsonSchema for Timestamp {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Timestamp".into()
    }
    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "string", "format": "date-time" })
    }
}

/// The number of whole days from one day to another.
pub fn days_between(from: NaiveDate, to: NaiveDate) -> i64 {
    i64::from(to.num_days_from_ce()) - i64::from(from.num_days_from_ce())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shows_astana_time() {
        let moment = Timestamp::parse("2026-11-21T20:30:00Z").unwrap();
        assert_eq!(moment.day().to_string(), "2026-11-22");
        assert_eq!(moment.rfc3339_local(), "2026-11-22T01:30:00+05:00");
        assert_eq!(moment.to_string(), "2026-11-21T20:30:00.000Z");
        assert_eq!(Timestamp::from_local(moment.day(), moment.local().time()), moment);
    }
}
