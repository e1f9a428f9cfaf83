#![doc = include_str!("guide/links.md")]
#![doc = include_str!("../docs/README.md")]

/// A chapter from its file in `docs/`. A reader of the files finds where the links lead at the end of each; here `links.md` defines
/// the same names in front of that, as items of this documentation, and Markdown goes by what comes first.
macro_rules! chapter {
    ($(#[$then:meta])* $name:ident $file:literal) => {
        #[doc = include_str!("guide/links.md")]
        #[doc = include_str!(concat!("../docs/", $file))]
        $(#[$then])*
        pub mod $name {}
    };
}

chapter!(quick_start "quick-start.md");
chapter!(migrating "migrating.md");
chapter!(moving_sessions "moving-sessions.md");
chapter!(stores "stores.md");
chapter!(owners "owners.md");
chapter!(cookies "cookies.md");
chapter!(outside "outside.md");
chapter!(testing "testing.md");
chapter!(security "security.md");
chapter!(operating "operating.md");
chapter!(writing_a_store "writing-a-store.md");
chapter!(writing_an_adapter "writing-an-adapter.md");
chapter! {
    // The whole of it, compiled as it stands there.
    #[doc = "```rust"]
    #[doc = "# type CartItem = String;"]
    #[doc = "# struct Shop { cart: Vec<CartItem> }"]
    #[doc = include_str!("../docs/expansion.rs")]
    #[doc = "# async fn handler(session: cloakroom::Session<Shop>) { let _ = session.cart().await; }"]
    #[doc = "```"]
    expansion "expansion.md"
}
