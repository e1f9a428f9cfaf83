//! Docs, deprecation, `cfg` and raw identifiers, in a crate that denies all that it can. Clippy reads this file too.
#![deny(
    clippy::all,
    clippy::nursery,
    clippy::pedantic,
    clippy::absolute_paths,
    clippy::allow_attributes,
    clippy::allow_attributes_without_reason,
    clippy::arithmetic_side_effects,
    clippy::as_conversions,
    clippy::clone_on_ref_ptr,
    clippy::default_trait_access,
    clippy::exhaustive_structs,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::items_after_statements,
    clippy::let_underscore_must_use,
    clippy::missing_docs_in_private_items,
    clippy::missing_errors_doc,
    clippy::missing_inline_in_public_items,
    clippy::missing_trait_methods,
    clippy::multiple_inherent_impl,
    clippy::panic,
    clippy::same_name_method,
    clippy::shadow_reuse,
    clippy::shadow_unrelated,
    clippy::unreachable,
    clippy::unwrap_used,
    deprecated,
    elided_lifetimes_in_paths,
    explicit_outlives_requirements,
    future_incompatible,
    let_underscore_drop,
    missing_copy_implementations,
    missing_debug_implementations,
    missing_docs,
    non_ascii_idents,
    non_camel_case_types,
    non_snake_case,
    private_interfaces,
    redundant_lifetimes,
    rust_2018_idioms,
    rust_2024_compatibility,
    single_use_lifetimes,
    trivial_casts,
    trivial_numeric_casts,
    unit_bindings,
    unnameable_types,
    unreachable_pub,
    unused,
    unused_import_braces,
    unused_lifetimes,
    unused_qualifications,
    unused_results,
    variant_size_differences,
    warnings
)]

use std::future::ready;

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
    #[cfg(not(any()))]
    present: u8,
    /// Would be `id`, which every session has.
    #[session(accessor = "type", rename = "identifier", skip)]
    #[cfg(any())]
    id: u8,
    /// The same, with methods of another name.
    #[session(accessor = "public_id")]
    id: u8,
    /// Read once.
    #[session(flash, on_invalid = "default", alias = "message")]
    notice: Vec<Option<String>>,
    /// For a while.
    #[session(ttl = "10m", default = 3)]
    left: u32,
    /// Elsewhere.
    #[session(skip)]
    elsewhere: u8,
    /// Only declared.
    never_read: bool,
}

/// What each visitor answered.
#[derive(Debug, SessionData)]
struct Wizard<S: Clone, const N: usize> {
    /// Where they are.
    step: S,
    /// How far it is.
    #[session(default = N)]
    left: usize,
}

/// Uses some of it.
async fn show(session: Session<Shop>, wizard: Session<Wizard<u8, 3>>) -> Result<usize, SessionError> {
    session.set_type("a".to_owned()).await?;
    drop((session.r#type().await?, session.has_type().await?, session.get(Shop::TYPE).await?));
    let _ = (session.present().await?, session.public_id().await?, session.get(Shop::ID).await?);
    session.update_notice(|notice| notice.push(None)).await?;
    Ok(wizard.left().await?.min(usize::from(wizard.step().await?)))
}

/// For those who are signed in.
#[require_session(Shop, user_id, r#type = "book")]
async fn admin(#[session] user_id: u64, #[session] r#type: String) -> String {
    ready(format!("{user_id}{type}")).await
}

/// Takes what would otherwise be unused.
fn main() {
    let _ = (show, admin);
}
