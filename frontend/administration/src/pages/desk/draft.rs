//! What is typed and not sent: a text for each kind of message, so that what is meant for
//! colleagues never goes to the writer, kept in the browser until the server has it.

use crate::{
    browser,
    json::{self, Json},
    kept::{PREFIX, count_unsaved},
};

/// What a text is sent as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Mode {
    /// An answer; nothing more is needed.
    #[default]
    Resolve,
    /// A question to the writer.
    Ask,
    /// For colleagues.
    Note,
    /// The end without an answer, and why.
    Close,
}

impl Mode {
    /// All of them, in the order in which they are shown.
    pub const ALL: [Mode; 4] = [Mode::Resolve, Mode::Ask, Mode::Note, Mode::Close];

    /// The code.
    pub const fn code(self) -> &'static str {
        match self {
            Mode::Resolve => "resolve",
            Mode::Ask => "ask",
            Mode::Note => "note",
            Mode::Close => "close",
        }
    }
}

/// What is typed about one ticket.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Draft {
    /// What is being written.
    pub mode: Mode,
    texts: [String; 4],
    /// Slug of a help article that goes with the answer.
    pub article: String,
}

impl Draft {
    /// The text of what is being written.
    pub fn text(&self) -> &str {
        &self.texts[self.mode as usize]
    }

    /// Writes it.
    pub fn write(&mut self, text: String) {
        self.texts[self.mode as usize] = text;
    }

    /// It has been sent; what was typed as something else stays.
    pub fn sent(&mut self) {
        self.write(String::new());
        if self.mode == Mode::Resolve {
            self.article = String::new();
        }
        self.mode = Mode::default();
    }

    fn is_empty(&self) -> bool {
        self.texts.iter().all(|text| text.trim().is_empty())
    }

    fn to_text(&self) -> String {
        let field = |name: &str, text: &str| (name.to_owned(), Json::Text(text.to_owned()));
        let mut fields = vec![field("mode", self.mode.code()), field("article", &self.article)];
        fields.extend(Mode::ALL.map(|mode| field(mode.code(), &self.texts[mode as usize])));
        json::write(&Json::Map(fields))
    }

    fn from_text(text: &str) -> Draft {
        let all = json::read(text).unwrap_or_default();
        let of = |name: &str| all.get(name).map_or("", Json::text).to_owned();
        let mode = Mode::ALL.into_iter().find(|mode| mode.code() == of("mode"));
        Draft {
            mode: mode.unwrap_or_default(),
            texts: Mode::ALL.map(|mode| of(mode.code())),
            article: of("article"),
        }
    }
}

fn key(id: &str) -> String {
    format!("{PREFIX}ticket.{id}")
}

/// What was typed about a ticket earlier.
pub fn open(id: &str) -> Draft {
    browser::kept(&key(id)).map(|text| Draft::from_text(&text)).unwrap_or_default()
}

/// Keeps what is typed; an empty draft is forgotten. `false` where the browser has no room.
pub fn keep(id: &str, draft: &Draft) -> bool {
    let kept = if draft.is_empty() {
        browser::forget(&key(id));
        true
    } else {
        browser::keep(&key(id), &draft.to_text())
    };
    count_unsaved();
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_of_message_has_a_text_of_its_own() {
        let mut draft = Draft { mode: Mode::Note, article: "apply".into(), ..Draft::default() };
        draft.write("Тексеру керек \"\n".into());
        draft.mode = Mode::Resolve;
        assert_eq!(draft.text(), "");
        draft.write("Сәлеметсіз бе!".into());
        assert_eq!(Draft::from_text(&draft.to_text()), draft);
        draft.sent();
        assert_eq!((draft.text(), draft.article.as_str()), ("", ""));
        draft.mode = Mode::Note;
        assert_eq!(draft.text(), "Тексеру керек \"\n");
        draft.sent();
        assert!(draft.is_empty());
        assert_eq!(Draft::from_text("?"), Draft::default());
    }
}
