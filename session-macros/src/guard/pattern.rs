//! The pattern of `field = PATTERN`: one that matches everything would let everybody in.

use syn::ext::IdentExt;
use syn::{Ident, Pat};

use crate::ctxt::Ctxt;

/// Is it a pattern that can fail, as far as its tokens tell? If not, that is noted.
pub(crate) fn check(ctxt: &Ctxt, field: &Ident, pattern: &Pat) -> bool {
    match matches_all(pattern) {
        None => true,
        Some(Pat::Ident(name)) => {
            ctxt.error(
                name,
                format_args!(
                    "`{}` would match every value, since a lower-case name in a pattern is a new variable: compare with a \
                     constant, a variant or a literal, or write `check = path::to::async_fn`",
                    name.ident
                ),
            );
            false
        }
        Some(all) => {
            ctxt.error(all, format_args!("this matches every value: write `{field}` alone to ask that it is set"));
            false
        }
    }
}

/// The part that makes the whole match everything.
fn matches_all(pattern: &Pat) -> Option<&Pat> {
    match pattern {
        Pat::Wild(_) | Pat::Rest(_) => Some(pattern),
        Pat::Ident(name) => match &name.subpat {
            Some((_, inner)) => matches_all(inner),
            None => is_binding(&name.ident).then_some(pattern),
        },
        Pat::Or(or) => or.cases.iter().find_map(matches_all),
        Pat::Paren(paren) => matches_all(&paren.pat),
        Pat::Reference(reference) => matches_all(&reference.pat),
        Pat::Tuple(tuple) => tuple.elems.iter().all(|part| matches_all(part).is_some()).then_some(pattern),
        _ => None,
    }
}

/// The names in a pattern that must be constants or variants: where there is none of that name, Rust would take it for a
/// variable, which matches everything. The expansion names them outside of the pattern too, so that a slip does not compile.
pub(crate) fn constants(pattern: &Pat) -> Vec<&Ident> {
    match pattern {
        Pat::Ident(name) => {
            let inner = name.subpat.iter().flat_map(|(_, inner)| constants(inner));
            let own =
                (name.subpat.is_none() && name.by_ref.is_none() && is_constant(&name.ident)).then_some(&name.ident);
            own.into_iter().chain(inner).collect()
        }
        Pat::Or(or) => or.cases.iter().flat_map(constants).collect(),
        Pat::Paren(paren) => constants(&paren.pat),
        Pat::Reference(reference) => constants(&reference.pat),
        Pat::Slice(slice) => slice.elems.iter().flat_map(constants).collect(),
        Pat::Struct(fields) => fields.fields.iter().flat_map(|field| constants(&field.pat)).collect(),
        Pat::Tuple(tuple) => tuple.elems.iter().flat_map(constants).collect(),
        Pat::TupleStruct(tuple) => tuple.elems.iter().flat_map(constants).collect(),
        _ => Vec::new(),
    }
}

fn is_binding(name: &Ident) -> bool {
    name.unraw().to_string().starts_with(|c: char| c.is_lowercase() || c == '_')
}

/// `None` is always there, and outside of a pattern nothing would say of what type it is.
fn is_constant(name: &Ident) -> bool {
    !is_binding(name) && name != "None"
}
