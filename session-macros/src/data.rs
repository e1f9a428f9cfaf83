//! `#[derive(SessionData)]`.

use proc_macro2::TokenStream;

use crate::ctxt::Ctxt;

mod accessors;
mod attr;
mod check;
mod cookie;
mod expand;
mod keys;
mod model;
mod names;
mod parse;
mod probes;
mod record;
mod settings;
mod types;

/// Parses, checks and expands. A struct with mistakes still gets its methods, so that nothing else fails for want of them.
pub(crate) fn expand(input: TokenStream) -> TokenStream {
    let input = match syn::parse2(input) {
        Ok(input) => input,
        Err(error) => return error.to_compile_error(),
    };
    let ctxt = Ctxt::new();
    let mut data = parse::data(&ctxt, input);
    check::all(&ctxt, &mut data);
    let mut expansion = if data.is_sized { expand::data(&data) } else { TokenStream::new() };
    expansion.extend(ctxt.finish());
    expansion
}

#[cfg(test)]
mod tests;
