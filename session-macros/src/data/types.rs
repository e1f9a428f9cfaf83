//! What a field's type says in its tokens, before the compiler knows what they mean.

use quote::ToTokens;
use syn::{GenericArgument, PathArguments, Type, TypeParamBound, TypeTraitObject};

use crate::ctxt::Ctxt;
use crate::tokens::with_lifetimes;

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

/// A type in a field's type, and what it is for: asked about where the field cannot be kept.
pub(crate) struct Suspect<'a> {
    pub(crate) ty: &'a Type,
    pub(crate) role: Role,
}

impl Suspect<'_> {
    /// Will it do what it is for, as far as its usual name tells? As a part of another type it is then not asked about. (Where such
    /// a name stands for something else, the type around it is blamed.)
    pub(crate) fn is_well_known(&self) -> bool {
        match self.role {
            Role::Value => is_well_known(self.ty),
            Role::HashKey | Role::SortedKey => is_one_of(self.ty, WELL_KNOWN),
            Role::Hasher => false,
        }
    }
}

/// Types that serde keeps, that have a default, and that can be keys.
const WELL_KNOWN: &[&str] =
    &["bool", "char", "i8", "i16", "i32", "i64", "i128", "isize", "u8", "u16", "u32", "u64", "u128", "usize", "String"];

/// Is this made of types alone that serde keeps and that have a default, by their usual names?
pub(crate) fn is_well_known(ty: &Type) -> bool {
    let mut parts = suspects(ty);
    parts.pop();
    let around = ["BTreeMap", "BTreeSet", "Box", "HashMap", "HashSet", "Option", "Vec", "VecDeque"];
    match &*parts {
        [] => is_one_of(ty, WELL_KNOWN) || is_one_of(ty, &["f32", "f64"]),
        parts => {
            name(ty).is_some_and(|name| around.contains(&name.as_str())) && parts.iter().all(Suspect::is_well_known)
        }
    }
}

fn is_one_of(ty: &Type, names: &[&str]) -> bool {
    matches!(ty, Type::Path(path) if names.iter().any(|name| path.path.is_ident(name)))
}

/// What a type argument is for, as far as the name of its type tells.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    Value,
    HashKey,
    SortedKey,
    Hasher,
}

/// The type and those inside it, innermost first.
pub(crate) fn suspects(ty: &Type) -> Vec<Suspect<'_>> {
    let mut found = Vec::new();
    collect(plain(ty), Role::Value, &mut found);
    found
}

fn collect<'a>(ty: &'a Type, role: Role, found: &mut Vec<Suspect<'a>>) {
    for (index, child) in children(ty).into_iter().map(plain).enumerate() {
        // Unsized text and lists are the concern of what holds them, and so is what no name says.
        match child {
            Type::Slice(_) => children(child).into_iter().for_each(|child| collect(plain(child), Role::Value, found)),
            Type::Path(path) if path.path.is_ident("str") => {}
            Type::Macro(_) => {}
            _ => collect(child, role_in(ty, index), found),
        }
    }
    found.push(Suspect { ty, role });
}

fn role_in(ty: &Type, index: usize) -> Role {
    match (name(ty).as_deref(), index) {
        (Some("HashMap" | "HashSet" | "IndexMap" | "IndexSet"), 0) => Role::HashKey,
        (Some("HashMap" | "IndexMap"), 2) | (Some("HashSet" | "IndexSet"), 1) => Role::Hasher,
        (Some("BTreeMap" | "BTreeSet"), 0) => Role::SortedKey,
        _ => Role::Value,
    }
}

/// The last word of a type's path: `HashMap` for `std::collections::HashMap<K, V>`.
pub(crate) fn name(ty: &Type) -> Option<String> {
    match plain(ty) {
        Type::Path(path) => path.path.segments.last().map(|segment| segment.ident.to_string()),
        _ => None,
    }
}

/// Notes what no session can keep, whatever it stands for: borrowed types, functions, pointers.
pub(crate) fn refuse(ctxt: &Ctxt, ty: &Type) {
    let ty = plain(ty);
    let why = match ty {
        Type::Reference(reference) => {
            format!("a session cannot keep a borrowed value: say {}", owned(&reference.elem))
        }
        Type::FnPtr(_) => FUNCTION.into(),
        Type::TraitObject(object) if is_function(object) => FUNCTION.into(),
        Type::Ptr(_) => "a session cannot keep a raw pointer: keep the value itself".into(),
        _ if is_elided(ty, &["Cow"]) => {
            let owner = children(ty).first().map_or_else(|| "the value itself".into(), |borrowed| owned(borrowed));
            format!("a session cannot keep a borrowed value: say {owner}")
        }
        _ if is_elided(ty, &["MutexGuard", "RwLockReadGuard", "RwLockWriteGuard"]) => {
            "a session cannot keep a lock that is held: keep the value itself".into()
        }
        _ => {
            return children(ty).into_iter().for_each(|child| match is_unsized(child) && needs_size(ty) {
                true => refuse_unsized(ctxt, child),
                false => refuse(ctxt, child),
            });
        }
    };
    ctxt.error(ty, why);
}

/// Can this only hold what has a size?
fn needs_size(ty: &Type) -> bool {
    const KNOWN: [&str; 8] = ["BTreeMap", "BTreeSet", "HashMap", "HashSet", "Option", "Result", "Vec", "VecDeque"];
    matches!(ty, Type::Array(_) | Type::Tuple(_)) || name(ty).is_some_and(|name| KNOWN.contains(&name.as_str()))
}

const FUNCTION: &str = "a session cannot keep a function: keep an enum that says which one is meant";

fn is_function(object: &TypeTraitObject) -> bool {
    object.bounds.iter().any(|bound| match bound {
        TypeParamBound::Trait(bound) => bound.path.segments.last().is_some_and(|last| {
            ["Fn", "FnMut", "FnOnce", "AsyncFn", "AsyncFnMut", "AsyncFnOnce"].iter().any(|name| last.ident == name)
        }),
        _ => false,
    })
}

/// Is this one of these types, which borrow, with a type argument and without a lifetime?
fn is_elided(ty: &Type, names: &[&str]) -> bool {
    let Type::Path(path) = ty else { return false };
    let Some(last) = path.path.segments.last() else { return false };
    let PathArguments::AngleBracketed(arguments) = &last.arguments else { return false };
    names.iter().any(|name| last.ident == name)
        && arguments.args.len() == 1
        && matches!(arguments.args.first(), Some(GenericArgument::Type(_)))
}

/// Notes a type without a size of its own.
pub(crate) fn refuse_unsized(ctxt: &Ctxt, ty: &Type) {
    let why = match plain(ty) {
        Type::TraitObject(object) if is_function(object) => FUNCTION.into(),
        Type::TraitObject(_) => "a session cannot keep a `dyn` value: keep an enum of the types that it can be".into(),
        other => format!("`{}` has no size of its own: say {}", text(other), owned(other)),
    };
    ctxt.error(ty, why);
}

/// Has values of this type a size that only each of them knows?
pub(crate) fn is_unsized(ty: &Type) -> bool {
    match plain(ty) {
        Type::Slice(_) | Type::TraitObject(_) => true,
        Type::Path(path) => path.path.is_ident("str"),
        _ => false,
    }
}

/// Is there a part that rustc itself refuses in any struct, `_` or `impl Trait`?
pub(crate) fn is_refused_by_rustc(ty: &Type) -> bool {
    matches!(plain(ty), Type::Infer(_) | Type::ImplTrait(_)) || children(ty).into_iter().any(is_refused_by_rustc)
}

/// Notes each `Option` of an `Option`.
pub(crate) fn refuse_nested_option(ctxt: &Ctxt, ty: &Type) {
    if option(ty).and_then(option).is_some() {
        let message = "an `Option` in an `Option` cannot be told from a single one once it is stored: \
                       say `Option<T>`, or keep an enum that names the three cases";
        ctxt.error(ty, message);
    } else {
        children(ty).into_iter().for_each(|child| refuse_nested_option(ctxt, child));
    }
}

/// What stands for a refused type in the methods, so that nothing fails beside the refusal.
pub(crate) fn stand_in(ty: &Type) -> Type {
    let lifetimes = |ty: &Type| syn::parse2(with_lifetimes(ty.to_token_stream())).unwrap_or_else(|_| nothing());
    match plain(ty) {
        ty if is_refused_by_rustc(ty) || is_unsized(ty) => nothing(),
        ty if is_borrowing(ty) || holds_unsized(ty) => nothing(),
        ty => lifetimes(ty),
    }
}

fn is_borrowing(ty: &Type) -> bool {
    is_elided(plain(ty), &["Cow", "MutexGuard", "RwLockReadGuard", "RwLockWriteGuard"])
        || children(ty).into_iter().any(is_borrowing)
}

fn holds_unsized(ty: &Type) -> bool {
    children(ty).into_iter().any(|child| needs_size(plain(ty)) && is_unsized(child) || holds_unsized(child))
}

fn nothing() -> Type {
    syn::parse_quote!(())
}

/// The type that owns what this one borrows.
fn owned(borrowed: &Type) -> String {
    match (plain(borrowed), name(borrowed).as_deref()) {
        (_, Some("str")) => "`String`".into(),
        (_, Some("Path")) => "`PathBuf`".into(),
        (_, Some("OsStr")) => "`OsString`".into(),
        (_, Some("CStr")) => "`CString`".into(),
        (Type::Slice(slice), _) => format!("`Vec<{}>`", text(&slice.elem)),
        (Type::TraitObject(_), _) => "an enum of the types it can be".into(),
        (other, _) => format!("`{}`", text(other)),
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
