//! The published vectors of the algorithms, through the crate's own functions where they can be
//! fed with them.

use std::sync::LazyLock;

use crate::world::unhex;
use argon2::{Algorithm, Argon2, AssociatedData, ParamsBuilder, Version};
use ed25519_dalek::{Signer, SigningKey};
use hkdf::Hkdf;
use hpke::{
    Deserializable, Kem, OpModeR, aead::ChaCha20Poly1305, kdf::HkdfSha256, kem::X25519HkdfSha256,
    setup_receiver,
};
use serde_json::Value;
use sha2::Sha256;
use trust_core::{
    Random,
    sealed::{BoxKey, BoxSecret},
    symmetric,
};
use x_wing::{Decapsulate, DecapsulationKey};

static KNOWN: LazyLock<Value> = LazyLock::new(|| {
    serde_json::from_str(include_str!("../../../../tests/trust/vectors/known-answers.json"))
        .unwrap()
});

fn bytes(value: &Value, key: &str) -> Vec<u8> {
    unhex(value[key].as_str().unwrap())
}

fn fixed<const N: usize>(value: &Value, key: &str) -> [u8; N] {
    bytes(value, key).try_into().unwrap()
}

#[test]
fn b1_x_wing_gives_the_keys_and_secrets_of_its_draft() {
    for vector in KNOWN["xwing"]["vectors"].as_array().unwrap() {
        let secret = BoxSecret::from_seed(fixed(vector, "seed"));
        let public = secret.public().unwrap();
        assert_eq!(public.bytes(), bytes(vector, "pk"));
        let mut eseed: Option<[u8; 64]> = Some(fixed(vector, "eseed"));
        let mut fill = |out: &mut [u8]| {
            eseed.take().is_some_and(|seed| {
                out.copy_from_slice(&seed);
                true
            })
        };
        let sealed = public.seal(&mut Random::new(&mut fill), b"", b"").unwrap();
        assert_eq!(sealed[..1120], bytes(vector, "ct"));
        let ct: [u8; 1120] = fixed(vector, "ct");
        let shared = DecapsulationKey::from(fixed::<32>(vector, "seed")).decapsulate(&ct.into());
        assert_eq!(shared[..], bytes(vector, "ss"));
    }
}

#[test]
fn b1_hpke_with_x_wing_seals_and_opens_the_vector_of_its_draft() {
    let vector = &KNOWN["hpke_xwing"]["vector"];
    let secret = BoxSecret::from_seed(fixed(vector, "skRm"));
    assert_eq!(secret.public().unwrap().bytes(), bytes(vector, "pkRm"));
    let public = BoxKey::read(&bytes(vector, "pkRm")).unwrap();
    let mut drawn: Option<[u8; 64]> = Some(fixed(vector, "ikmE"));
    let mut fill = |out: &mut [u8]| {
        drawn.take().is_some_and(|seed| {
            out.copy_from_slice(&seed);
            true
        })
    };
    let sealed = public.seal(&mut Random::new(&mut fill), &bytes(vector, "info"), b"").unwrap();
    assert_eq!(sealed[..1120], bytes(vector, "enc"));
    type Ours = hpke::kem::XWing;
    let key = <Ours as Kem>::PrivateKey::from_bytes(&bytes(vector, "skRm")).unwrap();
    let enc = <Ours as Kem>::EncappedKey::from_bytes(&bytes(vector, "enc")).unwrap();
    let mut context = setup_receiver::<ChaCha20Poly1305, HkdfSha256, Ours>(
        &OpModeR::Base,
        &key,
        &enc,
        &bytes(vector, "info"),
    )
    .unwrap();
    for one in vector["encryptions"].as_array().unwrap() {
        assert_eq!(context.open(&bytes(one, "ct"), &bytes(one, "aad")).unwrap(), bytes(one, "pt"));
    }
}

#[test]
fn b1_hpke_opens_the_vector_of_rfc_9180() {
    type Theirs = X25519HkdfSha256;
    let vector = &KNOWN["hpke_x25519"]["vector"];
    let key = <Theirs as Kem>::PrivateKey::from_bytes(&bytes(vector, "skRm")).unwrap();
    let enc = <Theirs as Kem>::EncappedKey::from_bytes(&bytes(vector, "enc")).unwrap();
    let mut context = setup_receiver::<ChaCha20Poly1305, HkdfSha256, Theirs>(
        &OpModeR::Base,
        &key,
        &enc,
        &bytes(vector, "info"),
    )
    .unwrap();
    for one in vector["encryptions"].as_array().unwrap() {
        assert_eq!(context.open(&bytes(one, "ct"), &bytes(one, "aad")).unwrap(), bytes(one, "pt"));
    }
}

#[test]
fn b1_argon2id_gives_the_tag_of_rfc_9106() {
    let vector = &KNOWN["argon2id"];
    let number = |key: &str| vector[key].as_u64().unwrap() as u32;
    let params = ParamsBuilder::new()
        .m_cost(number("memory_kib"))
        .t_cost(number("passes"))
        .p_cost(number("lanes"))
        .data(AssociatedData::new(&bytes(vector, "associated")).unwrap())
        .build()
        .unwrap();
    let secret = bytes(vector, "secret");
    let argon =
        Argon2::new_with_secret(&secret, Algorithm::Argon2id, Version::V0x13, params).unwrap();
    let mut tag = [0; 32];
    argon.hash_password_into(&bytes(vector, "password"), &bytes(vector, "salt"), &mut tag).unwrap();
    assert_eq!(tag[..], bytes(vector, "tag"));
}

#[test]
fn b1_ed25519_gives_the_signatures_of_rfc_8032() {
    for vector in KNOWN["ed25519"]["vectors"].as_array().unwrap() {
        let key = SigningKey::from_bytes(&fixed(vector, "secret"));
        assert_eq!(key.verifying_key().to_bytes()[..], bytes(vector, "public"));
        assert_eq!(key.sign(&bytes(vector, "message")).to_bytes()[..], bytes(vector, "signature"));
    }
}

#[test]
fn b1_xchacha20_poly1305_gives_the_text_of_its_draft() {
    let v = &KNOWN["xchacha20poly1305"];
    let (key, nonce) = (fixed(v, "key"), fixed(v, "nonce"));
    let sealed = symmetric::encrypt(&key, &nonce, &bytes(v, "aad"), &bytes(v, "text")).unwrap();
    assert_eq!(sealed, bytes(v, "sealed"));
    let opened = symmetric::decrypt(&key, &nonce, &bytes(v, "aad"), &sealed).unwrap();
    assert_eq!(opened[..], bytes(v, "text"));
}

#[test]
fn b1_hkdf_gives_the_key_of_rfc_5869() {
    let mut out = [0; 42];
    Hkdf::<Sha256>::new(None, &bytes(&KNOWN["hkdf_sha256"], "ikm")).expand(b"", &mut out).unwrap();
    assert_eq!(out[..], bytes(&KNOWN["hkdf_sha256"], "okm"));
}
