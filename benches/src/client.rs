//! Whoever asks an application, in the same process.

use std::collections::BTreeMap;
use std::convert::Infallible;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::Request;
use axum::response::Response;
use http::{HeaderMap, HeaderValue, StatusCode, Uri, header};
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

const HOST: &str = "shop.test";

/// A request as hyper hands it out: its address and its header fields share the bytes of the head that was received.
fn request(path: &str, cookie: Option<&str>) -> Request {
    let head = Bytes::from([path, HOST, cookie.unwrap_or_default()].concat());
    let host = path.len() + HOST.len();
    let (path, host, cookies) = (head.slice(..path.len()), head.slice(path.len()..host), head.slice(host..));
    let value = |bytes| HeaderValue::from_maybe_shared(bytes).expect("a valid header");
    let mut request = Request::new(Body::empty());
    *request.uri_mut() = Uri::from_maybe_shared(path).expect("a valid address");
    request.headers_mut().insert(header::HOST, value(host));
    if cookie.is_some() {
        request.headers_mut().insert(header::COOKIE, value(cookies));
    }
    request
}

/// An application on axum.
pub struct OnAxum<S>(S);

/// Puts an application behind a [`Client`].
pub fn on_axum(router: Router) -> OnAxum<impl Service<Request, Response = Response, Error = Infallible>> {
    OnAxum(router.into_service::<Body>())
}

impl<S: Service<Request, Response = Response, Error = Infallible>> OnAxum<S> {
    async fn call(&mut self, path: &str, cookie: Option<&str>) -> (StatusCode, HeaderMap, Bytes) {
        let request = request(path, cookie);
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
