//! Sends N requests through an application in process, so that an instruction counter can be put on it.
//!
//! `benches APP ENDPOINT N`: APP is `bare`, `layer` (one layer that does nothing), `cloakroom` (in memory) or `sealed` (in the cookie);
//! `benches/run` takes the difference of N and 2N requests for each.

use std::convert::Infallible;

use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use axum::response::Response;
use axum::routing::get;
use benches::{Shop, hello, prepare, with_sessions};
use cloakroom::{MemoryStore, SealKeys, Sessions};
use http::header;
use http_body_util::BodyExt as _;
use tower::{Service, ServiceExt as _};

/// Sessions made beforehand: as many for N requests as for 2N, so that making them cancels out.
const PREPARED: usize = 1_000;

#[derive(Clone)]
struct Nothing<S>(S);

impl<S: Service<Request, Response = Response, Error = Infallible>> Service<Request> for Nothing<S> {
    type Response = Response;
    type Error = Infallible;
    type Future = S::Future;

    fn poll_ready(&mut self, cx: &mut std::task::Context<'_>) -> std::task::Poll<Result<(), Infallible>> {
        self.0.poll_ready(cx)
    }

    fn call(&mut self, request: Request) -> S::Future {
        self.0.call(request)
    }
}

fn plain() -> Router {
    ["/none", "/read", "/read8", "/write", "/add", "/login", "/logout"]
        .into_iter()
        .fold(Router::new(), |router, path| router.route(path, get(hello)))
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [app, endpoint, count] = arguments.as_slice() else { panic!("usage: benches APP ENDPOINT N") };
    let count: usize = count.parse().expect("a number of requests");
    assert!(count <= PREPARED, "at most {PREPARED} requests: each login and logout needs a session of its own");

    let sessions = match app.as_str() {
        "sealed" => Sessions::<Shop>::sealed(SealKeys::ephemeral()),
        _ => Sessions::new(MemoryStore::new()),
    };
    let cookies = prepare(&sessions, PREPARED).await;
    let router = match app.as_str() {
        "bare" => plain(),
        "layer" => plain().layer(tower::layer::layer_fn(Nothing)),
        "cloakroom" | "sealed" => with_sessions(sessions),
        _ => panic!("no app `{app}`"),
    };
    let mut service = router.into_service::<Body>();
    let path = format!("/{}", endpoint.trim_end_matches("-cookieless"));
    let each_its_own = matches!(endpoint.as_str(), "login" | "logout");
    for number in 0..count {
        let mut request = Request::builder().uri(&path).header(header::HOST, "shop.test");
        if !endpoint.ends_with("-cookieless") {
            request = request.header(header::COOKIE, &cookies[if each_its_own { number } else { 0 }]);
        }
        let request = request.body(Body::empty()).expect("a valid request");
        let response = service.ready().await.expect("ready").call(request).await.expect("routers do not fail");
        assert!(response.status().is_success());
        std::hint::black_box(response.into_body().collect().await.expect("a body").to_bytes());
    }
}
