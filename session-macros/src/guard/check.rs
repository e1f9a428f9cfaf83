//! Checks across the guard and its function.

use proc_macro2::Span;
use syn::Ident;
use syn::ext::IdentExt;

use crate::ctxt::Ctxt;
use crate::guard::model::{Bound, Function, Guard, Need, Proof};
use crate::guard::parse::USAGE;
use crate::tokens::mentions;

/// Each `#[session]` parameter with its proof; what is wrong is noted.
pub(crate) fn proofs<'a>(ctxt: &Ctxt, guard: &Guard, function: &'a Function) -> Vec<Proof<'a>> {
    if guard.needs.is_empty() && ctxt.count() == 0 {
        ctxt.error(
            &guard.data,
            format_args!("this guard asks for nothing, and would let everybody in: name a need, as in {USAGE}"),
        );
    }
    generics_stay_out(ctxt, guard, function);
    let bound = function.bound.iter().enumerate();
    bound
        .map(|(index, bound)| {
            is_proven(ctxt, guard, bound);
            Proof { bound, local: Ident::new(&format!("proof{index}"), Span::mixed_site()) }
        })
        .collect()
}

fn is_proven(ctxt: &Ctxt, guard: &Guard, bound: &Bound) {
    let name = bound.name.unraw();
    if proves(&guard.needs, &bound.name) || ctxt.count() > 0 {
        return;
    }
    if guard.needs.iter().any(|need| names(need, &bound.name)) {
        let message = "is named under `any` or `not` alone, so the guard does not prove that it is set: name it outside too, \
                       or take `Session` and read it as an `Option`";
        ctxt.error(&bound.name, format_args!("`{name}` {message}"));
    } else {
        ctxt.error(
            &bound.name,
            format_args!(
                "the guard does not ask for `{name}`, so it may not be set: add `{name}` to the guard's needs"
            ),
        );
    }
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
fn generics_stay_out(ctxt: &Ctxt, guard: &Guard, function: &Function) {
    let params: Vec<&Ident> = function.plain.generics.type_params().map(|param| &param.ident).collect();
    let types = std::iter::once(&guard.data).chain(function.bound.iter().map(|bound| &bound.ty));
    for ty in types.filter(|ty| mentions(quote::quote!(#ty), &params)) {
        ctxt.error(ty, "a guard cannot depend on a type parameter of its function: name the type");
    }
}
