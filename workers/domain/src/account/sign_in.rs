//! Signing in: the lockout, the password policy, the length of a session. The numbers are an
//! edition of the rules (`schemas/rules/sign-in`), not constants.

use std::sync::OnceLock;

use serde::Deserialize;

use super::common::is_common;
use crate::shared::{refusal::Check, time::Timestamp};

/// Numbers of the edition.
#[derive(Debug, Clone, Deserialize)]
pub struct Policy {
    /// Shortest password, characters.
    pub password_min: usize,
    /// How many of: lower case, upper case, digits, other signs.
    pub password_classes: usize,
    /// Failures after which the account is locked for a while.
    pub failures: i64,
    /// For how long, minutes.
    pub lock_minutes: i64,
    /// A session ends when it is not used for so many minutes.
    pub idle_minutes: i64,
    /// A session ends after so many hours in any case.
    pub session_hours: i64,
    /// How long an activation link is good, days.
    pub activation_days: i64,
    /// As `idle_minutes`, for people who have signed in without a second factor.
    pub applicant_idle_minutes: i64,
    /// One-time codes.
    pub code: CodePolicy,
}

/// Numbers of one-time codes. The limits hold off floods of messages, not people: a school, and
/// often a district, shares one address.
#[derive(Debug, Clone, Deserialize)]
pub struct CodePolicy {
    /// Length of a code.
    pub digits: usize,
    /// How long it is good, minutes.
    pub minutes: i64,
    /// Wrong entries after which it is dead.
    pub tries: i64,
    /// Earliest moment of the next code, seconds after the last.
    pub resend_seconds: i64,
    /// Most codes to one phone or e-mail within an hour.
    pub per_contact_hour: i64,
    /// The same within a day.
    pub per_contact_day: i64,
    /// Most codes asked from one address within an hour.
    pub per_network_hour: i64,
    /// Most codes of the whole service within an hour: what a flood may cost.
    pub global_hour: i64,
}

/// The policy in force. It is compiled in, and a test reads it.
pub fn policy() -> &'static Policy {
    static POLICY: OnceLock<Policy> = OnceLock::new();
    POLICY.get_or_init(|| {
        serde_json::from_str(include_str!("../../../../schemas/rules/sign-in/2026-01-01.json"))
            .unwrap_or(Policy {
                // Unreachable while the test below passes; the strictest numbers all the same.
                password_min: 16,
                password_classes: 4,
                failures: 3,
                lock_minutes: 60,
                idle_minutes: 10,
                session_hours: 4,
                activation_days: 1,
                applicant_idle_minutes: 10,
                code: CodePolicy {
                    digits: 8,
                    minutes: 1,
                    tries: 1,
                    resend_seconds: 600,
                    per_contact_hour: 1,
                    per_contact_day: 1,
                    per_network_hour: 1,
                    global_hour: 1,
                },
            })
    })
}

/// Until when the account is locked, if it is. Failures older than the lock do not count.
///
/// The lock belongs to the account, not to the address: a school sits behind one address, and
/// one colleague's forgotten password must not lock out the others.
pub fn locked_until(
    failures: i64,
    failed_at: Option<Timestamp>,
    now: Timestamp,
) -> Option<Timestamp> {
    let policy = policy();
    let until = failed_at?.plus_seconds(policy.lock_minutes * 60);
    (failures >= policy.failures && until > now).then_some(until)
}

/// The number of failures to store after one more.
pub fn count_failure(failures: i64, failed_at: Option<Timestamp>, now: Timestamp) -> i64 {
    let fresh = failed_at.is_some_and(|at| at.plus_seconds(policy().lock_minutes * 60) > now);
    if fresh { failures + 1 } else { 1 }
}

/// Checks a new password. `own` are names that everybody knows of the account.
pub fn check_password(check: &mut Check, password: &str, login: &str, own: &[String]) {
    let policy = policy();
    let has = |test: fn(char) -> bool| usize::from(password.chars().any(test));
    let classes = has(char::is_lowercase)
        + has(char::is_uppercase)
        + has(|c| c.is_ascii_digit())
        + has(|c| !c.is_alphanumeric());
    if password.chars().count() < policy.password_min {
        check.wrong_with("password", "password_short", "min", policy.password_min);
    } else if password.len() > 200 {
        check.wrong("password", "password_long");
    } else if classes < policy.password_classes {
        check.wrong("password", "password_classes");
    } else if !login.is_empty() && password.to_lowercase().contains(&login.to_lowercase()) {
        check.wrong("password", "password_login");
    } else if is_common(password, own) {
        check.wrong("password", "password_common");
    }
}

/// Whether a login has the right shape: 3 to 40 of a-z, 0-9, dot, hyphen, underscore.
pub fn is_login(login: &str) -> bool {
    (3..=40).contains(&login.len())
        && login
            .bytes()
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b"._-".contains(&b))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(minute: i64) -> Timestamp {
        Timestamp::from_millis(0).plus_seconds(minute * 60)
    }

    #[test]
    fn the_edition_can_be_read() {
        assert_eq!((policy().failures, policy().lock_minutes), (5, 15));
    }

    #[test]
    fn locks_after_the_fifth_failure_and_opens_by_itself() {
        assert_eq!(locked_until(4, Some(at(0)), at(1)), None);
        assert_eq!(locked_until(5, Some(at(0)), at(14)), Some(at(15)));
        assert_eq!(locked_until(5, Some(at(0)), at(15)), None);
        assert_eq!(count_failure(4, Some(at(0)), at(1)), 5);
        assert_eq!(count_failure(5, Some(at(0)), at(15)), 1);
        // A clock that jumps back never unlocks early.
        assert_eq!(locked_until(5, Some(at(10)), at(0)), Some(at(25)));
    }

    #[test]
    fn passwords() {
        let wrong = |password| {
            let mut check = Check::default();
            check_password(&mut check, password, "hr.school1", &[]);
            check.0.first().map(|e| e.code)
        };
        assert_eq!(wrong("Ab1"), Some("password_short"));
        assert_eq!(wrong("abcdefghijkl"), Some("password_classes"));
        assert_eq!(wrong("Hr.School1-2026"), Some("password_login"));
        assert_eq!(wrong("Қарағанды-2026"), Some("password_common"));
        assert_eq!(wrong("Сарыарқа-желі-26"), None);
    }
}
