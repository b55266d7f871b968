//! Kazinfoteh: form in, XML out. It neither knows our identifier nor can be asked, so a message
//! whose answer got lost is left for a person to decide.

use domain::shared::phone::Phone;
use quick_xml::{Reader, events::Event};

use super::{Outcome, Receipt, Why, post_form};
use crate::{Call, Reply, ready::Ready, settings::Sms};

pub fn send(sms: &Sms, from: &str, phone: &Phone, ready: &Ready) -> Call {
    let fields = [
        ("action", "sendmessage"),
        ("username", sms.login.as_str()),
        ("password", sms.secret.as_str()),
        ("recipient", &phone.digits()),
        ("messagetype", "SMS:TEXT"),
        ("originator", from),
        ("messagedata", &ready.text),
    ];
    post_form(format!("{}/api", sms.url), &fields)
}

/// The texts of some elements, in the order of `names`.
fn texts<const N: usize>(xml: &str, names: [&str; N]) -> Option<[String; N]> {
    let mut reader = Reader::from_str(xml);
    let mut out = [const { String::new() }; N];
    let mut at = None;
    loop {
        match reader.read_event().ok()? {
            Event::Start(start) => {
                let name = start.name();
                at = names.iter().position(|own| **own == *name.as_ref());
            }
            Event::Text(text) => {
                if let Some(place) = at {
                    out[place].push_str(text.as_ref().trim());
                }
            }
            Event::End(_) => at = None,
            Event::Eof => return Some(out),
            _ => {}
        }
    }
}

pub fn sent(reply: &Reply) -> Outcome {
    let doubt = || Outcome::Doubt(format!("http {} without an answer", reply.status));
    let Ok(xml) = std::str::from_utf8(&reply.body) else { return doubt() };
    let names = ["statuscode", "messageid", "errorcode", "errormessage"];
    let Some([status, message, error, said]) = texts(xml, names) else { return doubt() };
    if status == "0" {
        return Outcome::Accepted(Receipt { provider_id: message, cost: None });
    }
    let code = if error.is_empty() { status } else { error };
    if code.is_empty() {
        return doubt();
    }
    let said = said.to_lowercase();
    let has = |words: &[&str]| words.iter().any(|word| said.contains(word));
    let why = if has(&["balance", "credit", "баланс"]) {
        Why::Balance
    } else if has(&["password", "username", "auth", "login", "ip address"]) {
        Why::Access
    } else if has(&["recipient", "messagedata", "originator", "parameter"]) {
        Why::Message
    } else {
        Why::Temporary
    };
    Outcome::Refused(why, format!("code {code}"))
}
