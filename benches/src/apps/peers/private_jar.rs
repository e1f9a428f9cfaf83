//! The record as JSON in a private cookie of the crate `cookie`, as axum-extra's `PrivateCookieJar` has it.

use std::convert::Infallible;

use axum::Router;
use axum::extract::FromRequestParts;
use cookie::{Cookie, CookieJar, Key, SameSite};
use http::request::Parts;
use http::{HeaderValue, header};

use crate::apps::by_hand::{InCookie, Outcome, Sent};
use crate::record::Shop;

struct Private {
    key: Key,
    jar: CookieJar,
}

impl FromRequestParts<Key> for Private {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, key: &Key) -> Result<Self, Infallible> {
        let mut jar = CookieJar::new();
        let headers = parts.headers.get_all(header::COOKIE).iter().filter_map(|header| header.to_str().ok());
        for cookie in headers.flat_map(|header| Cookie::split_parse_encoded(header.to_owned())).flatten() {
            jar.add_original(cookie);
        }
        Ok(Self { key: key.clone(), jar })
    }
}

impl Private {
    fn sent(&self) -> Outcome<Sent> {
        let cookie = self.jar.delta().next().ok_or("nothing changed")?;
        let value = HeaderValue::try_from(cookie.encoded().to_string()).map_err(|error| error.to_string())?;
        Ok([(header::SET_COOKIE, value)])
    }
}

impl InCookie for Private {
    fn open(&self) -> Outcome<Shop> {
        let cookie = self.jar.private(&self.key).get("shop").ok_or("nobody is signed in")?;
        serde_json::from_str(cookie.value()).map_err(|error| error.to_string())
    }

    fn seal(mut self, shop: &Shop) -> Outcome<Sent> {
        let value = serde_json::to_string(shop).map_err(|error| error.to_string())?;
        let cookie = Cookie::build(("shop", value)).path("/").http_only(true).secure(true).same_site(SameSite::Lax);
        self.jar.private_mut(&self.key).add(cookie);
        self.sent()
    }

    fn remove(mut self) -> Outcome<Sent> {
        self.jar.private_mut(&self.key).remove(Cookie::build("shop").path("/"));
        self.sent()
    }
}

pub(in crate::apps) async fn app() -> Router {
    crate::router!(Private).with_state(Key::generate())
}
