//! Texts, days and moments in the language of the moment.

use std::cell::RefCell;

use chrono::{Datelike, NaiveDate, Timelike};
use domain::shared::{
    lang::{Lang, Text},
    locale, number,
    time::Timestamp,
};

use crate::{
    api::{Problem, wire},
    browser,
    json::{self, Json},
    state::app,
};

/// The language; the reader of the signal follows it.
pub fn lang() -> Lang {
    app().lang.get()
}

/// The texts of a language: keys in order, as the build writes them.
type Texts = Vec<(String, String)>;

thread_local! {
    static TEXTS: RefCell<Vec<(Lang, &'static Texts)>> = const { RefCell::new(Vec::new()) };
}

/// Gets the texts of a language: each is a file of its own, and only those that are read are
/// loaded. The page that loads this program has begun to fetch the first one.
pub async fn learn(lang: Lang) -> Result<(), Problem> {
    if known(lang).is_some() {
        return Ok(());
    }
    let text = browser::texts(lang.code()).await.ok_or_else(Problem::network)?;
    let Some(Json::Map(all)) = json::read(&text) else { return Err(Problem::unreadable()) };
    let mut texts: Texts =
        all.into_iter().map(|(key, text)| (key, text.text().to_owned())).collect();
    sort_by(&mut texts, |(a, _), (b, _)| a <= b);
    // For ever: there are three languages, and texts are everywhere.
    let texts: &'static Texts = Box::leak(Box::new(texts));
    TEXTS.with_borrow_mut(|all| all.push((lang, texts)));
    Ok(())
}

/// Sorts what is short or sorted already. The sorting of the standard library is made anew for
/// every type, and is 4 KB of program each time.
pub fn sort_by<T>(all: &mut [T], in_order: impl Fn(&T, &T) -> bool) {
    for end in 1..all.len() {
        let mut at = end;
        while at > 0 && !in_order(&all[at - 1], &all[at]) {
            all.swap(at - 1, at);
            at -= 1;
        }
    }
}

fn known(lang: Lang) -> Option<&'static Texts> {
    TEXTS.with_borrow(|all| all.iter().find(|(one, _)| *one == lang).map(|(_, texts)| *texts))
}

fn find(key: &str) -> Option<&'static str> {
    let texts = known(lang())?;
    let place = texts.binary_search_by(|(have, _)| have.as_str().cmp(key)).ok()?;
    texts.get(place).map(|(_, text)| text.as_str())
}

/// A text of the interface.
pub fn t(key: &'static str) -> &'static str {
    find(key).unwrap_or(key)
}

/// A text whose key is made of a prefix and a code; the code itself where there is none.
pub fn t_of(prefix: &str, code: &str) -> String {
    find(&format!("{prefix}.{code}")).unwrap_or(code).to_owned()
}

/// Whether there is a text of a key.
pub fn has(key: &str) -> bool {
    find(key).is_some()
}

/// A key that is put together, for those who ask for keys that live for ever: each is kept once.
pub fn key(text: String) -> &'static str {
    thread_local! {
        static KEYS: RefCell<Vec<&'static str>> = const { RefCell::new(Vec::new()) };
    }
    KEYS.with_borrow_mut(|keys| match keys.iter().find(|have| **have == text) {
        Some(have) => have,
        None => {
            keys.push(Box::leak(text.into_boxed_str()));
            keys.last().copied().unwrap_or_default()
        }
    })
}

/// A text in two or three languages, as the server writes it.
pub fn pick_json(text: &Json) -> String {
    let name = match lang() {
        Lang::Kk => "kk",
        Lang::Ru => "ru",
        Lang::En => "en",
    };
    let order = [name, "ru", "kk"];
    let found = order.iter().map(|name| text.str(name)).find(|text| !text.is_empty());
    found.unwrap_or_default().to_owned()
}

/// The moment at a path, in words.
pub fn moment_at(all: &Json, path: &str) -> String {
    wire::moment(all.str(path)).map(moment).unwrap_or_default()
}

/// The day at a path, in words.
pub fn day_at(all: &Json, path: &str) -> String {
    wire::day(all.str(path)).map(day).unwrap_or_default()
}

/// A text with values.
pub fn fill(key: &'static str, values: &[(&str, &str)]) -> String {
    locale::fill(t(key), values)
}

/// A counted noun.
pub fn count(key: &'static str, n: i64) -> String {
    let form = locale::plural_form(lang(), n);
    let text = find(&format!("{key}.{form}")).unwrap_or(key);
    locale::fill(text, &[("n", &number_of(n))])
}

/// The text of an organisation or a directory for the reader.
pub fn pick(text: &Text) -> String {
    text.get(lang()).to_owned()
}

/// A whole number.
pub fn number_of(n: impl Into<i64>) -> String {
    number::group(lang(), n.into())
}

/// `2026 жылғы 5 наурыз`, `5 марта 2026`.
pub fn day(day: NaiveDate) -> String {
    day_in(lang(), day)
}

/// A day in a language.
pub fn day_in(lang: Lang, day: NaiveDate) -> String {
    const KK: [&str; 12] = [
        "қаңтар",
        "ақпан",
        "наурыз",
        "сәуір",
        "мамыр",
        "маусым",
        "шілде",
        "тамыз",
        "қыркүйек",
        "қазан",
        "қараша",
        "желтоқсан",
    ];
    const RU: [&str; 12] = [
        "января",
        "февраля",
        "марта",
        "апреля",
        "мая",
        "июня",
        "июля",
        "августа",
        "сентября",
        "октября",
        "ноября",
        "декабря",
    ];
    const EN: [&str; 12] = [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ];
    let names = match lang {
        Lang::Kk => KK,
        Lang::Ru => RU,
        Lang::En => EN,
    };
    let month = names.get(day.month0() as usize).copied().unwrap_or_default();
    match lang {
        Lang::Kk => format!("{}\u{a0}жылғы {}\u{a0}{month}", day.year(), day.day()),
        _ => format!("{}\u{a0}{month} {}", day.day(), day.year()),
    }
}

/// `2026 жылғы 5 наурыз, 18:30` on the clocks of the country.
pub fn moment(at: Timestamp) -> String {
    let local = at.local();
    format!("{}, {}:{}", day(local.date()), padded(local.hour(), 2), padded(local.minute(), 2))
}

/// A number with zeros before it.
pub fn padded(n: u32, width: usize) -> String {
    let mut out = n.to_string();
    while out.len() < width {
        out.insert(0, '0');
    }
    out
}

/// `2026-03-05`: a day for machines.
pub fn iso(day: NaiveDate) -> String {
    let year = u32::try_from(day.year()).unwrap_or_default();
    format!("{}-{}-{}", padded(year, 4), padded(day.month(), 2), padded(day.day(), 2))
}

/// How long ago a moment was, roughly.
pub fn ago(at: Timestamp, now: Timestamp) -> String {
    let minutes = (now.millis() - at.millis()).max(0) / 60_000;
    match minutes {
        0 => t("ago.now").to_owned(),
        1..60 => fill("ago.minutes", &[("n", &minutes.to_string())]),
        60..1440 => fill("ago.hours", &[("n", &(minutes / 60).to_string())]),
        _ => moment(at),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::shared::locale::{
        CABINET, CABINET_ADMINISTRATION, CABINET_APPLICANT, CABINET_AUTHORING, CABINET_BANK,
        CABINET_DIRECTORIES, CABINET_ITEMS, CABINET_JUDGING, CABINET_MESSAGES, CABINET_MY,
        CABINET_OWN, CABINET_SELECTION, CABINET_STAFF, CABINET_TESTING, CABINET_VACANCY,
        CABINET_WRITING, FEEDBACK, PROFILE,
    };

    #[test]
    fn days_are_written_out() {
        let day = NaiveDate::from_ymd_opt(2026, 3, 5).unwrap();
        assert_eq!(day_in(Lang::Kk, day), "2026\u{a0}жылғы 5\u{a0}наурыз");
        assert_eq!(day_in(Lang::Ru, day), "5\u{a0}марта 2026");
        assert_eq!(day_in(Lang::En, day), "5\u{a0}March 2026");
    }

    /// Every key that the sources name is in the texts of their cabinet, in all its forms.
    #[test]
    fn every_key_has_a_text() {
        // What the build takes over from the server's texts of records and tickets.
        let taken = |key: &&str| ["choice.", "field.", "kind."].iter().any(|a| key.starts_with(a));
        let topics = FEEDBACK.keys().filter(|key| key.starts_with("topic."));
        let records = || PROFILE.keys().filter(taken);
        // What is said in the profile alone stays with it; as the build takes them over.
        let my = || {
            let apart = |key: &&str| {
                let (head, rest) = key.split_once('.').unwrap_or((key, ""));
                let asked = ["ask", "confirm", "recall"];
                matches!(head, "card" | "organisation" | "span")
                    || (head == "profile" && rest != "filled")
                    || (head == "record" && asked.iter().any(|one| rest.starts_with(one)))
            };
            CABINET_MY.keys().filter(move |key| !apart(key))
        };
        let items = || {
            CABINET_ITEMS.keys().filter(|key| {
                // As the build takes them over.
                let one =
                    ["any", "answer", "gap", "level", "kind", "no_image", "no_text", "not_written"];
                let more = ["right", "topic"];
                key.starts_with("bank_kind.")
                    || key.starts_with("bank_level.")
                    || one.iter().chain(&more).any(|word| *key == format!("bank.{word}"))
            })
        };
        let shared = CABINET_TESTING.keys().filter(|key| {
            ["testing.", "exam.", "exam_category.", "exam_purpose.", "seat."]
                .iter()
                .any(|area| key.starts_with(area))
        });
        let cabinets: [(&str, Vec<&str>); 13] = [
            // The form of a record is drawn in the two cabinets that have its words.
            ("kit", CABINET_MY.keys().collect()),
            ("staff", CABINET_STAFF.keys().chain(CABINET_VACANCY.keys()).collect()),
            ("writing", CABINET_WRITING.keys().chain(CABINET_VACANCY.keys()).collect()),
            ("administration", CABINET_ADMINISTRATION.keys().collect()),
            ("messages", CABINET_MESSAGES.keys().collect()),
            ("directories", CABINET_DIRECTORIES.keys().collect()),
            ("bank", CABINET_BANK.keys().chain(CABINET_ITEMS.keys()).collect()),
            ("testing", CABINET_TESTING.keys().chain(items()).collect()),
            ("judging", CABINET_JUDGING.keys().chain(shared).chain(items()).collect()),
            ("authoring", CABINET_AUTHORING.keys().chain(CABINET_ITEMS.keys()).collect()),
            ("selection", CABINET_SELECTION.keys().collect()),
            ("applicant", CABINET_APPLICANT.keys().chain(my()).chain(records()).collect()),
            (
                "own",
                CABINET_OWN
                    .keys()
                    .chain(CABINET_MY.keys())
                    .chain(records())
                    .chain(topics)
                    .collect(),
            ),
        ];
        let mut missing = Vec::new();
        for (name, own) in cabinets {
            let keys: Vec<&str> = CABINET.keys().chain(own).collect();
            let mut twice = keys.clone();
            twice.sort_unstable();
            assert!(twice.windows(2).all(|two| two[0] != two[1]), "{name}: a key stands twice");
            let root = concat!(env!("CARGO_MANIFEST_DIR"), "/../");
            missing.extend(unknown_keys(&std::path::Path::new(root).join(name).join("src"), &keys));
        }
        assert!(missing.is_empty(), "{missing:#?}");
    }

    fn unknown_keys(folder: &std::path::Path, keys: &[&str]) -> Vec<String> {
        let mut files = vec![folder.to_owned()];
        let areas: Vec<_> = keys.iter().filter_map(|key| key.split('.').next()).collect();
        let known = |key: &str| keys.contains(&key);
        let mut missing = Vec::new();
        while let Some(path) = files.pop() {
            if path.is_dir() {
                files.extend(std::fs::read_dir(path).unwrap().map(|entry| entry.unwrap().path()));
                continue;
            }
            let source = std::fs::read_to_string(&path).unwrap();
            let mut before = "";
            for literal in source.split('"') {
                let tail = before.trim_end();
                before = literal;
                // Paths into an answer look like keys.
                let reads =
                    ["at(", "str(", "list(", "texts(", "int(", "flag(", "is_empty(", "named("];
                let call = tail.rsplit(['\n', ';', ' ']).next().unwrap_or_default();
                // A code that is compared is nothing to read out.
                let compared = tail.ends_with("==") || tail.ends_with("!=");
                let argument = tail.rsplit_once('(').is_some_and(|(call, rest)| {
                    rest.ends_with(',')
                        && ["_at", "place", "points_of"].iter().any(|one| call.ends_with(one))
                });
                if argument || compared || reads.iter().any(|read| call.ends_with(read)) {
                    continue;
                }
                let plain = |c: char| c.is_ascii_lowercase() || c == '_' || c == '.';
                let head = literal.split('.').next().unwrap();
                // Roles are asked for by code; `role.…` in the sources are names of fields.
                let is_key = literal.contains('.') && literal.chars().all(plain) && head != "role";
                if is_key && areas.contains(&head) && !known(literal) {
                    let counted = known(&format!("{literal}.one"));
                    let prefix = keys.iter().any(|key| key.starts_with(&format!("{literal}.")));
                    if !counted && !prefix {
                        missing.push(format!("{}: {literal}", path.display()));
                    }
                }
            }
        }
        missing
    }
}
