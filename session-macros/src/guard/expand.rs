//! The guard as an implementation of the trait, and the function or the struct that carries it.

use proc_macro2::{Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::ext::IdentExt;
use syn::{Ident, Path, Type, parse_quote_spanned};

use crate::guard::model::{Bound, Function, Guard, Proof, Struct, named};
use crate::guard::needs::Needs;
use crate::tokens::{allowances, located_at, quote_here};

/// A guarded function, and what has to stand beside it: in a module, and not in an `impl` block.
pub(crate) struct Guarded {
    pub(crate) beside: TokenStream,
    pub(crate) function: TokenStream,
}

/// The function as it was, but for the `#[session]` marks.
pub(crate) fn unguarded(function: &Function) -> TokenStream {
    let Function { attrs, vis, plain, body, .. } = function;
    quote!(#(#attrs)* #vis #plain #body)
}

/// The function, with its guard as a parameter in front. `scope` sets the guard's name apart from others in its module.
pub(crate) fn guarded(guard: &Guard, proofs: &[Proof<'_>], function: &Function, scope: &str) -> Guarded {
    if guard.alone && proofs.is_empty() && guard.redirect.is_none() && guard.reject.is_none() {
        return Guarded { beside: TokenStream::new(), function: behind(guard, &quote_here!(_), &it(guard), function) };
    }
    let Function { attrs, vis, signature, .. } = function;
    let krate = guard.krate();
    let name = Ident::new(
        &format!("__Guard_{scope}{}", signature.ident.unraw()),
        Span::mixed_site().located_at(signature.ident.span()),
    );
    // With the session's type and the proofs as its parameter, the guard is never more visible than they are.
    let (first, types) = (&guard.first, types(proofs));
    let guard_ty = quote_here!(#name<(#first, #(#types,)*)>);
    let names = proofs.iter().map(|Proof { bound: Bound { mutability, name, .. }, .. }| quote!(#mutability #name));
    let locals = proofs.iter().map(|proof| &proof.local);
    let trait_impl =
        implementation(guard, proofs, &guard_ty, &quote_here!((#(#types,)*)), &quote_here!((#(#locals,)*)));
    let cfgs = attrs.iter().filter(|attr| attr.path().is_ident("cfg")).collect::<Vec<_>>();
    let allowances = allowances();
    let beside = quote_here! {
        #(#cfgs)*
        #[doc(hidden)]
        #allowances
        #vis struct #name<T>(#krate::private::core::marker::PhantomData<fn() -> T>);

        #(#cfgs)*
        #[doc(hidden)]
        #allowances
        const _: () = {
            use #krate::private as __private;
            #trait_impl
        };
    };
    Guarded { beside, function: behind(guard, &quote_here!((#(#names,)*)), &guard_ty, function) }
}

/// The function, with what the guard hands over as its first parameter.
fn behind(guard: &Guard, pattern: &TokenStream, guard_ty: &TokenStream, function: &Function) -> TokenStream {
    let Function { attrs, vis, signature, body, .. } = function;
    let krate = guard.krate();
    let parameter = quote_here!(#krate::private::Guarded(#pattern): #krate::private::Guarded<#guard_ty>);
    let mut signature = signature.clone();
    signature.inputs.insert(0, parse_quote_spanned!(Span::mixed_site()=> #parameter));
    quote_here! {
        #(#attrs)*
        #[allow(private_interfaces)]
        #vis #signature #body
    }
}

/// The guard that stands alone. Through the trait, so that a type that is no guard is one error and not one for each use.
fn it(guard: &Guard) -> TokenStream {
    let (first, krate) = (&guard.first, guard.krate());
    located_at(first, |span| quote_spanned!(span=> <#first as #krate::private::Guard>::Proof))
}

/// The struct, with the guard that it names.
pub(crate) fn with_a_name(guard: &Guard, proofs: &[Proof<'_>], subject: &Struct) -> TokenStream {
    let Struct { vis, ident, cfgs, .. } = subject;
    let (krate, data, allowances) = (guard.krate(), guard.data(), allowances());
    let parts = proofs.iter().map(|proof| {
        let (name, local) = (&proof.bound.name, &proof.local);
        quote_here!(#name: #local)
    });
    let trait_impl =
        implementation(guard, proofs, &quote_here!(#ident), &quote_here!(Self), &quote_here!(Self { #(#parts),* }));
    quote_here! {
        #(#cfgs)*
        #[doc(hidden)]
        #allowances
        const _: () = {
            use #krate::private as __private;
            #trait_impl

            #[automatically_derived]
            impl #ident {
                /// Checks the session in a function's body, where the signature has no place for a guard.
                ///
                /// # Errors
                /// The rejection says what the session lacks.
                #vis async fn check(
                    session: &__private::Session<#data>,
                ) -> __private::core::result::Result<Self, __private::Rejection> {
                    __private::checked::<Self>(session).await
                }
            }

            __private::extractor!(#ident);
        };
    }
}

/// A struct with a mistake is a guard all the same, so that nothing fails where it is used. The program is never run.
pub(crate) fn refused(guard: &Guard, subject: &Struct) -> TokenStream {
    let Struct { ident, cfgs, .. } = subject;
    let (krate, data, allowances) = (guard.krate(), guard.data(), allowances());
    quote_here! {
        #(#cfgs)*
        #[doc(hidden)]
        #allowances
        const _: () = {
            use #krate::private as __private;

            #[automatically_derived]
            impl __private::Guard for #ident {
                type Data = #data;
                type Proof = Self;

                async fn examine(
                    _: &__private::Session<#data>,
                ) -> __private::core::result::Result<
                    __private::core::result::Result<Self::Proof, __private::Holds>,
                    __private::SessionError,
                > {
                    __private::core::unreachable!()
                }
            }

            __private::extractor!(#ident);
        };
    }
}

fn types<'a>(proofs: &[Proof<'a>]) -> Vec<&'a Type> {
    proofs.iter().map(|proof| &proof.bound.ty).collect()
}

/// `impl Guard`: `proof` is the type that it hands over, and `value` how it is made.
fn implementation(
    guard: &Guard,
    proofs: &[Proof<'_>],
    guard_ty: &TokenStream,
    proof: &TokenStream,
    value: &TokenStream,
) -> TokenStream {
    let data = guard.data();
    let statements = Needs { data: &data, proofs }.statements(&guard.needs, &mut Vec::new());
    let outcome = outcome(guard);
    quote_here! {
        #[automatically_derived]
        impl __private::Guard for #guard_ty {
            type Data = #data;
            type Proof = #proof;

            async fn examine(
                session: &__private::Session<#data>,
            ) -> __private::core::result::Result<
                __private::core::result::Result<Self::Proof, __private::Holds>,
                __private::SessionError,
            > {
                use __private::Place as _;
                let fields = __private::opened(session).await?;
                #statements
                __private::core::result::Result::Ok(__private::core::result::Result::Ok(#value))
            }

            #outcome
        }
    }
}

/// What a client gets: the guard's own outcome, or that of the first guard that it names.
fn outcome(guard: &Guard) -> TokenStream {
    let redirect = guard.redirect.as_ref().map(|to| quote_here!(__private::core::option::Option::Some(#to)));
    let reject = guard.reject.as_ref().map(|path| {
        let span =
            path.segments.last().map_or_else(Span::mixed_site, |last| Span::mixed_site().located_at(last.ident.span()));
        quote_spanned!(span=> (&__private::Reply::new(#path(rejection))).reply())
    });
    match (redirect, reject, named(&guard.needs).first()) {
        (None, None, None) => TokenStream::new(),
        (None, None, Some(path)) => {
            let (redirect, reject) = inherited(path);
            outcome_items(Some(&redirect), Some(&reject))
        }
        (redirect, reject, _) => outcome_items(redirect.as_ref(), reject.as_ref()),
    }
}

fn inherited(path: &Path) -> (TokenStream, TokenStream) {
    let guard = located_at(path, |span| quote_spanned!(span=> <#path as __private::Guard>));
    (quote_here!(#guard::REDIRECT), quote_here!(#guard::reject(rejection)))
}

fn outcome_items(redirect: Option<&TokenStream>, reject: Option<&TokenStream>) -> TokenStream {
    let redirect = redirect
        .map(|redirect| quote_here!(const REDIRECT: __private::core::option::Option<&'static str> = #redirect;));
    let reject = reject.map(|reject| {
        quote_here! {
            fn reject(
                rejection: &__private::Rejection,
            ) -> __private::core::option::Option<__private::std::boxed::Box<dyn __private::core::any::Any + __private::core::marker::Send>> {
                use __private::ReplyWith as _;
                #reject
            }
        }
    });
    quote_here!(#redirect #reject)
}
