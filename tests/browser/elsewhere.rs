//! A page of somebody else's, and what it tries on a visitor of the shop.
//!
//! It comes from another port of `localhost`, which is another origin of the same site, whose requests carry the session's cookie;
//! and from `127.0.0.1`, which is another site, whose requests do not, but for links that are followed.

use axum::Router;
use axum::response::Html;
use axum::routing::get;
use serde_json::{Value, json};
use tests::shop_server::{GRACE, Server};
use tokio::net::TcpListener;

use super::visitor::{Visitor, line};

/// Both addresses of it.
const HOSTS: [&str; 2] = ["localhost", "127.0.0.1"];

const PAGE: &str = r#"<!doctype html>
<title>You have won</title>
<h1>You have won</h1>
<form id="add" method="post" action="SHOP/cart/add"><input name="product" value="bowler"><button>Claim</button></form>
<form id="order" method="post" action="SHOP/checkout"><button>Claim</button></form>
<form id="leave" method="post" action="SHOP/logout"><button>Claim</button></form>
<form id="json" method="post" action="SHOP/api/cart" enctype="text/plain">
  <input name='{"product": "bowler", "quantity": 1, "x": "' value='"}'><button>Claim</button>
</form>
<a id="link" href="SHOP/account">Your prize</a>
<iframe src="SHOP/account"></iframe>
"#;

/// Another web server, which ends with the test's runtime.
pub struct Elsewhere(u16);

impl Elsewhere {
    pub async fn start(shop: &str) -> Self {
        let page = PAGE.replace("SHOP", shop);
        let app = Router::new().route("/", get(async move || Html(page)));
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let port = listener.local_addr().expect("an address").port();
        tokio::spawn(axum::serve(listener, app).into_future());
        Self(port)
    }

    pub fn at(&self, host: &str) -> String {
        format!("http://{host}:{}/", self.0)
    }
}

/// A visitor who is signed in and has something in the cart, and the other pages.
async fn signed_in(shop: &Server) -> (Visitor, Elsewhere) {
    let visitor = Visitor::of(shop).await;
    visitor.add("lavender").await;
    visitor.sign_in(GRACE).await;
    let elsewhere = Elsewhere::start(&visitor.shop).await;
    (visitor, elsewhere)
}

/// Nothing of what was tried has changed anything.
async fn is_as_before(visitor: &Visitor, cookie: &Value, what: &str) {
    assert_eq!(visitor.cookie().await["value"], cookie["value"], "{what}");
    assert_eq!(visitor.cart().await, [line("lavender", 1)], "{what}");
    assert!(visitor.is_signed_in().await, "{what}");
}

#[tokio::test]
async fn forms_of_other_origins_are_refused() {
    let shop = Server::in_memory();
    let (visitor, elsewhere) = signed_in(&shop).await;
    let cookie = visitor.cookie().await;
    for host in HOSTS {
        for form in ["add", "order", "leave", "json"] {
            visitor.chromium.go(&elsewhere.at(host)).await;
            visitor.chromium.click(&format!("#{form} button")).await;
            visitor.chromium.sees("Not with this ticket").await;
            is_as_before(&visitor, &cookie, &format!("{form} from {host}")).await;
        }
    }
}

#[tokio::test]
async fn scripts_of_other_origins_change_nothing_and_read_nothing() {
    const TRY: &str = "
        const [shop] = arguments, form = new URLSearchParams({ product: 'bowler' });
        const item = JSON.stringify({ product: 'bowler', quantity: 1 }), headers = { 'Content-Type': 'application/json' };
        const tries = [
            ['/cart/add', { method: 'POST', body: form, mode: 'no-cors' }],
            ['/cart/add', { method: 'POST', body: form }],
            ['/api/cart', { method: 'POST', body: item, mode: 'no-cors' }],
            ['/api/cart', { method: 'POST', body: item, headers }],
            ['/api/cart', { method: 'DELETE' }],
            ['/logout', { method: 'POST', mode: 'no-cors' }],
            ['/api/cart', {}],
            ['/account', { mode: 'no-cors' }],
        ];
        const seen = ([path, options]) => fetch(shop + path, { credentials: 'include', ...options })
            .then(async response => `${response.type} ${response.status} ${await response.text()}`)
            .catch(error => error.name);
        return Promise.all(tries.map(seen));";
    let shop = Server::in_memory();
    let (visitor, elsewhere) = signed_in(&shop).await;
    let cookie = visitor.cookie().await;
    for host in HOSTS {
        visitor.chromium.go(&elsewhere.at(host)).await;
        let seen = visitor.chromium.script(TRY, &[json!(visitor.shop)]).await;
        let (unread, stopped) = ("opaque 0 ", "TypeError");
        assert_eq!(seen, json!([unread, stopped, unread, stopped, stopped, unread, stopped, unread]), "{host}");
        is_as_before(&visitor, &cookie, host).await;
    }
}

/// Where a click could be stolen: on another port it would be signed in.
#[tokio::test]
async fn the_shop_is_not_to_be_framed() {
    let shop = Server::in_memory();
    let (visitor, elsewhere) = signed_in(&shop).await;
    for host in HOSTS {
        visitor.chromium.go(&elsewhere.at(host)).await;
        assert_eq!(visitor.chromium.frame_url("iframe").await, "chrome-error://chromewebdata/", "{host}");
    }
}

#[tokio::test]
async fn who_follows_a_link_from_elsewhere_is_still_signed_in() {
    let shop = Server::in_memory();
    let (visitor, elsewhere) = signed_in(&shop).await;
    for host in HOSTS {
        visitor.chromium.go(&elsewhere.at(host)).await;
        visitor.chromium.click("#link").await;
        visitor.chromium.sees("Hello, grace").await;
    }
    assert_eq!(visitor.cart().await, [line("lavender", 1)]);
}
