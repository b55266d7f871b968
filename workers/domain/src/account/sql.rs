//! SQL of accounts, roles and sessions.

use serde::Deserialize;

use super::{actor::Grant, sign_in::policy};
use crate::{
    shared::{row, statement::Statement, time::Timestamp},
    sql,
};

/// The roles of an account that hold on a day, as JSON. `?2` is the day.
pub(super) const GRANTS: &str = "(SELECT json_group_array(json_object('role', r.role,
        'organisation', r.organisation, 'path', o.path, 'scope', r.scope))
      FROM role_assignment r JOIN organisation o ON o.id = r.organisation
      WHERE r.account = a.id AND s.factor = 'full' AND r.from_day <= ?2 AND (r.to_day IS NULL OR r.to_day >= ?2)) AS grants";

/// Who a session or a key belongs to.
#[derive(Debug, Deserialize)]
pub struct ActorRow {
    /// Session (or key).
    pub session: String,
    /// Account.
    pub account: String,
    /// Person.
    pub person: String,
    /// Name to show.
    pub name: String,
    /// Roles that hold today.
    #[serde(deserialize_with = "row::json")]
    pub grants: Vec<Grant>,
}

/// Whether a session `s` is used lately: `?{idle}` and `?{applicant}` are the moments since which.
fn lately(idle: u8, applicant: u8) -> String {
    format!("s.seen_at > CASE WHEN s.factor = 'full' THEN ?{idle} ELSE ?{applicant} END")
}

/// The moments of [`lately`]: for sessions with a second factor and without.
fn idle_since(now: Timestamp) -> [Timestamp; 2] {
    [policy().idle_minutes, policy().applicant_idle_minutes]
        .map(|minutes| now.plus_seconds(-minutes * 60))
}

/// The living session of a secret (its SHA-256): not revoked, not expired, used lately, and the
/// account is active. Roles count only with a second factor.
pub fn actor_by_session(secret: &str, now: Timestamp) -> Statement {
    let [idle, applicant] = idle_since(now);
    sql!(
        format!(
            "SELECT s.id AS session, a.id AS account, a.person, p.surname || ' ' || p.name AS name, {GRANTS}
             FROM session s JOIN account a ON a.id = s.account JOIN person p ON p.id = a.person
             WHERE s.secret = ?1 AND s.revoked_at IS NULL AND s.until > ?3 AND {}
               AND a.status = 'active'",
            lately(4, 5)
        ),
        secret,
        now.day(),
        now,
        idle,
        applicant
    )
}

/// The account in whose name an operator's key acts (the key by its SHA-256).
pub fn actor_by_key(secret: &str, now: Timestamp) -> Statement {
    sql!(
        format!(
            "SELECT 'key:' || k.id AS session, a.id AS account, a.person, p.surname || ' ' || p.name AS name, {GRANTS}
             FROM (SELECT 'full' AS factor) s JOIN api_key k JOIN account a ON a.id = k.account JOIN person p ON p.id = a.person
             WHERE k.secret = ?1 AND k.revoked_at IS NULL AND a.status = 'active'"
        ),
        secret,
        now.day()
    )
}

/// Whose secret somebody shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Holder {
    /// A browser's.
    Session,
    /// An operator's script's.
    Key,
}

/// The answer that was given to an idempotency key of the account to which a secret (its SHA-256)
/// belongs: `request`, `status`, `body`.
pub fn given_to(holder: Holder, secret: &str, key: &str) -> Statement {
    let table = match holder {
        Holder::Session => "session",
        Holder::Key => "api_key",
    };
    sql!(
        format!(
            "SELECT i.request, i.status, i.body FROM {table} s
             JOIN idempotency i ON i.account = s.account AND i.key = ?2 WHERE s.secret = ?1"
        ),
        secret,
        key
    )
}

/// Notes that a session was used; at most once a minute, so that reading writes little.
pub fn touch_session(secret: &str, now: Timestamp) -> Statement {
    let [idle, applicant] = idle_since(now);
    sql!(
        format!(
            "UPDATE session AS s SET seen_at = ?2 WHERE secret = ?1 AND seen_at < ?3 AND revoked_at IS NULL AND {}",
            lately(4, 5)
        ),
        secret,
        now,
        now.plus_seconds(-60),
        idle,
        applicant
    )
}

/// What signing in needs to know of an account.
#[derive(Debug, Deserialize)]
pub struct SignInRow {
    /// Account.
    pub id: String,
    /// Login.
    pub login: String,
    /// PHC string.
    pub password: String,
    /// Encrypted second-factor secret.
    pub totp: String,
    /// Last step used.
    pub totp_step: i64,
    /// `invited`, `active`, `blocked`.
    pub status: String,
    /// Failures in a row.
    pub failures: i64,
    /// The last of them.
    pub failed_at: Option<Timestamp>,
    /// `staff` or `applicant`.
    pub kind: String,
}

/// The columns of [`SignInRow`].
const SIGN_IN: &str = "id, login, password, totp, totp_step, status, failures, failed_at, kind";

/// The account of a login, or of a phone or e-mail that belongs to somebody who applies.
pub fn sign_in_row(login: &str) -> Statement {
    sql!(
        format!(
            "SELECT {SIGN_IN} FROM account WHERE login = ?1 OR (kind = 'applicant' AND id =
               (SELECT account FROM contact WHERE value = ?1)) ORDER BY login <> ?1 LIMIT 1"
        ),
        login
    )
}

/// An account by its identifier.
pub fn sign_in_row_of(account: &str) -> Statement {
    sql!(format!("SELECT {SIGN_IN} FROM account WHERE id = ?1"), account)
}

/// Names that everybody knows of an account: of its person and its organisations. Rows `name`.
pub fn known_names(account: &str) -> Statement {
    sql!(
        "SELECT p.surname || ' ' || p.name AS name FROM account a JOIN person p ON p.id = a.person
          WHERE a.id = ?1
         UNION ALL
         SELECT o.name_kk || ' ' || o.name_ru || ' ' || o.name_en FROM role_assignment r
          JOIN organisation o ON o.id = r.organisation WHERE r.account = ?1",
        account
    )
}

/// The account of an activation secret (its SHA-256) that is still good.
pub fn activation_row(secret: &str, now: Timestamp) -> Statement {
    sql!(
        format!(
            "SELECT {SIGN_IN} FROM account
         WHERE activation = ?1 AND activation_until > ?2 AND status <> 'blocked'"
        ),
        secret,
        now
    )
}

/// Stores the outcome of a failed attempt.
pub fn failed(account: &str, failures: i64, now: Timestamp) -> Statement {
    sql!("UPDATE account SET failures = ?2, failed_at = ?3 WHERE id = ?1", account, failures, now)
}

/// Failures under a login that nobody has.
#[derive(Debug, Deserialize)]
pub struct UnknownRow {
    /// Failures in a row.
    pub failures: i64,
    /// The last of them.
    pub failed_at: Option<Timestamp>,
}

/// As many logins that nobody has are remembered; the oldest make room.
const UNKNOWN_KEPT: i64 = 10_000;

/// The failures under a login that nobody has, by the code of the login. Rows [`UnknownRow`].
pub fn unknown_row(key: &str) -> Statement {
    sql!("SELECT failures, failed_at FROM sign_in_unknown WHERE key = ?1", key)
}

/// Stores one more failure under a login that nobody has, and makes room.
pub fn failed_unknown(key: &str, failures: i64, now: Timestamp) -> [Statement; 2] {
    [
        sql!(
            "INSERT INTO sign_in_unknown (key, failures, failed_at) VALUES (?1, ?2, ?3)
             ON CONFLICT (key) DO UPDATE SET failures = ?2, failed_at = ?3",
            key,
            failures,
            now
        ),
        sql!(
            "DELETE FROM sign_in_unknown WHERE failed_at < (SELECT failed_at FROM sign_in_unknown
               ORDER BY failed_at DESC LIMIT 1 OFFSET ?1)",
            UNKNOWN_KEPT
        ),
    ]
}

/// Forgets failures that no longer count.
pub fn forget_unknown(before: Timestamp) -> Statement {
    sql!("DELETE FROM sign_in_unknown WHERE failed_at < ?1", before)
}

/// A code is good once: the whole sign-in is rolled back if the step was used meanwhile.
pub fn passed(account: &str, step: i64) -> [Statement; 2] {
    [
        crate::shared::statement::guard(
            "state",
            "SELECT totp_step < ?2 FROM account WHERE id = ?1",
            vec![account.into(), step.into()],
        ),
        sql!(
            "UPDATE account SET failures = 0, failed_at = NULL, totp_step = ?2 WHERE id = ?1",
            account,
            step
        ),
    ]
}

/// How a session was opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Factor {
    /// Password and a second factor: roles count.
    Full,
    /// A one-time code to a phone or e-mail.
    Code,
    /// A password alone.
    Password,
    /// A passkey.
    Passkey,
}

impl Factor {
    const fn name(self) -> &'static str {
        match self {
            Factor::Full => "full",
            Factor::Code => "code",
            Factor::Password => "password",
            Factor::Passkey => "passkey",
        }
    }
}

/// Opens a session.
pub fn open_session(
    id: &str,
    secret: &str,
    account: &str,
    factor: Factor,
    device: &str,
    now: Timestamp,
) -> Statement {
    sql!(
        "INSERT INTO session (id, secret, account, created_at, seen_at, until, device, factor)
         VALUES (?1, ?2, ?3, ?4, ?4, ?5, ?6, ?7)",
        id,
        secret,
        account,
        now,
        now.plus_seconds(policy().session_hours * 3600),
        device,
        factor.name()
    )
}

/// Ends a session of an account.
pub fn revoke_session(id: &str, account: &str, now: Timestamp) -> Statement {
    sql!(
        "UPDATE session SET revoked_at = ?3 WHERE id = ?1 AND account = ?2 AND revoked_at IS NULL",
        id,
        account,
        now
    )
}

/// Ends all sessions of an account.
pub fn revoke_sessions(account: &str, now: Timestamp) -> Statement {
    sql!(
        "UPDATE session SET revoked_at = ?2 WHERE account = ?1 AND revoked_at IS NULL",
        account,
        now
    )
}

/// Living sessions of an account, newest first.
pub fn sessions(account: &str, now: Timestamp) -> Statement {
    let [idle, applicant] = idle_since(now);
    sql!(
        format!(
            "SELECT id, created_at, seen_at, device FROM session AS s
             WHERE account = ?1 AND revoked_at IS NULL AND until > ?2 AND {} ORDER BY seen_at DESC",
            lately(3, 4)
        ),
        account,
        now,
        idle,
        applicant
    )
}
