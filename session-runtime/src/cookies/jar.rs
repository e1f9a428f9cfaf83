//! `Cookies`: what a handler calls.

use std::fmt::{self, Display};
use std::sync::Arc;

use serde::Serialize;

use super::attributes::CookieAttributes;
use super::error::CookieError;
#[cfg(feature = "sealed")]
use super::protect::{ProtectedCookies, Protection};
use super::settings::{ClosedCookies, CookieSettings};
use super::state::{Jar, as_json};
use super::value::CookieValue;

/// One request's cookies: what the browser sent, and what the response will set. Clones share them. `Debug` shows no value.
///
/// In a handler it is an extractor, behind `CookiesLayer` (`CookiesMiddleware` on actix-web). See [the module](crate::cookies) for how
/// it compares with Astro's.
#[derive(Clone)]
pub struct Cookies(pub(super) Arc<Jar>);

impl Cookies {
    /// No cookies: to collect some, and [`merge`](Self::merge) them.
    pub fn new() -> Self {
        CookieSettings::new().open([])
    }

    /// The cookies of a Cookie header, for tests. Fails on no input.
    pub fn parse(header: impl AsRef<[u8]>) -> Self {
        CookieSettings::new().open([header.as_ref()])
    }

    pub(super) fn open(settings: CookieSettings, brought: Box<[u8]>) -> Self {
        Self(Arc::new(Jar::new(settings, brought)))
    }

    /// The cookie of this name, as it stands: what this request has set, else what the browser sent.
    ///
    /// ```
    /// use cloakroom::{CookieAttributes, Cookies};
    ///
    /// let cookies = Cookies::parse("theme=dark; theme=light");
    /// assert_eq!(cookies.get("theme").expect("the first of two counts").text()?, "dark");
    /// cookies.set("theme", "system", CookieAttributes::new())?;
    /// assert_eq!(cookies.get("theme").expect("what was set counts more").text()?, "system");
    /// assert!(cookies.get("language").is_none());
    /// # Ok::<(), cloakroom::CookieError>(())
    /// ```
    pub fn get(&self, name: &str) -> Option<CookieValue> {
        self.0.read(name, None)
    }

    /// Is there a cookie of this name, as it stands?
    ///
    /// ```
    /// use cloakroom::{CookieAttributes, Cookies};
    ///
    /// let cookies = Cookies::parse("theme=dark");
    /// assert!(cookies.has("theme"));
    /// cookies.delete("theme", CookieAttributes::new())?;
    /// assert!(!cookies.has("theme"));
    /// # Ok::<(), cloakroom::CookieError>(())
    /// ```
    pub fn has(&self, name: &str) -> bool {
        self.get(name).is_some()
    }

    /// All cookies, as they stand, each name once. Sessions' are left out.
    ///
    /// ```
    /// use cloakroom::{CookieAttributes, Cookies};
    ///
    /// let cookies = Cookies::parse("theme=dark; old=1");
    /// cookies.delete("old", CookieAttributes::new())?;
    /// cookies.set("new", 2, CookieAttributes::new())?;
    /// let names: Vec<String> = cookies.iter().map(|cookie| cookie.name().to_owned()).collect();
    /// assert_eq!(names, ["theme", "new"]);
    /// # Ok::<(), cloakroom::CookieError>(())
    /// ```
    pub fn iter(&self) -> impl Iterator<Item = CookieValue> + use<> {
        self.0.all().into_iter()
    }

    /// Sets a text, a number or a yes or no. Any text comes back as it was: it is percent-encoded.
    ///
    /// ```
    /// use cloakroom::{CookieAttributes, Cookies};
    ///
    /// let cookies = Cookies::new();
    /// cookies.set("name", "Ada; Lovelace", CookieAttributes::new())?;
    /// cookies.set("visits", 42, CookieAttributes::new())?;
    /// assert_eq!(cookies.get("name").expect("just set").text()?, "Ada; Lovelace");
    /// assert_eq!(cookies.headers()[0], "name=Ada%3B%20Lovelace; HttpOnly; SameSite=Lax; Secure; Path=/");
    ///
    /// let error = cookies.set("my name", "Ada", CookieAttributes::new()).unwrap_err();
    /// assert!(error.to_string().starts_with("a browser would refuse the cookie `my name`: a cookie's name is made of"));
    /// # Ok::<(), cloakroom::CookieError>(())
    /// ```
    ///
    /// # Errors
    /// [`CookieError::Refused`] or [`TooLarge`](CookieError::TooLarge) if a browser would not keep it,
    /// [`Session`](CookieError::Session) if it is a session's, [`ResponseSent`](CookieError::ResponseSent) if it is too late, and
    /// [`MissingKeys`](CookieError::MissingKeys) if it is to be signed or sealed and there are no keys. Nothing is set then.
    #[doc(alias = "add")]
    #[doc(alias = "insert")]
    pub fn set(&self, name: &str, value: impl Display, attributes: CookieAttributes<'_>) -> Result<(), CookieError> {
        self.0.put(name, &value.to_string(), None, &attributes)
    }

    /// Sets a value as JSON.
    ///
    /// ```
    /// use cloakroom::{CookieAttributes, Cookies};
    ///
    /// let cookies = Cookies::new();
    /// cookies.set_json("seen", &[1, 2, 3], CookieAttributes::new())?;
    /// let seen: Vec<u32> = cookies.get("seen").expect("just set").json()?;
    /// assert_eq!(seen, [1, 2, 3]);
    /// # Ok::<(), cloakroom::CookieError>(())
    /// ```
    ///
    /// # Errors
    /// As [`set`](Self::set), and [`CookieError::Encode`] if it cannot be written as JSON.
    pub fn set_json(
        &self,
        name: &str,
        value: &impl Serialize,
        attributes: CookieAttributes<'_>,
    ) -> Result<(), CookieError> {
        self.0.put(name, &as_json(name, value)?, None, &attributes)
    }

    /// Removes a cookie. A browser knows it by name, path and domain, so give the attributes that it was set with; a
    /// [`CookieKey`](super::CookieKey) knows them by itself. A lifetime among them does not matter.
    ///
    /// ```
    /// use cloakroom::{CookieAttributes, Cookies};
    ///
    /// const IN_CHECKOUT: CookieAttributes = CookieAttributes::new().with_path("/checkout");
    ///
    /// let cookies = Cookies::parse("step=2");
    /// cookies.delete("step", IN_CHECKOUT)?;
    /// assert_eq!(cookies.headers(), ["step=; HttpOnly; SameSite=Lax; Secure; Path=/checkout; Max-Age=0"]);
    /// # Ok::<(), cloakroom::CookieError>(())
    /// ```
    ///
    /// # Errors
    /// As [`set`](Self::set).
    #[doc(alias = "remove")]
    pub fn delete(&self, name: &str, attributes: CookieAttributes<'_>) -> Result<(), CookieError> {
        self.0.remove(name, &attributes)
    }

    /// Takes over what others have set and deleted. Of one name, theirs counts. It leaves as this jar's cookies do, under development
    /// settings too.
    ///
    /// ```
    /// use cloakroom::{CookieAttributes, Cookies};
    ///
    /// let cookies = Cookies::new();
    /// cookies.set("theme", "dark", CookieAttributes::new())?;
    /// let others = Cookies::new();
    /// others.set("theme", "light", CookieAttributes::new())?;
    /// cookies.merge(&others)?;
    /// assert_eq!(cookies.get("theme").expect("set").text()?, "light");
    /// # Ok::<(), cloakroom::CookieError>(())
    /// ```
    ///
    /// # Errors
    /// [`CookieError::Session`] if one of them is a session's, [`CookieError::ResponseSent`] if it is too late. Nothing is taken over then.
    pub fn merge(&self, other: &Self) -> Result<(), CookieError> {
        self.0.apply(other.0.changes())
    }

    /// The Set-Cookie texts that the response will carry.
    ///
    /// ```
    /// use cloakroom::{CookieAttributes, Cookies};
    ///
    /// let cookies = Cookies::parse("language=de");
    /// assert!(cookies.headers().is_empty());
    /// cookies.set("theme", "dark", CookieAttributes::new())?;
    /// assert_eq!(cookies.headers(), ["theme=dark; HttpOnly; SameSite=Lax; Secure; Path=/"]);
    /// # Ok::<(), cloakroom::CookieError>(())
    /// ```
    pub fn headers(&self) -> Vec<String> {
        self.0.headers()
    }

    /// The signed cookies: anybody may read them, and only this application can write them.
    ///
    /// ```
    /// use cloakroom::{CookieAttributes, CookieSettings, SealKeys};
    ///
    /// let settings = CookieSettings::new().with_keys(SealKeys::ephemeral());
    /// let cookies = settings.open([b"cart=8".as_slice()]);
    /// assert!(cookies.signed()?.get("cart").is_none(), "forged");
    /// cookies.signed()?.set("cart", 7, CookieAttributes::new())?;
    /// assert_eq!(cookies.signed()?.get("cart").expect("signed").number::<u64>()?, 7);
    /// # Ok::<(), cloakroom::CookieError>(())
    /// ```
    ///
    /// # Errors
    /// [`CookieError::MissingKeys`] if the layer was given none by `with_keys`.
    #[cfg(feature = "sealed")]
    pub fn signed(&self) -> Result<ProtectedCookies<'_>, CookieError> {
        ProtectedCookies::of(self, Protection::Signed)
    }

    /// The sealed cookies: only this application can read or write them.
    ///
    /// ```
    /// use cloakroom::{CookieAttributes, CookieSettings, SealKeys};
    ///
    /// let settings = CookieSettings::new().with_keys(SealKeys::ephemeral());
    /// let cookies = settings.open([]);
    /// cookies.sealed()?.set("verifier", "from PKCE", CookieAttributes::new())?;
    /// assert!(!cookies.headers()[0].contains("PKCE"));
    /// assert_eq!(cookies.sealed()?.get("verifier").expect("sealed").text()?, "from PKCE");
    /// # Ok::<(), cloakroom::CookieError>(())
    /// ```
    ///
    /// # Errors
    /// As [`signed`](Self::signed).
    #[cfg(feature = "sealed")]
    pub fn sealed(&self) -> Result<ProtectedCookies<'_>, CookieError> {
        ProtectedCookies::of(self, Protection::Sealed)
    }

    /// Keeps a session's cookie out of reach. For adapters.
    ///
    /// ```
    /// use cloakroom::{CookieError, Cookies};
    ///
    /// let cookies = Cookies::parse("__Host-shop=a-token");
    /// cookies.reserve_for_session("__Host-shop");
    /// let value = cookies.get("__Host-shop").expect("a browser sent it");
    /// assert!(matches!(value.text().unwrap_err(), CookieError::Session { .. }));
    /// ```
    pub fn reserve_for_session(&self, name: &str) {
        self.0.reserve(name);
    }

    /// Ends a request: see [`CookieSettings`]. Call it before the response's head leaves. Later changes are [`CookieError::ResponseSent`]. For adapters.
    pub fn close(&self) -> ClosedCookies {
        self.0.close()
    }
}

impl Default for Cookies {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for Cookies {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Cookies").field("names", &self.0.names()).finish_non_exhaustive()
    }
}
