//! One customer with several devices.

use tests::shop_server::{COOKIE, GRACE, Server};

use super::visitor::Visitor;

const PHONE: &str = "Safari on an iPhone";

/// A laptop and a phone, on which grace is signed in.
async fn laptop_and_phone(shop: &Server) -> (Visitor, Visitor) {
    let (laptop, phone) = tokio::join!(Visitor::of(shop), Visitor::of(shop));
    phone.be_an_iphone().await;
    laptop.sign_in(GRACE).await;
    phone.sign_in(GRACE).await;
    assert!(phone.is_signed_in().await);
    laptop.visit("/account/devices").await;
    laptop.chromium.sees(PHONE).await;
    (laptop, phone)
}

/// The phone is asked to sign in, and has no way back to what it showed. (But for the page that it is just leaving when it learns of
/// it: browsers put that away after they were told to forget. So it makes one more request.)
async fn is_out(phone: &Visitor) {
    phone.visit("/cart").await;
    phone.chromium.reload().await;
    phone.chromium.sees_no("form[action='/logout']").await;
    phone.chromium.back().await;
    phone.chromium.sees("Who can sign in here").await;
    assert!(!phone.chromium.text().await.contains("grace@"));
}

#[tokio::test]
async fn one_device_signs_another_out() {
    let shop = Server::in_memory();
    let (laptop, phone) = laptop_and_phone(&shop).await;
    laptop.chromium.click(&format!("[aria-label='Sign out {PHONE}']")).await;
    laptop.chromium.sees("That device is signed out.").await;
    assert!(!laptop.chromium.text().await.contains(PHONE));
    is_out(&phone).await;
    assert!(laptop.is_signed_in().await);
}

#[tokio::test]
async fn a_new_password_signs_all_other_devices_out() {
    const NEW: [(&str, &str); 2] = [("name", "grace"), ("password", "a nanosecond of wire")];
    let shop = Server::in_memory();
    let (laptop, phone) = laptop_and_phone(&shop).await;
    let before = laptop.cookie().await["value"].clone();
    laptop.visit("/account/password").await;
    laptop.chromium.type_into("#password", NEW[1].1).await;
    laptop.chromium.click("form[action='/account/password'] button").await;
    laptop.chromium.sees("Your password is changed. One other device is signed out.").await;
    assert_ne!(laptop.cookie().await["value"], before, "a copy of this device's cookie is worth nothing either");
    is_out(&phone).await;
    assert!(laptop.is_signed_in().await);
    phone.sign_in(NEW).await;
    assert!(phone.is_signed_in().await);
}

/// Two browsers with one cookie. The other one keeps its cookie, so only the shop can tell it that its pages are to be forgotten.
#[tokio::test]
async fn signing_out_on_one_device_ends_the_other_which_has_no_way_back() {
    let shop = Server::in_memory();
    let (one, other) = tokio::join!(Visitor::of(&shop), Visitor::of(&shop));
    one.sign_in(GRACE).await;
    let cookie = one.cookie().await["value"].as_str().expect("a token").to_owned();
    other.bring(COOKIE, &cookie).await;
    assert!(other.is_signed_in().await);

    one.sign_out().await;
    is_out(&other).await;
    assert_eq!(other.cookie().await["value"], cookie.as_str());
}
