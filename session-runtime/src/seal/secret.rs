//! Is this a secret, or could somebody guess it?
//!
//! No program can tell how a key was made. This finds what people write while they try things out and then forget: too short, a
//! pattern, or words that say what they are. Random keys pass, but for one in millions.

use std::fmt;

/// 32 characters of hex, the thinnest of the usual spellings, are 128 bits: out of reach for any search.
const MIN_LEN: usize = 32;

/// What placeholders and examples call themselves. Six letters and more, so that no random base64 spells them.
const PLACEHOLDERS: [&str; 12] = [
    "changeme",
    "changethis",
    "cloakroom",
    "default",
    "example",
    "insecure",
    "passphrase",
    "password",
    "placeholder",
    "replace",
    "secret",
    "yourkey",
];

/// Why a key cannot be used. Shows nothing of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SealKeyError {
    /// There is none.
    Missing,
    /// It is shorter than 32 bytes.
    TooShort {
        /// Bytes that it has.
        len: usize,
    },
    /// It repeats itself, counts up or down, or has few different bytes.
    Pattern,
    /// It says that it is a placeholder, or stands in an example.
    Placeholder,
}

/// Refuses what could be guessed.
pub(super) fn check(secret: &[u8]) -> Result<(), SealKeyError> {
    if secret.len() < MIN_LEN {
        return Err(SealKeyError::TooShort { len: secret.len() });
    }
    if repeats(secret) || counts(secret) || different(secret) < 8 {
        return Err(SealKeyError::Pattern);
    }
    if is_placeholder(secret) { Err(SealKeyError::Placeholder) } else { Ok(()) }
}

/// Is it made of one piece, written twice or more?
fn repeats(secret: &[u8]) -> bool {
    (1..=secret.len() / 2).any(|period| secret.iter().skip(period).eq(&secret[..secret.len() - period]))
}

/// Does each byte follow from the one before, for the most part, as in `0123456789` and `zzzzzz`?
fn counts(secret: &[u8]) -> bool {
    let steps: Vec<u8> = secret.windows(2).map(|pair| pair[1].wrapping_sub(pair[0])).collect();
    steps.windows(2).filter(|pair| pair[0] == pair[1]).count() > secret.len() / 2
}

fn different(secret: &[u8]) -> usize {
    (0..=u8::MAX).filter(|byte| secret.contains(byte)).count()
}

fn is_placeholder(secret: &[u8]) -> bool {
    let letters: Vec<u8> =
        secret.iter().filter(|byte| byte.is_ascii_alphabetic()).map(u8::to_ascii_lowercase).collect();
    PLACEHOLDERS.iter().any(|word| letters.windows(word.len()).any(|part| part == word.as_bytes()))
}

impl fmt::Display for SealKeyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing => f.write_str("there is no key to seal sessions with")?,
            Self::TooShort { len } => write!(f, "a key to seal sessions with has {MIN_LEN} bytes at least, not {len}")?,
            Self::Pattern => f.write_str("a key to seal sessions with follows a pattern")?,
            Self::Placeholder => f.write_str("a key to seal sessions with is a placeholder, or from an example")?,
        }
        f.write_str(": make one with `openssl rand -base64 48`, and give it to every node as `SECRET_KEY_BASE`")
    }
}

impl std::error::Error for SealKeyError {}
