//! A message in words, ready for a gateway.

use domain::{
    notice::{
        Args, Channel, Event, Part,
        letter::{Frame, html, text},
        policy::policy,
        render::{Edited, part, template},
        sms, spec,
    },
    shared::lang::Lang,
};

/// What a gateway needs.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Ready {
    /// Identifier and idempotency key.
    pub id: String,
    /// Phone in E.164, e-mail, or address at the push service.
    pub address: String,
    /// Subject of a letter, heading of a push.
    pub subject: String,
    /// Text.
    pub text: String,
    /// Letter as HTML.
    pub html: String,
    /// Whole address that it leads to; may be empty.
    pub link: String,
    /// Whole address that stops such letters with one press; may be empty.
    pub stop: String,
    /// Parts of a text message.
    pub parts: u32,
    /// Keys of the browser, for a push.
    pub p256dh: String,
    /// Secret of the browser, for a push.
    pub auth: String,
}

/// What is to be put in words.
pub struct Source<'a> {
    pub id: &'a str,
    pub event: Event,
    pub channel: Channel,
    pub lang: Lang,
    pub address: &'a str,
    pub args: &'a Args,
    pub link: &'a str,
    pub stop: &'a str,
    pub latin: bool,
    pub origin: &'a str,
}

fn absolute(origin: &str, path: &str) -> String {
    if path.is_empty() || path.contains("://") {
        path.to_owned()
    } else {
        format!("{origin}{path}")
    }
}

/// Puts a message in words; `None` where the event is unknown.
pub fn ready(source: &Source<'_>, edited: &Edited) -> Option<Ready> {
    let spec = spec(source.event)?;
    let words = |which| part(spec, edited, which, source.lang, source.args);
    let link = absolute(source.origin, source.link);
    let stop = absolute(source.origin, source.stop);
    let mut out = Ready {
        id: source.id.to_owned(),
        address: source.address.to_owned(),
        link,
        stop,
        ..Ready::default()
    };
    match source.channel {
        Channel::Sms => {
            out.text = sms::choose(words(Part::Sms), source.latin, policy().latin_over_parts);
            out.parts = sms::size(&out.text).parts;
        }
        Channel::Push => {
            out.subject = words(Part::Title);
            out.text = words(Part::Push);
        }
        Channel::Email => {
            // A subject is one line, whatever a value holds.
            out.subject = words(Part::Subject).split_whitespace().collect::<Vec<_>>().join(" ");
            let frame = Frame {
                lang: source.lang,
                subject: &out.subject,
                link: &out.link,
                stop: &out.stop,
                origin: source.origin,
            };
            let letter = template(spec, edited, Part::Email, source.lang);
            out.html = html(letter, source.args, frame);
            out.text = text(&words(Part::Email), frame);
        }
    }
    Some(out)
}
