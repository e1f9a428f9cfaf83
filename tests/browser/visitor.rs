//! A visitor of the shop, by way of its pages.

use serde_json::{Value, json};
use tests::shop_server::Server;

use super::chromium::Chromium;

pub struct Visitor {
    pub chromium: Chromium,
    /// Where the shop is.
    pub shop: String,
}

impl Visitor {
    /// Somebody with a new browser, who comes by `localhost`.
    pub async fn of(server: &Server) -> Self {
        Self { chromium: Chromium::open().await, shop: server.address.replace("127.0.0.1", "localhost") }
    }

    /// The same visitor, tomorrow.
    pub async fn restart(self) -> Self {
        Self { chromium: self.chromium.restart().await, ..self }
    }

    /// Says of the browser that it is another: "Safari on an iPhone", in the shop's words.
    pub async fn be_an_iphone(&self) {
        const IPHONE: &str = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) \
            Version/18.5 Mobile/15E148 Safari/604.1";
        self.chromium.ask("Emulation.setUserAgentOverride", json!({ "userAgent": IPHONE })).await;
    }

    pub async fn visit(&self, path: &str) {
        self.chromium.go(&format!("{}{path}", self.shop)).await;
    }

    pub async fn add(&self, product: &str) {
        self.visit("/").await;
        self.chromium.click(&format!("form:has([value={product}]) button")).await;
        self.chromium.sees("is in your cart.").await;
    }

    pub async fn sign_in(&self, who: [(&str, &str); 2]) {
        self.visit("/login").await;
        self.fill_in_and_send(who).await;
    }

    /// The same, with a tick at "Remember me".
    pub async fn sign_in_for_long(&self, who: [(&str, &str); 2]) {
        self.visit("/login").await;
        self.chromium.click("[name=remember]").await;
        self.fill_in_and_send(who).await;
    }

    async fn fill_in_and_send(&self, fields: [(&str, &str); 2]) {
        for (name, value) in fields {
            self.chromium.type_into(&format!("[name={name}]"), value).await;
        }
        self.chromium.click("form[action='/login'] button").await;
        self.chromium.sees(&format!("Welcome, {}.", fields[0].1)).await;
    }

    pub async fn sign_out(&self) {
        self.chromium.click("form[action='/logout'] button").await;
        self.chromium.sees("You are signed out.").await;
    }

    /// Does the shop show the account, or the way to sign in?
    pub async fn is_signed_in(&self) -> bool {
        self.visit("/account").await;
        let url = self.chromium.url().await;
        let asked_to_sign_in = url == format!("{}/login?next=/account", self.shop);
        assert!(asked_to_sign_in || url == format!("{}/account", self.shop), "{url}");
        !asked_to_sign_in
    }

    /// What the page of the cart shows.
    pub async fn cart(&self) -> Vec<(String, u64)> {
        self.visit("/cart").await;
        let lines = "return [...document.querySelectorAll('.quantity')].map(form => \
            [form.elements.product.value, form.elements.quantity.valueAsNumber])";
        serde_json::from_value(self.chromium.script(lines, &[]).await).expect("products and numbers")
    }

    /// The only cookie that the shop sets.
    pub async fn cookie(&self) -> Value {
        let cookies = self.chromium.cookies(&self.shop).await;
        assert_eq!(cookies.len(), 1, "{cookies:?}");
        cookies[0].clone()
    }

    /// Puts a session's cookie into the browser, which keeps it for as long as it likes.
    pub async fn bring(&self, name: &str, value: &str) {
        let cookie = json!({
            "name": name, "value": value, "url": self.shop, "path": "/", "secure": true, "httpOnly": true, "sameSite": "Lax",
        });
        assert_eq!(self.chromium.ask("Network.setCookie", cookie).await["success"], true);
    }
}

pub fn line(product: &str, quantity: u64) -> (String, u64) {
    (product.to_owned(), quantity)
}
