//! What a field's type says in its tokens, before the compiler knows what they mean.

use quote::ToTokens;
use syn::{GenericArgument, PathArguments, Type};

use crate::ctxt::Ctxt;

/// The `X` of `Option<X>`, in the ways that the prelude's `Option` can be written.
pub(crate) fn option(ty: &Type) -> Option<&Type> {
    let Type::Path(path) = plain(ty) else { return None };
    let last = path.path.segments.last().filter(|_| path.qself.is_none())?;
    let names: Vec<String> = path.path.segments.iter().map(|segment| segment.ident.to_string()).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    if !matches!(&*names, ["Option"] | ["std" | "core", "option", "Option"]) {
        return None;
    }
    match &last.arguments {
        PathArguments::AngleBracketed(args) => match args.args.first() {
            Some(GenericArgument::Type(inner)) if args.args.len() == 1 => Some(inner),
            _ => None,
        },
        _ => None,
    }
}

/// The types inside a type, innermost first.
pub(crate) fn inner(ty: &Type) -> Vec<&Type> {
    let mut found = Vec::new();
    for child in children(ty) {
        found.extend(inner(child));
        if !matches!(child, Type::Infer(_) | Type::Macro(_)) {
            found.push(plain(child));
        }
    }
    found
}

/// Notes what no session can keep, whatever it stands for: borrowed and anonymous types.
pub(crate) fn refuse(ctxt: &Ctxt, ty: &Type) {
    let why = match plain(ty) {
        Type::Reference(reference) => format!(
            "a session cannot keep a borrowed value: say {}",
            owned(&reference.elem)
        ),
        Type::FnPtr(_) => "a session cannot keep a function: keep an enum that says which one is meant".into(),
        Type::Ptr(_) => "a session cannot keep a raw pointer: keep the value itself".into(),
        Type::TraitObject(_) => {
            "a session cannot keep a `dyn` value, since nothing says what to read it back as: keep an enum of the types it can be".into()
        }
        _ => return children(ty).into_iter().for_each(|child| refuse(ctxt, child)),
    };
    ctxt.error(ty, why);
}

/// Notes an `Option` of an `Option`.
pub(crate) fn refuse_nested_option(ctxt: &Ctxt, ty: &Type) {
    if option(ty).and_then(option).is_some() {
        let message = "an `Option` in an `Option` cannot be told from a single one once it is stored: \
                       say `Option<T>`, or keep an enum that names the three cases";
        ctxt.error(ty, message);
    }
}

fn owned(borrowed: &Type) -> String {
    match plain(borrowed) {
        Type::Path(path) if path.path.is_ident("str") => "`String`".into(),
        Type::Path(path) if path.path.is_ident("Path") => "`PathBuf`".into(),
        Type::Slice(slice) => format!("`Vec<{}>`", text(&slice.elem)),
        Type::TraitObject(_) => "an enum of the types it can be".into(),
        other => format!("`{}`", text(other)),
    }
}

/// A type as a user would write it.
fn text(ty: &Type) -> String {
    let mut text = ty.to_token_stream().to_string();
    for (from, to) in [(" < ", "<"), (" <", "<"), ("< ", "<"), (" >", ">"), (" ,", ","), (" :: ", "::")] {
        text = text.replace(from, to);
    }
    text
}

fn plain(ty: &Type) -> &Type {
    match ty {
        Type::Group(group) => plain(&group.elem),
        Type::Paren(paren) => plain(&paren.elem),
        other => other,
    }
}

fn children(ty: &Type) -> Vec<&Type> {
    match plain(ty) {
        Type::Array(array) => vec![&array.elem],
        Type::Slice(slice) => vec![&slice.elem],
        Type::Tuple(tuple) => tuple.elems.iter().collect(),
        Type::Path(path) => path.path.segments.iter().flat_map(|segment| arguments(&segment.arguments)).collect(),
        _ => Vec::new(),
    }
}

fn arguments(arguments: &PathArguments) -> Vec<&Type> {
    let PathArguments::AngleBracketed(arguments) = arguments else { return Vec::new() };
    let types = arguments.args.iter().filter_map(|argument| match argument {
        GenericArgument::Type(ty) => Some(ty),
        _ => None,
    });
    types.collect()
}
