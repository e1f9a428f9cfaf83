//! What a browser would refuse in a cookie's name, path or domain, and what to write instead.

use std::borrow::Cow;

/// The longest name that fits one hash block with the token.
const MAX_NAME_LEN: usize = 22;

/// What browsers read a promise into. The policy makes the promise that it keeps.
const PREFIXES: [&str; 4] = ["__host-http-", "__host-", "__secure-", "__http-"];

/// Why a text cannot be used, and what could stand there instead, if that can be told.
#[derive(Debug)]
pub(crate) struct Fault {
    pub(crate) why: Cow<'static, str>,
    pub(crate) instead: Option<String>,
}

impl Fault {
    fn new(why: impl Into<Cow<'static, str>>, instead: Option<String>) -> Option<Self> {
        Some(Self { why: why.into(), instead })
    }
}

/// What is wrong with a cookie's name.
pub(crate) fn name_fault(name: &str) -> Option<Fault> {
    let is_token = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(c);
    let usable = |name: String| Some(name).filter(|name| name_fault(name).is_none());
    let lower = name.to_ascii_lowercase();
    if let Some(prefix) = PREFIXES.iter().find(|prefix| lower.starts_with(**prefix)) {
        let why = "brings a prefix, and the cookie policy adds the right one by itself";
        Fault::new(why, usable(name[prefix.len()..].to_owned()))
    } else if name.is_empty() {
        Fault::new("is empty", None)
    } else if let Some(strange) = name.chars().find(|c| !is_token(*c)) {
        let why = format!("has the character `{strange}`, and may have letters, digits and !#$%&'*+-.^_`|~");
        Fault::new(why, usable(name.replace(|c| !is_token(c), "-")))
    } else if name.len() > MAX_NAME_LEN {
        Fault::new(format!("has {} bytes, and may have {MAX_NAME_LEN}", name.len()), None)
    } else {
        None
    }
}

/// What is wrong with a cookie's path.
pub(crate) fn path_fault(path: &str) -> Option<Fault> {
    let is_plain = |text: &str| text.bytes().all(|byte| (0x21..0x7f).contains(&byte) && byte != b';');
    if path.contains("://") {
        Fault::new("is a whole address, and a cookie's path is the part after the host", None)
    } else if !path.starts_with('/') {
        let instead = Some(format!("/{path}")).filter(|instead| is_plain(instead));
        Fault::new("does not start with `/`, and a browser would put its own path in its place", instead)
    } else if !is_plain(path) {
        Fault::new("has a character that a cookie's path cannot have", None)
    } else {
        None
    }
}

/// What is wrong with a cookie's domain.
pub(crate) fn domain_fault(domain: &str) -> Option<Fault> {
    let instead = Some(host(domain)).filter(|host| is_site(host)).map(str::to_owned);
    match domain {
        _ if domain.contains("://") => Fault::new("has a scheme, and a cookie's domain is a host name alone", instead),
        _ if domain.starts_with('.') => Fault::new("starts with a dot, which browsers ignore", instead),
        _ if domain.starts_with("*.") => {
            Fault::new("has a star, and a cookie's domain stands for all below it already", instead)
        }
        _ if domain.contains('/') => Fault::new("has a path, and a cookie's domain is a host name alone", instead),
        _ if domain.contains(':') => Fault::new("has a port, and cookies do not know ports", instead),
        _ if !domain.split('.').all(is_label) => Fault::new("is not a host name", None),
        _ if !is_site(domain) => {
            Fault::new("has no dot, and browsers refuse a cookie for all of a top-level domain", None)
        }
        _ => None,
    }
}

/// The host in what may be an address.
fn host(text: &str) -> &str {
    let text = text.split_once("://").map_or(text, |(_, rest)| rest);
    let text = text.split(['/', ':']).next().unwrap_or_default();
    text.trim_start_matches("*.").trim_start_matches('.')
}

fn is_label(label: &str) -> bool {
    !label.is_empty() && label.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
}

/// Is this a host name that a cookie can be for?
fn is_site(host: &str) -> bool {
    host.split('.').all(is_label) && (host.contains('.') || host == "localhost")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refuses_names_that_browsers_refuse() {
        let wrong = ["a b", "a=b", "ä", "", "__Host-a", "__secure-a", "__HTTP-a", "__Host-", "abcdefghijklmnopqrstuvw"];
        assert!(wrong.iter().all(|name| name_fault(name).is_some()));
        let instead = |name| name_fault(name).and_then(|fault| fault.instead);
        assert_eq!(instead("__HOST-shop").as_deref(), Some("shop"));
        assert_eq!(instead("my shop").as_deref(), Some("my-shop"));
        assert_eq!(instead("__Host-"), None);
        assert!(["shop", "a.b-c_d", "abcdefghijklmnopqrstuv", "host-a"].iter().all(|name| name_fault(name).is_none()));
    }

    #[test]
    fn refuses_paths_that_browsers_replace() {
        assert!(["", "shop", "/a b", "/a;b", "/ä", "https://a.b/c"].iter().all(|path| path_fault(path).is_some()));
        assert!(["/", "/shop", "/a/b-c"].iter().all(|path| path_fault(path).is_none()));
    }

    #[test]
    fn says_which_host_was_meant() {
        for (written, meant) in [
            ("https://example.com/shop", Some("example.com")),
            (".example.com", Some("example.com")),
            ("*.example.com", Some("example.com")),
            ("example.com:8080", Some("example.com")),
            ("example.com/shop", Some("example.com")),
            ("example .com", None),
            ("a..b", None),
            ("", None),
            ("com", None),
        ] {
            let fault = domain_fault(written).unwrap_or_else(|| panic!("{written} passes"));
            assert_eq!(fault.instead.as_deref(), meant, "{written}");
        }
        assert!(["localhost", "example.com", "127.0.0.1"].iter().all(|domain| domain_fault(domain).is_none()));
    }
}
