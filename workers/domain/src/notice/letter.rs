//! A letter as HTML: for eyes that prefer it; the text is the letter, this is its dress. One
//! column, system type, colours of the portal, no pictures and nothing loaded from elsewhere.

use super::{Arg, Args, Item};
use crate::shared::{lang::Lang, locale::NOTICE};

/// What a letter shows beside its text.
#[derive(Debug, Clone, Copy)]
pub struct Frame<'a> {
    /// Language.
    pub lang: Lang,
    /// Subject: the title of the document.
    pub subject: &'a str,
    /// Whole address of the button; empty = no button.
    pub link: &'a str,
    /// Whole address that stops letters of this kind; empty = they cannot be stopped.
    pub stop: &'a str,
    /// Address of the portal.
    pub origin: &'a str,
}

fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            c => out.push(c),
        }
    }
    out
}

const LINK: &str = "color:#006b8f";

fn anchor(address: &str, text: &str) -> String {
    format!("<a href=\"{}\" style=\"{LINK}\">{}</a>", escape(address), escape(text))
}

/// A line with its web addresses as links.
fn line(text: &str) -> String {
    text.split(' ')
        .map(|word| {
            let end = word.trim_end_matches(['.', ',', ';', ')']);
            let tail = word.get(end.len()..).unwrap_or_default();
            if end.starts_with("https://") || end.starts_with("http://") {
                format!("{}{}", anchor(end, end), escape(tail))
            } else {
                escape(word)
            }
        })
        .collect::<Vec<_>>()
        .join(" ")
}

fn list(items: &[Item]) -> String {
    let rows: String = items
        .iter()
        .map(|item| {
            let title = match item.link.as_str() {
                "" => escape(&item.title),
                link => anchor(link, &item.title),
            };
            format!(
                "<li style=\"margin:0 0 12px\"><b>{title}</b><br><span style=\"color:#4a5a63\">{}</span></li>",
                escape(&item.text)
            )
        })
        .collect();
    format!("<ul style=\"padding:0 0 0 20px;margin:0 0 16px\">{rows}</ul>")
}

/// The letter. `template` is the text before its variables are filled: a list becomes a list,
/// everything else a paragraph.
pub fn html(template: &str, args: &Args, frame: Frame<'_>) -> String {
    let lang = frame.lang;
    let paragraphs: String = template
        .split("\n\n")
        .map(|paragraph| {
            let name = paragraph.trim().strip_prefix('{').and_then(|rest| rest.strip_suffix('}'));
            if let Some(Arg::List(items)) = name.and_then(|name| args.get(name)) {
                return list(items);
            }
            let filled =
                super::render::fill(paragraph, |name| args.get(name).map(|arg| arg.show(lang)));
            let lines: Vec<_> = filled.lines().map(line).collect();
            format!("<p style=\"margin:0 0 16px\">{}</p>", lines.join("<br>"))
        })
        .collect();
    let button = match frame.link {
        "" => String::new(),
        link => format!(
            "<p style=\"margin:0 0 16px\"><a href=\"{}\" style=\"display:inline-block;background:#006b8f;color:#fff;padding:12px 20px;border-radius:6px;text-decoration:none\">{}</a></p>",
            escape(link),
            escape(NOTICE.get(lang, "letter.open"))
        ),
    };
    let stop = match frame.stop {
        "" => String::new(),
        address => format!(" {}", anchor(address, NOTICE.get(lang, "letter.stop"))),
    };
    format!(
        "<!DOCTYPE html><html lang=\"{}\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\"><title>{}</title></head>\
         <body style=\"margin:0;background:#f3f6f7;color:#16242b;font:16px/1.5 system-ui,-apple-system,'Segoe UI',Roboto,sans-serif\">\
         <div style=\"max-width:560px;margin:0 auto;padding:24px 16px\">\
         <p style=\"margin:0 0 16px;font-weight:700;font-size:20px\"><a href=\"{origin}\" style=\"{LINK};text-decoration:none\">Mansap</a></p>\
         <div style=\"background:#fff;border-radius:8px;padding:24px 20px 8px\">{paragraphs}{button}</div>\
         <p style=\"margin:16px 0 0;font-size:14px;color:#4a5a63\">{}{stop}</p></div></body></html>",
        lang.code(),
        escape(frame.subject),
        escape(NOTICE.get(lang, "letter.foot")),
        origin = escape(frame.origin),
    )
}

/// The foot of the letter as text.
pub fn text(body: &str, frame: Frame<'_>) -> String {
    let lang = frame.lang;
    let mut out = body.to_owned();
    if !frame.link.is_empty() {
        out += &format!("\n\n{}: {}", NOTICE.get(lang, "letter.open"), frame.link);
    }
    out += &format!("\n\n-- \n{}\n", NOTICE.get(lang, "letter.foot"));
    if !frame.stop.is_empty() {
        out += &format!("{}: {}\n", NOTICE.get(lang, "letter.stop"), frame.stop);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::notice::{Event, args, spec};

    #[test]
    fn what_people_wrote_cannot_become_mark_up() {
        let values = args([("a", "<script>alert(1)</script> \"&\"".into())]);
        let frame = Frame {
            lang: Lang::Kk,
            subject: "</title><b>",
            link: "https://mansap.example/\"x",
            stop: "",
            origin: "https://mansap.example",
        };
        let html = html("{a}\n\nhttps://mansap.example/x?a=1&b=2.", &values, frame);
        assert!(!html.contains("<script") && !html.contains("</title><b>"), "{html}");
        assert!(html.contains("href=\"https://mansap.example/x?a=1&amp;b=2\""), "{html}");
        assert!(html.contains("href=\"https://mansap.example/&quot;x\""), "{html}");
    }

    #[test]
    fn a_list_is_a_list_of_links() {
        let spec = spec(Event::SubscriptionDigest).unwrap();
        let samples = spec.samples();
        let frame = Frame {
            lang: Lang::Ru,
            subject: "s",
            link: "",
            stop: "https://m/s",
            origin: "https://m",
        };
        let template = spec.text(crate::notice::Part::Email, Lang::Ru);
        let html = html(template, &samples, frame);
        assert_eq!(html.matches("<li").count(), 2);
        assert!(html.contains("Отписаться") && html.contains("lang=\"ru\""), "{html}");
        assert!(!html.contains('{'), "{html}");
    }
}
