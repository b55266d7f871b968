//! What may be sent: limits and purposes, as data (`schemas/rules/files`).

use std::sync::OnceLock;

use serde::Deserialize;

use super::{FileKind, api};

/// What files are sent for.
#[derive(Debug, Clone, Deserialize)]
pub struct Purpose {
    /// Code.
    pub code: String,
    /// What may be sent.
    pub kinds: Vec<FileKind>,
    /// Bytes at most.
    pub max_bytes: i64,
    /// Least width and height of a video, pixels.
    #[serde(default)]
    pub min_pixels: Option<(u32, u32)>,
    /// Least length of a video, seconds.
    #[serde(default)]
    pub min_seconds: Option<u32>,
    /// Where it comes from.
    pub source: String,
    /// How far to trust it: S, M or D.
    pub mark: String,
}

impl Purpose {
    /// What may be sent, for a person: "PDF, JPEG, PNG".
    pub fn allowed(&self) -> String {
        let names: Vec<_> = self.kinds.iter().map(|kind| kind.name()).collect();
        names.join(", ")
    }
}

/// A smaller copy of a picture.
#[derive(Debug, Clone, Deserialize)]
pub struct VariantRule {
    /// Its name.
    pub name: String,
    /// Pixels of the longer side.
    pub side: u32,
}

/// Pictures.
#[derive(Debug, Clone, Deserialize)]
pub struct PictureRules {
    /// Pixels of a side at most.
    pub max_side: u32,
    /// Pixels at most.
    pub max_pixels: u64,
    /// Quality of the smaller copies, 0 to 100.
    pub quality: u8,
    /// The smaller copies.
    pub variants: Vec<VariantRule>,
}

/// Archives (DOCX and XLSX are ZIP archives).
#[derive(Debug, Clone, Deserialize)]
pub struct ArchiveRules {
    /// Entries at most.
    pub max_entries: usize,
    /// Bytes unpacked at most.
    pub max_unpacked: u64,
    /// How many times larger than packed an entry of more than 1 MB may be.
    pub max_ratio: u64,
}

/// PDF.
#[derive(Debug, Clone, Deserialize)]
pub struct PdfRules {
    /// Objects at most.
    pub max_objects: usize,
}

/// An edition of the limits.
#[derive(Debug, Clone, Deserialize)]
pub struct Rules {
    /// Purposes.
    pub purposes: Vec<Purpose>,
    /// The largest file that comes in one piece, bytes.
    pub whole_bytes: i64,
    /// Bytes of a part (the store wants 5 MiB at least, all alike but the last).
    pub part_bytes: i64,
    /// Hours for which the parts of an upload are waited for.
    pub upload_hours: i64,
    /// Minutes after which an object that no row names is removed.
    pub orphan_minutes: i64,
    /// Uploads by parts that a person may have open.
    pub open_uploads: i64,
    /// Files of a person at most.
    pub quota_files: i64,
    /// Bytes of a person at most.
    pub quota_bytes: i64,
    /// Minutes for which a link is good.
    pub link_minutes: i64,
    /// Days after which a file that nothing names is removed.
    pub unused_days: i64,
    /// Minutes to wait after the first, second … failed check; the last one repeats.
    pub retry_minutes: Vec<i64>,
    /// Pictures.
    pub picture: PictureRules,
    /// DOCX and XLSX.
    pub archive: ArchiveRules,
    /// PDF.
    pub pdf: PdfRules,
}

impl Rules {
    /// A purpose by its code.
    pub fn purpose(&self, code: &str) -> Option<&Purpose> {
        self.purposes.iter().find(|purpose| purpose.code == code)
    }

    /// The purposes, for the cabinet.
    pub fn listed(&self) -> Vec<api::Purpose> {
        let row = |purpose: &Purpose| api::Purpose {
            code: purpose.code.clone(),
            kinds: purpose.kinds.clone(),
            max_size: purpose.max_bytes,
            parts_from: self.whole_bytes + 1,
            min_pixels: purpose.min_pixels,
            min_seconds: purpose.min_seconds,
        };
        self.purposes.iter().map(row).collect()
    }

    /// Number of parts of a file.
    pub const fn parts(&self, size: i64) -> u32 {
        ((size + self.part_bytes - 1) / self.part_bytes) as u32
    }

    /// Bytes of part `n` (from 1) of a file; `None` where it has no such part.
    pub fn part_size(&self, size: i64, n: u32) -> Option<i64> {
        let start = i64::from(n.checked_sub(1)?) * self.part_bytes;
        (start < size).then(|| self.part_bytes.min(size - start))
    }

    /// Minutes to wait after `attempts` failed checks.
    pub fn retry_after(&self, attempts: i64) -> i64 {
        let step = usize::try_from(attempts).unwrap_or_default();
        self.retry_minutes.get(step).or(self.retry_minutes.last()).copied().unwrap_or(60)
    }
}

/// The limits in force. `None` only where the shipped file is broken, which a test forbids.
pub fn rules() -> Option<&'static Rules> {
    static ALL: OnceLock<Option<Rules>> = OnceLock::new();
    ALL.get_or_init(|| {
        serde_json::from_str(include_str!("../../../../schemas/rules/files/2026-01-01.json")).ok()
    })
    .as_ref()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shipped_limits_hold_together() {
        let rules = rules().unwrap();
        assert!(rules.part_bytes >= 5 * 1024 * 1024, "the store takes no smaller parts");
        for purpose in &rules.purposes {
            assert!(!purpose.kinds.is_empty() && !purpose.source.is_empty(), "{}", purpose.code);
            assert!(rules.parts(purpose.max_bytes) <= 10_000, "{}", purpose.code);
            assert_eq!(purpose.min_seconds.is_some(), purpose.kinds.contains(&FileKind::Mp4));
        }
        assert_eq!(rules.parts(rules.part_bytes), 1);
        assert_eq!(rules.parts(rules.part_bytes + 1), 2);
        assert_eq!(rules.part_size(rules.part_bytes + 1, 2), Some(1));
        assert_eq!(rules.part_size(rules.part_bytes, 2), None);
        assert_eq!(rules.part_size(1, 0), None);
    }
}
