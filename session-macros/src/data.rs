//! `#[derive(SessionData)]`.

use proc_macro2::TokenStream;

use crate::ctxt::Ctxt;

mod accessors;
mod attr;
mod check;
mod cookie;
mod docs;
mod expand;
mod keys;
mod model;
mod names;
mod parse;
mod probes;
mod record;
mod salvage;
mod settings;
mod types;

/// Parses, checks and expands. A struct with mistakes still gets its methods, so that nothing else fails for want of them.
pub(crate) fn expand(input: TokenStream) -> TokenStream {
    let ctxt = Ctxt::new();
    let whole = ctxt.take(syn::parse2(input.clone()));
    let is_whole = whole.is_some();
    let Some(input) = whole.or_else(|| salvage::structure(input)) else { return ctxt.finish() };
    let mut data = parse::data(&ctxt, input);
    if !is_whole {
        // Something of it is missing, so it cannot be made out of its fields.
        data.fields.iter_mut().for_each(|field| field.sound = false);
    }
    check::all(&ctxt, &mut data);
    let mut expansion = if data.is_sized { expand::data(&data) } else { TokenStream::new() };
    expansion.extend(ctxt.finish());
    expansion
}

#[cfg(test)]
mod tests;
