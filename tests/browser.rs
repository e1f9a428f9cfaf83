//! The example shop in Chromium: what only a real browser can show. Each test starts shops and browsers of its own.

#[path = "browser/chromium.rs"]
mod chromium;
#[path = "browser/cookies.rs"]
mod cookies;
#[path = "browser/devices.rs"]
mod devices;
#[path = "browser/elsewhere.rs"]
mod elsewhere;
#[path = "browser/pages.rs"]
mod pages;
#[path = "browser/tabs.rs"]
mod tabs;
#[path = "browser/visitor.rs"]
mod visitor;

use tests::shop_server::{GRACE, Server};

use elsewhere::Elsewhere;
use visitor::{Visitor, line};

/// From the first look to what the back button shows after sign-out.
async fn a_whole_visit(shop: &Server) {
    let visitor = Visitor::of(shop).await;
    let browser = &visitor.chromium;
    visitor.visit("/").await;
    browser.sees("none yet").await;
    assert_eq!(browser.cookies(&visitor.shop).await.len(), 0, "who only looks gets no cookie");

    visitor.add("hook").await;
    browser.sees("Brass hook no. 7 is in your cart.").await;
    browser.reload().await;
    assert!(!browser.text().await.contains("is in your cart"), "a notice is shown once");

    visitor.sign_in(GRACE).await;
    browser.sees("Your cart came along.").await;
    browser.reload().await;
    assert!(!browser.text().await.contains("Welcome"), "a notice is shown once");
    assert_eq!(visitor.cart().await, [line("hook", 1)]);

    assert!(visitor.is_signed_in().await);
    browser.sees("grace@example.org").await;
    visitor.sign_out().await;
    browser.reload().await;
    assert!(!browser.text().await.contains("You are signed out"), "a notice is shown once");
    for _ in ["/account", "/cart", "/", "/login", "/", "/"] {
        browser.back().await;
        let (url, text) = (browser.url().await, browser.text().await);
        for private in ["Hello", "grace@", "Sign out", "€18.00 each"] {
            assert!(!text.contains(private), "`{private}` on {url}:\n{text}");
        }
        browser.sees_no(".count").await;
    }
}

#[tokio::test]
async fn after_sign_out_the_back_button_shows_nothing_private() {
    a_whole_visit(&Server::in_memory()).await;
}

#[tokio::test]
async fn the_same_holds_where_the_session_is_in_its_cookie() {
    a_whole_visit(&Server::start(&["--store", "cookie"])).await;
}

/// So what the tests about the back button show is the shop's doing: pages at large do come back as they were.
#[tokio::test]
async fn this_browser_does_keep_pages_for_the_back_button() {
    let shop = Server::in_memory();
    let visitor = Visitor::of(&shop).await;
    let (browser, elsewhere) = (&visitor.chromium, Elsewhere::start(&visitor.shop).await);
    browser.go(&elsewhere.at("localhost")).await;
    browser.script("window.kept = true", &[]).await;
    visitor.visit("/").await;
    browser.back().await;
    assert_eq!(browser.script("return window.kept", &[]).await, true);
}
