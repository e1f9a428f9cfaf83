//! What a guard says, and the function or the struct that it stands before.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote_spanned};
use syn::{Attribute, GenericParam, Generics, Ident, LitStr, Pat, PatType, Path, Signature, Type, Visibility};

use crate::duration::Millis;
use crate::tokens::{located_at, quote_here, with_lifetimes};

/// The attribute's arguments.
pub(crate) struct Guard {
    /// The session's type, or the guard with a name that is all there is.
    pub(crate) first: Type,
    /// Is it the latter?
    pub(crate) alone: bool,
    /// Never empty, but for a mistake.
    pub(crate) needs: Vec<Need>,
    pub(crate) redirect: Option<LitStr>,
    pub(crate) reject: Option<Path>,
    pub(crate) krate: Option<Path>,
}

impl Guard {
    /// The path of `cloakroom`.
    pub(crate) fn krate(&self) -> TokenStream {
        self.krate.as_ref().map_or_else(|| quote_here!(::cloakroom), ToTokens::to_token_stream)
    }

    /// The session's type.
    pub(crate) fn data(&self) -> TokenStream {
        self.asked("Data")
    }

    /// What the type that stands first says of itself. It is named at its own place, so that a mistake is seen there.
    pub(crate) fn asked(&self, what: &str) -> TokenStream {
        self.asked_by(&self.first, what)
    }

    /// The same, where the type that stands first has to be written in another way.
    pub(crate) fn asked_by(&self, first: &Type, what: &str) -> TokenStream {
        let krate = self.krate();
        located_at(first, |span| {
            let what = Ident::new(what, span);
            quote_spanned!(span=> <#first as #krate::private::Asked>::#what)
        })
    }
}

/// What a session must have.
pub(crate) enum Need {
    Field {
        name: Ident,
        pattern: Option<Box<Pat>>,
    },
    Check {
        path: Path,
    },
    /// A guard that has a name.
    Named {
        path: Path,
    },
    Fresh {
        within: Millis,
    },
    Any {
        needs: Vec<Self>,
    },
    All {
        needs: Vec<Self>,
    },
    Not {
        need: Box<Self>,
    },
}

/// The function: what comes before its body is parsed, the body is not.
pub(crate) struct Function {
    pub(crate) attrs: Vec<Attribute>,
    pub(crate) vis: Visibility,
    /// Without the `#[session]` parameters.
    pub(crate) signature: Signature,
    pub(crate) bound: Vec<Bound>,
    /// All `#[session]` parameters as they are written, also those with a mistake, and others that no request could fill.
    pub(crate) refused: Vec<(Pat, Type)>,
    /// Could the body be compiled with these? Else it would be one more mistake.
    pub(crate) is_legible: bool,
    pub(crate) body: TokenStream,
}

impl Function {
    /// Keeps a parameter for the function without its guard.
    pub(crate) fn refuse(&mut self, typed: PatType) {
        let is_binding = matches!(&*typed.pat, Pat::Ident(_) | Pat::Wild(_) | Pat::Reference(_) | Pat::Tuple(_));
        self.is_legible &= is_binding && !matches!(&*typed.ty, Type::Infer(_) | Type::ImplTrait(_));
        let ty = with_lifetimes(typed.ty.to_token_stream());
        self.refused.push((*typed.pat, syn::parse2(ty).unwrap_or(*typed.ty)));
    }

    /// Under what conditions it is compiled.
    pub(crate) fn cfgs(&self) -> Vec<&Attribute> {
        self.attrs.iter().filter(|attr| attr.path().is_ident("cfg")).collect()
    }

    /// Its parameters, which the guard beside it cannot see.
    pub(crate) fn params(&self) -> Vec<&Ident> {
        outer_params(&self.signature.generics)
    }
}

/// The names of types and constants that are known within these generics alone.
pub(crate) fn outer_params(generics: &Generics) -> Vec<&Ident> {
    let names = generics.params.iter().filter_map(|param| match param {
        GenericParam::Type(param) => Some(&param.ident),
        GenericParam::Const(param) => Some(&param.ident),
        GenericParam::Lifetime(_) => None,
    });
    names.collect()
}

/// The struct that is a guard's name.
pub(crate) struct Struct {
    pub(crate) cfgs: Vec<Attribute>,
    pub(crate) vis: Visibility,
    pub(crate) ident: Ident,
    /// Its fields.
    pub(crate) bound: Vec<Bound>,
}

/// What the guard hands over: a parameter marked `#[session]`, or a field of a guard's struct.
pub(crate) struct Bound {
    pub(crate) mutability: Option<syn::Token![mut]>,
    pub(crate) name: Ident,
    pub(crate) ty: Type,
}

/// What the guard hands over, and what proves it: the need of its name, or the one guard with a name among the needs.
pub(crate) struct Proof<'a> {
    pub(crate) bound: &'a Bound,
    /// Holds the value until the guard is done.
    pub(crate) local: Ident,
    /// The guard with a name that hands it over, where no need of this guard's own does.
    pub(crate) from: Option<&'a Path>,
}

/// The guards with names that must hold, whatever else does.
pub(crate) fn named(needs: &[Need]) -> Vec<&Path> {
    let paths = needs.iter().flat_map(|need| match need {
        Need::Named { path } => vec![path],
        Need::All { needs } => named(needs),
        _ => Vec::new(),
    });
    paths.collect()
}
