//! Any text comes back as it was, and is read as what was asked for; what others have put there disturbs nobody.

use cloakroom::{CookieError, CookieSettings, Cookies};
use proptest::prelude::*;
use serde::{Deserialize, Serialize};

use super::browser::Store;
use super::{PLAIN, next, text};

proptest! {
    /// Through the browser's own rules: nothing in a value ends it, and nothing in it is lost.
    #[test]
    fn any_text_makes_the_round_trip(value in "\\PC{0,200}|[\\x00-\\x7f]{0,200}", other in "[ -~]{0,40}") {
        let cookies = Cookies::new();
        cookies.set("value", &value, PLAIN).unwrap();
        cookies.set("other", &other, PLAIN).unwrap();
        prop_assert_eq!(text(&cookies, "value"), Some(value.clone()), "in the same request");
        let mut store = Store::default();
        for header in cookies.close().set_cookie {
            prop_assert!(store.take(&header), "{}", header);
        }
        let cookies = Cookies::parse(store.header("/"));
        prop_assert_eq!(text(&cookies, "value"), Some(value));
        prop_assert_eq!(text(&cookies, "other"), Some(other));
    }

    /// Whatever bytes a header holds: no panic, and a good neighbour is read.
    #[test]
    fn any_bytes_are_survived(before in proptest::collection::vec(any::<u8>(), 0..80), after: Vec<u8>) {
        let cookies = CookieSettings::new().open([before.as_slice(), b"theme=dark", &after]);
        let _: Vec<_> = cookies.iter().map(|value| (value.text().is_ok(), value.number::<u8>().is_ok())).collect();
        prop_assume!(!before.windows(5).any(|part| part == b"theme"));
        prop_assert_eq!(text(&cookies, "theme"), Some("dark".to_owned()));
    }
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Seen {
    pages: Vec<u32>,
    last: Option<String>,
}

#[test]
fn values_are_read_as_what_was_set() {
    let cookies = Cookies::new();
    let seen = Seen { pages: vec![1, 2], last: Some("\"; Path=/admin, ü".into()) };
    cookies.set("float", -0.5, PLAIN).unwrap();
    cookies.set("big", u128::MAX, PLAIN).unwrap();
    cookies.set("yes", true, PLAIN).unwrap();
    cookies.set("no", false, PLAIN).unwrap();
    cookies.set("empty", "", PLAIN).unwrap();
    cookies.set_json("seen", &seen, PLAIN).unwrap();
    for cookies in [cookies.clone(), next(&CookieSettings::new(), &cookies)] {
        let get = |name| cookies.get(name).expect(name);
        assert_eq!(get("float").number::<f64>().unwrap(), -0.5);
        assert_eq!(get("big").number::<u128>().unwrap(), u128::MAX);
        assert!(get("yes").boolean().unwrap() && !get("no").boolean().unwrap());
        assert_eq!(get("empty").text().unwrap(), "");
        assert_eq!(get("seen").json::<Seen>().unwrap(), seen);
    }
}

/// An error says which cookie it is about, and does not show its value.
#[test]
fn errors_name_the_cookie() {
    let cookies = Cookies::parse(b"pages=ten; bytes=%FF%FE; raw=\xff\xfe; json={; on=yes".as_slice());
    let get = |name| cookies.get(name).expect(name);
    let errors = [
        ("pages", get("pages").number::<u32>().unwrap_err(), "the cookie `pages` cannot be read as `u32`"),
        ("bytes", get("bytes").text().unwrap_err(), "the cookie `bytes` cannot be read as `text`"),
        ("raw", get("raw").text().unwrap_err(), "the cookie `raw` cannot be read as `text`"),
        (
            "json",
            get("json").json::<Vec<u32>>().unwrap_err(),
            "the cookie `json` cannot be read as `alloc::vec::Vec<u32>`",
        ),
        ("on", get("on").boolean().unwrap_err(), "the cookie `on` cannot be read as `bool`"),
    ];
    for (name, error, message) in errors {
        assert!(matches!(&error, CookieError::Invalid { name: named, .. } if named == name), "{error:?}");
        assert_eq!((error.name(), error.to_string().as_str()), (Some(name), message));
        assert_eq!(error.status(), 400);
    }
    assert_eq!(get("raw").raw().unwrap(), b"\xff\xfe");
}

/// What is not encoded is itself, quotes and all (RFC 6265bis, section 4.1.1); what only looks encoded stays.
#[test]
fn foreign_values_are_taken_as_they_are() {
    let cookies =
        Cookies::parse(r#"nameless; =empty; a=b=c; quoted="x y"; percent=100%; plus=1+1;spaced = x ; odd=%zz%41"#);
    let names: Vec<String> = cookies.iter().map(|cookie| cookie.name().to_owned()).collect();
    assert_eq!(names, ["a", "quoted", "percent", "plus", "spaced", "odd"]);
    for (name, value) in
        [("a", "b=c"), ("quoted", "\"x y\""), ("percent", "100%"), ("plus", "1+1"), ("spaced", "x"), ("odd", "%zzA")]
    {
        assert_eq!(text(&cookies, name).as_deref(), Some(value), "{name}");
    }
}

/// Names are compared byte by byte: no prefix, suffix or other case of one is taken for it.
#[test]
fn only_the_very_name_counts() {
    let cookies = Cookies::parse("themes=1; Theme=2; mytheme=3; theme =4");
    assert_eq!(text(&cookies, "theme").as_deref(), Some("4"));
    assert!(!cookies.has("them") && !cookies.has("") && !cookies.has("theme "));
}

/// Nothing that ends a value, and no plus, which PHP among others reads as a space.
#[test]
fn what_others_would_misread_is_encoded() {
    let cookies = Cookies::new();
    cookies.set("all", " \"%+,;\\\u{7f}ü'{}[]<>:/?=&", PLAIN).unwrap();
    assert!(
        cookies.headers()[0].starts_with("all=%20%22%25%2B%2C%3B%5C%7F%C3%BC'{}[]<>:/?=&;"),
        "{:?}",
        cookies.headers()
    );
}

/// HTTP/2 may split the header (RFC 9113, section 8.2.3).
#[test]
fn header_fields_are_read_as_one() {
    let cookies = CookieSettings::new().open([b"a=1".as_slice(), b"b=2; c=3", b"d=4;"]);
    assert_eq!(["a", "b", "c", "d"].map(|name| text(&cookies, name).expect(name)), ["1", "2", "3", "4"]);
}

/// A value may be a secret: only who asks for it sees it.
#[test]
fn debug_shows_names_alone() {
    let cookies = Cookies::parse("token=hunter2");
    cookies.set("other", "hunter3", PLAIN).unwrap();
    let shown = format!("{cookies:?} {:?} {:?} {:?}", cookies.get("token"), cookies.get("other"), cookies.close());
    assert!(shown.contains("token") && shown.contains("other") && !shown.contains("hunter"), "{shown}");
}
