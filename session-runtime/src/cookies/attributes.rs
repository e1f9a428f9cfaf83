//! What follows a cookie's value in Set-Cookie, with safe defaults.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use cookie::time::OffsetDateTime;
use cookie::{Cookie, SameSite};

use crate::policy::MAX_LIFETIME;

/// Where, how long and to whom a cookie is shown: the attributes of Set-Cookie (RFC 6265bis, section 4.1.2).
///
/// It starts from `Path=/; Secure; HttpOnly; SameSite=Lax`, no `Domain` (this host alone), and the end of the browser's session.
///
/// ```
/// use cloakroom::{CookieAttributes, Cookies};
/// use std::time::Duration;
///
/// let cookies = Cookies::new();
/// let for_scripts = CookieAttributes::new().with_max_age(Duration::from_secs(3600)).with_script_access();
/// cookies.set("theme", "dark", for_scripts)?;
/// assert_eq!(cookies.headers(), ["theme=dark; SameSite=Lax; Secure; Path=/; Max-Age=3600"]);
/// # Ok::<(), cloakroom::CookieError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub struct CookieAttributes<'a> {
    pub(super) path: &'a str,
    pub(super) domain: Option<&'a str>,
    pub(super) max_age: Option<Duration>,
    pub(super) expires: Option<SystemTime>,
    pub(super) same_site: SameSite,
    pub(super) http_only: bool,
    pub(super) secure: bool,
    pub(super) partitioned: bool,
}

impl<'a> CookieAttributes<'a> {
    /// `Path=/; Secure; HttpOnly; SameSite=Lax`, for this host alone, until the browser closes.
    pub const fn new() -> Self {
        Self {
            path: "/",
            domain: None,
            max_age: None,
            expires: None,
            same_site: SameSite::Lax,
            http_only: true,
            secure: true,
            partitioned: false,
        }
    }

    /// `Path`: only requests to this path and below bring the cookie. No protection: other paths of the host can set and read it all
    /// the same (RFC 6265bis, section 8.5).
    ///
    /// ```
    /// # use cloakroom::{CookieAttributes, Cookies};
    /// let cookies = Cookies::new();
    /// cookies.set("step", 2, CookieAttributes::new().with_path("/checkout"))?;
    /// assert_eq!(cookies.headers(), ["step=2; HttpOnly; SameSite=Lax; Secure; Path=/checkout"]);
    /// # Ok::<(), cloakroom::CookieError>(())
    /// ```
    pub const fn with_path(mut self, path: &'a str) -> Self {
        self.path = path;
        self
    }

    /// `Domain`: this host and every host below it get the cookie, and each of them can change it.
    ///
    /// ```
    /// # use cloakroom::{CookieAttributes, Cookies};
    /// let cookies = Cookies::new();
    /// cookies.set("lang", "de", CookieAttributes::new().with_domain("shop.example"))?;
    /// assert_eq!(cookies.headers(), ["lang=de; HttpOnly; SameSite=Lax; Secure; Path=/; Domain=shop.example"]);
    /// # Ok::<(), cloakroom::CookieError>(())
    /// ```
    pub const fn with_domain(mut self, domain: &'a str) -> Self {
        self.domain = Some(domain);
        self
    }

    /// `Max-Age`, in whole seconds: the cookie outlives the browser. At most 400 days, since no browser keeps it for longer (RFC 6265bis,
    /// section 5.5). What is signed or sealed ends then on the server too.
    ///
    /// ```
    /// # use cloakroom::{CookieAttributes, Cookies};
    /// # use std::time::Duration;
    /// let cookies = Cookies::new();
    /// cookies.set("theme", "dark", CookieAttributes::new().with_max_age(Duration::from_secs(600)))?;
    /// assert_eq!(cookies.headers(), ["theme=dark; HttpOnly; SameSite=Lax; Secure; Path=/; Max-Age=600"]);
    /// # Ok::<(), cloakroom::CookieError>(())
    /// ```
    pub const fn with_max_age(mut self, max_age: Duration) -> Self {
        self.max_age = Some(max_age);
        self
    }

    /// `Expires`: the same as a point in time, by the browser's clock. `Max-Age` wins over it (RFC 6265bis, section 5.7).
    ///
    /// ```
    /// # use cloakroom::{CookieAttributes, Cookies};
    /// # use std::time::{Duration, UNIX_EPOCH};
    /// let cookies = Cookies::new();
    /// let end = UNIX_EPOCH + Duration::from_secs(4_102_444_800);
    /// cookies.set("notice", "seen", CookieAttributes::new().with_expires(end))?;
    /// assert!(cookies.headers()[0].ends_with("; Expires=Fri, 01 Jan 2100 00:00:00 GMT"));
    /// # Ok::<(), cloakroom::CookieError>(())
    /// ```
    pub const fn with_expires(mut self, expires: SystemTime) -> Self {
        self.expires = Some(expires);
        self
    }

    /// `SameSite`: which requests from other sites bring the cookie (default: `Lax`, when they open a page).
    ///
    /// ```
    /// # use cloakroom::{CookieAttributes, Cookies, SameSite};
    /// let cookies = Cookies::new();
    /// cookies.set("draft", 7, CookieAttributes::new().with_same_site(SameSite::Strict))?;
    /// assert_eq!(cookies.headers(), ["draft=7; HttpOnly; SameSite=Strict; Secure; Path=/"]);
    /// # Ok::<(), cloakroom::CookieError>(())
    /// ```
    pub const fn with_same_site(mut self, same_site: SameSite) -> Self {
        self.same_site = same_site;
        self
    }

    /// `Partitioned`: one cookie per site that embeds this one (draft-cutler-httpbis-partitioned-cookies). A cookie for embedded pages
    /// needs `SameSite=None` as well.
    ///
    /// ```
    /// # use cloakroom::{CookieAttributes, Cookies, SameSite};
    /// let cookies = Cookies::new();
    /// let embedded = CookieAttributes::new().with_same_site(SameSite::None).with_partitioned();
    /// cookies.set("__Host-chat", "open", embedded)?;
    /// assert_eq!(cookies.headers(), ["__Host-chat=open; HttpOnly; SameSite=None; Partitioned; Secure; Path=/"]);
    /// # Ok::<(), cloakroom::CookieError>(())
    /// ```
    pub const fn with_partitioned(mut self) -> Self {
        self.partitioned = true;
        self
    }

    /// Leaves out `HttpOnly`: the page's scripts may read the cookie, as those that switch a theme do. Not for secrets.
    ///
    /// ```
    /// # use cloakroom::{CookieAttributes, Cookies};
    /// let cookies = Cookies::new();
    /// cookies.set("theme", "dark", CookieAttributes::new().with_script_access())?;
    /// assert_eq!(cookies.headers(), ["theme=dark; SameSite=Lax; Secure; Path=/"]);
    /// # Ok::<(), cloakroom::CookieError>(())
    /// ```
    pub const fn with_script_access(mut self) -> Self {
        self.http_only = false;
        self
    }

    /// Leaves out `Secure`: the cookie travels over plain HTTP too, where anybody on the way reads and changes it. To try things out
    /// without TLS, see [`CookieSettings::with_insecure_development_cookies`](super::CookieSettings::with_insecure_development_cookies).
    ///
    /// ```
    /// # use cloakroom::{CookieAttributes, Cookies};
    /// let cookies = Cookies::new();
    /// let everywhere = CookieAttributes::new().with_insecure_plain_http();
    /// cookies.set("captive", true, everywhere)?;
    /// assert_eq!(cookies.headers(), ["captive=true; HttpOnly; SameSite=Lax; Path=/"]);
    /// assert!(cookies.set("__Host-captive", true, everywhere).is_err(), "a browser would refuse it");
    /// # Ok::<(), cloakroom::CookieError>(())
    /// ```
    pub const fn with_insecure_plain_http(mut self) -> Self {
        self.secure = false;
        self
    }

    /// As a browser takes them without TLS: it refuses `SameSite=None` and `Partitioned` where `Secure` is missing.
    pub(super) fn for_development(mut self) -> Self {
        let same_site = if self.same_site.is_none() { SameSite::Lax } else { self.same_site };
        (self.secure, self.partitioned, self.same_site) = (false, false, same_site);
        self
    }

    /// When the browser drops the cookie, if that is not when it closes.
    pub(super) fn end(&self, now: SystemTime) -> Option<SystemTime> {
        match self.age() {
            Some(age) => now.checked_add(age),
            None => self.expires,
        }
    }

    fn age(&self) -> Option<Duration> {
        self.max_age.map(|age| age.min(MAX_LIFETIME))
    }

    /// The Set-Cookie text of a cookie that is kept.
    pub(super) fn set(&self, name: &str, value: &str) -> String {
        let mut cookie = self.cookie(name, value);
        cookie.set_max_age(self.age().and_then(|age| age.try_into().ok()));
        let since_1970 = self.expires.and_then(|end| end.duration_since(UNIX_EPOCH).ok());
        let seconds = since_1970.and_then(|end| i64::try_from(end.as_secs()).ok());
        if let Some(end) = seconds.and_then(|end| OffsetDateTime::from_unix_timestamp(end).ok()) {
            cookie.set_expires(end);
        }
        cookie.to_string()
    }

    /// The Set-Cookie text that removes it: a browser matches name, domain and path, and lets only a secure cookie take a secure one's
    /// place, so it carries the same attributes (RFC 6265bis, section 5.7).
    pub(super) fn removal(&self, name: &str) -> String {
        let mut cookie = self.cookie(name, "");
        cookie.set_max_age(cookie::time::Duration::ZERO);
        cookie.to_string()
    }

    fn cookie<'c>(&self, name: &'c str, value: &'c str) -> Cookie<'c>
    where
        'a: 'c,
    {
        let mut cookie = Cookie::new(name, value);
        cookie.set_path(self.path);
        cookie.set_secure(self.secure);
        cookie.set_http_only(self.http_only);
        cookie.set_same_site(self.same_site);
        cookie.set_partitioned(self.partitioned);
        if let Some(domain) = self.domain {
            cookie.set_domain(domain);
        }
        cookie
    }
}

impl Default for CookieAttributes<'_> {
    fn default() -> Self {
        Self::new()
    }
}

/// Attributes that outlive the call which they were given to.
#[derive(Clone)]
pub(super) struct OwnAttributes {
    path: String,
    domain: Option<String>,
    others: CookieAttributes<'static>,
}

impl OwnAttributes {
    pub(super) fn lent(&self) -> CookieAttributes<'_> {
        CookieAttributes { path: &self.path, domain: self.domain.as_deref(), ..self.others }
    }
}

impl From<&CookieAttributes<'_>> for OwnAttributes {
    fn from(given: &CookieAttributes<'_>) -> Self {
        let &CookieAttributes { path, domain, max_age, expires, same_site, http_only, secure, partitioned } = given;
        let others =
            CookieAttributes { path: "", domain: None, max_age, expires, same_site, http_only, secure, partitioned };
        Self { path: path.to_owned(), domain: domain.map(str::to_owned), others }
    }
}
