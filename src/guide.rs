//! The files of `docs/` as modules, so that docs.rs shows them and every snippet in them is compiled.

/// A page from its file. A reader of the files finds where its links lead at its end; here `links.md` defines the same names first,
/// as items of this documentation, and Markdown goes by what comes first.
macro_rules! page {
    ($(#[$then:meta])* pub mod $name:ident from $file:literal { $($chapters:tt)* }) => {
        #[doc = include_str!("guide/links.md")]
        #[doc = include_str!(concat!("../docs/", $file))]
        $(#[$then])*
        pub mod $name { $($chapters)* }
    };
}

page! {
    pub mod guide from "README.md" {
        page! { pub mod quick_start from "quick-start.md" {} }
        page! { pub mod migrating from "migrating.md" {} }
        page! { pub mod stores from "stores.md" {} }
        page! { pub mod security from "security.md" {} }
        page! { pub mod operating from "operating.md" {} }
        page! { pub mod writing_a_store from "writing-a-store.md" {} }
        page! { pub mod writing_an_adapter from "writing-an-adapter.md" {} }
        page! {
            #[doc = "```rust"]
            #[doc = "# type CartItem = String;"]
            #[doc = "# struct Shop { cart: Vec<CartItem> }"]
            #[doc = include_str!("../docs/expansion.rs")]
            #[doc = "# async fn handler(session: cloakroom::Session<Shop>) { let _ = session.cart().await; }"]
            #[doc = "```"]
            pub mod expansion from "expansion.md" {}
        }
    }
}
