//! What one cookie holds, and what it can be read as.

use std::any::type_name;
use std::fmt;
use std::str::FromStr;

use serde::de::DeserializeOwned;

use super::error::CookieError;
use super::wire;
use crate::error::BoxError;

/// One cookie's value. `Debug` shows its name alone.
///
/// Whatever a browser sent is a value; what it can be read as is asked later, and an error names the cookie.
#[derive(Clone)]
pub struct CookieValue {
    name: String,
    held: Held,
}

#[derive(Clone)]
enum Held {
    /// As sent, and what that stands for if it is text.
    Value { raw: Vec<u8>, text: Option<String> },
    /// The token of a session, which nobody else may read.
    Session,
}

impl CookieValue {
    /// What a browser sent.
    pub(super) fn sent(name: &str, raw: &[u8]) -> Self {
        Self::opened(name, raw, wire::decode(raw))
    }

    /// What a browser sent, and the text that was found in it.
    pub(super) fn opened(name: &str, raw: &[u8], text: Option<String>) -> Self {
        Self { name: name.to_owned(), held: Held::Value { raw: raw.to_vec(), text } }
    }

    pub(super) fn session(name: &str) -> Self {
        Self { name: name.to_owned(), held: Held::Session }
    }

    /// The cookie's name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The value as text, percent-decoded.
    ///
    /// ```
    /// use cloakroom::Cookies;
    ///
    /// let cookies = Cookies::parse("name=Ada%20Lovelace");
    /// let name = cookies.get("name").expect("a browser sent it");
    /// assert_eq!(name.text()?, "Ada Lovelace");
    /// # Ok::<(), cloakroom::CookieError>(())
    /// ```
    ///
    /// # Errors
    /// [`CookieError::Invalid`] if it is not UTF-8; [`CookieError::Session`] if it is a session's.
    pub fn text(&self) -> Result<&str, CookieError> {
        let Held::Value { text, .. } = &self.held else { return Err(self.is_a_sessions()) };
        text.as_deref().ok_or_else(|| self.invalid("text", "it is not UTF-8"))
    }

    /// The value as a number, or as any other type that reads itself from text: an id, an address, a date.
    ///
    /// ```
    /// use cloakroom::Cookies;
    ///
    /// let cookies = Cookies::parse("visits=41; page=first");
    /// let visits = cookies.get("visits").map_or(Ok(0), |value| value.number::<u64>())?;
    /// assert_eq!(visits, 41);
    ///
    /// let error = cookies.get("page").expect("a browser sent it").number::<u64>().unwrap_err();
    /// assert_eq!(error.to_string(), "the cookie `page` cannot be read as `u64`");
    /// # Ok::<(), cloakroom::CookieError>(())
    /// ```
    ///
    /// # Errors
    /// [`CookieError::Invalid`] if it is none; [`CookieError::Session`] if it is a session's.
    #[doc(alias = "parse")]
    pub fn number<T: FromStr<Err: Into<BoxError>>>(&self) -> Result<T, CookieError> {
        self.text()?.parse().map_err(|error: T::Err| self.invalid(type_name::<T>(), error))
    }

    /// The value as yes or no: `true` or `1`, `false` or `0`.
    ///
    /// ```
    /// use cloakroom::Cookies;
    ///
    /// let cookies = Cookies::parse("consent=true; sound=off");
    /// assert!(cookies.get("consent").expect("a browser sent it").boolean()?);
    /// assert!(cookies.get("sound").expect("a browser sent it").boolean().is_err());
    /// # Ok::<(), cloakroom::CookieError>(())
    /// ```
    ///
    /// # Errors
    /// [`CookieError::Invalid`] if it is anything else; [`CookieError::Session`] if it is a session's.
    pub fn boolean(&self) -> Result<bool, CookieError> {
        match self.text()? {
            "true" | "1" => Ok(true),
            "false" | "0" => Ok(false),
            _ => Err(self.invalid("bool", "it is none of `true`, `1`, `false` and `0`")),
        }
    }

    /// The value as JSON.
    ///
    /// ```
    /// use cloakroom::Cookies;
    ///
    /// let cookies = Cookies::parse("seen=[1%2C2%2C3]");
    /// let seen: Vec<u32> = cookies.get("seen").expect("a browser sent it").json()?;
    /// assert_eq!(seen, [1, 2, 3]);
    /// # Ok::<(), cloakroom::CookieError>(())
    /// ```
    ///
    /// # Errors
    /// [`CookieError::Invalid`] if it is not JSON, or not of this type; [`CookieError::Session`] if it is a session's.
    pub fn json<T: DeserializeOwned>(&self) -> Result<T, CookieError> {
        serde_json::from_str(self.text()?).map_err(|error| self.invalid(type_name::<T>(), error))
    }

    /// The bytes as the browser sent them, for what others have encoded in their own way.
    ///
    /// ```
    /// use cloakroom::Cookies;
    ///
    /// let cookies = Cookies::parse("_ga=GA1.1%2E7");
    /// assert_eq!(cookies.get("_ga").expect("a browser sent it").raw()?, b"GA1.1%2E7");
    /// # Ok::<(), cloakroom::CookieError>(())
    /// ```
    ///
    /// # Errors
    /// [`CookieError::Session`] if it is a session's.
    pub fn raw(&self) -> Result<&[u8], CookieError> {
        match &self.held {
            Held::Value { raw, .. } => Ok(raw),
            Held::Session => Err(self.is_a_sessions()),
        }
    }

    pub(super) fn invalid(&self, expected: &'static str, source: impl Into<BoxError>) -> CookieError {
        CookieError::Invalid { name: self.name.clone(), expected, source: source.into() }
    }

    fn is_a_sessions(&self) -> CookieError {
        CookieError::Session { name: self.name.clone() }
    }
}

impl fmt::Debug for CookieValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CookieValue").field("name", &self.name).finish_non_exhaustive()
    }
}
