//! actix-session.

use std::future::Ready;

use actix_session::Session;
use actix_web::dev::Payload;
use actix_web::{Error, FromRequest, HttpRequest};
use benches::record::{Item, Preferences, Role, SOMEBODY_ELSE, filled};
use benches::work::{Shown, Work};
use serde::Serialize;
use serde::de::DeserializeOwned;

/// Its session, so that it can be given our trait.
pub(super) struct Peer(Session);

type Outcome<T> = Result<T, Error>;

impl FromRequest for Peer {
    type Error = Error;
    type Future = Ready<Outcome<Self>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        std::future::ready(Session::from_request(request, payload).into_inner().map(Self))
    }
}

impl Peer {
    fn get<T: DeserializeOwned + Default>(&self, key: &str) -> Outcome<T> {
        Ok(self.0.get(key)?.unwrap_or_default())
    }

    /// Asked first, since removing what is not there would save the session as well.
    fn shown_once(&self) -> Outcome<Option<String>> {
        let notice = self.0.get("notice")?;
        if notice.is_some() {
            self.0.remove("notice");
        }
        Ok(notice)
    }

    fn set(&self, key: &str, value: impl Serialize) -> Outcome<()> {
        Ok(self.0.insert(key, value)?)
    }
}

impl Work for Peer {
    type Sends = ();
    type Error = Error;

    async fn begin(self) -> Outcome<()> {
        let shop = filled();
        self.set("user_id", shop.user_id)?;
        self.set("user_name", shop.user_name)?;
        self.set("role", shop.role)?;
        self.set("signed_in_at", shop.signed_in_at)?;
        self.set("cart", shop.cart)?;
        self.set("preferences", shop.preferences)?;
        self.set("csrf", shop.csrf)
    }

    async fn show(self) -> Outcome<Shown> {
        let cart: Vec<Item> = self.get("cart")?;
        let (user_id, signed_in_at) = (self.get("user_id")?, self.get("signed_in_at")?);
        Ok(Shown { user_id, signed_in_at, first: cart.first().map_or(0, |item| item.quantity) })
    }

    async fn read(self) -> Outcome<String> {
        self.get("user_name")
    }

    async fn read8(self) -> Outcome<String> {
        let user: (u64, String, Role, u64) =
            (self.get("user_id")?, self.get("user_name")?, self.get("role")?, self.get("signed_in_at")?);
        let rest: (Vec<Item>, Preferences, String, Option<String>) =
            (self.get("cart")?, self.get("preferences")?, self.get("csrf")?, self.shown_once()?);
        std::hint::black_box((&user, &rest));
        Ok(user.1)
    }

    async fn write(self) -> Outcome<()> {
        let signed_in_at: u64 = self.get("signed_in_at")?;
        self.set("signed_in_at", signed_in_at + 1)
    }

    async fn add(self) -> Outcome<()> {
        let mut cart: Vec<Item> = self.get("cart")?;
        cart[0].quantity += 1;
        self.set("cart", cart)
    }

    async fn login(self) -> Outcome<()> {
        self.0.renew();
        self.set("user_id", SOMEBODY_ELSE)
    }

    async fn logout(self) -> Outcome<()> {
        self.0.purge();
        Ok(())
    }
}
