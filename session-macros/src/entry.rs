//! The inside of `#[session(…)]`: keys, each with at most one value.

use syn::ext::IdentExt;
use syn::parse::{Parse, ParseStream, Parser};
use syn::punctuated::Punctuated;
use syn::{Attribute, Expr, ExprLit, Ident, Lit, LitStr, Meta, Path, Token};

use crate::ctxt::Ctxt;
use crate::suggest::nearest;

/// `key` or `key = value`.
pub(crate) struct Entry {
    pub(crate) key: Ident,
    pub(crate) value: Option<Expr>,
}

impl Parse for Entry {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let key = Ident::parse_any(input)?;
        let value = if input.parse::<Option<Token![=]>>()?.is_some() { Some(input.parse()?) } else { None };
        Ok(Self { key, value })
    }
}

impl Entry {
    /// All entries of all `#[session(…)]` among these attributes.
    pub(crate) fn all(ctxt: &Ctxt, attrs: &[Attribute]) -> Vec<Self> {
        attrs.iter().filter(|attr| attr.path().is_ident("session")).flat_map(|attr| Self::of(ctxt, attr)).collect()
    }

    fn of(ctxt: &Ctxt, attr: &Attribute) -> Vec<Self> {
        let Meta::List(list) = &attr.meta else {
            ctxt.error(&attr.meta, "what is meant goes in parentheses: `#[session(…)]`");
            return Vec::new();
        };
        let parsed = Punctuated::<Self, Token![,]>::parse_terminated.parse2(list.tokens.clone());
        ctxt.take(parsed).map(|entries| entries.into_iter().collect()).unwrap_or_default()
    }

    /// Is this the key? A raw identifier is not: keys are no Rust names.
    pub(crate) fn is(&self, key: &str) -> bool {
        self.key == key
    }

    /// `key` alone.
    pub(crate) fn flag(&self, ctxt: &Ctxt) -> bool {
        if let Some(value) = &self.value {
            ctxt.error(value, format_args!("`{0}` takes no value: write `{0}` alone", self.key));
        }
        self.value.is_none()
    }

    /// `key = "text"`.
    pub(crate) fn text(&self, ctxt: &Ctxt, example: &str) -> Option<LitStr> {
        match &self.value {
            Some(Expr::Lit(ExprLit { lit: Lit::Str(text), attrs })) if attrs.is_empty() => return Some(text.clone()),
            Some(other) => ctxt.error(other, format_args!("`{}` takes a string: `{example}`", self.key)),
            None => ctxt.error(&self.key, format_args!("`{}` needs a value: `{example}`", self.key)),
        }
        None
    }

    /// `key = "path::to::it"`.
    pub(crate) fn path(&self, ctxt: &Ctxt, example: &str) -> Option<Path> {
        let text = self.text(ctxt, example)?;
        let path = text.parse_with(Path::parse_mod_style);
        if path.is_err() {
            ctxt.error(&text, format_args!("`{}` is not a path: `{example}`", text.value()));
        }
        path.ok()
    }
}

/// What a level of attributes knows, and what the other level does.
pub(crate) struct Keys {
    pub(crate) here: &'static [&'static str],
    pub(crate) elsewhere: &'static [&'static str],
    pub(crate) this_level: &'static str,
    pub(crate) other_level: &'static str,
}

impl Keys {
    /// The entries that may stand here, once each but for `repeatable`; what is wrong with the others is noted.
    pub(crate) fn sort(&self, ctxt: &Ctxt, entries: Vec<Entry>, repeatable: &[&str]) -> Vec<Entry> {
        let mut kept: Vec<Entry> = Vec::new();
        for entry in entries {
            let key = entry.key.to_string();
            if !self.here.contains(&key.as_str()) {
                ctxt.error(&entry.key, self.unknown(&key));
            } else if !repeatable.contains(&key.as_str()) && kept.iter().any(|other| other.key == entry.key) {
                ctxt.error(&entry.key, format_args!("`{key}` is said twice: remove one"));
            } else {
                kept.push(entry);
            }
        }
        kept
    }

    fn unknown(&self, key: &str) -> String {
        let Self { here, elsewhere, this_level, other_level } = self;
        if elsewhere.contains(&key) {
            return format!("`{key}` belongs on {other_level}, not on {this_level}");
        }
        let slip = nearest(key, here).map(|word| format!("did you mean `{word}`?")).or_else(|| {
            nearest(key, elsewhere).map(|word| format!("did you mean `{word}`, which belongs on {other_level}?"))
        });
        let known = here.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", ");
        format!("unknown attribute `{key}`: {}", slip.unwrap_or_else(|| format!("{this_level} may have {known}")))
    }
}
