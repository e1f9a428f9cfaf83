//! One question to the compiler per field: can its type be kept, and has it a value for unset?
//!
//! The whole question stands at the field's type, so that the answer does too.

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote_spanned};
use syn::Type;

use crate::data::model::{Data, Field, Unset};
use crate::data::types;
use crate::tokens::quote_here;

/// A function that is never called: its body only has to be typed.
pub(crate) fn items(data: &Data) -> TokenStream {
    let probes: Vec<TokenStream> =
        data.fields.iter().filter(|field| field.sound && !field.generic).filter_map(probe).collect();
    if probes.is_empty() {
        return TokenStream::new();
    }
    quote_here! {
        const _: fn() = || {
            use __private::probe::{
                Defaulted as _, Finding as _, Kept as _, Neither as _, ReadOnly as _, Tied as _, Undefaulted as _, WriteOnly as _,
            };
            #(#probes)*
        };
    }
}

fn probe(field: &Field) -> Option<TokenStream> {
    let ty = &field.ty;
    let first = place(ty);
    let kept = field.stored.as_ref().filter(|stored| stored.with.is_none()).map(|_| kept(ty, first));
    let unset = matches!(field.unset, Unset::Implied | Unset::Default) && !field.unset_is_none();
    let unset =
        unset.then(|| at(first, |span| quote_spanned!(span=> (&&__private::probe::ProbeUnset::<#ty>::NEW).kind())));
    let question = match (kept, unset) {
        (Some(kept), Some(unset)) => {
            at(first, |span| quote_spanned!(span=> __private::probe::Finding::or(#kept, #unset)))
        }
        (Some(one), None) | (None, Some(one)) => one,
        (None, None) => return None,
    };
    Some(at(first, |span| quote_spanned!(span=> #question.report();)))
}

/// Fine where serde can keep the type, else what is wrong with the innermost culprit.
fn kept(ty: &Type, span: Span) -> TokenStream {
    let ask = |ty: &Type| at(span, |span| quote_spanned!(span=> (&&&&&__private::probe::Probe::<#ty>::NEW).kind()));
    let culprit = types::inner(ty).into_iter().rev().fold(ask(ty), |rest, inner| {
        let inner = ask(inner);
        at(span, |span| quote_spanned!(span=> __private::probe::Finding::or(#inner, #rest)))
    });
    let outer = ask(ty);
    at(span, |span| quote_spanned!(span=> __private::probe::Finding::inner(#outer, #culprit)))
}

fn at(span: Span, make: impl FnOnce(Span) -> TokenStream) -> TokenStream {
    make(Span::mixed_site().located_at(span))
}

/// Where the answer is to be read: at the name of a type with a path, else at its first token.
fn place(ty: &Type) -> Span {
    match ty {
        Type::Path(path) => path.path.segments.last().map_or_else(Span::call_site, |segment| segment.ident.span()),
        other => other.to_token_stream().into_iter().next().map_or_else(Span::call_site, |tree| tree.span()),
    }
}
