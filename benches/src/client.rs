//! Whoever asks an application, in the same process.

use std::collections::BTreeMap;
use std::convert::Infallible;

use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use axum::response::Response;
use http::{HeaderMap, StatusCode, header};
use http_body_util::BodyExt as _;
use tower::{Service, ServiceExt as _};

/// An application, ready to be asked.
#[allow(async_fn_in_trait, reason = "nobody spawns it")]
pub trait Client {
    /// Asks, and drops what it says. Whether it was a success: nothing more, since this is what is measured.
    async fn pass(&mut self, path: &str, cookie: Option<&str>) -> bool;

    /// Asks, and keeps the cookies that it sets in the jar.
    async fn ask(&mut self, path: &str, jar: &mut Jar) -> Reply;
}

/// What an application says.
#[derive(Debug)]
pub struct Reply {
    pub success: bool,
    pub body: String,
}

/// A browser's cookies, as far as it takes here.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Jar(BTreeMap<String, String>);

impl Jar {
    /// For the header `Cookie`.
    pub fn header(&self) -> Option<String> {
        let pairs: Vec<String> = self.0.iter().map(|(name, value)| format!("{name}={value}")).collect();
        (!pairs.is_empty()).then(|| pairs.join("; "))
    }

    /// What a `Set-Cookie` says.
    pub fn take(&mut self, set_cookie: &str) {
        let (pair, attributes) = set_cookie.split_once(';').unwrap_or((set_cookie, ""));
        let (name, value) = pair.split_once('=').expect("a cookie is a pair");
        let attributes = attributes.to_ascii_lowercase();
        if attributes.contains("max-age=0") || attributes.contains(" 1970 ") || value.is_empty() {
            self.0.remove(name);
        } else {
            self.0.insert(name.to_owned(), value.to_owned());
        }
    }
}

/// An application on axum.
pub struct OnAxum<S>(S);

/// Puts an application behind a [`Client`].
pub fn on_axum(router: Router) -> OnAxum<impl Service<Request, Response = Response, Error = Infallible>> {
    OnAxum(router.into_service::<Body>())
}

impl<S: Service<Request, Response = Response, Error = Infallible>> OnAxum<S> {
    async fn call(&mut self, path: &str, cookie: Option<&str>) -> (StatusCode, HeaderMap, axum::body::Bytes) {
        let mut request = Request::builder().uri(path).header(header::HOST, "shop.test");
        if let Some(cookie) = cookie {
            request = request.header(header::COOKIE, cookie);
        }
        let request = request.body(Body::empty()).expect("a valid request");
        let service = self.0.ready().await.expect("routers are ready");
        let (head, body) = service.call(request).await.expect("routers do not fail").into_parts();
        (head.status, head.headers, body.collect().await.expect("a body").to_bytes())
    }
}

impl<S: Service<Request, Response = Response, Error = Infallible>> Client for OnAxum<S> {
    async fn pass(&mut self, path: &str, cookie: Option<&str>) -> bool {
        std::hint::black_box(self.call(path, cookie).await).0.is_success()
    }

    async fn ask(&mut self, path: &str, jar: &mut Jar) -> Reply {
        let (status, headers, body) = self.call(path, jar.header().as_deref()).await;
        for set_cookie in headers.get_all(header::SET_COOKIE) {
            jar.take(set_cookie.to_str().expect("a cookie is text"));
        }
        Reply { success: status.is_success(), body: String::from_utf8_lossy(&body).into_owned() }
    }
}
