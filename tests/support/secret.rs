//! What is secret in a session, and how to find it in a text.

use cloakroom::StoreKey;
use sha2::{Digest as _, Sha256};

/// What the base64url alphabet has (RFC 4648, section 5).
pub const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// The 32 bytes of a token's text; `None` unless it is the one text that stands for them.
pub fn decode(text: &[u8]) -> Option<[u8; 32]> {
    let digits: Option<Vec<u8>> =
        text.iter().map(|byte| ALPHABET.iter().position(|letter| letter == byte).map(|digit| digit as u8)).collect();
    let digits = digits.filter(|digits| digits.len() == 43 && digits[42] % 4 == 0)?;
    let bits: Vec<u8> = digits.iter().flat_map(|digit| (0..6).rev().map(move |bit| digit >> bit & 1)).collect();
    let bytes: Vec<u8> = bits.chunks_exact(8).map(|bits| bits.iter().fold(0, |byte, bit| byte << 1 | bit)).collect();
    bytes.try_into().ok()
}

/// SHA-256 over session name, a zero byte and token.
pub fn key(name: &str, token: &str) -> StoreKey {
    let token = decode(token.as_bytes()).expect("a token");
    StoreKey::from_bytes(Sha256::new().chain_update(name).chain_update([0]).chain_update(token).finalize().into())
}

/// No token, and no storage key, in any encoding that a log would use.
pub fn assert_secret(text: &str, tokens: &[String]) {
    for token in tokens {
        let secret = decode(token.as_bytes()).unwrap();
        for bytes in [secret, *key("shop", token).as_bytes()] {
            let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
            let list = format!("{bytes:?}");
            let lower = text.to_lowercase();
            assert!(!lower.contains(&hex), "hex in: {text}");
            assert!(!text.contains(list.trim_matches(['[', ']'])), "bytes in: {text}");
            let escaped = bytes.escape_ascii().to_string();
            assert!(!text.contains(&escaped), "bytes in: {text}");
        }
        assert!(!text.contains(&token[..20]), "the token in: {text}");
        let encoded =
            key("shop", token).as_bytes().iter().fold(String::new(), |out, byte| out + &format!("{byte:08b}"));
        let digits: Vec<u8> = (encoded + "00")
            .into_bytes()
            .chunks(6)
            .map(|bits| bits.iter().fold(0, |n, bit| n << 1 | (bit - b'0')))
            .collect();
        let encoded: String = digits.into_iter().map(|digit| ALPHABET[usize::from(digit)] as char).collect();
        assert!(!text.contains(&encoded[..20]), "the storage key in: {text}");
    }
}
