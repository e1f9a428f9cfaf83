//! Lifetimes and cookie attributes; refuses what a browser would.

use std::time::Duration;

use crate::assurance::Assurance;
use crate::clock::duration_ms;
use crate::cookie::{CookieText, SameSite};
use crate::data::{SessionData, Settings};
use crate::record::{Header, Lifetimes};

/// The longest pause between two requests, unless the application says otherwise.
pub const DEFAULT_IDLE: Duration = Duration::from_secs(2 * 60 * 60);

/// The longest life of a session, unless the application says otherwise.
pub const DEFAULT_ABSOLUTE: Duration = Duration::from_secs(14 * 24 * 60 * 60);

/// No cookie lives longer in a browser (RFC 6265bis, section 5.5), so no session does here.
pub const MAX_LIFETIME: Duration = Duration::from_secs(400 * 24 * 60 * 60);

/// [`MAX_LIFETIME`] in milliseconds.
pub(crate) const MAX_LIFETIME_MS: u64 = 1_000 * MAX_LIFETIME.as_secs();

/// How long a regenerated session's old token is still recognised as retired.
pub const DEFAULT_RETIREMENT: Duration = Duration::from_secs(60);

/// How large a record may grow, in bytes, unless the application says otherwise.
pub const DEFAULT_MAX_RECORD_SIZE: usize = 64 * 1024;

/// What happens to a sign-in that brings an owner over the limit of sessions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AtLimit {
    /// It succeeds, and the session that was signed in or regenerated the longest time ago is revoked.
    EvictOldest,
    /// It does not happen: [`SessionError::TooManySessions`](crate::SessionError::TooManySessions).
    Refuse,
}

/// How many sessions an owner may have, and what becomes of the next one.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limit {
    pub(crate) most: usize,
    pub(crate) then: AtLimit,
}

/// Lifetimes, limits and cookie of one session type. Starts from what `#[session(…)]` on the struct says.
///
/// ```
/// use session_runtime::Policy;
/// use std::time::Duration;
///
/// let policy = Policy::new("shop").with_idle(Duration::from_secs(600));
/// assert_eq!(policy.cookie_name(), "__Host-shop");
/// ```
#[derive(Clone, Debug)]
pub struct Policy {
    name: &'static str,
    settings: Settings,
    insecure_development: bool,
    longest: Duration,
    touch_share: u32,
    pub(crate) retirement: Duration,
    pub(crate) max_record_size: usize,
    pub(crate) cookie: CookieText,
}

impl Policy {
    /// The safe defaults for a session of this name.
    ///
    /// # Panics
    /// If the name is no cookie name, is longer than 22 bytes, or brings a prefix that the policy would add.
    pub fn new(name: &'static str) -> Self {
        Self::from_settings(name, Settings::new())
    }

    /// What the struct `D` says of itself.
    pub fn of<D: SessionData>() -> Self {
        Self::from_settings(D::NAME, D::SETTINGS)
    }

    fn from_settings(name: &'static str, settings: Settings) -> Self {
        Self {
            name,
            settings,
            insecure_development: false,
            longest: MAX_LIFETIME,
            touch_share: 10,
            retirement: DEFAULT_RETIREMENT,
            max_record_size: DEFAULT_MAX_RECORD_SIZE,
            cookie: CookieText::new(name, &settings, false),
        }
    }

    fn with_cookie(mut self, change: impl FnOnce(&mut Self)) -> Self {
        change(&mut self);
        self.cookie = CookieText::new(self.name, &self.settings, self.insecure_development);
        self
    }

    /// The longest pause between two requests (default: 2 hours).
    pub fn with_idle(mut self, idle: Duration) -> Self {
        self.settings.idle = Some(idle);
        self
    }

    /// The longest life, counted from creation or from `mark_authenticated` (default: 14 days). No activity stretches it.
    pub fn with_absolute(mut self, absolute: Duration) -> Self {
        self.settings.absolute = Some(absolute);
        self
    }

    /// The lifetimes of an assurance level (default: none). Nothing makes a session live longer than that: not `set_expiry`, and not
    /// `with_idle` or `with_absolute`, which may still make it live shorter.
    pub fn with_assurance(mut self, level: Assurance) -> Self {
        self.settings.assurance = Some(level);
        self
    }

    /// The most that `set_expiry` may ask for (default and maximum: 400 days).
    pub fn with_longest(mut self, longest: Duration) -> Self {
        self.longest = longest.min(MAX_LIFETIME);
        self
    }

    /// Activity is written down once this share of the idle time has passed: `10` is a tenth, the default; `1` waits for the end.
    ///
    /// # Panics
    /// If it is zero.
    pub fn with_touch_share(mut self, share: u32) -> Self {
        assert!(share > 0, "a share of the idle time is one part of at least one");
        self.touch_share = share;
        self
    }

    /// How long the old token of a regenerated session is recognised as retired (default: 60 seconds).
    pub fn with_retirement(mut self, retirement: Duration) -> Self {
        self.retirement = retirement;
        self
    }

    /// How large a record may grow, in bytes (default: 64 KiB).
    pub fn with_max_record_size(mut self, bytes: usize) -> Self {
        self.max_record_size = bytes;
        self
    }

    /// The cookie's `SameSite` (default: `Lax`).
    pub fn with_same_site(self, same_site: SameSite) -> Self {
        self.with_cookie(|policy| policy.settings.same_site = Some(same_site))
    }

    /// The cookie's `Path` (default: `/`). Anything else costs the `__Host-` prefix.
    ///
    /// # Panics
    /// If it does not start with a slash, or holds a character that ends an attribute.
    pub fn with_path(self, path: &'static str) -> Self {
        self.with_cookie(|policy| policy.settings.path = Some(path))
    }

    /// The cookie's `Domain`: sends it to all sub-domains too, and costs the `__Host-` prefix.
    ///
    /// # Panics
    /// If it is more than a host name.
    pub fn with_domain(self, domain: &'static str) -> Self {
        self.with_cookie(|policy| policy.settings.domain = Some(domain))
    }

    /// The cookie's `Partitioned` attribute: one cookie per embedding site.
    pub fn with_partitioned(self) -> Self {
        self.with_cookie(|policy| policy.settings.partitioned = true)
    }

    /// A cookie without `Secure` and without a prefix, for development over plain HTTP in browsers that refuse `Secure` cookies
    /// there (Safari on `http://localhost`; all browsers on plain HTTP elsewhere). Never in production: anyone on the network
    /// can read and plant it. It is never `Partitioned`, and `SameSite=Lax` instead of `None`: browsers refuse both without
    /// `Secure`.
    pub fn with_insecure_development_cookie(self) -> Self {
        self.with_cookie(|policy| policy.insecure_development = true)
    }

    /// The session's name: what storage keys are derived from.
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// The cookie's name, with its prefix.
    pub fn cookie_name(&self) -> &str {
        self.cookie.name()
    }

    /// The lifetimes of a record: its own, or those of the policy; and no longer than its assurance level has them.
    pub(crate) fn lifetimes(&self, header: &Header) -> Lifetimes {
        let Settings { idle, absolute, assurance, .. } = self.settings;
        let (most_idle, most) = (assurance.and_then(Assurance::idle), assurance.map(Assurance::absolute));
        let own = header.own.unwrap_or_else(|| Lifetimes {
            idle: duration_ms(idle.or(most_idle).unwrap_or(DEFAULT_IDLE)),
            absolute: duration_ms(absolute.or(most).unwrap_or(DEFAULT_ABSOLUTE)),
        });
        let most = most.map_or(self.longest, |most| most.min(self.longest));
        let Lifetimes { idle, absolute } = own.at_most(duration_ms(most));
        Lifetimes { idle: most_idle.map_or(idle, |most| idle.min(duration_ms(most))), absolute }
    }

    /// How much later a record must end before that is worth a write, in milliseconds.
    pub(crate) fn touch_step(&self, lifetimes: Lifetimes) -> u64 {
        lifetimes.idle / u64::from(self.touch_share)
    }
}
