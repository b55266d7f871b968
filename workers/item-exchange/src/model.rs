//! What is found in a file, before the languages are joined.

use domain::{
    bank::{body::Body, key::Answers, meta::Meta, rich::Rich},
    shared::lang::Lang,
};

use crate::report::Notes;

/// An item in one language.
#[derive(Debug, Clone, PartialEq)]
pub struct Draft {
    /// Identifier in its file.
    pub ident: String,
    /// What both languages of an item have in common, where the file says it.
    pub concept: Option<String>,
    /// Its language, where it is known.
    pub lang: Option<Lang>,
    /// What is known of it.
    pub meta: Meta,
    /// What is delivered.
    pub body: Body,
    /// The key.
    pub answers: Answers,
    /// Why the key is right.
    pub explanation: Rich,
    /// File and line where it begins.
    pub place: (String, u32),
}

/// An image.
#[derive(Clone, PartialEq, Eq)]
pub struct Media {
    /// SHA-256 of the bytes.
    pub hash: String,
    /// MIME type, by the bytes.
    pub kind: &'static str,
    /// The bytes.
    pub bytes: Vec<u8>,
}

impl std::fmt::Debug for Media {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Media({} {} {})", self.hash, self.kind, self.bytes.len())
    }
}

/// A test: sections of items, in order.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Test {
    /// Identifier.
    pub ident: String,
    /// Title.
    pub title: String,
    /// Seconds for the whole of it; 0 = not said.
    pub seconds: u32,
    /// Whether one may go back.
    pub free: bool,
    /// Sections.
    pub sections: Vec<Section>,
}

/// A section of a test.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Section {
    /// Title.
    pub title: String,
    /// How many of its items are drawn; 0 = all.
    pub select: u32,
    /// Whether their order changes.
    pub shuffle: bool,
    /// Identifiers of the items.
    pub items: Vec<String>,
}

/// What a file holds.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Found {
    /// Items that can be taken.
    pub items: Vec<Draft>,
    /// Their images.
    pub media: Vec<Media>,
    /// Tests.
    pub tests: Vec<Test>,
    /// How many items there were, taken or not.
    pub seen: u32,
    /// Remarks.
    pub notes: Notes,
}

/// Kazakh letters that Russian does not have.
const KAZAKH: &str = "әғқңөұүһіӘҒҚҢӨҰҮҺІ";

/// Decides the language of an item that does not say it: by its name, its letters, or `usual`.
pub fn settle_language(draft: &mut Draft, usual: Lang, notes: &mut Notes) {
    if matches!(draft.lang, Some(Lang::Kk | Lang::Ru)) {
        return;
    }
    let by_name = crate::join::suffix(&draft.ident).map(|(_, lang)| lang);
    let words = draft.body.words();
    let cyrillic = words.chars().any(|c| ('\u{400}'..='\u{4ff}').contains(&c));
    let by_letters = words
        .contains(|c| KAZAKH.contains(c))
        .then_some(Lang::Kk)
        .or_else(|| cyrillic.then_some(Lang::Ru));
    if by_name.or(by_letters).is_none() {
        notes.file.clone_from(&draft.place.0);
        notes.item.clone_from(&draft.ident);
        let said = draft.lang.map_or("", Lang::code);
        notes.hint("language_assumed", draft.place.1, format!("{said}→{}", usual.code()));
    }
    draft.lang = Some(by_name.or(by_letters).unwrap_or(usual));
}
