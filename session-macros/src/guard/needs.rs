//! The needs, as statements and expressions that look at an opened session.

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote_spanned};
use syn::ext::IdentExt;
use syn::{Ident, Pat, Path};

use crate::guard::model::{Need, Proof};
use crate::guard::pattern::constants;
use crate::tokens::{located_at, quote_here};

/// All needs of one guard.
pub(crate) struct Needs<'a> {
    pub(crate) data: &'a TokenStream,
    pub(crate) proofs: &'a [Proof<'a>],
}

impl Needs<'_> {
    /// The needs of the guard that stands first, where it is one.
    pub(crate) fn of_the_first(&self, first: &TokenStream) -> TokenStream {
        or_return(&quote_here!(__private::Holds::of(__private::Named::<#first>::ask(session).await?)))
    }

    /// Needs that must all hold: the first that does not ends the check. What they prove is kept in locals.
    pub(crate) fn statements(&self, needs: &[Need], proven: &mut Vec<Ident>) -> TokenStream {
        let statements = needs.iter().map(|need| self.statement(need, proven)).collect::<Vec<_>>();
        quote_here!(#(#statements)*)
    }

    fn statement(&self, need: &Need, proven: &mut Vec<Ident>) -> TokenStream {
        match need {
            Need::All { needs } => self.statements(needs, proven),
            Need::Field { name, pattern } if self.proof(name).is_some_and(|proof| !proven.contains(&proof.local)) => {
                self.proven(name, pattern.as_deref(), proven)
            }
            Need::Named { path } if self.proofs.iter().any(|proof| proof.from.is_some()) => self.handed_over(path),
            need => {
                let holds = self.holds(need);
                or_return(&holds)
            }
        }
    }

    fn proof(&self, name: &Ident) -> Option<&Proof<'_>> {
        self.proofs.iter().find(|proof| proof.from.is_none() && proof.bound.name.unraw() == name.unraw())
    }

    /// Keeps what a guard with a name hands over. A wrong name or type is an error at the handler's parameter.
    fn handed_over(&self, path: &Path) -> TokenStream {
        let examined = examined(path);
        let parts = self.proofs.iter().filter(|proof| proof.from.is_some()).map(|proof| {
            let (local, name, ty) = (&proof.local, &proof.bound.name, &proof.bound.ty);
            let given = located_at(ty, |span| quote_spanned!(span=> <_ as __private::Is<#ty>>::it));
            quote_here!(let #local: #ty = #given(proof.#name);)
        });
        quote_here! {
            let proof = match #examined {
                __private::core::result::Result::Ok(proof) => proof,
                __private::core::result::Result::Err(holds) => {
                    return __private::core::result::Result::Ok(__private::core::result::Result::Err(holds));
                }
            };
            #(#parts)*
        }
    }

    /// Opens the field, and keeps its value for the handler. A wrong type is an error at the handler's parameter.
    fn proven(&self, name: &Ident, pattern: Option<&Pat>, proven: &mut Vec<Ident>) -> TokenStream {
        let Some(proof) = self.proof(name) else { return TokenStream::new() };
        let (local, ty) = (&proof.local, &proof.bound.ty);
        proven.push(local.clone());
        let (value, missing) = (self.value(name), self.missing(name));
        let given = located_at(ty, |span| quote_spanned!(span=> <_ as __private::Is<#ty>>::it));
        let matched = pattern.map(|pattern| {
            let holds = self.matched(name, &quote_here!(&#local), pattern);
            or_return(&holds)
        });
        quote_here! {
            let #local: #ty = match #value {
                __private::core::option::Option::Some(value) => #given(value),
                __private::core::option::Option::None => {
                    return __private::core::result::Result::Ok(__private::core::result::Result::Err(#missing));
                }
            };
            #matched
        }
    }

    /// One need as a `Holds`.
    fn holds(&self, need: &Need) -> TokenStream {
        match need {
            Need::Field { name, pattern: None } => {
                let field = self.field(name);
                quote_here!(#field.is_set(&fields))
            }
            Need::Field { name, pattern: Some(pattern) } => {
                let (value, missing) = (self.value(name), self.missing(name));
                let matched = self.matched(name, &quote_here!(&value), pattern);
                quote_here! {
                    match #value {
                        __private::core::option::Option::Some(value) => #matched,
                        __private::core::option::Option::None => #missing,
                    }
                }
            }
            Need::Check { path } => {
                let name = path.segments.last().map(|segment| segment.ident.to_string()).unwrap_or_default();
                located_at(path, |span| quote_spanned!(span=> __private::Answer::holds(#path(session).await, #name)?))
            }
            Need::Named { path } => {
                let examined = examined(path);
                quote_here!(__private::Holds::of(#examined))
            }
            Need::Fresh { within } => quote_here!(fields.is_fresh(#within)),
            Need::Any { needs } => self.chain(needs, &quote_here!(first.is_yes()), |rest| quote_here!(first.or(#rest))),
            Need::All { needs } => self.chain(needs, &quote_here!(!first.is_yes()), Clone::clone),
            Need::Not { need, .. } => {
                let (holds, name) = (self.holds(need), format!("not({})", label(need)));
                quote_here!((#holds).negated(#name))
            }
        }
    }

    /// One need after the other, until `stop`.
    fn chain(&self, needs: &[Need], stop: &TokenStream, join: impl Fn(&TokenStream) -> TokenStream) -> TokenStream {
        let mut needs = needs.iter().rev().map(|need| self.holds(need));
        let Some(last) = needs.next() else { return TokenStream::new() };
        needs.fold(last, |rest, need| {
            let joined = join(&rest);
            quote_here!({ let first = #need; if #stop { first } else { #joined } })
        })
    }

    fn field(&self, name: &Ident) -> TokenStream {
        let data = self.data;
        quote_here!(<#data as __private::SessionData>::FIELDS.#name)
    }

    fn value(&self, name: &Ident) -> TokenStream {
        let field = self.field(name);
        quote_here!(#field.value(&fields)?)
    }

    fn missing(&self, name: &Ident) -> TokenStream {
        let field = self.field(name);
        quote_here!(__private::Holds::Missing(#field.name()))
    }

    fn matched(&self, name: &Ident, value: &TokenStream, pattern: &Pat) -> TokenStream {
        let field = self.field(name);
        let constants =
            constants(pattern).into_iter().map(|constant| quote_here!(let _ = &#constant;)).collect::<Vec<_>>();
        // Where all that there is of a name in capitals is a function, it would be a new variable, and match everything.
        let names = (!matches!(pattern, Pat::Ident(_))).then(|| quote_here!(#[deny(non_snake_case)]));
        // At the pattern's own place in full, so that the compiler also says there that a pattern which always matches does.
        let own = pattern.to_token_stream().into_iter().next().map_or_else(Span::call_site, |tree| tree.span());
        let (place, label) = (quote_here!(*place), quote_here!('matches));
        let matches = quote_spanned!(own=> #names #[deny(irrefutable_let_patterns)] let (#pattern) = #place else { break #label false };);
        quote_here! {{
            #(#constants)*
            __private::Holds::matched(#field.name(), 'matches: {
                let value = #value;
                let place = value.__place();
                #matches
                true
            })
        }}
    }
}

/// What a guard with a name finds.
fn examined(path: &Path) -> TokenStream {
    located_at(path, |span| {
        quote_spanned!(span=> {
            __private::asks_for_something::<#path>();
            __private::Named::<#path>::ask(session).await?
        })
    })
}

/// Ends the check unless this holds.
fn or_return(holds: &TokenStream) -> TokenStream {
    quote_here! {
        let holds = #holds;
        if !holds.is_yes() {
            return __private::core::result::Result::Ok(__private::core::result::Result::Err(holds));
        }
    }
}

/// A need, in a word.
fn label(need: &Need) -> String {
    match need {
        Need::Field { name, .. } => name.unraw().to_string(),
        Need::Check { path } | Need::Named { path } => {
            path.segments.last().map(|segment| segment.ident.to_string()).unwrap_or_default()
        }
        Need::Fresh { .. } => "fresh".into(),
        Need::Any { .. } => "any(…)".into(),
        Need::All { .. } => "all(…)".into(),
        Need::Not { need, .. } => format!("not({})", label(need)),
    }
}
