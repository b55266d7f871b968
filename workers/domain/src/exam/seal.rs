//! Blocks of tasks are fetched before they may be read: each is sealed under a key of its own,
//! which is handed over when the block opens. Whoever has the key can copy the block; until then
//! nobody can, however early it was fetched.

use chacha20poly1305::{
    ChaCha20Poly1305, KeyInit,
    aead::{Aead, Payload},
};

use super::seed::mac;

/// The key of a block. Each seals one text once, therefore the nonce is zero.
pub fn block_key(attempt_key: &[u8; 32], block: u16) -> [u8; 32] {
    mac(attempt_key, &["block", &block.to_string()])
}

/// The key of a file (an image, a video) that belongs to a block: whoever may read the block may
/// see its files. `file` is its number within the attempt.
pub fn file_key(block_key: &[u8; 32], file: u16) -> [u8; 32] {
    mac(block_key, &["file", &file.to_string()])
}

fn payload<'a>(text: &'a [u8], label: &'a str) -> Payload<'a, 'a> {
    Payload { msg: text, aad: label.as_bytes() }
}

fn close(key: &[u8; 32], label: &str, text: &[u8]) -> Option<Vec<u8>> {
    ChaCha20Poly1305::new(&(*key).into()).encrypt(&[0; 12].into(), payload(text, label)).ok()
}

fn disclose(key: &[u8; 32], label: &str, sealed: &[u8]) -> Option<Vec<u8>> {
    ChaCha20Poly1305::new(&(*key).into()).decrypt(&[0; 12].into(), payload(sealed, label)).ok()
}

/// Seals a block. `attempt` and `block` are bound to it: it opens in no other place.
pub fn seal(key: &[u8; 32], attempt: &str, block: u16, text: &[u8]) -> Option<Vec<u8>> {
    close(key, &format!("{attempt}|{block}"), text)
}

/// Opens a block; `None` where the key, the place or a byte is wrong.
pub fn open(key: &[u8; 32], attempt: &str, block: u16, sealed: &[u8]) -> Option<Vec<u8>> {
    disclose(key, &format!("{attempt}|{block}"), sealed)
}

/// Seals a file of a block under its own key ([`file_key`]).
pub fn seal_file(block: &[u8; 32], attempt: &str, file: u16, bytes: &[u8]) -> Option<Vec<u8>> {
    close(&file_key(block, file), &format!("{attempt}|file|{file}"), bytes)
}

/// Opens a file of a block by the key of the block; `None` as in [`open`].
pub fn open_file(block: &[u8; 32], attempt: &str, file: u16, sealed: &[u8]) -> Option<Vec<u8>> {
    disclose(&file_key(block, file), &format!("{attempt}|file|{file}"), sealed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_block_opens_with_its_key_in_its_place_and_nowhere_else() {
        let attempt = [5; 32];
        let key = block_key(&attempt, 2);
        let sealed = seal(&key, "a1", 2, "тапсырма".as_bytes()).unwrap();
        assert_eq!(open(&key, "a1", 2, &sealed).as_deref(), Some("тапсырма".as_bytes()));
        assert_eq!(open(&block_key(&attempt, 3), "a1", 2, &sealed), None);
        assert_eq!(open(&key, "a2", 2, &sealed), None);
        assert_eq!(open(&key, "a1", 3, &sealed), None);
        for at in 0..sealed.len() {
            let mut changed = sealed.clone();
            changed[at] ^= 1;
            assert_eq!(open(&key, "a1", 2, &changed), None, "{at}");
        }
    }

    #[test]
    fn a_file_opens_with_the_key_of_its_block_under_its_number() {
        let attempt = [5; 32];
        let (key, other) = (block_key(&attempt, 0), block_key(&attempt, 1));
        let sealed = seal_file(&key, "a1", 3, b"png").unwrap();
        assert_eq!(open_file(&key, "a1", 3, &sealed).as_deref(), Some(&b"png"[..]));
        assert_eq!(open_file(&other, "a1", 3, &sealed), None);
        assert_eq!(open_file(&key, "a2", 3, &sealed), None);
        assert_eq!(open_file(&key, "a1", 4, &sealed), None);
        // The same bytes under another number are other bytes: two of one picture tell nothing.
        assert_ne!(sealed, seal_file(&key, "a1", 4, b"png").unwrap());
        assert_eq!(open(&key, "a1", 3, &sealed), None);
    }
}
