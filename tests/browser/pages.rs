//! How the pages look: on a desk and on a phone, in the light and in the dark.
//!
//! `docs/screenshots/take` keeps pictures of them.

use std::path::PathBuf;

use serde_json::json;
use tests::shop_server::{ADA, Server};

use super::visitor::Visitor;

/// Fails with a list of what is wrong.
const LOOK: &str = include_str!("look.js");

/// Widths in CSS pixels, and the system's colours.
const WINDOWS: [(&str, u32, &str); 3] = [("", 1200, "light"), ("-phone", 390, "light"), ("-dark", 1200, "dark")];

/// Pages to look at, and the name of the picture of those that are shown in the documentation.
const SIGNED_OUT: [(&str, Option<&str>); 3] = [("/login", Some("sign-in")), ("/", None), ("/nothing/here", None)];
const SIGNED_IN: [(&str, Option<&str>); 7] = [
    ("/", Some("front")),
    ("/cart", Some("cart")),
    ("/account/devices", Some("devices")),
    ("/account", None),
    ("/account/email", None),
    ("/account/password", None),
    ("/admin", None),
];

#[tokio::test]
async fn the_pages_fit_the_window_and_can_be_read() {
    let shop = Server::in_memory();
    let (visitor, phone) = tokio::join!(Visitor::of(&shop), Visitor::of(&shop));
    phone.be_an_iphone().await;
    phone.sign_in(ADA).await;
    look_at(&visitor, &SIGNED_OUT).await;
    for product in ["hook", "umbrella", "scarf"] {
        visitor.add(product).await;
    }
    visitor.sign_in(ADA).await;
    look_at(&visitor, &SIGNED_IN).await;
}

async fn look_at(visitor: &Visitor, pages: &[(&str, Option<&str>)]) {
    for (window, width, colours) in WINDOWS {
        let scheme = json!({ "features": [{ "name": "prefers-color-scheme", "value": colours }] });
        visitor.chromium.ask("Emulation.setEmulatedMedia", scheme).await;
        for (path, picture) in pages {
            resize(visitor, width, 700).await;
            visitor.visit(path).await;
            let wrong = visitor.chromium.script(LOOK, &[]).await;
            assert_eq!(wrong, json!([]), "{path} at {width}, {colours}");
            if let Some(name) = picture {
                keep(visitor, width, &format!("{name}{window}.png")).await;
            }
        }
    }
}

async fn resize(visitor: &Visitor, width: u32, height: u64) {
    let window = json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": false });
    visitor.chromium.ask("Emulation.setDeviceMetricsOverride", window).await;
}

/// A picture of the page from top to bottom, where the environment names a folder for it (from the repository's root).
async fn keep(visitor: &Visitor, width: u32, name: &str) {
    let Some(folder) = std::env::var_os("SCREENSHOTS") else { return };
    let folder = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/..")).join(folder);
    let height = visitor.chromium.script("return document.documentElement.scrollHeight", &[]).await;
    resize(visitor, width, height.as_u64().expect("a height")).await;
    std::fs::create_dir_all(&folder).expect("a folder");
    std::fs::write(folder.join(name), visitor.chromium.picture().await).expect("room for a picture");
}
