//! Web push: the message encrypted for one browser (RFC 8291, aes128gcm of RFC 8188), our name
//! signed for its push service (VAPID, RFC 8292).

use aes_gcm::{
    Aes128Gcm, Key, Nonce,
    aead::{Aead, KeyInit},
};
use data_encoding::BASE64URL_NOPAD;
use hkdf::Hkdf;
use p256::{
    PublicKey, SecretKey,
    ecdsa::{Signature, SigningKey, signature::Signer},
    elliptic_curve::sec1::ToSec1Point,
};
use serde_json::json;
use sha2::Sha256;

use crate::{
    Call, Reply, World,
    gateway::{Outcome, Receipt, Why},
    ready::Ready,
    settings::Vapid,
};

/// Seconds for which a push service keeps a message for a browser that is off.
const KEEP: &str = "86400";
/// Seconds for which a signature is good; the standard allows a day.
const SIGNED: i64 = 12 * 3600;
/// Size of a record: the message is always one.
const RECORD: u32 = 4096;
/// The most that push services take, less the head and the seal.
const MOST: usize = 3900;

fn decode(text: &str) -> Option<Vec<u8>> {
    BASE64URL_NOPAD.decode(text.trim_end_matches('=').as_bytes()).ok()
}

fn point(key: &PublicKey) -> Vec<u8> {
    key.to_sec1_point(false).as_bytes().to_vec()
}

fn expand<const N: usize>(hkdf: &Hkdf<Sha256>, info: &[u8]) -> Option<[u8; N]> {
    let mut out = [0; N];
    hkdf.expand(info, &mut out).ok()?;
    Some(out)
}

/// Encrypts for a browser; `own` is a key for this message alone.
fn encrypt(
    browser: &[u8],
    auth: &[u8],
    own: &SecretKey,
    salt: [u8; 16],
    text: &[u8],
) -> Option<Vec<u8>> {
    let theirs = PublicKey::from_sec1_bytes(browser).ok()?;
    let shared = p256::ecdh::diffie_hellman(own.to_nonzero_scalar(), theirs.as_affine());
    let ours = point(&own.public_key());
    let info = [b"WebPush: info\0".as_slice(), browser, &ours].concat();
    let ikm: [u8; 32] =
        expand(&Hkdf::new(Some(auth), shared.raw_secret_bytes().as_slice()), &info)?;
    let hkdf = Hkdf::new(Some(&salt), &ikm);
    let key: [u8; 16] = expand(&hkdf, b"Content-Encoding: aes128gcm\0")?;
    let nonce: [u8; 12] = expand(&hkdf, b"Content-Encoding: nonce\0")?;
    // 2 marks the last record.
    let sealed = Aes128Gcm::new(&Key::<Aes128Gcm>::from(key))
        .encrypt(&Nonce::from(nonce), [text, &[2]].concat().as_slice())
        .ok()?;
    let length = u8::try_from(ours.len()).ok()?;
    Some([salt.as_slice(), &RECORD.to_be_bytes(), &[length], &ours, &sealed].concat())
}

/// The header that says who we are to the push service at `endpoint`.
fn vapid(vapid: &Vapid, endpoint: &str, seconds: i64) -> Option<String> {
    let secret = SecretKey::from_slice(&decode(&vapid.private)?).ok()?;
    let (scheme, rest) = endpoint.split_once("://")?;
    let host = rest.split('/').next()?;
    let claims = json!({ "aud": format!("{scheme}://{host}"), "exp": seconds + SIGNED, "sub": vapid.subject });
    let part = |value: serde_json::Value| BASE64URL_NOPAD.encode(value.to_string().as_bytes());
    let head = part(json!({ "typ": "JWT", "alg": "ES256" }));
    let signed = format!("{head}.{}", part(claims));
    let signature: Signature = SigningKey::from(&secret).sign(signed.as_bytes());
    let signature = BASE64URL_NOPAD.encode(&signature.to_bytes());
    let public = BASE64URL_NOPAD.encode(&point(&secret.public_key()));
    Some(format!("vapid t={signed}.{signature}, k={public}"))
}

/// The request to the push service. `None` where the keys of the browser are none.
pub fn call(world: &World<'_>, keys: &Vapid, ready: &Ready) -> Option<Call> {
    let mut body = ready.text.clone();
    while body.len() > MOST - 600 {
        body.pop();
    }
    let text = json!({ "title": ready.subject, "body": body, "link": ready.link, "tag": ready.id });
    let own = loop {
        let mut bytes = [0; 32];
        (world.random)(&mut bytes);
        // One in 2^32 numbers is none of the curve's.
        if let Ok(key) = SecretKey::from_slice(&bytes) {
            break key;
        }
    };
    let mut salt = [0; 16];
    (world.random)(&mut salt);
    let browser = decode(&ready.p256dh)?;
    let sealed = encrypt(&browser, &decode(&ready.auth)?, &own, salt, text.to_string().as_bytes())?;
    let seconds = (world.now)().millis() / 1000;
    // The same topic replaces a message that still waits: sent twice, it is shown once.
    let topic: String = ready.id.chars().rev().take(32).collect();
    Some(Call {
        method: "POST",
        url: ready.address.clone(),
        headers: vec![
            ("authorization", vapid(keys, &ready.address, seconds)?),
            ("content-encoding", "aes128gcm".into()),
            ("content-type", "application/octet-stream".into()),
            ("ttl", KEEP.into()),
            ("topic", topic),
            ("urgency", "normal".into()),
        ],
        body: sealed,
    })
}

pub fn sent(reply: &Reply) -> Outcome {
    match reply.status {
        200..=299 => Outcome::Accepted(Receipt::default()),
        404 | 410 => Outcome::Refused(Why::Gone, format!("http {}", reply.status)),
        413 | 400 => Outcome::Refused(Why::Message, format!("http {}", reply.status)),
        401 | 403 => Outcome::Refused(Why::Access, format!("http {}", reply.status)),
        _ => Outcome::Refused(Why::Temporary, format!("http {}", reply.status)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_example_of_rfc_8291() {
        let own =
            SecretKey::from_slice(&decode("yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw").unwrap())
                .unwrap();
        let browser = decode("BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4").unwrap();
        let auth = decode("BTBZMqHH6r4Tts7J_aSIgg").unwrap();
        let salt = decode("DGv6ra1nlYgDCS1FRnbzlw").unwrap().try_into().unwrap();
        let sealed =
            encrypt(&browser, &auth, &own, salt, b"When I grow up, I want to be a watermelon")
                .unwrap();
        assert_eq!(
            BASE64URL_NOPAD.encode(&sealed),
            "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
        );
    }

    #[test]
    fn the_signature_is_that_of_the_key_it_names() {
        use p256::ecdsa::{VerifyingKey, signature::Verifier};
        let keys = Vapid {
            private: "yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw".into(),
            subject: "mailto:a@b.kz".into(),
        };
        let header = vapid(&keys, "https://fcm.googleapis.com/fcm/send/x", 1_800_000_000).unwrap();
        let rest = header.strip_prefix("vapid t=").unwrap();
        let (token, public) = rest.split_once(", k=").unwrap();
        let (signed, signature) = token.rsplit_once('.').unwrap();
        let key = VerifyingKey::from_sec1_bytes(&decode(public).unwrap()).unwrap();
        let signature = Signature::from_slice(&decode(signature).unwrap()).unwrap();
        key.verify(signed.as_bytes(), &signature).unwrap();
        let claims: serde_json::Value =
            serde_json::from_slice(&decode(signed.split_once('.').unwrap().1).unwrap()).unwrap();
        assert_eq!(claims["aud"], "https://fcm.googleapis.com");
        assert_eq!(claims["exp"], 1_800_043_200_i64);
    }

    #[test]
    fn keys_that_are_none_are_refused_quietly() {
        let own = SecretKey::from_slice(&[7; 32]).unwrap();
        assert_eq!(encrypt(&[4; 65], &[0; 16], &own, [0; 16], b"x"), None);
        assert_eq!(encrypt(&[], &[0; 16], &own, [0; 16], b"x"), None);
    }
}
