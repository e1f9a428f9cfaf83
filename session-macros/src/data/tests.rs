use quote::quote;

use super::expand;
use crate::snapshot::{check, check_at, messages};

mod mistakes;

/// The guide shows this one.
#[test]
fn plain_field() {
    check_at(
        "../docs/expansion.rs",
        expand(quote! {
            /// What the shop remembers.
            pub struct Shop {
                /// What they want to buy.
                pub cart: Vec<CartItem>,
            }
        }),
    );
}

#[test]
fn struct_attributes() {
    check(
        "struct_attributes",
        expand(quote! {
            #[session(
                cookie = "shop", idle = "30m", absolute = "12h", same_site = "none", path = "/shop", domain = "example.com",
                partitioned, crate = "wrapper::sessions"
            )]
            struct Shop {
                visits: u64,
            }
        }),
    );
}

#[test]
fn assurance_level() {
    check(
        "assurance_level",
        expand(quote!(
            #[session(assurance = "aal2")]
            struct Bank {
                customer: Option<u64>,
            }
        )),
    );
}

#[test]
fn field_attributes() {
    check(
        "field_attributes",
        expand(quote! {
            pub struct Shop {
                #[session(owner)]
                pub user_id: Option<UserId>,
                #[session(default = Theme::System, rename = "themeName", alias = "theme", alias = "look")]
                pub(crate) theme: Theme,
                #[session(flash, on_invalid = "default")]
                notice: Option<String>,
                #[session(default = Some(3), secret)]
                lucky: Option<u8>,
                #[session(skip)]
                cache: Cache,
            }
        }),
    );
}

#[test]
fn ttl_field() {
    check(
        "ttl_field",
        expand(quote!(
            struct Shop {
                #[session(ttl = "1m30s")]
                state: Option<String>,
            }
        )),
    );
}

#[test]
fn own_type() {
    check(
        "own_type",
        expand(quote!(
            struct Shop {
                before: Option<Box<Self>>,
            }
        )),
    );
}

#[test]
fn with_field() {
    check(
        "with_field",
        expand(quote!(
            struct Shop {
                #[session(with = "as_text", default)]
                address: IpAddr,
            }
        )),
    );
}

#[test]
fn flash_field() {
    check(
        "flash_field",
        expand(quote!(
            struct Shop {
                #[session(flash)]
                notice: Option<String>,
            }
        )),
    );
}

#[test]
fn skipped_field() {
    check(
        "skipped_field",
        expand(quote!(
            pub struct Shop {
                pub visits: u64,
                #[session(skip)]
                cache: Cache,
            }
        )),
    );
}

/// Which of the types is asked, and in which order they speak.
#[test]
fn nested_types() {
    check(
        "nested_types",
        expand(quote!(
            struct Shop {
                names: Option<Vec<String>>,
                places: HashMap<Place, Vec<(Item, u8)>>,
            }
        )),
    );
}

#[test]
fn renamed_methods() {
    check(
        "renamed_methods",
        expand(quote! {
            struct Shop {
                #[deprecated]
                #[session(accessor = "public_id")]
                id: u64,
                r#type: String,
            }
        }),
    );
}

#[test]
fn generics() {
    check(
        "generics",
        expand(quote! {
            pub struct Wizard<S: Clone, T = u8, const N: usize = 3>
            where
                T: Debug,
            {
                step: S,
                answers: Vec<(S, T)>,
                draft: Option<T>,
                plain: u8,
            }
        }),
    );
}

/// What is emitted beside an error still has the methods, and asks nothing of the wrong field.
#[test]
fn stub_beside_an_error() {
    let expansion = expand(quote!(
        struct Shop {
            name: &str,
        }
    ));
    assert_eq!(messages(expansion.clone()), ["a session cannot keep a borrowed value: say `String`"]);
    check("stub_beside_an_error", expansion);
}

/// A field that is being typed takes nothing from the others.
#[test]
fn half_typed_field() {
    let expansion = expand("struct Shop { visits: u64, na }".parse().expect("tokens"));
    assert_eq!(messages(expansion.clone()), ["expected `:`"]);
    check("half_typed_field", expansion);
}

#[test]
fn every_mistake_is_reported_at_once() {
    let expansion = expand(quote! {
        #[session(cokie = "a", idle = "3x", same_site = "loose")]
        struct Shop {
            #[session(ttl = 3)]
            id: u8,
            all: &'static str,
            #[session(flash, ttl = "3m")]
            cart: u8,
            set_cart: u8,
        }
    });
    let found = messages(expansion);
    assert_eq!(found.len(), 9, "{found:#?}");
    assert!(found.iter().all(|message| !message.ends_with('.') && message.starts_with(|c: char| !c.is_uppercase())));
}

#[test]
fn no_shape_but_one() {
    for wrong in [
        quote!(
            struct Shop<'a, 'b> {
                name: &'a str,
                tag: Option<&'b str>,
            }
        ),
        quote!(
            struct Shop {
                name: str,
            }
        ),
        quote!(
            enum Shop {
                A,
            }
        ),
        quote!(union Shop { a: u8 }),
        quote!(
            struct Shop;
        ),
        quote!(
            struct Shop(u8);
        ),
        quote!(
            struct Shop {}
        ),
        quote!(
            struct Shop<'a> {
                name: &'a str,
                other: Cow<'a, str>,
            }
        ),
        quote!(
            struct Shop {
                #[session(skip)]
                a: u8,
            }
        ),
    ] {
        assert_eq!(messages(expand(wrong.clone())).len(), 1, "{wrong}");
    }
}

/// What is refused in a type is refused wherever it stands in it, and nothing else is.
#[test]
fn types_are_refused_by_their_tokens() {
    let lock = "a session cannot keep a lock that is held: keep the value itself";
    let function = "a session cannot keep a function: keep an enum that says which one is meant";
    for (ty, message) in [
        (quote!(Vec<str>), "`str` has no size of its own: say `String`"),
        (quote!([Option<[u8]>; 2]), "`[u8]` has no size of its own: say `Vec<u8>`"),
        (quote!((u8, Vec<&'static std::path::Path>)), "a session cannot keep a borrowed value: say `PathBuf`"),
        (quote!(Option<&'static [Item<u8>]>), "a session cannot keep a borrowed value: say `Vec<Item<u8>>`"),
        (quote!(Option<std::borrow::Cow<str>>), "a session cannot keep a borrowed value: say `String`"),
        (quote!(std::sync::RwLockReadGuard<u8>), lock),
        (quote!(HashMap<u8, Box<dyn Send + FnMut(u8) -> u8>>), function),
        (quote!((Vec<unsafe extern "C" fn()>)), function),
        (quote!(Option<*mut u8>), "a session cannot keep a raw pointer: keep the value itself"),
    ] {
        assert_eq!(messages(expand(quote!(struct Shop { kept: #ty }))), [message], "{ty}");
    }
    for ty in [
        quote!(Box<str>),
        quote!(Cow<'static, str>),
        quote!(Cow),
        quote!(MutexGuard<'static, u8>),
        quote!(Option<Vec<Option<u8>>>),
        quote!(Box<dyn Step>),
        quote!(PhantomData<u8>),
    ] {
        assert_eq!(messages(expand(quote!(struct Shop { kept: #ty }))), [""; 0], "{ty}");
    }
}
