//! Settings of the worker: which gateways there are, in which order, with which secrets.

use serde::Deserialize;

/// The environment as it is: names of variables and secrets as wrangler.toml lists them.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "UPPERCASE", default)]
pub struct Raw {
    /// Public address of the portal.
    pub origin: String,
    /// `1` in development.
    pub dev: String,
    /// Order of the text message gateways: `mobizon,smsc,kazinfoteh`.
    pub sms_order: String,
    /// Other orders by operator: `beeline=smsc,mobizon;tele2=kazinfoteh,smsc`.
    pub sms_by_operator: String,
    /// Registered name of the sender.
    pub sms_from: String,
    /// Address of Mobizon's API, for development.
    pub mobizon_url: String,
    /// Its key.
    pub mobizon_key: String,
    /// Address of SMSC, for development.
    pub smsc_url: String,
    /// Its login.
    pub smsc_login: String,
    /// Its password.
    pub smsc_password: String,
    /// Address of Kazinfoteh, for development.
    pub kazinfoteh_url: String,
    /// Its login.
    pub kazinfoteh_login: String,
    /// Its password.
    pub kazinfoteh_password: String,
    /// Order of the letter gateways: `api,binding`.
    pub mail_order: String,
    /// Sender of letters: `Mansap <no-reply@mansap.kz>`.
    pub mail_from: String,
    /// Address of the mail API.
    pub mail_url: String,
    /// Its key.
    pub mail_key: String,
    /// Private key for web push, 32 bytes in base64url.
    pub vapid_private: String,
    /// Where push services may ask about us: `mailto:…`.
    pub vapid_subject: String,
    /// Address of the development mailbox.
    pub mailbox_url: String,
}

/// A kind of text message gateway.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SmsKind {
    /// mobizon.kz.
    Mobizon,
    /// smsc.kz.
    Smsc,
    /// kazinfoteh.org.
    Kazinfoteh,
}

/// A text message gateway.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sms {
    /// Kind.
    pub kind: SmsKind,
    /// Address without a slash at the end.
    pub url: String,
    /// Login; empty where a key is enough.
    pub login: String,
    /// Password or key.
    pub secret: String,
}

/// A mail API that takes JSON.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MailApi {
    /// Address without a slash at the end.
    pub url: String,
    /// Key.
    pub key: String,
}

/// The runtime's own letters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MailBinding;

/// Keys for web push.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Vapid {
    /// Private key, base64url.
    pub private: String,
    /// Contact.
    pub subject: String,
}

/// Settings, read.
#[derive(Debug, Clone, Default)]
pub struct Settings {
    /// Public address of the portal, without a slash at the end.
    pub origin: String,
    /// Development.
    pub dev: bool,
    /// Registered name of the sender.
    pub sms_from: String,
    /// Text message gateways in the usual order.
    pub sms: Vec<Sms>,
    /// Other orders: operator and names of gateways.
    pub sms_by_operator: Vec<(String, Vec<String>)>,
    /// Sender of letters.
    pub mail_from: String,
    /// The order of the letter gateways.
    pub mail_order: Vec<String>,
    /// The mail API.
    pub mail_api: Option<MailApi>,
    /// Whether the runtime's own letters are bound.
    pub mail_binding: bool,
    /// Keys for web push.
    pub vapid: Option<Vapid>,
    /// Address of the development mailbox; only in development.
    pub mailbox: Option<String>,
}

fn list(text: &str) -> Vec<String> {
    text.split(',').map(|one| one.trim().to_owned()).filter(|one| !one.is_empty()).collect()
}

fn or<'a>(text: &'a str, usual: &'a str) -> String {
    let text = if text.is_empty() { usual } else { text };
    text.trim_end_matches('/').to_owned()
}

impl Settings {
    /// Reads the environment. A gateway without its secret is not there; `binding` says whether
    /// the runtime's own letters are.
    pub fn read(raw: &Raw, binding: bool) -> Settings {
        let sms = |name: &String| {
            let (kind, url, login, secret) = match name.as_str() {
                "mobizon" => (
                    SmsKind::Mobizon,
                    or(&raw.mobizon_url, "https://api.mobizon.kz"),
                    "",
                    &raw.mobizon_key,
                ),
                "smsc" => (
                    SmsKind::Smsc,
                    or(&raw.smsc_url, "https://smsc.kz"),
                    raw.smsc_login.as_str(),
                    &raw.smsc_password,
                ),
                "kazinfoteh" => (
                    SmsKind::Kazinfoteh,
                    or(&raw.kazinfoteh_url, "https://kazinfoteh.org:9507"),
                    raw.kazinfoteh_login.as_str(),
                    &raw.kazinfoteh_password,
                ),
                _ => return None,
            };
            let set = !secret.is_empty();
            set.then(|| Sms { kind, url, login: login.to_owned(), secret: secret.clone() })
        };
        let dev = raw.dev == "1";
        let usual = |text: &str, usual: &str| list(if text.is_empty() { usual } else { text });
        Settings {
            origin: raw.origin.trim_end_matches('/').to_owned(),
            dev,
            sms_from: raw.sms_from.clone(),
            sms: usual(&raw.sms_order, "mobizon,smsc,kazinfoteh").iter().filter_map(sms).collect(),
            sms_by_operator: raw
                .sms_by_operator
                .split(';')
                .filter_map(|pair| pair.split_once('='))
                .map(|(operator, names)| (operator.trim().to_owned(), list(names)))
                .collect(),
            mail_from: raw.mail_from.clone(),
            mail_order: usual(&raw.mail_order, "api,binding"),
            mail_api: (!raw.mail_key.is_empty()).then(|| MailApi {
                url: or(&raw.mail_url, "https://api.resend.com"),
                key: raw.mail_key.clone(),
            }),
            mail_binding: binding,
            vapid: (!raw.vapid_private.is_empty()).then(|| Vapid {
                private: raw.vapid_private.clone(),
                subject: raw.vapid_subject.clone(),
            }),
            mailbox: (dev && !raw.mailbox_url.is_empty())
                .then(|| raw.mailbox_url.trim_end_matches('/').to_owned()),
        }
    }
}
