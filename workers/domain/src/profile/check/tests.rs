use serde_json::json;

use super::*;
use crate::profile::{record::Record, settings::settings};

/// Everything with a code that does not start with `no_` is known.
struct Known;

impl Directories for Known {
    fn has(&self, _: &str, code: &str) -> bool {
        !code.starts_with("no_")
    }
    fn group(&self, _: &str) -> Option<String> {
        None
    }
    fn needs_text(&self, _: &str) -> bool {
        false
    }
    fn needs_subject(&self, _: &str) -> bool {
        false
    }
}

fn checked(input: &Value) -> Result<Value, Vec<(String, &'static str)>> {
    let facts = Facts {
        settings: settings().unwrap(),
        directories: &Known,
        today: NaiveDate::from_ymd_opt(2026, 11, 2).unwrap(),
    };
    record(input, &facts).map_err(|refusal| {
        refusal.fields.iter().map(|e| (e.field.to_string(), e.code)).collect::<Vec<_>>()
    })
}

/// A right record of every kind, made from its table.
fn sample(kind: Kind) -> Value {
    let mut out = json!({ "kind": kind.code() });
    for field in kind.spec().fields {
        out[field.name] = match field.form {
            Form::Text(2) => json!("KZ"),
            Form::Text(_) | Form::Long(_) => json!(format!("Мәтін {}", field.name)),
            Form::Choice(list) => json!(list[0]),
            Form::Code(_) => json!("mathematics"),
            Form::Day if field.name == "valid_to" || field.name == "to" => json!("2026-11-01"),
            Form::Day => json!("2024-02-29"),
            Form::Year => json!(2020),
            Form::Count(from, _) => json!(from.max(1)),
            Form::Hundredths(_) => json!(100),
            Form::Flag => json!(true),
            Form::Names(_) => json!(["А. Асан"]),
            Form::Url => json!("https://example.kz/a?b=1"),
            Form::Doi => json!("10.12345/abc.7"),
            Form::Initials => json!("Н. Ә."),
            Form::Language => json!("kk"),
            Form::Phone => json!("+77010000001"),
        };
    }
    out
}

#[test]
fn the_tables_and_the_types_agree() {
    for kind in Kind::ALL {
        let input = sample(*kind);
        let kept = checked(&input).unwrap_or_else(|e| panic!("{}: {e:?}", kind.code()));
        assert_eq!(kept, input, "{}", kind.code());
        let typed: Record = serde_json::from_value(kept.clone()).unwrap();
        assert_eq!(typed.kind(), *kind);
        assert_eq!(serde_json::to_value(&typed).unwrap(), kept, "{}", kind.code());
        for name in kind.spec().key {
            assert!(kind.spec().field(name).is_some(), "{}.{name}", kind.code());
        }
    }
}

#[test]
fn without_its_required_fields_no_kind_is_kept_and_each_is_named() {
    for kind in Kind::ALL {
        let wrong = checked(&json!({ "kind": kind.code() })).unwrap_err();
        for field in kind.spec().fields.iter().filter(|field| field.required) {
            let name = format!("record.{}", field.name);
            assert!(wrong.contains(&(name, "required")), "{}.{}", kind.code(), field.name);
        }
    }
}

#[test]
fn wrong_values_are_named() {
    let table: &[(Kind, &str, Value, &str)] = &[
        (Kind::Course, "hours", json!(0), "range"),
        (Kind::Course, "hours", json!("80"), "range"),
        (Kind::Course, "hours", json!(80.5), "range"),
        (Kind::Course, "from", json!("2025-02-30"), "day"),
        (Kind::Course, "from", json!("1825-02-03"), "day"),
        (Kind::Course, "from", json!("2027-01-01"), "future"),
        (Kind::Course, "to", json!("2024-02-28"), "dates"),
        (Kind::Course, "to", json!("2026-11-03"), "future"),
        (Kind::Course, "title", json!("ә".repeat(301)), "too_long"),
        (Kind::Course, "title", json!({"kk": "a"}), "text"),
        (Kind::Course, "salary", json!(1), "no_field"),
        (Kind::Category, "category", json!("no_such"), "unknown"),
        (Kind::Education, "level", json!("phd"), "unknown"),
        (Kind::Education, "finished", json!(2019), "dates"),
        (Kind::OzpResult, "score", json!(2), "at_most"),
        (Kind::Publication, "doi", json!("11.1234/abc"), "doi"),
        (Kind::Publication, "doi", json!("10.1234/<script>"), "doi"),
        (Kind::Publication, "url", json!("javascript:alert(1)"), "site"),
        (Kind::Publication, "url", json!("https://bank.kz@evil.kz/"), "site"),
        (Kind::Publication, "co_authors", json!(["a", "b", "c", "d"]), "too_many_names"),
        (Kind::StudentAchievement, "initials", json!("Асан Үсенов"), "initials"),
        (Kind::StudentAchievement, "initials", json!("А. Ү. С. Т."), "initials"),
        (Kind::StudentAchievement, "initials", json!("<b>"), "initials"),
        (Kind::Recommendation, "phone", json!("12"), "phone"),
        (Kind::Language, "language", json!("қаз"), "unknown"),
        (Kind::Language, "issued_on", Value::Null, "ok"),
    ];
    for (kind, field, value, code) in table {
        let mut input = sample(*kind);
        input[*field] = value.clone();
        let wrong = checked(&input).err().unwrap_or_default();
        let name = format!("record.{field}");
        let found = wrong.iter().find(|(have, _)| *have == name).map_or("ok", |(_, code)| code);
        assert_eq!(found, *code, "{}.{field} = {value}", kind.code());
    }
}

#[test]
fn a_certificate_of_a_language_needs_its_day_a_mother_tongue_does_not() {
    let mut input = json!({"kind": "language", "language": "en", "level": "b2", "test": "ielts"});
    assert_eq!(checked(&input).unwrap_err(), [("record.issued_on".to_owned(), "required")]);
    input["test"] = json!("none");
    assert!(checked(&input).is_ok());
}

#[test]
fn texts_are_kept_clean() {
    let mut input = sample(Kind::Course);
    input["title"] = json!("  Оқыту\u{202e}\u{0}\n\t әдістері\u{feff} ");
    assert_eq!(checked(&input).unwrap()["title"], "Оқыту әдістері");
    let mut input = sample(Kind::Essay);
    input["text"] = json!("Бір  \nекі\r\n\u{7}үш");
    assert_eq!(checked(&input).unwrap()["text"], "Бір\nекі\nүш");
    let mut input = sample(Kind::Publication);
    input["doi"] = json!("https://doi.org/10.12345/ABC.7");
    assert_eq!(checked(&input).unwrap()["doi"], "10.12345/abc.7");
    input["co_authors"] = json!([" ", ""]);
    assert!(checked(&json!({"kind": "nothing"})).is_err());
}
