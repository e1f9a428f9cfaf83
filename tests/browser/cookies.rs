//! The session's cookie as the browser has it: who sees it, how long it stays, and that its age decides nothing.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde_json::json;
use tests::shop_server::{ADA, COOKIE, GRACE, Server, session_of_grace};

use super::visitor::Visitor;

#[tokio::test]
async fn scripts_neither_see_nor_replace_the_session() {
    let shop = Server::in_memory();
    let visitor = Visitor::of(&shop).await;
    visitor.sign_in(GRACE).await;
    let before = visitor.cookie().await;
    let seen = "
        for (const name of ['__Host-shop', '__Secure-shop', 'shop'])
            document.cookie = `${name}=planted; Path=/; Secure; SameSite=Lax`;
        document.cookie = '__Host-shop=; Path=/; Secure; Max-Age=0';
        await cookieStore.set('__Host-shop', 'planted').catch(() => {});
        return [document.cookie, (await cookieStore.getAll()).map(cookie => cookie.name)];";
    let seen = visitor.chromium.script(seen, &[]).await;
    assert_eq!(seen, json!(["__Secure-shop=planted; shop=planted", ["__Secure-shop", "shop"]]));
    assert!(visitor.is_signed_in().await, "other cookies beside it change nothing");
    let cookies = visitor.chromium.cookies(&visitor.shop).await;
    let after = cookies.iter().find(|cookie| cookie["name"] == COOKIE).expect("the session's cookie");
    assert_eq!(after["value"], before["value"]);
}

/// `Secure` on plain HTTP: browsers trust `localhost` as if it were https.
#[tokio::test]
async fn the_browser_takes_the_cookie_with_all_that_guards_it() {
    let shop = Server::in_memory();
    let visitor = Visitor::of(&shop).await;
    visitor.add("hook").await;
    let anonymous = visitor.cookie().await;
    visitor.sign_in(GRACE).await;
    let signed_in = visitor.cookie().await;
    assert_ne!(signed_in["value"], anonymous["value"], "a token from before sign-in is worth nothing");
    for cookie in [anonymous, signed_in] {
        assert_eq!(cookie["name"], COOKIE);
        // Without a dot before it: for this host alone, not for those below it.
        assert_eq!(cookie["domain"], "localhost");
        assert_eq!(cookie["path"], "/");
        assert_eq!(cookie["httpOnly"], true);
        assert_eq!(cookie["secure"], true);
        assert_eq!(cookie["sameSite"], "Lax");
        assert_eq!(cookie["session"], true, "it goes with the browser");
    }
}

#[tokio::test]
async fn only_who_asks_to_be_remembered_is_known_after_the_browser_was_closed() {
    let shop = Server::in_memory();
    let (plain, remembered) = tokio::join!(Visitor::of(&shop), Visitor::of(&shop));
    plain.sign_in(GRACE).await;
    remembered.sign_in_for_long(ADA).await;
    let cookie = remembered.cookie().await;
    assert_eq!(cookie["session"], false);
    let now = SystemTime::now().duration_since(UNIX_EPOCH).expect("it is after 1970").as_secs_f64();
    let days = (cookie["expires"].as_f64().expect("seconds") - now) / (24.0 * 60.0 * 60.0);
    assert!((89.9..=90.0).contains(&days), "{days}");

    let (plain, remembered) = tokio::join!(plain.restart(), remembered.restart());
    assert!(remembered.is_signed_in().await);
    assert_eq!(remembered.cookie().await["value"], cookie["value"]);
    assert!(!plain.is_signed_in().await);
    assert_eq!(plain.chromium.cookies(&plain.shop).await.len(), 0);
}

/// Half an hour between two requests is the shop's limit. The browser would keep both cookies.
#[tokio::test]
async fn what_the_browser_keeps_too_long_has_expired_at_the_server() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let file = folder.path().join("shop.redb");
    let in_time = session_of_grace(&file, Duration::from_secs(29 * 60)).await;
    let too_late = session_of_grace(&file, Duration::from_secs(31 * 60)).await;
    let shop = Server::on(&file);
    let visitor = Visitor::of(&shop).await;
    visitor.bring(COOKIE, &in_time).await;
    assert!(visitor.is_signed_in().await);
    visitor.bring(COOKIE, &too_late).await;
    assert!(!visitor.is_signed_in().await);
}
