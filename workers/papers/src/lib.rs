//! PDF papers: blocks of text in, pages out. Pure: the same paper gives the same bytes.

mod face;
mod layout;
mod write;

/// A paper.
#[derive(Debug, Clone, Default)]
pub struct Paper {
    /// Title of the document, for readers' lists and screen readers.
    pub title: String,
    /// Language of the text: `kk`, `ru`, `en`.
    pub lang: String,
    /// What stands at the left of every foot: number, moment.
    pub foot: String,
    /// When it was made: year, month, day, hour, minute, second, UTC.
    pub made: (u16, u8, u8, u8, u8, u8),
    /// What stands in it, top to bottom.
    pub blocks: Vec<Block>,
}

/// A part of a paper.
#[derive(Debug, Clone)]
pub enum Block {
    /// The name of the paper.
    Title(String),
    /// A line below the title, in soft grey.
    Soft(String),
    /// The name of a part.
    Heading(String),
    /// Names and values, side by side.
    Facts(Vec<(String, String)>),
    /// A text; its line breaks are kept.
    Text(String),
    /// A list.
    Items(Vec<Item>),
    /// A thin line between things of a kind.
    Gap,
}

/// A line of a list.
#[derive(Debug, Clone, Default)]
pub struct Item {
    /// What it is.
    pub name: String,
    /// What stands at the right: points, a day.
    pub side: String,
    /// Lines below it, smaller.
    pub lines: Vec<String>,
}

/// The paper as a PDF file.
pub fn render(paper: &Paper) -> Vec<u8> {
    write::file(paper, &layout::pages(paper))
}

#[cfg(test)]
mod tests;
