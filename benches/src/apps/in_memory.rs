//! By hand, in a map.

use std::collections::HashMap;
use std::convert::Infallible;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::extract::FromRequestParts;
use http::request::Parts;

use super::by_hand::{Outcome, Sent, cookie, nobody, remove_cookie, set_cookie, token};
use crate::record::{SOMEBODY_ELSE, Shop, filled};
use crate::work::{Shown, Work};

type Shelf = Arc<Mutex<HashMap<String, Shop>>>;

struct Held {
    shelf: Shelf,
    token: Option<String>,
}

impl FromRequestParts<Shelf> for Held {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, shelf: &Shelf) -> Result<Self, Infallible> {
        Ok(Self { shelf: Arc::clone(shelf), token: cookie(&parts.headers).map(str::to_owned) })
    }
}

impl Held {
    fn with<R>(&self, work: impl FnOnce(&mut Shop) -> R) -> Outcome<R> {
        let token = self.token.as_deref().ok_or_else(nobody)?;
        self.shelf.lock().map_err(|_| nobody())?.get_mut(token).map(work).ok_or_else(nobody)
    }

    fn take(&self) -> Outcome<Shop> {
        let token = self.token.as_deref().ok_or_else(nobody)?;
        self.shelf.lock().map_err(|_| nobody())?.remove(token).ok_or_else(nobody)
    }

    fn put(&self, shop: Shop) -> Outcome<Sent> {
        let token = token();
        let sent = set_cookie(&token);
        self.shelf.lock().map_err(|_| nobody())?.insert(token, shop);
        Ok(sent)
    }
}

impl Work for Held {
    type Sends = Option<Sent>;
    type Error = String;

    async fn begin(self) -> Outcome<Option<Sent>> {
        self.put(filled()).map(Some)
    }

    async fn show(self) -> Outcome<Shown> {
        self.with(|shop| Shown::of(shop))
    }

    async fn read(self) -> Outcome<String> {
        self.with(|shop| shop.user_name.clone())
    }

    /// Nothing has to be copied to be read.
    async fn read8(self) -> Outcome<String> {
        self.with(|shop| std::hint::black_box(shop).user_name.clone())
    }

    async fn write(self) -> Outcome<Option<Sent>> {
        self.with(|shop| shop.signed_in_at += 1).map(|()| None)
    }

    async fn add(self) -> Outcome<Option<Sent>> {
        self.with(|shop| shop.cart[0].quantity += 1).map(|()| None)
    }

    async fn login(self) -> Outcome<Option<Sent>> {
        self.put(Shop { user_id: SOMEBODY_ELSE, ..self.take()? }).map(Some)
    }

    async fn logout(self) -> Outcome<Option<Sent>> {
        self.take().map(|_| Some(remove_cookie()))
    }
}

pub(super) async fn app() -> Router {
    crate::router!(Held).with_state(Shelf::default())
}
