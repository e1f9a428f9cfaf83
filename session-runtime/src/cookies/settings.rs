//! What all requests' cookies have in common, and opening and closing them for one request.

use std::fmt;
use std::time::SystemTime;

use super::attributes::CookieAttributes;
use super::error::CookieError;
use super::jar::Cookies;
use super::wire;
use crate::clock::{Clock, SharedClock, SystemClock};
use crate::seal::SealKeys;

/// The keys and the clock of an application's cookies. `CookiesLayer` and `CookiesMiddleware` have the same methods; this is for other
/// adapters.
///
/// What an adapter does for one request:
///
/// ```
/// use cloakroom::{CookieAttributes, CookieSettings};
///
/// let settings = CookieSettings::new();
/// let cookie_fields: Vec<&[u8]> = vec![b"theme=dark"];
///
/// let cookies = settings.open(cookie_fields);
/// cookies.delete("theme", CookieAttributes::new())?; // the handler
/// let closed = cookies.close();
///
/// assert_eq!(closed.set_cookie, ["theme=; HttpOnly; SameSite=Lax; Secure; Path=/; Max-Age=0"]);
/// assert!(!closed.read);
/// # Ok::<(), cloakroom::CookieError>(())
/// ```
#[derive(Clone)]
pub struct CookieSettings {
    keys: Option<SealKeys>,
    clock: SharedClock,
    development: bool,
}

impl CookieSettings {
    /// No keys, and the system's clock.
    pub fn new() -> Self {
        Self { keys: None, clock: SharedClock::new(SystemClock), development: false }
    }

    /// The keys that sign and seal. They may be those of sealed sessions: no cookie of one kind opens as another.
    ///
    /// ```no_run
    /// use cloakroom::{CookieSettings, SealKeys};
    ///
    /// # fn main() -> Result<(), cloakroom::SealKeyError> {
    /// let settings = CookieSettings::new().with_keys(SealKeys::from_env()?);
    /// # Ok(())
    /// # }
    /// ```
    #[cfg(feature = "sealed")]
    pub fn with_keys(mut self, keys: SealKeys) -> Self {
        self.keys = Some(keys);
        self
    }

    /// Another clock, for tests.
    pub fn with_clock(mut self, clock: impl Clock) -> Self {
        self.clock = SharedClock::new(clock);
        self
    }

    /// Sends and expects all cookies as browsers take them without TLS: without `Secure`, `Partitioned` and `SameSite=None`, and without
    /// a prefix before their names. The program stays as it is, and is held to the same rules.
    ///
    /// ```
    /// use cloakroom::{CookieAttributes, CookieSettings};
    ///
    /// let settings = CookieSettings::new().with_insecure_development_cookies();
    /// let cookies = settings.open([b"theme=dark".as_slice()]);
    /// assert_eq!(cookies.get("__Host-theme").expect("the browser sent `theme`").text()?, "dark");
    /// cookies.set("__Host-theme", "light", CookieAttributes::new())?;
    /// assert_eq!(cookies.headers(), ["theme=light; HttpOnly; SameSite=Lax; Path=/"]);
    /// # Ok::<(), cloakroom::CookieError>(())
    /// ```
    pub fn with_insecure_development_cookies(mut self) -> Self {
        self.development = true;
        self
    }

    /// The cookies of one request, from the bytes of its Cookie header fields. Fails on no input.
    pub fn open<'a>(&self, fields: impl IntoIterator<Item = &'a [u8]>) -> Cookies {
        Cookies::open(self.clone(), wire::joined(fields))
    }

    pub(super) fn keys(&self) -> Result<&SealKeys, CookieError> {
        self.keys.as_ref().ok_or(CookieError::MissingKeys)
    }

    pub(super) fn now(&self) -> SystemTime {
        self.clock.now()
    }

    /// The name that travels.
    pub(super) fn wire_name<'n>(&self, name: &'n str) -> &'n str {
        if self.development { wire::without_prefix(name) } else { name }
    }

    /// The attributes that travel.
    pub(super) fn wire_attributes<'a>(&self, attributes: &CookieAttributes<'a>) -> CookieAttributes<'a> {
        if self.development { attributes.for_development() } else { *attributes }
    }
}

impl Default for CookieSettings {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for CookieSettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CookieSettings")
            .field("has_keys", &self.keys.is_some())
            .field("development", &self.development)
            .finish_non_exhaustive()
    }
}

/// What a response has to carry. `Debug` shows how many cookies, not what they hold.
#[non_exhaustive]
pub struct ClosedCookies {
    /// The texts of the `Set-Cookie` fields to append, whatever the status. If there is one, the response is for this visitor alone: it
    /// needs `Cache-Control: no-store`, unless it has its own.
    pub set_cookie: Vec<String>,
    /// A cookie was read, so the response depends on what the browser sent: it needs `Vary: Cookie`.
    pub read: bool,
}

impl fmt::Debug for ClosedCookies {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClosedCookies").field("cookies", &self.set_cookie.len()).field("read", &self.read).finish()
    }
}
