//! What the cabinet and the server say to each other about messages.

use serde::{Deserialize, Serialize};

use super::{Channel, Kind, Part, To, sms::Size};
use crate::shared::{
    lang::{Lang, Text},
    time::Timestamp,
};

macro_rules! types {
    ($($(#[$doc:meta])* $name:ident { $($(#[$field_doc:meta])* $field:ident: $kind:ty,)* })+) => {
        $(
            $(#[$doc])*
            #[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
            #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
            pub struct $name { $($(#[$field_doc])* pub $field: $kind,)* }
        )+
    };
}

types! {
    /// `GET my/notices?cursor=&filter=`: the inbox, newest first. `filter` is `unread` or a group;
    /// without it everything comes. The answer has an ETag: asking again for news costs little.
    NoticeList {
        /// This page.
        items: Vec<NoticeRow>,
        /// Cursor of the next page.
        next: Option<String>,
        /// How many are unread in all.
        unread: i64,
    }

    /// A notice in the language of the request.
    NoticeRow {
        /// Identifier.
        id: String,
        /// Code of the event.
        event: String,
        /// Group of the event: `application`, `work`, `reminder`, `account`, `alert`, `ticket`.
        group: String,
        /// Whether it has legal weight.
        significant: bool,
        /// Heading.
        title: String,
        /// Text.
        body: String,
        /// Where it leads within the portal; may be empty.
        link: String,
        /// When it happened.
        at: Timestamp,
        /// When it was read.
        read_at: Option<Timestamp>,
    }

    /// `POST my/notices/read`: marks notices read, or all up to and with `until`.
    ReadInput {
        /// Identifiers, at most 200.
        #[serde(default)]
        ids: Vec<String>,
        /// The newest notice that the person has seen: it and all older ones are read.
        #[serde(default)]
        until: Option<String>,
    }

    /// The answer to it.
    Unread {
        /// How many are unread now.
        unread: i64,
    }

    /// `GET my/preferences`, `PUT my/preferences`: how a person wants to be told.
    Preferences {
        /// Language of messages.
        lang: Lang,
        /// Channels by group.
        groups: Vec<GroupPreference>,
        /// No text message and no push between 22 and 8.
        quiet: bool,
        /// One letter a day instead of a letter each time, for what has no legal weight.
        digest: bool,
        /// Text messages in Latin letters.
        latin: bool,
        /// Whether there is an e-mail address to write to.
        #[serde(default)]
        has_email: bool,
        /// Whether there is a phone to write to.
        #[serde(default)]
        has_phone: bool,
        /// Browsers that get pushes.
        #[serde(default)]
        devices: Vec<PushDevice>,
    }

    /// Channels of a group.
    GroupPreference {
        /// Code of the group.
        group: String,
        /// Text messages.
        sms: bool,
        /// Letters. What has legal weight comes by letter in any case.
        email: bool,
        /// Pushes.
        push: bool,
    }

    /// A browser that gets pushes.
    PushDevice {
        /// Identifier, for `DELETE my/push/{id}`.
        id: String,
        /// Browser and system in words.
        device: String,
        /// Since when.
        created_at: Timestamp,
    }

    /// `GET my/push`: what a browser needs to subscribe.
    PushKey {
        /// Public key of the portal (VAPID), base64url; empty where push is not set up.
        key: String,
    }

    /// `POST my/push`: a `PushSubscription` of the browser, as its `toJSON` gives it.
    PushInput {
        /// Address at the push service.
        endpoint: String,
        /// Keys.
        keys: PushKeys,
    }

    /// Keys of a push subscription, base64url.
    PushKeys {
        /// Public key of the browser: an uncompressed point of P-256.
        p256dh: String,
        /// Secret of 16 bytes.
        auth: String,
    }

    /// `GET my/subscriptions`: alerts of the person.
    Subscription {
        /// Identifier.
        id: String,
        /// The search as a query string of the list page.
        query: String,
        /// The search in words.
        name: String,
        /// Where it goes: `sms` or `email`.
        channel: Channel,
        /// The address, shortened for the eye.
        address: String,
        /// How often.
        period: Period,
        /// Language of the messages.
        lang: Lang,
        /// Where it stands.
        state: SubscriptionState,
        /// Since when.
        created_at: Timestamp,
        /// When it is looked at next.
        next_at: Option<Timestamp>,
        /// Vacancies told so far.
        told: i64,
    }

    /// `POST my/subscriptions`: an alert to the person's own e-mail or phone.
    SubscriptionInput {
        /// Query string of the list page.
        query: String,
        /// Where it is to go.
        channel: Channel,
        /// How often.
        period: Period,
    }

    /// `PUT my/subscriptions/{id}`.
    SubscriptionChange {
        /// How often.
        period: Period,
        /// `active` or `stopped`.
        state: SubscriptionState,
        /// Another search.
        #[serde(default)]
        query: Option<String>,
    }

    /// `GET messages/templates`: the texts of all events.
    TemplateRow {
        /// Code of the event.
        event: String,
        /// Group of preferences.
        group: String,
        /// Who is told.
        to: To,
        /// Whether it has legal weight.
        significant: bool,
        /// Heading in the inbox, as it is now, with the samples.
        title: Text,
        /// How many of its texts were edited.
        edited: i64,
    }

    /// `GET messages/templates/{event}`.
    TemplateView {
        /// Code of the event.
        event: String,
        /// Its variables.
        variables: Vec<VariableRow>,
        /// Its texts.
        texts: Vec<TextRow>,
        /// How it looks with the samples.
        preview: Vec<Preview>,
    }

    /// A variable.
    VariableRow {
        /// Name, as it stands between braces.
        name: String,
        /// What it holds.
        kind: Kind,
        /// Sample in words, by language.
        sample: Text,
    }

    /// A text of an event.
    TextRow {
        /// Which text.
        part: Part,
        /// As it is now.
        text: Text,
        /// As it is shipped.
        shipped: Text,
        /// Version; 0 = the shipped one.
        version: i64,
        /// When it was edited.
        changed_at: Option<Timestamp>,
        /// Who edited it.
        changed_by: Option<String>,
    }

    /// How an event looks with its samples, in one language.
    Preview {
        /// Language.
        lang: Lang,
        /// Heading in the inbox.
        title: String,
        /// Text in the inbox.
        body: String,
        /// Text message.
        sms: String,
        /// Its length.
        sms_size: Size,
        /// Text message in Latin letters.
        sms_latin: String,
        /// Its length.
        sms_latin_size: Size,
        /// Subject of the letter.
        subject: String,
        /// Letter as text.
        email: String,
        /// Letter as HTML.
        email_html: String,
        /// Push.
        push: String,
    }

    /// `POST messages/templates/{event}/preview`, and `PUT messages/templates/{event}/{part}` with
    /// `If-Match` for the part that is saved. Texts that are not given stay as they are.
    TemplateInput {
        /// Texts by part.
        texts: std::collections::BTreeMap<Part, Text>,
    }

    /// `GET messages/templates/{event}/{part}/versions`: newest first.
    TemplateVersion {
        /// Version.
        version: i64,
        /// The text; empty = back to the shipped one.
        text: Text,
        /// When.
        changed_at: Timestamp,
        /// Who.
        changed_by: String,
    }

    /// `GET messages?state=&channel=&event=&q=&cursor=`: the journal of messages, newest first.
    MessageList {
        /// This page.
        items: Vec<MessageRow>,
        /// Cursor of the next page.
        next: Option<String>,
    }

    /// A message. Its text is not here: `GET messages/{id}` shows it and leaves a trace.
    MessageRow {
        /// Identifier.
        id: String,
        /// Code of the event.
        event: String,
        /// Channel.
        channel: Channel,
        /// Address, shortened for the eye.
        address: String,
        /// Language.
        lang: Lang,
        /// Where it stands.
        state: String,
        /// Gateway that took it.
        gateway: Option<String>,
        /// How often it was tried.
        attempts: i64,
        /// What went wrong last.
        error: Option<String>,
        /// Parts, of a text message.
        parts: i64,
        /// What it cost, hundredths of a tenge; where the gateway says so.
        cost: Option<i64>,
        /// When it was to be sent.
        queued_at: Timestamp,
        /// When it is tried next.
        next_at: Option<Timestamp>,
        /// When a gateway took it.
        sent_at: Option<Timestamp>,
        /// When it arrived, as the gateway says.
        delivered_at: Option<Timestamp>,
    }

    /// `GET messages/{id}`.
    MessageView {
        /// The message.
        message: MessageRow,
        /// Subject of a letter.
        subject: String,
        /// Text as it was sent, or as it would be sent now.
        body: String,
    }

    /// `POST messages/{id}/resend`: sends a message once more.
    ResendInput {
        /// Why; at least ten characters.
        reason: String,
    }

    /// `GET messages/statistics?from=&to=`: days of the country.
    Statistics {
        /// By channel, gateway and event.
        rows: Vec<StatisticsRow>,
        /// The gateways.
        gateways: Vec<GatewayRow>,
        /// What needs attention, and what did.
        alarms: Vec<AlarmRow>,
        /// Messages that wait now.
        waiting: i64,
    }

    /// A line of the statistics.
    StatisticsRow {
        /// Channel.
        channel: Channel,
        /// Gateway; empty where none took it.
        gateway: String,
        /// Code of the event.
        event: String,
        /// Messages.
        total: i64,
        /// Taken by a gateway.
        sent: i64,
        /// Delivered, as the gateway says.
        delivered: i64,
        /// Given up.
        failed: i64,
        /// Parts of text messages.
        parts: i64,
        /// Hundredths of a tenge.
        cost: i64,
    }

    /// A gateway.
    GatewayRow {
        /// Name.
        name: String,
        /// Failures in a row.
        failures: i64,
        /// Until when it is left alone.
        open_until: Option<Timestamp>,
        /// Money left, hundredths of a tenge.
        balance: Option<i64>,
        /// When that was asked.
        balance_at: Option<Timestamp>,
    }

    /// Something that needs attention.
    AlarmRow {
        /// Gateway or `queue`.
        gateway: String,
        /// `balance`, `delivery`, `breaker`, `access`, `unsure`, `dead`.
        kind: String,
        /// Figures, in words of no language: `4200 KZT`, `61 %`.
        detail: String,
        /// Since when.
        opened_at: Timestamp,
        /// Until when.
        closed_at: Option<Timestamp>,
    }
}

/// How often an alert comes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Period {
    /// Every day.
    #[default]
    Daily,
    /// Every Monday.
    Weekly,
}

impl Period {
    /// The code, as stored.
    pub const fn code(self) -> &'static str {
        match self {
            Period::Daily => "daily",
            Period::Weekly => "weekly",
        }
    }

    /// The period of a code.
    pub fn parse(code: &str) -> Option<Period> {
        [Period::Daily, Period::Weekly].into_iter().find(|period| period.code() == code)
    }
}

/// Where an alert stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum SubscriptionState {
    /// The address is not confirmed yet.
    Pending,
    /// It runs.
    Active,
    /// It was stopped.
    Stopped,
}
