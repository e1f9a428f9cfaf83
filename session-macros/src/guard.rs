//! `#[require_session]`.

use proc_macro2::TokenStream;

use crate::ctxt::Ctxt;

mod check;
mod expand;
mod function;
mod model;
mod needs;
mod parse;
mod pattern;

#[cfg(test)]
mod tests;

/// Parses, checks and expands. A function whose guard has a mistake is emitted without one, so that nothing else fails.
pub(crate) fn expand(args: TokenStream, item: TokenStream) -> TokenStream {
    let ctxt = Ctxt::new();
    let expansion = match function::parse(&ctxt, item.clone()) {
        None => item,
        Some(function) => {
            let guard = parse::guard(&ctxt, args);
            let proofs = guard.as_ref().map(|guard| check::proofs(&ctxt, guard, &function)).unwrap_or_default();
            match guard.filter(|_| ctxt.count() == 0) {
                Some(guard) => expand::guarded(&guard, &proofs, &function),
                None => expand::unguarded(&function),
            }
        }
    };
    let errors = ctxt.finish();
    quote::quote!(#expansion #errors)
}
