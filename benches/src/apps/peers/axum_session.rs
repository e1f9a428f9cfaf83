//! axum_session, in memory.

use std::convert::Infallible;

use axum::Router;
use axum_session::{SessionConfig, SessionLayer, SessionNullPool, SessionNullSession, SessionStore};

use crate::record::{Item, Preferences, Role, SOMEBODY_ELSE, filled};
use crate::work::{Shown, Work};

/// Asked first, since removing what is not there would save the session as well.
fn shown_once(session: &SessionNullSession) -> Option<String> {
    let notice = session.get("notice");
    notice.inspect(|_: &String| session.remove("notice"))
}

impl Work for SessionNullSession {
    type Sends = ();
    type Error = Infallible;

    async fn begin(self) -> Result<(), Infallible> {
        let shop = filled();
        self.set("user_id", shop.user_id);
        self.set("user_name", shop.user_name);
        self.set("role", shop.role);
        self.set("signed_in_at", shop.signed_in_at);
        self.set("cart", shop.cart);
        self.set("preferences", shop.preferences);
        self.set("csrf", shop.csrf);
        Ok(())
    }

    async fn show(self) -> Result<Shown, Infallible> {
        let cart: Vec<Item> = self.get("cart").unwrap_or_default();
        let [user_id, signed_in_at] = ["user_id", "signed_in_at"].map(|key| self.get(key).unwrap_or_default());
        Ok(Shown { user_id, signed_in_at, first: cart.first().map_or(0, |item| item.quantity) })
    }

    async fn read(self) -> Result<String, Infallible> {
        Ok(self.get("user_name").unwrap_or_default())
    }

    async fn read8(self) -> Result<String, Infallible> {
        let user: (Option<u64>, Option<String>, Option<Role>, Option<u64>) =
            (self.get("user_id"), self.get("user_name"), self.get("role"), self.get("signed_in_at"));
        let rest: (Option<Vec<Item>>, Option<Preferences>, Option<String>, Option<String>) =
            (self.get("cart"), self.get("preferences"), self.get("csrf"), shown_once(&self));
        std::hint::black_box((&user, &rest));
        Ok(user.1.unwrap_or_default())
    }

    async fn write(self) -> Result<(), Infallible> {
        let signed_in_at: u64 = self.get("signed_in_at").unwrap_or_default();
        self.set("signed_in_at", signed_in_at + 1);
        Ok(())
    }

    async fn add(self) -> Result<(), Infallible> {
        let mut cart: Vec<Item> = self.get("cart").unwrap_or_default();
        cart[0].quantity += 1;
        self.set("cart", cart);
        Ok(())
    }

    async fn login(self) -> Result<(), Infallible> {
        self.renew();
        self.set("user_id", SOMEBODY_ELSE);
        Ok(())
    }

    async fn logout(self) -> Result<(), Infallible> {
        self.destroy();
        Ok(())
    }
}

pub(in crate::apps) async fn app() -> Router {
    let store = SessionStore::<SessionNullPool>::new(None, SessionConfig::default()).await.expect("a store");
    crate::router!(SessionNullSession).layer(SessionLayer::new(store))
}
