//! What a guard says, and the function that it stands before.

use proc_macro2::TokenStream;
use syn::{Attribute, Ident, LitStr, Pat, Path, Signature, Type, Visibility};

use crate::duration::Millis;

/// The attribute's arguments.
pub(crate) struct Guard {
    /// The session's type.
    pub(crate) data: Type,
    pub(crate) needs: Vec<Need>,
    pub(crate) redirect: Option<LitStr>,
    pub(crate) reject: Option<Path>,
    pub(crate) krate: Option<Path>,
}

/// What a session must have.
pub(crate) enum Need {
    Field { name: Ident, pattern: Option<Box<Pat>> },
    Check { path: Path },
    Fresh { within: Millis },
    Any { needs: Vec<Self> },
    All { needs: Vec<Self> },
    Not { need: Box<Self> },
}

/// The function: what comes before its body is parsed, the body is not.
pub(crate) struct Function {
    pub(crate) attrs: Vec<Attribute>,
    pub(crate) vis: Visibility,
    /// Without the `#[session]` parameters.
    pub(crate) signature: Signature,
    /// The whole signature, its parameters stripped of `#[session]`.
    pub(crate) plain: Signature,
    pub(crate) bound: Vec<Bound>,
    pub(crate) body: TokenStream,
}

/// A parameter marked `#[session]`.
pub(crate) struct Bound {
    pub(crate) mutability: Option<syn::Token![mut]>,
    pub(crate) name: Ident,
    pub(crate) ty: Type,
}

/// A `#[session]` parameter, and the need that proves it.
pub(crate) struct Proof<'a> {
    pub(crate) bound: &'a Bound,
    /// Holds the value until the guard is done.
    pub(crate) local: Ident,
}
