//! The endpoints on axum.

use axum::Router;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use http::StatusCode;

/// Every path but `/show`. `/begin` is not measured: where routes are tried in turn, it comes after those that are.
pub const PATHS: [&str; 8] = ["/none", "/read", "/read8", "/write", "/add", "/login", "/logout", "/begin"];

/// An endpoint that asks nothing.
pub async fn hello() -> &'static str {
    "hello"
}

/// The endpoints, of which none asks anything.
pub fn plain() -> Router {
    PATHS.into_iter().fold(Router::new(), |router, path| router.route(path, get(hello)))
}

/// Why an endpoint did nothing: no figure may come of it.
pub struct Failed(String);

impl Failed {
    pub fn new(why: impl std::fmt::Display) -> Self {
        Self(why.to_string())
    }
}

impl IntoResponse for Failed {
    fn into_response(self) -> Response {
        (StatusCode::INTERNAL_SERVER_ERROR, self.0).into_response()
    }
}

/// `router!(W)`: the endpoints on sessions of the type `W`, which is an extractor that does the [`Work`](crate::Work).
#[macro_export]
macro_rules! router {
    ($work:ty) => {{
        use $crate::Work;
        use $crate::endpoints::{Failed, hello};
        type Sent = Result<(<$work as Work>::Sends, &'static str), Failed>;

        async fn show(work: $work) -> Result<String, Failed> {
            Ok(Work::show(work).await.map_err(Failed::new)?.to_string())
        }
        async fn read(work: $work) -> Result<String, Failed> {
            Work::read(work).await.map_err(Failed::new)
        }
        async fn read8(work: $work) -> Result<String, Failed> {
            Work::read8(work).await.map_err(Failed::new)
        }
        macro_rules! changing {
            ($name:ident) => {
                async fn $name(work: $work) -> Sent {
                    Ok((Work::$name(work).await.map_err(Failed::new)?, "hello"))
                }
            };
        }
        changing!(begin);
        changing!(write);
        changing!(add);
        changing!(login);
        changing!(logout);

        ::axum::Router::new()
            .route("/none", ::axum::routing::get(hello))
            .route("/begin", ::axum::routing::get(begin))
            .route("/show", ::axum::routing::get(show))
            .route("/read", ::axum::routing::get(read))
            .route("/read8", ::axum::routing::get(read8))
            .route("/write", ::axum::routing::get(write))
            .route("/add", ::axum::routing::get(add))
            .route("/login", ::axum::routing::get(login))
            .route("/logout", ::axum::routing::get(logout))
    }};
}
