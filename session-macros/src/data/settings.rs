//! `#[session(…)]` on the struct.

use std::collections::HashMap;

use proc_macro2::Span;
use syn::ext::IdentExt;
use syn::spanned::Spanned;
use syn::{Attribute, Ident, LitStr};

use crate::ctxt::Ctxt;
use crate::data::cookie::{self, Fault};
use crate::data::model::Settings;
use crate::duration::Millis;
use crate::entry::{Entry, Keys};

pub(crate) const STRUCT_KEYS: &[&str] =
    &["absolute", "assurance", "cookie", "crate", "domain", "idle", "partitioned", "path", "same_site"];

/// RFC 6265bis, section 5.5: no browser keeps a cookie for longer.
const MAX_ABSOLUTE: Millis = Millis::days(400);
/// What `absolute` is where nothing says otherwise.
const DEFAULT_ABSOLUTE: Millis = Millis::days(14);

const SAME_SITE: [(&str, &str); 3] = [("lax", "Lax"), ("strict", "Strict"), ("none", "None")];
const ASSURANCE: [(&str, &str); 3] = [("aal1", "Aal1"), ("aal2", "Aal2"), ("aal3", "Aal3")];

/// Reads them; where one is wrong, it counts as not said.
pub(crate) fn settings(ctxt: &Ctxt, attrs: &[Attribute], ident: &Ident) -> Settings {
    let keys = Keys {
        here: STRUCT_KEYS,
        elsewhere: super::attr::FIELD_KEYS,
        this_level: "the struct",
        other_level: "a field",
        example: "cookie = \"shop\"",
    };
    let before = ctxt.count();
    let mut settings = Settings::default();
    let mut cookie = None;
    let mut said_at = HashMap::new();
    for entry in keys.read(ctxt, attrs, &[]) {
        said_at.insert(entry.key.to_string(), entry.value.as_ref().map_or(entry.key.span(), Spanned::span));
        match entry.key.to_string().as_str() {
            "cookie" => cookie = entry.text(ctxt, "cookie = \"shop\""),
            "idle" => settings.idle = duration(ctxt, &entry, "idle = \"30m\""),
            "absolute" => settings.absolute = absolute(ctxt, &entry),
            "assurance" => settings.assurance = one_of(ctxt, &entry, &ASSURANCE),
            "same_site" => settings.same_site = one_of(ctxt, &entry, &SAME_SITE),
            "path" => settings.path = checked(ctxt, &entry, "path = \"/shop\"", cookie::path_fault),
            "domain" => settings.domain = checked(ctxt, &entry, "domain = \"example.com\"", cookie::domain_fault),
            "partitioned" => settings.partitioned = entry.flag(ctxt),
            _ => settings.krate = entry.path(ctxt, "crate = \"path::to::cloakroom\""),
        }
    }
    // What was read wrongly cannot be held against the rest.
    if ctxt.count() == before {
        match said_at.get("assurance") {
            Some(at) => level_says_it_all(ctxt, &settings, *at),
            None => idle_can_end(ctxt, &settings, said_at.get("idle")),
        }
        none_is_needed(ctxt, &settings, said_at.get("same_site"));
    }
    settings.cookie = match cookie {
        None if ctxt.count() > before => kebab(ident),
        written => cookie_name(ctxt, written.as_ref(), ident),
    };
    settings
}

/// Where only `absolute` is written, and shorter than what `idle` is by default, it ends the session and `idle` never does: that
/// is no mistake of anybody's.
fn idle_can_end(ctxt: &Ctxt, settings: &Settings, at: Option<&Span>) {
    let (Some(idle), Some(at)) = (settings.idle, at) else { return };
    match settings.absolute {
        Some(absolute) if idle > absolute => {
            ctxt.error_at(*at, "`idle` is longer than `absolute`, so it could never end a session: make it shorter");
        }
        None if idle > DEFAULT_ABSOLUTE => ctxt.error_at(
            *at,
            "`idle` is longer than 14 days, the longest life unless `absolute` says otherwise, so it could never end a session: \
             make it shorter, or write `absolute` too",
        ),
        _ => {}
    }
}

/// Which of the two would hold, nobody could tell from the struct.
fn level_says_it_all(ctxt: &Ctxt, settings: &Settings, at: Span) {
    if let Some(beside) = settings.idle.map(|_| "idle").or(settings.absolute.map(|_| "absolute")) {
        ctxt.error_at(
            at,
            format_args!(
                "`assurance` says how long a session lives, and so does `{beside}`: remove one (`SessionLayer::with_{beside}` makes it \
                 shorter than its level)"
            ),
        );
    }
}

/// Only an embedded page needs a cookie that other sites' requests carry, and browsers keep that one per embedding site.
fn none_is_needed(ctxt: &Ctxt, settings: &Settings, at: Option<&Span>) {
    if let (Some(value), Some(at), false) = (&settings.same_site, at, settings.partitioned)
        && value == "None"
    {
        ctxt.error_at(
            *at,
            "`same_site = \"none\"` lets every other site send the session's cookie, and only a page that is embedded in another \
             site needs that: add `partitioned` for such a page, or remove it",
        );
    }
}

/// `key = "30m"`.
pub(crate) fn duration(ctxt: &Ctxt, entry: &Entry, example: &str) -> Option<Millis> {
    ctxt.take(Millis::parse(&entry.text(ctxt, example)?))
}

fn absolute(ctxt: &Ctxt, entry: &Entry) -> Option<Millis> {
    let absolute = duration(ctxt, entry, "absolute = \"12h\"")?;
    if absolute > MAX_ABSOLUTE {
        ctxt.error(
            &entry.value,
            "`absolute` is over 400 days, and no browser keeps a cookie for longer: write `\"400d\"` or less",
        );
    }
    (absolute <= MAX_ABSOLUTE).then_some(absolute)
}

/// The variant that one of three words stands for.
fn one_of(ctxt: &Ctxt, entry: &Entry, words: &[(&str, &str); 3]) -> Option<Ident> {
    let [(first, _), (second, _), (third, _)] = words;
    let text = entry.text(ctxt, &format!("{} = \"{first}\"", entry.key))?;
    let word = text.value();
    let variant =
        words.iter().find(|(known, _)| *known == word).map(|(_, variant)| Ident::new(variant, Span::mixed_site()));
    if variant.is_none() {
        ctxt.error(
            &text,
            format_args!(
                "`{word}` is no value of `{}`: write `\"{first}\"`, `\"{second}\"` or `\"{third}\"`",
                entry.key
            ),
        );
    }
    variant
}

fn checked(ctxt: &Ctxt, entry: &Entry, example: &str, fault: fn(&str) -> Option<Fault>) -> Option<LitStr> {
    let text = entry.text(ctxt, example)?;
    let Some(Fault { why, instead }) = fault(&text.value()) else { return Some(text) };
    let instead = instead.map_or_else(|| example.to_owned(), |instead| format!("{} = \"{instead}\"", entry.key));
    ctxt.error(&text, format_args!("`{}` {why}: write `{instead}`", text.value()));
    None
}

fn cookie_name(ctxt: &Ctxt, written: Option<&LitStr>, ident: &Ident) -> String {
    let name = written.map_or_else(|| kebab(ident), LitStr::value);
    if let Some(Fault { why, instead }) = cookie::name_fault(&name) {
        let instead = instead.as_deref().unwrap_or("shop");
        match written {
            Some(literal) => {
                ctxt.error(literal, format_args!("the cookie name `{name}` {why}: write `cookie = \"{instead}\"`"));
            }
            None => ctxt.error(
                ident,
                format_args!(
                    "the cookie name `{name}`, made of the struct's, {why}: give another one, `#[session(cookie = \"{instead}\")]`"
                ),
            ),
        }
    }
    name
}

/// `HTTPShop` → `http-shop`.
fn kebab(ident: &Ident) -> String {
    let letters: Vec<char> = ident.unraw().to_string().chars().collect();
    let mut out = String::new();
    for (i, letter) in letters.iter().enumerate() {
        let after_lower = i > 0 && !letters[i - 1].is_uppercase() && letters[i - 1] != '_';
        let before_lower = i > 0 && letters[i - 1] != '_' && letters.get(i + 1).is_some_and(|next| next.is_lowercase());
        if letter.is_uppercase() && (after_lower || before_lower) {
            out.push('-');
        }
        out.push(if *letter == '_' { '-' } else { letter.to_ascii_lowercase() });
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_cookies_after_structs() {
        for (ident, name) in [
            ("Shop", "shop"),
            ("ShopSession", "shop-session"),
            ("HTTPShop", "http-shop"),
            ("V2Data", "v2-data"),
            ("A_B", "a-b"),
        ] {
            assert_eq!(kebab(&Ident::new(ident, Span::call_site())), name);
        }
    }

    /// The macro and the policy it is checked for mean the same.
    #[test]
    fn knows_the_runtimes_limits() {
        let is = |millis: Millis| std::time::Duration::from_millis(millis.0);
        assert_eq!(is(DEFAULT_ABSOLUTE), cloakroom::DEFAULT_ABSOLUTE);
        assert_eq!(is(MAX_ABSOLUTE), cloakroom::MAX_LIFETIME);
    }
}
