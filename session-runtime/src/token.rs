//! Make, parse and hash a token; the public id.

use std::fmt;

use sha2::{Digest, Sha256};

use crate::base64url::{DIGITS, decode_to, encode};

/// Characters of a token's text: 32 bytes in base64url without padding (RFC 4648, section 5).
pub(crate) const TOKEN_TEXT_LEN: usize = 43;

/// Bytes of a sealed session's identity.
pub(crate) const IDENTITY_LEN: usize = 16;

/// The longest session name, in bytes: name, a zero byte and the token then fill one block of SHA-256 (55 bytes).
pub const MAX_NAME_LEN: usize = 22;

/// The secret in the cookie, or of a bearer: 256 bits from the operating system. `Debug` never shows it.
///
/// Its text is read by [`parse`](Self::parse), or as other texts are:
///
/// ```
/// use session_runtime::{InvalidToken, Token};
///
/// let token: Token = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8".parse()?;
/// assert_eq!(format!("{token:?}"), "Token(secret)");
/// assert_eq!("hello".parse::<Token>(), Err(InvalidToken));
/// # Ok::<(), InvalidToken>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Token([u8; 32]);

impl Token {
    /// Draws a new token from the operating system.
    ///
    /// # Panics
    /// If the operating system has no random numbers to give: a session made of anything else would be worse.
    pub(crate) fn random() -> Self {
        Self(random())
    }

    /// Draws the identity of a session that is no secret by itself, since the seal keeps it: 128 bits from the operating system.
    ///
    /// # Panics
    /// As [`random`](Self::random).
    pub(crate) fn random_identity() -> Self {
        Self::from_identity(random())
    }

    pub(crate) fn from_identity(identity: [u8; IDENTITY_LEN]) -> Self {
        let mut bytes = [0; 32];
        bytes[..IDENTITY_LEN].copy_from_slice(&identity);
        Self(bytes)
    }

    /// The bytes that a sealed cookie carries.
    pub(crate) fn identity(&self) -> [u8; IDENTITY_LEN] {
        let mut identity = [0; IDENTITY_LEN];
        identity.copy_from_slice(&self.0[..IDENTITY_LEN]);
        identity
    }

    /// Reads a token's text. `None` unless it is the one text of some token, so that two texts never name one session.
    pub fn parse(text: &[u8]) -> Option<Self> {
        decode(text.try_into().ok()?).map(Self)
    }

    /// The text that the client sends. A secret: show it to nobody but the client it belongs to.
    pub fn expose(&self) -> String {
        encode(&self.0)
    }

    /// What the store knows the session by. `separator` is no byte of a name.
    pub(crate) fn key(&self, name: &str, separator: u8) -> StoreKey {
        let mut hash = Sha256::new();
        hash.update(name.as_bytes());
        hash.update([separator]);
        hash.update(self.0);
        StoreKey(hash.finalize().into())
    }
}

/// Reads a token's text. By a small table, of four lines of the processor's cache: one that reads sooner would have sixty-four, and
/// whoever else is on that processor could learn more of a secret from which of them were asked for.
fn decode(text: &[u8; TOKEN_TEXT_LEN]) -> Option<[u8; 32]> {
    let (mut bytes, mut seen) = ([0; 32], 0);
    let mut digits = |chars: &[u8]| {
        chars.iter().fold(0, |number, char| {
            let digit = DIGITS[usize::from(*char)];
            seen |= digit;
            number << 6 | u32::from(digit)
        })
    };
    for (chars, out) in text.chunks_exact(4).zip(bytes.chunks_exact_mut(3)) {
        out.copy_from_slice(&digits(chars).to_be_bytes()[1..]);
    }
    // Three characters for the last two bytes, and two bits that stand for nothing.
    let last = digits(&text[40..]);
    bytes[30..].copy_from_slice(&(last >> 2).to_be_bytes()[2..]);
    (seen < 64 && last & 0b11 == 0).then_some(bytes)
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(secret)")
    }
}

impl std::str::FromStr for Token {
    type Err = InvalidToken;

    fn from_str(text: &str) -> Result<Self, InvalidToken> {
        Self::parse(text.as_bytes()).ok_or(InvalidToken)
    }
}

/// A text that is no [`Token`]. It does not show the text, which may be most of one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InvalidToken;

impl fmt::Display for InvalidToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a session token is 43 characters of base64url, without padding")
    }
}

impl std::error::Error for InvalidToken {}

/// # Panics
/// If the operating system has no random numbers to give.
pub(crate) fn random<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).expect("the operating system gives no random numbers");
    bytes
}

/// The storage key: SHA-256 over session name, a zero byte and token. Whoever reads the store cannot make a cookie of it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct StoreKey([u8; 32]);

impl StoreKey {
    /// A key of these bytes, whatever they are.
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The bytes to store under.
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// The public id of the session that is stored here.
    pub fn id(&self) -> SessionId {
        let hash = Sha256::new().chain_update(b"cloakroom public id\0").chain_update(self.0).finalize();
        let mut id = [0; 12];
        id.copy_from_slice(&hash[..12]);
        SessionId(id)
    }
}

impl fmt::Debug for StoreKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "StoreKey(of session {})", self.id())
    }
}

/// A session's public id: safe to log, to show and to send to the browser. It opens nothing, and neither the token nor the
/// storage key follows from it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SessionId([u8; 12]);

impl fmt::Display for SessionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&encode(&self.0))
    }
}

impl fmt::Debug for SessionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SessionId({self})")
    }
}

impl std::str::FromStr for SessionId {
    type Err = InvalidSessionId;

    fn from_str(text: &str) -> Result<Self, InvalidSessionId> {
        let mut bytes = [0; 12];
        if decode_to(text.as_bytes(), &mut bytes) { Ok(Self(bytes)) } else { Err(InvalidSessionId) }
    }
}

/// A text that is no [`SessionId`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InvalidSessionId;

impl fmt::Display for InvalidSessionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a session id is 16 characters of base64url")
    }
}

impl std::error::Error for InvalidSessionId {}
