//! What the adapters for cookies have in common: how they are set up, what a response's head gets, and which names are a session's.

use std::iter::successors;
use std::sync::Arc;

use crate::base::Shared;
use crate::cookies::{ClosedCookies, Cookies};
use crate::data::SessionData;
use crate::fields::Fields;
use crate::session::Session;

/// The constructor of an adapter with the field `settings`, and the builder methods of
/// [`CookieSettings`](crate::CookieSettings) on it.
macro_rules! cookie_settings {
    ($adapter:ident) => {
        impl $adapter {
            /// No keys, and the system's clock.
            pub fn new() -> Self {
                Self::default()
            }

            /// As [`CookieSettings::with_keys`].
            ///
            /// ```no_run
            #[doc = concat!("use cloakroom::{", stringify!($adapter), ", SealKeys};")]
            ///
            /// # fn main() -> Result<(), cloakroom::SealKeyError> {
            #[doc = concat!("let cookies = ", stringify!($adapter), "::new().with_keys(SealKeys::from_env()?);")]
            /// # Ok(())
            /// # }
            /// ```
            #[cfg(feature = "sealed")]
            pub fn with_keys(self, keys: $crate::SealKeys) -> Self {
                self.settings.with_keys(keys).into()
            }

            /// As [`CookieSettings::with_clock`].
            pub fn with_clock(self, clock: impl $crate::Clock) -> Self {
                self.settings.with_clock(clock).into()
            }

            /// As [`CookieSettings::with_insecure_development_cookies`].
            pub fn with_insecure_development_cookies(self) -> Self {
                self.settings.with_insecure_development_cookies().into()
            }
        }

        impl From<CookieSettings> for $adapter {
            fn from(settings: CookieSettings) -> Self {
                Self { settings }
            }
        }
    };
}

pub(super) use cookie_settings;

/// Gives the head of a response the cookies that were set.
pub(crate) fn send(closed: &ClosedCookies, fields: &mut impl Fields) {
    if closed.read {
        fields.vary_by("Cookie");
    }
    if !closed.set_cookie.is_empty() {
        fields.append_if_absent("cache-control", "no-store");
    }
    // What a browser would refuse was refused when it was set, so all of them are header text.
    for cookie in &closed.set_cookie {
        fields.append("set-cookie", cookie);
    }
}

/// What goes along with a request, by its type.
pub(crate) trait Luggage {
    fn look<T: Send + Sync + 'static>(&self) -> Option<&T>;
    fn put<T: Clone + Send + Sync + 'static>(&mut self, value: T);
    fn take<T: Send + Sync + 'static>(&mut self) -> Option<T>;
}

macro_rules! luggage {
    ($extensions:ty) => {
        impl $crate::web::jar::Luggage for $extensions {
            fn look<T: Send + Sync + 'static>(&self) -> Option<&T> {
                self.get()
            }

            fn put<T: Clone + Send + Sync + 'static>(&mut self, value: T) {
                self.insert(value);
            }

            fn take<T: Send + Sync + 'static>(&mut self) -> Option<T> {
                self.remove()
            }
        }
    };
}

#[cfg(feature = "actix")]
luggage!(actix_web::dev::Extensions);
#[cfg(feature = "tower")]
luggage!(http::Extensions);

/// The sessions that were opened for a request before its cookies were.
#[derive(Clone)]
pub(crate) struct SessionsBefore {
    shared: Arc<Shared>,
    others: Option<Arc<SessionsBefore>>,
}

impl SessionsBefore {
    /// Keeps a session's cookie out of the reach of [`Cookies`], whichever of the two is opened first.
    pub(crate) fn announce<D: SessionData>(session: &Session<D>, luggage: &mut impl Luggage) {
        let shared = &session.inner().shared;
        if let Some(cookies) = luggage.look::<Cookies>() {
            cookies.reserve_for_session(shared.policy.cookie_name());
        } else {
            let others = luggage.take::<Self>().map(Arc::new);
            luggage.put(Self { shared: Arc::clone(shared), others });
        }
    }

    pub(crate) fn reserve(luggage: &impl Luggage, cookies: &Cookies) {
        for opened in successors(luggage.look::<Self>(), |opened| opened.others.as_deref()) {
            cookies.reserve_for_session(opened.shared.policy.cookie_name());
        }
    }
}
