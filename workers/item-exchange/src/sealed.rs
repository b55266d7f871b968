//! An archive that only a password opens: ZIP with AES-256 as WinZip describes it (AE-2), which
//! 7-Zip and others open. The package lies in it as one entry, so that not even names of files
//! are read without the password.

use aes::{
    Aes256,
    cipher::{Array, BlockCipherEncrypt, KeyInit},
};
use hmac::{Hmac, Mac};
use sha1::Sha1;

/// Bytes of the salt, of the verifier of the password, of the code at the end.
const SALT: usize = 16;
const VERIFIER: usize = 2;
const CODE: usize = 10;
/// Rounds of PBKDF2, fixed by the format. The password carries the strength: it is made by
/// chance, never chosen.
const ROUNDS: usize = 1000;

/// Seals a file. `salt` is random; a password may be used with one salt once.
///
/// `None` where the name or the file is too long for the format.
pub fn seal(name: &str, bytes: &[u8], password: &str, salt: [u8; SALT]) -> Option<Vec<u8>> {
    let keys = derived(password, &salt)?;
    let (cipher_key, rest) = keys.split_at(32);
    let (code_key, verifier) = rest.split_at(32);
    let mut data = bytes.to_vec();
    apply(cipher_key, &mut data)?;
    let mut mac = Hmac::<Sha1>::new_from_slice(code_key).ok()?;
    mac.update(&data);
    let code = mac.finalize().into_bytes();
    let packed = u32::try_from(SALT + VERIFIER + data.len() + CODE).ok()?;
    let header = header(name, packed, u32::try_from(bytes.len()).ok()?)?;
    let extra = extra();
    let mut out = Vec::new();
    out.extend(b"PK\x03\x04");
    out.extend(&header);
    out.extend(name.as_bytes());
    out.extend(extra);
    out.extend(salt);
    out.extend(verifier);
    out.extend(&data);
    out.extend(code.get(..CODE)?);
    let directory = u32::try_from(out.len()).ok()?;
    out.extend(b"PK\x01\x02");
    out.extend(51_u16.to_le_bytes());
    out.extend(&header);
    // No comment, first disk, no attributes, at the beginning.
    out.extend([0; 14]);
    out.extend(name.as_bytes());
    out.extend(extra);
    let size = u32::try_from(out.len()).ok()? - directory;
    out.extend(b"PK\x05\x06\0\0\0\0\x01\0\x01\0");
    out.extend(size.to_le_bytes());
    out.extend(directory.to_le_bytes());
    out.extend([0; 2]);
    Some(out)
}

/// What both headers of an entry have: method 99 (encrypted), encrypted and UTF-8 flags, the
/// first day of ZIP for a time, no checksum (AE-2), sizes and lengths.
fn header(name: &str, packed: u32, size: u32) -> Option<Vec<u8>> {
    let mut out = Vec::new();
    for number in [51_u16, 0x0801, 99, 0, 0x21] {
        out.extend(number.to_le_bytes());
    }
    for number in [0_u32, packed, size] {
        out.extend(number.to_le_bytes());
    }
    out.extend(u16::try_from(name.len()).ok()?.to_le_bytes());
    out.extend(11_u16.to_le_bytes());
    Some(out)
}

/// AE-2, AES-256, stored.
const fn extra() -> [u8; 11] {
    [0x01, 0x99, 7, 0, 2, 0, b'A', b'E', 3, 0, 0]
}

/// PBKDF2 with HMAC-SHA-1: a key for the cipher, one for the code, two bytes to tell a wrong
/// password early.
fn derived(password: &str, salt: &[u8]) -> Option<[u8; 66]> {
    let keyed = Hmac::<Sha1>::new_from_slice(password.as_bytes()).ok()?;
    let mut out = [0; 66];
    for (block, part) in (1_u32..).zip(out.chunks_mut(20)) {
        let mut mac = keyed.clone();
        mac.update(salt);
        mac.update(&block.to_be_bytes());
        let mut last = mac.finalize().into_bytes();
        let mut all = last;
        for _ in 1..ROUNDS {
            let mut mac = keyed.clone();
            mac.update(&last);
            last = mac.finalize().into_bytes();
            all.iter_mut().zip(last.iter()).for_each(|(a, b)| *a ^= b);
        }
        part.iter_mut().zip(all.iter()).for_each(|(to, from)| *to = *from);
    }
    Some(out)
}

/// AES in counter mode: the counter is little-endian and begins with one.
fn apply(key: &[u8], data: &mut [u8]) -> Option<()> {
    let cipher = Aes256::new_from_slice(key).ok()?;
    for (counter, chunk) in (1_u128..).zip(data.chunks_mut(16)) {
        let mut block = Array::from(counter.to_le_bytes());
        cipher.encrypt_block(&mut block);
        chunk.iter_mut().zip(block.iter()).for_each(|(to, from)| *to ^= from);
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use std::io::{Cursor, Read};

    use zip::ZipArchive;

    use super::*;

    /// Another program reads what was sealed, and nothing without the password.
    #[test]
    fn the_password_opens_it_and_nothing_else_does() {
        for size in [0, 1, 15, 16, 17, 100_000] {
            let bytes: Vec<u8> = (0..size).map(|at| (at % 251) as u8).collect();
            let sealed = seal("bank.zip", &bytes, "K7QX-2MPD", [9; 16]).unwrap();
            let mut archive = ZipArchive::new(Cursor::new(sealed.clone())).unwrap();
            assert_eq!(archive.len(), 1);
            let mut out = Vec::new();
            let mut entry = archive.by_index_decrypt(0, b"K7QX-2MPD").unwrap();
            assert_eq!(entry.name().unwrap(), "bank.zip");
            entry.read_to_end(&mut out).unwrap();
            assert_eq!(out, bytes);
            drop(entry);
            assert!(archive.by_index_decrypt(0, b"K7QX-2MPE").is_err());
            assert!(archive.by_index(0).is_err());
            if size > 100 {
                assert!(!sealed.windows(16).any(|window| bytes.windows(16).next() == Some(window)));
            }
        }
    }

    /// A changed byte is noticed.
    #[test]
    fn what_was_changed_does_not_open() {
        let mut sealed = seal("a", b"some items", "password", [1; 16]).unwrap();
        let at = sealed.len() / 3;
        sealed[at] ^= 1;
        let opened = ZipArchive::new(Cursor::new(sealed)).ok().and_then(|mut archive| {
            let mut out = Vec::new();
            let mut entry = archive.by_index_decrypt(0, b"password").ok()?;
            entry.read_to_end(&mut out).ok().map(|_| out)
        });
        assert_ne!(opened.as_deref(), Some(&b"some items"[..]));
    }
}
