//! What a browser refuses or silently ignores, found before it is sent.

use std::fmt;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use cookie::SameSite;

use super::attributes::CookieAttributes;
use crate::set_cookie::{has_prefix, is_host, is_path, is_token};

/// The most bytes of an attribute's value that a browser reads.
const MAX_ATTRIBUTE_LEN: usize = 1024;

/// The last second of the year 9999.
const LAST_SECOND: Duration = Duration::from_secs(253_402_300_799);

/// A rule that a browser holds cookies to. It would drop the cookie, or an attribute of it, and say nothing.
///
/// `Display` says what the rule is, where it stands, and what to write instead.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum CookieRule {
    /// A name is a token (RFC 6265bis, section 4.1.1).
    Name,
    /// A path starts with a slash and is plain text (RFC 6265bis, section 5.6.4).
    Path,
    /// A domain is a host name (RFC 6265bis, section 5.6.3).
    Domain,
    /// An attribute's value has at most 1024 bytes (RFC 6265bis, section 5.6).
    AttributeLength,
    /// A cookie that is set lives for a second at least (RFC 6265bis, section 5.6.2).
    MaxAge,
    /// The end of a cookie that is set lies ahead, and before the year 10000 (RFC 6265bis, sections 5.1.1 and 5.6.1).
    Expires,
    /// What `__Secure-` asks for (RFC 6265bis, section 5.4).
    SecurePrefix,
    /// What `__Host-` asks for (RFC 6265bis, section 5.4).
    HostPrefix,
    /// What `__Http-` and `__Host-Http-` ask for (draft-ietf-httpbis-layered-cookies, "Store a Cookie").
    HttpPrefix,
    /// `SameSite=None` needs `Secure` (RFC 6265bis, section 5.7).
    SameSiteNone,
    /// `Partitioned` needs `Secure` (draft-cutler-httpbis-partitioned-cookies).
    Partitioned,
}

impl CookieRule {
    /// The first rule that a cookie of this name and these attributes breaks, whatever the time.
    pub(super) const fn broken_by(name: &str, attributes: &CookieAttributes<'_>) -> Option<Self> {
        let CookieAttributes { path, domain, max_age, same_site, http_only, secure, partitioned, .. } = *attributes;
        let domain_text = if let Some(domain) = domain { domain } else { "host" };
        if !is_token(name) {
            Some(Self::Name)
        } else if !is_path(path) {
            Some(Self::Path)
        } else if !is_host(domain_text) {
            Some(Self::Domain)
        } else if path.len() > MAX_ATTRIBUTE_LEN || domain_text.len() > MAX_ATTRIBUTE_LEN {
            Some(Self::AttributeLength)
        } else if matches!(max_age, Some(age) if age.as_secs() == 0) {
            Some(Self::MaxAge)
        } else if has_prefix(name, "__Secure-") && !secure {
            Some(Self::SecurePrefix)
        } else if has_prefix(name, "__Host-") && !(secure && domain.is_none() && path.len() == 1) {
            Some(Self::HostPrefix)
        } else if (has_prefix(name, "__Http-") || has_prefix(name, "__Host-Http-")) && !(secure && http_only) {
            Some(Self::HttpPrefix)
        } else if matches!(same_site, SameSite::None) && !secure {
            Some(Self::SameSiteNone)
        } else if partitioned && !secure {
            Some(Self::Partitioned)
        } else {
            None
        }
    }

    /// Does a cookie that is set now end at once, or later than a date can say?
    pub(super) fn broken_by_end(attributes: &CookieAttributes<'_>, now: SystemTime) -> Option<Self> {
        let end = attributes.expires?;
        let fits = end > now && end.duration_since(UNIX_EPOCH).is_ok_and(|end| end <= LAST_SECOND);
        (!fits).then_some(Self::Expires)
    }

    pub(super) const fn text(self) -> &'static str {
        match self {
            Self::Name => {
                "a cookie's name is made of letters, digits and signs such as `-` and `_` (RFC 6265bis, section 4.1.1)"
            }
            Self::Path => {
                "a cookie's path starts with `/` and holds no space, `;` or control character (RFC 6265bis, section 5.6.4): \
                 percent-encode what is not ASCII"
            }
            Self::Domain => {
                "a cookie's domain is a host name alone, without scheme, port, space or leading dot (RFC 6265bis, section 5.6.3): \
                 write what is not ASCII as `xn--…`"
            }
            Self::AttributeLength => {
                "browsers ignore an attribute of more than 1024 bytes (RFC 6265bis, section 5.6): shorten the path or domain"
            }
            Self::MaxAge => {
                "a `Max-Age` of less than a second removes a cookie (RFC 6265bis, section 5.6.2): to remove it, write `delete`"
            }
            Self::Expires => {
                "an `Expires` lies ahead, and before the year 10000 (RFC 6265bis, section 5.6.1): to remove a cookie, write `delete`"
            }
            Self::SecurePrefix => {
                "a name with `__Secure-` needs `Secure` (RFC 6265bis, section 5.4): leave out `with_insecure_plain_http`"
            }
            Self::HostPrefix => {
                "a name with `__Host-` needs `Secure`, the path `/` and no domain (RFC 6265bis, section 5.4): leave those out, or \
                 take `__Secure-`"
            }
            Self::HttpPrefix => {
                "a name with `__Http-` or `__Host-Http-` needs `Secure` and `HttpOnly` (draft-ietf-httpbis-layered-cookies, \"Store a \
                 Cookie\"): leave out `with_script_access` and `with_insecure_plain_http`"
            }
            Self::SameSiteNone => {
                "`SameSite=None` needs `Secure` (RFC 6265bis, section 5.7): leave out `with_insecure_plain_http`"
            }
            Self::Partitioned => {
                "`Partitioned` needs `Secure` (draft-cutler-httpbis-partitioned-cookies): leave out `with_insecure_plain_http`"
            }
        }
    }
}

impl fmt::Display for CookieRule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.text())
    }
}
