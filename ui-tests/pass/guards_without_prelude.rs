//! Every form of a guard where nothing has the name that the prelude gave it, and where modules have the names of crates.
#![no_implicit_prelude]
#![allow(dead_code, unused_macros)]

mod core {}
mod std {}
mod alloc {}
mod serde {}
mod cloakroom {
    pub use ::cloakroom as inner;
}

mod data {
    #[derive(::cloakroom::SessionData)]
    pub struct Shop {
        #[session(owner)]
        pub user_id: ::core::option::Option<u64>,
        #[session(default = 3)]
        pub level: u8,
        pub name: ::std::string::String,
    }
}

mod shadowed {
    use super::cloakroom::inner::{GuardLayer, Rejection, Session, require_session, session_guard};
    use super::data::Shop;

    struct Option;
    struct Result;
    struct Box;
    struct Send;
    struct Sync;
    struct Some;
    struct None;
    struct Ok;
    struct Err;
    struct Guard;
    struct Guarded;
    struct Rejections;
    struct Named;
    struct Holds;
    #[allow(non_camel_case_types)]
    struct str;
    #[allow(non_camel_case_types)]
    struct bool;
    mod core {}
    mod std {}

    macro_rules! unreachable {
        () => {
            nothing
        };
    }

    fn turned_away(_: &Rejection) -> &'static ::core::primitive::str {
        "no"
    }

    async fn fields(_: &Session<Shop>) -> ::core::primitive::bool {
        true
    }

    #[session_guard(Shop, user_id, redirect = "/login")]
    pub struct SignedIn {
        user_id: u64,
    }

    #[session_guard(SignedIn, any(level = 3, not(name = "ann")), check = fields, reject = turned_away)]
    pub struct Reply;

    #[require_session(Shop, Reply, level, name = "ann" | "bob", fresh = "1h")]
    async fn handed_over(#[session] level: u8, SignedIn { user_id }: SignedIn) -> ::std::string::String {
        ::std::format!("{level} {user_id}")
    }

    #[require_session(SignedIn)]
    async fn alone() {}

    struct Pages;

    #[require_session]
    impl Pages {
        #[require_session(SignedIn, level = 4, redirect = "/level")]
        async fn show() {}

        #[require_session(SignedIn)]
        async fn alone() {}
    }

    async fn body(session: &Session<Shop>) -> ::core::result::Result<u64, Rejection> {
        ::core::result::Result::Ok(SignedIn::check(session).await?.user_id)
    }

    pub fn routes() -> ::axum::Router {
        ::axum::Router::new()
            .route("/1", ::axum::routing::get(handed_over))
            .route("/2", ::axum::routing::get(alone))
            .route("/3", ::axum::routing::get(Pages::show))
            .route("/4", ::axum::routing::get(Pages::alone))
            .layer(GuardLayer::<Reply>::new())
    }
}

fn main() {
    let _ = shadowed::routes;
}
