//! What a kind of record consists of, as a table.

pub use super::record::Kind;

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
