//! A struct that can be session data: what the expansion needs, and no state that it could not expand.

use proc_macro2::{Span, TokenStream};
use syn::{Attribute, Expr, Generics, Ident, LitStr, Path, Type, Visibility};

use crate::data::names::Names;
use crate::duration::Millis;

/// The struct.
pub(crate) struct Data {
    pub(crate) vis: Visibility,
    pub(crate) ident: Ident,
    /// Without lifetimes: they are refused.
    pub(crate) generics: Generics,
    /// The struct as a type, its parameters applied.
    pub(crate) self_ty: TokenStream,
    /// The path of `cloakroom`.
    pub(crate) krate: TokenStream,
    pub(crate) settings: Settings,
    pub(crate) fields: Vec<Field>,
    /// If its last field has no size, neither has the struct, and nothing can be generated for it.
    pub(crate) is_sized: bool,
}

impl Data {
    /// The fields that the record keeps.
    pub(crate) fn stored(&self) -> impl Iterator<Item = (&Field, &Stored)> {
        self.fields.iter().filter_map(|field| Some((field, field.stored.as_ref()?)))
    }
}

/// What the struct's attribute says.
#[derive(Default)]
pub(crate) struct Settings {
    pub(crate) cookie: String,
    pub(crate) idle: Option<Millis>,
    pub(crate) absolute: Option<Millis>,
    pub(crate) assurance: Option<Ident>,
    pub(crate) same_site: Option<Ident>,
    pub(crate) path: Option<LitStr>,
    pub(crate) domain: Option<LitStr>,
    pub(crate) partitioned: bool,
    pub(crate) krate: Option<Path>,
}

/// One field.
pub(crate) struct Field {
    pub(crate) ident: Ident,
    /// As the user wrote it, but for `Self`.
    pub(crate) ty: Type,
    /// The `X` of an `Option<X>`.
    pub(crate) option: Option<Type>,
    /// Does its type mention a parameter of the struct?
    pub(crate) generic: bool,
    pub(crate) unset: Unset,
    /// `None` for `#[session(skip)]`.
    pub(crate) stored: Option<Stored>,
    /// Had its attribute or its type no mistake? If it had, the compiler is not asked about its type as well.
    pub(crate) sound: bool,
}

/// What the record keeps of a field.
pub(crate) struct Stored {
    pub(crate) vis: Visibility,
    pub(crate) docs: Vec<Attribute>,
    pub(crate) deprecated: Vec<Attribute>,
    pub(crate) names: Names,
    /// The name in the record, and where it was written.
    pub(crate) name: (String, Span),
    pub(crate) aliases: Vec<LitStr>,
    pub(crate) life: Life,
    /// Where `owner` stands.
    pub(crate) owner: Option<Span>,
    pub(crate) secret: bool,
    pub(crate) lenient: bool,
    /// `with = "module"`.
    pub(crate) with: Option<Path>,
}

/// What a field reads as that nobody has set.
pub(crate) enum Unset {
    /// `None`, or `T::default()`.
    Implied,
    /// `#[session(default)]`: `T::default()`, also for an `Option`.
    Default,
    /// `#[session(default = expr)]`.
    Expr(Box<Expr>),
}

/// How long a value stays. A flash has no time of its own: it lives until it is read.
#[derive(Clone, Copy)]
pub(crate) enum Life {
    Session,
    Flash,
    Ttl(Millis),
}
