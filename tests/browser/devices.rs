//! One visitor with several devices.

use tests::shop_server::{COOKIE, GRACE, Server};

use super::visitor::Visitor;

/// Two browsers with one cookie. The other one keeps its cookie, so only the shop can tell it that its pages are to be forgotten.
#[tokio::test]
async fn signing_out_on_one_device_ends_the_other_which_has_no_way_back() {
    let shop = Server::in_memory();
    let (one, other) = tokio::join!(Visitor::of(&shop), Visitor::of(&shop));
    one.sign_in(GRACE).await;
    let cookie = one.cookie().await["value"].as_str().expect("a token").to_owned();
    other.bring(COOKIE, &cookie).await;
    assert!(other.is_signed_in().await);
    other.visit("/cart").await;

    one.sign_out().await;
    other.chromium.reload().await;
    other.chromium.sees_no("form[action='/logout']").await;
    assert_eq!(other.cookie().await["value"], cookie.as_str());
    other.chromium.back().await;
    other.chromium.sees("Who can sign in here").await;
    assert!(!other.chromium.text().await.contains("grace@"));
}
