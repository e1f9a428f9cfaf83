//! A cookie that is declared once: its name, its type and its attributes.

use std::any::type_name;
use std::fmt::{self, Display};
use std::str::FromStr;

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::attributes::CookieAttributes;
use super::error::CookieError;
use super::jar::Cookies;
use super::protect::Protection;
use super::rule::CookieRule;
use super::state::encode_error;

use crate::error::BoxError;

/// A cookie's name, type and attributes, said once: so that what is set can be read, and what is removed is what was set.
///
/// As a `const`, it is checked at compile time: a name or attributes that a browser would refuse do not compile.
///
/// ```
/// use cloakroom::{CookieAttributes, CookieKey, Cookies};
/// use serde::{Deserialize, Serialize};
/// use std::time::Duration;
///
/// #[derive(Debug, Default, PartialEq, Serialize, Deserialize)]
/// enum Theme { #[default] System, Light, Dark }
///
/// const YEAR: Duration = Duration::from_secs(365 * 24 * 60 * 60);
/// const THEME: CookieKey<Theme> = CookieKey::json("__Host-theme", CookieAttributes::new().with_max_age(YEAR));
///
/// let cookies = Cookies::new(); // in a handler, the extractor
/// assert_eq!(THEME.get(&cookies)?.unwrap_or_default(), Theme::System);
/// THEME.set(&cookies, &Theme::Dark)?;
/// assert_eq!(THEME.get(&cookies)?, Some(Theme::Dark));
/// THEME.delete(&cookies)?;
/// assert_eq!(cookies.headers(), ["__Host-theme=; HttpOnly; SameSite=Lax; Secure; Path=/; Max-Age=0"]);
/// # Ok::<(), cloakroom::CookieError>(())
/// ```
///
/// ```compile_fail,E0080
/// # use cloakroom::{CookieAttributes, CookieKey};
/// // a name with `__Host-` needs `Secure`, the path `/` and no domain
/// const CART: CookieKey<u64> = CookieKey::text("__Host-cart", CookieAttributes::new().with_path("/cart"));
/// # let _ = CART;
/// ```
pub struct CookieKey<T> {
    name: &'static str,
    attributes: CookieAttributes<'static>,
    protection: Option<Protection>,
    write: fn(&T) -> Result<String, BoxError>,
    read: fn(&str) -> Result<T, BoxError>,
}

/// What a [`CookieKey`] can hold as JSON: every type that serde writes and reads back.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be kept in a cookie as JSON: it lacks `Serialize` or `Deserialize`",
    label = "has to be written and read back",
    note = "derive both on a type of your own: `#[derive(serde::Serialize, serde::Deserialize)]`"
)]
pub trait KeptAsJson: Serialize + DeserializeOwned {}

#[diagnostic::do_not_recommend]
impl<T: Serialize + DeserializeOwned> KeptAsJson for T {}

/// What a [`CookieKey`] can hold as text: every type that shows itself, and reads itself from that.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be kept in a cookie as text: it lacks `Display` or `FromStr`",
    label = "has to be shown and read back",
    note = "take `CookieKey::json` for a type that has `Serialize` and `Deserialize`"
)]
pub trait KeptAsText: Display + FromStr<Err: Into<BoxError>> {}

#[diagnostic::do_not_recommend]
impl<T: Display + FromStr<Err: Into<BoxError>>> KeptAsText for T {}

impl<T: KeptAsJson> CookieKey<T> {
    /// A cookie that holds JSON.
    ///
    /// # Panics
    /// If a browser would refuse the name or the attributes: in a `const`, at compile time.
    #[track_caller]
    pub const fn json(name: &'static str, attributes: CookieAttributes<'static>) -> Self {
        Self::checked(name, attributes, write_json, read_json)
    }
}

impl<T: KeptAsText> CookieKey<T> {
    /// A cookie that holds the text that `T` shows and reads itself: a number, a `bool`, a `String`, an id.
    ///
    /// ```
    /// use cloakroom::{CookieAttributes, CookieKey, Cookies};
    ///
    /// const VISITS: CookieKey<u64> = CookieKey::text("visits", CookieAttributes::new());
    ///
    /// let cookies = Cookies::parse("visits=41");
    /// let visits = VISITS.get(&cookies)?.unwrap_or(0);
    /// VISITS.set(&cookies, &(visits + 1))?;
    /// assert_eq!(cookies.headers(), ["visits=42; HttpOnly; SameSite=Lax; Secure; Path=/"]);
    /// # Ok::<(), cloakroom::CookieError>(())
    /// ```
    ///
    /// # Panics
    /// As [`json`](Self::json).
    #[track_caller]
    pub const fn text(name: &'static str, attributes: CookieAttributes<'static>) -> Self {
        Self::checked(name, attributes, write_text, read_text)
    }
}

impl<T> CookieKey<T> {
    #[track_caller]
    const fn checked(
        name: &'static str,
        attributes: CookieAttributes<'static>,
        write: fn(&T) -> Result<String, BoxError>,
        read: fn(&str) -> Result<T, BoxError>,
    ) -> Self {
        if let Some(rule) = CookieRule::broken_by(name, &attributes) {
            panic!("{}", rule.text());
        }
        Self { name, attributes, protection: None, write, read }
    }

    /// Signs it: anybody may read the value, and nobody can change it. The layer needs keys, by `with_keys`.
    ///
    /// ```
    /// use cloakroom::{CookieAttributes, CookieKey, CookieSettings, SealKeys};
    ///
    /// const CART: CookieKey<u64> = CookieKey::text("__Host-cart", CookieAttributes::new()).signed();
    ///
    /// let settings = CookieSettings::new().with_keys(SealKeys::ephemeral());
    /// let cookies = settings.open([]);
    /// CART.set(&cookies, &7)?;
    /// assert!(cookies.headers()[0].starts_with("__Host-cart=7."));
    ///
    /// let forged = settings.open([b"__Host-cart=8".as_slice()]);
    /// assert_eq!(CART.get(&forged)?, None);
    /// # Ok::<(), cloakroom::CookieError>(())
    /// ```
    #[cfg(feature = "sealed")]
    #[must_use]
    pub const fn signed(mut self) -> Self {
        self.protection = Some(Protection::Signed);
        self
    }

    /// Seals it: nobody can read the value, or change it. The layer needs keys, by `with_keys`.
    ///
    /// ```
    /// use cloakroom::{CookieAttributes, CookieKey, CookieSettings, SealKeys};
    /// use std::time::Duration;
    ///
    /// const TEN_MINUTES: CookieAttributes = CookieAttributes::new().with_max_age(Duration::from_secs(600));
    /// const STATE: CookieKey<String> = CookieKey::text("__Host-oauth", TEN_MINUTES).sealed();
    ///
    /// let settings = CookieSettings::new().with_keys(SealKeys::ephemeral());
    /// let cookies = settings.open([]);
    /// STATE.set(&cookies, &"a PKCE verifier".to_owned())?;
    /// assert!(!cookies.headers()[0].contains("PKCE"));
    /// assert_eq!(STATE.get(&cookies)?.as_deref(), Some("a PKCE verifier"));
    /// # Ok::<(), cloakroom::CookieError>(())
    /// ```
    #[cfg(feature = "sealed")]
    #[must_use]
    pub const fn sealed(mut self) -> Self {
        self.protection = Some(Protection::Sealed);
        self
    }

    /// The cookie's name.
    ///
    /// ```
    /// # use cloakroom::{CookieAttributes, CookieKey};
    /// const STEP: CookieKey<u32> = CookieKey::text("step", CookieAttributes::new().with_path("/checkout"));
    /// assert_eq!((STEP.name(), STEP.attributes()), ("step", CookieAttributes::new().with_path("/checkout")));
    /// ```
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// The attributes that it is set and removed with.
    pub const fn attributes(&self) -> CookieAttributes<'static> {
        self.attributes
    }

    /// The value. `None` if the browser sent none; if it is signed or sealed, also if this application did not write it.
    ///
    /// ```
    /// use cloakroom::{CookieAttributes, CookieKey, Cookies};
    ///
    /// const PAGE: CookieKey<u32> = CookieKey::text("page", CookieAttributes::new());
    ///
    /// assert_eq!(PAGE.get(&Cookies::parse("page=3"))?, Some(3));
    /// assert_eq!(PAGE.get(&Cookies::parse("other=3"))?, None);
    /// let error = PAGE.get(&Cookies::parse("page=last")).unwrap_err();
    /// assert_eq!(error.to_string(), "the cookie `page` cannot be read as `u32`");
    /// # Ok::<(), cloakroom::CookieError>(())
    /// ```
    ///
    /// # Errors
    /// [`CookieError::Invalid`] if it cannot be read as `T`; [`CookieError::MissingKeys`] if it is signed or sealed and there are no keys;
    /// [`CookieError::Session`] if it is a session's.
    pub fn get(&self, cookies: &Cookies) -> Result<Option<T>, CookieError> {
        self.protection.map_or(Ok(()), |_| cookies.0.has_keys())?;
        let Some(value) = cookies.0.read(self.name, self.protection) else { return Ok(None) };
        let read = (self.read)(value.text()?);
        read.map(Some).map_err(|error| value.invalid(type_name::<T>(), error))
    }

    /// Sets the value.
    ///
    /// ```
    /// use cloakroom::{CookieAttributes, CookieKey, Cookies};
    ///
    /// const SEEN: CookieKey<Vec<u32>> = CookieKey::json("seen", CookieAttributes::new());
    ///
    /// let cookies = Cookies::new();
    /// SEEN.set(&cookies, &vec![1, 2])?;
    /// assert_eq!(SEEN.get(&cookies)?, Some(vec![1, 2]));
    /// # Ok::<(), cloakroom::CookieError>(())
    /// ```
    ///
    /// # Errors
    /// As [`Cookies::set`]; and [`CookieError::Encode`] if the value cannot be written.
    pub fn set(&self, cookies: &Cookies, value: &T) -> Result<(), CookieError> {
        let text = (self.write)(value).map_err(|error| encode_error(self.name, error))?;
        cookies.0.put(self.name, &text, self.protection, &self.attributes)
    }

    /// Removes the cookie, where `set` put it.
    ///
    /// ```
    /// use cloakroom::{CookieAttributes, CookieKey, Cookies};
    ///
    /// const STEP: CookieKey<u32> = CookieKey::text("step", CookieAttributes::new().with_path("/checkout"));
    ///
    /// let cookies = Cookies::parse("step=2");
    /// STEP.delete(&cookies)?;
    /// assert_eq!(cookies.headers(), ["step=; HttpOnly; SameSite=Lax; Secure; Path=/checkout; Max-Age=0"]);
    /// # Ok::<(), cloakroom::CookieError>(())
    /// ```
    ///
    /// # Errors
    /// As [`Cookies::delete`].
    pub fn delete(&self, cookies: &Cookies) -> Result<(), CookieError> {
        cookies.delete(self.name, self.attributes)
    }
}

fn write_json<T: KeptAsJson>(value: &T) -> Result<String, BoxError> {
    serde_json::to_string(value).map_err(Into::into)
}

fn read_json<T: KeptAsJson>(text: &str) -> Result<T, BoxError> {
    serde_json::from_str(text).map_err(Into::into)
}

fn write_text<T: KeptAsText>(value: &T) -> Result<String, BoxError> {
    Ok(value.to_string())
}

fn read_text<T: KeptAsText>(text: &str) -> Result<T, BoxError> {
    text.parse().map_err(Into::into)
}

impl<T> Clone for CookieKey<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for CookieKey<T> {}

impl<T> fmt::Debug for CookieKey<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CookieKey")
            .field("name", &self.name)
            .field("attributes", &self.attributes)
            .field("protection", &self.protection)
            .finish_non_exhaustive()
    }
}
