//! A cookie that is declared once: what is set is what is read, and what is removed.

use std::fmt;
use std::str::FromStr;

use cloakroom::{CookieAttributes, CookieError, CookieKey, CookieSettings, Cookies, SameSite};
use serde::{Deserialize, Serialize};

use super::browser::Store;
use super::{DAY, keyed, next};

#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Theme {
    Light,
    Dark,
}

#[derive(Debug, PartialEq)]
struct Language(String);

impl fmt::Display for Language {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for Language {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if text.len() == 2 { Ok(Self(text.to_owned())) } else { Err("a language has two letters".into()) }
    }
}

const EVERYTHING: CookieAttributes = CookieAttributes::new()
    .with_path("/admin")
    .with_domain("shop.example")
    .with_max_age(DAY)
    .with_same_site(SameSite::None)
    .with_partitioned()
    .with_script_access();
const THEME: CookieKey<Theme> = CookieKey::json("__Secure-theme", EVERYTHING);
const LANGUAGE: CookieKey<Language> = CookieKey::text("lang", CookieAttributes::new());

/// The removal carries the attributes of what it removes, so the browser finds it.
#[test]
fn what_was_set_is_what_is_removed() {
    let mut store = Store::default();
    let cookies = Cookies::new();
    THEME.set(&cookies, &Theme::Dark).unwrap();
    let attributes = "SameSite=None; Partitioned; Secure; Path=/admin; Domain=shop.example";
    assert_eq!(cookies.headers(), [format!("__Secure-theme=%22dark%22; {attributes}; Max-Age=86400")]);
    assert!(store.take(&cookies.close().set_cookie[0]));

    let cookies = Cookies::parse(store.header("/admin/users"));
    assert_eq!(THEME.get(&cookies).unwrap(), Some(Theme::Dark));
    THEME.delete(&cookies).unwrap();
    assert_eq!(THEME.get(&cookies).unwrap(), None);
    assert_eq!(cookies.headers(), [format!("__Secure-theme=; {attributes}; Max-Age=0")]);
    assert!(store.take(&cookies.close().set_cookie[0]));
    assert!(store.0.is_empty(), "{:?}", store.0);
}

#[test]
fn a_value_that_is_not_of_the_type_is_an_error_with_the_name() {
    let cookies = Cookies::parse("__Secure-theme=dark; lang=german");
    for (error, said) in [
        (THEME.get(&cookies).unwrap_err(), "the cookie `__Secure-theme` cannot be read as `cookies::keys::Theme`"),
        (LANGUAGE.get(&cookies).unwrap_err(), "the cookie `lang` cannot be read as `cookies::keys::Language`"),
    ] {
        assert_eq!(error.to_string(), said);
        assert!(std::error::Error::source(&error).is_some());
    }
    assert_eq!(LANGUAGE.get(&Cookies::parse("lang=de")).unwrap(), Some(Language("de".into())));
    assert_eq!(LANGUAGE.get(&Cookies::new()).unwrap(), None);
}

/// Protection is part of the declaration, so no place in the program can forget it.
#[test]
fn a_key_signs_and_seals() {
    const SIGNED: CookieKey<u64> = CookieKey::text("cart", CookieAttributes::new()).signed();
    const SEALED: CookieKey<Theme> = CookieKey::json("theme", CookieAttributes::new()).sealed();

    let (settings, _) = keyed(super::protected::OLD);
    let cookies = settings.open([]);
    SIGNED.set(&cookies, &7).unwrap();
    SEALED.set(&cookies, &Theme::Dark).unwrap();
    let headers = cookies.headers();
    assert!(headers[0].starts_with("cart=7.") && !headers[1].contains("dark"), "{headers:?}");
    let cookies = next(&settings, &cookies);
    assert_eq!((SIGNED.get(&cookies).unwrap(), SEALED.get(&cookies).unwrap()), (Some(7), Some(Theme::Dark)));

    let plain = settings.open([b"cart=7; theme=%22dark%22".as_slice()]);
    assert_eq!((SIGNED.get(&plain).unwrap(), SEALED.get(&plain).unwrap()), (None, None), "forged");

    let without_keys = CookieSettings::new().open([]);
    for error in [SIGNED.get(&without_keys).unwrap_err(), SIGNED.set(&without_keys, &1).unwrap_err()] {
        assert!(matches!(error, CookieError::MissingKeys), "{error}");
    }
}

/// A session's cookie is nobody else's, declared or not.
#[test]
fn a_session_is_not_reached_by_a_key() {
    const STOLEN: CookieKey<String> = CookieKey::text("__Host-shop", CookieAttributes::new());
    let cookies = Cookies::parse("__Host-shop=a-token");
    cookies.reserve_for_session("__Host-shop");
    let errors = [
        STOLEN.get(&cookies).unwrap_err(),
        STOLEN.set(&cookies, &"mine".into()).unwrap_err(),
        STOLEN.delete(&cookies).unwrap_err(),
    ];
    for error in errors {
        assert!(matches!(&error, CookieError::Session { name } if name == "__Host-shop"), "{error}");
        assert!(error.to_string().ends_with("use the `Session`, which sets and removes it"));
    }
}
