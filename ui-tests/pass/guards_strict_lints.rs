//! Every form of a guard, in a crate that denies what the compiler can be made to mind.
#![deny(
    absolute_paths_not_starting_with_crate,
    elided_lifetimes_in_paths,
    explicit_outlives_requirements,
    let_underscore_drop,
    meta_variable_misuse,
    missing_copy_implementations,
    missing_debug_implementations,
    missing_docs,
    non_local_definitions,
    private_bounds,
    private_interfaces,
    redundant_imports,
    redundant_lifetimes,
    single_use_lifetimes,
    trivial_casts,
    unit_bindings,
    unnameable_types,
    unreachable_pub,
    unsafe_code,
    unused,
    unused_import_braces,
    unused_lifetimes,
    unused_qualifications,
    unused_results,
    variant_size_differences,
    warnings
)]

use cloakroom::{GuardLayer, Rejection, Session, SessionData, require_session, session_guard};

/// Kept.
#[derive(Debug, SessionData)]
pub(crate) struct Shop {
    /// Who.
    #[session(owner)]
    user_id: Option<u64>,
    /// What.
    #[session(default = 3)]
    level: u8,
    /// Name.
    name: String,
}

/// Page.
fn turned_away(_: &Rejection) -> &'static str {
    "no"
}

/// Check.
async fn fields(_: &Session<Shop>) -> bool {
    core::future::ready(true).await
}

/// Signed in.
#[session_guard(Shop, user_id, redirect = "/login")]
#[derive(Clone, Copy, Debug)]
pub(crate) struct SignedIn {
    /// Who.
    user_id: u64,
}

/// Top.
#[session_guard(SignedIn, any(level = 3, not(name = "ann")), check = fields, reject = turned_away)]
#[derive(Clone, Copy, Debug)]
pub(crate) struct Reply;

/// Handler.
#[require_session(Shop, Reply, level, name = "ann" | "bob", fresh = "1h")]
pub(crate) async fn handed_over(#[session] level: u8, SignedIn { user_id }: SignedIn) -> String {
    core::future::ready(format!("{level} {user_id}")).await
}

/// Alone.
#[require_session(SignedIn)]
pub(crate) async fn alone() {
    core::future::ready(()).await;
}

/// Pages.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Pages;

#[require_session]
impl Pages {
    /// Show.
    #[require_session(SignedIn, level = 4, redirect = "/level")]
    pub(crate) async fn show() {
        core::future::ready(()).await;
    }

    /// Alone.
    #[require_session(SignedIn)]
    pub(crate) async fn alone() {
        core::future::ready(()).await;
    }
}

/// Main.
fn main() {
    let router: axum::Router = axum::Router::new()
        .route("/1", axum::routing::get(handed_over))
        .route("/2", axum::routing::get(alone))
        .route("/3", axum::routing::get(Pages::show))
        .route("/4", axum::routing::get(Pages::alone))
        .layer(GuardLayer::<Reply>::new());
    drop(router);
}
