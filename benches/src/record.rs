//! What every session of the comparison holds.

use cloakroom::SessionData;
use serde::{Deserialize, Serialize};

#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
pub enum Role {
    #[default]
    Customer,
    Admin,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Item {
    pub product: String,
    pub quantity: u32,
}

#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Preferences {
    pub theme: String,
    pub language: String,
}

/// The record of the comparison: 8 fields, a cart of 10.
#[derive(Clone, Debug, Serialize, Deserialize, SessionData)]
#[session(cookie = "shop")]
pub struct Shop {
    pub user_id: u64,
    pub user_name: String,
    pub role: Role,
    pub signed_in_at: u64,
    pub cart: Vec<Item>,
    pub preferences: Preferences,
    pub csrf: String,
    #[session(flash)]
    pub notice: Option<String>,
}

/// A visitor who is signed in, with ten things in the cart.
pub fn filled() -> Shop {
    let item = |number| Item { product: format!("product-{number:04}"), quantity: number };
    Shop {
        user_id: 123_456_789,
        user_name: "ada.lovelace@io.".into(),
        role: Role::Admin,
        signed_in_at: 1_780_000_000,
        cart: (0..10).map(item).collect(),
        preferences: Preferences { theme: "dark".into(), language: "en-GB".into() },
        csrf: "0123456789abcdef0123456789abcdef".into(),
        notice: None,
    }
}

/// Whom the endpoint `login` signs in.
pub const SOMEBODY_ELSE: u64 = 987_654_321;
