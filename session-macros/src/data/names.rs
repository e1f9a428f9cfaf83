//! The names that a field's methods and key get, and those that are taken.

use proc_macro2::Span;
use quote::format_ident;
use syn::Ident;
use syn::ext::IdentExt;

/// What `Session` itself can do, and what its traits add, one name a line. A generated method of one of these names could never
/// be called. The list is made from the sources of `Session`, by the tests below.
const RESERVED: &str = include_str!("names/reserved.txt");

/// Has every `Session` a method of this name?
pub(crate) fn is_reserved(name: &str) -> bool {
    RESERVED.lines().any(|reserved| reserved == name)
}

/// The names generated for one field.
pub(crate) struct Names {
    pub(crate) get: Ident,
    pub(crate) set: Ident,
    pub(crate) set_for: Option<Ident>,
    pub(crate) update: Ident,
    pub(crate) take: Ident,
    pub(crate) clear: Ident,
    pub(crate) has: Ident,
    pub(crate) key: Ident,
    /// Where the name was chosen: the field, or its `accessor = "…"`.
    pub(crate) origin: Span,
}

impl Names {
    /// From the methods' base name; the key is always named after the field.
    pub(crate) fn new(base: &Ident, field: &Ident, has_ttl: bool) -> Self {
        let stem = base.unraw();
        let key = Ident::new(&field.unraw().to_string().to_uppercase(), field.span());
        Self {
            get: base.clone(),
            set: format_ident!("set_{stem}"),
            set_for: has_ttl.then(|| format_ident!("set_{stem}_for")),
            update: format_ident!("update_{stem}"),
            take: format_ident!("take_{stem}"),
            clear: format_ident!("clear_{stem}"),
            has: format_ident!("has_{stem}"),
            key,
            origin: base.span(),
        }
    }

    /// All method names.
    pub(crate) fn methods(&self) -> impl Iterator<Item = &Ident> {
        let always = [&self.get, &self.set, &self.update, &self.take, &self.clear, &self.has];
        always.into_iter().chain(&self.set_for)
    }
}

#[cfg(test)]
mod tests;
