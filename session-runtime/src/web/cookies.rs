//! What every adapter does for a request's cookies: they are opened, those of sessions are kept out of reach, and what was set goes into
//! the response's head.

use std::iter::successors;
use std::sync::Arc;

use crate::base::Shared;
use crate::cookies::{ClosedCookies, CookieSettings, Cookies};
use crate::data::SessionData;
use crate::fields::{Fields, Name};
use crate::session::Session;

#[cfg(feature = "tower")]
mod tower;

#[cfg(feature = "tower")]
pub use tower::{CookiesFuture, CookiesLayer, CookiesService};

/// The cookies of a request, whose outer middleware has opened these sessions.
pub(crate) fn open(settings: &CookieSettings, fields: &impl Fields, before: Option<&SessionsBefore>) -> Cookies {
    let cookies = settings.open(fields.values(Name::Cookie));
    for opened in successors(before, |opened| opened.others.as_deref()) {
        cookies.reserve_for_session(opened.shared.policy.cookie_name());
    }
    cookies
}

/// Gives the head of a response what was set.
pub(crate) fn finish(closed: &ClosedCookies, fields: &mut impl Fields) {
    if closed.read {
        fields.vary_by("Cookie");
    }
    if !closed.set_cookie.is_empty() {
        fields.forbid_caches();
    }
    closed.set_cookie.iter().for_each(|cookie| fields.append(Name::SetCookie, cookie));
}

/// The sessions that were opened for a request before its cookies were.
#[derive(Clone)]
pub(crate) struct SessionsBefore {
    shared: Arc<Shared>,
    others: Option<Arc<SessionsBefore>>,
}

impl SessionsBefore {
    /// Keeps a session's cookie out of reach of the request's cookies, if they are open already; else says what to leave in the request for
    /// who opens them, `before` being what is there. A bearer session has none: a cookie of its name is the application's own.
    pub(crate) fn announced<D: SessionData>(
        session: &Session<D>,
        cookies: Option<&Cookies>,
        before: Option<&Self>,
    ) -> Option<Self> {
        if !session.inner().is_by_cookie() {
            return None;
        }
        let shared = &session.inner().shared;
        let Some(cookies) = cookies else {
            return Some(Self { shared: Arc::clone(shared), others: before.cloned().map(Arc::new) });
        };
        cookies.reserve_for_session(shared.policy.cookie_name());
        None
    }
}

/// The constructor of an adapter with the field `settings`, and the builder methods of [`CookieSettings`] on it.
macro_rules! cookie_settings {
    ($adapter:ident) => {
        impl $adapter {
            /// No keys, and the system's clock.
            pub fn new() -> Self {
                Self::from($crate::CookieSettings::new())
            }

            /// As [`CookieSettings::with_keys`](crate::CookieSettings::with_keys).
            #[cfg(feature = "sealed")]
            pub fn with_keys(self, keys: $crate::SealKeys) -> Self {
                Self::from(self.settings.with_keys(keys))
            }

            /// As [`CookieSettings::with_clock`](crate::CookieSettings::with_clock).
            pub fn with_clock(self, clock: impl $crate::Clock) -> Self {
                Self::from(self.settings.with_clock(clock))
            }

            /// As [`CookieSettings::with_insecure_development_cookies`](crate::CookieSettings::with_insecure_development_cookies).
            pub fn with_insecure_development_cookies(self) -> Self {
                Self::from(self.settings.with_insecure_development_cookies())
            }
        }

        impl From<$crate::CookieSettings> for $adapter {
            fn from(settings: $crate::CookieSettings) -> Self {
                Self { settings }
            }
        }

        impl Default for $adapter {
            fn default() -> Self {
                Self::new()
            }
        }
    };
}

pub(super) use cookie_settings;
