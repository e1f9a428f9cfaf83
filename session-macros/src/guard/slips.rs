//! What is written in place of a need, or behind one, by who thinks of an `if`; and what to write instead.

use syn::ext::IdentExt;
use syn::parse::ParseStream;
use syn::{Error, Ident, LitStr, Token, token};

use crate::suggest::nearest;

/// The comma behind a need, unless that was the last one.
pub(crate) fn separator(input: ParseStream<'_>) -> syn::Result<()> {
    if input.is_empty() || input.parse::<Option<Token![,]>>()?.is_some() {
        return Ok(());
    }
    Err(input.error(behind(input)))
}

fn behind(input: ParseStream<'_>) -> &'static str {
    if input.peek(Token![&&]) {
        "needs that must all hold are parted by commas: `user_id, role = Role::Admin`"
    } else if input.peek(Token![||]) || input.peek(Token![|]) {
        "where one need of several is enough write `any(user_id, role = Role::Admin)`; the alternatives of one pattern are parted by one `|`"
    } else if is_comparison(input) {
        "a need compares by `=` and a pattern: `level = 3`, `level = 4..`, `not(role = Role::Admin)`"
    } else if input.peek(Token![:]) {
        "a need is a field's name, or `role = Role::Admin`: the type stands at the parameter, `#[session] user_id: UserId`"
    } else if input.peek(Token![.]) || input.peek(Token![?]) {
        "a need is a field's name alone, which asks that it is set: all else is asked by `check = path::to::async_fn`"
    } else if input.peek(token::Brace) || input.peek(token::Bracket) || input.peek(token::Paren) {
        "a field, a guard and a `check` are named alone; what a guard hands over is a parameter: `#[session] user_id: UserId`"
    } else if input.peek(Token![if]) || is_sum(input) {
        "this is no part of a pattern: name a constant, or write `check = path::to::async_fn`"
    } else {
        "needs are parted by commas: one is missing before this"
    }
}

fn is_comparison(input: ParseStream<'_>) -> bool {
    let is_equality = input.peek(Token![=]) || input.peek(Token![!=]);
    is_equality || input.peek(Token![<]) || input.peek(Token![>]) || input.peek(Token![<=]) || input.peek(Token![>=])
}

fn is_sum(input: ParseStream<'_>) -> bool {
    input.peek(Token![+]) || input.peek(Token![-]) || input.peek(Token![*]) || input.peek(Token![/])
}

/// Where a need should begin.
pub(crate) fn at_start(input: ParseStream<'_>) -> Error {
    if let Ok(quoted) = input.fork().parse::<LitStr>() {
        return input.error(format_args!("a field is named without quotes: `{}`", quoted.value()));
    }
    input.error(if input.peek(Token![!]) {
        "what must not hold is `not(user_id)`, or `not(role = Role::Admin)`"
    } else if input.peek(Token![,]) {
        "a need is missing before this comma"
    } else {
        "a need is a field's name, as the struct has it, `role = Role::Admin`, a guard's name, or `check = path::to::async_fn`"
    })
}

/// Where a pattern should be.
pub(crate) fn at_pattern(start: ParseStream<'_>, field: &Ident, error: &Error) -> Error {
    if start.peek(Token![!]) {
        return start.error(format_args!("a pattern is not negated: write `not({field} = …)`"));
    }
    Error::new(error.span(), "a pattern was expected here, such as `Role::Admin`, `3..=5` or `\"ann\" | \"bob\"`")
}

/// `word(…)` that is no group.
pub(crate) fn group_called(word: &Ident) -> Error {
    let meant = match word.unraw().to_string().as_str() {
        "or" | "either" | "one_of" => Some("any"),
        "and" | "both" | "every" => Some("all"),
        "none" | "neither" | "nor" => Some("not"),
        other => nearest(other, &["any", "all", "not"]),
    };
    let hint = meant.map_or_else(
        || ": `any(…)`, `all(…)` and `not(…)` do".to_owned(),
        |meant| format!(": did you mean `{meant}(…)`?"),
    );
    Error::new(word.span(), format!("`{word}` cannot group needs{hint}"))
}
