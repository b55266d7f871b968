//! Settings of the bank: an edition, `schemas/rules/bank`.

use std::sync::OnceLock;

use serde::Deserialize;

/// Settings.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct Rule {
    /// Whether an item is shown uncounted before it counts.
    pub pilot_required: bool,
    /// Most items of one import.
    pub import_most: usize,
    /// Most items of one export.
    pub export_most: usize,
    /// Days within which an export is approved and taken.
    pub export_days: i64,
    /// Most bytes of an image.
    pub image_bytes: usize,
    /// Most bytes of a video in sign language.
    pub video_bytes: usize,
    /// Most characters of its captions.
    pub captions_most: usize,
}

/// The edition in force.
pub fn rule() -> &'static Rule {
    static RULE: OnceLock<Rule> = OnceLock::new();
    RULE.get_or_init(|| {
        let text = include_str!("../../../../schemas/rules/bank/2026-01-01.json");
        // A test reads it: it is never empty.
        serde_json::from_str(text).unwrap_or_default()
    })
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_edition_can_be_read() {
        let rule = super::rule();
        assert!(rule.import_most >= 1000 && rule.export_most > 0 && rule.export_days > 0);
        assert!(rule.image_bytes >= 100_000 && rule.video_bytes >= rule.image_bytes);
    }
}
