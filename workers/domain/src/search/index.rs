//! From a vacancy of the main database to its entry in the index.

use std::collections::{BTreeSet, HashMap, HashSet};

use chrono::{Datelike, NaiveDate};
use serde::{Deserialize, Serialize};

use super::{
    api::Card,
    filter::{Filter, district_of, region_of},
    geo::{self, Point},
    text::exact_words,
    token,
};
use crate::{
    shared::{
        fold,
        lang::{Lang, Text},
        stem::stem,
        synonyms,
        time::Timestamp,
    },
    vacancy::{
        self,
        model::{Content, State, Term},
    },
};

/// Bits of a row that hold the number of the vacancy.
const NUMBER_BITS: u32 = 28;
/// Masks the number out of a row.
pub const NUMBER_MASK: i64 = (1 << NUMBER_BITS) - 1;
/// The largest sort key above the number: 24 bits, so that a row stays below 2^53.
const KEY_MAX: i64 = (1 << 24) - 1;
/// Minutes of 2020-01-01 since 1970: minutes are counted from there.
const EPOCH: i64 = 26_297_280;
/// Days from the first of January of year 1 to 1970, counted as chrono does.
const DAYS_TO_1970: i64 = 719_163;

/// The first row of `ending` that may be open at a moment: rows below are over. Rows are by the
/// minute, rounded up, so this one is past the minute of now.
pub fn first_open(now: Timestamp) -> i64 {
    (now.millis().div_euclid(60_000) + 1 - EPOCH).clamp(0, KEY_MAX) << NUMBER_BITS
}

/// The first row of `ending` of a day (UTC).
pub fn first_row(day: NaiveDate) -> i64 {
    let days = i64::from(day.num_days_from_ce()) - DAYS_TO_1970;
    (days * 1440 - EPOCH).clamp(0, KEY_MAX) << NUMBER_BITS
}

/// A vacancy as the main database tells it.
#[derive(Debug, Clone, Deserialize)]
pub struct Source {
    /// Identifier.
    pub id: String,
    /// Number for people.
    pub number: i64,
    /// Last segment of its address.
    pub slug: String,
    /// Where it stands.
    pub state: State,
    /// The announcement, as JSON.
    pub content: String,
    /// When it was published.
    pub published_at: Option<Timestamp>,
    /// Last day of acceptance.
    pub accept_to: Option<NaiveDate>,
    /// The moment at which acceptance ends.
    pub closes_at: Option<Timestamp>,
    /// When it last changed.
    pub changed_at: Timestamp,
    /// Last segment of the organisation's address.
    pub org_slug: String,
    /// Names of the organisation.
    pub org_kk: String,
    /// In Russian.
    pub org_ru: String,
    /// In English.
    pub org_en: String,
    /// Type of the organisation.
    pub org_type: String,
    /// KATO code of the organisation.
    pub kato: String,
    /// Point of the organisation.
    pub lat: Option<f64>,
    /// Point of the organisation.
    pub lon: Option<f64>,
}

/// A name of a directory or a place, as kept in the search database too.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Name {
    /// The directory, or `kato`.
    pub facet: String,
    /// The code.
    pub code: String,
    /// Kazakh.
    pub kk: String,
    /// Russian.
    pub ru: String,
    /// English.
    #[serde(default)]
    pub en: String,
    /// Point of a place.
    #[serde(default)]
    pub lat: Option<f64>,
    /// Point of a place.
    #[serde(default)]
    pub lon: Option<f64>,
    /// Attributes of a directory item, as JSON.
    #[serde(default, skip_serializing)]
    pub attrs: Option<String>,
}

impl Name {
    /// The name in the three languages.
    pub fn text(&self) -> Text {
        Text { kk: self.kk.clone(), ru: self.ru.clone(), en: self.en.clone() }
    }
}

/// What is read of the attributes.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Attrs {
    group: String,
    teacher: Option<Text>,
}

/// Names by directory and code.
pub struct Names(HashMap<(String, String), Name>);

impl Names {
    /// From rows.
    pub fn new(rows: Vec<Name>) -> Names {
        Names(rows.into_iter().map(|n| ((n.facet.clone(), n.code.clone()), n)).collect())
    }

    /// A name.
    pub fn get(&self, facet: &str, code: &str) -> Option<&Name> {
        self.0.get(&(facet.to_owned(), code.to_owned()))
    }

    fn attrs(&self, facet: &str, code: &str) -> Attrs {
        let text = self.get(facet, code).and_then(|name| name.attrs.as_deref());
        text.and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default()
    }
}

/// The entry of a vacancy: rows of the tables `fact` and `card` and its tokens.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Entry {
    number: i64,
    vacancy: String,
    ending: i64,
    newest: i64,
    paying: i64,
    closes_at: i64,
    pay: i64,
    lat: Option<f64>,
    lon: Option<f64>,
    region: String,
    district: String,
    grp: String,
    position: String,
    subject: String,
    language: String,
    #[serde(rename = "type")]
    kind: String,
    term: String,
    rate: String,
    extras: String,
    slug: String,
    changed_at: String,
    kk: String,
    ru: String,
    en: String,
    tokens: String,
}

/// The entry of a vacancy, if it is to be found now: published, and acceptance goes on.
pub fn entry(source: &Source, names: &Names, now: Timestamp) -> Option<Entry> {
    let (State::Published, Some(published_at), Some(closes_at), Some(accept_to)) =
        (source.state, source.published_at, source.closes_at, source.accept_to)
    else {
        return None;
    };
    if closes_at <= now {
        return None;
    }
    let content: Content = serde_json::from_str(&source.content).ok()?;
    let (region, district) = (region_of(&source.kato), district_of(&source.kato));
    let attrs = names.attrs("position", &content.position);
    let title = title(&content, names);
    let place = place(names, &region, &district);
    let pay = content.salary_from.or(content.salary_to).unwrap_or(0).max(0);
    let district_point = names.get("kato", &district);
    let own = source.lat.zip(source.lon);
    let point = own.or_else(|| district_point.and_then(|name| name.lat.zip(name.lon)));
    let card = |lang: Lang| {
        let organisation = Text {
            kk: source.org_kk.clone(),
            ru: source.org_ru.clone(),
            en: source.org_en.clone(),
        };
        let card = Card {
            number: source.number,
            slug: source.slug.clone(),
            title: title.get(lang).to_owned(),
            organisation: organisation.get(lang).to_owned(),
            organisation_slug: source.org_slug.clone(),
            place: place.get(lang).to_owned(),
            kato: district.clone(),
            position: content.position.clone(),
            subject: content.subject.clone(),
            rate: content.rate,
            salary_from: content.salary_from,
            salary_to: content.salary_to,
            language: content.language.clone(),
            temporary: content.term == Term::Temporary,
            extras: content.extras.clone(),
            accept_to,
            closes_at,
            published_at,
            changed_at: source.changed_at,
            km: None,
        };
        serde_json::to_string(&card).ok()
    };
    let row = |key: i64| (key.clamp(0, KEY_MAX) << NUMBER_BITS) | (source.number & NUMBER_MASK);
    // Rounded up: a vacancy stays in reach until its very last second.
    let closing_minute = closes_at.millis().saturating_add(59_999).div_euclid(60_000) - EPOCH;
    let published_minute = published_at.millis().div_euclid(60_000) - EPOCH;
    let term = if content.term == Term::Temporary { "temporary" } else { "permanent" };
    let mut entry = Entry {
        number: source.number,
        vacancy: source.id.clone(),
        ending: row(closing_minute),
        newest: row(KEY_MAX - published_minute.clamp(0, KEY_MAX)),
        paying: row(KEY_MAX - pay.clamp(0, KEY_MAX)),
        closes_at: closes_at.millis(),
        pay,
        lat: point.map(|(lat, _)| lat),
        lon: point.map(|(_, lon)| lon),
        grp: attrs.group,
        position: content.position.clone(),
        subject: content.subject.clone().unwrap_or_default(),
        language: content.language.clone(),
        kind: source.org_type.clone(),
        term: term.to_owned(),
        rate: content.rate.to_string(),
        extras: serde_json::to_string(&content.extras).ok()?,
        slug: source.slug.clone(),
        changed_at: source.changed_at.to_string(),
        kk: card(Lang::Kk)?,
        ru: card(Lang::Ru)?,
        en: card(Lang::En)?,
        region,
        district,
        tokens: String::new(),
    };
    entry.tokens = tokens(source, &content, names, &entry, &title, &place);
    Some(entry)
}

/// The tokens of an entry, each once.
fn tokens(
    source: &Source,
    content: &Content,
    names: &Names,
    entry: &Entry,
    title: &Text,
    place: &Text,
) -> String {
    let mut out: BTreeSet<String> = BTreeSet::new();
    let parts = |text: &Text| [text.kk.clone(), text.ru.clone(), text.en.clone()];
    let name = |facet: &str, code: &str| {
        names.get(facet, code).map(|name| parts(&name.text())).unwrap_or_default()
    };
    let subject = name("subject", &entry.subject);
    let position = name("position", &entry.position);
    for text in parts(title).iter().chain(&subject).chain(&position) {
        out.extend(exact_words(text).into_iter().map(|word| format!("e{word}")));
        for word in fold::words(text) {
            let stem = stem(&word);
            out.insert(format!("t{stem}"));
            out.insert(format!("s{stem}"));
            out.extend(token::prefixes(&word));
        }
    }
    let organisation = [source.org_kk.clone(), source.org_ru.clone(), source.org_en.clone()];
    for text in organisation.iter().chain(&parts(place)) {
        for word in fold::words(text) {
            out.insert(format!("s{}", stem(&word)));
            out.extend(token::prefixes(&word));
        }
    }
    let kind = name("organisation_type", &entry.kind);
    let extras = content.extras.iter().flat_map(|code| name("extra", code));
    let rest = [&content.duties, &content.requirements, &content.conditions, &content.bonuses]
        .into_iter()
        .chain([&content.address])
        .flat_map(parts)
        .chain(kind)
        .chain(extras);
    for text in rest {
        out.extend(fold::words(&text).iter().map(|word| format!("s{}", stem(word))));
    }
    out.insert(format!("s{}", source.number));
    let stems: HashSet<&str> = out.iter().filter_map(|token| token.strip_prefix('s')).collect();
    let meant = synonyms::concepts(&stems);
    out.extend(token::concepts(&meant));
    out.insert(token::ALL.to_owned());
    for (filter, code) in [
        (Filter::Region, &entry.region),
        (Filter::District, &entry.district),
        (Filter::Group, &entry.grp),
        (Filter::Position, &entry.position),
        (Filter::Subject, &entry.subject),
        (Filter::Language, &entry.language),
        (Filter::Type, &entry.kind),
        (Filter::Term, &entry.term),
        (Filter::Rate, &entry.rate),
        (Filter::Org, &source.org_slug),
    ] {
        if !code.is_empty() {
            out.insert(token::facet(filter, code));
        }
    }
    out.extend(content.extras.iter().map(|code| token::facet(Filter::Extra, code)));
    out.insert(token::closing(Timestamp::from_millis(entry.closes_at).day()));
    out.extend(token::pays(entry.pay));
    if let Some((lat, lon)) = entry.lat.zip(entry.lon) {
        out.extend(geo::cells(Point { lat, lon }));
    }
    out.into_iter().collect::<Vec<_>>().join(" ")
}

/// The title in the three languages.
fn title(content: &Content, names: &Names) -> Text {
    let position = names.get("position", &content.position).map(Name::text).unwrap_or_default();
    let code = content.subject.as_deref().unwrap_or_default();
    let subject = names.get("subject", code).map(Name::text);
    let teacher = names.attrs("subject", code).teacher;
    vacancy::title::title(content, &position, subject.as_ref(), teacher.as_ref())
}

/// District and region in the order of each language; a city of its own is named once.
pub fn place(names: &Names, region: &str, district: &str) -> Text {
    let of = |code: &str| names.get("kato", code).map(Name::text).unwrap_or_default();
    let (wide, near) = (of(region), of(district));
    if region == district || near.is_empty() {
        return wide;
    }
    let join = |lang: Lang| match (lang, near.get(lang), wide.get(lang)) {
        (_, near, "") => near.to_owned(),
        // Kazakh goes from the whole to the part.
        (Lang::Kk, near, wide) => format!("{wide}, {near}"),
        (_, near, wide) => format!("{near}, {wide}"),
    };
    Text { kk: join(Lang::Kk), ru: join(Lang::Ru), en: join(Lang::En) }
}

#[cfg(test)]
mod tests;
