//! The model → the items that it stands for.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, format_ident, quote};
use syn::ext::IdentExt;
use syn::{Generics, parse_quote_spanned};

use crate::data::model::{Data, Field, Unset};
use crate::data::{accessors, keys, probes, record};
use crate::tokens::{allowances, mentions, quote_here};

/// Everything, in a `const _`, so that only methods and keys can be seen.
pub(crate) fn data(data: &Data) -> TokenStream {
    let names = Items::new(data);
    let allowances = allowances();
    let krate = &data.krate;
    let parts = [
        record::statics(data),
        accessors::items(data, &names),
        keys::items(data, &names),
        record::session_data(data, &names),
        probes::items(data),
    ];
    quote_here! {
        #[doc(hidden)]
        #allowances
        const _: () = {
            use #krate::private as __private;
            use __private::probe::{StubCodec as _, StubUnset as _};
            #(#parts)*
        };
    }
}

/// What the generated items are called, and what they all carry.
pub(crate) struct Items {
    /// `ShopSession`.
    pub(crate) accessors: Ident,
    /// `ShopFields`.
    pub(crate) fields: Ident,
    /// The struct's generics, and the bounds that its fields need.
    pub(crate) generics: Generics,
}

impl Items {
    fn new(data: &Data) -> Self {
        Self { accessors: free_name(data, "Session"), fields: free_name(data, "Fields"), generics: bounded(data) }
    }
}

/// The struct's name and `suffix`, and more of it as long as a field's type is called so: that type must not be hidden.
fn free_name(data: &Data, suffix: &str) -> Ident {
    // Not at the struct's place, where rustc would take it for the struct in its advice.
    let mut name = format_ident!("{}{suffix}", data.ident.unraw(), span = Span::call_site());
    while data.fields.iter().any(|field| mentions(field.ty.to_token_stream(), &[&name])) {
        name = format_ident!("{name}{suffix}");
    }
    name
}

/// Where a field's type mentions a parameter, no probe can ask for it: a bound does.
fn bounded(data: &Data) -> Generics {
    let mut generics = data.generics.clone();
    let params: Vec<Ident> = generics.type_params().map(|param| param.ident.clone()).collect();
    if generics.params.is_empty() {
        return generics;
    }
    let clause = generics.make_where_clause();
    for param in params {
        clause.predicates.push(parse_quote_spanned!(param.span()=> #param: 'static));
    }
    for field in data.fields.iter().filter(|field| field.generic && field.sound) {
        let ty = &field.ty;
        let bounds = bounds(field);
        if !bounds.is_empty() {
            clause.predicates.push(syn::parse_quote!(#ty: #bounds));
        }
    }
    generics
}

fn bounds(field: &Field) -> TokenStream {
    let mut bounds = Vec::new();
    match &field.stored {
        Some(stored) if stored.with.is_none() => bounds.push(quote_here!(__private::probe::Keep)),
        Some(_) => bounds.push(quote_here!(__private::core::marker::Send + __private::core::marker::Sync + 'static)),
        None => {}
    }
    if !field.unset_is_none() && !matches!(field.unset, Unset::Expr(_)) {
        bounds.push(quote_here!(__private::probe::Unset));
    }
    quote!(#(#bounds)+*)
}
