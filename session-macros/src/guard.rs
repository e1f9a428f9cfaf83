//! `#[require_session]` and `#[session_guard]`.

use proc_macro2::TokenStream;
use quote::quote;

use crate::ctxt::Ctxt;
use crate::tokens::with_lifetimes;

mod check;
mod expand;
mod function;
mod methods;
mod model;
mod needs;
mod parse;
mod pattern;
mod slips;
mod subject;

#[cfg(test)]
mod tests;

/// Parses, checks and expands. A function whose guard has a mistake is emitted without one, so that nothing else fails.
pub(crate) fn expand(args: TokenStream, item: TokenStream) -> TokenStream {
    let ctxt = Ctxt::new();
    let expansion = match methods::block(item.clone()) {
        Some(block) => methods::expand(&ctxt, &args, block),
        None => free_function(&ctxt, args, item),
    };
    let errors = ctxt.finish();
    quote!(#expansion #errors)
}

fn free_function(ctxt: &Ctxt, args: TokenStream, item: TokenStream) -> TokenStream {
    match function::parse(ctxt, item.clone()) {
        None => item,
        Some(function) => {
            let expand::Guarded { beside, function } = guarded(ctxt, args, &function, "");
            quote!(#beside #function)
        }
    }
}

/// One function with its guard.
fn guarded(ctxt: &Ctxt, args: TokenStream, function: &model::Function, scope: &str) -> expand::Guarded {
    let guard = parse::guard(ctxt, args);
    let params = function.params();
    let proofs = guard.as_ref().map(|guard| check::proofs(ctxt, guard, &function.bound, &params)).unwrap_or_default();
    let krate = guard.as_ref().map_or_else(|| quote!(::cloakroom), model::Guard::krate);
    match &guard {
        Some(guard) if ctxt.count() == 0 => expand::guarded(guard, &proofs, function, scope),
        _ => expand::Guarded { beside: TokenStream::new(), function: expand::unguarded(function, &krate) },
    }
}

/// A struct that is the name of a guard, and what it proves.
pub(crate) fn expand_named(args: TokenStream, item: TokenStream) -> TokenStream {
    let ctxt = Ctxt::new();
    let subject = subject::parse(&ctxt, item.clone());
    let guard = parse::guard(&ctxt, args)
        .filter(|guard| subject.as_ref().is_none_or(|subject| check::names_another(&ctxt, guard, &subject.ident)));
    let expansion = match (&subject, &guard) {
        (Some(subject), Some(guard)) => {
            let proofs = check::proofs(&ctxt, guard, &subject.bound, &[]);
            (ctxt.count() == 0).then(|| expand::with_a_name(guard, &proofs, subject))
        }
        _ => None,
    };
    if ctxt.count() == 0 {
        ctxt.finish();
        return quote!(#item #expansion);
    }
    let refused = subject.map(|subject| expand::refused(guard.as_ref(), &subject));
    let (item, errors) = (with_lifetimes(item), ctxt.finish());
    quote!(#item #refused #errors)
}
