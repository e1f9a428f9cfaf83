//! The pattern of `field = PATTERN`: one that matches everything would let everybody in.

use syn::ext::IdentExt;
use syn::{Ident, Pat};

use crate::ctxt::Ctxt;

/// Is it a pattern that can fail, as far as its tokens tell? If not, that is noted.
pub(crate) fn check(ctxt: &Ctxt, field: &Ident, pattern: &Pat) -> bool {
    match pattern {
        Pat::Wild(_) | Pat::Rest(_) => {
            ctxt.error(pattern, format_args!("this matches every value: write `{field}` alone to ask that it is set"));
            false
        }
        Pat::Ident(name) if name.subpat.is_none() && is_binding(&name.ident) => {
            ctxt.error(
                pattern,
                format_args!(
                    "`{0}` would match every value, and not only one that equals a variable: compare with a constant, a variant or \
                     a literal, or write `check = path::to::async_fn`",
                    name.ident
                ),
            );
            false
        }
        Pat::Ident(name) => name.subpat.as_ref().is_none_or(|(_, inner)| check(ctxt, field, inner)),
        Pat::Or(or) => or.cases.iter().all(|case| check(ctxt, field, case)),
        Pat::Paren(paren) => check(ctxt, field, &paren.pat),
        Pat::Reference(reference) => check(ctxt, field, &reference.pat),
        _ => true,
    }
}

/// The names in a pattern that must be constants or variants: where there is none of that name, Rust would take it for a
/// variable, which matches everything. The expansion names them outside of the pattern too, so that a slip does not compile.
pub(crate) fn constants(pattern: &Pat) -> Vec<&Ident> {
    match pattern {
        Pat::Ident(name) => {
            let inner = name.subpat.iter().flat_map(|(_, inner)| constants(inner));
            let own =
                (name.subpat.is_none() && name.by_ref.is_none() && !is_binding(&name.ident)).then_some(&name.ident);
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
