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

fn payload<'a>(text: &'a [u8], label: &'a str) -> Payload<'a, 'a> {
    Payload { msg: text, aad: label.as_bytes() }
}

/// Seals a block. `attempt` and `block` are bound to it: it opens in no other place.
pub fn seal(key: &[u8; 32], attempt: &str, block: u16, text: &[u8]) -> Option<Vec<u8>> {
    let label = format!("{attempt}|{block}");
    ChaCha20Poly1305::new(&(*key).into()).encrypt(&[0; 12].into(), payload(text, &label)).ok()
}

/// Opens a block; `None` where the key, the place or a byte is wrong.
pub fn open(key: &[u8; 32], attempt: &str, block: u16, sealed: &[u8]) -> Option<Vec<u8>> {
    let label = format!("{attempt}|{block}");
    ChaCha20Poly1305::new(&(*key).into()).decrypt(&[0; 12].into(), payload(sealed, &label)).ok()
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
}
