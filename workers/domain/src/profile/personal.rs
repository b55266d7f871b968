//! The map of personal data: which table holds what of a person, how it is taken along and what
//! becomes of it when the account is deleted. A test walks all tables of the database and fails
//! for one that names a person or an account and is not here.

use crate::shared::{
    statement::{Param, Statement},
    time::Timestamp,
};

/// A part of what is known of a person, for taking along.
pub struct Part {
    /// Name in the file; its title is `export.part.<name>`.
    pub name: &'static str,
    /// The rows, with `:person` and `:account`.
    pub sql: &'static str,
    /// Columns that hold JSON.
    pub json: &'static [&'static str],
}

/// What is taken along, in the order of the file.
pub const PARTS: &[Part] = &[
    Part {
        name: "account",
        sql: "SELECT id, login, kind, status, created_at, password <> '' AS has_password FROM account WHERE id = :account",
        json: &[],
    },
    Part {
        name: "person",
        sql: "SELECT p.id, p.iin, p.surname, p.name, p.patronymic, p.phone, p.email, p.lang, p.created_at,
              c.version, c.content, c.sources, c.changed_at
              FROM person p LEFT JOIN person_card c ON c.person = p.id WHERE p.id = :person",
        json: &["content", "sources"],
    },
    Part {
        name: "contacts",
        sql: "SELECT kind, value, verified_at FROM contact WHERE account = :account ORDER BY id",
        json: &[],
    },
    Part {
        name: "profile",
        sql: "SELECT id, kind, state, version, record, evidence, source, verification, visibility, organisation,
              reason, valid_to, successor, created_at, changed_at FROM profile_item WHERE person = :person ORDER BY kind, id",
        json: &["record", "evidence"],
    },
    Part {
        name: "files",
        sql: "SELECT id, name, purpose, kind, size, sha256, state, created_at FROM file WHERE person = :person ORDER BY id",
        json: &[],
    },
    Part {
        name: "applications",
        sql: "SELECT id, number, vacancy, organisation, state, version, content, completion, verdict, submitted_at,
              registered_at, due_at, created_at, changed_at,
              (SELECT json_group_array(json_object('at', s.at, 'action', s.action, 'state', s.state, 'party', s.party))
               FROM application_step s WHERE s.application = a.id) AS steps
              FROM application a WHERE person = :person ORDER BY id",
        json: &["content", "completion", "verdict", "steps"],
    },
    Part {
        name: "applications_sent",
        sql: "SELECT s.application, s.n, s.at, s.snapshot, s.hash FROM application_sent s
              JOIN application a ON a.id = s.application WHERE a.person = :person ORDER BY s.application, s.n",
        json: &["snapshot"],
    },
    Part {
        name: "consents",
        sql: "SELECT id, purpose, version, digest, lang, channel, given_at, until, withdrawn_at
              FROM consent WHERE person = :person ORDER BY given_at",
        json: &[],
    },
    Part {
        name: "saved",
        sql: "SELECT s.vacancy, v.number, s.at FROM saved_vacancy s JOIN vacancy v ON v.id = s.vacancy
              WHERE s.account = :account ORDER BY s.at",
        json: &[],
    },
    Part {
        name: "subscriptions",
        sql: "SELECT * FROM subscription WHERE account = :account ORDER BY id",
        json: &[],
    },
    Part {
        name: "notices",
        sql: "SELECT id, event, object_type, object_id, args, at, read_at FROM notice WHERE account = :account ORDER BY id",
        json: &["args"],
    },
    Part {
        name: "messages",
        sql: "SELECT event, channel, address, lang, subject, body, state, queued_at, sent_at, delivered_at FROM message
              WHERE recipient = :account OR recipient LIKE :account || ':%' OR address IN
              (SELECT value FROM contact WHERE account = :account) ORDER BY queued_at",
        json: &[],
    },
    Part {
        name: "tickets",
        sql: "SELECT t.number, t.topic, t.state, t.email, t.screen, t.device, t.score, t.score_text, t.created_at,
              (SELECT json_group_array(json_object('at', m.at, 'kind', m.kind, 'text', m.text))
               FROM ticket_message m WHERE m.ticket = t.id AND m.kind <> 'note') AS messages
              FROM ticket t WHERE t.account = :account ORDER BY t.number",
        json: &["messages"],
    },
    Part {
        name: "tests",
        sql: "SELECT a.id, a.exam, a.session, a.candidate, a.attempt, a.lang, a.seat, a.extra_minutes, a.claimed, a.state,
              a.started_at, a.finished_at, a.points, a.most, a.reached,
              (SELECT json_group_array(json_object('n', r.n, 'answer', json(r.answer), 'points', r.points, 'most', r.most))
               FROM exam_response r WHERE r.attempt = a.id) AS responses,
              (SELECT json_group_array(json_object('n', p.n, 'ground', p.ground, 'reason', p.reason, 'at', p.at))
               FROM exam_appeal p WHERE p.attempt = a.id) AS appeals
              FROM exam_attempt a WHERE a.person = :person ORDER BY a.id",
        json: &["responses", "appeals"],
    },
    Part {
        name: "roles",
        sql: "SELECT role, organisation, scope, from_day, to_day, order_no FROM role_assignment WHERE account = :account ORDER BY id",
        json: &[],
    },
    Part {
        name: "passkeys",
        sql: "SELECT name, created_at, used_at FROM passkey WHERE account = :account ORDER BY created_at",
        json: &[],
    },
    Part {
        name: "sessions",
        sql: "SELECT id, created_at, seen_at, until, device, factor, revoked_at FROM session WHERE account = :account ORDER BY id",
        json: &[],
    },
    Part {
        name: "actions",
        sql: "SELECT at, action, object_type, object_id FROM journal WHERE account = :account ORDER BY seq DESC LIMIT 1000",
        json: &[],
    },
    Part {
        name: "deletion",
        sql: "SELECT asked_at, due_at FROM deletion WHERE account = :account",
        json: &[],
    },
];

/// What is done when an account is deleted, in order. Applications that were sent are papers of a
/// competition and stay with their files for their term; numbers stay, names do not.
const ERASE: &[&str] = &[
    // Applications that were never sent.
    "DELETE FROM application_step WHERE application IN
       (SELECT id FROM application WHERE person = :person AND sent = 0)",
    "DELETE FROM application_note WHERE application IN
       (SELECT id FROM application WHERE person = :person AND sent = 0)",
    "DELETE FROM file_use WHERE object_type = 'application' AND object_id IN
       (SELECT id FROM application WHERE person = :person AND sent = 0)",
    "DELETE FROM application WHERE person = :person AND sent = 0",
    // What is being written anew in one that was sent is not what was sent.
    "UPDATE application SET content = (SELECT json_extract(s.snapshot, '$.content') FROM application_sent s
       WHERE s.application = application.id ORDER BY s.n DESC LIMIT 1)
     WHERE person = :person AND EXISTS (SELECT 1 FROM application_sent s WHERE s.application = application.id
       AND json_extract(s.snapshot, '$.content') IS NOT NULL)",
    // Records and the card.
    "DELETE FROM file_use WHERE object_type = 'record' AND object_id IN
       (SELECT id FROM profile_item WHERE person = :person)",
    "DELETE FROM file_use WHERE object_type = 'person' AND object_id = :person",
    "DELETE FROM profile_item WHERE person = :person",
    "DELETE FROM person_card WHERE person = :person",
    "DELETE FROM saved_vacancy WHERE account = :account",
    // Files that no application names: their content is removed by the sweep of files.
    "INSERT OR IGNORE INTO file_object (object, upload, since)
       SELECT object, upload, :now FROM file f WHERE person = :person AND object <> ''
         AND NOT EXISTS (SELECT 1 FROM file_use u WHERE u.file = f.id)",
    "INSERT OR IGNORE INTO file_object (object, upload, since)
       SELECT v.value ->> '$.object', NULL, :now FROM file f, json_each(f.variants) v WHERE f.person = :person
         AND v.value ->> '$.object' IS NOT NULL
         AND NOT EXISTS (SELECT 1 FROM file_use u WHERE u.file = f.id)",
    "DELETE FROM file_link WHERE account = :account
       OR file IN (SELECT id FROM file WHERE person = :person)",
    "DELETE FROM file WHERE person = :person
       AND NOT EXISTS (SELECT 1 FROM file_use u WHERE u.file = file.id)",
    // Telling: that something was sent stays, what and where does not.
    "DELETE FROM message WHERE state IN ('queued', 'sending')
       AND (recipient = :account OR recipient LIKE :account || ':%')",
    "UPDATE message SET address = '', args = '{}', link = '', stop = '', subject = '', body = '', provider_id = NULL
     WHERE recipient = :account OR recipient LIKE :account || ':%'",
    "DELETE FROM message WHERE recipient IN (SELECT value FROM contact WHERE account = :account)
       OR address IN (SELECT value FROM contact WHERE account = :account)",
    "DELETE FROM message_block WHERE address IN (SELECT value FROM contact WHERE account = :account)",
    "DELETE FROM subscription WHERE account = :account
       OR address IN (SELECT value FROM contact WHERE account = :account)",
    "DELETE FROM notice WHERE account = :account",
    "DELETE FROM push_subscription WHERE account = :account",
    "DELETE FROM preference WHERE account = :account",
    // The service desk keeps how many there were and how fast they were answered.
    "UPDATE ticket_message SET text = '' WHERE ticket IN (SELECT id FROM ticket WHERE account = :account)",
    "UPDATE ticket SET email = '', screen = '', device = '', role = '', score_text = '', file = NULL
     WHERE account = :account",
    // Signing in.
    "DELETE FROM sign_in_code WHERE account = :account
       OR value IN (SELECT value FROM contact WHERE account = :account)",
    "DELETE FROM passkey_challenge WHERE account = :account",
    "DELETE FROM passkey WHERE account = :account",
    "DELETE FROM contact WHERE account = :account",
    "DELETE FROM session WHERE account = :account",
    "DELETE FROM idempotency WHERE account = :account",
    // Consents end; that they were given stays, by numbers.
    "UPDATE consent SET withdrawn_at = :now WHERE person = :person AND withdrawn_at IS NULL",
    // What others refer to stays as a number.
    "UPDATE person SET iin = NULL, surname = '', name = '', patronymic = '', phone = '', email = ''
     WHERE id = :person",
    "UPDATE account SET login = 'deleted:' || id, password = '', totp = '', activation = NULL, status = 'blocked'
     WHERE id = :account",
    "UPDATE deletion SET done_at = :now WHERE account = :account",
];

/// Tables that name a person or an account and are neither taken along nor touched, and why.
pub const LEFT: &[(&str, &str)] = &[
    ("journal", "numbers only; kept by law"),
    ("role_assignment", "an account with roles is not deleted; past roles are numbers"),
    ("api_key", "an account with keys is of the staff"),
    ("vacancy", "numbers of the staff who wrote it"),
    ("vacancy_template", "numbers of the staff who wrote it"),
    ("application_message", "numbers of the staff who sent it and of those who got it"),
    ("application_note", "words of the staff about an application: part of its papers"),
    ("file_act", "numbers of what was removed"),
    ("item", "numbers of the staff who wrote it"),
    ("item_version", "numbers of the staff who wrote it"),
    ("item_step", "numbers of the staff who judged it"),
    ("item_complaint", "numbers of the staff who wrote and decided it"),
    ("item_media", "numbers of the staff who brought it"),
    ("item_sign", "numbers of the staff who brought it"),
    ("item_import", "numbers of the staff who brought it"),
    ("analysis", "numbers of the staff who asked"),
    ("item_export", "numbers of the staff who asked and approved"),
    ("exam", "numbers of the staff who wrote and published it"),
    ("exam_session", "numbers of the staff who planned it"),
    ("exam_ruling", "numbers of the commission who decided and signed"),
    ("exam_rescored", "results of attempts before and after a decision: part of its protocol"),
    ("exam_certificate", "kept by the act as long as results are (Order 83, par. 54)"),
    (
        "exam_act",
        "numbers of the staff who wrote and signed it; the act belongs to the papers of the room",
    ),
    ("exam_print", "numbers of the staff who printed forms"),
    (
        "exam_paper_read",
        "numbers of the staff who read a paper; what was answered is the attempt's",
    ),
    ("exam_paper", "numbers of the staff who read a paper; what was answered is the attempt's"),
    ("exam_proctor", "numbers of the staff who watched a room"),
    ("message_template", "numbers of the staff who wrote it"),
];

/// Binds `:person`, `:account` and `:now`, those that occur.
fn bind(text: &str, person: &str, account: &str, now: Timestamp) -> Statement {
    let mut sql = text.to_owned();
    let mut params: Vec<Param> = Vec::new();
    for (name, value) in
        [(":person", Param::from(person)), (":account", account.into()), (":now", now.into())]
    {
        if sql.contains(name) {
            params.push(value);
            sql = sql.replace(name, &format!("?{}", params.len()));
        }
    }
    Statement { sql: sql.into(), params }
}

/// The reads of [`PARTS`].
pub fn reads(person: &str, account: &str, now: Timestamp) -> Vec<Statement> {
    PARTS.iter().map(|part| bind(part.sql, person, account, now)).collect()
}

/// The statements that delete what is known of a person, for one batch.
pub fn erase(person: &str, account: &str, now: Timestamp) -> Vec<Statement> {
    ERASE.iter().map(|text| bind(text, person, account, now)).collect()
}

/// Whether the map speaks of a table.
pub fn covers(table: &str) -> bool {
    let names =
        |text: &str| text.split(|c: char| !c.is_alphanumeric() && c != '_').any(|w| w == table);
    PARTS.iter().any(|part| names(part.sql))
        || ERASE.iter().any(|text| names(text))
        || LEFT.iter().any(|(name, _)| *name == table)
}
