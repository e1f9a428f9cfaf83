use proc_macro2::TokenStream;
use quote::quote;

use super::expand;
use crate::snapshot::{check, messages};

fn handler() -> TokenStream {
    quote!(
        async fn admin(session: Session<Shop>) {}
    )
}

#[test]
fn needs() {
    let item = quote! {
        /// For admins.
        #[debug_handler]
        #[cfg(feature = "admin")]
        pub async fn admin(session: Session<Shop>, #[session] mut user_id: UserId) -> Html<String> { this is not Rust yet }
    };
    check("guard_needs", without_body(expand(quote!(Shop, user_id, role = Role::Admin, redirect = "/login"), item)));
}

/// The body is passed through as it is, and the pretty-printer could not read it.
fn without_body(expansion: TokenStream) -> TokenStream {
    assert!(expansion.to_string().contains("this is not Rust yet"));
    expansion.to_string().replace("this is not Rust yet", "").parse().expect("tokens")
}

#[test]
fn groups() {
    let args = quote!(Shop, all(user_id, any(level = 3 | 5..=7, not(nick = "al"))), check = checks::vip, fresh = "10m");
    check("guard_groups", expand(args, handler()));
}

#[test]
fn own_answer() {
    check("guard_own_answer", expand(quote!(Shop, r#check = TOP, reject = own::page, crate = "wrapper"), handler()));
}

#[test]
fn stub_beside_an_error() {
    let item = quote!(
        fn admin(#[session] user_id: UserId) {}
    );
    let expansion = expand(quote!(Shop, user_id), item);
    assert_eq!(messages(expansion.clone()), ["a guarded handler is `async`: write `async fn`"]);
    check("guard_stub_beside_an_error", expansion);
}

#[test]
fn each_mistake_is_one_message() {
    for wrong in [
        quote!(),
        quote!(Shop, redirect = 3),
        quote!(user_id),
        quote!(Shop, role = _),
        quote!(Shop, role = (admin)),
        quote!(Shop, role = Role::Admin | rest),
        quote!(Shop, role = x @ _),
        quote!(Shop, pair = (a, _)),
        quote!(Shop, role =),
        quote!(Shop, fresh),
        quote!(Shop, fresh = "soon"),
        quote!(Shop, check),
        quote!(Shop, any()),
        quote!(Shop, not(a, b)),
        quote!(Shop, any(a, redirect = "/login")),
        quote!(Shop, one_of(a)),
        quote!(Shop, Role = Role::Admin),
        quote!(Shop, a, roles::admin),
        quote!(Shop a),
        quote!(Shop, a b),
        quote!(Shop; a),
        quote!(Shop, a && b),
        quote!(Shop, a || b),
        quote!(Shop, a == 3),
        quote!(Shop, a => 3),
        quote!(Shop, a > 3),
        quote!(Shop, a != 3),
        quote!(Shop, a: u8),
        quote!(Shop, a?),
        quote!(Shop, a.b),
        quote!(Shop, a = 1.. if true),
        quote!(Shop, a = B + 1),
        quote!(Shop, a = !B),
        quote!(Shop, a = = B),
        quote!(Shop, !a),
        quote!(Shop, "a"),
        quote!(Shop,, a),
        quote!(Shop, 3),
        quote!(Shop, not a),
        quote!(Shop, or(a, b)),
        quote!(Shop, neither(a, b)),
        quote!(Shop, and(a, b)),
        quote!(Shop, Any(a, b)),
        quote!(Shop, Admin { a }),
        quote!(Shop, any(a || b), c),
        quote!(Session<Shop>, a),
        quote!(&Shop, a),
        quote!("Shop", a),
        quote!(Shop, a, redirect = "login"),
        quote!(Shop, a, redirect = "//evil"),
        quote!(Shop, a, redirect = "/\\evil"),
        quote!(Shop, a, redirect = "/a", redirect = "/b"),
    ] {
        let found = messages(expand(wrong.clone(), handler()));
        assert_eq!(found.len(), 1, "{wrong}: {found:#?}");
        assert!(!found[0].ends_with('.') && found[0].starts_with(|c: char| !c.is_uppercase()), "{found:?}");
    }
}

#[test]
fn near_misses_are_fine() {
    for right in [
        quote!(Shop, a = Some(n)),
        quote!(Shop, a = ADMIN | Admin),
        quote!(Shop, a = -1..),
        quote!(Shop, a = (_, 3)),
        quote!(Shop<u8>, r#any, r#fresh = true),
        quote!(path::Shop, a,),
        quote!(Shop, not(not(a)), all(b), any(c)),
    ] {
        assert_eq!(messages(expand(right.clone(), handler())), Vec::<String>::new(), "{right}");
    }
}
