//! What the hand-written ones share: the least that a session can cost, with none of the promises. The token is not hashed, and the
//! last writer wins.

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use http::{HeaderMap, HeaderName, HeaderValue, header};

use crate::record::{SOMEBODY_ELSE, Shop, filled};
use crate::work::{Shown, Work};

/// What goes with a response.
pub(super) type Sent = [(HeaderName, HeaderValue); 1];

/// Nobody is signed in, or a server did not answer.
pub(super) type Outcome<T> = Result<T, String>;

pub(super) fn nobody() -> String {
    "nobody is signed in".to_owned()
}

/// The value of the cookie `shop`.
pub(super) fn cookie(headers: &HeaderMap) -> Option<&str> {
    let pairs = headers.get_all(header::COOKIE).iter().filter_map(|header| header.to_str().ok());
    pairs.flat_map(|header| header.split("; ")).find_map(|pair| pair.strip_prefix("shop="))
}

/// 256 random bits, as text.
pub(super) fn token() -> String {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes).expect("the system has random bytes");
    BASE64_URL_SAFE_NO_PAD.encode(bytes)
}

pub(super) fn set_cookie(value: &str) -> Sent {
    let cookie = ["shop=", value, "; HttpOnly; SameSite=Lax; Secure; Path=/"].concat();
    [(header::SET_COOKIE, HeaderValue::try_from(cookie).expect("visible ASCII"))]
}

pub(super) fn remove_cookie() -> Sent {
    let cookie = "shop=; HttpOnly; SameSite=Lax; Secure; Path=/; Max-Age=0";
    [(header::SET_COOKIE, HeaderValue::from_static(cookie))]
}

/// A session that is in its cookie: all of it is opened, and all of it sealed.
pub(super) trait InCookie: Sized {
    fn open(&self) -> Outcome<Shop>;
    fn seal(self, shop: &Shop) -> Outcome<Sent>;
    fn remove(self) -> Outcome<Sent>;

    fn change(self, change: impl FnOnce(&mut Shop)) -> Outcome<Sent> {
        let mut shop = self.open()?;
        change(&mut shop);
        self.seal(&shop)
    }
}

impl<T: InCookie> Work for T {
    type Sends = Sent;
    type Error = String;

    async fn begin(self) -> Outcome<Sent> {
        self.seal(&filled())
    }

    async fn show(self) -> Outcome<Shown> {
        self.open().map(|shop| Shown::of(&shop))
    }

    async fn read(self) -> Outcome<String> {
        self.open().map(|shop| shop.user_name)
    }

    async fn read8(self) -> Outcome<String> {
        self.open().map(|shop| std::hint::black_box(shop).user_name)
    }

    async fn write(self) -> Outcome<Sent> {
        self.change(|shop| shop.signed_in_at += 1)
    }

    async fn add(self) -> Outcome<Sent> {
        self.change(|shop| shop.cart[0].quantity += 1)
    }

    async fn login(self) -> Outcome<Sent> {
        self.change(|shop| shop.user_id = SOMEBODY_ELSE)
    }

    async fn logout(self) -> Outcome<Sent> {
        self.remove()
    }
}
