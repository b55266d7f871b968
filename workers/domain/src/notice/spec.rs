//! Events as data: who is told, by which variables and texts.

use std::{collections::BTreeMap, sync::OnceLock};

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{Arg, Args, Event};
use crate::shared::lang::{Lang, Text};

include!(concat!(env!("OUT_DIR"), "/messages.rs"));

/// Who is told. Decides which addresses and which preferences count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum To {
    /// The person whose matter it is.
    Applicant,
    /// Staff of an organisation.
    Staff,
    /// Anybody with an address.
    Anyone,
}

/// What a variable holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// The same in every language.
    Text,
    /// Words that differ by language.
    Words,
    /// A day.
    Day,
    /// A moment.
    Moment,
    /// A count.
    Count,
    /// A list.
    List,
}

/// A variable of an event.
#[derive(Debug, Clone, Deserialize)]
pub struct Variable {
    /// What it holds.
    #[serde(rename = "type")]
    pub kind: Kind,
    /// A value for previews and tests.
    pub sample: Value,
}

impl Variable {
    /// The sample as a value; `None` where the data is wrong, which a test forbids.
    pub fn sample(&self) -> Option<Arg> {
        let value = self.sample.clone();
        Some(match self.kind {
            Kind::Text => Arg::Text(serde_json::from_value(value).ok()?),
            Kind::Words => Arg::Words(serde_json::from_value(value).ok()?),
            Kind::Day => Arg::Day(serde_json::from_value(value).ok()?),
            Kind::Moment => Arg::Moment(serde_json::from_value(value).ok()?),
            Kind::Count => Arg::Count(serde_json::from_value(value).ok()?),
            Kind::List => Arg::List(serde_json::from_value(value).ok()?),
        })
    }
}

/// A text of an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Part {
    /// Heading in the inbox.
    Title,
    /// Text in the inbox.
    Body,
    /// Text message.
    Sms,
    /// Subject of the letter.
    Subject,
    /// Text of the letter.
    Email,
    /// Push.
    Push,
}

/// All texts of an event, in the order in which they are shown.
pub const PARTS: [Part; 6] =
    [Part::Title, Part::Body, Part::Sms, Part::Subject, Part::Email, Part::Push];

impl Part {
    /// The code, as in the data.
    pub const fn code(self) -> &'static str {
        match self {
            Part::Title => "title",
            Part::Body => "body",
            Part::Sms => "sms",
            Part::Subject => "subject",
            Part::Email => "email",
            Part::Push => "push",
        }
    }

    /// The part of a code.
    pub fn parse(code: &str) -> Option<Part> {
        PARTS.into_iter().find(|part| part.code() == code)
    }
}

/// An event.
#[derive(Debug, Clone, Deserialize)]
pub struct Spec {
    /// Which event.
    pub event: Event,
    /// Group of preferences: `application`, `work`, `reminder`, `account`, `alert`, `ticket` …
    pub group: String,
    /// Whether it has legal weight: it then always goes to the cabinet and by e-mail.
    pub significant: bool,
    /// Who is told.
    pub to: To,
    /// Where it leads, without the host; `{object}` is the identifier of what it is about.
    pub link: String,
    /// Its variables.
    pub variables: BTreeMap<String, Variable>,
    /// Its texts.
    pub texts: BTreeMap<Part, Text>,
}

impl Spec {
    /// A text as it is shipped.
    pub fn text(&self, part: Part, lang: Lang) -> &str {
        self.texts.get(&part).map_or("", |text| text.get(lang))
    }

    /// The values of a preview.
    pub fn samples(&self) -> Args {
        self.variables
            .iter()
            .filter_map(|(name, variable)| Some((name.clone(), variable.sample()?)))
            .collect()
    }

    /// Names of variables that have no value.
    pub fn missing(&self, args: &Args) -> Vec<&str> {
        self.variables.keys().filter(|name| !args.contains_key(*name)).map(String::as_str).collect()
    }
}

/// All events, by code. Read once; a file that cannot be read is left out, which a test forbids.
pub fn all() -> &'static BTreeMap<&'static str, Spec> {
    static ALL: OnceLock<BTreeMap<&'static str, Spec>> = OnceLock::new();
    ALL.get_or_init(|| {
        TEXTS
            .iter()
            .filter_map(|(code, text)| Some((*code, serde_json::from_str(text).ok()?)))
            .collect()
    })
}

/// An event's data.
pub fn spec(event: Event) -> Option<&'static Spec> {
    all().get(event.code())
}

/// The names between braces in a text, in order; `Err` holds what is no name: an open brace, an
/// empty one.
pub(super) fn names(text: &str) -> Result<Vec<&str>, String> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find(['{', '}']) {
        let tail = rest.get(at..).unwrap_or_default();
        let name = tail
            .strip_prefix('{')
            .and_then(|inner| inner.split_once('}'))
            .map(|(name, _)| name)
            .filter(|name| {
                !name.is_empty() && name.bytes().all(|b| b.is_ascii_lowercase() || b == b'_')
            })
            .ok_or_else(|| tail.chars().take(20).collect::<String>())?;
        found.push(name);
        rest = tail.get(name.len() + 2..).unwrap_or_default();
    }
    Ok(found)
}

/// What is wrong with a text of an event, as a code of `field.…` and the word it is about.
///
/// A text may leave variables out, except those that carry what the message is for: a code, an
/// address to confirm or to stop at.
pub fn check_text(spec: &Spec, part: Part, text: &str) -> Result<(), (&'static str, String)> {
    if text.trim().is_empty() {
        return Err(("required", String::new()));
    }
    let names = names(text).map_err(|place| ("template_brace", place))?;
    if let Some(name) = names.iter().find(|name| !spec.variables.contains_key(**name)) {
        return Err(("template_unknown", (*name).to_owned()));
    }
    let needed = spec.text(part, Lang::Ru);
    let vital = ["code", "confirm", "manage", "list", "page"];
    for name in vital {
        let mark = format!("{{{name}}}");
        if needed.contains(&mark) && !text.contains(&mark) {
            return Err(("template_missing", name.to_owned()));
        }
    }
    Ok(())
}
