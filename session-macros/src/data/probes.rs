//! Questions to the compiler about each field: can its type be kept, and has it a value for unset?
//!
//! Each stands at the type that it asks about, so that the answer does too, and gives way to those before it.

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote_spanned};
use syn::{Ident, Type};

use crate::data::model::{Data, Field, Unset};
use crate::data::types::{self, Role, Suspect};
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
            use __private::probe::questions::*;
            #(#probes)*
        };
    }
}

fn probes(field: &Field) -> TokenStream {
    let is_kept = field.stored.as_ref().is_some_and(|stored| stored.with.is_none());
    if !is_kept {
        return unset(field).map(|unset| report(&field.ty, &unset)).unwrap_or_default();
    }
    if is_above_suspicion(field) {
        return TokenStream::new();
    }
    let mut suspects = types::suspects(&field.ty);
    let whole = suspects.pop();
    suspects.retain(|suspect| !suspect.is_well_known());
    suspects.extend(whole);
    match &*suspects {
        [whole] if is_plain(whole) => alone(&field.ty, unset(field)),
        suspects => among(&field.ty, suspects, unset(field)),
    }
}

/// Is it made of the usual types alone, by their usual names? Asking takes time, and the key demands all of it by bounds: where such
/// a name stands for something else, rustc says so in its own words.
pub(crate) fn is_above_suspicion(field: &Field) -> bool {
    matches!(field.unset, Unset::Implied | Unset::Default) && types::is_well_known(&field.ty)
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
fn among(ty: &Type, suspects: &[Suspect<'_>], unset: Option<TokenStream>) -> TokenStream {
    let [outer, before] = [quote_here!(outer), quote_here!(before)];
    let asked = kind(ty);
    let mut statements = quote_here! {
        let #outer = #asked;
        let #before = __private::probe::Fine;
    };
    for (index, suspect) in suspects.iter().enumerate() {
        let is_whole = index + 1 == suspects.len();
        let asked = if is_whole && is_plain(suspect) { outer.clone() } else { question(suspect) };
        let suspect = suspect.ty;
        let spoken = report(
            suspect,
            &finding(suspect, "inner", &outer, &finding(suspect, "then", &before, &quote_here!(inner))),
        );
        statements.extend(quote_here! {
            let inner = #asked;
            #spoken
        });
        if !is_whole {
            let so_far = finding(suspect, "or", &before, &quote_here!(inner));
            statements.extend(quote_here!(let #before = #so_far;));
        }
    }
    statements.extend(unset.map(|unset| report(ty, &finding(ty, "then", &outer, &unset))));
    quote_here!({ #statements })
}

/// Where neither the type nor the attribute says what unset reads as: the question whether there is a value for it.
fn unset(field: &Field) -> Option<TokenStream> {
    let ty = &field.ty;
    let is_default = matches!(field.unset, Unset::Implied | Unset::Default) && !field.unset_is_none();
    is_default.then(|| at(ty, |span| quote_spanned!(span=> (&&__private::probe::ProbeUnset::<#ty>::NEW).unset_kind())))
}

/// What has to be asked of a type: can it be kept, and can it be what it is for?
fn question(suspect: &Suspect<'_>) -> TokenStream {
    let Suspect { ty, role } = suspect;
    let probe =
        |probe: TokenStream| at(ty, |span| quote_spanned!(span=> (&&__private::probe::#probe::<#ty>::NEW).kind()));
    let also = |probe: TokenStream| finding(ty, "or", &kind(ty), &probe);
    let instead = |answer: TokenStream| {
        let answer = at(ty, |span| quote_spanned!(span=> __private::probe::#answer::<#ty>::NEW));
        finding(ty, "inner", &kind(ty), &answer)
    };
    match (role, types::name(ty).as_deref(), ty) {
        (Role::Hasher, ..) => probe(quote_here!(ProbeHasher)),
        (Role::HashKey, ..) => also(probe(quote_here!(ProbeHash))),
        (Role::SortedKey, ..) => also(probe(quote_here!(ProbeOrder))),
        (Role::Value, Some("Rc"), _) => instead(quote_here!(Counted)),
        (Role::Value, Some("Arc"), _) => instead(quote_here!(CountedByThreads)),
        (Role::Value, _, Type::Array(_)) => instead(quote_here!(LongArray)),
        (Role::Value, _, Type::TraitObject(_)) => instead(quote_here!(Dynamic)),
        (Role::Value, ..) => kind(ty),
    }
}

/// Is nothing to be asked but whether it can be kept?
fn is_plain(suspect: &Suspect<'_>) -> bool {
    suspect.role == Role::Value
        && !matches!(suspect.ty, Type::Array(_) | Type::TraitObject(_))
        && !types::name(suspect.ty).is_some_and(|name| name == "Rc" || name == "Arc")
}

fn kind(ty: &Type) -> TokenStream {
    at(ty, |span| quote_spanned!(span=> (&&&&&&__private::probe::Probe::<#ty>::NEW).kind()))
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

/// Tokens that stand where the type does.
pub(crate) fn at(ty: &Type, make: impl FnOnce(Span) -> TokenStream) -> TokenStream {
    make(Span::mixed_site().located_at(place(ty)))
}

/// Where the answer is to be read: at the name of a type with a path, else at its first token.
fn place(ty: &Type) -> Span {
    match ty {
        Type::Path(path) => path.path.segments.last().map_or_else(Span::call_site, |segment| segment.ident.span()),
        other => other.to_token_stream().into_iter().next().map_or_else(Span::call_site, |tree| tree.span()),
    }
}
