//! The places where a guard can stand: a handler, an extractor, a whole router, a body. `cargo run --example guards`.

use axum::extract::{Form, Query};
use axum::response::Redirect;
use axum::routing::{get, post};
use axum::{Json, Router};
use cloakroom::{
    GuardLayer, MemoryStore, Rejection, Session, SessionData, SessionError, SessionLayer, require_session,
    same_site_path, session_guard,
};
use serde::{Deserialize, Serialize};

#[derive(Debug, Default, Serialize, Deserialize)]
enum Role {
    #[default]
    Reader,
    Editor,
}

#[derive(SessionData)]
#[session(cookie = "paper")]
struct Paper {
    #[session(owner)]
    user: Option<String>,
    role: Role,
    suspended: bool,
}

#[session_guard(Paper, user, redirect = "/sign-in")]
struct SignedIn {
    user: String,
}

#[session_guard(Paper, SignedIn, role = Role::Editor, check = not_suspended)]
struct Editor {
    user: String,
}

/// A check of the application's own. It may ask a database.
async fn not_suspended(session: &Session<Paper>) -> Result<bool, SessionError> {
    Ok(!session.suspended().await?)
}

/// Before a handler: what was proved arrives as a parameter.
#[require_session(SignedIn)]
async fn me(#[session] user: String) -> String {
    format!("you are {user}")
}

/// As an extractor, beside others.
async fn letter(SignedIn { user }: SignedIn, Json(text): Json<String>) -> String {
    format!("{user} writes: {text}")
}

/// Behind the layer of its router.
async fn desk() -> &'static str {
    "the editors' desk"
}

/// With a further need: who signed in longer ago than this must prove anew who they are.
#[require_session(Editor, fresh = "10m")]
async fn print(session: Session<Paper>) -> Result<String, SessionError> {
    Ok(format!("printed, in session {:?}", session.id().await?))
}

/// In a body, where only some calls need it. Outside of a request's signature there is no redirect: it is an error like any other.
async fn article(session: Session<Paper>, Query(article): Query<Article>) -> Result<String, Rejection> {
    if article.draft {
        let Editor { user } = Editor::check(&session).await?;
        return Ok(format!("a draft, for {user}"));
    }
    Ok("an article".into())
}

#[derive(Deserialize)]
struct Article {
    #[serde(default)]
    draft: bool,
}

#[derive(Deserialize)]
struct SignIn {
    user: String,
    next: Option<String>,
}

/// What the paper's database knows of its people. The form could say anything.
fn role_of(user: &str) -> Role {
    if user == "grace" { Role::Editor } else { Role::Reader }
}

/// A real one asks for a password first. `next` came from outside, so it must prove to be a path of this site.
async fn sign_in(session: Session<Paper>, Form(form): Form<SignIn>) -> Result<Redirect, SessionError> {
    let role = role_of(&form.user);
    session.set_user(form.user).await?; // a change of user clears the rest, so this comes first
    session.set_role(role).await?;
    session.mark_authenticated().await?;
    Ok(Redirect::to(same_site_path(form.next.as_deref().unwrap_or("/me"), "/me")))
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let app = Router::new()
        .route("/desk", get(desk))
        .route_layer(GuardLayer::<Editor>::new())
        .route("/me", get(me))
        .route("/letter", post(letter))
        .route("/print", post(print))
        .route("/article", get(article))
        .route("/sign-in", get(async || "who are you?").post(sign_in))
        .layer(SessionLayer::<Paper>::new(MemoryStore::new()));

    let address = std::env::args().nth(1).unwrap_or_else(|| "127.0.0.1:3000".into());
    let listener = tokio::net::TcpListener::bind(address).await?;
    println!("listening on http://{}", listener.local_addr()?);
    Ok(axum::serve(listener, app).await?)
}
