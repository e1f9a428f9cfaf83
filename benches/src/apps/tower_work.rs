//! tower-sessions, as its documentation shows: a key for each field.

use serde::de::DeserializeOwned;
use tower_sessions::Session;
use tower_sessions::session::Error;

use crate::record::{Item, Preferences, Role, SOMEBODY_ELSE, filled};
use crate::work::{Shown, Work};

async fn get<T: DeserializeOwned + Default>(session: &Session, key: &str) -> Result<T, Error> {
    Ok(session.get(key).await?.unwrap_or_default())
}

/// Asked first, since removing what is not there would save the session as well.
async fn shown_once(session: &Session) -> Result<Option<String>, Error> {
    match session.get("notice").await? {
        Some(notice) => session.remove_value("notice").await.map(|_| Some(notice)),
        None => Ok(None),
    }
}

impl Work for Session {
    type Sends = ();
    type Error = Error;

    async fn begin(self) -> Result<(), Error> {
        let shop = filled();
        self.insert("user_id", shop.user_id).await?;
        self.insert("user_name", shop.user_name).await?;
        self.insert("role", shop.role).await?;
        self.insert("signed_in_at", shop.signed_in_at).await?;
        self.insert("cart", shop.cart).await?;
        self.insert("preferences", shop.preferences).await?;
        self.insert("csrf", shop.csrf).await
    }

    async fn show(self) -> Result<Shown, Error> {
        let cart: Vec<Item> = get(&self, "cart").await?;
        let (user_id, signed_in_at) = (get(&self, "user_id").await?, get(&self, "signed_in_at").await?);
        Ok(Shown { user_id, signed_in_at, first: cart.first().map_or(0, |item| item.quantity) })
    }

    async fn read(self) -> Result<String, Error> {
        get(&self, "user_name").await
    }

    async fn read8(self) -> Result<String, Error> {
        let user: (u64, String, Role, u64) = (
            get(&self, "user_id").await?,
            get(&self, "user_name").await?,
            get(&self, "role").await?,
            get(&self, "signed_in_at").await?,
        );
        let rest: (Vec<Item>, Preferences, String, Option<String>) = (
            get(&self, "cart").await?,
            get(&self, "preferences").await?,
            get(&self, "csrf").await?,
            shown_once(&self).await?,
        );
        std::hint::black_box((&user, &rest));
        Ok(user.1)
    }

    async fn write(self) -> Result<(), Error> {
        let signed_in_at: u64 = get(&self, "signed_in_at").await?;
        self.insert("signed_in_at", signed_in_at + 1).await
    }

    async fn add(self) -> Result<(), Error> {
        let mut cart: Vec<Item> = get(&self, "cart").await?;
        cart[0].quantity += 1;
        self.insert("cart", cart).await
    }

    async fn login(self) -> Result<(), Error> {
        self.cycle_id().await?;
        self.insert("user_id", SOMEBODY_ELSE).await
    }

    async fn logout(self) -> Result<(), Error> {
        self.flush().await
    }
}
