//! The guarded function's tokens → the model. Its body is passed through, so that a broken one still completes in an editor.

use proc_macro2::TokenStream;
use syn::parse::{ParseStream, Parser};
use syn::{Attribute, FnArg, Pat, Signature, Visibility};

use crate::ctxt::Ctxt;
use crate::guard::model::{Bound, Function};

/// Reads a function. `None` if it is none; what else is wrong with it is noted.
pub(crate) fn parse(ctxt: &Ctxt, item: TokenStream) -> Option<Function> {
    let parsed = (|input: ParseStream<'_>| {
        let attrs = input.call(Attribute::parse_outer)?;
        let vis: Visibility = input.parse()?;
        let signature: Signature = input.parse()?;
        Ok((attrs, vis, signature, input.parse::<TokenStream>()?))
    })
    .parse2(item.clone());
    let Ok((attrs, vis, signature, body)) = parsed else {
        ctxt.error(first(item), "`#[require_session]` stands before an `async fn`");
        return None;
    };
    if signature.asyncness.is_none() {
        ctxt.error(signature.fn_token, "a guarded handler is `async`: write `async fn`");
    }
    let mut function = Function { attrs, vis, signature, bound: Vec::new(), refused: Vec::new(), body };
    take_bound(ctxt, &mut function);
    Some(function)
}

/// Its first token, to point at.
pub(crate) fn first(item: TokenStream) -> TokenStream {
    item.into_iter().take(1).collect()
}

/// Moves the `#[session]` parameters out of the signature.
fn take_bound(ctxt: &Ctxt, function: &mut Function) {
    let mut rest = syn::punctuated::Punctuated::new();
    for mut input in std::mem::take(&mut function.signature.inputs) {
        match &mut input {
            FnArg::Receiver(receiver) => {
                let message = "a method with `self` is no handler, so there is no request to guard: give a guard a name, \
                               `#[session_guard(Shop, user_id)] struct SignedIn;`, and ask it in the body, `SignedIn::check(&session).await?`";
                ctxt.error(receiver.self_token, message);
                rest.push(input);
            }
            FnArg::Typed(typed) if typed.attrs.iter().any(is_session) => {
                for attr in typed.attrs.iter().filter(|attr| is_session(attr)) {
                    if !matches!(attr.meta, syn::Meta::Path(_)) {
                        ctxt.error(
                            &attr.meta,
                            "`#[session]` on a parameter says it all: the parameter's name is the field's",
                        );
                    }
                }
                function.refused.push(((*typed.pat).clone(), (*typed.ty).clone()));
                match &*typed.pat {
                    Pat::Ident(name) if name.by_ref.is_none() && name.subpat.is_none() => {
                        function.bound.push(Bound {
                            mutability: name.mutability,
                            name: name.ident.clone(),
                            ty: (*typed.ty).clone(),
                        });
                    }
                    other => ctxt
                        .error(other, "a `#[session]` parameter is the name of a field: `#[session] user_id: UserId`"),
                }
            }
            FnArg::Typed(_) => rest.push(input),
        }
    }
    function.signature.inputs = rest;
}

fn is_session(attr: &Attribute) -> bool {
    attr.path().is_ident("session")
}
