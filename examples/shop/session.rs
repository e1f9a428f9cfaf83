//! What the shop remembers about a visitor.

use std::fmt;

use cloakroom::{SessionData, session_guard};
use serde::{Deserialize, Serialize};

/// Half an hour between two requests, twelve hours in all: enough to shop. "Remember me" asks for more.
#[derive(SessionData)]
#[session(cookie = "shop", idle = "30m", absolute = "12h")]
pub struct Shop {
    /// Who is signed in. Setting it gives the session a new token, so a token from before sign-in is worth nothing.
    #[session(owner)]
    pub user_id: Option<UserId>,

    /// What they may do. Copied here at sign-in, so that a guard need not ask the database.
    pub role: Role,

    /// What the browser called itself at sign-in, for the list of devices.
    pub device: String,

    /// What they want. Kept from before sign-in to after.
    pub cart: Vec<CartItem>,

    /// Said once, on the next page.
    #[session(flash)]
    pub notice: Option<String>,

    /// An e-mail address that was refused, for the form to show once more.
    #[session(flash)]
    pub refused_email: Option<Refused>,

    /// Why a new password was refused, for the form to say once. The password itself is never kept.
    #[session(flash)]
    pub refused_password: Option<String>,

    /// The receipt of the last order. After ten minutes it is gone by itself.
    #[session(ttl = "10m")]
    pub order: Option<OrderNo>,

    /// How the pages look.
    #[session(default = Theme::System, rename = "themeName")]
    pub theme: Theme,
}

/// Stays the same over restarts: sessions outlive the process.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq, Serialize)]
pub struct UserId(pub u32);

#[derive(Clone, Copy, Debug, Default, Deserialize, PartialEq, Eq, Serialize)]
pub enum Role {
    #[default]
    Customer,
    Admin,
}

/// A product by its name in the catalogue. The price is looked up whenever it is shown: nobody can bring one along.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq, Serialize)]
pub struct CartItem {
    pub product: String,
    pub quantity: u32,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Refused {
    pub typed: String,
    pub reason: String,
}

/// Somebody is signed in. Whoever is not is sent to sign in, and comes back.
#[session_guard(Shop, user_id, redirect = "/login")]
pub struct SignedIn {
    pub user_id: UserId,
}

#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq, Serialize)]
pub struct OrderNo(pub u32);

#[derive(Clone, Copy, Debug, Default, Deserialize, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Theme {
    Light,
    Dark,
    #[default]
    System,
}

impl Theme {
    pub const ALL: [Self; 3] = [Self::Light, Self::Dark, Self::System];
}

impl fmt::Display for Theme {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Light => "light",
            Self::Dark => "dark",
            Self::System => "system",
        })
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Customer => "customer",
            Self::Admin => "admin",
        })
    }
}
