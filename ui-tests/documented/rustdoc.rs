//! The page that rustdoc makes of a session: somebody who has nothing else must find the methods there.

use std::path::{Path, PathBuf};
use std::process::Command;

#[test]
fn the_structs_page_names_the_methods_and_the_keys() {
    let page = page();
    for line in [
        "What the shop remembers about a visitor.",
        "Methods of Session<Shop>",
        "Await each: they answer with a Result<_, SessionError>.",
        "| user_id | set_user_id | update_user_id | take_user_id | clear_user_id | has_user_id |",
        "| cart | set_cart | update_cart | take_cart | clear_cart | has_cart |",
        "| oauth_state | set_oauth_state, set_oauth_state_for | update_oauth_state |",
        "pub const USER_ID: Key<Shop, Option<u64>>",
        "Who is signed in.",
        "The key of user_id.",
        "pub const CART: Key<Shop, Vec<String>>",
    ] {
        assert!(page.contains(line), "`{line}` is not on the page:\n{page}");
    }
    for hidden in ["seen", "FIELDS", "__private", "Handle", "ShopFields"] {
        assert!(!page.contains(hidden), "`{hidden}` is on the page:\n{page}");
    }
}

/// The struct's page as text, table cells apart by `|`.
fn page() -> String {
    let target = target();
    let manifest = concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml");
    let made = Command::new(env!("CARGO"))
        .args(["doc", "--quiet", "--no-deps", "--lib", "--manifest-path", manifest, "--target-dir"])
        .arg(&target)
        .env("RUSTDOCFLAGS", "-Dwarnings")
        .status();
    assert!(made.expect("cargo runs").success(), "rustdoc has something to say");
    let html = std::fs::read_to_string(target.join("doc/documented/struct.Shop.html")).expect("a page");
    let (_, main) = html.split_once("<main").expect("a main part");
    text(main.split("Trait Implementations").next().unwrap_or(main))
}

/// This test's target directory: the libraries are there already.
fn target() -> PathBuf {
    let test = std::env::current_exe().expect("a path");
    test.ancestors().nth(3).map(Path::to_owned).expect("target/debug/deps/rustdoc")
}

fn text(html: &str) -> String {
    let mut text = String::new();
    for piece in html.replace("</td>", " | ").replace("<tr>", "\n| ").split('<') {
        let (_, words) = piece.split_once('>').unwrap_or(("", piece));
        text.push_str(words);
    }
    for (from, to) in [("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&"), ("&#39;", "'")] {
        text = text.replace(from, to);
    }
    text
}
