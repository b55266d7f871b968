//! The runtime's own letters: a whole message by RFC 5322. The same message sent again carries
//! the same `Message-ID`, by which mailboxes know it.

use std::time::{Duration, SystemTime};

use lettre::message::{
    Message, MultiPart, SinglePart,
    header::{Header, HeaderName, HeaderValue},
};

use super::{Outcome, Receipt, Why};
use crate::{World, ready::Ready};

macro_rules! header {
    ($name:ident, $text:literal) => {
        #[derive(Debug, Clone)]
        struct $name(String);

        impl Header for $name {
            fn name() -> HeaderName {
                HeaderName::new_from_ascii_str($text)
            }
            fn parse(text: &str) -> Result<$name, Box<dyn std::error::Error + Send + Sync>> {
                Ok($name(text.to_owned()))
            }
            fn display(&self) -> HeaderValue {
                HeaderValue::new(Self::name(), self.0.clone())
            }
        }
    };
}

header!(Unsubscribe, "List-Unsubscribe");
header!(UnsubscribePost, "List-Unsubscribe-Post");
header!(AutoSubmitted, "Auto-Submitted");

/// The message. `None` where an address cannot be one.
pub fn compose(from: &str, ready: &Ready, millis: i64) -> Option<(String, String)> {
    let sender: lettre::message::Mailbox = from.parse().ok()?;
    let host = sender.email.domain().to_owned();
    let address = sender.email.to_string();
    let seconds = Duration::from_millis(millis.max(0).unsigned_abs());
    let mut message = Message::builder()
        .from(sender)
        .to(ready.address.parse().ok()?)
        .subject(&ready.subject)
        .date(SystemTime::UNIX_EPOCH + seconds)
        .message_id(Some(format!("<{}@{host}>", ready.id)))
        .header(AutoSubmitted("auto-generated".into()));
    if !ready.stop.is_empty() {
        message = message
            .header(Unsubscribe(format!("<{}>", ready.stop)))
            .header(UnsubscribePost("List-Unsubscribe=One-Click".into()));
    }
    let parts = MultiPart::alternative()
        // Neither the clock nor chance of the library: the letter is the same each time.
        .boundary(format!("mansap-{}", ready.id))
        .singlepart(SinglePart::plain(ready.text.clone()))
        .singlepart(SinglePart::html(ready.html.clone()));
    let raw = message.multipart(parts).ok()?.formatted();
    Some((address, String::from_utf8(raw).ok()?))
}

pub async fn send(world: &World<'_>, ready: &Ready) -> Outcome {
    let Some(post) = world.post else { return Outcome::NotReached };
    let made = compose(&world.settings.mail_from, ready, (world.now)().millis());
    let Some((from, raw)) = made else { return Outcome::Refused(Why::Message, "address".into()) };
    match post.post(&from, &ready.address, &raw).await {
        Ok(()) => Outcome::Accepted(Receipt { provider_id: ready.id.clone(), cost: None }),
        Err(text) => {
            let said = text.to_lowercase();
            let has = |words: &[&str]| words.iter().any(|word| said.contains(word));
            if has(&["not allowed", "not verified", "disabled", "unauthorized", "permission"]) {
                Outcome::Refused(Why::Access, "binding".into())
            } else if has(&["invalid", "recipient", "address"]) {
                Outcome::Refused(Why::Message, "binding".into())
            } else if has(&["limit", "quota", "too many"]) {
                Outcome::Refused(Why::Temporary, "binding".into())
            } else {
                Outcome::Doubt("binding".into())
            }
        }
    }
}
