//! Other attributes on a guarded handler: in each order that compiles, the guard still guards, and they still do their work.
//!
//! One order does not compile, and `ui-tests/fail/guard/below_debug_handler.rs` shows it: `#[debug_handler]` reads the parameters, so
//! it stands below the guard, which adds one.

use axum::routing::get;
use axum::{Router, debug_handler};
use cloakroom::{MemoryStore, Session, SessionError, SessionLayer, require_session};
use tests::{Browser, Shop, UserId};
use tracing::instrument;
use utoipa::OpenApi;

#[require_session(Shop, user_id)]
#[debug_handler]
async fn guard_debug(#[session] user_id: UserId) -> String {
    user_id.0.to_string()
}

#[require_session(Shop, user_id)]
#[instrument]
async fn guard_instrument(#[session] user_id: UserId) -> String {
    format!("{} in {}", user_id.0, span())
}

#[instrument]
#[require_session(Shop, user_id)]
async fn instrument_guard(#[session] user_id: UserId) -> String {
    format!("{} in {}", user_id.0, span())
}

#[require_session(Shop, user_id)]
#[utoipa::path(get, path = "/guard-path", responses((status = 200, body = String)))]
async fn guard_path(#[session] user_id: UserId) -> String {
    user_id.0.to_string()
}

#[utoipa::path(get, path = "/path-guard", responses((status = 200, body = String)))]
#[require_session(Shop, user_id)]
async fn path_guard(#[session] user_id: UserId) -> String {
    user_id.0.to_string()
}

/// All of them, in the order that always works: what reads the signature below, what describes the route above.
#[utoipa::path(get, path = "/all", responses((status = 200, body = String)))]
#[require_session(Shop, user_id)]
#[instrument(skip_all)]
#[debug_handler]
async fn all(session: Session<Shop>, #[session] user_id: UserId) -> Result<String, SessionError> {
    session.update_visits(|visits| *visits += 1).await?;
    Ok(format!("{} in {}", user_id.0, span()))
}

#[derive(OpenApi)]
#[openapi(paths(guard_path, path_guard, all))]
struct Api;

fn span() -> &'static str {
    tracing::Span::current().metadata().map_or("none", |span| span.name())
}

async fn sign_in(session: Session<Shop>) -> Result<(), SessionError> {
    session.set_user_id(UserId(7)).await
}

#[tokio::test]
async fn the_guard_guards_in_each_order() {
    let _listening = tracing::subscriber::set_default(tracing_subscriber::fmt().with_writer(std::io::sink).finish());
    let app = Router::new()
        .route("/guard-debug", get(guard_debug))
        .route("/guard-instrument", get(guard_instrument))
        .route("/instrument-guard", get(instrument_guard))
        .route("/guard-path", get(guard_path))
        .route("/path-guard", get(path_guard))
        .route("/all", get(all))
        .route("/in", axum::routing::post(sign_in));
    let mut browser = Browser::new(app.layer(SessionLayer::<Shop>::new(MemoryStore::new())));
    let expected = [
        ("/guard-debug", "7"),
        ("/guard-instrument", "7 in guard_instrument"),
        ("/instrument-guard", "7 in instrument_guard"),
        ("/guard-path", "7"),
        ("/path-guard", "7"),
        ("/all", "7 in all"),
    ];
    for (path, _) in expected {
        assert_eq!(browser.get(path).await.status, 401, "{path}");
    }
    browser.post("/in").await;
    for (path, body) in expected {
        assert_eq!(browser.get(path).await.body, body, "{path}");
    }
}

#[test]
fn routes_are_described_in_each_order() {
    let api = Api::openapi();
    let paths: Vec<&str> = api.paths.paths.keys().map(String::as_str).collect();
    assert_eq!(paths, ["/all", "/guard-path", "/path-guard"]);
}
