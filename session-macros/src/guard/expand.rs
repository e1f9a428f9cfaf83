//! The guard as an implementation of the trait, and the function or the struct that carries it.

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::ext::IdentExt;
use syn::{Ident, PathArguments, Type, TypePath, parse_quote_spanned};

use crate::guard::model::{Bound, Function, Guard, Proof, Struct, named};
use crate::guard::needs::Needs;
use crate::tokens::{allowances, located_at, quote_here};

/// A guarded function, and what has to stand beside it: in a module, and not in an `impl` block.
pub(crate) struct Guarded {
    pub(crate) beside: TokenStream,
    pub(crate) function: TokenStream,
}

/// The function without a guard, since that has a mistake. It stays a handler, so that nothing fails where it is routed.
pub(crate) fn unguarded(function: &Function, krate: &TokenStream) -> TokenStream {
    let Function { attrs, vis, signature, refused, is_legible, body, .. } = function;
    let mut signature = signature.clone();
    signature.asyncness.get_or_insert_default();
    signature.constness = None;
    if !is_legible {
        return quote!(#(#attrs)* #[allow(unused)] #vis #signature { loop {} });
    }
    if !refused.is_empty() {
        let (patterns, types) = (refused.iter().map(|(pattern, _)| pattern), refused.iter().map(|(_, ty)| ty));
        let parameter =
            quote_here!(#krate::private::Refused((#(#patterns,)*)): #krate::private::Refused<(#(#types,)*)>);
        signature
            .inputs
            .insert(usize::from(signature.receiver().is_some()), parse_quote_spanned!(Span::mixed_site()=> #parameter));
    }
    quote!(#(#attrs)* #[allow(unused)] #vis #signature #body)
}

/// The function, with its guard as a parameter in front. `scope` sets the guard's name apart from others in its module.
pub(crate) fn guarded(guard: &Guard, proofs: &[Proof<'_>], function: &Function, scope: &str) -> Guarded {
    if guard.alone && proofs.is_empty() && guard.redirect.is_none() && guard.reject.is_none() {
        return Guarded { beside: TokenStream::new(), function: behind_its_name(guard, function, scope) };
    }
    let vis = &function.vis;
    let krate = guard.krate();
    let name = beside_name(function, scope);
    // With the session's type and the proofs as its parameter, the guard is never more visible than they are. As its default, since in
    // the function's own signature the compiler would also offer to make a misspelt one a type parameter (as it would of `#name` alone).
    let (first, types) = (&guard.first, types(proofs));
    let guard_ty = quote_here!(#name<(#first, #(#types,)*)>);
    let names = proofs.iter().map(|Proof { bound: Bound { mutability, name, .. }, .. }| quote!(#mutability #name));
    let locals = proofs.iter().map(|proof| &proof.local);
    let trait_impl =
        implementation(guard, proofs, &guard_ty, &quote_here!((#(#types,)*)), &quote_here!((#(#locals,)*)));
    let cfgs = function.cfgs();
    let (allowances, trait_impl) = (allowances(), out_of_the_way(&cfgs, &krate, &trait_impl));
    let beside = quote_here! {
        #(#cfgs)*
        #[doc(hidden)]
        #allowances
        #vis struct #name<__T = (#first, #(#types,)*)> { it: #krate::private::core::marker::PhantomData<fn() -> __T> }

        #trait_impl
    };
    Guarded { beside, function: behind(guard, &quote_here!((#(#names,)*)), &quote_here!(#name<>), function) }
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

/// The function behind a guard with a name: nothing has to stand beside it but a constant, which an `impl` block may have as well.
fn behind_its_name(guard: &Guard, function: &Function, scope: &str) -> TokenStream {
    let (cfgs, allowances) = (function.cfgs(), allowances());
    let name = beside_name(function, scope);
    let asks = asks_for_something(guard);
    let function = behind(guard, &quote_here!(_), &guard.asked_by(&without_offers(&guard.first), "Guard"), function);
    quote_here! {
        #(#cfgs)*
        #[doc(hidden)]
        #allowances
        const #name: fn() = || { #asks };

        #function
    }
}

/// The name with empty brackets: in the signature of a function the compiler would offer to make one that it does not know a type
/// parameter, and so report it twice.
fn without_offers(name: &Type) -> Type {
    let mut name = name.clone();
    if let Type::Path(TypePath { path, .. }) = &mut name
        && let Some(last) = path.segments.last_mut().filter(|last| last.arguments.is_none())
    {
        last.arguments = PathArguments::AngleBracketed(parse_quote_spanned!(Span::mixed_site()=> <>));
    }
    name
}

fn beside_name(function: &Function, scope: &str) -> Ident {
    let ident = &function.signature.ident;
    Ident::new(&format!("__Guard_{scope}{}", ident.unraw()), Span::mixed_site().located_at(ident.span()))
}

/// A statement that compiles for a guard, and not for a session's struct alone.
fn asks_for_something(guard: &Guard) -> TokenStream {
    let (first, krate) = (&guard.first, guard.krate());
    located_at(first, |span| quote_spanned!(span=> #krate::private::asks_for_something::<#first>();))
}

/// The struct, with the guard that it names.
pub(crate) fn with_a_name(guard: &Guard, proofs: &[Proof<'_>], subject: &Struct) -> TokenStream {
    let Struct { vis, ident, cfgs, .. } = subject;
    let (krate, data) = (guard.krate(), guard.data());
    let parts = proofs.iter().map(|proof| {
        let (name, local) = (&proof.bound.name, &proof.local);
        quote_here!(#name: #local)
    });
    let trait_impl =
        implementation(guard, proofs, &quote_here!(#ident), &quote_here!(Self), &quote_here!(Self { #(#parts),* }));
    let asked = asked(&data, ident);
    let items = quote_here! {
        #trait_impl
        #asked

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
    out_of_the_way(cfgs, &krate, &items)
}

/// A struct with a mistake is a guard all the same, so that nothing fails where it is used. The program is never run.
pub(crate) fn refused(guard: Option<&Guard>, subject: &Struct) -> TokenStream {
    let Struct { ident, cfgs, .. } = subject;
    let krate = guard.map_or_else(|| quote_here!(::cloakroom), Guard::krate);
    let data = guard.map_or_else(|| quote_here!(__private::NoSession), Guard::data);
    let body = quote_here!(__private::core::unreachable!());
    let trait_impl =
        impl_guard(&quote_here!(#ident), &data, &quote_here!(Self), &quote_here!(_), &body, &TokenStream::new());
    let asked = asked(&data, ident);
    let items = quote_here! {
        #trait_impl
        #asked

        __private::extractor!(#ident);
    };
    out_of_the_way(cfgs, &krate, &items)
}

/// Items that nobody names, where they meet no other names.
fn out_of_the_way(cfgs: &[impl ToTokens], krate: &TokenStream, items: &TokenStream) -> TokenStream {
    let allowances = allowances();
    quote_here! {
        #(#cfgs)*
        #[doc(hidden)]
        #allowances
        const _: () = {
            use #krate::private as __private;
            #items
        };
    }
}

/// The guard's name may stand first in another guard.
fn asked(data: &TokenStream, ident: &Ident) -> TokenStream {
    quote_here! {
        #[automatically_derived]
        impl __private::Asked for #ident {
            type Data = #data;
            type Guard = Self;
        }
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
    let needs = Needs { data: &data, proofs };
    let first = (!guard.alone).then(|| needs.of_the_first(&guard.asked("Guard")));
    let statements = needs.statements(&guard.needs, &mut Vec::new());
    let outcome = outcome(guard);
    let body = quote_here! {
        use __private::{NotNamed as _, Place as _, StrPlace as _};
        let fields = __private::opened(session).await?;
        #first
        #statements
        __private::core::result::Result::Ok(__private::core::result::Result::Ok(#value))
    };
    impl_guard(guard_ty, &data, proof, &quote_here!(session), &body, &outcome)
}

fn impl_guard(
    guard_ty: &TokenStream,
    data: &TokenStream,
    proof: &TokenStream,
    session: &TokenStream,
    body: &TokenStream,
    outcome: &TokenStream,
) -> TokenStream {
    quote_here! {
        #[automatically_derived]
        impl __private::Guard for #guard_ty {
            type Data = #data;
            type Proof = #proof;

            async fn examine(
                #session: &__private::Session<#data>,
            ) -> __private::core::result::Result<
                __private::core::result::Result<Self::Proof, __private::Holds>,
                __private::SessionError,
            > {
                #body
            }

            #outcome
        }
    }
}

/// What a client gets: the guard's own outcome, or that of the first guard that it names, which may be the one that stands first.
fn outcome(guard: &Guard) -> TokenStream {
    let redirect = guard.redirect.as_ref().map(|to| quote_here!(__private::core::option::Option::Some(#to)));
    let reject = guard.reject.as_ref().map(|path| {
        let span =
            path.segments.last().map_or_else(Span::mixed_site, |last| Span::mixed_site().located_at(last.ident.span()));
        quote_spanned!(span=> (&&&&__private::Reply::new(#path(rejection), request)).reply())
    });
    if redirect.is_some() || reject.is_some() {
        return outcome_items(redirect.as_ref(), reject.as_ref());
    }
    let next = named(&guard.needs).first().map(|path| path.to_token_stream());
    let inherited = |item| match (guard.alone, &next) {
        (true, Some(next)) => of_a_guard(next, item),
        (_, None) => of_a_guard(&guard.first, item),
        (false, Some(next)) => {
            let (is_guard, first) = (of_a_guard(&guard.first, "IS_GUARD"), of_a_guard(&guard.first, item));
            let next = of_a_guard(next, item);
            quote_here!(if #is_guard { #first } else { #next })
        }
    };
    let reject = inherited("REJECT");
    outcome_items(Some(&inherited("REDIRECT")), Some(&quote_here!((#reject)(rejection, request))))
}

/// A constant of a guard with a name; of a session's struct, that there is none.
fn of_a_guard(guard: &impl ToTokens, item: &str) -> TokenStream {
    located_at(guard, |span| {
        let item = Ident::new(item, span);
        quote_spanned!(span=> { use __private::NotNamed as _; __private::Named::<#guard>::#item })
    })
}

fn outcome_items(redirect: Option<&TokenStream>, reject: Option<&TokenStream>) -> TokenStream {
    let redirect = redirect
        .map(|redirect| quote_here!(const REDIRECT: __private::core::option::Option<&'static __private::core::primitive::str> = #redirect;));
    let reject = reject.map(|reject| {
        quote_here! {
            fn reject(
                rejection: &__private::Rejection,
                request: &dyn __private::core::any::Any,
            ) -> __private::core::option::Option<__private::std::boxed::Box<dyn __private::core::any::Any>> {
                use __private::replies::*;
                #reject
            }
        }
    });
    quote_here!(#redirect #reject)
}
