//! SQL of files, as data.

use serde::{Deserialize, Deserializer};

use super::{FileKind, State, api};
use crate::{
    shared::{
        statement::{Statement, guard},
        time::Timestamp,
    },
    sql,
};

/// Whose files are that somebody without an account sent: a row of `person` without anything.
pub const GUEST: &str = "guest";

/// A row of the table.
#[derive(Debug, Clone, Deserialize)]
pub struct FileRow {
    /// Identifier.
    pub id: String,
    /// Whose it is.
    pub person: String,
    /// What it was sent for.
    pub purpose: String,
    /// Its clean name.
    pub name: String,
    /// Code of the kind; empty while parts are coming.
    pub kind: String,
    /// Bytes.
    pub size: i64,
    /// SHA-256 of what is stored.
    pub sha256: Option<String>,
    /// State.
    pub state: State,
    /// Why it was refused.
    pub reason: String,
    /// Name of the object; empty once the content is gone.
    pub object: String,
    /// Smaller copies.
    #[serde(deserialize_with = "variants")]
    pub variants: Vec<VariantRow>,
    /// The upload at the store, while parts are coming.
    pub upload: Option<String>,
    /// Until when parts are waited for.
    pub until: Option<Timestamp>,
    /// Failed checks.
    pub attempts: i64,
    /// When it came.
    pub created_at: Timestamp,
    /// Records that name it.
    pub uses: i64,
}

/// A smaller copy, as it is kept.
#[derive(Debug, Clone, Deserialize, serde::Serialize)]
pub struct VariantRow {
    /// `small`, `large`.
    pub name: String,
    /// Pixels.
    pub width: u32,
    /// Pixels.
    pub height: u32,
    /// Bytes.
    pub size: i64,
    /// Name of the object.
    pub object: String,
}

fn variants<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<VariantRow>, D::Error> {
    let text = String::deserialize(from)?;
    serde_json::from_str(&text).map_err(serde::de::Error::custom)
}

impl FileRow {
    /// The kind.
    pub fn kind(&self) -> Option<FileKind> {
        FileKind::parse(&self.kind)
    }

    /// The answer for its owner, with a notice in the reader's language.
    pub fn api(&self, notice: Option<String>) -> api::File {
        let variant = |row: &VariantRow| api::Variant {
            name: row.name.clone(),
            width: row.width,
            height: row.height,
            size: row.size,
        };
        api::File {
            id: self.id.clone(),
            name: self.name.clone(),
            kind: self.kind(),
            purpose: self.purpose.clone(),
            size: self.size,
            sha256: self.sha256.clone(),
            state: self.state,
            notice,
            created_at: self.created_at,
            variants: self.variants.iter().map(variant).collect(),
            uses: self.uses,
        }
    }
}

pub(super) const COLUMNS: &str =
    "f.id, f.person, f.purpose, f.name, f.kind, f.size, f.sha256, f.state, f.reason,
  f.object, f.variants, f.upload, f.until, f.attempts, f.created_at,
  (SELECT count(*) FROM file_use u WHERE u.file = f.id) AS uses";

/// A file of a person.
pub fn own(id: &str, person: &str) -> Statement {
    sql!(format!("SELECT {COLUMNS} FROM file f WHERE f.id = ?1 AND f.person = ?2"), id, person)
}

/// A file, whoever's it is: for the check and after the permission was looked at.
pub fn any(id: &str) -> Statement {
    sql!(format!("SELECT {COLUMNS} FROM file f WHERE f.id = ?1"), id)
}

/// All files of a person, the newest first.
pub fn list(person: &str, limit: i64) -> Statement {
    sql!(
        format!(
            "SELECT {COLUMNS} FROM file f WHERE f.person = ?1 ORDER BY f.created_at DESC, f.id DESC LIMIT ?2"
        ),
        person,
        limit
    )
}

/// What a person keeps: columns `files`, `bytes` and `open` (uploads by parts).
pub fn kept(person: &str) -> Statement {
    sql!(
        "SELECT count(*) AS files, coalesce(sum(size), 0) AS bytes,
           coalesce(sum(state = 'uploading'), 0) AS open
         FROM file WHERE person = ?1 AND object <> ''",
        person
    )
}

/// Announces an object before the store is touched.
pub fn announce(object: &str, now: Timestamp) -> Statement {
    sql!("INSERT INTO file_object (object, since) VALUES (?1, ?2)", object, now)
}

/// Names the store's upload of an announced object.
pub fn announce_upload(object: &str, upload: &str) -> Statement {
    sql!("UPDATE file_object SET upload = ?2 WHERE object = ?1", object, upload)
}

/// Gives an announced object to a row: the batch is undone if the sweep has taken it meanwhile.
pub fn adopt(object: &str) -> [Statement; 2] {
    [
        guard(
            "state",
            "EXISTS (SELECT 1 FROM file_object WHERE object = ?1 AND doomed = 0)",
            vec![object.into()],
        ),
        sql!("DELETE FROM file_object WHERE object = ?1", object),
    ]
}

/// Gives an object back: the store forgets it with the next sweep.
pub fn doom(object: &str, upload: Option<&str>, now: Timestamp) -> Statement {
    sql!(
        "INSERT INTO file_object (object, upload, since, doomed) VALUES (?1, ?2, ?3, 1)
         ON CONFLICT (object) DO UPDATE SET doomed = 1",
        object,
        upload,
        now
    )
}

/// A new row.
#[derive(Debug, Clone)]
pub struct NewFile<'a> {
    /// Identifier.
    pub id: &'a str,
    /// Whose it is.
    pub person: &'a str,
    /// The account that sent it.
    pub account: &'a str,
    /// What for.
    pub purpose: &'a str,
    /// Clean name.
    pub name: &'a str,
    /// Kind; `None` while parts are coming.
    pub kind: Option<FileKind>,
    /// Bytes.
    pub size: i64,
    /// SHA-256 of what came.
    pub sha256: Option<&'a str>,
    /// Name of the object.
    pub object: &'a str,
    /// The store's upload and until when its parts are waited for.
    pub upload: Option<(&'a str, Timestamp)>,
    /// When a check that nobody began is asked for again.
    pub next_at: Timestamp,
}

impl NewFile<'_> {
    /// The statement.
    pub fn insert(&self, now: Timestamp) -> Statement {
        let state = if self.upload.is_some() { State::Uploading } else { State::Pending };
        sql!(
            "INSERT INTO file (id, person, account, purpose, name, kind, size, sha256, sha256_sent,
               object, upload, until, state, next_at, created_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?8, ?9, ?10, ?11, ?12, ?13, ?14)",
            self.id,
            self.person,
            self.account,
            self.purpose,
            self.name,
            self.kind.map_or("", FileKind::code),
            self.size,
            self.sha256,
            self.object,
            self.upload.map(|(upload, _)| upload),
            self.upload.map(|(_, until)| until),
            state.code(),
            self.next_at,
            now
        )
    }
}

/// Undoes the batch unless the person stays within a quota, the new file included. It stands
/// after the insert.
pub fn within_quota(person: &str, files: i64, bytes: i64) -> Statement {
    guard(
        "state",
        "SELECT count(*) <= ?2 AND coalesce(sum(size), 0) <= ?3 FROM file WHERE person = ?1 AND object <> ''",
        vec![person.into(), files.into(), bytes.into()],
    )
}

/// Undoes the batch unless a file is in a state and still has its object.
pub fn still(id: &str, state: State, object: &str) -> Statement {
    guard(
        "state",
        "EXISTS (SELECT 1 FROM file WHERE id = ?1 AND state = ?2 AND object = ?3)",
        vec![id.into(), state.code().into(), object.into()],
    )
}

/// Undoes the batch if something names the file.
pub fn unused(id: &str) -> Statement {
    guard("state", "NOT EXISTS (SELECT 1 FROM file_use WHERE file = ?1)", vec![id.into()])
}

/// A part that is here.
#[derive(Debug, Clone, Deserialize)]
pub struct PartRow {
    /// Its number, from 1.
    pub n: u32,
    /// Bytes.
    pub size: i64,
    /// The store's name for it.
    pub etag: String,
}

/// The parts that are here, in order.
pub fn parts(file: &str) -> Statement {
    sql!("SELECT n, size, etag FROM file_part WHERE file = ?1 ORDER BY n", file)
}

/// Notes a part; one that is sent again takes the place of the former.
pub fn note_part(file: &str, part: &PartRow, sha256: &str, now: Timestamp) -> Statement {
    sql!(
        "INSERT INTO file_part (file, n, size, etag, sha256, at) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
         ON CONFLICT (file, n) DO UPDATE SET size = ?3, etag = ?4, sha256 = ?5, at = ?6",
        file,
        part.n,
        part.size,
        &part.etag,
        sha256,
        now
    )
}

/// Forgets the parts, so that they are sent again.
pub fn forget_parts(file: &str) -> Statement {
    sql!("DELETE FROM file_part WHERE file = ?1", file)
}

/// All parts are one object now: it waits for its check.
pub fn completed(id: &str, kind: FileKind, name: &str, next_at: Timestamp) -> [Statement; 2] {
    [
        sql!(
            "UPDATE file SET state = 'pending', kind = ?2, name = ?3, upload = NULL, until = NULL, next_at = ?4
             WHERE id = ?1",
            id,
            kind.code(),
            name,
            next_at
        ),
        forget_parts(id),
    ]
}

/// Paths of the organisations whose staff may have to open a file, and what for: those of sent
/// applications that name it (`application`), and those that were asked to compare a record with it
/// and have not answered yet (`record`). No use, no path: nobody but the sender opens it.
pub fn readers(file: &str) -> Statement {
    sql!(
        "SELECT DISTINCT o.path AS path, 'application' AS why FROM file_use u
         JOIN application a ON u.object_type = 'application' AND a.id = u.object_id
         JOIN organisation o ON o.id = a.organisation
         WHERE u.file = ?1 AND a.sent > 0
         UNION ALL
         SELECT DISTINCT o.path, 'record' FROM file_use u
         JOIN profile_item i ON u.object_type = 'record' AND i.id = u.object_id
         JOIN organisation o ON o.id = i.organisation
         WHERE u.file = ?1 AND i.state = 'submitted'",
        file
    )
}

/// Whether a ticket of the service desk names a file: a row, or none.
pub fn of_ticket(file: &str) -> Statement {
    sql!("SELECT object_id FROM file_use WHERE file = ?1 AND object_type = 'ticket' LIMIT 1", file)
}

/// Notes that a record names a file; the batch is undone unless the file is the person's and
/// still there (see [`super::usable`]). For the features that name files.
pub fn use_file(
    file: &str,
    person: &str,
    (object_type, object_id): (&str, &str),
    now: Timestamp,
) -> [Statement; 2] {
    [
        guard(
            "state",
            "EXISTS (SELECT 1 FROM file WHERE id = ?1 AND person = ?2
               AND state IN ('pending', 'clean', 'unscanned'))",
            vec![file.into(), person.into()],
        ),
        sql!(
            "INSERT INTO file_use (file, object_type, object_id, created_at) VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT DO NOTHING",
            file,
            object_type,
            object_id,
            now
        ),
    ]
}

/// Lets a file go.
pub fn release_file(file: &str, (object_type, object_id): (&str, &str)) -> Statement {
    sql!(
        "DELETE FROM file_use WHERE file = ?1 AND object_type = ?2 AND object_id = ?3",
        file,
        object_type,
        object_id
    )
}

/// Removes all files of a person that nothing names (with their links and parts); their content
/// goes with the next sweep. For the deletion of an account: let the uses go first.
pub fn forget_person(person: &str, now: Timestamp) -> [Statement; 3] {
    const UNUSED: &str = "person = ?1 AND NOT EXISTS (SELECT 1 FROM file_use WHERE file = file.id)";
    [
        sql!(
            format!(
                "INSERT INTO file_object (object, upload, since, doomed)
                 SELECT object, upload, ?2, 1 FROM file WHERE {UNUSED} AND object <> ''"
            ),
            person,
            now
        ),
        sql!(
            format!(
                "INSERT INTO file_object (object, since, doomed)
                 SELECT variant.value ->> 'object', ?2, 1 FROM file, json_each(file.variants) variant
                 WHERE {UNUSED}"
            ),
            person,
            now
        ),
        sql!(format!("DELETE FROM file WHERE {UNUSED}"), person),
    ]
}

/// Objects of a file that go with it.
pub fn doom_all(file: &FileRow, now: Timestamp) -> Vec<Statement> {
    let mut all = Vec::new();
    if !file.object.is_empty() {
        all.push(doom(&file.object, file.upload.as_deref(), now));
    }
    all.extend(file.variants.iter().map(|variant| doom(&variant.object, None, now)));
    all
}

/// Removes the row of a file.
pub fn delete(id: &str) -> Statement {
    sql!("DELETE FROM file WHERE id = ?1", id)
}

/// Stores a link.
pub fn insert_link(
    (secret, file, variant): (&str, &str, &str),
    account: &str,
    now: Timestamp,
    until: Timestamp,
) -> Statement {
    sql!(
        "INSERT INTO file_link (secret, file, variant, account, created_at, until) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        secret,
        file,
        variant,
        account,
        now,
        until
    )
}

/// Ends all links of a file that an account has made.
pub fn revoke_links(file: &str, account: &str, now: Timestamp) -> Statement {
    sql!(
        "UPDATE file_link SET revoked_at = ?3 WHERE file = ?1 AND account = ?2 AND revoked_at IS NULL",
        file,
        account,
        now
    )
}

/// A link and its file.
#[derive(Debug, Clone, Deserialize)]
pub struct LinkRow {
    /// The smaller copy it opens; empty for the file itself.
    pub variant: String,
    /// Until when.
    pub link_until: Timestamp,
    /// Whether it was ended.
    pub revoked: i64,
    /// Whether the account that made it is the one that sent the file.
    pub own: i64,
    /// The file.
    #[serde(flatten)]
    pub file: FileRow,
}

/// A link by the SHA-256 of its secret.
pub fn link(secret: &str) -> Statement {
    sql!(
        format!(
            "SELECT l.variant, l.until AS link_until, l.revoked_at IS NOT NULL AS revoked,
               l.account = f.account AS own, {COLUMNS}
             FROM file_link l JOIN file f ON f.id = l.file WHERE l.secret = ?1"
        ),
        secret
    )
}
