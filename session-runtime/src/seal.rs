//! Keys, and what they seal: bytes that nobody else can read or change.
//!
//! ```text
//! key id: 2 bytes · nonce: 24 random bytes · ciphertext: as long as the plaintext · tag: 16 bytes
//! ```
//! Once per key: PRK = HKDF-Extract(salt = "cloakroom seal 1", the secret), key id = HKDF-Expand(PRK, "key id").
//! Once per message: key = HKDF-Expand(PRK, "message key" ‖ nonce[0..12]), then AES-256-GCM under nonce[12..24], all with SHA-256
//! (RFC 5869; NIST SP 800-38D).
//!
//! One AES-GCM key with random 12-byte nonces is good for 2³² messages (SP 800-38D, section 8.3), which a busy site's cookies use up. So
//! the nonce is twice as long, and its first half makes the key: the construction of XAES-256-GCM (C2SP), with HKDF where that
//! has CMAC. With 192 random bits, 2⁸⁰ messages under one secret meet a nonce twice with a chance of 2⁻³³.

use std::fmt;
use std::sync::Arc;

use aes_gcm::Aes256Gcm;
use aes_gcm::aead::{AeadInOut, KeyInit};
use hkdf::Hkdf;
use sha2::Sha256;

use crate::token::random;

mod key_id;
mod secret;

pub use key_id::SealKeyId;
pub use secret::SealKeyError;

const KEY_ID_LEN: usize = 2;
const NONCE_LEN: usize = 24;
const TAG_LEN: usize = 16;
const HEAD_LEN: usize = KEY_ID_LEN + NONCE_LEN;

/// How much longer sealed bytes are than what they seal.
pub const SEAL_OVERHEAD: usize = HEAD_LEN + TAG_LEN;

/// Secret keys that seal bytes: the first one seals, all of them open. Clones share them. `Debug` shows only how many.
///
/// Make a key with `openssl rand -base64 48`, and give every node the same ones.
///
/// **To change it** takes three deployments, since a node cannot open what is sealed by a key that it does not have yet:
///
/// 1. Put the new key *behind* the old one. Wait until every node has both.
/// 2. Put the new key in front. What the old one sealed is opened, and sealed again by the new one when it is sealed next.
/// 3. Drop the old key once all that it sealed has ended: that is the longest lifetime later, `set_expiry` included (up to 400 days).
///
/// ```no_run
/// use session_runtime::SealKeys;
///
/// # fn main() -> Result<(), session_runtime::SealKeyError> {
/// // SECRET_KEY_BASE="the new key, the one before"
/// let keys = SealKeys::from_env()?;
/// # Ok(())
/// # }
/// ```
///
/// Whoever has a key can forge every session that it seals, so it belongs into the deployment's secrets and never into the source.
#[derive(Clone)]
pub struct SealKeys(Arc<[Key]>);

#[derive(Clone)]
struct Key {
    id: [u8; KEY_ID_LEN],
    /// Holds the PRK as an HMAC that has taken it in, so that a message costs two blocks of SHA-256.
    prk: Hkdf<Sha256>,
}

/// What a seal held.
#[derive(PartialEq, Eq)]
pub struct Opened {
    /// The bytes that were sealed.
    pub plain: Vec<u8>,
    /// Not the first key opened it: seal it again, so that the old key can be retired.
    pub by_old_key: bool,
}

/// Why sealed bytes were not opened. Says nothing of what they hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum OpenError {
    /// None of the keys sealed it: the one that did was retired, belongs to another application, or there is none.
    UnknownKey,
    /// It was changed, cut short, or sealed for another purpose.
    Refused,
}

impl SealKeys {
    /// The variable that [`from_env`](Self::from_env) reads.
    pub const VARIABLE: &'static str = "SECRET_KEY_BASE";

    /// Keys from the environment variable `SECRET_KEY_BASE`: see [`from_text`](Self::from_text).
    ///
    /// # Errors
    /// [`SealKeyError`] if it is not set, or holds a key that could be guessed.
    pub fn from_env() -> Result<Self, SealKeyError> {
        let text = std::env::var(Self::VARIABLE).map_err(|_| SealKeyError::Missing)?;
        Self::from_text(&text)
    }

    /// One key, or several with commas or white space between them, the one that seals first. Each is used as it is written, in hex,
    /// base64 or whatever it may be.
    ///
    /// ```
    /// use session_runtime::SealKeys;
    ///
    /// let error = SealKeys::from_text("changeme-changeme-changeme-changeme").unwrap_err();
    /// assert!(error.to_string().contains("openssl rand -base64 48"));
    /// ```
    ///
    /// # Errors
    /// [`SealKeyError`] if there is none, or one that could be guessed.
    pub fn from_text(text: &str) -> Result<Self, SealKeyError> {
        let words = text.split(|c: char| c == ',' || c.is_whitespace()).filter(|word| !word.is_empty());
        let keys: Arc<[Key]> = words.map(|word| Key::new(word.as_bytes())).collect::<Result<_, _>>()?;
        if keys.is_empty() { Err(SealKeyError::Missing) } else { Ok(Self(keys)) }
    }

    /// One key of bytes that are random already, 32 or more.
    ///
    /// # Errors
    /// [`SealKeyError`] if they are too few, or could be guessed.
    pub fn from_bytes(secret: &[u8]) -> Result<Self, SealKeyError> {
        Key::new(secret).map(|key| Self([key].into()))
    }

    /// A key of this process alone: what it sealed opens no more after a restart, and on no other node. For tests and for trying
    /// things out.
    ///
    /// ```
    /// use session_runtime::SealKeys;
    ///
    /// let keys = SealKeys::ephemeral();
    /// let sealed = keys.seal(b"letters", b"dear Ada");
    /// assert_eq!(keys.open(b"letters", &sealed).unwrap().plain, b"dear Ada");
    /// assert!(keys.open(b"other things", &sealed).is_err());
    /// ```
    ///
    /// # Panics
    /// If the operating system has no random numbers to give.
    pub fn ephemeral() -> Self {
        Self([Key::derive(&random::<32>())].into())
    }

    /// These keys, and behind them others that only open.
    pub fn with_older(self, older: &SealKeys) -> Self {
        Self(self.0.iter().chain(older.0.iter()).cloned().collect())
    }

    /// What tells the keys apart, the one that seals first.
    pub fn ids(&self) -> impl Iterator<Item = SealKeyId> {
        self.0.iter().map(|key| SealKeyId(key.id))
    }

    /// The key that sealed these bytes, as they say of themselves, if it is none of these.
    pub(crate) fn foreign(&self, sealed: &[u8]) -> Option<SealKeyId> {
        SealKeyId::of(sealed).filter(|id| self.ids().all(|known| known != *id))
    }

    /// Seals `plain` with the first key: the result is [`SEAL_OVERHEAD`] bytes longer. `aad` is not stored. It says what this is,
    /// and whoever opens it has to say the same.
    ///
    /// # Panics
    /// If the operating system has no random numbers to give, or if `plain` is longer than 64 GiB.
    pub fn seal(&self, aad: &[u8], plain: &[u8]) -> Vec<u8> {
        let key = &self.0[0];
        let nonce = random::<NONCE_LEN>();
        let mut sealed = Vec::with_capacity(plain.len() + SEAL_OVERHEAD);
        sealed.extend_from_slice(&key.id);
        sealed.extend_from_slice(&nonce);
        sealed.extend_from_slice(plain);
        let (cipher, nonce) = key.cipher(&nonce);
        let tag = cipher.encrypt_inout_detached(&nonce.into(), aad, (&mut sealed[HEAD_LEN..]).into());
        sealed.extend_from_slice(&tag.expect("no record is 64 GiB long"));
        sealed
    }

    /// Opens what one of the keys has sealed for the same `aad`.
    ///
    /// # Errors
    /// [`OpenError`] for anything else.
    pub fn open(&self, aad: &[u8], sealed: &[u8]) -> Result<Opened, OpenError> {
        let (head, body) = sealed.split_first_chunk::<HEAD_LEN>().ok_or(OpenError::Refused)?;
        let (body, tag) = body.split_last_chunk::<TAG_LEN>().ok_or(OpenError::Refused)?;
        let mut plain = body.to_vec();
        self.decrypt(aad, head, &mut plain, tag).map(|by_old_key| Opened { plain, by_old_key })
    }

    /// As [`open`](Self::open), where it lies: the plain bytes, and whether it was not the first key that opened them.
    pub(crate) fn open_in_place<'a>(&self, aad: &[u8], sealed: &'a mut [u8]) -> Result<(&'a [u8], bool), OpenError> {
        let (head, body) = sealed.split_first_chunk_mut::<HEAD_LEN>().ok_or(OpenError::Refused)?;
        let (body, tag) = body.split_last_chunk_mut::<TAG_LEN>().ok_or(OpenError::Refused)?;
        let by_old_key = self.decrypt(aad, head, body, tag)?;
        Ok((body, by_old_key))
    }

    /// Makes plain bytes of `body`, and says whether it was not the first key that could.
    fn decrypt(
        &self,
        aad: &[u8],
        head: &[u8; HEAD_LEN],
        body: &mut [u8],
        tag: &[u8; TAG_LEN],
    ) -> Result<bool, OpenError> {
        let (id, nonce) = head.split_first_chunk::<KEY_ID_LEN>().ok_or(OpenError::Refused)?;
        let nonce = nonce.first_chunk().ok_or(OpenError::Refused)?;
        let mut error = OpenError::UnknownKey;
        // Two keys may have one id, by a chance of 1 in 65536: then both are tried. The tag is compared before anything is decrypted, so
        // what the wrong one leaves is what was there.
        for (age, key) in self.0.iter().enumerate().filter(|(_, key)| key.id == *id) {
            let (cipher, nonce) = key.cipher(nonce);
            if cipher.decrypt_inout_detached(&nonce.into(), aad, (&mut *body).into(), tag.into()).is_ok() {
                return Ok(age > 0);
            }
            error = OpenError::Refused;
        }
        Err(error)
    }
}

impl Key {
    fn new(secret: &[u8]) -> Result<Self, SealKeyError> {
        secret::check(secret)?;
        Ok(Self::derive(secret))
    }

    fn derive(secret: &[u8]) -> Self {
        let prk = Hkdf::new(Some(b"cloakroom seal 1"), secret);
        Self { id: expand(&prk, &[b"key id"]), prk }
    }

    /// The cipher for one message, and its nonce.
    fn cipher(&self, nonce: &[u8; NONCE_LEN]) -> (Aes256Gcm, [u8; 12]) {
        let (for_key, for_cipher) = nonce.split_at(12);
        let key: [u8; 32] = expand(&self.prk, &[b"message key", for_key]);
        let mut nonce = [0; 12];
        nonce.copy_from_slice(for_cipher);
        (Aes256Gcm::new(&key.into()), nonce)
    }
}

fn expand<const N: usize>(prk: &Hkdf<Sha256>, info: &[&[u8]]) -> [u8; N] {
    let mut out = [0; N];
    prk.expand_multi_info(info, &mut out).expect("HKDF gives up to 8160 bytes");
    out
}

impl fmt::Debug for SealKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SealKeys({} secret)", self.0.len())
    }
}

impl fmt::Debug for Opened {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Opened").field("by_old_key", &self.by_old_key).finish_non_exhaustive()
    }
}

impl fmt::Display for OpenError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::UnknownKey => "it was sealed by a key that is not among those given",
            Self::Refused => "it was changed, cut short, or sealed for another purpose",
        })
    }
}

impl std::error::Error for OpenError {}
