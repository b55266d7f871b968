//! What a kind of record consists of, as a table.

pub use super::record::Kind;
use crate::shared::{lang::Lang, locale::PROFILE};

/// A kind.
#[derive(Debug)]
pub struct Spec {
    /// Which.
    pub kind: Kind,
    /// Fields that tell two records of the kind apart: records that agree in the first of them
    /// that both have are the same certificate entered twice. Where the first is empty the
    /// others are compared together.
    pub key: &'static [&'static str],
    /// Its fields, in the order of the form.
    pub fields: &'static [Field],
}

impl Spec {
    /// A field by name.
    pub fn field(&self, name: &str) -> Option<&'static Field> {
        self.fields.iter().find(|field| field.name == name)
    }
}

/// A field. Its label is `profile.json`: `field.<name>`, or `field.<kind>.<name>` where the kind
/// calls it otherwise.
#[derive(Debug)]
pub struct Field {
    /// Name in JSON.
    pub name: &'static str,
    /// What may stand in it.
    pub form: Form,
    /// Whether a record cannot be without it.
    pub required: bool,
}

/// What may stand in a field.
#[derive(Debug, Clone, Copy)]
pub enum Form {
    /// One line, at most so many characters.
    Text(usize),
    /// Several lines, at most so many characters.
    Long(usize),
    /// One of these; the label is `choice.<field>.<code>`.
    Choice(&'static [&'static str]),
    /// A code of this directory.
    Code(&'static str),
    /// A day, `YYYY-MM-DD`.
    Day,
    /// A year.
    Year,
    /// A whole number from, to.
    Count(u32, u32),
    /// Hundredths, from 1 to this.
    Hundredths(u32),
    /// Yes or no.
    Flag,
    /// Names of people, at most so many.
    Names(usize),
    /// An `https://` address.
    Url,
    /// A DOI: `10.1234/abc`.
    Doi,
    /// Initials of a pupil: one to three letters with dots, never a name.
    Initials,
    /// ISO 639-1 code of a language.
    Language,
    /// A phone number of Kazakhstan.
    Phone,
}

impl Spec {
    /// The label of a field: the kind's own, or the usual one.
    pub fn label(&self, lang: Lang, field: &str) -> &'static str {
        let own = format!("field.{}.{field}", self.kind.code());
        PROFILE
            .find(lang, &own)
            .or_else(|| PROFILE.find(lang, &format!("field.{field}")))
            .unwrap_or_default()
    }

    /// The label of a choice: the kind's own, or the usual one.
    pub fn choice(&self, lang: Lang, field: &str, code: &str) -> &'static str {
        let own = format!("choice.{}.{field}.{code}", self.kind.code());
        PROFILE
            .find(lang, &own)
            .or_else(|| PROFILE.find(lang, &format!("choice.{field}.{code}")))
            .unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::account::role::Role;

    #[test]
    fn every_field_and_every_choice_has_its_text() {
        for spec in Kind::ALL.iter().map(|kind| kind.spec()) {
            let kind = spec.kind.code();
            assert!(PROFILE.find(Lang::Kk, &format!("kind.{kind}")).is_some(), "{kind}");
            for field in spec.fields {
                assert_ne!(spec.label(Lang::Kk, field.name), "", "{kind}.{}", field.name);
                // Documents are named by their directory.
                let Form::Choice(list) = field.form else { continue };
                for code in list.iter().filter(|_| field.name != "document") {
                    let text = spec.choice(Lang::Kk, field.name, code);
                    assert_ne!(text, "", "{kind}.{}.{code}", field.name);
                }
            }
        }
    }

    #[test]
    fn roles_are_called_as_in_the_cabinet() {
        use crate::shared::locale::CABINET;
        for role in Role::ALL {
            let key = format!("role.{}", role.code());
            for lang in Lang::ALL {
                assert_eq!(PROFILE.find(lang, &key), CABINET.find(lang, &key), "{key}");
            }
        }
    }
}
