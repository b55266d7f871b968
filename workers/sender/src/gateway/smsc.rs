//! SMSC: form in, JSON out (`fmt=3`). It keeps our identifier and can be asked by it.

use domain::shared::phone::Phone;
use serde_json::Value;

use super::{Delivery, Outcome, Recall, Receipt, Why, hundredths, post_form};
use crate::{Call, Reply, ready::Ready, settings::Sms};

fn call(sms: &Sms, script: &str, more: &[(&str, &str)]) -> Call {
    let mut fields =
        vec![("login", sms.login.as_str()), ("psw", sms.secret.as_str()), ("fmt", "3")];
    fields.extend_from_slice(more);
    post_form(format!("{}/sys/{script}", sms.url), &fields)
}

pub fn send(sms: &Sms, from: &str, phone: &Phone, ready: &Ready) -> Call {
    let number = phone.digits();
    let mut more = vec![
        ("phones", number.as_str()),
        ("mes", ready.text.as_str()),
        ("id", ready.id.as_str()),
        ("charset", "utf-8"),
        ("translit", "0"),
        // Number of parts, cost and balance in the answer.
        ("cost", "3"),
    ];
    if !from.is_empty() {
        more.push(("sender", from));
    }
    call(sms, "send.php", &more)
}

fn code(value: &Value) -> Option<i64> {
    let code = value.get("error_code")?;
    code.as_i64().or_else(|| code.as_str()?.parse().ok())
}

pub fn sent(reply: &Reply) -> Outcome {
    let Ok(value) = serde_json::from_slice::<Value>(&reply.body) else {
        return Outcome::Doubt(format!("http {} without an answer", reply.status));
    };
    if let Some(code) = code(&value) {
        let why = match code {
            // Parameters; forbidden text; wrong number; a number that cannot be reached.
            1 | 6 | 7 | 8 => Why::Message,
            2 | 4 => Why::Access,
            3 => Why::Balance,
            // The same message within a minute: it has the first one.
            9 => return Outcome::Doubt("code 9".into()),
            _ => Why::Temporary,
        };
        return Outcome::Refused(why, format!("code {code}"));
    }
    match value.get("id") {
        Some(id) => Outcome::Accepted(Receipt {
            provider_id: id.as_str().map_or_else(|| id.to_string(), str::to_owned),
            cost: value.get("cost").and_then(hundredths),
        }),
        None => Outcome::Doubt("no id".into()),
    }
}

pub fn status(sms: &Sms, phone: &Phone, id: &str) -> Call {
    call(sms, "status.php", &[("phone", &phone.digits()), ("id", id), ("charset", "utf-8")])
}

pub fn recalled(reply: &Reply, id: &str) -> Recall {
    let Ok(value) = serde_json::from_slice::<Value>(&reply.body) else { return Recall::Unknown };
    match (code(&value), value.get("status").and_then(Value::as_i64)) {
        // Error 3 of status.php: no such message; so says status -3.
        (Some(3), _) | (_, Some(-3)) => Recall::HasNot,
        (None, Some(_)) => Recall::Has(Receipt { provider_id: id.to_owned(), cost: None }),
        _ => Recall::Unknown,
    }
}

pub fn delivered(reply: &Reply) -> Option<Delivery> {
    let value: Value = serde_json::from_slice(&reply.body).ok()?;
    Some(match value.get("status")?.as_i64()? {
        -1 | 0 => Delivery::Pending,
        // Delivered; read; a link was followed.
        1 | 2 | 4 => Delivery::Delivered,
        // Expired; cannot be delivered; wrong number; forbidden; no money; unreachable.
        3 | 20..=25 => Delivery::Failed,
        _ => return None,
    })
}

pub fn balance(sms: &Sms) -> Call {
    call(sms, "balance.php", &[])
}

pub fn money(reply: &Reply) -> Option<i64> {
    let value: Value = serde_json::from_slice(&reply.body).ok()?;
    hundredths(value.get("balance")?)
}
