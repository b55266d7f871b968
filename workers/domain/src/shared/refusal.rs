//! Refusals: what a person did that cannot be done, as data. Faults of ours are another type
//! and live at the edge; the two never mix.

use std::borrow::Cow;

/// What kind of refusal it is; it decides the HTTP status.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// 400: it could not be read at all.
    Malformed,
    /// 401: nobody is signed in.
    SignIn,
    /// 403: signed in, but not allowed.
    Forbidden,
    /// 404: there is no such thing, or not for this person.
    NotFound,
    /// 405: the address knows other methods.
    Method,
    /// 409: the thing is in a state in which this cannot be done.
    Conflict,
    /// 410: it was here and is gone for good.
    Gone,
    /// 412: somebody changed it meanwhile.
    Stale,
    /// 413: too large.
    TooLarge,
    /// 415: a type of body that the address does not read.
    MediaType,
    /// 422: read, understood, and wrong.
    Invalid,
    /// 428: the precondition (version, idempotency key) is missing.
    Precondition,
    /// 429: too many, come back later.
    TooMany,
    /// 503: closed for now.
    Unavailable,
}

impl Kind {
    /// The HTTP status.
    pub const fn status(self) -> u16 {
        match self {
            Kind::Malformed => 400,
            Kind::SignIn => 401,
            Kind::Forbidden => 403,
            Kind::NotFound => 404,
            Kind::Method => 405,
            Kind::Conflict => 409,
            Kind::Gone => 410,
            Kind::Stale => 412,
            Kind::TooLarge => 413,
            Kind::MediaType => 415,
            Kind::Invalid => 422,
            Kind::Precondition => 428,
            Kind::TooMany => 429,
            Kind::Unavailable => 503,
        }
    }
}

/// One wrong field: its name in the form, the code of the text, the values for the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldError {
    /// Name of the field, a path with dots for nested ones: `duties.kk`.
    pub field: Cow<'static, str>,
    /// Key in `schemas/locales/errors.json` without the prefix `field.`.
    pub code: &'static str,
    /// Values of the placeholders.
    pub args: Vec<(&'static str, String)>,
}

/// A refusal: kind, text code and the fields that are wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// What kind.
    pub kind: Kind,
    /// Key in `schemas/locales/errors.json` without the prefix `refusal.`.
    pub code: &'static str,
    /// Values of the placeholders.
    pub args: Vec<(&'static str, String)>,
    /// Fields, where some are wrong.
    pub fields: Vec<FieldError>,
}

impl Refusal {
    /// A refusal of a kind with a text code.
    pub fn new(kind: Kind, code: &'static str) -> Refusal {
        Refusal { kind, code, args: Vec::new(), fields: Vec::new() }
    }

    /// There is no such thing (or the person may not know of it).
    pub fn not_found() -> Refusal {
        Refusal::new(Kind::NotFound, "not_found")
    }

    /// Signed in, but not allowed.
    pub fn forbidden() -> Refusal {
        Refusal::new(Kind::Forbidden, "forbidden")
    }

    /// Some fields are wrong. `fields` must not be empty.
    pub fn fields(fields: Vec<FieldError>) -> Refusal {
        Refusal { kind: Kind::Invalid, code: "fields", args: Vec::new(), fields }
    }

    /// Adds a value for a placeholder of the text.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl ToString) -> Refusal {
        self.args.push((name, value.to_string()));
        self
    }
}

/// Collects wrong fields, so that a person sees all of them at once.
#[derive(Debug, Default)]
pub struct Check(pub Vec<FieldError>);

impl Check {
    /// Notes a wrong field.
    pub fn wrong(&mut self, field: impl Into<Cow<'static, str>>, code: &'static str) {
        self.0.push(FieldError { field: field.into(), code, args: Vec::new() });
    }

    /// Notes a wrong field with a value for its text.
    pub fn wrong_with(
        &mut self,
        field: impl Into<Cow<'static, str>>,
        code: &'static str,
        name: &'static str,
        value: impl ToString,
    ) {
        self.0.push(FieldError {
            field: field.into(),
            code,
            args: vec![(name, value.to_string())],
        });
    }

    /// `Ok` where nothing is wrong.
    pub fn done(self) -> Result<(), Refusal> {
        if self.0.is_empty() { Ok(()) } else { Err(Refusal::fields(self.0)) }
    }
}
