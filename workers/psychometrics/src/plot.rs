//! Curves as SVG: pure functions to text.
//!
//! Colours are the style tokens of the cabinet (`frontend/styles/mansap.css`) with their light
//! values as fallback, so that a drawing follows dark mode where the cabinet shows it and reads as
//! a file of its own. Nothing is said by colour alone: lines have dashes, points have shapes. Each
//! drawing has a title and a description for who cannot see it, and the same numbers as a table to
//! stand beside it.

pub mod curves;
pub mod dif;
pub mod distribution;
mod equating;
mod frame;

use serde::{Deserialize, Serialize};

pub use curves::{Observed, characteristic, information, observe};
pub use dif::{Share, deltas, language};
pub use distribution::distribution;
pub use equating::equating;

/// What a drawing says in words. The caller has them in the reader's language.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Words {
    /// Makes ids unique on a page: letters, digits and `-`; anything else is left out.
    pub id: String,
    /// Title.
    pub title: String,
    /// What is to be seen, in a sentence or two.
    pub description: String,
    /// What goes to the right.
    pub x: String,
    /// What goes up.
    pub y: String,
    /// Names of the lines or groups, in their order.
    pub series: Vec<String>,
    /// Whether fractions are written with a comma.
    pub comma: bool,
}

/// A drawing and its numbers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plot {
    /// The drawing: one `svg` element.
    pub svg: String,
    /// Heads of the table's columns.
    pub head: Vec<String>,
    /// Rows of the table. Empty text where there is no number.
    pub rows: Vec<Vec<String>>,
}

impl Words {
    fn series(&self, at: usize) -> &str {
        self.series.get(at).map_or("", String::as_str)
    }

    /// A number for the table.
    fn number(&self, value: Option<f64>, places: usize) -> String {
        let Some(value) = value.filter(|v| v.is_finite()) else { return String::new() };
        let text = format!("{value:.places$}");
        // Minus nought is nought.
        let text = match text.strip_prefix('-') {
            Some(rest) if rest.bytes().all(|b| matches!(b, b'0' | b'.')) => rest.to_owned(),
            _ => text,
        };
        if self.comma { text.replace('.', ",") } else { text }
    }
}

/// Text for markup: `& < > " '` as entities; control characters, which XML forbids, are left out.
pub fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            '\t' | '\n' => out.push(' '),
            c if c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}') => {}
            c => out.push(c),
        }
    }
    out
}
