//! Sessions by bearer tokens.

use std::sync::Arc;

use super::Sessions;
use crate::base::Backing;
use crate::bearer::Carrier;
use crate::data::SessionData;
use crate::store::SessionStore;

impl<D: SessionData> Sessions<D> {
    /// Sessions whose token comes in `Authorization: Bearer …` (RFC 6750, section 2.1) and never in a cookie: for mobile apps, command
    /// lines and other programs that keep a secret by themselves.
    ///
    /// What is different from a cookie's session:
    ///
    /// - Only the Authorization header is read: no cookie, no form field and no query parameter. `#[session(cookie = "api")]` names the
    ///   session, and sets nothing; so does the policy's `SameSite`.
    /// - No browser sends such a token by itself, so no request is refused for the site that it comes from.
    /// - No response carries a token by itself. A handler that begins a session, signs somebody in or regenerates **asks for the new
    ///   token** by [`expose_token`](crate::Session::expose_token) and sends it as it likes. If it does not, the response is a 500
    ///   ([`TokenNotExposed`](crate::SessionError::TokenNotExposed)): what needs the new token is not saved, and the client keeps the
    ///   one that it has, unless `update_*` or `save` has committed the change before. Then the client's token is retired.
    /// - What a guard turns away is told `WWW-Authenticate: Bearer`, with `error="invalid_token"` (401) or
    ///   `error="insufficient_scope"` (403) where a token came along (RFC 6750, section 3).
    ///
    /// The two never mix: a token is stored under another key than it would be as a cookie, and one struct cannot be both. A request
    /// may bring both, and then has two sessions, of two types.
    ///
    /// ```
    /// use cloakroom::{MemoryStore, SessionData, Sessions};
    ///
    /// #[derive(SessionData)]
    /// #[session(cookie = "api", idle = "30d", absolute = "90d")]
    /// struct Api { #[session(owner)] user_id: Option<u64> }
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let sessions = Sessions::<Api>::bearer(MemoryStore::new());
    /// let phone = sessions.create();
    /// phone.set_user_id(7).await?;
    /// let token = phone.expose_token().await?.ok_or("nothing was saved")?;
    ///
    /// let field = format!("Bearer {token}"); // what the phone sends
    /// assert_eq!(sessions.open([field.as_bytes()]).user_id().await?, Some(7));
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// Behind a web framework:
    ///
    /// ```
    /// use axum::{Router, routing::{get, post}};
    /// use cloakroom::{MemoryStore, Session, SessionData, SessionError, SessionLayer, require_session};
    ///
    /// #[derive(SessionData)]
    /// #[session(cookie = "api")]
    /// struct Api { #[session(owner)] user_id: Option<u64> }
    ///
    /// async fn sign_in(session: Session<Api>) -> Result<String, SessionError> {
    ///     session.set_user_id(7).await?; // once the password was checked
    ///     Ok(session.expose_token().await?.unwrap_or_default())
    /// }
    ///
    /// #[require_session(Api, user_id)]
    /// async fn me(#[session] user_id: u64) -> String {
    ///     user_id.to_string()
    /// }
    ///
    /// let app: Router = Router::new()
    ///     .route("/sign-in", post(sign_in))
    ///     .route("/me", get(me))
    ///     .layer(SessionLayer::<Api>::bearer(MemoryStore::new()));
    /// ```
    ///
    /// # Panics
    /// As [`new`](Self::new), and if sessions of this type come in cookies on this thread.
    pub fn bearer(store: impl SessionStore) -> Self {
        Self::on(Backing::Store(Arc::new(store)), Carrier::Bearer)
    }
}
