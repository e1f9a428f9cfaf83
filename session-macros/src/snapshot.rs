//! Expansions as files: what a macro emits, pretty-printed, beside what it emitted when somebody last read it.
//!
//! `SNAPSHOTS=rewrite cargo test -p session-macros` rewrites them: read them before they are committed.

use std::fs;
use std::path::Path;

use proc_macro2::{TokenStream, TokenTree};

/// Compares an expansion with `src/snapshots/<name>.rs`.
pub(crate) fn check(name: &str, expansion: TokenStream) {
    check_at(&format!("src/snapshots/{name}.rs"), expansion);
}

/// Compares an expansion with a file of the repository.
pub(crate) fn check_at(name: &str, expansion: TokenStream) {
    let text = pretty(expansion);
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(name);
    if std::env::var_os("SNAPSHOTS").is_some_and(|value| value == "rewrite") {
        fs::write(&path, &text).expect("a writable folder");
    }
    let expected = fs::read_to_string(&path).unwrap_or_default();
    assert!(text == expected, "{name} expands differently; SNAPSHOTS=rewrite takes it over:\n{text}");
}

fn pretty(expansion: TokenStream) -> String {
    let file = syn::parse2(expansion).expect("the expansion parses");
    prettyplease::unparse(&file)
}

/// The messages of all `compile_error!`s in an expansion, in order.
pub(crate) fn messages(expansion: TokenStream) -> Vec<String> {
    let trees: Vec<TokenTree> = expansion.into_iter().collect();
    let found = trees.windows(3).filter_map(|trees| match trees {
        [TokenTree::Ident(name), _, TokenTree::Group(message)] if name == "compile_error" => Some(message.stream()),
        _ => None,
    });
    found.map(|message| syn::parse2::<syn::LitStr>(message).expect("a message").value()).collect()
}
