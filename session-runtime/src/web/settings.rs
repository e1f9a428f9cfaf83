//! What the entry points of all adapters have in common: how they are made, and how their sessions are set up.

/// The constructors of an adapter with the fields `sessions` and `answer`, and the builder methods of
/// [`Sessions`](crate::Sessions) on it.
macro_rules! settings {
    ($adapter:ident) => {
        impl<D: $crate::SessionData> $adapter<D> {
            /// Sessions in `store`, by the policy that the struct's own attribute states.
            ///
            /// # Panics
            /// If sessions of another type use the same name: see [`Sessions::new`].
            pub fn new(store: impl $crate::SessionStore) -> Self {
                Self::from(Sessions::new(store))
            }

            /// Sessions in `store`, whose token comes in `Authorization: Bearer …` and never in a cookie: see
            /// [`Sessions::bearer`].
            ///
            /// # Panics
            /// As [`Sessions::bearer`].
            pub fn bearer(store: impl $crate::SessionStore) -> Self {
                Self::from(Sessions::bearer(store))
            }

            /// Sessions without a store, sealed into their cookies. **Without a deny list, signing out does not end them on the
            /// server, and of two requests that overlap the later answer wins**: see [`Sessions::sealed`].
            ///
            /// # Panics
            /// As [`new`](Self::new).
            #[cfg(feature = "sealed")]
            pub fn sealed(keys: $crate::SealKeys) -> Self {
                Self::from(Sessions::sealed(keys))
            }

            /// As [`Sessions::with_deny_list`].
            ///
            /// # Panics
            /// Where that method does.
            #[cfg(feature = "sealed")]
            pub fn with_deny_list(self, store: impl $crate::SessionStore) -> Self {
                Self { sessions: self.sessions.with_deny_list(store), ..self }
            }

            /// The manager, for sessions outside of requests.
            pub fn sessions(&self) -> &Sessions<D> {
                &self.sessions
            }
        }

        $crate::web::settings::settings! { $adapter:
            with_policy(policy: $crate::Policy);
            with_clock(clock: impl $crate::Clock);
            with_idle(idle: std::time::Duration);
            with_absolute(absolute: std::time::Duration);
            with_assurance(level: $crate::Assurance);
            with_max_record_size(bytes: usize);
            with_same_site(same_site: $crate::SameSite);
            with_insecure_development_cookie();
            with_public_origin(origin: &str);
            with_trusted_origin(origin: &str);
            with_strict_origins();
            with_insecure_same_site_requests();
            with_insecure_log_only_origins();
            with_insecure_cross_site_path(path: impl Into<String>);
            on_end(told: impl Fn(&$crate::SessionEnd<D>) + Send + Sync + 'static);
            with_owner_index() where D: $crate::OwnedData;
            with_session_limit(most: usize, at_limit: $crate::AtLimit) where D: $crate::OwnedData;
        }

        impl<D> From<Sessions<D>> for $adapter<D> {
            fn from(sessions: Sessions<D>) -> Self {
                Self { sessions, answer: None }
            }
        }

        impl<D> Clone for $adapter<D> {
            fn clone(&self) -> Self {
                Self { sessions: self.sessions.clone(), answer: self.answer.clone() }
            }
        }

        impl<D> std::fmt::Debug for $adapter<D> {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.debug_tuple(stringify!($adapter)).field(&self.sessions).finish()
            }
        }
    };
    ($adapter:ident: $($method:ident($($argument:ident: $type:ty),*) $(where D: $data:path)?;)*) => {
        impl<D: $crate::SessionData> $adapter<D> {$(
            #[doc = concat!("As [`Sessions::", stringify!($method), "`].")]
            #[doc = ""]
            #[doc = "# Panics"]
            #[doc = "Where that method does."]
            pub fn $method(self $(, $argument: $type)*) -> Self $(where D: $data)? {
                Self { sessions: self.sessions.$method($($argument),*), ..self }
            }
        )*}
    };
}

pub(super) use settings;
