//! What a seal promises: nobody without the key reads it, changes it, or uses it for something else; and keys that could be
//! guessed are refused.

use std::collections::HashMap;

use cloakroom::{OpenError, SEAL_OVERHEAD, SealKeyError, SealKeys};

const OLD: &str = "tH5vYq0Jx1nLrWc8ZkPbE3uMdXoG7iSa";
const NEW: &str = "9fK2mVb6RzQyT4eNwUj0hLsCxA8gDpOi";

fn keys(text: &str) -> SealKeys {
    SealKeys::from_text(text).expect("keys that nobody could guess")
}

/// Made by another implementation: Python's `hmac` for HKDF-Extract, and `HKDFExpand` and `AESGCM` of its `cryptography` 48.
/// What is sealed today has to open for as long as its session lives, so this never changes.
#[test]
fn what_another_implementation_sealed_opens() {
    let sealed = "4b51000102030405060708090a0b0c0d0e0f101112131415161754fe23f1edb4336189e38312ce9a6d0eec8f7eecf1c854627643ddbaa03c612517d24de5";
    let sealed: Vec<u8> =
        (0..sealed.len() / 2).map(|n| u8::from_str_radix(&sealed[2 * n..2 * n + 2], 16).unwrap()).collect();
    let opened = keys(OLD).open(b"a purpose", &sealed).expect("the format is the same");
    assert_eq!(opened.plain, b"Ada's coat, ticket 7");
    assert_eq!(sealed.len(), opened.plain.len() + SEAL_OVERHEAD);
}

#[test]
fn what_was_sealed_opens() {
    let keys = keys(OLD);
    for plain in [&b""[..], b"x", &[7; 100_000]] {
        let sealed = keys.seal(b"a purpose", plain);
        let opened = keys.clone().open(b"a purpose", &sealed).unwrap();
        assert_eq!((opened.plain.as_slice(), opened.by_old_key), (plain, false));
    }
}

#[test]
fn no_two_seals_are_alike() {
    let keys = keys(OLD);
    let [one, two] = [(); 2].map(|()| keys.seal(b"a purpose", b"the same plaintext, twice"));
    assert_ne!(one[2..26], two[2..26], "the nonce");
    assert_ne!(one[26..], two[26..], "the ciphertext");
    assert!(!one.windows(4).any(|part| part == b"same"));
}

#[test]
fn whatever_was_changed_is_refused() {
    let keys = keys(OLD);
    let sealed = keys.seal(b"a purpose", b"thirty-two dollars and ten cents");
    for bit in 0..sealed.len() * 8 {
        let mut changed = sealed.clone();
        changed[bit / 8] ^= 1 << (bit % 8);
        let expected = if bit < 16 { OpenError::UnknownKey } else { OpenError::Refused };
        assert_eq!(keys.open(b"a purpose", &changed), Err(expected), "bit {bit}");
    }
    for len in 0..sealed.len() {
        assert!(keys.open(b"a purpose", &sealed[..len]).is_err(), "cut to {len} bytes");
        assert!(keys.open(b"a purpose", &sealed[sealed.len() - len..]).is_err(), "the last {len} bytes");
    }
    assert_eq!(keys.open(b"a purpose", &[&sealed[..], b"x"].concat()), Err(OpenError::Refused));
    for purpose in [&b""[..], b"a purpos", b"a purpose ", b"another purpose"] {
        assert_eq!(keys.open(purpose, &sealed), Err(OpenError::Refused));
    }
}

#[test]
fn the_newest_key_seals_and_all_open() {
    let (old, new) = (keys(OLD), keys(NEW));
    let both = keys(&format!(" {NEW},\n{OLD} "));
    let by_old = both.open(b"", &old.seal(b"", b"plain")).unwrap();
    assert!(by_old.by_old_key && by_old.plain == b"plain");
    let sealed = both.seal(b"", b"plain");
    assert!(!both.open(b"", &sealed).unwrap().by_old_key);
    assert!(new.open(b"", &sealed).is_ok());
    assert_eq!(old.open(b"", &sealed), Err(OpenError::UnknownKey));
    let joined = new.with_older(&old);
    assert!(joined.open(b"", &old.seal(b"", b"plain")).unwrap().by_old_key);
}

/// Ids have two bytes, so among a thousand keys some have the same.
#[test]
fn of_two_keys_with_one_id_both_are_tried() {
    let mut known = HashMap::new();
    let (one, two) = (0..5_000)
        .find_map(|_| {
            let key = SealKeys::ephemeral();
            let id = key.ids().next()?.to_string();
            Some((known.insert(id, key.clone())?, key))
        })
        .expect("two that have the same");
    let both = one.clone().with_older(&two);
    for (key, by_old_key) in [(&one, false), (&two, true)] {
        let opened = both.open(b"a purpose", &key.seal(b"a purpose", b"plain")).expect("one of them sealed it");
        assert_eq!((opened.plain.as_slice(), opened.by_old_key), (&b"plain"[..], by_old_key));
        assert_eq!(both.open(b"another", &key.seal(b"a purpose", b"plain")), Err(OpenError::Refused));
    }
}

#[test]
fn a_key_that_could_be_guessed_is_refused() {
    use SealKeyError::{Missing, Pattern, Placeholder, TooShort};
    let refused = [
        ("", Missing),
        (" ,\n", Missing),
        ("tH5vYq0Jx1nLrWc8ZkPbE3uMdXoG7iS", TooShort { len: 31 }),
        ("short", TooShort { len: 5 }),
        ("xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx", Pattern),
        ("0123456789abcdef0123456789abcdef", Pattern),
        ("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ", Pattern),
        ("hunter22hunter22hunter22hunter22hu", Pattern),
        ("0101101001011110101001011010011010", Pattern),
        ("changeme_tH5vYq0Jx1nLrWc8ZkPbE3uM", Placeholder),
        ("CHANGE-ME-tH5vYq0Jx1nLrWc8ZkPbE3uM", Placeholder),
        ("django-insecure-x1nLrWc8ZkPbE3uMd@", Placeholder),
        ("your-256-bit-secret-goes-in-here!!", Placeholder),
        ("my_super_secret_key_that_nobody_knows", Placeholder),
    ];
    for (text, expected) in refused {
        let error = SealKeys::from_text(text).expect_err(text);
        assert_eq!(error, expected, "{text}");
        let message = error.to_string();
        assert!(message.contains("`openssl rand -base64 48`") && message.contains("`SECRET_KEY_BASE`"), "{message}");
        assert!(text.len() < 6 || !message.contains(&text[..6]), "the key in: {message}");
    }
    // One bad key among good ones is one that an attacker may use.
    assert_eq!(SealKeys::from_text(&format!("{NEW},changeme")).unwrap_err(), TooShort { len: 8 });
    assert_eq!(SealKeys::from_bytes(&[0; 64]).unwrap_err(), Pattern);
    let counted: Vec<u8> = (0..64).collect();
    assert_eq!(SealKeys::from_bytes(&counted).unwrap_err(), Pattern);
}

#[test]
fn the_keys_that_people_make_are_accepted() {
    // openssl rand -hex 16, -hex 64, -base64 32 and -base64 48; and 32 bytes as they come.
    for text in [
        "5f0c8e1b7a93d2466be8f1079c3da5e2",
        "b1946ac92492d2347c6235b4d2611184e9a7f30c5d88b1a20f6e4c97d3b05a1ce8f27b604d913ca5867fe0b2d41c395a",
        "q83vEjRWeJq83vESNFZ4mhI0Vnjzu6qZiHdmVUQzIhE=",
        "Wm9yZ2xVYnJpZ2FkZTk3KzQvUXhQdjJ0TmhMeUtjRGZBc0V3R2pSbUJp",
    ] {
        keys(text);
    }
    let bytes: [u8; 32] = std::array::from_fn(|n| (n * n * 7 + n * 3) as u8 ^ 0x5a);
    assert!(SealKeys::from_bytes(&bytes).is_ok());
}

#[test]
fn nothing_shows_a_key_or_a_plaintext() {
    let keys = keys(&format!("{NEW} {OLD}"));
    assert_eq!(format!("{keys:?}"), "SealKeys(2 secret)");
    let opened = keys.open(b"", &keys.seal(b"", b"plain")).unwrap();
    assert_eq!(format!("{opened:?}"), "Opened { by_old_key: false, .. }");
}
