//! `reserved.txt` is what the sources of `Session` say: `SNAPSHOTS=rewrite cargo test -p session-macros` writes it anew.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use proc_macro2::{TokenStream, TokenTree};
use quote::{ToTokens, format_ident, quote};
use syn::{Attribute, ImplItem, Item, ItemImpl, Type, Visibility};

use super::RESERVED;
use crate::data::expand;
use crate::snapshot::messages;

/// The methods with a receiver of each trait that `Session` implements. Others (`from`, `from_request_parts`) are called by
/// their type's name, and so are in nobody's way.
const TRAITS: &[(&str, &[&str])] = &[
    ("Clone", &["clone", "clone_from"]),
    ("Debug", &["fmt"]),
    ("Deref", &["deref"]),
    ("FromRequest", &[]),
    ("FromRequestParts", &[]),
    ("OptionalFromRequestParts", &[]),
];

/// The same, of what the standard library implements for every type that is `Clone`. What other libraries do for every type (the
/// extension traits of futures, tower or tracing) is out of scope: they have to be imported, and anything can be in them.
const BLANKET: &[&str] = &["borrow", "borrow_mut", "clone_into", "into", "to_owned", "try_into", "type_id"];

#[test]
fn reserved_names_are_those_of_session() {
    let mut names: BTreeSet<String> = BLANKET.iter().map(|name| (*name).to_owned()).collect();
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    for folder in ["../session-runtime/src", "../src"] {
        read(&here.join(folder), &mut names);
    }
    assert!(names.contains("regenerate") && names.contains("clone"), "the sources of `Session` are read");
    let text: String = names.iter().flat_map(|name| [name, "\n"]).collect();
    if std::env::var_os("SNAPSHOTS").is_some_and(|value| value == "rewrite") {
        fs::write(here.join("src/data/names/reserved.txt"), &text).expect("a writable folder");
    }
    assert!(text == RESERVED, "`Session` has other methods; SNAPSHOTS=rewrite takes them over:\n{text}");
}

/// Each of them is refused, as a field and where it would be made for one.
#[test]
fn each_reserved_name_is_refused() {
    for name in RESERVED.lines() {
        let prefixes = ["set_", "update_", "take_", "clear_", "has_"];
        let made_for = prefixes.iter().filter_map(|prefix| name.strip_prefix(prefix));
        for field in made_for.chain([name]) {
            let ident = if field == "for" { format_ident!("r#for") } else { format_ident!("{field}") };
            let found = messages(expand(quote!(struct Shop { #ident: u8 })));
            assert_eq!(found.len(), 1, "{field}: {found:?}");
            assert!(found[0].contains("every `Session` already has one"), "{found:?}");
        }
    }
}

/// Collects the methods of every `impl` for `Session` in every file of a folder.
fn read(folder: &Path, names: &mut BTreeSet<String>) {
    for entry in fs::read_dir(folder).expect("a readable folder") {
        let path = entry.expect("a readable entry").path();
        if path.is_dir() {
            read(&path, names);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let text = fs::read_to_string(&path).expect("a readable file");
            items(syn::parse_file(&text).expect("Rust").items, names);
        }
    }
}

fn items(all: Vec<Item>, names: &mut BTreeSet<String>) {
    for item in all {
        match item {
            Item::Impl(block) if is_session(&block.self_ty) => methods(block, names),
            Item::Struct(item) if item.ident == "Session" => derives(&item.attrs),
            Item::Mod(inner) => items(inner.content.map(|(_, items)| items).unwrap_or_default(), names),
            // What a macro makes cannot be read here, so none may make methods of `Session`.
            Item::Macro(call) => {
                assert!(!implements_session(call.mac.tokens), "a macro implements something for `Session`")
            }
            _ => {}
        }
    }
}

fn is_session(ty: &Type) -> bool {
    matches!(ty, Type::Path(path) if path.path.segments.last().is_some_and(|last| last.ident == "Session"))
}

fn methods(block: ItemImpl, names: &mut BTreeSet<String>) {
    if let Some((path, _)) = &block.trait_ {
        let name = path.segments.last().expect("a trait has a name").ident.to_string();
        let known = TRAITS.iter().find(|(known, _)| *known == name);
        let (_, methods) = known.unwrap_or_else(|| panic!("say in `TRAITS` which methods `{name}` gives to `Session`"));
        names.extend(methods.iter().map(|method| (*method).to_owned()));
        return;
    }
    for item in block.items {
        match item {
            ImplItem::Fn(method) if matches!(method.vis, Visibility::Public(_)) && method.sig.receiver().is_some() => {
                names.insert(method.sig.ident.to_string());
            }
            ImplItem::Macro(_) => panic!("a macro makes methods of `Session`"),
            _ => {}
        }
    }
}

fn derives(attrs: &[Attribute]) {
    let derived = attrs.iter().find(|attr| attr.path().is_ident("derive"));
    assert!(derived.is_none(), "`Session` derives a trait: say in `TRAITS` which methods it has, and read it here");
}

/// Does `for Session` or `impl… Session<` stand in a macro's tokens?
fn implements_session(tokens: TokenStream) -> bool {
    let mut is_impl = false;
    tokens.into_token_stream().into_iter().any(|tree| match tree {
        TokenTree::Ident(ident) if ident == "impl" => {
            is_impl = true;
            false
        }
        TokenTree::Ident(ident) => is_impl && ident == "Session",
        TokenTree::Group(group) => {
            let found = implements_session(group.stream());
            is_impl = false;
            found
        }
        _ => false,
    })
}
