//! Phones and e-mails of people, and the one-time codes that prove them.

use serde::{Deserialize, Serialize};

use super::sign_in::CodePolicy;
use crate::{
    shared::{
        phone::{Phone, PhoneError},
        statement::{Statement, guard},
        time::Timestamp,
    },
    sql,
    vacancy::content::is_email,
};

/// The longest e-mail (RFC 5321).
const EMAIL_MAX: usize = 254;

/// A way to reach somebody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Contact {
    /// A mobile phone, E.164.
    Phone(String),
    /// An e-mail, in lower case.
    Email(String),
}

/// Why a text is no contact.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ContactError {
    /// Nothing was typed.
    Empty,
    /// Not an e-mail.
    Email,
    /// Not a phone of the country.
    Phone,
    /// A phone that gets no messages.
    Landline,
}

impl ContactError {
    /// Key of the text: `field.{code}` in `schemas/locales/errors.json`.
    pub const fn code(self) -> &'static str {
        match self {
            ContactError::Empty => "contact_empty",
            ContactError::Email => "contact_email",
            ContactError::Phone => "contact_phone",
            ContactError::Landline => "contact_landline",
        }
    }
}

impl Contact {
    /// Reads what a person typed: anything with an `@` is meant as an e-mail.
    ///
    /// # Errors
    /// See [`ContactError`].
    pub fn parse(text: &str) -> Result<Contact, ContactError> {
        let text = text.trim();
        if text.is_empty() {
            return Err(ContactError::Empty);
        }
        if text.contains('@') {
            let email = text.to_lowercase();
            let fine = email.len() <= EMAIL_MAX && is_email(&email);
            return if fine { Ok(Contact::Email(email)) } else { Err(ContactError::Email) };
        }
        match Phone::parse(text) {
            Ok(phone) if phone.is_mobile() => Ok(Contact::Phone(phone.e164())),
            Ok(_) => Err(ContactError::Landline),
            // Letters are an e-mail that is not finished.
            Err(PhoneError::Characters) if text.chars().any(char::is_alphabetic) => {
                Err(ContactError::Email)
            }
            Err(_) => Err(ContactError::Phone),
        }
    }

    /// `phone` or `email`.
    pub const fn kind(&self) -> &'static str {
        match self {
            Contact::Phone(_) => "phone",
            Contact::Email(_) => "email",
        }
    }

    /// The channel that reaches it: `sms` or `email`.
    pub const fn channel(&self) -> &'static str {
        match self {
            Contact::Phone(_) => "sms",
            Contact::Email(_) => "email",
        }
    }

    /// The value: E.164 or the e-mail.
    pub fn value(&self) -> &str {
        match self {
            Contact::Phone(value) | Contact::Email(value) => value,
        }
    }

    /// For a page: enough to recognise it, not enough to write it down from another's screen.
    pub fn masked(&self) -> String {
        match self {
            Contact::Phone(value) => {
                // `+7 701 ··· ·· 78`.
                let (head, tail) = value.split_at(value.len().saturating_sub(2));
                let code = head.get(2..5).unwrap_or_default();
                format!("{} {code} ··· ·· {tail}", head.get(..2).unwrap_or_default())
            }
            Contact::Email(value) => {
                let (name, host) = value.split_once('@').unwrap_or((value, ""));
                let first: String = name.chars().take(1).collect();
                format!("{first}···@{host}")
            }
        }
    }
}

/// A verified contact, as the cabinet shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ContactRow {
    /// Identifier.
    pub id: String,
    /// `phone` or `email`.
    pub kind: String,
    /// The value.
    pub value: String,
    /// Since when it is proved.
    pub verified_at: Timestamp,
}

/// Contacts of an account.
pub fn contacts(account: &str) -> Statement {
    sql!(
        "SELECT id, kind, value, verified_at FROM contact WHERE account = ?1 ORDER BY kind DESC, verified_at",
        account
    )
}

/// How often codes were sent, for [`too_soon`].
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
pub struct Sent {
    /// The last code to this contact.
    pub last: Option<Timestamp>,
    /// To this contact within the last hour.
    pub hour: i64,
    /// To this contact within the last day.
    pub day: i64,
    /// Asked from this address within the last hour.
    pub network: i64,
    /// By the whole service within the last hour.
    pub all: i64,
}

/// Counts what was sent to a contact, from an address and by all.
pub fn sent(contact: &Contact, network: &str, now: Timestamp) -> Statement {
    sql!(
        "SELECT
           (SELECT max(sent_at) FROM sign_in_code WHERE kind = ?1 AND value = ?2) AS last,
           (SELECT count(*) FROM sign_in_code WHERE kind = ?1 AND value = ?2 AND sent_at > ?4) AS hour,
           (SELECT count(*) FROM sign_in_code WHERE kind = ?1 AND value = ?2 AND sent_at > ?5) AS day,
           (SELECT count(*) FROM sign_in_code WHERE network = ?3 AND sent_at > ?4) AS network,
           (SELECT count(*) FROM sign_in_code WHERE sent_at > ?4) AS \"all\"",
        contact.kind(),
        contact.value(),
        network,
        now.plus_seconds(-3600),
        now.plus_seconds(-86_400)
    )
}

/// What stands against another code now: the code of the refusal and the seconds to wait.
pub fn too_soon(policy: &CodePolicy, sent: &Sent, now: Timestamp) -> Option<(&'static str, i64)> {
    // A clock that jumped back must not lock anybody out for longer than the rule says.
    let since = sent.last.map(|last| ((now.millis() - last.millis()) / 1000).max(0));
    let wait = since.map_or(0, |since| policy.resend_seconds - since);
    if wait > 0 {
        Some(("code_wait", wait))
    } else if sent.day >= policy.per_contact_day {
        Some(("code_day", 86_400))
    } else if sent.hour >= policy.per_contact_hour {
        Some(("code_hour", 3600))
    } else if sent.network >= policy.per_network_hour {
        Some(("code_network", 3600))
    } else if sent.all >= policy.global_hour {
        Some(("code_busy", 600))
    } else {
        None
    }
}

/// Turns random bytes into a code of decimal digits, every code equally likely; `None` where the
/// bytes must be drawn anew (rejection sampling).
pub fn digits(policy: &CodePolicy, random: [u8; 8]) -> Option<String> {
    let space = 10u64.checked_pow(u32::try_from(policy.digits).ok()?)?;
    let n = u64::from_le_bytes(random);
    (n < u64::MAX - u64::MAX % space)
        .then(|| format!("{:0width$}", n % space, width = policy.digits))
}

/// A code as a person types it: digits, with whatever stands between them.
pub fn typed(text: &str) -> String {
    text.chars().filter_map(|c| c.to_digit(10)).filter_map(|d| char::from_digit(d, 10)).collect()
}

/// A code that was sent.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct CodeRow {
    /// SHA-256 of the token.
    pub id: String,
    /// `phone` or `email`.
    pub kind: String,
    /// Where it was sent.
    pub value: String,
    /// The account that adds this contact.
    pub account: Option<String>,
    /// SHA-256 of token and code.
    pub code: String,
    /// Wrong entries so far.
    pub tries: i64,
    /// When it was sent.
    pub sent_at: Timestamp,
    /// Until when it is good.
    pub until: Timestamp,
    /// When it was used.
    pub done_at: Option<Timestamp>,
}

impl CodeRow {
    /// Whether it can still be entered.
    pub fn is_open(&self, policy: &CodePolicy, now: Timestamp) -> bool {
        self.done_at.is_none() && self.tries < policy.tries && self.until > now
    }

    /// Where it was sent.
    pub fn contact(&self) -> Contact {
        match self.kind.as_str() {
            "phone" => Contact::Phone(self.value.clone()),
            _ => Contact::Email(self.value.clone()),
        }
    }
}

/// A code by the digest of its token.
pub fn code_row(id: &str) -> Statement {
    sql!(
        "SELECT id, kind, value, account, code, tries, sent_at, until, done_at FROM sign_in_code WHERE id = ?1",
        id
    )
}

/// Reserves a code before it is sent: of two requests at once one is refused.
pub fn reserve(row: &CodeRow, network: &str, policy: &CodePolicy) -> [Statement; 2] {
    [
        guard(
            "state",
            "NOT EXISTS (SELECT 1 FROM sign_in_code WHERE kind = ?1 AND value = ?2 AND sent_at > ?3 AND sent_at <= ?4)",
            vec![
                row.kind.as_str().into(),
                row.value.as_str().into(),
                row.sent_at.plus_seconds(-policy.resend_seconds).into(),
                row.sent_at.into(),
            ],
        ),
        sql!(
            "INSERT INTO sign_in_code (id, kind, value, account, code, network, sent_at, until)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
            &row.id,
            &row.kind,
            &row.value,
            row.account.clone(),
            &row.code,
            network,
            row.sent_at,
            row.until
        ),
    ]
}

/// Forgets a code that no gateway took: the person may ask again at once.
pub fn forget(id: &str) -> Statement {
    sql!("DELETE FROM sign_in_code WHERE id = ?1", id)
}

/// Counts an entry before it is compared, so that parallel guesses cannot pass the limit.
pub fn count_try(id: &str, policy: &CodePolicy, now: Timestamp) -> [Statement; 2] {
    [
        guard(
            "state",
            "SELECT tries < ?2 AND until > ?3 AND done_at IS NULL FROM sign_in_code WHERE id = ?1",
            vec![id.into(), policy.tries.into(), now.into()],
        ),
        sql!("UPDATE sign_in_code SET tries = tries + 1 WHERE id = ?1", id),
    ]
}

/// Uses a code up: of two right entries at once one passes.
pub fn use_up(id: &str, now: Timestamp) -> [Statement; 2] {
    [
        guard("state", "SELECT done_at IS NULL FROM sign_in_code WHERE id = ?1", vec![id.into()]),
        sql!("UPDATE sign_in_code SET done_at = ?2 WHERE id = ?1", id, now),
    ]
}

/// Removes codes after two days: the longest limit looks back one.
pub fn tidy(now: Timestamp) -> Statement {
    sql!("DELETE FROM sign_in_code WHERE sent_at < ?1", now.plus_seconds(-2 * 86_400))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::account::sign_in::policy;

    #[test]
    fn contacts_are_read_as_people_type_them() {
        let phone = |text: &str| Ok(Contact::Phone(text.into()));
        let email = |text: &str| Ok(Contact::Email(text.into()));
        for (typed, read) in [
            ("8 701 234 56 78", phone("+77012345678")),
            (" +7(701)234-56-78 ", phone("+77012345678")),
            ("Aigul.S@Mail.KZ ", email("aigul.s@mail.kz")),
            ("", Err(ContactError::Empty)),
            ("8 7172 55 66 77", Err(ContactError::Landline)),
            ("+1 202 555 0100", Err(ContactError::Phone)),
            ("aigul", Err(ContactError::Email)),
            ("aigul@", Err(ContactError::Email)),
            ("a@b.kz\nbcc: x@y.kz", Err(ContactError::Email)),
            ("8 701", Err(ContactError::Phone)),
        ] {
            assert_eq!(Contact::parse(typed), read, "{typed}");
        }
    }

    #[test]
    fn what_is_shown_is_not_the_whole_contact() {
        assert_eq!(Contact::Phone("+77012345678".into()).masked(), "+7 701 ··· ·· 78");
        assert_eq!(Contact::Email("aigul@mail.kz".into()).masked(), "a···@mail.kz");
    }

    #[test]
    fn limits_hold_and_open_again() {
        let policy = &policy().code;
        let now = Timestamp::from_millis(1_000_000_000);
        let refused = |sent: Sent| too_soon(policy, &sent, now).map(|(code, _)| code);
        let at = |ago: i64| Some(now.plus_seconds(-ago));
        assert_eq!(refused(Sent::default()), None);
        assert_eq!(
            too_soon(policy, &Sent { last: at(20), ..Sent::default() }, now),
            Some(("code_wait", 40))
        );
        assert_eq!(refused(Sent { last: at(60), hour: 1, day: 1, ..Sent::default() }), None);
        assert_eq!(refused(Sent { hour: 5, day: 5, ..Sent::default() }), Some("code_hour"));
        assert_eq!(refused(Sent { hour: 5, day: 10, ..Sent::default() }), Some("code_day"));
        assert_eq!(refused(Sent { network: 120, ..Sent::default() }), Some("code_network"));
        assert_eq!(refused(Sent { all: 5000, ..Sent::default() }), Some("code_busy"));
        // The clock went back: no longer than a minute all the same.
        assert_eq!(
            too_soon(policy, &Sent { last: at(-500), ..Sent::default() }, now),
            Some(("code_wait", 60))
        );
    }

    #[test]
    fn codes_have_six_digits_and_no_bias() {
        let policy = &policy().code;
        assert_eq!(digits(policy, 42u64.to_le_bytes()), Some("000042".into()));
        assert_eq!(digits(policy, [0xFF; 8]), None);
        assert_eq!(typed(" 12 34-56"), "123456");
    }
}
