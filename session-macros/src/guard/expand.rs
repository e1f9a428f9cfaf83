//! The function with its guard: a type beside it, and a parameter in front.

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::ext::IdentExt;
use syn::{Ident, Type, parse_quote_spanned};

use crate::guard::model::{Bound, Function, Guard, Proof};
use crate::guard::needs::Needs;
use crate::tokens::{allowances, quote_here};

/// The function as it was, but for the `#[session]` marks.
pub(crate) fn unguarded(function: &Function) -> TokenStream {
    let Function { attrs, vis, plain, body, .. } = function;
    quote!(#(#attrs)* #vis #plain #body)
}

/// The function, with its guard.
pub(crate) fn guarded(guard: &Guard, proofs: &[Proof<'_>], function: &Function) -> TokenStream {
    let Function { attrs, vis, signature, body, .. } = function;
    let krate = guard.krate.as_ref().map_or_else(|| quote_here!(::cloakroom), ToTokens::to_token_stream);
    let name = Ident::new(
        &format!("__Guard_{}", signature.ident.unraw()),
        Span::mixed_site().located_at(signature.ident.span()),
    );
    // With the session's type and the proofs as its parameter, the guard is never more visible than they are.
    let types: Vec<&Type> = proofs.iter().map(|proof| &proof.bound.ty).collect();
    let data = &guard.data;
    let guard_ty = quote_here!(#name<(#data, #(#types,)*)>);
    let names = proofs.iter().map(|Proof { bound: Bound { mutability, name, .. }, .. }| quote!(#mutability #name));
    let parameter = quote_here!(#krate::private::Guarded((#(#names,)*)): #krate::private::Guarded<#guard_ty>);
    let mut signature = signature.clone();
    signature.inputs.insert(0, parse_quote_spanned!(Span::mixed_site()=> #parameter));
    let cfgs = attrs.iter().filter(|attr| attr.path().is_ident("cfg")).collect::<Vec<_>>();
    let allowances = allowances();
    let guard = implementation(guard, proofs, &guard_ty, &types);
    quote_here! {
        #(#cfgs)*
        #[doc(hidden)]
        #allowances
        #vis struct #name<T>(#krate::private::core::marker::PhantomData<fn() -> T>);

        #(#cfgs)*
        #[doc(hidden)]
        #allowances
        const _: () = {
            use #krate::private as __private;
            #guard
        };

        #(#attrs)*
        #[allow(private_interfaces)]
        #vis #signature #body
    }
}

fn implementation(guard: &Guard, proofs: &[Proof<'_>], guard_ty: &TokenStream, types: &[&Type]) -> TokenStream {
    let Guard { data, needs, redirect, reject, .. } = guard;
    let locals = proofs.iter().map(|proof| &proof.local);
    let statements = Needs { data, proofs }.statements(needs, &mut Vec::new());
    let redirect = redirect.as_ref().map(|to| {
        quote_here!(const REDIRECT: __private::core::option::Option<&'static str> = __private::core::option::Option::Some(#to);)
    });
    let reject = reject.as_ref().map(|path| {
        let span = path.segments.last().map_or_else(Span::mixed_site, |last| Span::mixed_site().located_at(last.ident.span()));
        let reply = quote_spanned!(span=> (&__private::Reply::new(#path(rejection))).reply());
        quote_here! {
            fn reject(
                rejection: &__private::Rejection,
            ) -> __private::core::option::Option<__private::std::boxed::Box<dyn __private::core::any::Any + __private::core::marker::Send>> {
                use __private::ReplyWith as _;
                #reply
            }
        }
    });
    quote_here! {
        #[automatically_derived]
        impl __private::Guard for #guard_ty {
            type Data = #data;
            type Proof = (#(#types,)*);
            #redirect

            async fn check(
                session: &__private::Session<#data>,
            ) -> __private::core::result::Result<
                __private::core::result::Result<Self::Proof, __private::Holds>,
                __private::SessionError,
            > {
                use __private::Place as _;
                let fields = __private::opened(session).await?;
                #statements
                __private::core::result::Result::Ok(__private::core::result::Result::Ok((#(#locals,)*)))
            }

            #reject
        }
    }
}
