use proc_macro2::TokenStream;
use quote::quote;

use super::{expand, expand_named};
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

#[test]
fn guards_with_names() {
    let item = quote! {
        /// Somebody of the back office.
        #[cfg(feature = "admin")]
        pub struct Admin {
            pub user_id: UserId,
            role: Role,
        }
    };
    let args = quote!(Shop, SignedIn, user_id, role = Role::Admin, redirect = "/login");
    check("guard_with_a_name", expand_named(args, item));
    check("guard_behind_its_name", expand(quote!(Admin), handler()));
    let item = quote!(
        async fn desk(#[session] user_id: UserId, guard: Admin) {}
    );
    check("guard_that_hands_over", expand(quote!(Shop, any(Admin, not(Visitor)), SignedIn), item));
}

#[test]
fn functions_in_a_block() {
    let item = quote! {
        impl<T> Pages<T> for Desk<u8> where T: Copy {
            const ROOM: u8 = 3;
            #[require_session(Shop, room = Self::ROOM, check = Self::is_open)]
            pub async fn show(#[session] room: u8) -> String { room.to_string() }
            async fn is_open(_: &Session<Shop>) -> bool { true }
        }
    };
    check("guard_in_a_block", expand(quote!(), item));
}

/// What stands behind the guard, and how many messages that has.
fn mistakes(args: TokenStream, item: TokenStream, words: &str) {
    let found = messages(expand(args, item.clone()));
    assert_eq!(found.len(), 1, "{item}: {found:#?}");
    assert!(found[0].contains(words), "`{words}` is not in `{}`", found[0]);
}

#[test]
fn handlers_with_mistakes() {
    for (item, words) in [
        (
            quote!(
                async fn a(#[session] role: Role) {}
            ),
            "is not asked for",
        ),
        (
            quote!(
                async fn a(#[session] level: u8) {}
            ),
            "under `any` or `not` alone",
        ),
        (
            quote!(
                async fn a(#[session(user_id)] id: u8) {}
            ),
            "says it all",
        ),
        (
            quote!(
                async fn a(#[session] (user_id): u8) {}
            ),
            "the name of a field",
        ),
        (
            quote!(
                async fn a(#[session] user_id: u8, #[session] user_id: u8) {}
            ),
            "handed over twice",
        ),
        (
            quote!(
                async fn a(
                    #[session]
                    #[allow(unused)]
                    user_id: u8,
                ) {
                }
            ),
            "no attribute",
        ),
        (
            quote!(
                async fn a(#[session] user_id: &u8) {}
            ),
            "the field's own value",
        ),
        (
            quote!(
                async fn a(#[session] user_id: _) {}
            ),
            "the field's own value",
        ),
        (
            quote!(
                async fn a(#[session] user_id: impl Copy) {}
            ),
            "the field's own value",
        ),
        (
            quote!(
                async fn a<T>(#[session] user_id: T) {}
            ),
            "name the type",
        ),
        (
            quote!(
                async fn a(&self) {}
            ),
            "ask it in the body",
        ),
        (
            quote!(
                fn a() {}
            ),
            "write `async fn`",
        ),
        (
            quote!(
                #[require_session(Shop, role)]
                async fn a() {}
            ),
            "one `#[require_session]`",
        ),
        (
            quote!(
                struct A;
            ),
            "before an `async fn`",
        ),
        (
            quote!(
                async fn a(user_id: u8) {}
            ),
            "#[session]",
        ),
        (
            quote!(
                async fn a(session: &Session<Shop>) {}
            ),
            "Session",
        ),
    ] {
        mistakes(quote!(Shop, user_id, any(level, not(level = 3))), item, words);
    }
    let item = quote!(
        async fn a(#[session] user_id: u8) {}
    );
    mistakes(quote!(Shop, One, Two), item, "more than one of the guards");
}

#[test]
fn blocks_with_mistakes() {
    let guarded = quote!(impl Pages { #[require_session(Shop, user_id)] async fn show() {} });
    mistakes(quote!(Shop, user_id), guarded, "stands alone");
    mistakes(quote!(), quote!(impl Pages { async fn show() {} }), "no function in this block");
    let of_its_own = quote!(
        impl<T> Pages<T> {
            #[require_session(T, user_id)]
            async fn show() {}
        }
    );
    mistakes(quote!(), of_its_own, "name the type");
    let without_needs = quote!(impl Pages { #[require_session] async fn show() {} });
    mistakes(quote!(), without_needs, "whose session");
    let method = quote!(impl Pages { #[require_session(Shop, user_id)] async fn show(&self) {} });
    mistakes(quote!(), method, "ask it in the body");
}

#[test]
fn names_with_mistakes() {
    for (args, item, words) in [
        (
            quote!(Shop, user_id),
            quote!(
                enum A {}
            ),
            "before a struct",
        ),
        (
            quote!(Shop, user_id),
            quote!(
                fn a() {}
            ),
            "before a struct",
        ),
        (
            quote!(Shop, user_id),
            quote!(
                struct A(u8);
            ),
            "struct Admin",
        ),
        (
            quote!(Shop, user_id),
            quote!(
                struct A<T> {
                    user_id: T,
                }
            ),
            "no parameters",
        ),
        (
            quote!(Shop, user_id),
            quote!(
                #[session_guard(Shop, role)]
                struct A;
            ),
            "one `#[session_guard]`",
        ),
        (
            quote!(Shop, user_id),
            quote!(
                struct A {
                    role: Role,
                }
            ),
            "is not asked for",
        ),
        (
            quote!(Shop, user_id),
            quote!(
                struct A {
                    #[cfg(all())]
                    user_id: u8,
                }
            ),
            "the same in every build",
        ),
        (
            quote!(Shop, user_id),
            quote!(
                struct A {
                    user_id: &'static str,
                }
            ),
            "the field's own value",
        ),
        (
            quote!(Shop, any(A, user_id)),
            quote!(
                struct A;
            ),
            "cannot ask for itself",
        ),
        (
            quote!(A),
            quote!(
                struct A;
            ),
            "cannot ask for itself",
        ),
        (
            quote!(),
            quote!(
                struct A;
            ),
            "whose session",
        ),
        (
            quote!(user_id),
            quote!(
                struct A;
            ),
            "first comes",
        ),
    ] {
        let found = messages(expand_named(args, item.clone()));
        assert_eq!(found.len(), 1, "{item}: {found:#?}");
        assert!(found[0].contains(words), "{item}: `{words}` is not in `{}`", found[0]);
    }
}
