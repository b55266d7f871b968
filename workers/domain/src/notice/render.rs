//! From an event and its values to the words that a person reads.

use super::{Args, Part, Spec};
use crate::shared::lang::{Lang, Text};

/// What stands where a value is missing: a text with a gap is better than none.
const GAP: &str = "—";

/// Texts that the operator has put in the place of shipped ones.
pub type Edited = std::collections::BTreeMap<Part, Text>;

/// A text with its variables filled in one pass: braces in a value stay what they are.
pub fn fill(text: &str, value: impl Fn(&str) -> Option<String>) -> String {
    let mut out = String::with_capacity(text.len() + 64);
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        out.push_str(before);
        match after.split_once('}') {
            Some((name, tail)) => {
                out.push_str(&value(name).unwrap_or_else(|| GAP.to_owned()));
                rest = tail;
            }
            None => {
                out.push('{');
                rest = after;
            }
        }
    }
    out.push_str(rest);
    out
}

/// The text of an event before its variables are filled.
pub fn template<'a>(spec: &'a Spec, edited: &'a Edited, part: Part, lang: Lang) -> &'a str {
    edited.get(&part).map_or_else(|| spec.text(part, lang), |text| text.get(lang))
}

/// A text of an event in a language.
pub fn part(spec: &Spec, edited: &Edited, part: Part, lang: Lang, args: &Args) -> String {
    fill(template(spec, edited, part, lang), |name| {
        let value = args.get(name)?;
        Some(if part == Part::Sms { value.show_short(lang) } else { value.show(lang) })
    })
}

/// Where an event leads, without the host; empty where it leads nowhere.
pub fn link(spec: &Spec, object: &str) -> String {
    spec.link.replace("{object}", object)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::notice::{Arg, Event, PARTS, all, check_text, spec};
    use crate::shared::{lang::Lang, locale::CABINET_MESSAGES};

    #[test]
    fn every_event_has_its_data_and_every_file_its_event() {
        assert_eq!(all().len(), Event::ALL.len());
        for event in Event::ALL {
            let spec = spec(*event).unwrap_or_else(|| panic!("{} has no file", event.code()));
            assert_eq!(spec.event, *event, "the file of {} names another event", event.code());
        }
    }

    #[test]
    fn every_event_has_a_name_for_those_who_look_after_messages() {
        for (event, lang) in Event::ALL.iter().flat_map(|event| Lang::ALL.map(|lang| (event, lang)))
        {
            let key = format!("message_event.{}", event.code());
            assert!(CABINET_MESSAGES.find(lang, &key).is_some(), "{key}");
        }
    }

    #[test]
    fn every_text_is_there_in_three_languages_and_every_variable_is_filled() {
        for spec in all().values() {
            let code = spec.event.code();
            let samples = spec.samples();
            assert_eq!(samples.len(), spec.variables.len(), "{code}: a sample has another type");
            assert_eq!(spec.missing(&samples), Vec::<&str>::new());
            let mut used = std::collections::BTreeSet::new();
            for part_of in PARTS {
                let text = spec.texts.get(&part_of).unwrap();
                for own in [&text.kk, &text.ru, &text.en] {
                    assert_eq!(check_text(spec, part_of, own), Ok(()), "{code}: {own}");
                    let names = crate::notice::spec::names(own).unwrap();
                    used.extend(names.into_iter().map(str::to_owned));
                }
                for lang in Lang::ALL {
                    let shown = part(spec, &Edited::new(), part_of, lang, &samples);
                    assert!(
                        !shown.contains(GAP) || text.get(lang).contains(GAP),
                        "{code}: {shown}"
                    );
                    assert!(!shown.contains(['{', '}']), "{code}: {shown}");
                }
            }
            for name in spec.variables.keys() {
                assert!(used.contains(name), "{code}: nothing uses {name}");
            }
        }
    }

    #[test]
    fn kazakh_is_not_russian_and_words_are_of_one_alphabet() {
        for spec in all().values() {
            for text in spec.texts.values() {
                assert!(
                    text.kk != text.ru
                        || !text.kk.contains(char::is_alphabetic)
                        || crate::notice::spec::names(&text.kk).unwrap().len() > 1,
                    "{}",
                    text.kk
                );
            }
        }
    }

    #[test]
    fn a_text_message_takes_two_parts_at_most() {
        for spec in all().values() {
            for lang in Lang::ALL {
                // Addresses of the digest are as long as they are.
                if spec.event == Event::SubscriptionDigest {
                    continue;
                }
                let text = part(spec, &Edited::new(), Part::Sms, lang, &spec.samples());
                let size = crate::notice::sms::size(&text);
                assert!(size.parts <= 2, "{} {lang:?}: {} {text}", spec.event.code(), size.parts);
            }
        }
    }

    #[test]
    fn braces_in_a_value_stay_what_they_are() {
        let value = |name: &str| (name == "a").then(|| "{b} {".to_owned());
        assert_eq!(fill("x {a} {b} { y", value), "x {b} { — { y");
    }

    #[test]
    fn wrong_texts_are_told_apart() {
        let code = spec(Event::AccountCode).unwrap();
        for (text, want) in [
            ("", "required"),
            ("{code} {nobody}", "template_unknown"),
            ("{code", "template_brace"),
            ("{code} {}", "template_brace"),
            ("{code} }", "template_brace"),
            ("no code", "template_missing"),
        ] {
            assert_eq!(check_text(code, Part::Sms, text).unwrap_err().0, want, "{text}");
        }
        assert_eq!(check_text(code, Part::Sms, "{code}"), Ok(()));
    }

    #[test]
    fn dates_are_short_in_text_messages() {
        let due = Arg::Day(chrono::NaiveDate::from_ymd_opt(2026, 11, 26).unwrap());
        assert_eq!(due.show_short(Lang::Kk), "26.11");
        assert_eq!(due.show(Lang::Ru), "26 ноября 2026");
    }
}
