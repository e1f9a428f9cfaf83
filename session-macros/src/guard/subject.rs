//! The struct of a guard with a name → the model. The struct itself is passed through as it is.

use proc_macro2::{Span, TokenStream};
use syn::{Attribute, Field, Fields, Generics, Ident, Item, ItemEnum, ItemStruct, Visibility};

use crate::ctxt::Ctxt;
use crate::guard::function::{first, is_named};
use crate::guard::model::{Bound, Struct};

const SHAPE: &str =
    "a guard's struct is `struct Admin;`, or names what the guard hands over: `struct Admin { user_id: UserId }`";

/// Reads it. `None` if it can stand for no guard at all, which is noted, as is what else is wrong.
pub(crate) fn parse(ctxt: &Ctxt, item: TokenStream) -> Option<Struct> {
    let (attrs, vis, ident, generics, fields) = match syn::parse2(item.clone()) {
        Ok(Item::Struct(ItemStruct { attrs, vis, ident, generics, fields, .. })) => {
            (attrs, vis, ident, generics, Some(fields))
        }
        Ok(Item::Enum(ItemEnum { attrs, vis, ident, generics, .. })) => (attrs, vis, ident, generics, None),
        _ => (Vec::new(), Visibility::Inherited, Ident::new("_", Span::call_site()), Generics::default(), None),
    };
    if let Some(other) = attrs.iter().find(|attr| is_named_guard(attr)) {
        ctxt.error(other.path(), "a struct has one `#[session_guard]`: write the needs of both into it");
        return None;
    }
    if !generics.params.is_empty() {
        ctxt.error(&generics, "a guard's struct has no parameters: what it asks for is fixed");
        return None;
    }
    let bound = match fields {
        None => {
            ctxt.error(first(item), format_args!("`#[session_guard]` stands before a struct: {SHAPE}"));
            Vec::new()
        }
        Some(Fields::Unit) => Vec::new(),
        Some(Fields::Named(fields)) => fields.named.into_iter().filter_map(|field| bound(ctxt, field)).collect(),
        Some(Fields::Unnamed(fields)) => {
            ctxt.error(fields, SHAPE);
            Vec::new()
        }
    };
    let cfgs = attrs.into_iter().filter(|attr| attr.path().is_ident("cfg")).collect();
    (ident != "_").then_some(Struct { cfgs, vis, ident, bound })
}

fn is_named_guard(attr: &Attribute) -> bool {
    attr.path().segments.last().is_some_and(|last| last.ident == "session_guard")
}

fn bound(ctxt: &Ctxt, field: Field) -> Option<Bound> {
    for attr in field.attrs.iter().filter(|attr| attr.path().is_ident("cfg")) {
        ctxt.error(attr, "what a guard hands over is the same in every build: put the `cfg` before the struct");
    }
    is_named(ctxt, &field.ty);
    Some(Bound { mutability: None, name: field.ident?, ty: field.ty })
}
