//! What the types of the server look like as JSON: names of fields, a line a type. A type that
//! gets a field does not compile here until it is named.

use domain::{
    account::{
        actor::Grant,
        api::{
            AccountCreate, AccountRow, AssignmentRow, Invitation, Me, MyRole, RoleCreate,
            SessionRow,
        },
        permission::Permission,
        role::{Role, Scope},
    },
    import::api::{Column, ImportReport, Mode, Note, RowReport, RowStatus},
    organisation::{CabinetOrganisation, Card},
    shared::lang::Text,
    vacancy::{
        api::{
            CabinetList, CabinetRow, CabinetVacancy, CheckAnswer, Command, Conflict, Create,
            HistoryEntry, Issue, OrganisationRef, Template, TemplateCreate, Twin, Views,
        },
        model::{Content, Outcome, State, Term},
    },
};

use crate::json::{self, Json};

mod values;

pub use values::{day, moment};

/// A type that can be taken out of JSON.
pub trait FromJson: Sized {
    /// Takes it out; `None` where it is something else.
    fn from_json(value: Json) -> Option<Self>;
    /// What it is where its name is missing.
    fn absent() -> Option<Self> {
        None
    }
}

/// A type that can be written as JSON.
pub trait ToJson {
    /// Writes it.
    fn to_json(&self) -> Json;
}

/// Reads a text.
pub fn read<T: FromJson>(text: &str) -> Option<T> {
    T::from_json(json::read(text)?)
}

/// Names and values that are being taken out.
pub struct Fields(Vec<(String, Json)>);

impl Fields {
    /// The fields of an object.
    pub fn of(value: Json) -> Option<Fields> {
        match value {
            Json::Map(fields) => Some(Fields(fields)),
            _ => None,
        }
    }

    fn raw(&mut self, name: &str) -> Option<Json> {
        let place = self.0.iter().position(|(key, _)| key == name)?;
        Some(self.0.swap_remove(place).1)
    }

    /// Takes a field out.
    pub fn take<T: FromJson>(&mut self, name: &str) -> Option<T> {
        match self.raw(name) {
            Some(value) => T::from_json(value),
            None => T::absent(),
        }
    }
}

/// A field with its name.
pub fn pair(name: &str, value: &dyn ToJson) -> (String, Json) {
    (name.to_owned(), value.to_json())
}

/// A type whose fields are named in JSON as they are named here.
#[macro_export]
macro_rules! reads {
    ($($type:ident { $($field:ident),+ $(,)? })+) => {$(
        impl $crate::api::wire::FromJson for $type {
            fn from_json(value: $crate::json::Json) -> Option<Self> {
                let mut fields = $crate::api::wire::Fields::of(value)?;
                Some($type { $($field: fields.take(stringify!($field))?,)+ })
            }
        }
    )+};
}

/// The same, for writing.
#[macro_export]
macro_rules! writes {
    ($($type:ident { $($field:ident),+ $(,)? })+) => {$(
        impl $crate::api::wire::ToJson for $type {
            fn to_json(&self) -> $crate::json::Json {
                let $type { $($field),+ } = self;
                $crate::json::Json::Map(vec![
                    $($crate::api::wire::pair(stringify!($field), $field),)+
                ])
            }
        }
    )+};
}
pub use {reads, writes};

/// Codes of an enumeration.
macro_rules! codes {
    ($($type:ident = $parse:expr;)+) => {$(
        impl FromJson for $type {
            fn from_json(value: Json) -> Option<Self> {
                let parse: fn(&str) -> Option<$type> = $parse;
                parse(value.text())
            }
        }
    )+};
}

reads! {
    Grant { role, organisation, path, scope }
    Me { name, login, roles, permissions, organisations, now, calendar_until }
    SessionRow { id, created_at, seen_at, device, current }
    AccountRow { id, name, login, status, roles }
    Invitation { account, link }
    Column { letter, header, field, label }
    Note { column, header, field, code, text, value }
    RowReport {
        row, status, title, organisation, errors, warnings, vacancy, number, publishable,
        published, duplicate_of,
    }
    ImportReport {
        mode, format, header_row, columns, total, accepted, ready, created, published, updated,
        unchanged, kept, duplicates, refused, publishable, warned, notes, rows,
    }
    Card {
        name, address, about, phone, email, site, languages, lat, lon,
    }
    CabinetVacancy {
        id, number, slug, state, version, organisation, title, content, rules, publish_at,
        published_at, accept_from, accept_to, closes_at, outcome, changed_at, changed_by, commands,
    }
    OrganisationRef { id, name, slug }
    CabinetList { states, items, next }
    CabinetRow {
        id, number, state, title, organisation, accept_to, publish_at, changed_at, views,
    }
    Issue { field, code, text }
    CheckAnswer {
        issues, warnings, twin, required, extend_from, extend_to, accept_from, accept_to,
        closes_at, earliest_accept_to, working_days, act,
    }
    Twin { id, number }
    HistoryEntry { at, who, action, changed, reason }
    Views { total, days, langs, sources }
    Conflict { current, differs }
    Template { id, name, organisation, content }
    Outcome { reason, note, applicants }
    Content {
        position, subject, title, term, temporary_until, openings, rate, hours, salary_from,
        salary_to, bonuses, schedule, language, start_on, duties, requirements, conditions,
        experience, category, documents, extras, address, contact_name, contact_phone,
        contact_email, accept_to,
    }
}

writes! {
    Text { kk, ru, en }
    Content {
        position, subject, title, term, temporary_until, openings, rate, hours, salary_from,
        salary_to, bonuses, schedule, language, start_on, duties, requirements, conditions,
        experience, category, documents, extras, address, contact_name, contact_phone,
        contact_email, accept_to,
    }
    Outcome { reason, note, applicants }
    Create { organisation, content, template, copy_of }
    TemplateCreate { organisation, name, content }
    AccountCreate { iin, surname, name, patronymic, login, role }
    RoleCreate { role, organisation, scope, from_day, to_day, order_no }
    Card { name, address, about, phone, email, site, languages, lat, lon }
}

codes! {
    State = State::parse;
    Role = Role::parse;
    Permission = |code| Permission::ALL.iter().copied().find(|one| one.code() == code);
    Mode = Mode::parse;
    Scope = |code| match code {
        "own" => Some(Scope::Own),
        "subtree" => Some(Scope::Subtree),
        _ => None,
    };
    Term = |code| match code {
        "permanent" => Some(Term::Permanent),
        "temporary" => Some(Term::Temporary),
        _ => None,
    };
    RowStatus = |code| Some(match code {
        "ready" => RowStatus::Ready,
        "created" => RowStatus::Created,
        "updated" => RowStatus::Updated,
        "unchanged" => RowStatus::Unchanged,
        "kept" => RowStatus::Kept,
        "duplicate" => RowStatus::Duplicate,
        "refused" => RowStatus::Refused,
        _ => return None,
    });
}

impl FromJson for Text {
    fn from_json(value: Json) -> Option<Text> {
        let mut fields = Fields::of(value)?;
        Some(Text { kk: fields.take("kk")?, ru: fields.take("ru")?, en: fields.take("en")? })
    }
    fn absent() -> Option<Text> {
        Some(Text::default())
    }
}

impl FromJson for MyRole {
    fn from_json(value: Json) -> Option<MyRole> {
        let name = value.get("name").cloned().and_then(Text::from_json)?;
        Some(MyRole { grant: Grant::from_json(value)?, name })
    }
}

impl FromJson for AssignmentRow {
    fn from_json(value: Json) -> Option<AssignmentRow> {
        let grant = Grant::from_json(value.clone())?;
        let mut fields = Fields::of(value)?;
        Some(AssignmentRow {
            id: fields.take("id")?,
            grant,
            name: fields.take("name")?,
            from_day: fields.take("from_day")?,
            to_day: fields.take("to_day")?,
        })
    }
}

impl FromJson for CabinetOrganisation {
    fn from_json(value: Json) -> Option<CabinetOrganisation> {
        let mut fields = Fields::of(value)?;
        Some(CabinetOrganisation {
            id: fields.take("id")?,
            slug: fields.take("slug")?,
            bin: fields.take("bin")?,
            kind: fields.take("type")?,
            level: fields.take("level")?,
            kato: fields.take("kato")?,
            rural: fields.take("rural")?,
            version: fields.take("version")?,
            card: fields.take("card")?,
            editable: fields.take("editable")?,
        })
    }
}

impl ToJson for Command {
    fn to_json(&self) -> Json {
        let name = ("command".to_owned(), Json::Text(self.name().to_owned()));
        let mut fields = vec![name];
        match self {
            Command::Save { content } => fields.push(pair("content", content.as_ref())),
            Command::Return { reason } => fields.push(pair("reason", reason)),
            Command::Publish { at, again } => {
                fields.push(pair("at", at));
                fields.push(pair("again", again));
            }
            Command::Extend { accept_to, reason } => {
                fields.push(pair("accept_to", accept_to));
                fields.push(pair("reason", reason));
            }
            Command::Pause { reason } => fields.push(pair("reason", reason)),
            Command::EndEarly { reason, note } | Command::Cancel { reason, note } => {
                fields.push(pair("reason", reason));
                fields.push(pair("note", note));
            }
            Command::Conclude { filled, outcome } => {
                fields.push(pair("filled", filled));
                fields.push(pair("outcome", outcome));
            }
            Command::RequestApproval
            | Command::Resume
            | Command::StartReview
            | Command::Archive => {}
        }
        Json::Map(fields)
    }
}

impl ToJson for Role {
    fn to_json(&self) -> Json {
        Json::Text(self.code().to_owned())
    }
}
impl ToJson for Scope {
    fn to_json(&self) -> Json {
        let code = match self {
            Scope::Own => "own",
            Scope::Subtree => "subtree",
        };
        Json::Text(code.to_owned())
    }
}
impl ToJson for Term {
    fn to_json(&self) -> Json {
        let code = match self {
            Term::Permanent => "permanent",
            Term::Temporary => "temporary",
        };
        Json::Text(code.to_owned())
    }
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;
    use domain::shared::time::Timestamp;

    use super::*;
    use serde::Serialize;

    fn via_serde<T: Serialize + FromJson>(value: &T) -> T {
        read(&serde_json::to_string(value).unwrap()).unwrap()
    }

    #[test]
    fn it_reads_and_writes_what_the_server_does() {
        let content = Content {
            position: "teacher".into(),
            hours: Some(16),
            salary_from: Some(-1),
            documents: vec!["identity".into()],
            accept_to: NaiveDate::from_ymd_opt(2026, 11, 30),
            duties: Text::new("\"Сабақ\"\n", "Урок"),
            ..Content::default()
        };
        assert_eq!(via_serde(&content), content);
        let written = json::write(&content.to_json());
        assert_eq!(serde_json::from_str::<Content>(&written).unwrap(), content);
        let at = Timestamp::from_millis(1_795_312_805_007);
        let command = Command::Publish { at: Some(at), again: false };
        let written = json::write(&command.to_json());
        assert_eq!(serde_json::from_str::<Command>(&written).unwrap(), command);
        let conclude = Command::Conclude { filled: true, outcome: Outcome::default() };
        let written = json::write(&conclude.to_json());
        assert_eq!(serde_json::from_str::<Command>(&written).unwrap(), conclude);
        let views = Views {
            total: 3,
            days: vec![(NaiveDate::from_ymd_opt(2026, 11, 1).unwrap(), 3)],
            langs: vec![("kk".into(), 3)],
            sources: vec![],
        };
        assert_eq!(via_serde(&views), views);
        let report = ImportReport { mode: Mode::Draft, ..ImportReport::default() };
        assert_eq!(via_serde(&report), report);
        let list = r#"{"states":[["draft",2]],"items":[],"next":null,"more":{"new":[1]}}"#;
        assert_eq!(read::<CabinetList>(list).unwrap(), serde_json::from_str(list).unwrap());
        let role = r#"{"role":"hr_clerk","organisation":"o","path":"a/","scope":"own",
            "name":{"kk":"М","ru":"Ш"}}"#;
        assert_eq!(read::<MyRole>(role).unwrap(), serde_json::from_str(role).unwrap());
        assert!(read::<Content>("[]").is_none() && read::<Content>("{").is_none());
        assert!(read::<Content>(r#"{"hours":"many"}"#).is_none());
    }

    #[test]
    fn moments_are_read_with_any_offset() {
        for text in
            ["2026-11-21T20:30:00Z", "2024-02-29T23:59:59.123Z", "2026-01-01T00:00:00+05:00"]
        {
            assert_eq!(moment(text), Timestamp::parse(text), "{text}");
        }
        for text in ["", "2026-11-21", "2026-13-01T00:00:00Z", "2026-11-21T20:30Z"] {
            assert_eq!(moment(text), None, "{text}");
        }
        assert_eq!(day("2026-02-30"), None);
    }

    #[test]
    fn every_code_is_known() {
        for role in Role::ALL {
            assert_eq!(via_serde(role), *role);
        }
        for permission in Permission::ALL {
            assert_eq!(via_serde(permission), *permission);
        }
        for state in State::ALL {
            assert_eq!(via_serde(&state), state);
        }
    }
}
