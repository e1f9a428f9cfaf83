//! Every mistake a struct can have: how many messages it makes, of what, and that its other field keeps its methods.
//!
//! What a message says in full stands in `ui-tests/`; here are the words that it cannot do without.

use proc_macro2::TokenStream;

use super::expand;
use crate::snapshot::messages;

/// The messages about `source`, each with its words; and the sound field `cart` has its methods all the same.
fn refused(source: &str, words: &[&str]) {
    let expansion = expand(source.parse::<TokenStream>().expect("tokens"));
    let found = messages(expansion.clone());
    assert_eq!(found.len(), words.len(), "{source}\n{found:#?}");
    for (message, word) in found.iter().zip(words) {
        assert!(message.contains(word), "{source}\n`{word}` is not in `{message}`");
    }
    let text = expansion.to_string();
    for method in ["cart", "set_cart", "update_cart", "take_cart", "clear_cart", "has_cart"] {
        assert!(text.contains(&format!("fn {method}")), "{source}: no `{method}`");
    }
}

/// A field beside `cart`.
fn field(field: &str, words: &[&str]) {
    refused(&format!("struct Shop {{ cart: Vec<CartItem>, {field} }}"), words);
}

/// An attribute on the struct.
fn attribute(attribute: &str, words: &[&str]) {
    refused(&format!("#[session({attribute})] struct Shop {{ cart: Vec<CartItem> }}"), words);
}

#[test]
fn values_that_no_session_keeps() {
    field("name: &'static str", &["`String`"]);
    field("name: Option<&str>", &["`String`"]);
    field("file: &'static Path", &["`PathBuf`"]);
    field("list: &'static [Vec<u8>]", &["`Vec<Vec<u8>>`"]);
    field("one: &'static std::net::IpAddr", &["`std::net::IpAddr`"]);
    field("step: &'static dyn Fn()", &["enum"]);
    field("step: Option<fn(&str) -> bool>", &["function"]);
    field("place: [*const u8; 3]", &["raw pointer"]);
    field("step: (Box<dyn Fn() + Send>, u8)", &["function"]);
    field("choice: Option<(Option<Option<u8>>)>", &["`Option`"]);
    field("choice: std::option::Option<Option<u8>>", &["`Option`"]);
}

#[test]
fn keys_that_mean_nothing() {
    field("#[session] a: u8", &["parentheses"]);
    field("#[session(flas)] a: u8", &["did you mean `flash`"]);
    field("#[session(encrypted)] a: u8", &["`accessor`"]);
    field("#[session(cooky = \"a\")] a: u8", &["did you mean `cookie`, which belongs on the struct"]);
    field("#[session(idle = \"1h\")] a: u8", &["`idle` belongs on the struct"]);
    attribute("ttl = \"1h\"", &["`ttl` belongs on a field"]);
    field("#[session(flash, flash)] a: u8", &["twice"]);
    field("#[session(flash = true)] a: u8", &["write `flash` alone"]);
    field("#[session(rename)] a: u8", &["rename = \"userId\""]);
    field("#[session(rename = 3)] a: u8", &["takes a string"]);
    field("#[session(with = \"a b\")] a: u8", &["not a path"]);
    field("#[session(ttl =)] a: u8", &["the value of `ttl` goes here"]);
    field("#[session(,)] a: u8", &["goes here"]);
}

#[test]
fn keys_that_exclude_each_other() {
    field("#[session(flash, ttl = \"1m\")] a: u8", &["exclude each other"]);
    field("#[session(skip, owner)] a: Option<u8>", &["exclude each other"]);
    field("#[session(skip, rename = \"b\")] a: u8", &["`rename` means nothing"]);
    field("#[session(owner)] a: Option<u8>, #[session(owner)] b: Option<u8>", &["`a` is it already"]);
}

#[test]
fn wrong_values() {
    field("#[session(rename = \"\")] a: u8", &["1 to 127 bytes"]);
    field(&format!("#[session(alias = \"{}\")] a: u8", "x".repeat(128)), &["128"]);
    field("#[session(on_invalid = \"unset\")] a: u8", &["on_invalid = \"default\""]);
    field("#[session(accessor = \"two words\")] a: u8", &["cannot name a method"]);
    field("#[session(accessor = \"self\")] a: u8", &["cannot name a method"]);
    field("#[session(ttl = \"10 parsecs\")] a: u8", &["parsecs"]);
    field("#[session(ttl = \"0s\")] a: u8", &["0s"]);
    attribute("idle = \"2h\", absolute = \"1h\"", &["`idle` is longer"]);
    attribute("absolute = \"401d\"", &["400 days"]);
    attribute("same_site = \"loose\"", &["`loose`"]);
    attribute("path = \"shop\"", &["`/`"]);
    attribute("path = \"/a;b\"", &["character"]);
    attribute("domain = \".a.b\"", &["dot"]);
    attribute("cookie = \"__Host-shop\"", &["prefix"]);
    attribute("cookie = \"\"", &["empty"]);
    refused("struct AVeryLongNameOfAStruct { cart: Vec<CartItem> }", &["made of the struct's"]);
}

#[test]
fn names_that_are_taken() {
    field("#[session(rename = \"cart\")] a: u8", &["stored as `cart`"]);
    field("#[session(alias = \"cart\")] a: u8", &["`cart` is already a stored name"]);
    field("id: u8", &["`id`"]);
    field("all: u8", &["`set_all`"]);
    field("set_cart: u8", &["`set_cart`"]);
    field("#[session(accessor = \"other\")] CART: u8", &["key `CART`"]);
}

#[test]
fn parameters_that_borrow() {
    let source = "struct Shop<'a, T: 'static, const N: usize> { cart: Vec<CartItem>, a: Cow<'a, str>, b: [T; N] }";
    refused(source, &["cannot borrow"]);
}

/// An attribute's keyword is a method's name once it is raw.
#[test]
fn methods_may_be_called_as_keywords() {
    let expansion = expand("struct Shop { #[session(accessor = \"type\")] kind: u8 }".parse().expect("tokens"));
    assert_eq!(messages(expansion.clone()), [""; 0]);
    assert!(expansion.to_string().contains("fn r#type"));
}

/// What an editor sends while somebody types. The first message is the parser's.
#[test]
fn structs_that_are_being_typed() {
    field("na", &["expected `:`"]);
    field("name:", &["expected"]);
    field("name: , other: u8", &["expected"]);
    field("name: Vec<", &["expected"]);
    field("# note: u8", &["expected"]);
    field("pub", &["expected"]);
    refused("struct Shop { na cart: Vec<u8>, cart: Vec<CartItem> }", &["expected `:`"]);
    for nothing_left in ["struct Shop { fn }", "pub struct", "struct Shop"] {
        let found = messages(expand(nothing_left.parse().expect("tokens")));
        assert_eq!(found.len(), 1, "{found:?}");
    }
}
