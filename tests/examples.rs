//! The examples, as who tries them meets them: each built program, over HTTP.

use std::fs;

use reqwest::{Method, StatusCode};
use tests::{HttpBrowser, Serving, example, example_package};

fn serving(name: &'static str) -> Serving {
    Serving::start(example(name).arg("127.0.0.1:0"))
}

#[tokio::test]
async fn hello() {
    let folder = tempfile::tempdir().expect("there is room for temporary files");
    let open = || Serving::start(example("hello").arg("127.0.0.1:0").current_dir(folder.path()));
    let program = open();
    let visitor = HttpBrowser::at(&program.address);
    assert_eq!(visitor.post("/cart", "tea").await.text, "1 in the cart");
    assert_eq!(visitor.post("/cart", "jam").await.text, "2 in the cart");
    let stranger = HttpBrowser::at(&program.address);
    assert_eq!(stranger.post("/cart", "tea").await.text, "1 in the cart");
    assert_eq!(visitor.page("/account").await.leads_to(), "/login?next=/account");
    assert_eq!(visitor.get("/account").await.status, StatusCode::UNAUTHORIZED);

    program.kill();
    let program = open();
    let visitor = visitor.moved_to(&program.address);
    assert_eq!(visitor.post("/cart", "bread").await.text, "3 in the cart", "the file outlives the program");
}

/// The README shows what runs here, but for the address.
#[test]
fn hello_is_the_readmes() {
    let (readme, program) = (include_str!("../README.md"), include_str!("../examples/hello.rs"));
    let (_, code) = readme.split_once("```rust,no_run\n").expect("the README shows a program");
    let (code, _) = code.split_once("    Ok(axum::serve(").expect("and ends it by serving");
    let formatted_by_nobody = |code: &str| {
        let code: String = code.split_whitespace().collect();
        ["}", ")"].iter().fold(code, |code, close| code.replace(&format!(",{close}"), close)).replace(";}", "}")
    };
    assert!(code.lines().count() > 20);
    assert!(
        formatted_by_nobody(program).contains(&formatted_by_nobody(code)),
        "the README shows another program:\n{code}"
    );
}

#[tokio::test]
async fn actix() {
    let folder = tempfile::tempdir().expect("there is room for temporary files");
    let program = Serving::start(example("actix").arg("127.0.0.1:0").current_dir(folder.path()));
    let visitor = HttpBrowser::at(&program.address);
    assert_eq!(visitor.post("/cart", "tea").await.text, "1 in the cart");
    assert_eq!(visitor.post("/cart", "jam").await.text, "2 in the cart");
    for path in ["/account", "/members/orders"] {
        assert_eq!(visitor.page(path).await.leads_to(), format!("/login?next={path}"));
        assert_eq!(visitor.get(path).await.status, StatusCode::UNAUTHORIZED);
    }
    assert_eq!(visitor.post("/login/7", "").await.text, "welcome");
    assert_eq!(visitor.get("/account").await.text, "you are user 7");
    assert_eq!(visitor.get("/members/orders").await.text, "the orders of user 7");
    assert_eq!(visitor.post("/cart", "bread").await.text, "3 in the cart", "signing in keeps the cart");
    assert_eq!(visitor.post("/logout", "").await.text, "goodbye");
    assert_eq!(visitor.get("/account").await.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn guards() {
    let program = serving("guards");
    let visitor = HttpBrowser::at(&program.address);
    assert_eq!(visitor.page("/me").await.leads_to(), "/sign-in?next=/me");
    assert_eq!(visitor.page("/desk").await.leads_to(), "/sign-in?next=/desk", "an outcome is the first named guard's");
    for path in ["/me", "/desk", "/article?draft=true"] {
        assert_eq!(visitor.get(path).await.status, StatusCode::UNAUTHORIZED, "{path}");
    }
    assert_eq!(visitor.get("/article").await.text, "an article");

    let reader = [("user", "ada"), ("role", "Editor"), ("next", "//evil.example")];
    assert_eq!(visitor.submit("/sign-in", &reader).await.leads_to(), "/me", "no next leads off the site");
    assert_eq!(visitor.get("/me").await.text, "you are ada");
    assert_eq!(
        visitor.fetch(Method::POST, "/letter", Some("dear editor".into())).await.text,
        "ada writes: dear editor"
    );
    for path in ["/desk", "/article?draft=true"] {
        assert_eq!(
            visitor.get(path).await.status,
            StatusCode::FORBIDDEN,
            "nobody says for themselves who they are: {path}"
        );
    }
    assert_eq!(visitor.post("/print", "").await.status, StatusCode::FORBIDDEN);

    let editor = [("user", "grace"), ("next", "/desk")];
    assert_eq!(visitor.submit("/sign-in", &editor).await.leads_to(), "/desk");
    assert_eq!(visitor.get("/desk").await.text, "the editors' desk");
    assert_eq!(visitor.get("/article?draft=true").await.text, "a draft, for grace");
    assert!(visitor.post("/print", "").await.text.starts_with("printed"));
}

#[tokio::test]
async fn two_sessions() {
    let program = serving("two_sessions");
    let visitor = HttpBrowser::at(&program.address).with_same_site("__Secure-office", "Strict");
    visitor.post("/cart", "tea").await;
    assert_eq!(visitor.get("/office/desk").await.status, StatusCode::UNAUTHORIZED);
    let clocked_in = visitor.post("/office/clock-in", "ada").await;
    let cookie = clocked_in.header("set-cookie").expect("a session of its own");
    assert!(cookie.starts_with("__Secure-office=") && cookie.contains("; Path=/office"), "{cookie}");
    assert_eq!(visitor.get("/office/desk").await.text, "ada at the desk, with 1 things in the cart");
    assert_eq!(visitor.post("/office/clock-out", "").await.status, StatusCode::OK);
    assert_eq!(visitor.get("/office/desk").await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(visitor.post("/cart", "jam").await.text, "2 in the cart", "ending one session leaves the other");
}

#[tokio::test]
async fn custom_store() {
    let program = serving("custom_store");
    let visitor = HttpBrowser::at(&program.address);
    assert_eq!(visitor.post("/", "").await.text, "visit 1");
    assert_eq!(visitor.post("/", "").await.text, "visit 2");
    assert_eq!(HttpBrowser::at(&program.address).post("/", "").await.text, "visit 1");
}

/// Its contract suite runs with `cargo test`, as a test of the example itself.
#[test]
fn custom_store_is_a_store_of_under_60_lines() {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../examples/custom_store/store.rs");
    let text = fs::read_to_string(file).expect("the example has a store");
    let is_code = |line: &&str| !(line.is_empty() || line.starts_with("//") || line.starts_with("use "));
    let lines = text.lines().map(str::trim).filter(is_code).count();
    assert!((30..60).contains(&lines), "{lines} lines");
}

#[tokio::test]
async fn leptos() {
    let program = Serving::start(example_package("leptos-example").arg("127.0.0.1:0"));
    let visitor = HttpBrowser::at(&program.address);
    assert!(visitor.page("/").await.text.contains("Sign in"));
    let refused = visitor.post_form("/api/add", &[("line", "buy tea")]).await;
    assert_eq!(refused.status, StatusCode::UNAUTHORIZED, "{}", refused.text);

    let signed_in = visitor.post_form("/api/sign_in", &[("user", "ada")]).await;
    assert_eq!(signed_in.status, StatusCode::OK, "{}", signed_in.text);
    assert_eq!(visitor.post_form("/api/add", &[("line", "buy tea")]).await.text, "1");
    assert_eq!(visitor.post_form("/api/add", &[("line", "buy jam")]).await.text, "2");
    let page = visitor.page("/").await;
    assert!(page.text.contains("ada: buy jam") && page.text.contains("Sign out"), "{}", page.text);
    assert_eq!(page.header("cache-control"), Some("no-store"), "a component's read counts as any other");

    visitor.post_form("/api/sign_out", &[]).await;
    assert_eq!(visitor.post_form("/api/add", &[("line", "more")]).await.status, StatusCode::UNAUTHORIZED);
    assert!(!visitor.page("/").await.text.contains("buy tea"));
}
