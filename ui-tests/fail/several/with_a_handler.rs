//~ errors: 2
#![allow(dead_code, unused)]

use cloakroom::{Session, SessionData, SessionError};

struct Connection;

#[derive(SessionData)]
struct Shop {
    cart: Vec<String>,
    connection: Option<Connection>,
    name: &'static str,
}

/// Nothing here is wrong: the methods exist, beside the mistakes above.
async fn add(session: Session<Shop>) -> Result<usize, SessionError> {
    session.clear_connection().await?;
    session.set_name("Ann").await?;
    let _ = (session.has_name().await?, session.connection().await?, session.get(Shop::NAME).await?);
    session.update_cart(|cart| cart.len()).await
}

fn main() {}
