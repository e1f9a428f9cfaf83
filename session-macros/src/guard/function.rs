//! The guarded function's tokens → the model. Its body is passed through, so that a broken one still completes in an editor.

use proc_macro2::TokenStream;
use quote::ToTokens;
use syn::ext::IdentExt;
use syn::parse::{ParseStream, Parser};
use syn::{Attribute, FnArg, Pat, PatType, Signature, Type, Visibility};

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
    let Ok((mut attrs, vis, signature, body)) = parsed else {
        ctxt.error(first(item), "`#[require_session]` stands before an `async fn`");
        return None;
    };
    if signature.asyncness.is_none() {
        ctxt.error(signature.fn_token, "a guarded handler is `async`: write `async fn`");
    }
    if let Some(other) = attrs.iter().find(|attr| is_guard(attr)) {
        ctxt.error(
            other.path(),
            "a handler has one `#[require_session]`: write the needs of both into it, and take the guard of another session as a \
             parameter, `guard: path::to::Guard`",
        );
    }
    attrs.retain(|attr| !is_guard(attr));
    let mut function =
        Function { attrs, vis, signature, bound: Vec::new(), refused: Vec::new(), is_legible: true, body };
    take_bound(ctxt, &mut function);
    Some(function)
}

/// Its first token, to point at.
pub(crate) fn first(item: TokenStream) -> TokenStream {
    item.into_iter().take(1).collect()
}

/// Is it another guard's attribute?
pub(crate) fn is_guard(attr: &Attribute) -> bool {
    attr.path().segments.last().is_some_and(|last| last.ident == "require_session")
}

/// Moves the `#[session]` parameters out of the signature, and those that no request could fill.
fn take_bound(ctxt: &Ctxt, function: &mut Function) {
    for input in std::mem::take(&mut function.signature.inputs) {
        match input {
            FnArg::Receiver(mut receiver) => {
                let message = "a method with `self` is no handler, so there is no request to guard: give a guard a name, \
                               `#[session_guard(Shop, user_id)] struct SignedIn;`, and ask it in the body, `SignedIn::check(&session).await?`";
                ctxt.error(receiver.self_token, message);
                receiver.attrs.retain(|attr| !is_session(attr));
                function.signature.inputs.push(FnArg::Receiver(receiver));
            }
            FnArg::Typed(typed) if typed.attrs.iter().any(is_session) => take_one(ctxt, function, typed),
            FnArg::Typed(typed) => match no_extractor(&typed) {
                None => function.signature.inputs.push(FnArg::Typed(typed)),
                Some(message) => {
                    ctxt.error(&typed.ty, message);
                    function.refuse(typed);
                }
            },
        }
    }
}

fn take_one(ctxt: &Ctxt, function: &mut Function, typed: PatType) {
    for attr in &typed.attrs {
        if !is_session(attr) {
            ctxt.error(attr, "beside `#[session]` a parameter has no attribute: put it on the function");
        } else if !matches!(attr.meta, syn::Meta::Path(_)) {
            ctxt.error(&attr.meta, "`#[session]` on a parameter says it all: the parameter's name is the field's");
        }
    }
    match &*typed.pat {
        Pat::Ident(name) if name.by_ref.is_none() && name.subpat.is_none() => {
            if function.bound.iter().any(|bound| bound.name.unraw() == name.ident.unraw()) {
                return ctxt.error(&name.ident, format_args!("`{}` is handed over twice: remove one", name.ident));
            }
            is_named(ctxt, &typed.ty);
            function.bound.push(Bound {
                mutability: name.mutability,
                name: name.ident.clone(),
                ty: (*typed.ty).clone(),
            });
        }
        other => ctxt.error(other, "a `#[session]` parameter is the name of a field: `#[session] user_id: UserId`"),
    }
    function.refuse(typed);
}

/// Notes a type that cannot be that of a field.
pub(crate) fn is_named(ctxt: &Ctxt, ty: &Type) {
    let how = match ty {
        Type::Reference(of) if matches!(&*of.elem, Type::Path(path) if path.path.is_ident("str")) => "`String`",
        Type::Reference(_) => "the type itself, without `&`",
        Type::Infer(_) | Type::ImplTrait(_) => "the field's type, by its name",
        _ => return,
    };
    ctxt.error(ty, format_args!("what a guard hands over is the field's own value: write {how}"));
}

/// Why a parameter cannot come from the request. The web framework would say so at the route, and not why.
fn no_extractor(typed: &PatType) -> Option<String> {
    let (name, ty) = (typed.pat.to_token_stream(), &typed.ty);
    match &**ty {
        Type::Reference(of) if names(&of.elem, &["Session"]) => {
            Some(format!("a handler takes the session itself: write `{name}: Session<Shop>`"))
        }
        ty if names(ty, &NUMBERS) => Some(format!(
            "a request holds no `{0}`: a field of the session is `#[session] {1}: {0}`, and a part of the path `Path({1}): Path<{0}>`",
            ty.to_token_stream(),
            name
        )),
        _ => None,
    }
}

const NUMBERS: [&str; 16] = [
    "bool", "char", "f32", "f64", "i8", "i16", "i32", "i64", "i128", "isize", "u8", "u16", "u32", "u64", "u128",
    "usize",
];

fn names(ty: &Type, those: &[&str]) -> bool {
    matches!(ty, Type::Path(path) if path.path.segments.last().is_some_and(|last| those.iter().any(|name| last.ident == name)))
}

fn is_session(attr: &Attribute) -> bool {
    attr.path().is_ident("session")
}
