//! The struct of a guard with a name → the model. The struct itself is passed through as it is.

use proc_macro2::TokenStream;
use syn::{Fields, ItemStruct};

use crate::ctxt::Ctxt;
use crate::guard::function::first;
use crate::guard::model::{Bound, Struct};

const SHAPE: &str =
    "a guard's struct is `struct Admin;`, or names what the guard hands over: `struct Admin { user_id: UserId }`";

/// Reads it. `None` if it cannot name a guard, which is noted.
pub(crate) fn parse(ctxt: &Ctxt, item: TokenStream) -> Option<Struct> {
    let Ok(ItemStruct { attrs, vis, ident, generics, fields, .. }) = syn::parse2(item.clone()) else {
        ctxt.error(first(item), format_args!("`#[session_guard]` stands before a struct: {SHAPE}"));
        return None;
    };
    if !generics.params.is_empty() {
        ctxt.error(&generics, "a guard's struct has no parameters: what it asks for is fixed");
        return None;
    }
    let bound = match fields {
        Fields::Unit => Vec::new(),
        Fields::Named(fields) => {
            let bound = fields
                .named
                .into_iter()
                .filter_map(|field| Some(Bound { mutability: None, name: field.ident?, ty: field.ty }));
            bound.collect()
        }
        Fields::Unnamed(fields) => {
            ctxt.error(fields, SHAPE);
            return None;
        }
    };
    let cfgs = attrs.into_iter().filter(|attr| attr.path().is_ident("cfg")).collect();
    Some(Struct { cfgs, vis, ident, bound })
}
