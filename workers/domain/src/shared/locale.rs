//! Texts of the interface in three languages, from `schemas/locales/*.json`: one table a file,
//! `{"key": {"kk": …, "ru": …, "en": …}}`. Placeholders are `{name}`.

use super::lang::Lang;

/// A table of texts, sorted by key.
pub struct Table(&'static [(&'static str, [&'static str; 3])]);

impl Table {
    /// The text of a key; the key itself where the table has none (a test forbids that).
    pub fn get(&self, lang: Lang, key: &'static str) -> &'static str {
        self.find(lang, key).unwrap_or(key)
    }

    /// The text of a key made at run time, if the table has it.
    pub fn find(&self, lang: Lang, key: &str) -> Option<&'static str> {
        let index = self.0.binary_search_by(|(have, _)| (*have).cmp(key)).ok()?;
        self.0.get(index).map(|(_, texts)| texts[lang as usize])
    }

    /// The text of a key with its placeholders filled.
    pub fn fill(&self, lang: Lang, key: &str, args: &[(&str, &str)]) -> String {
        fill(self.find(lang, key).unwrap_or(key), args)
    }

    /// The form of a counted noun: the keys are `key.one`, `key.few` and `key.many`, the
    /// placeholder is `{n}`. Russian has three forms, English two; Kazakh does not change the
    /// noun after a number, so its forms are the same.
    pub fn count(&self, lang: Lang, key: &str, n: i64) -> String {
        let form = plural_form(lang, n);
        let number = super::number::group(lang, n);
        self.fill(lang, &format!("{key}.{form}"), &[("n", &number)])
    }

    /// All keys, for the test that compares them with the keys in use.
    pub fn keys(&self) -> impl Iterator<Item = &'static str> {
        self.0.iter().map(|(key, _)| *key)
    }

    /// All entries, for the tests of the texts themselves.
    pub fn entries(&self) -> &'static [(&'static str, [&'static str; 3])] {
        self.0
    }
}

/// Fills `{name}` placeholders.
pub fn fill(text: &str, args: &[(&str, &str)]) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    let mut pieces = text.split('{');
    out.push_str(pieces.next().unwrap_or_default());
    for piece in pieces {
        let named = piece.split_once('}').and_then(|(name, rest)| {
            args.iter().find(|(have, _)| *have == name).map(|(_, value)| (value, rest))
        });
        match named {
            Some((value, rest)) => {
                out.push_str(value);
                out.push_str(rest);
            }
            None => {
                out.push('{');
                out.push_str(piece);
            }
        }
    }
    out
}

/// The plural form of a number (Unicode CLDR rules for integers).
pub fn plural_form(lang: Lang, n: i64) -> &'static str {
    let n = n.unsigned_abs();
    match lang {
        Lang::Ru => match (n % 10, n % 100) {
            (_, 11..=14) => "many",
            (1, _) => "one",
            (2..=4, _) => "few",
            _ => "many",
        },
        Lang::Kk | Lang::En => {
            if n == 1 {
                "one"
            } else {
                "many"
            }
        }
    }
}

include!(concat!(env!("OUT_DIR"), "/locales.rs"));

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn russian_has_three_forms() {
        let forms: Vec<_> =
            [1, 2, 5, 11, 12, 21, 22, 111, 121].map(|n| plural_form(Lang::Ru, n)).into();
        assert_eq!(forms, ["one", "few", "many", "many", "many", "one", "few", "many", "one"]);
    }

    #[test]
    fn placeholders_are_filled() {
        assert_eq!(fill("{a} + {b} = {a}", &[("a", "1"), ("b", "2")]), "1 + 2 = 1");
        // What a person wrote stays what it is.
        assert_eq!(fill("{a}{ {c}", &[("a", "{b}"), ("b", "2")]), "{b}{ {c}");
    }
}
