//! The session of DESIGN.md, with every kind of field.

use cloakroom::SessionData;
use serde::{Deserialize, Serialize};

/// Who is signed in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UserId(pub u64);

/// What they may do.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Role {
    /// Look and buy.
    #[default]
    Customer,
    /// Everything.
    Admin,
}

/// How the pages look.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Theme {
    /// As the browser says.
    System,
    /// Dark on light.
    Light,
    /// Light on dark.
    Dark,
}

/// One line of the cart.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CartItem {
    /// What.
    pub product: String,
    /// How many.
    pub quantity: u32,
}

impl CartItem {
    /// One of a product.
    pub fn one(product: impl Into<String>) -> Self {
        Self { product: product.into(), quantity: 1 }
    }
}

/// What the shop remembers about a visitor.
#[derive(Clone, Debug, PartialEq, SessionData)]
#[session(cookie = "shop", idle = "30m", absolute = "12h")]
pub struct Shop {
    /// Who is signed in.
    #[session(owner)]
    pub user_id: Option<UserId>,
    /// What they may do.
    pub role: Role,
    /// What they want to buy.
    pub cart: Vec<CartItem>,
    /// A number that requests count up.
    pub visits: u64,
    /// Shown once.
    #[session(flash)]
    pub notice: Option<String>,
    /// Proves that a sign-in came back to who began it.
    #[session(ttl = "10m")]
    pub oauth_state: Option<String>,
    /// How the pages look.
    #[session(default = Theme::System, rename = "themeName")]
    pub theme: Theme,
}
