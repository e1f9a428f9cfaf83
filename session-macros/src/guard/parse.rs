//! The attribute's arguments → the model.

use proc_macro2::{Span, TokenStream};
use syn::ext::IdentExt;
use syn::parse::{ParseStream, Parser};
use syn::{ExprLit, Ident, Lit, LitStr, Pat, Path, Token, Type, TypePath, parenthesized};

use crate::ctxt::Ctxt;
use crate::duration::Millis;
use crate::guard::model::{Guard, Need};
use crate::guard::pattern;
use crate::guard::slips::{at_pattern, at_start, group_called, separator};
use crate::suggest::nearest;

pub(crate) const USAGE: &str = "`#[require_session(Shop, user_id, role = Role::Admin, redirect = \"/login\")]`";

/// Reads them. `None` if they do not even say whose session it is.
pub(crate) fn guard(ctxt: &Ctxt, args: TokenStream) -> Option<Guard> {
    if args.is_empty() {
        ctxt.error_at(Span::call_site(), format_args!("a guard says whose session it asks, and for what: {USAGE}"));
        return None;
    }
    let mut guard = None;
    let parsed = (|input: ParseStream<'_>| read(ctxt, input, &mut guard)).parse2(args);
    ctxt.take(parsed);
    guard
}

fn read(ctxt: &Ctxt, input: ParseStream<'_>, guard: &mut Option<Guard>) -> syn::Result<()> {
    let before = ctxt.count();
    let first = first(input)?;
    let guard = guard.insert(Guard {
        first: Type::Path(first.clone()),
        alone: false,
        needs: Vec::new(),
        redirect: None,
        reject: None,
        krate: None,
    });
    separator(input)?;
    for item in items(ctxt, input)? {
        guard.add(ctxt, item);
    }
    if guard.needs.is_empty() && ctxt.count() == before {
        guard.needs.push(Need::Named { path: first.path });
        guard.alone = true;
    }
    Ok(())
}

fn first(input: ParseStream<'_>) -> syn::Result<TypePath> {
    let start = input.fork();
    let is_need = start.call(Ident::parse_any).is_ok_and(|word| starts_lower(&word) && !start.peek(Token![::]));
    let path = if is_need { None } else { input.fork().parse().ok().and_then(path) };
    let wrong = match path {
        None => format!("first comes the struct that the session keeps, then what it must have: {USAGE}"),
        Some(path) if is_session(&path) => {
            "first comes the struct that the session keeps, `Shop`, and not `Session<Shop>`".to_owned()
        }
        Some(path) => return input.parse::<Type>().map(|_| path),
    };
    Err(syn::Error::new(input.span(), wrong))
}

/// A path, also where a `macro_rules!` macro handed it on as a type.
fn path(ty: Type) -> Option<TypePath> {
    match ty {
        Type::Path(path) => Some(path),
        Type::Group(group) => path(*group.elem),
        _ => None,
    }
}

fn is_session(path: &TypePath) -> bool {
    path.path.segments.last().is_some_and(|last| last.ident == "Session" && !last.arguments.is_none())
}

fn starts_lower(word: &Ident) -> bool {
    word.unraw().to_string().starts_with(|c: char| c.is_lowercase() || c == '_')
}

fn items(ctxt: &Ctxt, input: ParseStream<'_>) -> syn::Result<Vec<Item>> {
    let mut items = Vec::new();
    while !input.is_empty() {
        items.push(Item::read(ctxt, input)?);
        separator(input)?;
    }
    Ok(items)
}

/// One argument.
enum Item {
    Need(Need),
    Redirect(Ident, LitStr),
    Reject(Ident, Path),
    Crate(Ident, Path),
    /// Already complained of.
    Wrong,
}

impl Guard {
    fn add(&mut self, ctxt: &Ctxt, item: Item) {
        let (word, before) = match item {
            Item::Need(need) => return self.needs.push(need),
            Item::Wrong => return,
            Item::Redirect(word, to) => (word, self.redirect.replace(to).is_some()),
            Item::Reject(word, path) => (word, self.reject.replace(path).is_some()),
            Item::Crate(word, path) => (word, self.krate.replace(path).is_some()),
        };
        if before {
            ctxt.error(&word, format_args!("`{word}` is said twice: remove one"));
        }
    }
}

impl Item {
    fn read(ctxt: &Ctxt, input: ParseStream<'_>) -> syn::Result<Self> {
        let starts_upper = input.fork().call(Ident::parse_any).is_ok_and(|word| !starts_lower(&word));
        if input.peek(Token![::]) || (input.peek(syn::Ident::peek_any) && input.peek2(Token![::])) || starts_upper {
            return Self::named(ctxt, input);
        }
        let word = input.call(Ident::parse_any).map_err(|_| at_start(input))?;
        match word.to_string().as_str() {
            "any" | "all" | "not" if input.peek(syn::token::Paren) => Self::group(ctxt, word, input),
            "check" => Ok(Self::Need(Need::Check { path: required(&word, input, "check = path::to::async_fn")? })),
            "reject" => Ok(Self::Reject(word.clone(), required(&word, input, "reject = path::to::fn")?)),
            "redirect" => {
                let to: LitStr = required(&word, input, "redirect = \"/login\"")?;
                Ok(if is_same_site(ctxt, &to) { Self::Redirect(word, to) } else { Self::Wrong })
            }
            "crate" => {
                let path: LitStr = required(&word, input, "crate = \"path::to::cloakroom\"")?;
                Ok(Self::Crate(word, path.parse_with(Path::parse_mod_style)?))
            }
            "fresh" => {
                let time: LitStr = required(&word, input, "fresh = \"10m\"")?;
                Ok(ctxt.take(Millis::parse(&time)).map_or(Self::Wrong, |within| Self::Need(Need::Fresh { within })))
            }
            "any" | "all" => Err(missing(&word, &format!("{word}(user_id, role = Role::Admin)"))),
            "not" => Err(missing(&word, "not(user_id)")),
            _ => Self::field(ctxt, word, input),
        }
    }

    /// A guard with a name: a path to a type.
    fn named(ctxt: &Ctxt, input: ParseStream<'_>) -> syn::Result<Self> {
        let path: Path = input.parse()?;
        if path.segments.last().is_some_and(|last| starts_lower(&last.ident)) {
            ctxt.error(
                &path,
                "a need is a field's name, as the struct has it, a guard's, as in `path::to::Admin`, or `check = path::to::async_fn`",
            );
            return skip(input);
        }
        if let Some(word) = path.get_ident().filter(|_| input.peek(syn::token::Paren)) {
            return Err(group_called(word));
        }
        if input.peek(Token![=]) {
            ctxt.error(&path, "a guard is named alone, and a field as the struct has it: `role = Role::Admin`");
            return skip(input);
        }
        Ok(Self::Need(Need::Named { path }))
    }

    fn field(ctxt: &Ctxt, name: Ident, input: ParseStream<'_>) -> syn::Result<Self> {
        if input.peek(syn::token::Paren) {
            return Err(group_called(&name));
        }
        if input.peek(Token![==]) || input.peek(Token![=>]) {
            return separator(input).map(|()| Self::Wrong);
        }
        if input.parse::<Option<Token![=]>>()?.is_none() {
            return Ok(Self::Need(Need::Field { name, pattern: None }));
        }
        if input.is_empty() || input.peek(Token![,]) {
            let message = format!(
                "`{name} =` lacks a pattern: write `{name} = PATTERN`, or `{name}` alone to ask that it is set"
            );
            return Err(syn::Error::new(name.span(), message));
        }
        let start = input.fork();
        let pattern = Pat::parse_multi_with_leading_vert(input).map_err(|error| at_pattern(&start, &name, &error))?;
        if let Some(word) = misspelt(&name, &pattern) {
            let message =
                format!("did you mean `{word}`? A field called `{name}` would be asked for as `r#{name} = …`");
            ctxt.error(&name, message);
            return Ok(Self::Wrong);
        }
        let sound = pattern::check(ctxt, &name, &pattern);
        Ok(if sound { Self::Need(Need::Field { name, pattern: Some(Box::new(pattern)) }) } else { Self::Wrong })
    }

    fn group(ctxt: &Ctxt, word: Ident, input: ParseStream<'_>) -> syn::Result<Self> {
        let content;
        parenthesized!(content in input);
        let before = ctxt.count();
        let items = items(ctxt, &content)?;
        let mut needs = Vec::new();
        for item in items {
            match item {
                Self::Need(need) => needs.push(need),
                Self::Wrong => {}
                Self::Redirect(word, _) | Self::Reject(word, _) | Self::Crate(word, _) => {
                    ctxt.error(
                        &word,
                        format_args!("`{word}` holds for the whole guard: write it outside of the group"),
                    );
                }
            }
        }
        if ctxt.count() > before {
            return Ok(Self::Wrong);
        }
        match (word.to_string().as_str(), needs.len()) {
            (_, 0) => ctxt.error(&word, format_args!("`{word}()` asks for nothing: name a need in it")),
            ("any", _) => return Ok(Self::Need(Need::Any { needs })),
            ("all", _) => return Ok(Self::Need(Need::All { needs })),
            (_, 1) => {
                let need = needs.pop().map(Box::new);
                return Ok(need.map_or(Self::Wrong, |need| Self::Need(Need::Not { need })));
            }
            _ => ctxt.error(&word, "`not` takes one need: write `not(any(…))` or `not(all(…))`"),
        }
        Ok(Self::Wrong)
    }
}

/// The word that this one is nearly, if it is followed by what that word takes.
fn misspelt(name: &Ident, pattern: &Pat) -> Option<&'static str> {
    let words: &[&str] = match pattern {
        Pat::Lit(ExprLit { lit: Lit::Str(text), .. }) if text.value().starts_with('/') => &["redirect"],
        Pat::Lit(ExprLit { lit: Lit::Str(text), .. }) if Millis::parse(text).is_ok() => &["fresh"],
        Pat::Ident(function) if starts_lower(&function.ident) => &["check", "reject"],
        Pat::Path(path) if path.path.segments.last().is_some_and(|last| starts_lower(&last.ident)) => {
            &["check", "reject"]
        }
        _ => &[],
    };
    nearest(&name.to_string(), words)
}

/// `= value`; a word without one may have been meant as a field.
fn required<T: syn::parse::Parse>(word: &Ident, input: ParseStream<'_>, example: &str) -> syn::Result<T> {
    if input.parse::<Option<Token![=]>>()?.is_none() {
        return Err(missing(word, example));
    }
    let span = input.span();
    input.parse().map_err(|_| syn::Error::new(span, format!("this cannot be the value of `{word}`: write `{example}`")))
}

fn missing(word: &Ident, example: &str) -> syn::Error {
    let field = if word == "crate" { String::new() } else { format!("; a field called `{word}` is `r#{word}`") };
    syn::Error::new(word.span(), format!("`{word}` needs a value: write `{example}`{field}"))
}

/// Goes on behind the next comma.
fn skip(input: ParseStream<'_>) -> syn::Result<Item> {
    while !input.is_empty() && !input.peek(Token![,]) {
        input.parse::<proc_macro2::TokenTree>()?;
    }
    Ok(Item::Wrong)
}

fn is_same_site(ctxt: &Ctxt, to: &LitStr) -> bool {
    let path = to.value();
    let strange = |c: char| c == '\\' || c.is_control() || c.is_whitespace();
    let fine = path.starts_with('/') && !path.starts_with("//") && !path.contains(strange);
    if !fine {
        ctxt.error(
            to,
            format_args!(
                "`{path}` is not a path on this site, which starts with one `/`: write `redirect = \"/login\"`"
            ),
        );
    }
    fine
}
