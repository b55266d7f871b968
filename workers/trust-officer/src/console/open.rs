//! Opening what is sealed: envelopes, attachments, names.

use trust_core::{
    Error,
    report::{Envelope, Opened},
};
use zeroize::Zeroizing;

use super::{Console, Ring};
use crate::{
    Res,
    hex::{fixed, hex},
};

/// An attachment as it may be shown.
pub struct Shown {
    /// Its name, without what deceives the eye.
    pub name: String,
    /// What it is by its own bytes; empty if nothing that is shown here.
    pub media: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

impl Console {
    pub(super) fn open_with(&self, ring: &Ring, channel: &str, id: &str) -> Res<Opened> {
        let bytes = self.envelopes.get(id).ok_or("unknown")?;
        let envelope = Envelope::read(bytes).map_err(Error::code)?;
        envelope.open(channel, &ring.boxes).map_err(Error::code)
    }

    fn item(&self, mailbox: &str, item: &str) -> Res<Opened> {
        let case = self.book.cases.get(mailbox).ok_or("unknown")?;
        self.open_with(self.ring()?, &case.channel, item)
    }

    /// Numbers of the chunks of an attachment; forgets those that were taken before.
    ///
    /// # Errors
    /// `unknown`.
    pub fn chunks(&mut self, mailbox: &str, item: &str, at: usize) -> Res<Vec<String>> {
        let opened = self.item(mailbox, item)?;
        let file = opened.files.get(at).ok_or("unknown")?;
        self.chunks.clear();
        Ok((0..file.note().chunks()).map(|chunk| hex(&file.id(chunk))).collect())
    }

    /// Takes the chunk that was answered.
    pub fn take_chunk(&mut self) {
        self.chunks.push(self.line.payload.to_vec());
    }

    /// The attachment out of its chunks.
    ///
    /// # Errors
    /// `refused` if a chunk is missing or was changed.
    pub fn file(&mut self, mailbox: &str, item: &str, at: usize) -> Res<Shown> {
        let opened = self.item(mailbox, item)?;
        let key = opened.files.get(at).ok_or("unknown")?;
        let chunks = core::mem::take(&mut self.chunks);
        let file = key.open(&chunks).map_err(Error::code)?;
        let media = safe_media(&file.bytes).to_owned();
        Ok(Shown { name: safe_name(&file.name), media, bytes: file.bytes })
    }

    /// The name of a reporter, once a custodian has sent the second half of its key.
    pub(super) fn name(&self, mailbox: &str, opened: &Opened) -> Option<Zeroizing<String>> {
        let case = self.book.cases.get(mailbox)?;
        let half = Zeroizing::new(fixed::<32>(case.half.as_ref()?).ok()?);
        opened.content.identity.as_ref()?.open(&case.channel, &opened.mailbox, &half).ok()
    }
}

/// What bytes are, by themselves: a picture of a kind that browsers decode without running
/// anything, or plain text. Whatever the sender called it does not count.
pub fn safe_media(bytes: &[u8]) -> &'static str {
    if bytes.starts_with(&[0xff, 0xd8, 0xff]) {
        return "image/jpeg";
    }
    if bytes.starts_with(b"\x89PNG\r\n\x1a\n") {
        return "image/png";
    }
    let plain = |text: &str| {
        text.chars().all(|letter| !letter.is_control() || matches!(letter, '\n' | '\r' | '\t'))
    };
    if core::str::from_utf8(bytes).is_ok_and(plain) { "text/plain" } else { "" }
}

/// A name as it may be shown: no letters that turn the direction or take no room, no path.
pub fn safe_name(name: &str) -> String {
    let hidden = |letter: &char| {
        letter.is_control()
            || matches!(letter, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}'
                | '\u{feff}' | '/' | '\\')
    };
    name.chars().filter(|letter| !hidden(letter)).take(100).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn e2_only_what_its_own_bytes_say_is_shown() {
        for (bytes, media) in [
            (&b"\xff\xd8\xff\xe0rest"[..], "image/jpeg"),
            (b"\x89PNG\r\n\x1a\nrest", "image/png"),
            ("Сәлем\n".as_bytes(), "text/plain"),
            // As text it is inert: the page sets it as text alone.
            (b"<svg onload=alert(1)>", "text/plain"),
            (b"%PDF-1.7\n\x00\xff", ""),
            (b"PK\x03\x04", ""),
            (b"GIF89a\x00", ""),
            (b"\x00\x00\x00 ftypheic", ""),
        ] {
            assert_eq!(safe_media(bytes), media);
        }
    }

    #[test]
    fn e2_a_name_cannot_pretend_another_ending() {
        assert_eq!(safe_name("photo\u{202e}gpj.exe"), "photogpj.exe");
        assert_eq!(safe_name("../../etc/passwd\n"), "....etcpasswd");
        assert_eq!(safe_name(&"a".repeat(300)).len(), 100);
    }
}
