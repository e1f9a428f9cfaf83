//! `#[session(…)]` on the struct.

use proc_macro2::Span;
use syn::ext::IdentExt;
use syn::{Attribute, Ident, LitStr};

use crate::ctxt::Ctxt;
use crate::data::model::Settings;
use crate::duration::Millis;
use crate::entry::{Entry, Keys};

pub(crate) const STRUCT_KEYS: &[&str] =
    &["absolute", "cookie", "crate", "domain", "idle", "partitioned", "path", "same_site"];

/// RFC 6265bis, section 5.5: no browser keeps a cookie for longer.
const MAX_ABSOLUTE: Millis = Millis::days(400);
/// The longest name that fits one hash block with the token.
const MAX_COOKIE_LEN: usize = 22;

/// Reads them; where one is wrong, it counts as not said.
pub(crate) fn settings(ctxt: &Ctxt, attrs: &[Attribute], ident: &Ident) -> Settings {
    let keys = Keys {
        here: STRUCT_KEYS,
        elsewhere: super::attr::FIELD_KEYS,
        this_level: "the struct",
        other_level: "a field",
    };
    let mut settings = Settings::default();
    let mut cookie = None;
    let mut idle_at = Span::call_site();
    for entry in keys.sort(ctxt, Entry::all(ctxt, attrs), &[]) {
        match entry.key.to_string().as_str() {
            "cookie" => cookie = entry.text(ctxt, "cookie = \"shop\""),
            "idle" => {
                idle_at = entry.key.span();
                settings.idle = duration(ctxt, &entry, "idle = \"30m\"");
            }
            "absolute" => settings.absolute = absolute(ctxt, &entry),
            "same_site" => settings.same_site = same_site(ctxt, &entry),
            "path" => settings.path = checked(ctxt, &entry, "path = \"/shop\"", path_fault),
            "domain" => settings.domain = checked(ctxt, &entry, "domain = \"example.com\"", domain_fault),
            "partitioned" => settings.partitioned = entry.flag(ctxt),
            _ => settings.krate = entry.path(ctxt, "crate = \"path::to::cloakroom\""),
        }
    }
    if let (Some(idle), Some(absolute)) = (settings.idle, settings.absolute)
        && idle > absolute
    {
        ctxt.error_at(idle_at, "`idle` is longer than `absolute`, so it could never end a session: make it shorter");
        settings.idle = None;
    }
    settings.cookie = cookie_name(ctxt, cookie.as_ref(), ident);
    settings
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

fn same_site(ctxt: &Ctxt, entry: &Entry) -> Option<Ident> {
    let text = entry.text(ctxt, "same_site = \"lax\"")?;
    let variant = match text.value().as_str() {
        "lax" => "Lax",
        "strict" => "Strict",
        "none" => "None",
        other => {
            ctxt.error(
                &text,
                format_args!("`{other}` is no value of `same_site`: write `\"lax\"`, `\"strict\"` or `\"none\"`"),
            );
            return None;
        }
    };
    Some(Ident::new(variant, Span::mixed_site()))
}

fn checked(ctxt: &Ctxt, entry: &Entry, example: &str, fault: fn(&str) -> Option<&'static str>) -> Option<LitStr> {
    let text = entry.text(ctxt, example)?;
    if let Some(fault) = fault(&text.value()) {
        ctxt.error(&text, format_args!("`{}` {fault}: write `{example}`", text.value()));
        return None;
    }
    Some(text)
}

fn path_fault(path: &str) -> Option<&'static str> {
    if !path.starts_with('/') {
        return Some("does not start with `/`, and a browser would put its own path in its place");
    }
    let strange = |c: char| c == ';' || c.is_control() || !c.is_ascii();
    path.contains(strange).then_some("has a character that a cookie's path cannot have")
}

fn domain_fault(domain: &str) -> Option<&'static str> {
    let label = |label: &str| !label.is_empty() && label.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
    match domain {
        _ if domain.contains("://") => Some("has a scheme, and a cookie's domain is a host name alone"),
        _ if domain.starts_with('.') => Some("starts with a dot, which browsers ignore"),
        _ if domain.contains(':') => Some("has a port, and cookies do not know ports"),
        _ if !domain.split('.').all(label) => Some("is not a host name"),
        _ => None,
    }
}

fn cookie_name(ctxt: &Ctxt, written: Option<&LitStr>, ident: &Ident) -> String {
    let name = written.map_or_else(|| kebab(&ident.unraw().to_string()), LitStr::value);
    if let Some(fault) = cookie_fault(&name) {
        match written {
            Some(literal) => ctxt.error(literal, format_args!("the cookie name `{name}` {fault}")),
            None => ctxt.error(
                ident,
                format_args!("the cookie name `{name}`, made of the struct's, {fault}; give another one: `#[session(cookie = \"…\")]`"),
            ),
        }
    }
    name
}

fn cookie_fault(name: &str) -> Option<String> {
    let token = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(c);
    let lower = name.to_ascii_lowercase();
    if name.is_empty() {
        Some("is empty".into())
    } else if lower.starts_with("__host-") || lower.starts_with("__secure-") {
        Some("brings a prefix, and the cookie policy adds the right one: leave it out".into())
    } else if let Some(strange) = name.chars().find(|c| !token(*c)) {
        Some(format!("has the character `{strange}`, and may have letters, digits and !#$%&'*+-.^_`|~"))
    } else if name.len() > MAX_COOKIE_LEN {
        Some(format!("has {} bytes, and may have {MAX_COOKIE_LEN}", name.len()))
    } else {
        None
    }
}

/// `HTTPShop` → `http-shop`.
fn kebab(ident: &str) -> String {
    let letters: Vec<char> = ident.chars().collect();
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
            assert_eq!(kebab(ident), name);
        }
    }

    #[test]
    fn refuses_what_browsers_refuse() {
        assert!(
            ["a b", "a=b", "ä", "", "__Host-a", "__secure-a", "abcdefghijklmnopqrstuvw"]
                .iter()
                .all(|name| cookie_fault(name).is_some())
        );
        assert!(["localhost", "example.com", "127.0.0.1"].iter().all(|domain| domain_fault(domain).is_none()));
        assert!(
            [".example.com", "https://a.b", "a.b:80", "a b", "", "a..b"]
                .iter()
                .all(|domain| domain_fault(domain).is_some())
        );
    }
}
