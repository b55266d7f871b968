//! Sealing something short for the holder of a box key: HPKE (RFC 9180), base mode, X-Wing
//! (X25519 and ML-KEM-768 together, KEM 0x647a), HKDF-SHA256, ChaCha20-Poly1305.

use core::fmt;

use hpke::{
    Deserializable, Kem as KemOf, OpModeR, OpModeS, Serializable, aead::ChaCha20Poly1305,
    kdf::HkdfSha256, kem::XWing, single_shot_open, single_shot_seal_with_rng,
};
use zeroize::Zeroizing;

use crate::{Error, Random, random::Drawn};

/// Bytes of a public box key.
pub const BOX: usize = 1216;
/// Bytes of the encapsulated key in front of a sealed text.
pub const ENCAPSULATED: usize = 1120;
/// Bytes that sealing adds.
pub const OVERHEAD: usize = ENCAPSULATED + 16;

/// The public half of a box: anybody can seal for it.
#[derive(Clone, PartialEq, Eq)]
pub struct BoxKey(Vec<u8>);

/// The secret half of a box: a seed of 32 bytes. Overwritten when dropped.
#[derive(Clone)]
pub struct BoxSecret(Zeroizing<[u8; 32]>);

impl BoxKey {
    /// Reads a public key and checks that it is one.
    ///
    /// # Errors
    /// [`Error::Malformed`].
    pub fn read(bytes: &[u8]) -> Result<BoxKey, Error> {
        <XWing as KemOf>::PublicKey::from_bytes(bytes).map_err(|_| Error::Malformed)?;
        Ok(BoxKey(bytes.to_vec()))
    }

    /// The key's 1,216 bytes.
    pub fn bytes(&self) -> &[u8] {
        &self.0
    }

    /// Seals `text`; `info` must be the same when it is opened.
    ///
    /// # Errors
    /// [`Error::Randomness`]; [`Error::Malformed`] if the key is none.
    pub fn seal(
        &self,
        random: &mut Random<'_>,
        info: &[u8],
        text: &[u8],
    ) -> Result<Vec<u8>, Error> {
        let key = <XWing as KemOf>::PublicKey::from_bytes(&self.0).map_err(|_| Error::Malformed)?;
        let mut drawn = Drawn::new(random)?;
        let (encapsulated, sealed) =
            single_shot_seal_with_rng::<ChaCha20Poly1305, HkdfSha256, XWing>(
                &OpModeS::Base,
                &key,
                info,
                text,
                b"",
                &mut drawn,
            )
            .map_err(|_| Error::Malformed)?;
        if drawn.dry {
            return Err(Error::Randomness);
        }
        let mut out = encapsulated.to_bytes().to_vec();
        out.extend_from_slice(&sealed);
        Ok(out)
    }
}

impl fmt::Debug for BoxKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("BoxKey")
    }
}

impl BoxSecret {
    /// The box of a seed.
    pub fn from_seed(seed: [u8; 32]) -> BoxSecret {
        BoxSecret(Zeroizing::new(seed))
    }

    /// A new box.
    ///
    /// # Errors
    /// [`Error::Randomness`].
    pub fn new(random: &mut Random<'_>) -> Result<BoxSecret, Error> {
        Ok(BoxSecret::from_seed(random.bytes()?))
    }

    /// The seed, for keeping it encrypted.
    pub fn seed(&self) -> &[u8; 32] {
        &self.0
    }

    /// The public half.
    ///
    /// # Errors
    /// [`Error::Malformed`] cannot happen with a seed of 32 bytes.
    pub fn public(&self) -> Result<BoxKey, Error> {
        Ok(BoxKey(XWing::sk_to_pk(&self.secret()?).to_bytes().to_vec()))
    }

    /// Opens what [`BoxKey::seal`] made with the same `info`.
    ///
    /// # Errors
    /// [`Error::Refused`], whatever the reason is.
    pub fn open(&self, info: &[u8], sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, Error> {
        let (encapsulated, text) = sealed.split_at_checked(ENCAPSULATED).ok_or(Error::Refused)?;
        let encapsulated =
            <XWing as KemOf>::EncappedKey::from_bytes(encapsulated).map_err(|_| Error::Refused)?;
        single_shot_open::<ChaCha20Poly1305, HkdfSha256, XWing>(
            &OpModeR::Base,
            &self.secret()?,
            &encapsulated,
            info,
            text,
            b"",
        )
        .map(Zeroizing::new)
        .map_err(|_| Error::Refused)
    }

    fn secret(&self) -> Result<<XWing as KemOf>::PrivateKey, Error> {
        <XWing as KemOf>::PrivateKey::from_bytes(&self.0[..]).map_err(|_| Error::Malformed)
    }
}

impl fmt::Debug for BoxSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("BoxSecret")
    }
}
