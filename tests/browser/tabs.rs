//! One session in several tabs of a browser.

use serde_json::json;
use tests::shop_server::{GRACE, Server};

use super::visitor::{Visitor, line};

/// What tabs wait for, so that all of them start at once.
const SAY: &str = "new BroadcastChannel('word').postMessage('now')";

/// Of a page that does not change, the browser keeps what it looked like, until a cookie changes.
#[tokio::test]
async fn signing_out_in_one_tab_ends_what_another_could_go_back_to() {
    let shop = Server::in_memory();
    let visitor = Visitor::of(&shop).await;
    let browser = &visitor.chromium;
    visitor.sign_in(GRACE).await;
    assert!(visitor.is_signed_in().await);
    visitor.visit("/").await;
    let first = browser.tab().await;
    browser.new_tab().await;
    visitor.visit("/").await;
    visitor.sign_out().await;
    browser.turn_to(&first).await;
    browser.back().await;
    browser.sees("Who can sign in here").await;
    assert_eq!(browser.url().await, format!("{}/login?next=/account", visitor.shop));
}

/// By scripts, which send all they have without waiting for an answer. On a file, whose writes take long enough to overlap.
#[tokio::test]
async fn what_three_tabs_add_at_once_is_all_kept() {
    const WAIT: &str = "
        const [product] = arguments;
        const add = (path, body, type) => fetch(path, { method: 'POST', body, headers: { 'Content-Type': type } });
        const form = () => add('/cart/add', `product=${product}`, 'application/x-www-form-urlencoded');
        const json = () => add('/api/cart', JSON.stringify({ product, quantity: 1 }), 'application/json');
        const word = new BroadcastChannel('word');
        const heard = new Promise(resolve => word.onmessage = resolve);
        window.answers = heard.then(() => Promise.all([1, 2, 3, 4].flatMap(() => [form(), json()])));";
    const ANSWERS: &str = "return (await window.answers).map(answer => answer.status)";
    let folder = tempfile::tempdir().expect("a temporary folder");
    let shop = Server::on(&folder.path().join("shop.redb"));
    let visitor = Visitor::of(&shop).await;
    let browser = &visitor.chromium;
    visitor.add("lavender").await;
    let tabs = [browser.tab().await, browser.new_tab().await, browser.new_tab().await];
    for (tab, product) in tabs.iter().zip(["hook", "scarf", "hook"]) {
        browser.turn_to(tab).await;
        visitor.visit("/").await;
        browser.script(WAIT, &[json!(product)]).await;
    }
    browser.script(SAY, &[]).await;
    for tab in &tabs {
        browser.turn_to(tab).await;
        assert_eq!(browser.script(ANSWERS, &[]).await, json!(vec![200; 8]));
    }
    let mut cart = visitor.cart().await;
    cart.sort();
    assert_eq!(cart, [line("hook", 16), line("lavender", 1), line("scarf", 8)]);
}

/// The same by the buttons of the pages.
#[tokio::test]
async fn what_two_tabs_submit_at_once_is_all_kept() {
    const WAIT: &str = "
        const button = document.querySelector(arguments[0]);
        document.body.id = 'old';
        new BroadcastChannel('word').onmessage = () => button.click();";
    let folder = tempfile::tempdir().expect("a temporary folder");
    let shop = Server::on(&folder.path().join("shop.redb"));
    let visitor = Visitor::of(&shop).await;
    let browser = &visitor.chromium;
    visitor.sign_in(GRACE).await;
    let tabs = [browser.tab().await, browser.new_tab().await];
    for (tab, product) in tabs.iter().zip(["hook", "scarf"]) {
        browser.turn_to(tab).await;
        visitor.visit("/").await;
        browser.script(WAIT, &[json!(format!("form:has([value={product}]) button"))]).await;
    }
    browser.script(SAY, &[]).await;
    for tab in &tabs {
        browser.turn_to(tab).await;
        browser.finds("body:not(#old) .count").await;
    }
    let mut cart = visitor.cart().await;
    cart.sort();
    assert_eq!(cart, [line("hook", 1), line("scarf", 1)]);
}
