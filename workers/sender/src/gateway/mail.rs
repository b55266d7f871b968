//! A mail API of the common form (that of Resend): JSON in, `{"id"}` out, `Idempotency-Key`.

use serde_json::{Value, json};

use super::{Delivery, Outcome, Receipt, Why};
use crate::{Call, Reply, ready::Ready, settings::MailApi};

fn headers(api: &MailApi) -> Vec<(&'static str, String)> {
    vec![
        ("authorization", format!("Bearer {}", api.key)),
        ("content-type", "application/json".into()),
        ("user-agent", "Mansap".into()),
    ]
}

pub fn send(api: &MailApi, from: &str, ready: &Ready) -> Call {
    let mut own = json!({
        // RFC 3834: automatic answers do not answer it.
        "Auto-Submitted": "auto-generated",
        "X-Entity-Ref-ID": ready.id,
    });
    if !ready.stop.is_empty() {
        own["List-Unsubscribe"] = json!(format!("<{}>", ready.stop));
        own["List-Unsubscribe-Post"] = json!("List-Unsubscribe=One-Click");
    }
    let body = json!({
        "from": from, "to": [ready.address], "subject": ready.subject,
        "html": ready.html, "text": ready.text, "headers": own,
    });
    let mut headers = headers(api);
    headers.push(("idempotency-key", ready.id.clone()));
    Call {
        method: "POST",
        url: format!("{}/emails", api.url),
        headers,
        body: body.to_string().into_bytes(),
    }
}

pub fn sent(reply: &Reply) -> Outcome {
    let value: Value = serde_json::from_slice(&reply.body).unwrap_or_default();
    let name = value.get("name").and_then(Value::as_str).unwrap_or_default();
    let why = match (reply.status, name) {
        (200..=299, _) => {
            return match value.get("id").and_then(Value::as_str) {
                Some(id) => Outcome::Accepted(Receipt { provider_id: id.into(), cost: None }),
                None => Outcome::Doubt("no id".into()),
            };
        }
        // The same key is being worked on: asked again later it gives the first answer.
        (409, "concurrent_idempotent_requests") => return Outcome::Doubt(name.into()),
        (409, _) => Why::Message,
        (429, "monthly_quota_exceeded" | "daily_quota_exceeded") => Why::Balance,
        (429 | 408, _) => Why::Temporary,
        (401 | 403, _) => Why::Access,
        (400 | 404 | 405 | 413 | 415 | 422, _) => Why::Message,
        _ => return Outcome::Doubt(format!("http {}", reply.status)),
    };
    let code = if name.is_empty() { reply.status.to_string() } else { name.to_owned() };
    Outcome::Refused(why, code)
}

pub fn status(api: &MailApi, provider: &str) -> Call {
    let url = format!("{}/emails/{}", api.url, app::http::encode(provider));
    Call { method: "GET", url, headers: headers(api), body: Vec::new() }
}

pub fn delivered(reply: &Reply) -> Option<Delivery> {
    let value: Value = serde_json::from_slice(&reply.body).ok()?;
    Some(match value.get("last_event")?.as_str()? {
        "delivered" | "opened" | "clicked" => Delivery::Delivered,
        "bounced" | "complained" | "suppressed" => Delivery::Blocked,
        "failed" | "canceled" => Delivery::Failed,
        _ => Delivery::Pending,
    })
}
