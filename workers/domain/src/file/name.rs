//! Names of files: what a person's device calls a file, made harmless for every system that will
//! see it. A name is never refused for its characters; what could deceive or harm is taken out.

use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

use super::FileKind;
use crate::shared::clean::unseen;

/// Characters of a name at most, its ending included.
const MOST: usize = 120;
/// Marks that may follow one letter.
const MARKS: usize = 2;
/// Names that Windows keeps for its devices.
const DEVICES: [&str; 22] = [
    "con", "prn", "aux", "nul", "com1", "com2", "com3", "com4", "com5", "com6", "com7", "com8",
    "com9", "lpt1", "lpt2", "lpt3", "lpt4", "lpt5", "lpt6", "lpt7", "lpt8", "lpt9",
];

/// A harmless name for a file of a kind: the last part of a path, without control characters,
/// without characters that turn the direction of writing or are not seen, without those that some
/// system forbids; at most 120 characters; with an ending that tells the truth.
pub fn clean(raw: &str, kind: Option<FileKind>) -> String {
    // What is far beyond any real name is not even normalised.
    let near: String =
        raw.chars().rev().take(4 * MOST).collect::<Vec<_>>().into_iter().rev().collect();
    let last = near.rsplit(['/', '\\']).find(|part| !part.trim().is_empty()).unwrap_or_default();
    let mut marks = 0;
    let mut out = String::new();
    for c in last.nfc() {
        let c = match c {
            c if c.is_whitespace() => ' ',
            c if c.is_control() || unseen(c) => continue,
            '<' | '>' | ':' | '"' | '|' | '?' | '*' => '_',
            c => c,
        };
        marks = if is_combining_mark(c) { marks + 1 } else { 0 };
        if marks > MARKS || (c == ' ' && out.ends_with(' ')) {
            continue;
        }
        out.push(c);
    }
    let out = out.trim_matches([' ', '.']);
    let (stem, ending) = match out.rsplit_once('.') {
        Some((stem, ending)) if is_ending(ending) => (stem, Some(ending)),
        _ => (out, None),
    };
    let fits = |ending: &str| {
        kind.is_none_or(|kind| kind.endings().contains(&ending.to_ascii_lowercase().as_str()))
    };
    let (stem, ending) = match ending {
        Some(ending) if fits(ending) => (stem, ending),
        // A wrong ending stays visible, the true one follows.
        _ => (out, kind.map_or("", |kind| kind.endings()[0])),
    };
    let room = MOST - ending.chars().count() - 1;
    let mut stem: String = stem.trim_end_matches([' ', '.']).chars().take(room).collect();
    stem.truncate(stem.trim_end_matches([' ', '.']).len());
    if stem.is_empty() {
        stem.push_str("file");
    }
    let first = stem.split('.').next().unwrap_or_default().trim_end().to_ascii_lowercase();
    if DEVICES.contains(&first.as_str()) {
        stem.insert(0, '_');
    }
    if ending.is_empty() { stem } else { format!("{stem}.{ending}") }
}

fn is_ending(text: &str) -> bool {
    (1..=8).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

/// The value of `Content-Disposition` that makes a browser save a file under its name (RFC 6266,
/// RFC 8187): a plain name for old readers, the real one for the rest.
pub fn disposition(name: &str) -> String {
    let plain = |c: char| c.is_ascii_graphic() && !matches!(c, '"' | '\\' | '%' | ';') || c == ' ';
    if name.chars().all(plain) {
        return format!("attachment; filename=\"{name}\"");
    }
    let ending = name.rsplit_once('.').map(|(_, ending)| ending).filter(|e| is_ending(e));
    let fallback = ending.map_or_else(|| "file".to_owned(), |ending| format!("file.{ending}"));
    let mut encoded = String::new();
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() || b"!#$&+-.^_`|~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            encoded.push_str(&format!("%{byte:02X}"));
        }
    }
    format!("attachment; filename=\"{fallback}\"; filename*=UTF-8''{encoded}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hostile_names_become_harmless() {
        let pdf = Some(FileKind::Pdf);
        for (raw, kind, want) in [
            ("Диплом Әсел.pdf", pdf, "Диплом Әсел.pdf"),
            ("../../etc/passwd", pdf, "passwd.pdf"),
            ("C:\\fakepath\\a.pdf", pdf, "a.pdf"),
            // A right-to-left override shows this one as "annexeexe.pdf".
            ("annexe\u{202e}fdp.exe", pdf, "annexefdp.exe.pdf"),
            ("a\0b\u{7f}\n.pdf", pdf, "ab.pdf"),
            ("con.pdf", pdf, "_con.pdf"),
            ("NUL", pdf, "_NUL.pdf"),
            ("com1.tar.pdf", pdf, "_com1.tar.pdf"),
            ("<script>alert(1)</script>.pdf", pdf, "script_.pdf"),
            ("a:b|c?*\".pdf", pdf, "a_b_c___.pdf"),
            ("   . . .pdf", pdf, "pdf.pdf"),
            ("", pdf, "file.pdf"),
            ("...", None, "file"),
            ("///", pdf, "file.pdf"),
            ("a\u{200b}\u{feff}\u{e0041}.JPG", Some(FileKind::Jpeg), "a.JPG"),
            ("photo.exe", Some(FileKind::Png), "photo.exe.png"),
            ("и\u{306}.pdf", pdf, "й.pdf"),
            ("e\u{301}\u{302}\u{303}\u{304}\u{305}\u{306}.pdf", pdf, "é\u{302}\u{303}.pdf"),
            ("a   b\t\tc.pdf", pdf, "a b c.pdf"),
            ("trailing. .pdf", pdf, "trailing.pdf"),
        ] {
            assert_eq!(clean(raw, kind), want, "{raw:?}");
        }
        let long = clean(&format!("{}.pdf", "ұ".repeat(10_000)), pdf);
        assert_eq!(long.chars().count(), MOST);
        assert!(long.ends_with("ұ.pdf"));
    }

    #[test]
    fn what_is_clean_stays_so_whatever_came() {
        // Characters of the basic plane one by one, samples of the others, in every place of a name.
        for code in (0..0x1_0000).chain((0x1_0000..=0x10_FFFF).step_by(61)) {
            let Some(c) = char::from_u32(code) else { continue };
            let once = clean(&format!("{c}a{c}b{c}.{c}pdf{c}"), Some(FileKind::Pdf));
            assert!(once.ends_with(".pdf") && once.len() < 90, "{code:x}: {once:?}");
            assert!(
                !once.chars().any(|c| c.is_control() || "/\\<>:\"|?*".contains(c) || unseen(c)),
                "{code:x}: {once:?}"
            );
            assert_eq!(clean(&once, Some(FileKind::Pdf)), once, "{code:x}");
        }
    }

    #[test]
    fn a_name_cannot_leave_its_header() {
        assert_eq!(disposition("a b.pdf"), "attachment; filename=\"a b.pdf\"");
        let header = disposition("Диплом \"Әсел\"; 100%.pdf");
        assert!(header.starts_with("attachment; filename=\"file.pdf\"; filename*=UTF-8''%D0%94"));
        assert!(header.is_ascii() && !header.contains('\n') && header.matches('"').count() == 2);
        assert!(header.contains("%22") && header.contains("%3B") && header.ends_with("100%25.pdf"));
    }
}
