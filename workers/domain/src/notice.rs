//! Telling people things. A feature says what happened, to whom and once in which case; the texts,
//! the channels and the time of sending are settled here and by the worker `dispatch`.
//!
//! Events, their variables and texts are data: `schemas/messages/<event>.json`.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{
    account::{permission::Permission, role::Role},
    shared::{statement::Statement, time::Timestamp},
    sql,
};

pub mod api;
mod arg;
pub mod letter;
pub mod plan;
pub mod policy;
pub mod render;
pub mod sms;
mod spec;

pub use arg::{Arg, Item};
pub use spec::{Kind, PARTS, Part, Spec, To, Variable, all, check_text, spec};

macro_rules! events {
    ($($(#[$doc:meta])* $name:ident = $code:literal,)+) => {
        /// Something that people are told.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
        pub enum Event {
            $($(#[$doc])* #[serde(rename = $code)] $name,)+
        }

        impl Event {
            /// All events.
            pub const ALL: &[Event] = &[$(Event::$name,)+];

            /// The code: the name of its file in `schemas/messages`.
            pub const fn code(self) -> &'static str {
                match self { $(Event::$name => $code,)+ }
            }
        }
    };
}

events! {
    /// The applicant's application was registered.
    ApplicationSubmitted = "application.submitted",
    /// Staff: an application has come.
    ApplicationReceived = "application.received",
    /// The applicant is asked to complete the application.
    ApplicationRequested = "application.requested",
    /// Staff: an application was completed.
    ApplicationCompleted = "application.completed",
    /// The applicant is admitted.
    ApplicationAdmitted = "application.admitted",
    /// The applicant is refused.
    ApplicationRefused = "application.refused",
    /// Staff: an application was withdrawn.
    ApplicationWithdrawn = "application.withdrawn",
    /// There is a decision on the application.
    ApplicationDecided = "application.decided",
    /// A person was put down for a session of a test.
    ExamListed = "exam.listed",
    /// A decision of the commission on a task has changed the result of a test.
    ExamRescored = "exam.rescored",
    /// Something else happened to the application.
    ApplicationProgress = "application.progress",
    /// The organisation writes to applicants.
    ApplicationMessage = "application.message",
    /// Staff: a term of the organisation is over.
    ApplicationOverdue = "application.overdue",
    /// The acceptance ends soon and the application is begun, not sent.
    ApplicationDeadlineNear = "application.deadline_near",
    /// The acceptance of a vacancy that somebody saved ends soon.
    VacancyDeadlineNear = "vacancy.deadline_near",
    /// A vacancy was extended, cancelled or paused after somebody applied.
    VacancyChanged = "vacancy.changed_for_applicant",
    /// A one-time code. Goes by express only and is written nowhere.
    AccountCode = "account.code",
    /// Somebody signed in from a device that was not seen before.
    AccountNewDevice = "account.new_device",
    /// A password was set or changed.
    AccountPasswordSet = "account.password_set",
    /// A phone or an e-mail for signing in was added.
    AccountContactAdded = "account.contact_added",
    /// One was removed.
    AccountContactRemoved = "account.contact_removed",
    /// The person, or somebody at their device, asked to delete the account.
    AccountDeletionAsked = "account.deletion_asked",
    /// The address of an alert is to be confirmed.
    SubscriptionConfirm = "subscription.confirm",
    /// New vacancies of an alert.
    SubscriptionDigest = "subscription.digest",
    /// A message to the service desk was registered.
    TicketOpened = "ticket.opened",
    /// It was answered.
    TicketAnswered = "ticket.answered",
    /// It was closed.
    TicketClosed = "ticket.closed",
    /// A record of the profile expires.
    ProfileExpiring = "profile.expiring",
    /// Staff: somebody asks to compare a record with its original.
    ProfileSubmitted = "profile.submitted",
    /// An organisation has compared a record of the profile.
    ProfileCompared = "profile.compared",
    /// A file that somebody sent was not taken: damaged, dangerous, infected.
    FileRejected = "file.rejected",
    /// What happened during a day, for those who want one letter.
    NoticeDigest = "notice.digest",
    /// A gateway is out of money, out of order or delivers badly.
    GatewayAlarm = "gateway.alarm",
}

impl Event {
    /// The event of a code.
    pub fn parse(code: &str) -> Option<Event> {
        Event::ALL.iter().copied().find(|event| event.code() == code)
    }
}

/// Values of the variables, by name.
pub type Args = BTreeMap<String, Arg>;

/// The values from pairs, as features write them: `args([("number", number.into())])`.
pub fn args<const N: usize>(pairs: [(&str, Arg); N]) -> Args {
    pairs.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

/// Something to tell one person with an account.
#[derive(Debug, Clone, PartialEq)]
pub struct Notice {
    /// Identifier of the account.
    pub account: String,
    /// What happened.
    pub event: Event,
    /// What it is about: type and identifier (`("application", id)`). The identifier completes
    /// the link of the event.
    pub object: (&'static str, String),
    /// Makes it once for this account and event: the case and, where it can happen again, the
    /// occurrence: `{application}:{version}`.
    pub key: String,
    /// Values of the event's variables.
    pub args: Args,
}

impl Notice {
    /// The rows, for the batch of the change that is told. `id` is a new identifier; the event
    /// `notice.created` of the outbox carries it as its key. A notice that was given before is
    /// not given again.
    pub fn statements(&self, now: Timestamp, id: &str) -> Vec<Statement> {
        vec![sql!(
            "INSERT INTO notice (id, batch, account, event, object_type, object_id, key, args, at)
             VALUES (?1, ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
             ON CONFLICT (account, event, key) DO NOTHING",
            id,
            &self.account,
            self.event.code(),
            self.object.0,
            &self.object.1,
            &self.key,
            serde_json::to_string(&self.args).unwrap_or_default(),
            now
        )]
    }
}

/// Something to tell everybody who holds a permission for an organisation today.
#[derive(Debug, Clone, PartialEq)]
pub struct StaffNotice {
    /// Path of the organisation.
    pub path: String,
    /// Who is concerned: those who may do this there.
    pub permission: Permission,
    /// What happened.
    pub event: Event,
    /// As in [`Notice`].
    pub object: (&'static str, String),
    /// As in [`Notice`].
    pub key: String,
    /// As in [`Notice`].
    pub args: Args,
}

impl StaffNotice {
    /// As [`Notice::statements`]: one row for each person, one `id` and one event of the outbox
    /// for all of them.
    pub fn statements(&self, now: Timestamp, id: &str) -> Vec<Statement> {
        let roles: Vec<&str> = Role::ALL
            .iter()
            .filter(|role| role.permissions().contains(&self.permission))
            .map(|role| role.code())
            .collect();
        // The organisation and all above it: their paths are what its own begins with.
        let above: Vec<&str> =
            self.path.match_indices('/').map(|(at, _)| &self.path[..=at]).collect();
        // Identifiers of the rows: time and half of the randomness of `id`, the rest of the
        // account's own, which differs.
        vec![sql!(
            "INSERT INTO notice (id, batch, account, event, object_type, object_id, key, args, at)
             SELECT substr(?1, 1, 16) || substr(a.id, 17), ?1, a.id, ?2, ?3, ?4, ?5, ?6, ?7
             FROM account a
             WHERE a.status = 'active' AND a.id IN (
               SELECT r.account FROM json_each(?11) j CROSS JOIN organisation o ON o.path = j.value
                 CROSS JOIN role_assignment r ON r.organisation = o.id
               WHERE r.from_day <= ?8 AND (r.to_day IS NULL OR r.to_day >= ?8)
                 AND r.role IN (SELECT value FROM json_each(?9))
                 AND (o.path = ?10 OR r.scope = 'subtree'))
             ON CONFLICT (account, event, key) DO NOTHING",
            id,
            self.event.code(),
            self.object.0,
            &self.object.1,
            &self.key,
            serde_json::to_string(&self.args).unwrap_or_default(),
            now,
            now.day(),
            serde_json::json!(roles).to_string(),
            &self.path,
            serde_json::json!(above).to_string()
        )]
    }
}

/// Something to tell somebody without an account: an address and nothing else. Alerts and answers
/// to guests go this way; there is no inbox and no preference behind it.
#[derive(Debug, Clone, PartialEq)]
pub struct Letter {
    /// `email` or `sms`.
    pub channel: Channel,
    /// E-mail, or phone in E.164.
    pub address: String,
    /// Language of the text.
    pub lang: crate::shared::lang::Lang,
    /// What happened.
    pub event: Event,
    /// Makes it once for this address and event, as in [`Notice`].
    pub key: String,
    /// Values of the event's variables.
    pub args: Args,
    /// Address that stops letters of this kind with one press; empty where there is none.
    pub stop: String,
}

impl Letter {
    /// The row, for the batch of the change that is told. `id` is a new identifier; the event
    /// `message.created` of the outbox carries it as its key.
    pub fn statements(&self, now: Timestamp, id: &str) -> Vec<Statement> {
        vec![sql!(
            "INSERT INTO message (id, event, key, recipient, channel, address, lang, args, stop, queued_at, next_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?4, ?6, ?7, ?8, ?9, ?9)
             ON CONFLICT (event, key, recipient, channel) DO NOTHING",
            id,
            self.event.code(),
            &self.key,
            &self.address,
            self.channel.code(),
            self.lang.code(),
            serde_json::to_string(&self.args).unwrap_or_default(),
            &self.stop,
            now
        )]
    }
}

/// A way to a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Channel {
    /// A text message.
    Sms,
    /// A letter.
    Email,
    /// A web push.
    Push,
}

impl Channel {
    /// All channels.
    pub const ALL: [Channel; 3] = [Channel::Sms, Channel::Email, Channel::Push];

    /// The code, as stored.
    pub const fn code(self) -> &'static str {
        match self {
            Channel::Sms => "sms",
            Channel::Email => "email",
            Channel::Push => "push",
        }
    }

    /// The channel of a code.
    pub fn parse(code: &str) -> Option<Channel> {
        Channel::ALL.into_iter().find(|channel| channel.code() == code)
    }
}
