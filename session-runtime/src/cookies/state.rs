//! What the browser sent, what this request changed, and how the one is seen through the other.

use std::sync::{Mutex, MutexGuard, PoisonError};

use serde::Serialize;

use super::attributes::{CookieAttributes, OwnAttributes};
use super::error::CookieError;
use super::protect::Protection;
use super::rule::CookieRule;
use super::settings::{ClosedCookies, CookieSettings};
use super::value::CookieValue;
use super::wire;
use crate::error::BoxError;
use crate::set_cookie::MAX_COOKIE_LEN;

/// One request's cookies.
pub(super) struct Jar {
    settings: CookieSettings,
    /// The Cookie header fields as one.
    brought: Box<[u8]>,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    changes: Vec<Change>,
    /// Names that are sessions'.
    sessions: Vec<String>,
    read: bool,
    closed: bool,
}

/// What was last done to one cookie.
///
/// As the program said it: how it travels is up to the jar that it leaves with, which by [`Cookies::merge`](super::Cookies::merge) need
/// not be the one that it was said to.
#[derive(Clone)]
pub(super) struct Change {
    name: String,
    /// What the browser will send from now on.
    value: Option<String>,
    attributes: OwnAttributes,
}

impl Jar {
    pub(super) fn new(settings: CookieSettings, brought: Box<[u8]>) -> Self {
        Self { settings, brought, state: Mutex::default() }
    }

    pub(super) fn has_keys(&self) -> Result<(), CookieError> {
        self.settings.keys().map(|_| ())
    }

    /// The cookie as it stands: of several of one name, the first that opens.
    pub(super) fn read(&self, name: &str, protection: Option<Protection>) -> Option<CookieValue> {
        let wire_name = self.settings.wire_name(name);
        let mut state = self.state();
        state.read = true;
        let open = |raw: &[u8]| match protection {
            _ if state.is_sessions(wire_name) => Some(CookieValue::session(name)),
            None => Some(CookieValue::sent(name, raw)),
            Some(protection) => {
                let text = protection.read(self.settings.keys().ok()?, name, raw, self.settings.now())?;
                Some(CookieValue::opened(name, raw, Some(text)))
            }
        };
        match self.change(&state, wire_name) {
            Some(change) => change.value.as_ref().and_then(|value| open(value.as_bytes())),
            None => wire::pairs(&self.brought).filter(|(other, _)| *other == wire_name).find_map(|(_, raw)| open(raw)),
        }
    }

    /// All cookies as they stand, but for sessions'.
    pub(super) fn all(&self) -> Vec<CookieValue> {
        let mut state = self.state();
        state.read = true;
        let untouched = wire::pairs(&self.brought).filter(|(name, _)| self.change(&state, name).is_none());
        let changed =
            state.changes.iter().filter_map(|change| Some((self.wire_name(change), change.value.as_ref()?.as_bytes())));
        let mut all: Vec<CookieValue> = Vec::new();
        for (name, raw) in untouched.chain(changed).filter(|(name, _)| !state.is_sessions(name)) {
            if all.iter().all(|other| other.name() != name) {
                all.push(CookieValue::sent(name, raw));
            }
        }
        all
    }

    /// The names of all that came or was changed.
    pub(super) fn names(&self) -> Vec<String> {
        let state = self.state();
        let changed = state.changes.iter().map(|change| self.wire_name(change));
        wire::pairs(&self.brought).map(|(name, _)| name).chain(changed).map(str::to_owned).collect()
    }

    pub(super) fn put(
        &self,
        name: &str,
        text: &str,
        protection: Option<Protection>,
        attributes: &CookieAttributes<'_>,
    ) -> Result<(), CookieError> {
        let now = self.settings.now();
        check(name, CookieRule::broken_by(name, attributes).or_else(|| CookieRule::broken_by_end(attributes, now)))?;
        let value = match protection {
            None => wire::encode(text).to_string(),
            Some(protection) => protection.write(self.settings.keys()?, name, text, attributes.end(now)),
        };
        let size = name.len() + value.len();
        if size > MAX_COOKIE_LEN {
            return Err(CookieError::TooLarge { name: name.to_owned(), size, limit: MAX_COOKIE_LEN });
        }
        self.apply(vec![Change { name: name.to_owned(), value: Some(value), attributes: attributes.into() }])
    }

    pub(super) fn remove(&self, name: &str, attributes: &CookieAttributes<'_>) -> Result<(), CookieError> {
        let attributes = CookieAttributes { max_age: None, expires: None, ..*attributes };
        check(name, CookieRule::broken_by(name, &attributes))?;
        self.apply(vec![Change { name: name.to_owned(), value: None, attributes: (&attributes).into() }])
    }

    pub(super) fn changes(&self) -> Vec<Change> {
        self.state().changes.clone()
    }

    /// The Set-Cookie texts.
    pub(super) fn headers(&self) -> Vec<String> {
        self.state().changes.iter().map(|change| self.header(change)).collect()
    }

    /// Makes all of these changes, or none.
    pub(super) fn apply(&self, changes: Vec<Change>) -> Result<(), CookieError> {
        let mut state = self.state();
        for change in &changes {
            let name = || change.name.clone();
            if state.is_sessions(self.wire_name(change)) {
                return Err(CookieError::Session { name: name() });
            }
            if state.closed {
                return Err(CookieError::ResponseSent { name: name() });
            }
        }
        for change in changes {
            state.changes.retain(|earlier| self.wire_name(earlier) != self.wire_name(&change));
            state.changes.push(change);
        }
        Ok(())
    }

    pub(super) fn reserve(&self, name: &str) {
        let mut state = self.state();
        if !state.is_sessions(name) {
            state.sessions.push(name.to_owned());
        }
    }

    pub(super) fn close(&self) -> ClosedCookies {
        let mut state = self.state();
        state.closed = true;
        let (sessions, own): (Vec<_>, Vec<_>) =
            state.changes.iter().partition(|change| state.is_sessions(self.wire_name(change)));
        for Change { name, .. } in sessions {
            tracing::error!(cookie = name, "a session's cookie was set before its layer opened it; this is not sent");
        }
        ClosedCookies { set_cookie: own.into_iter().map(|change| self.header(change)).collect(), read: state.read }
    }

    fn header(&self, change: &Change) -> String {
        let attributes = self.settings.wire_attributes(&change.attributes.lent());
        match &change.value {
            Some(value) => attributes.set(self.wire_name(change), value),
            None => attributes.removal(self.wire_name(change)),
        }
    }

    fn wire_name<'c>(&self, change: &'c Change) -> &'c str {
        self.settings.wire_name(&change.name)
    }

    fn change<'s>(&self, state: &'s State, wire_name: &str) -> Option<&'s Change> {
        state.changes.iter().find(|change| self.wire_name(change) == wire_name)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn is_sessions(&self, name: &str) -> bool {
        self.sessions.iter().any(|session| session == name)
    }
}

fn check(name: &str, broken: Option<CookieRule>) -> Result<(), CookieError> {
    broken.map_or(Ok(()), |rule| Err(CookieError::Refused { name: name.to_owned(), rule }))
}

pub(super) fn encode_error(name: &str, source: impl Into<BoxError>) -> CookieError {
    CookieError::Encode { name: name.to_owned(), source: source.into() }
}

pub(super) fn as_json(name: &str, value: &impl Serialize) -> Result<String, CookieError> {
    serde_json::to_string(value).map_err(|error| encode_error(name, error))
}
