//! Passwords, second factors, tokens: the only place that handles them in clear.

use argon2::{Algorithm, Argon2, Params, Version};
use chacha20poly1305::{
    ChaCha20Poly1305, Key, Nonce,
    aead::{Aead, KeyInit, Payload},
};
use data_encoding::{BASE32_NOPAD, BASE64_NOPAD, BASE64URL_NOPAD, HEXLOWER};
use domain::shared::time::Timestamp;
use hmac::{Hmac, Mac};
use sha2::{Digest, Sha256};

use crate::{error::Fault, ports::Ports};

/// Argon2id: memory, KiB (OWASP password storage, 19 MiB).
const MEMORY: u32 = 19 * 1024;
/// Argon2id: passes.
const PASSES: u32 = 2;
/// Length of a second-factor secret, bytes (RFC 4226 asks for 20 with SHA-1).
const TOTP_BYTES: usize = 20;

/// SHA-256 in hex: what is stored of tokens and keys.
pub fn digest(text: &str) -> String {
    digest_of(text.as_bytes())
}

/// SHA-256 in hex of bytes.
pub fn digest_of(bytes: &[u8]) -> String {
    HEXLOWER.encode(&Sha256::digest(bytes))
}

/// A new token, 256 bits, safe in an address.
pub fn token(ports: &Ports<'_>) -> String {
    let mut bytes = [0; 32];
    (ports.random)(&mut bytes);
    BASE64URL_NOPAD.encode(&bytes)
}

/// A code that only this deployment can make of a text: HMAC-SHA-256 under the deployment's key,
/// the first 128 bits, base64url. `purpose` keeps the codes of different features apart.
pub fn mac(ports: &Ports<'_>, purpose: &str, text: &str) -> Result<String, Fault> {
    let mut mac = Hmac::<Sha256>::new_from_slice(&ports.config.totp_key)
        .map_err(|_| Fault::new("TOTP_KEY cannot be a key"))?;
    mac.update(purpose.as_bytes());
    mac.update(b":");
    mac.update(text.as_bytes());
    let code = mac.finalize().into_bytes();
    Ok(BASE64URL_NOPAD.encode(code.get(..16).unwrap_or_default()))
}

fn argon2(password: &str, salt: &[u8], memory: u32, passes: u32) -> Result<[u8; 32], Fault> {
    let params =
        Params::new(memory, passes, 1, Some(32)).map_err(|e| Fault::new(format!("argon2: {e}")))?;
    let mut out = [0; 32];
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
        .hash_password_into(password.as_bytes(), salt, &mut out)
        .map_err(|e| Fault::new(format!("argon2: {e}")))?;
    Ok(out)
}

/// Hashes a password into a PHC string.
pub fn hash_password(ports: &Ports<'_>, password: &str) -> Result<String, Fault> {
    let mut salt = [0; 16];
    (ports.random)(&mut salt);
    let hash = argon2(password, &salt, MEMORY, PASSES)?;
    Ok(format!(
        "$argon2id$v=19$m={MEMORY},t={PASSES},p=1${}${}",
        BASE64_NOPAD.encode(&salt),
        BASE64_NOPAD.encode(&hash)
    ))
}

/// Whether a password fits a PHC string made by [`hash_password`]. For an unknown login pass an
/// empty string: it takes as long and says no.
pub fn check_password(password: &str, phc: &str) -> Result<bool, Fault> {
    let parsed = parse_phc(phc);
    let known = parsed.is_some();
    let (memory, passes, salt, want) = parsed.unwrap_or((MEMORY, PASSES, vec![0; 16], vec![0; 32]));
    let got = argon2(password, &salt, memory, passes)?;
    Ok(equal(&got, &want) && known)
}

fn parse_phc(phc: &str) -> Option<(u32, u32, Vec<u8>, Vec<u8>)> {
    let mut parts = phc.strip_prefix("$argon2id$v=19$")?.split('$');
    let mut numbers = parts.next()?.split(',').map(|part| part.split_once('=').map(|(_, n)| n));
    let memory = numbers.next()??.parse().ok()?;
    let passes = numbers.next()??.parse().ok()?;
    let salt = BASE64_NOPAD.decode(parts.next()?.as_bytes()).ok()?;
    let hash = BASE64_NOPAD.decode(parts.next()?.as_bytes()).ok()?;
    Some((memory, passes, salt, hash))
}

/// Compares without telling by time where the first difference is.
fn equal(a: &[u8], b: &[u8]) -> bool {
    a.len() == b.len() && a.iter().zip(b).fold(0, |acc, (x, y)| acc | (x ^ y)) == 0
}

fn cipher(ports: &Ports<'_>) -> Result<ChaCha20Poly1305, Fault> {
    let key: [u8; 32] = ports
        .config
        .totp_key
        .as_slice()
        .try_into()
        .map_err(|_| Fault::new("TOTP_KEY must have 32 bytes"))?;
    Ok(ChaCha20Poly1305::new(&Key::from(key)))
}

/// A second-factor secret, in clear.
pub struct Totp(Vec<u8>);

impl Totp {
    /// A new one.
    pub fn new(ports: &Ports<'_>) -> Totp {
        let mut bytes = vec![0; TOTP_BYTES];
        (ports.random)(&mut bytes);
        Totp(bytes)
    }

    /// As the person types it into an app: base 32.
    pub fn base32(&self) -> String {
        BASE32_NOPAD.encode(&self.0)
    }

    /// The address that an app reads from a QR code.
    pub fn uri(&self, login: &str) -> String {
        format!("otpauth://totp/Mansap:{login}?secret={}&issuer=Mansap", self.base32())
    }

    /// Encrypts it for the database: ChaCha20-Poly1305 under the deployment's key, bound to the
    /// account; `base64url(nonce ‖ ciphertext ‖ tag)`.
    pub fn seal(&self, ports: &Ports<'_>, account: &str) -> Result<String, Fault> {
        let mut nonce = [0; 12];
        (ports.random)(&mut nonce);
        let sealed = cipher(ports)?
            .encrypt(&Nonce::from(nonce), Payload { msg: &self.0, aad: account.as_bytes() })
            .map_err(|_| Fault::new("totp: could not encrypt"))?;
        Ok(BASE64URL_NOPAD.encode(&[nonce.as_slice(), &sealed].concat()))
    }

    /// Decrypts what [`Totp::seal`] made.
    pub fn open(ports: &Ports<'_>, account: &str, sealed: &str) -> Result<Totp, Fault> {
        let broken = || Fault::new("totp: the stored secret does not open under TOTP_KEY");
        let bytes = BASE64URL_NOPAD.decode(sealed.as_bytes()).map_err(|_| broken())?;
        let (nonce, sealed) = bytes.split_at_checked(12).ok_or_else(broken)?;
        let nonce: [u8; 12] = nonce.try_into().map_err(|_| broken())?;
        let secret = cipher(ports)?
            .decrypt(&Nonce::from(nonce), Payload { msg: sealed, aad: account.as_bytes() })
            .map_err(|_| broken())?;
        Ok(Totp(secret))
    }

    fn generator(&self) -> Option<totp_rs::Totp> {
        totp_rs::Builder::new().with_secret(self.0.clone()).build().ok()
    }

    /// The code of this moment; for the demo accounts of a development server.
    pub fn code(&self, now: Timestamp) -> Option<String> {
        let seconds = u64::try_from(now.millis() / 1000).ok()?;
        Some(self.generator()?.generate(seconds).to_string())
    }

    /// The step (RFC 6238, 30 s, one step of skew) in which a code is good, if it is. The caller
    /// sees to it that a step is used once.
    pub fn check(&self, code: &str, now: Timestamp) -> Option<i64> {
        let code: String = code.chars().filter(|c| !c.is_whitespace()).collect();
        if code.len() != 6 || !code.bytes().all(|b| b.is_ascii_digit()) {
            return None;
        }
        let seconds = u64::try_from(now.millis() / 1000).ok()?;
        self.generator()?.check(&code, seconds).and_then(|step| i64::try_from(step).ok())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn compares() {
        assert!(equal(b"ab", b"ab") && !equal(b"ab", b"ac") && !equal(b"a", b"ab"));
    }

    #[test]
    fn a_password_that_nobody_has_is_wrong() {
        assert!(!check_password("", "").unwrap());
    }

    #[test]
    fn rfc_6238_vectors() {
        let totp = Totp(b"12345678901234567890".to_vec());
        for (second, code) in [(59, "287082"), (1_111_111_109, "081804"), (1_234_567_890, "005924")]
        {
            let now = Timestamp::from_millis(second * 1000);
            assert_eq!(totp.check(code, now), Some(second / 30));
            assert_eq!(totp.check("000000", now), None);
        }
    }
}
