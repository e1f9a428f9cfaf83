//! The inside of `#[session(…)]`: keys, each with at most one value.

use proc_macro2::TokenStream;
use syn::ext::IdentExt;
use syn::parse::{Parse, ParseStream, Parser};
use syn::punctuated::Punctuated;
use syn::spanned::Spanned;
use syn::token::Paren;
use syn::{Attribute, Expr, ExprLit, Ident, Lit, LitStr, Meta, Path, Token};

use crate::ctxt::Ctxt;
use crate::suggest::meant;

/// `key` or `key = value`.
pub(crate) struct Entry {
    pub(crate) key: Ident,
    pub(crate) value: Option<Expr>,
}

impl Parse for Entry {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let key = Ident::parse_any(input).map_err(|error| {
            syn::Error::new(error.span(), "the name of what is meant goes here, as in `flash` or `ttl = \"10m\"`")
        })?;
        if input.peek(Paren) || input.peek(Token![:]) {
            return Err(input.error(format_args!("the value of `{key}` goes after an equals sign: `{key} = …`")));
        }
        let value = match input.parse::<Option<Token![=]>>()? {
            Some(equals) if input.is_empty() || input.peek(Token![,]) => {
                let message = format!("the value of `{key}` goes here, after the equals sign");
                return Err(syn::Error::new(equals.span(), message));
            }
            Some(_) => Some(input.parse()?),
            None => None,
        };
        if !input.is_empty() && !input.peek(Token![,]) {
            return Err(input.error(format_args!("a comma goes here, after what is said of `{key}`")));
        }
        Ok(Self { key, value })
    }
}

impl Entry {
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
            ctxt.error(&text, format_args!("`{}` is not a path: write one, as in `{example}`", text.value()));
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
    /// What could stand in the parentheses.
    pub(crate) example: &'static str,
}

impl Keys {
    /// All entries of all `#[session(…)]` among these attributes, but for those that may not stand here.
    pub(crate) fn read(&self, ctxt: &Ctxt, attrs: &[Attribute], repeatable: &[&str]) -> Vec<Entry> {
        let attrs = attrs.iter().filter(|attr| attr.path().is_ident("session"));
        self.sort(ctxt, attrs.flat_map(|attr| self.entries(ctxt, attr)).collect(), repeatable)
    }

    fn entries(&self, ctxt: &Ctxt, attr: &Attribute) -> Vec<Entry> {
        let example = self.example;
        let tokens = match &attr.meta {
            Meta::List(list) => list.tokens.clone(),
            Meta::Path(_) => TokenStream::new(),
            Meta::NameValue(pair) => {
                ctxt.error(&pair.value, format_args!("what is meant goes in parentheses: `#[session({example})]`"));
                return Vec::new();
            }
        };
        if tokens.is_empty() {
            let message = "says nothing: write in parentheses what is meant";
            ctxt.error(&attr.meta, format_args!("`session` {message}, `#[session({example})]`, or remove it"));
        }
        let parsed = Punctuated::<Entry, Token![,]>::parse_terminated.parse2(tokens);
        ctxt.take(parsed).map(|entries| entries.into_iter().collect()).unwrap_or_default()
    }

    /// Each once, but for `repeatable`; what is wrong with the others is noted.
    fn sort(&self, ctxt: &Ctxt, entries: Vec<Entry>, repeatable: &[&str]) -> Vec<Entry> {
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
        let Self { here, elsewhere, this_level, other_level, .. } = self;
        if elsewhere.contains(&key) {
            return format!("`{key}` belongs on {other_level}, not on {this_level}");
        }
        if ["secure", "http_only", "httponly"].contains(&key) {
            return format!(
                "there is no attribute `{key}`: every session cookie is `Secure` and `HttpOnly`, so remove it"
            );
        }
        let slip = meant(key, here).map(|word| format!("did you mean `{word}`?")).or_else(|| {
            meant(key, elsewhere).map(|word| format!("did you mean `{word}`, which belongs on {other_level}?"))
        });
        let known = here.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", ");
        format!("unknown attribute `{key}`: {}", slip.unwrap_or_else(|| format!("{this_level} may have {known}")))
    }
}
