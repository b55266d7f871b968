//! SQL of imports. Hundreds of rows go over in one JSON parameter a table: the edge allows few
//! statements a request and a hundred values a statement.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::{
    account::role::Scope,
    shared::{
        statement::{Param, Statement, guard},
        time::Timestamp,
    },
    sql,
    vacancy::model::{Content, State, Vacancy},
};

/// Organisations within reach; with `root` only that one and those below it.
pub fn organisations(reach: &[(&str, Scope)], root: Option<&str>) -> Statement {
    let mut params: Vec<Param> = vec![root.into()];
    let mut parts = Vec::new();
    for (path, scope) in reach.iter().take(20) {
        params.push((*path).into());
        let place = params.len();
        match scope {
            Scope::Own => parts.push(format!("path = ?{place}")),
            Scope::Subtree => {
                params.push(format!("{path}\u{10FFFF}").into());
                parts.push(format!("(path >= ?{place} AND path < ?{})", place + 1));
            }
        }
    }
    let within = if parts.is_empty() { "0".to_owned() } else { parts.join(" OR ") };
    Statement {
        sql: format!(
            "SELECT id, slug, bin, type, level, path, name_kk, name_ru, name_en, phone, email,
               languages, rural, address_kk <> '' AND address_ru <> '' AS has_address
             FROM organisation
             WHERE status = 'active' AND ({within}) AND (?1 IS NULL OR
               instr(path, (SELECT r.path FROM organisation r WHERE r.id = ?1)) = 1)
             ORDER BY path"
        )
        .into(),
        params,
    }
}

/// A row that was imported earlier, with its vacancy.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[expect(missing_docs, reason = "the columns of the table")]
pub struct Earlier {
    pub source: String,
    pub key: String,
    pub vacancy: String,
    pub digest: String,
    /// Version of the vacancy as the import left it.
    pub written: i64,
    /// Its version now.
    pub version: i64,
    pub number: i64,
    pub state: State,
    pub closes_at: Option<Timestamp>,
}

/// What was imported under these keys.
pub fn earlier(keys: &[&str]) -> Statement {
    sql!(
        "SELECT r.source, r.key, r.vacancy, r.digest, r.version AS written, v.version, v.number,
           v.state, v.closes_at
         FROM json_each(?1) j JOIN import_row r ON r.key = j.value JOIN vacancy v ON v.id = r.vacancy
         ORDER BY r.at, r.source",
        json!(keys).to_string()
    )
}

/// A vacancy that is open or will be, as far as it may be the same as that of a row.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[expect(missing_docs, reason = "the columns of the query")]
pub struct Open {
    pub id: String,
    pub number: i64,
    pub organisation: String,
    pub position: String,
    pub subject: String,
    pub language: String,
    pub rate: u32,
}

impl Open {
    /// Whether it is what a row says: the fields that the wizard compares too
    /// ([`crate::vacancy::sql::twin`]).
    pub fn is_twin(&self, organisation: &str, content: &Content) -> bool {
        self.organisation == organisation
            && self.position == content.position
            && self.subject == content.subject.as_deref().unwrap_or_default()
            && self.language == content.language
            && self.rate == content.rate
    }
}

/// Vacancies of these organisations that are open or will be: rows of [`Open`], by number.
pub fn open(organisations: &[&str], now: Timestamp) -> Statement {
    sql!(
        "SELECT v.id, v.number, v.organisation, v.position, coalesce(v.subject, '') AS subject,
           coalesce(v.content ->> 'language', '') AS language,
           coalesce(v.content ->> 'rate', 0) AS rate
         FROM json_each(?1) j JOIN vacancy v ON v.organisation = j.value
         WHERE v.state IN ('scheduled', 'published', 'paused')
           AND (v.closes_at IS NULL OR v.closes_at > ?2)
         ORDER BY v.number",
        json!(organisations).to_string(),
        now
    )
}

/// A line of the journal: action, what stood before, what stands now.
pub type JournalLine = (&'static str, Value, Value);

/// A vacancy to be written, and the row it came from.
#[derive(Debug, Clone)]
pub struct Written {
    /// The vacancy as it becomes.
    pub vacancy: Vacancy,
    /// Whether it is new.
    pub new: bool,
    /// Value of `vacancy.source`.
    pub source: String,
    /// Key of the row.
    pub key: String,
    /// Digest of the row.
    pub digest: String,
    /// What the journal says of it.
    pub journal: Vec<JournalLine>,
}

/// Who imports, for the journal.
#[derive(Debug, Clone, Serialize)]
pub struct By {
    /// Account.
    pub account: String,
    /// Session.
    pub session: String,
    /// Request.
    pub request_id: String,
}

/// The batch that writes them: all or nothing.
pub fn write(rows: &[Written], by: &By, now: Timestamp) -> Vec<Statement> {
    let pack = |new: bool| -> Vec<Value> {
        rows.iter().filter(|row| row.new == new).map(record).collect()
    };
    let (new, changed) = (pack(true), pack(false));
    let mut batch = Vec::new();
    if !changed.is_empty() {
        let text = Value::from(changed).to_string();
        batch.push(guard(
            "version",
            "SELECT count(*) = json_array_length(?1) FROM json_each(?1) j
             JOIN vacancy v ON v.id = j.value ->> 'id' AND v.version = (j.value ->> 'version') - 1",
            vec![text.as_str().into()],
        ));
        batch.push(sql!(
            "UPDATE vacancy SET slug = j.value ->> 'slug', state = j.value ->> 'state',
               version = j.value ->> 'version', content = j.value -> 'content',
               position = j.value ->> 'position', subject = j.value ->> 'subject',
               procedure = j.value ->> 'procedure', edition = j.value ->> 'edition',
               published_at = j.value ->> 'published_at', accept_from = j.value ->> 'accept_from',
               accept_to = j.value ->> 'accept_to', closes_at = j.value ->> 'closes_at',
               changed_by = ?2, changed_at = ?3
             FROM json_each(?1) j WHERE vacancy.id = j.value ->> 'id'",
            text,
            &by.account,
            now
        ));
    }
    if !new.is_empty() {
        batch.push(sql!(
            "INSERT INTO vacancy (id, number, slug, organisation, state, version, content, position,
               subject, procedure, edition, published_at, accept_from, accept_to, closes_at, source,
               created_by, created_at, changed_by, changed_at)
             SELECT value ->> 'id', value ->> 'number', value ->> 'slug', value ->> 'organisation',
               value ->> 'state', value ->> 'version', value -> 'content', value ->> 'position',
               value ->> 'subject', value ->> 'procedure', value ->> 'edition',
               value ->> 'published_at', value ->> 'accept_from', value ->> 'accept_to',
               value ->> 'closes_at', value ->> 'source', ?2, ?3, ?2, ?3
             FROM json_each(?1)",
            Value::from(new).to_string(),
            &by.account,
            now
        ));
    }
    let slim: Vec<Value> = rows
        .iter()
        .map(|row| {
            json!({
                "id": row.vacancy.id, "slug": row.vacancy.slug, "source": row.source,
                "key": row.key, "digest": row.digest, "version": row.vacancy.version,
                "public": row.vacancy.state == State::Published,
            })
        })
        .collect();
    let slim = Value::from(slim).to_string();
    batch.push(sql!(
        "INSERT INTO import_row (source, key, vacancy, digest, version, at)
         SELECT value ->> 'source', value ->> 'key', value ->> 'id', value ->> 'digest',
           value ->> 'version', ?2
         FROM json_each(?1) WHERE true
         ON CONFLICT (source) DO UPDATE SET digest = excluded.digest, version = excluded.version,
           at = excluded.at",
        slim.as_str(),
        now
    ));
    batch.push(sql!(
        "INSERT OR IGNORE INTO vacancy_slug (slug, vacancy)
         SELECT value ->> 'slug', value ->> 'id' FROM json_each(?1) WHERE value ->> 'public'",
        slim.as_str()
    ));
    let journal: Vec<Value> = rows
        .iter()
        .flat_map(|row| {
            row.journal.iter().map(|(action, before, after)| {
                json!([action, row.vacancy.id, row.vacancy.organisation, before, after])
            })
        })
        .collect();
    batch.push(sql!(
        "INSERT INTO journal (at, account, session, request_id, action, object_type, object_id,
           organisation, before, after)
         SELECT ?2, ?3, ?4, ?5, value ->> 0, 'vacancy', value ->> 1, value ->> 2,
           nullif(value -> 3, 'null'), nullif(value -> 4, 'null')
         FROM json_each(?1) ORDER BY key",
        Value::from(journal).to_string(),
        now,
        &by.account,
        &by.session,
        &by.request_id
    ));
    batch.push(sql!(
        "INSERT INTO outbox (at, topic, key, next_at)
         SELECT ?2, 'vacancy.changed', value ->> 'id', ?2 FROM json_each(?1)
         WHERE value ->> 'public'",
        slim,
        now
    ));
    batch
}

fn record(row: &Written) -> Value {
    let vacancy = &row.vacancy;
    json!({
        "id": vacancy.id,
        "number": vacancy.number,
        "slug": vacancy.slug,
        "organisation": vacancy.organisation,
        "state": vacancy.state,
        "version": vacancy.version,
        "content": vacancy.content,
        "position": vacancy.content.position,
        "subject": vacancy.content.subject,
        "procedure": vacancy.procedure,
        "edition": vacancy.edition,
        "published_at": vacancy.published_at,
        "accept_from": vacancy.accept_from,
        "accept_to": vacancy.accept_to,
        "closes_at": vacancy.closes_at,
        "source": row.source,
    })
}
