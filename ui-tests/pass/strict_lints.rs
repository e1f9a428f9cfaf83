//! Docs, deprecation, `cfg` and raw identifiers, in a crate that denies all that it can.
#![deny(
    clippy::all,
    clippy::pedantic,
    deprecated,
    missing_debug_implementations,
    missing_docs,
    non_camel_case_types,
    non_snake_case,
    private_interfaces,
    unreachable_pub,
    unused,
    unused_qualifications,
    warnings
)]

use cloakroom::{Session, SessionData, SessionError, require_session};

/// What is kept.
#[derive(Debug, SessionData)]
#[session(same_site = "strict", domain = "example.com", path = "/shop", partitioned)]
pub(crate) struct Shop {
    /// Who is signed in.
    #[session(owner)]
    user_id: Option<u64>,
    /// A keyword.
    pub(crate) r#type: String,
    /// Out of use.
    #[deprecated = "say `type`"]
    pub(crate) kind: String,
    /// Not here.
    #[cfg(any())]
    missing: NoSuchType,
    /// Here.
    #[cfg(all())]
    present: u8,
    /// Would be `id`, which every session has.
    #[session(accessor = "type", rename = "identifier", skip)]
    #[cfg(any())]
    id: u8,
    /// The same, with methods of another name.
    #[session(accessor = "public_id")]
    id: u8,
    never_read: bool,
}

pub(crate) async fn show(session: Session<Shop>) -> Result<(), SessionError> {
    session.set_type("a".to_owned()).await?;
    let _ = (session.r#type().await?, session.has_type().await?, session.get(Shop::TYPE).await?);
    let _ = (session.present().await?, session.public_id().await?, session.get(Shop::ID).await?);
    Ok(())
}

#[require_session(Shop, user_id, r#type = "book")]
pub(crate) async fn admin(#[session] user_id: u64, #[session] r#type: String) -> String {
    std::future::ready(format!("{user_id}{type}")).await
}

fn main() {
    let _ = (show, admin);
}
