//! "Where you are signed in": a customer sees their devices, signs one out, and a new password signs out all others.

use std::time::Duration;

use reqwest::StatusCode;

use super::{ADA, COOKIE, GRACE, HttpBrowser, Page, Server, is_signed_in, session_of_grace, sign_in};

const FIREFOX: &str = "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0";
const PHONE: &str = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) \
                     Version/26.0 Mobile/15E148 Safari/604.1";
const EDGE: &str = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 \
                    Safari/537.36 Edg/142.0.0.0";
const NEW: &str = "three words and a moth";

async fn device(shop: &Server, user_agent: &str, who: [(&str, &str); 2]) -> HttpBrowser {
    let browser = HttpBrowser::at(&shop.address).called(user_agent);
    sign_in(&browser, who, &[]).await;
    browser
}

/// The ids that the page would sign out, in its order.
fn ids(page: &Page) -> Vec<String> {
    let fields = page.text.split("name=\"id\" value=\"").skip(1);
    fields.map(|rest| rest.split('"').next().expect("a value ends").to_owned()).collect()
}

#[tokio::test]
async fn devices_are_shown_and_signed_out_one_by_one() {
    let shop = Server::in_memory();
    let here = device(&shop, FIREFOX, GRACE).await;
    let phone = device(&shop, PHONE, GRACE).await;
    device(&shop, EDGE, ADA).await;

    let page = here.page("/account/devices").await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.has("Firefox on Linux <strong>(this one)</strong>"), "{}", page.text);
    assert!(page.has("Safari on an iPhone") && !page.has("Edge on Windows"), "{}", page.text);
    let [other] = &ids(&page)[..] else { panic!("one other device: {}", page.text) };

    let ada = device(&shop, EDGE, ADA).await;
    assert_eq!(ada.submit("/account/devices/sign-out", &[("id", other)]).await.leads_to(), "/account/devices");
    assert!(is_signed_in(&phone).await, "nobody signs out somebody else's device");
    let forged = here.submit_from_elsewhere("/account/devices/sign-out", &[("id", other)]).await;
    assert_eq!(forged.status, StatusCode::FORBIDDEN);

    assert_eq!(here.submit("/account/devices/sign-out", &[("id", other)]).await.leads_to(), "/account/devices");
    assert!(here.page("/account/devices").await.has("That device is signed out."));
    assert!(!is_signed_in(&phone).await && is_signed_in(&here).await);
    assert!(ids(&here.page("/account/devices").await).is_empty());
}

#[tokio::test]
async fn all_others_are_signed_out_at_once() {
    let shop = Server::in_memory();
    let here = device(&shop, FIREFOX, GRACE).await;
    let others = [device(&shop, PHONE, GRACE).await, device(&shop, EDGE, GRACE).await];
    here.submit("/account/devices/sign-out-others", &[]).await;
    assert!(here.page("/account/devices").await.has("2 other devices are signed out."));
    assert!(is_signed_in(&here).await);
    for other in &others {
        assert!(!is_signed_in(other).await);
    }
}

/// Whoever finds an unlocked computer sees the list, and cannot sign its owner out anywhere.
#[tokio::test]
async fn signing_others_out_takes_a_fresh_password() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("shop.redb");
    let token = session_of_grace(&file, Duration::from_secs(11 * 60)).await;
    let shop = Server::on(&file);
    let phone = device(&shop, PHONE, GRACE).await;
    let here = HttpBrowser::at(&shop.address);
    here.set_cookie(COOKIE, &token);
    let [other] = &ids(&here.page("/account/devices").await)[..] else { panic!("the list is shown all the same") };

    for path in ["/account/devices/sign-out", "/account/devices/sign-out-others"] {
        assert_eq!(here.submit(path, &[("id", other)]).await.leads_to(), "/login?next=/account/devices", "{path}");
        assert!(is_signed_in(&phone).await, "{path}");
    }
    let back = sign_in(&here, GRACE, &[("next", "/account/devices")]).await;
    assert_eq!(back.leads_to(), "/account/devices");
    assert_eq!(here.submit("/account/devices/sign-out", &[("id", other)]).await.leads_to(), "/account/devices");
    assert!(!is_signed_in(&phone).await && is_signed_in(&here).await);
    here.submit("/account/devices/sign-out", &[("id", other)]).await;
    assert!(here.page("/account/devices").await.has("That one is no longer in the list."));
}

#[tokio::test]
async fn a_new_password_signs_all_other_devices_out() {
    let folder = tempfile::tempdir().expect("a folder");
    let shop = Server::on(&folder.path().join("shop.redb"));
    let here = device(&shop, FIREFOX, GRACE).await;
    let phone = device(&shop, PHONE, GRACE).await;
    let thief = here.copy();
    let ada = device(&shop, EDGE, ADA).await;

    assert_eq!(here.submit("/account/password", &[("password", "short")]).await.leads_to(), "/account/password");
    assert!(here.page("/account/password").await.has("15 characters at least"));
    assert!(is_signed_in(&phone).await);

    assert_eq!(here.submit("/account/password", &[("password", NEW)]).await.leads_to(), "/account/devices");
    let page = here.page("/account/devices").await;
    assert!(page.has("Your password is changed. One other device is signed out."), "{}", page.text);
    assert!(ids(&page).is_empty() && page.has("Firefox on Linux"), "{}", page.text);
    assert!(!is_signed_in(&phone).await, "the other device is out");
    assert!(!is_signed_in(&thief).await, "a copy of the old cookie is worth nothing");
    assert!(is_signed_in(&here).await && is_signed_in(&ada).await);

    let old = HttpBrowser::at(&shop.address).submit("/login", &GRACE).await;
    assert_eq!(old.status, StatusCode::UNAUTHORIZED);
    sign_in(&phone, [("name", "grace"), ("password", NEW)], &[]).await;
    assert_eq!(ids(&here.page("/account/devices").await).len(), 1);
}

/// Sealed sessions are nowhere to be listed, and the shop says so.
#[tokio::test]
async fn devices_of_sealed_sessions_are_not_known() {
    let shop = Server::start(&["--store", "cookie"]);
    let here = device(&shop, FIREFOX, GRACE).await;
    let page = here.page("/account/devices").await;
    assert!(page.status == StatusCode::OK && page.has("does not know where else you are signed in"), "{}", page.text);
    here.submit("/account/password", &[("password", NEW)]).await;
    assert!(here.page("/account/devices").await.has("Sign out on other devices yourself"));
}
