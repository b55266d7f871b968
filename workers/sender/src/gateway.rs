//! Gateways behind one port: what they take, what they answer, what that means.

use app::http::encode;
use domain::{notice::Channel, shared::phone::Phone};

use crate::{
    Call, Lost, Reply, Settings, SmsKind, World,
    ready::Ready,
    settings::{MailApi, Sms, Vapid},
};

mod binding;
mod kazinfoteh;
mod mail;
mod mobizon;
mod smsc;

/// What became of a message at a gateway.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// It has it.
    Accepted(Receipt),
    /// It does not have it and says why.
    Refused(Why, String),
    /// It was not reached.
    NotReached,
    /// It may have it.
    Doubt(String),
}

/// What a gateway says of a message that it took.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Receipt {
    /// Its own identifier of the message.
    pub provider_id: String,
    /// Hundredths of a tenge.
    pub cost: Option<i64>,
}

/// Why a gateway does not take a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    /// The address or the text: no gateway will take it.
    Message,
    /// The address is gone for good (a push subscription that ended).
    Gone,
    /// Something that passes.
    Temporary,
    /// No money left.
    Balance,
    /// Our access: key, password, network address.
    Access,
}

/// Whether a gateway has a message, asked afterwards.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Recall {
    /// It has it.
    Has(Receipt),
    /// It does not.
    HasNot,
    /// It does not say.
    Unknown,
}

/// How far a message has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Delivery {
    /// On its way.
    Pending,
    /// It arrived.
    Delivered,
    /// It did not and will not.
    Failed,
    /// The address is bad: a bounce, a complaint.
    Blocked,
}

/// What a gateway remembers of what it was given: decides what is done in doubt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Memory {
    /// It knows our identifier: the same message sent again is the same message.
    Key,
    /// It can be asked.
    Recall,
    /// Neither, but a second copy replaces the first or is told from it by its identifier.
    Harmless,
    /// Neither: in doubt nothing is sent again without a person's decision.
    None,
}

/// A gateway.
#[derive(Debug, Clone)]
pub enum Gateway<'a> {
    Sms(&'a Sms),
    MailApi(&'a MailApi),
    Binding,
    Push(&'a Vapid),
}

impl Gateway<'_> {
    pub fn name(&self) -> &'static str {
        match self {
            Gateway::Sms(sms) => match sms.kind {
                SmsKind::Mobizon => "mobizon",
                SmsKind::Smsc => "smsc",
                SmsKind::Kazinfoteh => "kazinfoteh",
            },
            Gateway::MailApi(_) => "api",
            Gateway::Binding => "binding",
            Gateway::Push(_) => "push",
        }
    }

    pub fn memory(&self) -> Memory {
        match self {
            Gateway::Sms(sms) => match sms.kind {
                SmsKind::Mobizon | SmsKind::Smsc => Memory::Recall,
                SmsKind::Kazinfoteh => Memory::None,
            },
            Gateway::MailApi(_) => Memory::Key,
            Gateway::Binding | Gateway::Push(_) => Memory::Harmless,
        }
    }

    /// Whether it can be asked if a message arrived.
    pub fn reports(&self) -> bool {
        match self {
            Gateway::Sms(sms) => sms.kind != SmsKind::Kazinfoteh,
            Gateway::MailApi(_) => true,
            Gateway::Binding | Gateway::Push(_) => false,
        }
    }

    /// Hands a message over.
    pub async fn send(&self, world: &World<'_>, ready: &Ready) -> Outcome {
        let from = &world.settings.sms_from;
        match self {
            Gateway::Sms(sms) => {
                let Ok(phone) = Phone::parse(&ready.address) else {
                    return Outcome::Refused(Why::Message, "phone".into());
                };
                let (call, read): (Call, fn(&Reply) -> Outcome) = match sms.kind {
                    SmsKind::Mobizon => (mobizon::send(sms, from, &phone, ready), mobizon::sent),
                    SmsKind::Smsc => (smsc::send(sms, from, &phone, ready), smsc::sent),
                    SmsKind::Kazinfoteh => {
                        (kazinfoteh::send(sms, from, &phone, ready), kazinfoteh::sent)
                    }
                };
                outcome(world.http.call(call).await, read)
            }
            Gateway::MailApi(api) => {
                let call = mail::send(api, &world.settings.mail_from, ready);
                outcome(world.http.call(call).await, mail::sent)
            }
            Gateway::Binding => binding::send(world, ready).await,
            Gateway::Push(vapid) => match crate::push::call(world, vapid, ready) {
                Some(call) => outcome(world.http.call(call).await, crate::push::sent),
                None => Outcome::Refused(Why::Gone, "keys".into()),
            },
        }
    }

    /// Asks whether it has a message that may have reached it. `known` are its identifiers of
    /// messages that are accounted for.
    pub async fn recall(&self, world: &World<'_>, ready: &Ready, known: &[String]) -> Recall {
        let Gateway::Sms(sms) = self else { return Recall::Unknown };
        let Ok(phone) = Phone::parse(&ready.address) else { return Recall::HasNot };
        let call = match sms.kind {
            SmsKind::Mobizon => mobizon::recall(sms, &phone),
            SmsKind::Smsc => smsc::status(sms, &phone, &ready.id),
            SmsKind::Kazinfoteh => return Recall::Unknown,
        };
        match world.http.call(call).await {
            Ok(reply) if reply.status == 200 => match sms.kind {
                SmsKind::Mobizon => mobizon::recalled(&reply, ready, known),
                _ => smsc::recalled(&reply, &ready.id),
            },
            _ => Recall::Unknown,
        }
    }

    /// Asks how far messages have come: pairs of our identifier and address, with the gateway's
    /// identifier. What is missing in the answer is not known.
    pub async fn deliveries(
        &self,
        world: &World<'_>,
        asked: &[(String, String, String)],
    ) -> Vec<(String, Delivery)> {
        let mut out = Vec::new();
        match self {
            Gateway::Sms(sms) if sms.kind == SmsKind::Mobizon => {
                for slice in asked.chunks(100) {
                    if let Ok(reply) = world.http.call(mobizon::status(sms, slice)).await {
                        out.extend(mobizon::delivered(&reply, slice));
                    }
                }
            }
            Gateway::Sms(sms) if sms.kind == SmsKind::Smsc => {
                for (id, address, _) in asked {
                    let Ok(phone) = Phone::parse(address) else { continue };
                    if let Ok(reply) = world.http.call(smsc::status(sms, &phone, id)).await {
                        out.extend(smsc::delivered(&reply).map(|state| (id.clone(), state)));
                    }
                }
            }
            Gateway::MailApi(api) => {
                for (id, _, provider) in asked {
                    if let Ok(reply) = world.http.call(mail::status(api, provider)).await {
                        out.extend(mail::delivered(&reply).map(|state| (id.clone(), state)));
                    }
                }
            }
            _ => {}
        }
        out
    }

    /// Money left, hundredths of a tenge; `None` where it does not say.
    pub async fn balance(&self, world: &World<'_>) -> Option<i64> {
        let Gateway::Sms(sms) = self else { return None };
        let (call, read): (Call, fn(&Reply) -> Option<i64>) = match sms.kind {
            SmsKind::Mobizon => (mobizon::balance(sms), mobizon::money),
            SmsKind::Smsc => (smsc::balance(sms), smsc::money),
            SmsKind::Kazinfoteh => return None,
        };
        read(&world.http.call(call).await.ok()?)
    }
}

/// An answer, read: a server that fails may have taken the message before it did, unless what
/// failed stands before it.
fn outcome(answer: Result<Reply, Lost>, read: fn(&Reply) -> Outcome) -> Outcome {
    match answer {
        Err(Lost::NotReached) => Outcome::NotReached,
        Err(Lost::Silent) => Outcome::Doubt("silent".into()),
        // Cloudflare's: the origin refused the connection, was not found, speaks no TLS.
        Ok(reply) if [521, 523, 525, 526, 530].contains(&reply.status) => Outcome::NotReached,
        Ok(reply) if reply.status >= 500 => Outcome::Doubt(format!("http {}", reply.status)),
        Ok(reply) => read(&reply),
    }
}

fn form(fields: &[(&str, &str)]) -> String {
    fields
        .iter()
        .map(|(name, value)| format!("{}={}", encode(name), encode(value)))
        .collect::<Vec<_>>()
        .join("&")
}

fn post_form(url: String, fields: &[(&str, &str)]) -> Call {
    Call {
        method: "POST",
        url,
        headers: vec![("content-type", "application/x-www-form-urlencoded".into())],
        body: form(fields).into_bytes(),
    }
}

/// A decimal number of tenge in hundredths: `12.5` -> 1250.
fn hundredths(value: &serde_json::Value) -> Option<i64> {
    let number = value.as_f64().or_else(|| value.as_str()?.trim().parse().ok())?;
    (number.is_finite() && number.abs() < 1e12).then(|| (number * 100.0).round() as i64)
}

/// The gateways of a channel in the order in which they are tried for an address.
pub fn order<'a>(settings: &'a Settings, channel: Channel, address: &str) -> Vec<Gateway<'a>> {
    match channel {
        Channel::Sms => {
            let operator = Phone::parse(address).ok().and_then(|phone| phone.operator());
            let other = operator.and_then(|operator| {
                settings.sms_by_operator.iter().find(|(name, _)| *name == operator)
            });
            let all = || settings.sms.iter().map(Gateway::Sms);
            match other {
                None => all().collect(),
                // Those that are named first, all others after them.
                Some((_, names)) => {
                    let mut list: Vec<_> = all().collect();
                    let place = |one: &Gateway<'_>| {
                        names.iter().position(|name| name == one.name()).unwrap_or(names.len())
                    };
                    list.sort_by_key(place);
                    list
                }
            }
        }
        Channel::Email => settings
            .mail_order
            .iter()
            .filter_map(|name| match name.as_str() {
                "api" => settings.mail_api.as_ref().map(Gateway::MailApi),
                "binding" if settings.mail_binding => Some(Gateway::Binding),
                _ => None,
            })
            .collect(),
        Channel::Push => settings.vapid.iter().map(Gateway::Push).collect(),
    }
}

/// The gateway of a name, for what was begun with it.
pub fn named<'a>(settings: &'a Settings, channel: Channel, name: &str) -> Option<Gateway<'a>> {
    order(settings, channel, "").into_iter().find(|one| one.name() == name)
}
