//! Questions to the compiler about each field: can its type be kept, and has it a value for unset?
//!
//! Each stands at the type that it asks about, so that the answer does too, and gives way to those before it.

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote_spanned};
use syn::Type;

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
    let kept = is_kept.then(|| kept(&field.ty));
    let unset = unset(field, is_kept);
    quote_here!(#kept #unset)
}

/// Where serde cannot keep the type: says so of the innermost culprit, or else of the type itself.
fn kept(ty: &Type) -> TokenStream {
    let outer = kind(ty);
    let mut before: Option<TokenStream> = None;
    let mut questions = TokenStream::new();
    for suspect in types::suspects(ty) {
        let asked = question(&suspect);
        let (culprit, so_far) = match &before {
            None => (asked.clone(), asked),
            Some(before) => (
                quote_here!(__private::probe::Finding::then(#before, #asked)),
                quote_here!(__private::probe::Finding::or(#before, #asked)),
            ),
        };
        before = Some(so_far);
        questions.extend(at(
            suspect.ty,
            |span| quote_spanned!(span=> __private::probe::Finding::inner(#outer, #culprit).report();),
        ));
    }
    questions
}

/// Where neither the type nor the attribute says what unset reads as: says so, unless more is wrong with the type.
fn unset(field: &Field, is_kept: bool) -> Option<TokenStream> {
    let ty = &field.ty;
    let is_default = matches!(field.unset, Unset::Implied | Unset::Default) && !field.unset_is_none();
    let asked = is_default
        .then(|| at(ty, |span| quote_spanned!(span=> (&&__private::probe::ProbeUnset::<#ty>::NEW).kind())))?;
    Some(if is_kept {
        let outer = kind(ty);
        at(ty, |span| quote_spanned!(span=> __private::probe::Finding::then(#outer, #asked).report();))
    } else {
        at(ty, |span| quote_spanned!(span=> #asked.report();))
    })
}

/// What has to be asked of a type: can it be kept, and can it be what it is for?
fn question(suspect: &Suspect<'_>) -> TokenStream {
    let Suspect { ty, role } = suspect;
    let kind = kind(ty);
    let also = |probe: TokenStream| {
        at(
            ty,
            |span| quote_spanned!(span=> __private::probe::Finding::or(#kind, (&&__private::probe::#probe::<#ty>::NEW).kind())),
        )
    };
    let instead = |finding: TokenStream| {
        at(
            ty,
            |span| quote_spanned!(span=> __private::probe::Finding::inner(#kind, __private::probe::#finding::<#ty>::NEW)),
        )
    };
    match (role, types::name(ty).as_deref(), ty) {
        (Role::Hasher, ..) => {
            at(ty, |span| quote_spanned!(span=> (&&__private::probe::ProbeHasher::<#ty>::NEW).kind()))
        }
        (Role::HashKey, ..) => also(quote_here!(ProbeHash)),
        (Role::SortedKey, ..) => also(quote_here!(ProbeOrder)),
        (Role::Value, Some("Rc"), _) => instead(quote_here!(Counted)),
        (Role::Value, Some("Arc"), _) => instead(quote_here!(CountedByThreads)),
        (Role::Value, _, Type::Array(_)) => instead(quote_here!(LongArray)),
        (Role::Value, _, Type::TraitObject(_)) => instead(quote_here!(Dynamic)),
        (Role::Value, ..) => kind,
    }
}

fn kind(ty: &Type) -> TokenStream {
    at(ty, |span| quote_spanned!(span=> (&&&&&&__private::probe::Probe::<#ty>::NEW).kind()))
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
