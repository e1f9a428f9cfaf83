//! Small work on tokens.

use proc_macro2::{Group, Spacing, Span, TokenStream, TokenTree};
use quote::ToTokens;
use syn::Ident;

/// `quote!`, with its own locals out of the user's sight and the user's out of its.
macro_rules! quote_here {
    ($($tokens:tt)*) => { ::quote::quote_spanned!(::proc_macro2::Span::mixed_site()=> $($tokens)*) };
}
pub(crate) use quote_here;

/// Lints that a user may have denied, and that generated code does not have to keep.
pub(crate) fn allowances() -> TokenStream {
    quote_here! {
        #[allow(
            clippy::all, clippy::nursery, clippy::pedantic, clippy::restriction,
            deprecated, missing_copy_implementations, missing_debug_implementations, missing_docs, non_camel_case_types,
            non_snake_case, non_upper_case_globals, private_bounds, private_interfaces, single_use_lifetimes, unreachable_code,
            unreachable_pub, unused, unused_lifetimes, unused_qualifications
        )]
    }
}

/// What is made, as if it stood where `place` does.
pub(crate) fn located_at(place: &impl ToTokens, make: impl FnOnce(Span) -> TokenStream) -> TokenStream {
    let span = place.to_token_stream().into_iter().next().map_or_else(Span::mixed_site, |tree| tree.span());
    make(Span::mixed_site().located_at(span))
}

/// Does one of these names stand anywhere in the tokens?
pub(crate) fn mentions(tokens: TokenStream, names: &[&Ident]) -> bool {
    tokens.into_iter().any(|tree| match tree {
        TokenTree::Ident(ident) => names.contains(&&ident),
        TokenTree::Group(group) => mentions(group.stream(), names),
        _ => false,
    })
}

/// The tokens with every tree put through `change`, innermost groups first.
pub(crate) fn map(tokens: TokenStream, change: &mut dyn FnMut(TokenTree) -> TokenStream) -> TokenStream {
    tokens
        .into_iter()
        .flat_map(|tree| match tree {
            TokenTree::Group(group) => {
                let mut inner = Group::new(group.delimiter(), map(group.stream(), change));
                inner.set_span(group.span());
                change(inner.into())
            }
            other => change(other),
        })
        .collect()
}

/// Every `&` of a type with a lifetime: where the user forgot one, `'static`.
pub(crate) fn with_lifetimes(tokens: TokenStream) -> TokenStream {
    let mut out = TokenStream::new();
    let mut trees = tokens.into_iter().peekable();
    while let Some(tree) = trees.next() {
        let is_ampersand = matches!(&tree, TokenTree::Punct(punct) if punct.as_char() == '&');
        match tree {
            TokenTree::Group(group) => {
                out.extend([TokenTree::Group(Group::new(group.delimiter(), with_lifetimes(group.stream())))])
            }
            other => out.extend([other]),
        }
        let has_lifetime = matches!(trees.peek(), Some(TokenTree::Punct(punct)) if punct.as_char() == '\'');
        if is_ampersand && !has_lifetime {
            syn::Lifetime::new("'static", Span::call_site()).to_tokens(&mut out);
        }
    }
    out
}

/// Is this the tick of a lifetime?
pub(crate) fn is_tick(tree: &TokenTree) -> bool {
    matches!(tree, TokenTree::Punct(punct) if punct.as_char() == '\'' && punct.spacing() == Spacing::Joint)
}
