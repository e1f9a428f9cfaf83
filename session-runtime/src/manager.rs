//! `Sessions<D>`: opens a session for one request, and closes it.
//!
//! An adapter for a web framework does: [`admit`](Sessions::admit) the request, [`open`](Sessions::open) its session from the
//! Cookie header's bytes, run the handler, [`close`](Sessions::close), and append the header texts of what that returns. All
//! decisions are made here and below.

use std::fmt;
use std::future::Future;
use std::marker::PhantomData;
use std::sync::Arc;
use std::time::Duration;

use crate::assurance::Assurance;
use crate::base::{Backing, Sealing, Shared};
use crate::bearer::{Bearer, Carrier};
use crate::clock::{Clock, SharedClock, SystemClock};
use crate::commit::Closing;
use crate::cookie::SameSite;
use crate::data::SessionData;
use crate::error::SessionError;
#[cfg(any(feature = "actix", feature = "tower"))]
use crate::fields::Name;
use crate::handle::Handle;
use crate::origin::{CrossSite, Origin, OriginPolicy, RequestHead};
use crate::policy::Policy;
use crate::report::Report;
use crate::session::Session;
use crate::state::Inner;
use crate::store::{DynStore, SessionStore};
use crate::token::Token;

mod bearer;
mod claim;
mod ends;
mod outside;
mod owned;
#[cfg(feature = "sealed")]
mod sealed;

use claim::ClaimedName;
pub use owned::{OwnedSession, SessionsOf};

/// All sessions of one type: their store, their policy and their clock. Clones share everything.
///
/// What an adapter does for one request:
///
/// ```
/// use cloakroom::{MemoryStore, RequestHead, SessionData, Sessions};
///
/// #[derive(SessionData)]
/// struct Shop { visits: u64 }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let sessions = Sessions::<Shop>::new(MemoryStore::new());
/// let cookie_fields: Vec<&[u8]> = vec![b"theme=dark"];
///
/// sessions.admit(&RequestHead { method: "GET", path: "/", ..Default::default() }, cookie_fields.iter().copied())?;
/// let session = sessions.open(cookie_fields);
/// session.set_visits(1).await?; // the handler
/// let closed = sessions.close(&session, true).await;
///
/// assert!(closed.error.is_none() && closed.uncacheable);
/// println!("Set-Cookie: {}", closed.set_cookie.unwrap_or_default());
/// # Ok(())
/// # }
/// ```
pub struct Sessions<D> {
    /// In one piece: a layer is cloned for each request.
    parts: Arc<Parts>,
    data: PhantomData<fn() -> D>,
}

#[derive(Clone)]
struct Parts {
    shared: Arc<Shared>,
    origins: OriginPolicy,
    name: Arc<ClaimedName>,
}

impl<D: SessionData> Sessions<D> {
    /// Sessions in `store`, by the policy that the struct's own attribute states.
    ///
    /// # Panics
    /// If sessions of another type use the same name on this thread: each would take the other's cookie away.
    pub fn new(store: impl SessionStore) -> Self {
        Self::on(Backing::Store(Arc::new(store)), Carrier::Cookie)
    }

    fn on(backing: Backing, carrier: Carrier) -> Self {
        let (policy, clock) = (Policy::of::<D>(), SharedClock::new(SystemClock));
        let owner = D::STORED.iter().find(|field| field.owner);
        let report = Report::new(policy.name(), owner);
        let shared = Shared { backing, carrier, policy, clock, lines: Arc::default(), owner, report, indexing: None };
        let name = ClaimedName::claim::<D>(carrier);
        let parts = Parts { shared: Arc::new(shared), origins: OriginPolicy::default(), name };
        Self { parts: Arc::new(parts), data: PhantomData }
    }

    /// Replaces the whole policy.
    ///
    /// # Panics
    /// If the policy is for a session of another name.
    pub fn with_policy(self, policy: Policy) -> Self {
        assert!(
            policy.name() == D::NAME,
            "this policy is for `{}`, not for `{}`: start from `Policy::of`",
            policy.name(),
            D::NAME
        );
        self.with_policy_by(|_| policy)
    }

    fn with_policy_by(mut self, change: impl FnOnce(Policy) -> Policy) -> Self {
        let shared = self.shared_mut();
        shared.policy = change(shared.policy.clone());
        self
    }

    /// What all clones share, to be set up: of clones in use, this one alone is changed.
    fn shared_mut(&mut self) -> &mut Shared {
        Arc::make_mut(&mut Arc::make_mut(&mut self.parts).shared)
    }

    fn with_origins(mut self, change: impl FnOnce(&mut OriginPolicy)) -> Self {
        change(&mut Arc::make_mut(&mut self.parts).origins);
        self
    }

    /// Another clock, for tests.
    pub fn with_clock(mut self, clock: impl Clock) -> Self {
        self.shared_mut().clock = SharedClock::new(clock);
        self
    }

    /// As [`Policy::with_idle`].
    pub fn with_idle(self, idle: Duration) -> Self {
        self.with_policy_by(|policy| policy.with_idle(idle))
    }

    /// As [`Policy::with_absolute`].
    pub fn with_absolute(self, absolute: Duration) -> Self {
        self.with_policy_by(|policy| policy.with_absolute(absolute))
    }

    /// As [`Policy::with_assurance`].
    pub fn with_assurance(self, level: Assurance) -> Self {
        self.with_policy_by(|policy| policy.with_assurance(level))
    }

    /// As [`Policy::with_max_record_size`].
    pub fn with_max_record_size(self, bytes: usize) -> Self {
        self.with_policy_by(|policy| policy.with_max_record_size(bytes))
    }

    /// As [`Policy::with_same_site`].
    pub fn with_same_site(self, same_site: SameSite) -> Self {
        self.with_policy_by(|policy| policy.with_same_site(same_site))
    }

    /// As [`Policy::with_insecure_development_cookie`].
    pub fn with_insecure_development_cookie(self) -> Self {
        self.with_policy_by(Policy::with_insecure_development_cookie)
    }

    /// The origin under which browsers reach this server (`https://shop.example`): scheme, host and port are then compared.
    /// Without it, host and port are compared with the request's own `Host`. Forwarded headers are never trusted.
    ///
    /// # Panics
    /// If it is no origin.
    pub fn with_public_origin(self, origin: &str) -> Self {
        let origin = parse_origin(origin);
        self.with_origins(|policy| policy.public = Some(origin))
    }

    /// Another origin whose pages may send requests that change something (`https://admin.example`).
    ///
    /// # Panics
    /// If it is no origin.
    pub fn with_trusted_origin(self, origin: &str) -> Self {
        let origin = parse_origin(origin);
        self.with_origins(|policy| policy.trusted.push(origin))
    }

    /// Lets every sub-domain of the same site send requests that change something. Each of them is then as powerful as this one.
    pub fn with_insecure_same_site_requests(self) -> Self {
        self.with_origins(|policy| policy.same_site = true)
    }

    /// Refuses requests with a session cookie but with neither `Sec-Fetch-Site` nor `Origin`: scripts that hold a cookie, and
    /// browsers from before 2020.
    pub fn with_strict_origins(self) -> Self {
        self.with_origins(|policy| policy.strict = true)
    }

    /// Only logs what would be refused: to see what a deployment would break.
    pub fn with_insecure_log_only_origins(self) -> Self {
        self.with_origins(|policy| policy.log_only = true)
    }

    /// Lets any site post to exactly this path: for OAuth `form_post` and SAML callbacks, which check what they receive. Browsers
    /// send no `SameSite=Lax` cookie along with such a request.
    pub fn with_insecure_cross_site_path(self, path: impl Into<String>) -> Self {
        self.with_origins(|policy| policy.exempt.push(path.into()))
    }

    /// The policy in force.
    pub fn policy(&self) -> &Policy {
        &self.parts.shared.policy
    }

    /// The request's header field that sessions come in by, in lower case: `cookie`, or `authorization` for those of
    /// [`bearer`](Self::bearer). [`admit`](Self::admit) and [`open`](Self::open) want the bytes of all such fields.
    pub fn request_field(&self) -> &'static str {
        self.parts.shared.carrier.field()
    }

    /// As [`request_field`](Self::request_field), for adapters of this crate.
    #[cfg(any(feature = "actix", feature = "tower"))]
    pub(crate) fn credentials(&self) -> Name {
        match self.parts.shared.carrier {
            Carrier::Cookie => Name::Cookie,
            Carrier::Bearer => Name::Authorization,
        }
    }

    /// May this request go on, or did another site send it? `credentials` are the bytes of its [`request_field`](Self::request_field)s.
    ///
    /// # Errors
    /// [`CrossSite`] says why not; answer 403 with its text.
    pub fn admit<'a>(
        &self,
        head: &RequestHead<'_>,
        credentials: impl IntoIterator<Item = &'a [u8]>,
    ) -> Result<(), CrossSite> {
        // No browser sends a bearer token by itself, for a page of whatever site.
        if self.parts.shared.carrier == Carrier::Bearer {
            return Ok(());
        }
        let has_cookie = self.parts.origins.strict && self.has_cookie(credentials);
        let Err(refused) = self.parts.origins.check(head, has_cookie) else { return Ok(()) };
        if self.parts.origins.log_only {
            tracing::warn!(session = D::NAME, method = head.method, path = head.path, %refused, "a cross-site request would be refused");
            return Ok(());
        }
        self.parts.shared.report.refused_cross_site(head.method, head.path, &refused);
        Err(refused)
    }

    fn has_cookie<'a>(&self, cookies: impl IntoIterator<Item = &'a [u8]>) -> bool {
        let cookie = &self.parts.shared.policy.cookie;
        match self.parts.shared.backing {
            Backing::Store(_) => cookie.find(cookies).is_some(),
            Backing::Sealed(_) => cookie.find_sealed(cookies).is_some(),
        }
    }

    /// Opens the session of a request from the bytes of its Cookie header fields (of [`bearer`](Self::bearer) sessions: of its
    /// Authorization header fields). Asks no store, and fails on no input: what is not one well-formed token is an anonymous request.
    pub fn open<'a>(&self, credentials: impl IntoIterator<Item = &'a [u8]>) -> Session<D> {
        let cookie = &self.parts.shared.policy.cookie;
        let inner = match (&self.parts.shared.backing, self.parts.shared.carrier) {
            (Backing::Store(store), Carrier::Cookie) => self.stored(store, cookie.find(credentials)),
            (Backing::Store(store), Carrier::Bearer) => {
                let bearer = Bearer::find(credentials);
                self.stored(store, bearer.token()).offering(bearer != Bearer::Absent)
            }
            (Backing::Sealed(sealing), _) => self.sealed_in(sealing, cookie.find_sealed(credentials)),
        };
        self.session(inner)
    }

    /// Opens the session of a request that brought this token, or an anonymous one: for adapters that get tokens in a way of their own.
    /// (A sealed session has no token, so that is an anonymous one.) What is no request opens its session by [`resume`](Self::resume).
    pub fn open_token(&self, token: Option<Token>) -> Session<D> {
        self.session(self.by_token(token))
    }

    fn by_token(&self, token: Option<Token>) -> Inner {
        match &self.parts.shared.backing {
            Backing::Store(store) => self.stored(store, token),
            Backing::Sealed(sealing) => self.sealed_in(sealing, None),
        }
    }

    fn stored(&self, store: &Arc<dyn DynStore>, token: Option<Token>) -> Inner {
        Inner::stored(Arc::clone(&self.parts.shared), Arc::clone(store), token)
    }

    fn sealed_in(&self, sealing: &Arc<Sealing>, text: Option<&[u8]>) -> Inner {
        Inner::sealed(Arc::clone(&self.parts.shared), Arc::clone(sealing), text)
    }

    fn session(&self, inner: Inner) -> Session<D> {
        Session::new(Handle::new(Arc::new(inner)))
    }

    /// Ends a request: commits what is pending, unless the handler failed (a 5xx status: `success` is `false`).
    ///
    /// Call it before the response's head leaves. Run it to its end even if the client goes away: dropping the future may cut a
    /// logout in half.
    pub fn close(&self, session: &Session<D>, success: bool) -> impl Future<Output = Closed> + Send + 'static {
        let inner = Arc::clone(session.inner());
        async move { close(&inner, success).await }
    }

    /// Ends a request that was cut short before its handler returned: pending changes are dropped, a `destroy` is carried out, and of
    /// a `save` that was cut in half no session is left that nobody knows of. `None` where there is nothing to do; else run the future to its end.
    pub fn abandon(
        &self,
        session: &Session<D>,
    ) -> Option<impl Future<Output = Result<(), SessionError>> + Send + 'static> {
        abandon(Arc::clone(session.inner()))
    }
}

/// [`Sessions::abandon`], for adapters that hold the untyped session.
pub(crate) fn abandon(inner: Arc<Inner>) -> Option<impl Future<Output = Result<(), SessionError>> + Send + 'static> {
    inner.abandon().then_some(async move { inner.finish_abandoned().await })
}

fn parse_origin(text: &str) -> Origin {
    let parsed = Origin::parse(text.as_bytes());
    parsed.unwrap_or_else(|| {
        panic!("`{text}` is no origin: write scheme, host and port alone, as in `https://shop.example`")
    })
}

/// What a response has to carry. `Debug` shows only whether there is a cookie, since that holds a token, or the session.
#[non_exhaustive]
pub struct Closed {
    /// The text of a `Set-Cookie` field to append, whatever the status.
    pub set_cookie: Option<String>,
    /// The response depends on the session: it needs `Vary` with the name in `varies_by`, and `Cache-Control: no-store` unless it has
    /// its own.
    pub uncacheable: bool,
    /// The request's header field that the session came in by: `Cookie` or `Authorization`.
    pub varies_by: &'static str,
    /// Something was not committed: the response must be replaced by this error's, with the `Set-Cookie` fields that it
    /// has: others have committed what these stand for.
    pub error: Option<SessionError>,
}

impl fmt::Debug for Closed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Closed")
            .field("has_cookie", &self.set_cookie.is_some())
            .field("uncacheable", &self.uncacheable)
            .field("varies_by", &self.varies_by)
            .field("error", &self.error)
            .finish()
    }
}

/// [`Sessions::close`], for adapters that hold the untyped session.
pub(crate) async fn close(inner: &Inner, success: bool) -> Closed {
    match inner.close_at_once(success, true) {
        Some(closing) => closing.into(),
        None => inner.close(success).await.into(),
    }
}

/// [`close`], where nothing needs the store.
#[cfg(any(feature = "actix", feature = "tower"))]
pub(crate) fn close_at_once(inner: &Inner, success: bool, has_waited: bool) -> Option<Closed> {
    inner.close_at_once(success, has_waited).map(Closed::from)
}

impl From<Closing> for Closed {
    fn from(Closing { cookie, error, used, varies_by }: Closing) -> Self {
        Self { uncacheable: used || cookie.is_some(), varies_by, set_cookie: cookie, error }
    }
}

impl<D> Clone for Sessions<D> {
    fn clone(&self) -> Self {
        Self { parts: Arc::clone(&self.parts), data: PhantomData }
    }
}

impl<D> fmt::Debug for Sessions<D> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sessions")
            .field("policy", &self.parts.shared.policy)
            .field("name", &self.parts.name)
            .finish_non_exhaustive()
    }
}
