//! What the endpoints do, whoever keeps the session.

use std::fmt::Display;

use crate::record::Shop;

/// One request's session: each endpoint calls the method of its name, once.
#[allow(async_fn_in_trait, reason = "the endpoints name the types, and so know whether a future is Send")]
pub trait Work: Sized {
    /// What has to go with the response: a cookie, where no layer sets it.
    type Sends;
    type Error: Display;

    /// Begins a session with the whole record (`filled`).
    async fn begin(self) -> Result<Self::Sends, Self::Error>;
    /// What the others change. Not measured.
    async fn show(self) -> Result<Shown, Self::Error>;
    /// The user's name.
    async fn read(self) -> Result<String, Self::Error>;
    /// All eight fields; answers with the user's name.
    async fn read8(self) -> Result<String, Self::Error>;
    /// Counts `signed_in_at` up: setting what is there already would write nothing.
    async fn write(self) -> Result<Self::Sends, Self::Error>;
    /// One more of the first thing in the cart.
    async fn add(self) -> Result<Self::Sends, Self::Error>;
    /// A new token, then `SOMEBODY_ELSE` as user.
    async fn login(self) -> Result<Self::Sends, Self::Error>;
    /// The session ends.
    async fn logout(self) -> Result<Self::Sends, Self::Error>;
}

/// What the endpoints change of a record.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Shown {
    pub user_id: u64,
    pub signed_in_at: u64,
    pub first: u32,
}

impl Shown {
    pub fn of(shop: &Shop) -> Self {
        Self { user_id: shop.user_id, signed_in_at: shop.signed_in_at, first: shop.cart[0].quantity }
    }
}

impl Display for Shown {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {} {}", self.user_id, self.signed_in_at, self.first)
    }
}
