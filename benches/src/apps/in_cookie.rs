//! By hand, sealed in the cookie with AES-256-GCM, as one MessagePack value.

use std::convert::Infallible;
use std::sync::Arc;

use aes_gcm::aead::{Aead as _, KeyInit as _};
use aes_gcm::{Aes256Gcm, Nonce};
use axum::Router;
use axum::extract::FromRequestParts;
use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use http::request::Parts;

use super::by_hand::{InCookie, Outcome, Sent, cookie, nobody, remove_cookie, set_cookie};
use crate::record::Shop;

const NONCE: usize = 12;

/// The schedule of the key is made once.
type Key = Arc<Aes256Gcm>;

struct Sealed {
    key: Key,
    value: Option<Vec<u8>>,
}

impl FromRequestParts<Key> for Sealed {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, key: &Key) -> Result<Self, Infallible> {
        let value = cookie(&parts.headers).and_then(|value| BASE64_URL_SAFE_NO_PAD.decode(value).ok());
        Ok(Self { key: Arc::clone(key), value })
    }
}

impl InCookie for Sealed {
    fn open(&self) -> Outcome<Shop> {
        let (nonce, sealed) =
            self.value.as_deref().and_then(|value| value.split_at_checked(NONCE)).ok_or_else(nobody)?;
        let nonce = Nonce::try_from(nonce).map_err(|_| nobody())?;
        let plain = self.key.decrypt(&nonce, sealed).map_err(|_| nobody())?;
        rmp_serde::from_slice(&plain).map_err(|error| error.to_string())
    }

    fn seal(self, shop: &Shop) -> Outcome<Sent> {
        let plain = rmp_serde::to_vec(shop).map_err(|error| error.to_string())?;
        let mut value = [0; NONCE];
        getrandom::fill(&mut value).map_err(|error| error.to_string())?;
        let sealed = self.key.encrypt(&Nonce::from(value), &plain[..]).map_err(|error| error.to_string())?;
        Ok(set_cookie(&BASE64_URL_SAFE_NO_PAD.encode([&value[..], &sealed].concat())))
    }

    fn remove(self) -> Outcome<Sent> {
        Ok(remove_cookie())
    }
}

pub(super) async fn app() -> Router {
    let mut key = [0; 32];
    getrandom::fill(&mut key).expect("the system has random bytes");
    crate::router!(Sealed).with_state(Arc::new(Aes256Gcm::new(&key.into())))
}
