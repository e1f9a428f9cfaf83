//! `Authorization: Bearer` (RFC 6750): sessions for programs, which never mix with those of cookies.

mod handing_out;
mod parsing;
mod refusals;
mod sessions;
mod two;

use axum::body::Body;
use cloakroom::store::SessionStore;
use cloakroom::{
    Rejection, Session, SessionData, SessionError, SessionLayer, Sessions, require_session, session_guard,
};
use http::{HeaderMap, HeaderValue, Method, Request, header};
use tests::Reply;
use tests::web::{Browser, Routes, get, post};

/// What the server remembers about an app.
#[derive(Clone, Debug, PartialEq, SessionData)]
#[session(cookie = "api", idle = "30m", absolute = "12h")]
pub struct Api {
    #[session(owner)]
    pub user_id: Option<u64>,
    pub is_admin: bool,
    pub calls: u64,
}

#[session_guard(Api, user_id)]
struct SignedIn {
    user_id: u64,
}

#[session_guard(Api, user_id, is_admin = true)]
struct Admin;

async fn sign_in(session: Session<Api>) -> Result<String, SessionError> {
    session.set_user_id(7).await?;
    Ok(session.expose_token().await?.expect("a session was begun"))
}

async fn renew(session: Session<Api>) -> Result<String, SessionError> {
    session.regenerate().await?;
    session.save().await?;
    Ok(session.expose_token().await?.unwrap_or_default())
}

async fn count(session: Session<Api>) -> Result<String, SessionError> {
    session.update_calls(|calls| *calls += 1).await?;
    Ok(session.calls().await?.to_string())
}

#[require_session(Api, user_id)]
async fn me(#[session] user_id: u64) -> String {
    user_id.to_string()
}

#[require_session(Admin)]
async fn admin() {}

async fn checked(session: Session<Api>) -> Result<String, Rejection> {
    Ok(SignedIn::check(&session).await?.user_id.to_string())
}

/// The routes, behind whatever layer opens an `Api`.
fn routes() -> Routes {
    Routes::new()
        .route("/in", post(sign_in))
        .route("/renew", post(renew))
        .route("/count", post(count))
        .route("/me", get(me))
        .route("/admin", get(admin))
        .route("/checked", get(checked))
        .route("/out", post(async |session: Session<Api>| session.destroy().await))
}

fn app(store: impl SessionStore) -> App {
    App::new(routes().layer(SessionLayer::<Api>::bearer(store)))
}

/// The token of a program that was signed in outside of a request.
async fn token_of(sessions: &Sessions<Api>, user_id: u64) -> String {
    let session = sessions.create();
    session.set_user_id(user_id).await.unwrap();
    session.expose_token().await.unwrap().expect("a session")
}

/// What sends requests to it: a program, which keeps no cookies.
#[derive(Clone)]
struct App(Browser);

impl App {
    fn new(app: Routes) -> Self {
        Self(Browser::new(app))
    }

    fn of(sessions: Sessions<Api>) -> Self {
        Self::new(routes().layer(SessionLayer::from(sessions)))
    }

    fn request(method: Method, path: &str, authorization: Option<&str>) -> Request<Body> {
        let mut request = Request::new(Body::empty());
        *request.method_mut() = method;
        *request.uri_mut() = path.parse().expect("a path");
        let field = authorization.map(|text| HeaderValue::from_str(text).expect("a header field"));
        request.headers_mut().extend(field.map(|field| (header::AUTHORIZATION, field)));
        request
    }

    async fn send(&self, request: Request<Body>) -> Reply {
        let reply = self.0.fetch(request).await;
        assert_eq!(reply.set_cookies(), [] as [String; 0], "a bearer session sets no cookie");
        reply
    }

    /// `GET` where nothing is changed, else `POST`.
    async fn ask(&self, path: &str, token: &str) -> Reply {
        self.ask_with(path, Some(&format!("Bearer {token}"))).await
    }

    async fn ask_with(&self, path: &str, authorization: Option<&str>) -> Reply {
        let method = if ["/me", "/admin", "/checked"].contains(&path) { Method::GET } else { Method::POST };
        self.send(Self::request(method, path, authorization)).await
    }

    async fn signed_in(&self) -> String {
        let reply = self.ask_with("/in", None).await;
        assert_eq!((reply.status.as_u16(), reply.body.len()), (200, 43), "{}", reply.body);
        reply.body
    }

    /// Is somebody signed in with this token?
    async fn knows(&self, token: &str) -> bool {
        self.ask("/me", token).await.status == 200
    }
}

fn challenge(headers: &HeaderMap) -> Option<&str> {
    headers.get(header::WWW_AUTHENTICATE).map(|value| value.to_str().expect("ASCII"))
}
