//! Mobizon: form in, `{"code", "data", "message"}` out. It knows no identifier of ours, but lists
//! what it was given.

use domain::shared::phone::Phone;
use serde_json::Value;

use super::{Delivery, Outcome, Recall, Receipt, Why, hundredths, post_form};
use crate::{Call, Reply, ready::Ready, settings::Sms};

fn address(sms: &Sms, method: &str) -> String {
    format!(
        "{}/service/{method}?output=json&api=v1&apiKey={}",
        sms.url,
        app::http::encode(&sms.secret)
    )
}

pub fn send(sms: &Sms, from: &str, phone: &Phone, ready: &Ready) -> Call {
    let number = phone.digits();
    let mut fields = vec![("recipient", number.as_str()), ("text", ready.text.as_str())];
    if !from.is_empty() {
        fields.push(("from", from));
    }
    // The name of the campaign: our identifier, for whoever reads its journal.
    fields.push(("params[name]", &ready.id));
    post_form(address(sms, "message/sendSmsMessage"), &fields)
}

fn parse(reply: &Reply) -> Option<(i64, Value, String)> {
    let value: Value = serde_json::from_slice(&reply.body).ok()?;
    let code = value.get("code")?.as_i64()?;
    let message = value.get("message").and_then(Value::as_str).unwrap_or_default().to_owned();
    Some((code, value.get("data").cloned().unwrap_or_default(), message))
}

fn id(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

pub fn sent(reply: &Reply) -> Outcome {
    let Some((code, data, message)) = parse(reply) else {
        return Outcome::Doubt(format!("http {} without an answer", reply.status));
    };
    let poor = ["balance", "баланс", "средств", "funds"];
    let said = message.to_lowercase();
    let why = match code {
        0 => {
            let Some(message) = data.get("messageId") else {
                return Outcome::Doubt("no messageId".into());
            };
            return Outcome::Accepted(Receipt { provider_id: id(message), cost: None });
        }
        _ if poor.iter().any(|word| said.contains(word)) => Why::Balance,
        // The recipient or the text did not pass; a parameter is missing or wrong.
        1 | 11 | 12 => Why::Message,
        // Wrong key, no access to the module, the method or from this network.
        5..=9 | 13..=15 => Why::Access,
        _ => Why::Temporary,
    };
    Outcome::Refused(why, format!("code {code}"))
}

pub fn recall(sms: &Sms, phone: &Phone) -> Call {
    let number = phone.digits();
    let fields =
        [("criteria[to]", number.as_str()), ("sort[id]", "DESC"), ("pagination[pageSize]", "50")];
    post_form(address(sms, "message/list"), &fields)
}

/// The same text to the same phone that no message of ours has accounted for.
pub fn recalled(reply: &Reply, ready: &Ready, known: &[String]) -> Recall {
    let Some((0, data, _)) = parse(reply) else { return Recall::Unknown };
    let Some(items) = data.get("items").and_then(Value::as_array) else { return Recall::Unknown };
    let found = items.iter().find(|item| {
        item.get("text").and_then(Value::as_str) == Some(ready.text.as_str())
            && item.get("id").map(id).is_some_and(|have| !known.contains(&have))
    });
    match found.and_then(|item| item.get("id")) {
        Some(have) => Recall::Has(Receipt { provider_id: id(have), cost: None }),
        None => Recall::HasNot,
    }
}

pub fn status(sms: &Sms, asked: &[(String, String, String)]) -> Call {
    let ids: Vec<_> = asked.iter().map(|(_, _, provider)| provider.as_str()).collect();
    post_form(address(sms, "message/getSMSStatus"), &[("ids", &ids.join(","))])
}

pub fn delivered(reply: &Reply, asked: &[(String, String, String)]) -> Vec<(String, Delivery)> {
    let Some((0, data, _)) = parse(reply) else { return Vec::new() };
    data.as_array()
        .map(Vec::as_slice)
        .unwrap_or_default()
        .iter()
        .filter_map(|item| {
            let provider = id(item.get("id")?);
            let (own, ..) = asked.iter().find(|(.., have)| *have == provider)?;
            let state = match item.get("status")?.as_str()? {
                "DELIVRD" => Delivery::Delivered,
                "UNDELIV" | "REJECTD" | "EXPIRED" | "DELETED" | "PDLIVRD" => Delivery::Failed,
                _ => Delivery::Pending,
            };
            Some((own.clone(), state))
        })
        .collect()
}

pub fn balance(sms: &Sms) -> Call {
    post_form(address(sms, "user/getOwnBalance"), &[])
}

pub fn money(reply: &Reply) -> Option<i64> {
    let (code, data, _) = parse(reply)?;
    if code == 0 { hundredths(data.get("balance")?) } else { None }
}
