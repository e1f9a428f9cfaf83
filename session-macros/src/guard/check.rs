//! Checks across the guard and what it hands over.

use proc_macro2::Span;
use syn::ext::IdentExt;
use syn::{Ident, Path, Type};

use crate::ctxt::Ctxt;
use crate::guard::model::{Bound, Guard, Need, Proof, named};
use crate::guard::parse::USAGE;
use crate::tokens::mentions;

/// What the guard hands over, each with its proof; what is wrong is noted. `params` are those around the guard.
pub(crate) fn proofs<'a>(ctxt: &Ctxt, guard: &'a Guard, bound: &'a [Bound], params: &[&Ident]) -> Vec<Proof<'a>> {
    if guard.needs.is_empty() && ctxt.count() == 0 {
        ctxt.error(
            &guard.first,
            format_args!("this guard asks for nothing, and would let everybody in: name a need, as in {USAGE}"),
        );
    }
    generics_stay_out(ctxt, guard, bound, params);
    let proofs = bound.iter().enumerate().map(|(index, bound)| Proof {
        bound,
        local: Ident::new(&format!("proof{index}"), Span::mixed_site()),
        from: if proves(&guard.needs, &bound.name) { None } else { handed_over_by(ctxt, guard, bound) },
    });
    proofs.collect()
}

/// The guard with a name that proves what no need of this guard's own does.
fn handed_over_by<'a>(ctxt: &Ctxt, guard: &'a Guard, bound: &Bound) -> Option<&'a Path> {
    let (name, candidates) = (bound.name.unraw(), named(&guard.needs));
    if let [one] = *candidates {
        return Some(one);
    }
    if ctxt.count() > 0 {
        return None;
    }
    let why = if guard.needs.iter().any(|need| names(need, &bound.name)) {
        "is named under `any` or `not` alone, so the guard does not prove that it is set: name it outside too, or take `Session` and \
         read it as an `Option`"
            .to_owned()
    } else if let [one, ..] = *candidates {
        format!(
            "may come from more than one of the guards named here: name the field as a need of its own, or take the guard that has it as \
             a parameter, as in `guard: {}`",
            text(one)
        )
    } else {
        format!("is not asked for by the guard, so it may not be set: add `{name}` to the guard's needs")
    };
    ctxt.error(&bound.name, format_args!("`{name}` {why}"));
    None
}

/// A guard that names itself would never come to an end. Is it at least of somebody else's session?
pub(crate) fn names_another(ctxt: &Ctxt, guard: &Guard, own: &Ident) -> bool {
    let first = match &guard.first {
        Type::Path(first) => Some(&first.path),
        _ => None,
    };
    let is_own = first.is_some_and(|first| first.is_ident(own));
    let needs = if guard.alone { Vec::new() } else { all_named(&guard.needs) };
    for path in first.into_iter().chain(needs).filter(|path| path.is_ident(own)) {
        ctxt.error(path, "a guard cannot ask for itself: name what the session must have");
    }
    !is_own
}

fn all_named(needs: &[Need]) -> Vec<&Path> {
    let paths = needs.iter().flat_map(|need| match need {
        Need::Named { path } => vec![path],
        Need::Any { needs } | Need::All { needs } => all_named(needs),
        Need::Not { need } => all_named(std::slice::from_ref(need)),
        _ => Vec::new(),
    });
    paths.collect()
}

fn text(path: &Path) -> String {
    path.segments.last().map(|last| last.ident.to_string()).unwrap_or_default()
}

fn proves(needs: &[Need], field: &Ident) -> bool {
    needs.iter().any(|need| match need {
        Need::Field { name, .. } => name.unraw() == field.unraw(),
        Need::All { needs } => proves(needs, field),
        _ => false,
    })
}

fn names(need: &Need, field: &Ident) -> bool {
    match need {
        Need::Field { name, .. } => name.unraw() == field.unraw(),
        Need::Any { needs } | Need::All { needs } => needs.iter().any(|need| names(need, field)),
        Need::Not { need, .. } => names(need, field),
        _ => false,
    }
}

/// The guard is a type of its own beside the function, where the function's parameters do not reach.
fn generics_stay_out(ctxt: &Ctxt, guard: &Guard, bound: &[Bound], params: &[&Ident]) {
    let types = std::iter::once(&guard.first).chain(bound.iter().map(|bound| &bound.ty));
    for ty in types.filter(|ty| mentions(quote::quote!(#ty), params)) {
        ctxt.error(ty, "a guard cannot depend on a parameter around it: name the type");
    }
}
