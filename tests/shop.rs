//! The example shop, as its visitors meet it: the built program, over HTTP, on a file that outlives it.

#[path = "shop/devices.rs"]
mod devices;
#[cfg(feature = "stores")]
#[path = "shop/stores.rs"]
mod stores;

use std::time::Duration;

use futures_util::future::{join, join_all};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use tests::shop_server::{ADA, COOKIE, GRACE, Server, run, run_with, session_of_grace, store};
use tests::{HttpBrowser, Page};

async fn sign_in(browser: &HttpBrowser, who: [(&str, &str); 2], more: &[(&str, &str)]) -> Page {
    let page = browser.submit("/login", &[&who, more].concat()).await;
    assert_eq!(page.status, StatusCode::SEE_OTHER, "{}", page.text);
    page
}

async fn add(browser: &HttpBrowser, product: &str) {
    assert_eq!(browser.submit("/cart/add", &[("product", product)]).await.leads_to(), "/cart");
}

async fn cart(browser: &HttpBrowser) -> Vec<(String, u64)> {
    let cart = browser.fetch(Method::GET, "/api/cart", None).await.json();
    let line = |item: &Value| {
        (item["product"].as_str().expect("a name").to_owned(), item["quantity"].as_u64().expect("a number"))
    };
    cart["items"].as_array().expect("a list").iter().map(line).collect()
}

fn line(product: &str, quantity: u64) -> (String, u64) {
    (product.to_owned(), quantity)
}

async fn is_signed_in(browser: &HttpBrowser) -> bool {
    browser.fetch(Method::GET, "/api/me", None).await.status == StatusCode::OK
}

#[tokio::test]
async fn who_only_looks_gets_no_cookie() {
    let shop = Server::in_memory();
    let visitor = HttpBrowser::at(&shop.address);
    for path in ["/", "/cart", "/login", "/nothing/here", "/style.css"] {
        let page = visitor.page(path).await;
        assert_eq!(page.header("set-cookie"), None, "{path}");
        let policy = page.header("content-security-policy").expect("a policy");
        assert!(policy.contains("default-src 'self'") && policy.contains("frame-ancestors 'none'"), "{path}: {policy}");
        assert!(!policy.contains("unsafe"), "{path}: {policy}");
        assert_eq!(page.header("x-content-type-options"), Some("nosniff"), "{path}");
        assert_eq!(page.header("referrer-policy"), Some("same-origin"), "{path}");
        assert!(!page.has("<script") && !page.has("style=") && !page.has(" onclick"), "{path}");
    }
    let missing = visitor.page("/nothing/here").await;
    assert_eq!(missing.status, StatusCode::NOT_FOUND);
    assert!(missing.has("Nothing on this hook"));
    assert_eq!(visitor.page("/logout").await.status, StatusCode::METHOD_NOT_ALLOWED);
}

#[tokio::test]
async fn forms_and_json_fill_one_cart() {
    let shop = Server::in_memory();
    let visitor = HttpBrowser::at(&shop.address);
    add(&visitor, "mitten").await;
    let sum = visitor.fetch(Method::POST, "/api/cart", Some(json!({"product": "scarf", "quantity": 2}))).await.json();
    assert_eq!(sum["total_cents"], 650 + 2 * 4100);
    add(&visitor, "mitten").await;
    assert_eq!(cart(&visitor).await, [line("mitten", 2), line("scarf", 2)]);
    assert!(visitor.page("/cart").await.has("€95.00"));

    visitor.submit("/cart/set", &[("product", "mitten"), ("quantity", "0")]).await;
    assert_eq!(cart(&visitor).await, [line("scarf", 2)]);
    let unknown = visitor.fetch(Method::POST, "/api/cart", Some(json!({"product": "elephant", "quantity": 1}))).await;
    assert_eq!(unknown.status, StatusCode::NOT_FOUND);
    visitor.fetch(Method::DELETE, "/api/cart", None).await;
    assert_eq!(cart(&visitor).await, []);
}

#[tokio::test]
async fn a_notice_is_shown_once() {
    let shop = Server::in_memory();
    let visitor = HttpBrowser::at(&shop.address);
    add(&visitor, "bowler").await;
    assert!(visitor.page("/cart").await.has("Bowler hat, slightly famous is in your cart."));
    assert!(!visitor.page("/cart").await.has("is in your cart."));
}

/// A visit that goes on while the shop is closed, and while it dies.
async fn a_session_outlives_the_shop_and_ends_with_sign_out(kept_in: &str) {
    let open = || Server::start(&["--store", kept_in]);
    let shop = open();
    let browser = HttpBrowser::at(&shop.address);
    add(&browser, "hook").await;
    let anonymous = browser.copy();
    sign_in(&browser, GRACE, &[]).await;
    assert_eq!(cart(&browser).await, [line("hook", 1)], "the cart comes along");
    assert_ne!(browser.cookies(), anonymous.cookies(), "a token from before sign-in is worth nothing");
    assert!(!is_signed_in(&anonymous).await);

    assert!(shop.terminate().success());
    let shop = open();
    let browser = browser.moved_to(&shop.address);
    assert!(is_signed_in(&browser).await);
    add(&browser, "hook").await;

    shop.kill();
    let shop = open();
    let browser = browser.moved_to(&shop.address);
    assert_eq!(cart(&browser).await, [line("hook", 2)], "a power cut loses nothing that was answered");
    assert!(browser.page("/account").await.has("Hello, grace"));

    let thief = browser.copy();
    assert_eq!(browser.submit("/logout", &[]).await.leads_to(), "/");
    assert!(browser.page("/").await.has("You are signed out."));
    for old in [&thief, &anonymous.moved_to(&shop.address)] {
        assert_eq!(old.page("/account").await.leads_to(), "/login?next=/account");
        assert_eq!(old.fetch(Method::GET, "/api/me", None).await.status, StatusCode::UNAUTHORIZED);
        assert_eq!(cart(old).await, []);
    }
    shop.kill();
    let shop = open();
    assert!(!is_signed_in(&thief.moved_to(&shop.address)).await, "nor after a power cut");
}

#[tokio::test]
async fn sessions_outlive_the_shop_in_a_file() {
    let dir = tempfile::tempdir().expect("there is room for temporary files");
    a_session_outlives_the_shop_and_ends_with_sign_out(&store(&dir.path().join("shop.redb"))).await;
    let sqlite = dir.path().join("new/shop.sqlite");
    a_session_outlives_the_shop_and_ends_with_sign_out(&format!("sqlite:{}", sqlite.display())).await;
}

/// No store at all: the cookies outlive the shop, and a change of its key. Who signs out loses the cookie, and that is all.
#[tokio::test]
async fn sessions_outlive_the_shop_in_their_cookies() {
    const OLD: &str = "tH5vYq0Jx1nLrWc8ZkPbE3uMdXoG7iSa";
    const BOTH: &str = "9fK2mVb6RzQyT4eNwUj0hLsCxA8gDpOi, tH5vYq0Jx1nLrWc8ZkPbE3uMdXoG7iSa";
    const NEW: &str = "9fK2mVb6RzQyT4eNwUj0hLsCxA8gDpOi";
    let open = |key| Server::start_with(&["--store", "cookie"], key);
    let shop = open(Some(OLD));
    let browser = HttpBrowser::at(&shop.address);
    add(&browser, "hook").await;
    let anonymous = browser.copy();
    sign_in(&browser, GRACE, &[]).await;
    assert!(browser.page("/account").await.has("Hello, grace"));
    for key in [BOTH, NEW] {
        let shop = open(Some(key));
        let browser = browser.copy().moved_to(&shop.address);
        assert_eq!(
            is_signed_in(&browser).await,
            key == BOTH,
            "only who came by while both keys were there is still known"
        );
    }
    let shop = open(Some(BOTH));
    let browser = browser.moved_to(&shop.address);
    assert_eq!(cart(&browser).await, [line("hook", 1)]);
    let shop = open(Some(NEW));
    let browser = browser.moved_to(&shop.address);
    assert!(is_signed_in(&browser).await, "sealed anew by the newest key");
    let copied = browser.copy();
    assert_eq!(browser.submit("/logout", &[]).await.leads_to(), "/");
    assert!(browser.page("/").await.has("You are signed out."));
    assert!(!is_signed_in(&browser).await && is_signed_in(&copied).await);
    assert_eq!(cart(&anonymous.moved_to(&shop.address)).await, [], "the old key is gone");

    // Without a key the shop makes one of its own, which goes with it.
    let shop = open(None);
    let browser = copied.moved_to(&shop.address);
    assert!(!is_signed_in(&browser).await);
    add(&browser, "hook").await;
    shop.kill();
    let shop = open(None);
    assert_eq!(cart(&browser.moved_to(&shop.address)).await, []);
}

#[test]
fn a_key_that_could_be_guessed_keeps_the_shop_closed() {
    for key in ["", "too short", "changeme-changeme-changeme-changeme", "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"] {
        let output = run_with(&["--listen", "nowhere", "--store", "cookie"], key);
        let text = String::from_utf8_lossy(&output.stderr).into_owned();
        let closed = output.status.code() == Some(1) && text.contains("openssl rand -base64 48");
        // An empty variable is none, so there the shop comes as far as the address.
        assert_eq!(closed, !key.is_empty(), "{key}: {text}");
        assert!(key.is_empty() || !text.contains(key), "{text}");
    }
}

#[tokio::test]
async fn the_back_office_is_for_admins() {
    let shop = Server::in_memory();
    let (ada, grace) = (HttpBrowser::at(&shop.address), HttpBrowser::at(&shop.address));
    assert_eq!(grace.page("/admin").await.leads_to(), "/login?next=/admin");
    assert_eq!(sign_in(&grace, GRACE, &[("next", "/admin")]).await.leads_to(), "/admin");
    let refused = grace.page("/admin").await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    assert!(refused.has("Not with this ticket") && !refused.has("Admin"));
    sign_in(&ada, ADA, &[]).await;
    let office = ada.page("/admin").await;
    assert_eq!(office.status, StatusCode::OK);
    assert!(office.has("grace@example.org"));
}

#[tokio::test]
async fn a_new_address_takes_a_fresh_password() {
    let dir = tempfile::tempdir().expect("there is room for temporary files");
    let file = dir.path().join("shop.redb");
    let token = session_of_grace(&file, Duration::from_secs(11 * 60)).await;
    let shop = Server::on(&file);
    let browser = HttpBrowser::at(&shop.address);
    assert_eq!(browser.page("/account/email").await.leads_to(), "/login?next=/account/email");

    browser.set_cookie(COOKIE, &token);
    assert!(browser.page("/account").await.has("11 minutes ago"), "signed in, and not just now");
    assert_eq!(browser.page("/account/email").await.leads_to(), "/login?next=/account/email");
    let direct = browser.submit("/account/email", &[("email", "mallory@evil.example")]).await;
    assert_eq!(direct.leads_to(), "/login?next=/account/email");
    let ask = browser.page("/login?next=/account/email").await;
    assert!(ask.has("Is it still you?") && ask.has("name=\"name\" value=\"grace\"") && !ask.has("name=\"remember\""));

    let wrong = browser.submit("/login", &[("name", "grace"), ("password", "guess"), ("next", "/account/email")]).await;
    assert_eq!(wrong.status, StatusCode::UNAUTHORIZED);
    assert_eq!(browser.page("/account/email").await.status, StatusCode::SEE_OTHER);

    let before = browser.copy();
    assert_eq!(sign_in(&browser, GRACE, &[("next", "/account/email")]).await.leads_to(), "/account/email");
    assert_eq!(browser.page("/account/email").await.status, StatusCode::OK);
    let change = browser.submit("/account/email", &[("email", "grace@navy.example")]).await;
    assert_eq!(change.leads_to(), "/account");
    let account = browser.page("/account").await;
    assert!(account.has("Your e-mail address is now grace@navy.example.") && account.has("just now"));
    assert!(!is_signed_in(&before).await, "the token from before is retired");
}

#[tokio::test]
async fn a_wrong_password_opens_nothing_and_stores_nothing() {
    let shop = Server::in_memory();
    let browser = HttpBrowser::at(&shop.address);
    for name in ["ada", "nobody"] {
        let page = browser.submit("/login", &[("name", name), ("password", "wrong"), ("next", "/cart")]).await;
        assert_eq!(page.status, StatusCode::UNAUTHORIZED);
        assert_eq!(page.header("set-cookie"), None);
        assert!(page.has("not right") && page.has("value=\"/cart\"") && !page.has("wrong\" value"));
    }
}

#[tokio::test]
async fn only_remember_me_outlives_the_browser() {
    let shop = Server::in_memory();
    let (plain, remembered) = (HttpBrowser::at(&shop.address), HttpBrowser::at(&shop.address));
    let cookie = |page: Page| page.header("set-cookie").expect("a cookie").to_owned();
    let lifetime = |cookie: &str| cookie.split("; ").find_map(|it| it.strip_prefix("Max-Age=")?.parse::<u64>().ok());
    assert_eq!(lifetime(&cookie(sign_in(&plain, ADA, &[]).await)), None);
    let seconds = lifetime(&cookie(sign_in(&remembered, ADA, &[("remember", "on")]).await)).expect("a Max-Age");
    let days_90 = 90 * 24 * 60 * 60;
    assert!((days_90 - 60..=days_90).contains(&seconds), "{seconds}");
    assert!(remembered.page("/account").await.has("in 30 days"), "the server keeps it for as long");
}

#[tokio::test]
async fn another_user_of_the_browser_starts_afresh() {
    let shop = Server::in_memory();
    let browser = HttpBrowser::at(&shop.address);
    sign_in(&browser, ADA, &[("remember", "on")]).await;
    add(&browser, "umbrella").await;
    let page = sign_in(&browser, GRACE, &[]).await;
    assert!(!page.header("set-cookie").expect("a new token").contains("Max-Age"), "grace did not ask to be remembered");
    assert_eq!(cart(&browser).await, []);
    assert_eq!(browser.page("/admin").await.status, StatusCode::FORBIDDEN);
    assert!(browser.page("/account").await.has("in 30 minutes"));
}

#[tokio::test]
async fn the_theme_is_kept_through_sign_out() {
    let shop = Server::in_memory();
    let browser = HttpBrowser::at(&shop.address);
    assert!(browser.page("/").await.has("data-theme=\"system\""));
    assert_eq!(browser.submit("/theme", &[("theme", "dark"), ("next", "/cart?x=1")]).await.leads_to(), "/cart?x=1");
    assert!(browser.page("/cart").await.has("data-theme=\"dark\""));
    assert!(browser.page("/nothing/here").await.has("data-theme=\"dark\""));
    sign_in(&browser, GRACE, &[]).await;
    browser.submit("/logout", &[]).await;
    assert!(browser.page("/").await.has("data-theme=\"dark\""));
    let unreadable = browser.submit("/theme", &[("theme", "plaid")]).await;
    assert_eq!(unreadable.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(!unreadable.has("plaid") && !unreadable.has("variant"), "errors keep their insides to themselves");
}

#[tokio::test]
async fn other_sites_change_nothing() {
    let shop = Server::in_memory();
    let browser = HttpBrowser::at(&shop.address);
    add(&browser, "lavender").await;
    sign_in(&browser, ADA, &[]).await;
    let forms: [(&str, &[(&str, &str)]); 4] = [
        ("/cart/add", &[("product", "bowler")]),
        ("/checkout", &[]),
        ("/logout", &[]),
        ("/account/email", &[("email", "mallory@evil.example")]),
    ];
    for (path, form) in forms {
        let page = browser.submit_from_elsewhere(path, form).await;
        assert_eq!(page.status, StatusCode::FORBIDDEN, "{path}");
        assert_eq!(page.header("set-cookie"), None, "{path}");
    }
    assert_eq!(cart(&browser).await, [line("lavender", 1)]);
    assert!(browser.page("/account").await.has("ada@example.org"));
}

#[tokio::test]
async fn next_never_leaves_the_site() {
    let shop = Server::in_memory();
    let browser = HttpBrowser::at(&shop.address);
    let hostile =
        ["https://evil.example/", "//evil.example/", "/\\evil.example", "\\\\evil.example", "/\t/evil.example"];
    for next in hostile.into_iter().chain(["javascript:alert(1)", "evil.example", "", " //evil.example", "/\r\nx: y"]) {
        assert_eq!(sign_in(&browser, ADA, &[("next", next)]).await.leads_to(), "/", "{next:?}");
        assert_eq!(browser.submit("/theme", &[("theme", "dark"), ("next", next)]).await.leads_to(), "/", "{next:?}");
    }
    let page = browser.page("/login?next=%2F%2Fevil.example%2F%22%3E%3Cscript%3E").await;
    assert!(page.has("name=\"next\" value=\"/\"") && !page.has("<script"));
    assert_eq!(sign_in(&browser, ADA, &[("next", "/cart?page=2")]).await.leads_to(), "/cart?page=2");
}

/// From a page behind a guard to the sign-in page, through its form, and back.
#[tokio::test]
async fn the_way_back_survives_signing_in() {
    let shop = Server::in_memory();
    let pages = [
        "/account",
        "/account/email?x=1&y=2",
        "/account?q=a+b%20c%2Bd&next=//evil.example&next=/cart",
        "/account?%22%3E%3Cscript%3E=%2F%2Fevil.example%5C&&=",
        "/account?%E2%82%AC=%00%0D%0A",
    ];
    for asked in pages {
        let browser = HttpBrowser::at(&shop.address);
        let sent = browser.page(asked).await;
        let form = browser.page(sent.leads_to()).await;
        let (_, rest) = form.text.split_once("name=\"next\" value=\"").expect("a field for the way back");
        let next = rest.split('"').next().expect("its value").replace("&#38;", "&");
        assert!(!form.has("<script"), "{asked}");
        let signed_in = sign_in(&browser, GRACE, &[("next", &next)]).await;
        assert_eq!(signed_in.leads_to(), asked);
        assert_eq!(browser.page(asked).await.status, StatusCode::OK, "{asked}");
    }
}

#[tokio::test]
async fn a_hostile_address_is_text_and_nothing_else() {
    let shop = Server::in_memory();
    let browser = HttpBrowser::at(&shop.address);
    sign_in(&browser, ADA, &[]).await;
    let refused = "\"><script>alert(1)</script>";
    assert_eq!(browser.submit("/account/email", &[("email", refused)]).await.leads_to(), "/account/email");
    let form = browser.page("/account/email").await;
    assert!(form.has("An address looks like") && form.has("alert(1)") && !form.has("<script"), "{}", form.text);
    assert!(!browser.page("/account/email").await.has("alert(1)"), "what was typed is shown once");

    let accepted = "\"><script>alert(1)</script>@example.org";
    assert_eq!(browser.submit("/account/email", &[("email", accepted)]).await.leads_to(), "/account");
    for path in ["/account", "/account/email", "/admin"] {
        let page = browser.page(path).await;
        assert!(page.has("alert(1)") && !page.has("<script"), "{path}: {}", page.text);
    }
}

/// On a file, whose writes take long enough for requests to overlap.
#[tokio::test]
async fn no_addition_is_lost() {
    let dir = tempfile::tempdir().expect("there is room for temporary files");
    let shop = Server::on(&dir.path().join("shop.redb"));
    let browser = HttpBrowser::at(&shop.address);
    add(&browser, "tickets").await;
    let by_form = async || add(&browser, "tickets").await;
    let by_json = async || {
        let item = json!({"product": "hanger", "quantity": 1});
        assert_eq!(browser.fetch(Method::POST, "/api/cart", Some(item)).await.status, StatusCode::OK);
    };
    join_all((0..12).map(|_| join(by_form(), by_json()))).await;
    let mut cart = cart(&browser).await;
    cart.sort();
    assert_eq!(cart, [line("hanger", 12), line("tickets", 13)]);
}

#[tokio::test]
async fn who_clicks_twice_orders_once() {
    let dir = tempfile::tempdir().expect("there is room for temporary files");
    let shop = Server::on(&dir.path().join("shop.redb"));
    let browser = HttpBrowser::at(&shop.address);
    add(&browser, "scarf").await;
    assert_eq!(browser.submit("/checkout", &[]).await.leads_to(), "/login?next=/cart");
    sign_in(&browser, ADA, &[]).await;
    let order = async || assert_eq!(browser.submit("/checkout", &[]).await.leads_to(), "/cart");
    join_all((0..12).map(|_| order())).await;
    assert!(browser.page("/cart").await.has("No. 1"));
    assert_eq!(cart(&browser).await, []);
    assert_eq!(browser.page("/admin").await.text.matches("€41.00").count(), 1);
}

#[tokio::test]
async fn safari_on_localhost_gets_a_plain_cookie_if_asked() {
    let shop = Server::start(&["--store", "memory", "--insecure-development-cookie"]);
    let browser = HttpBrowser::at(&shop.address);
    let page = sign_in(&browser, ADA, &[]).await;
    let cookie = page.header("set-cookie").expect("a cookie");
    assert!(cookie.starts_with("shop=") && !cookie.contains("Secure"), "{cookie}");
    assert!(is_signed_in(&browser).await);
}

#[test]
fn the_command_line_explains_itself() {
    let help = run(&["--help"]);
    assert!(help.status.success());
    let text = String::from_utf8_lossy(&help.stdout).into_owned();
    for option in ["--listen", "--store", "--insecure-development-cookie", "--help"] {
        assert!(text.contains(option), "{text}");
    }
    let wrong: [(&[&str], &str); 6] = [
        (&["--colour"], "unknown argument `--colour`"),
        (&["--store", "cloud"], "unknown store `cloud`"),
        (&["--store", "redb:"], "unknown store `redb:`"),
        (&["--store", "redis:"], "unknown store `redis:`"),
        (&["--listen"], "--listen lacks its value"),
        (&["--insecure-development-cookie=no"], "takes no value"),
    ];
    for (args, message) in wrong {
        let output = run(args);
        assert_eq!(output.status.code(), Some(2), "{args:?}");
        let text = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(text.contains(message), "{args:?}: {text}");
    }
    assert_eq!(run(&["--listen", "nowhere", "--store", "memory"]).status.code(), Some(1));
}

#[test]
fn a_shop_told_to_stop_as_soon_as_it_listens_stops() {
    for _ in 0..20 {
        assert!(Server::in_memory().terminate().success());
    }
}

#[tokio::test]
async fn one_file_is_for_one_shop() {
    let dir = tempfile::tempdir().expect("there is room for temporary files");
    let file = dir.path().join("shop.redb");
    let shop = Server::on(&file);
    let second = run(&["--listen", "127.0.0.1:0", "--store", &store(&file)]);
    assert_eq!(second.status.code(), Some(1));
    let text = String::from_utf8_lossy(&second.stderr).into_owned();
    assert!(text.starts_with("shop: the session store failed: ") && !text.contains("panicked"), "{text}");
    assert_eq!(HttpBrowser::at(&shop.address).page("/").await.status, StatusCode::OK, "the first one is not disturbed");
}
