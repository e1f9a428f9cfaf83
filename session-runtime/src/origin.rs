//! Cross-site requests: method + headers + policy → allowed, or why not. Pure.
//!
//! 1. `GET`, `HEAD` and `OPTIONS` pass, unless they open a web socket.
//! 2. `Sec-Fetch-Site` decides where there is one: `same-origin` and `none` pass, `same-site` where the policy says so, anything
//!    else only from a trusted origin.
//! 3. Else `Origin`: it must be the public origin, or have the request's own host and port where none is configured, or be
//!    trusted. `null` is refused.
//! 4. With neither header no browser of the last six years sent it: it passes, or, under the strict policy, is refused where a
//!    session cookie came along.
//!
//! What this cannot see: a request that the application's own pages were tricked into sending. Content-Type plays no part:
//! rules that look at it have been bypassed (CVE-2024-56140). `Sec-Fetch-Site` is defined by W3C Fetch Metadata, `Origin` by
//! RFC 6454.

use std::fmt;

/// Which origins may send requests that change something.
#[derive(Clone, Debug, Default)]
pub(crate) struct OriginPolicy {
    pub(crate) public: Option<Origin>,
    pub(crate) trusted: Vec<Origin>,
    pub(crate) same_site: bool,
    pub(crate) strict: bool,
    pub(crate) log_only: bool,
    pub(crate) exempt: Vec<String>,
}

/// The parts of a request that the decision depends on. Header values are given as bytes, since frameworks differ in their types.
#[derive(Clone, Copy, Debug, Default)]
pub struct RequestHead<'a> {
    /// The method, in upper case as sent.
    pub method: &'a str,
    /// The path, without the query.
    pub path: &'a str,
    /// `Sec-Fetch-Site`.
    pub sec_fetch_site: Option<&'a [u8]>,
    /// `Origin`.
    pub origin: Option<&'a [u8]>,
    /// `Host`, or the authority that an HTTP/2 request has in its place.
    pub host: Option<&'a [u8]>,
    /// `Upgrade`.
    pub upgrade: Option<&'a [u8]>,
}

/// Why a cross-site request was refused: 403. `Display` names the mismatch and the setting that would allow it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum CrossSite {
    /// The browser says that another site sent it.
    Site {
        /// What `Sec-Fetch-Site` said.
        site: String,
        /// What `Origin` said.
        origin: Option<String>,
    },
    /// `Origin` is neither this server's own nor trusted.
    Origin {
        /// What `Origin` said.
        origin: String,
        /// What it should have been.
        expected: String,
    },
    /// Neither header came along, but a session cookie did, and the policy is strict.
    Unproven,
}

impl fmt::Display for CrossSite {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("cross-site request refused: ")?;
        match self {
            Self::Site { site, origin: None } => {
                write!(f, "the browser says `Sec-Fetch-Site: {site}` and names no origin")
            }
            Self::Site { site, origin: Some(origin) } => write!(
                f,
                "the browser says `Sec-Fetch-Site: {site}`, from `{origin}`; if that origin is yours, allow it by `with_trusted_origin(\"{origin}\")`"
            ),
            Self::Origin { origin, .. } if origin == "null" => {
                f.write_str("the origin is `null`, as from a sandboxed frame or a privacy redirect; it can never be trusted")
            }
            Self::Origin { origin, expected } => write!(
                f,
                "it comes from `{origin}`, this server is `{expected}`; if that origin is yours, allow it by `with_trusted_origin(\"{origin}\")`, or name the server's own by `with_public_origin`"
            ),
            Self::Unproven => f.write_str(
                "it names neither `Sec-Fetch-Site` nor `Origin`, and `with_strict_origins` demands one where a session cookie comes along",
            ),
        }
    }
}

impl std::error::Error for CrossSite {}

impl OriginPolicy {
    /// Decides. `has_cookie`: did a well-formed session cookie come along?
    pub(crate) fn check(&self, head: &RequestHead<'_>, has_cookie: bool) -> Result<(), CrossSite> {
        if only_reads(head.method, head.upgrade) || self.exempt.iter().any(|path| path == head.path) {
            return Ok(());
        }
        let origin = head.origin.map(Origin::parse);
        let trusted = origin.iter().flatten().any(|origin| self.trusted.contains(origin));
        match (head.sec_fetch_site, head.origin) {
            _ if trusted => Ok(()),
            (Some(b"same-origin" | b"none"), _) => Ok(()),
            (Some(b"same-site"), _) if self.same_site => Ok(()),
            (Some(site), origin) => Err(CrossSite::Site { site: shown(site), origin: origin.map(shown) }),
            (None, Some(text)) => self.check_origin(origin.flatten(), text, head.host),
            (None, None) if self.strict && has_cookie => Err(CrossSite::Unproven),
            (None, None) => Ok(()),
        }
    }

    fn check_origin(&self, origin: Option<Origin>, text: &[u8], host: Option<&[u8]>) -> Result<(), CrossSite> {
        let is_own = match &self.public {
            Some(public) => origin.as_ref() == Some(public),
            None => origin.is_some_and(|origin| host.is_some_and(|host| origin.is_at(host))),
        };
        let expected = || self.public.as_ref().map_or_else(|| shown(host.unwrap_or_default()), Origin::to_string);
        if is_own { Ok(()) } else { Err(CrossSite::Origin { origin: shown(text), expected: expected() }) }
    }
}

/// Reads without writing, and opens no connection that a page could read.
pub(crate) fn only_reads(method: &str, upgrade: Option<&[u8]>) -> bool {
    let opens_socket = upgrade.is_some_and(|upgrade| {
        upgrade.split(|b| *b == b',').any(|u| u.trim_ascii().eq_ignore_ascii_case(b"websocket"))
    });
    matches!(method, "GET" | "HEAD" | "OPTIONS") && !opens_socket
}

/// Scheme, host and port (RFC 6454): host in lower case, the port always spelled out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Origin {
    scheme: &'static str,
    host: String,
    port: u16,
}

impl Origin {
    /// Reads `scheme://host[:port]`. `None` for anything else, `null` among it.
    pub(crate) fn parse(text: &[u8]) -> Option<Self> {
        let text = std::str::from_utf8(text).ok()?;
        let (scheme, authority) = text.split_once("://")?;
        let (scheme, default_port) = match scheme {
            "https" => ("https", 443),
            "http" => ("http", 80),
            _ => return None,
        };
        let (host, port) = split_port(authority)?;
        Some(Self { scheme, host: host.to_ascii_lowercase(), port: port.unwrap_or(default_port) })
    }

    /// Is this the `Host` that the request was sent to? The scheme is left out, since TLS often ends at a proxy; a `Host` without
    /// a port then stands for the default port of either scheme.
    fn is_at(&self, host: &[u8]) -> bool {
        let Some((host, port)) = std::str::from_utf8(host).ok().and_then(split_port) else { return false };
        let same_port = match port {
            Some(port) => port == self.port,
            None => self.has_default_port(),
        };
        same_port && host.eq_ignore_ascii_case(&self.host)
    }

    fn has_default_port(&self) -> bool {
        matches!((self.scheme, self.port), ("https", 443) | ("http", 80))
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}://{}", self.scheme, self.host)?;
        if self.has_default_port() { Ok(()) } else { write!(f, ":{}", self.port) }
    }
}

/// `host[:port]`, where the host may be an IPv6 address in brackets.
fn split_port(authority: &str) -> Option<(&str, Option<u16>)> {
    let name_end = authority.rfind(']').map_or(0, |bracket| bracket + 1);
    let (host, port) = match authority[name_end..].find(':') {
        Some(colon) => {
            let (host, port) = authority.split_at(name_end + colon);
            // The parser of numbers would let a sign pass.
            let digits = Some(&port[1..]).filter(|port| port.bytes().all(|byte| byte.is_ascii_digit()))?;
            (host, Some(digits.parse().ok()?))
        }
        None => (authority, None),
    };
    let is_host = |byte: u8| byte.is_ascii_alphanumeric() || b"-._[]:".contains(&byte);
    (!host.is_empty() && host.bytes().all(is_host)).then_some((host, port))
}

/// A header's text for a message: bytes that are not printable ASCII are escaped, and a long one is cut.
fn shown(text: &[u8]) -> String {
    text[..text.len().min(120)].escape_ascii().to_string()
}
