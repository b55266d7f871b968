//! Values of variables: kept as what they are and written out in the reader's language.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::shared::{
    format,
    lang::{Lang, Text},
    number,
    time::Timestamp,
};

/// A value of a variable.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Arg {
    /// The same in every language: a number, a code, an address.
    Text(String),
    /// Words that differ by language.
    Words(Text),
    /// A day.
    Day(NaiveDate),
    /// A moment, shown on the clocks of the country.
    Moment(Timestamp),
    /// A count.
    Count(i64),
    /// Several things, a line or a link each.
    List(Vec<Item>),
}

/// An entry of a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Item {
    /// What it is.
    pub title: String,
    /// What is to be known of it.
    pub text: String,
    /// Whole address; may be empty.
    pub link: String,
}

impl Arg {
    /// The value in words.
    pub fn show(&self, lang: Lang) -> String {
        match self {
            Arg::Text(text) => text.clone(),
            Arg::Words(text) => text.get(lang).to_owned(),
            Arg::Day(day) => format::date(lang, *day),
            Arg::Moment(moment) => format::date_time(lang, *moment),
            Arg::Count(n) => number::group(lang, *n),
            Arg::List(items) => items.iter().map(Item::line).collect::<Vec<_>>().join("\n\n"),
        }
    }

    /// As short as it can be, for text messages: `26.11`, `24.11 18:30`.
    pub fn show_short(&self, lang: Lang) -> String {
        match self {
            Arg::Day(day) => day.format("%d.%m").to_string(),
            Arg::Moment(moment) => moment.local().format("%d.%m %H:%M").to_string(),
            other => other.show(lang),
        }
    }
}

impl Item {
    fn line(&self) -> String {
        let parts = [&self.title, &self.text, &self.link];
        parts.into_iter().filter(|part| !part.is_empty()).cloned().collect::<Vec<_>>().join("\n")
    }
}

impl From<&str> for Arg {
    fn from(value: &str) -> Arg {
        Arg::Text(value.to_owned())
    }
}
impl From<String> for Arg {
    fn from(value: String) -> Arg {
        Arg::Text(value)
    }
}
impl From<Text> for Arg {
    fn from(value: Text) -> Arg {
        Arg::Words(value)
    }
}
impl From<NaiveDate> for Arg {
    fn from(value: NaiveDate) -> Arg {
        Arg::Day(value)
    }
}
impl From<Timestamp> for Arg {
    fn from(value: Timestamp) -> Arg {
        Arg::Moment(value)
    }
}
impl From<i64> for Arg {
    fn from(value: i64) -> Arg {
        Arg::Count(value)
    }
}
impl From<Vec<Item>> for Arg {
    fn from(value: Vec<Item>) -> Arg {
        Arg::List(value)
    }
}
