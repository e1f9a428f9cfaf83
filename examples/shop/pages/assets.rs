//! The files that pages load: built into the program, without a session, free to be cached.

use axum::Router;
use axum::http::header;
use axum::response::IntoResponse;
use axum::routing::get;

const STYLE: &str = include_str!("../style.css");
const ART: &str = include_str!("../art.svg");
const ICON: &str = include_str!("../icon.svg");

pub fn router<S: Clone + Send + Sync + 'static>() -> Router<S> {
    Router::new()
        .route("/style.css", get(async || asset("text/css; charset=utf-8", STYLE)))
        .route("/art.svg", get(async || asset("image/svg+xml", ART)))
        .route("/icon.svg", get(async || asset("image/svg+xml", ICON)))
}

fn asset(content_type: &'static str, body: &'static str) -> impl IntoResponse {
    ([(header::CONTENT_TYPE, content_type), (header::CACHE_CONTROL, "public, max-age=300")], body)
}
