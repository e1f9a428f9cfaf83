//! Questions to the compiler about each field: can its type be kept, and has it a value for unset?
//!
//! Each stands at the type that it asks about, so that the answer does too, and gives way to those before it.

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote_spanned};
use syn::{Ident, Type};

use crate::data::model::{Data, Field, Unset};
use crate::data::types;
use crate::tokens::quote_here;

/// A function that is never called: its body only has to be typed.
pub(crate) fn items(data: &Data) -> TokenStream {
    let probes: Vec<TokenStream> =
        data.fields.iter().filter(|field| field.sound && !field.generic).map(probes).collect();
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

fn probes(field: &Field) -> TokenStream {
    let is_kept = field.stored.as_ref().is_some_and(|stored| stored.with.is_none());
    let mut suspects = if is_kept { types::inner(&field.ty) } else { Vec::new() };
    suspects.retain(|suspect| !is_well_known(suspect));
    match (&*suspects, unset(field)) {
        ([], unset) if is_kept => alone(&field.ty, unset),
        ([], Some(unset)) => report(&field.ty, &unset),
        ([], None) => TokenStream::new(),
        (suspects, unset) => among(&field.ty, suspects, unset),
    }
}

/// Types that serde keeps, by their usual names: as parts of others they are above suspicion, and asking takes time. (Where such a
/// name stands for something else, the type around it is blamed.)
const WELL_KNOWN: &[&str] = &[
    "bool", "char", "f32", "f64", "i8", "i16", "i32", "i64", "i128", "isize", "u8", "u16", "u32", "u64", "u128",
    "usize", "String",
];

fn is_well_known(ty: &Type) -> bool {
    let Type::Path(path) = ty else { return false };
    let around =
        ["Box", "Option", "Vec"].into_iter().any(|name| path.path.segments.iter().all(|part| part.ident == name));
    match types::inner(ty).as_slice() {
        [] => WELL_KNOWN.iter().any(|name| path.path.is_ident(name)),
        parts => around && parts.iter().all(|part| is_well_known(part)),
    }
}

/// A type with nothing inside that could be to blame: says what is wrong with it, or else that unset would have no value.
fn alone(ty: &Type, unset: Option<TokenStream>) -> TokenStream {
    let asked = kind(ty);
    match unset {
        None => report(ty, &asked),
        Some(unset) => report(ty, &finding(ty, "or", &asked, &unset)),
    }
}

/// Where serde cannot keep the type: says so of the innermost culprit, or else of the type itself. Each type is asked once.
fn among(ty: &Type, suspects: &[&Type], unset: Option<TokenStream>) -> TokenStream {
    let [outer, before] = [quote_here!(outer), quote_here!(before)];
    let asked = kind(ty);
    let mut statements = quote_here! {
        let #outer = #asked;
        let #before = __private::probe::Fine;
    };
    for suspect in suspects {
        let asked = kind(suspect);
        let spoken = report(
            suspect,
            &finding(suspect, "inner", &outer, &finding(suspect, "then", &before, &quote_here!(inner))),
        );
        let so_far = finding(suspect, "or", &before, &quote_here!(inner));
        statements.extend(quote_here! {
            let inner = #asked;
            #spoken
            let #before = #so_far;
        });
    }
    statements.extend(report(ty, &finding(ty, "inner", &outer, &finding(ty, "then", &before, &outer))));
    statements.extend(unset.map(|unset| report(ty, &finding(ty, "then", &outer, &unset))));
    quote_here!({ #statements })
}

/// Where neither the type nor the attribute says what unset reads as: the question whether there is a value for it.
fn unset(field: &Field) -> Option<TokenStream> {
    let ty = &field.ty;
    let is_default = matches!(field.unset, Unset::Implied | Unset::Default) && !field.unset_is_none();
    is_default.then(|| at(ty, |span| quote_spanned!(span=> (&&__private::probe::ProbeUnset::<#ty>::NEW).unset_kind())))
}

fn kind(ty: &Type) -> TokenStream {
    at(ty, |span| quote_spanned!(span=> (&&&&&__private::probe::Probe::<#ty>::NEW).kind()))
}

fn finding(ty: &Type, how: &str, one: &TokenStream, other: &TokenStream) -> TokenStream {
    at(ty, |span| {
        let how = Ident::new(how, span);
        quote_spanned!(span=> __private::probe::Finding::#how(#one, #other))
    })
}

fn report(ty: &Type, finding: &TokenStream) -> TokenStream {
    at(ty, |span| quote_spanned!(span=> #finding.report();))
}

fn at(ty: &Type, make: impl FnOnce(Span) -> TokenStream) -> TokenStream {
    make(Span::mixed_site().located_at(place(ty)))
}

/// Where the answer is to be read: at the name of a type with a path, else at its first token.
fn place(ty: &Type) -> Span {
    match ty {
        Type::Path(path) => path.path.segments.last().map_or_else(Span::call_site, |segment| segment.ident.span()),
        other => other.to_token_stream().into_iter().next().map_or_else(Span::call_site, |tree| tree.span()),
    }
}
