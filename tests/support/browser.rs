//! A browser without a network: sends requests straight into a service, and keeps its cookies.

use std::collections::BTreeMap;

use axum::Router;
use axum::body::Body;
use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Method, Request, StatusCode, header};
use http_body_util::BodyExt as _;
use tower::ServiceExt as _;

/// A response, read to its end.
#[derive(Debug)]
pub struct Reply {
    /// The status.
    pub status: StatusCode,
    /// The header fields.
    pub headers: HeaderMap,
    /// The body as text.
    pub body: String,
}

impl Reply {
    /// The texts of all `Set-Cookie` fields.
    pub fn set_cookies(&self) -> Vec<String> {
        let fields = self.headers.get_all(header::SET_COOKIE).iter();
        fields.map(|value| value.to_str().expect("cookies are ASCII").to_owned()).collect()
    }

    /// One header field's text.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }
}

/// Cookies by name, and the application to send them to. Clones start with the same cookies and go their own way.
#[derive(Clone)]
pub struct Browser {
    app: Router,
    jar: BTreeMap<String, String>,
}

impl Browser {
    /// A browser without cookies.
    pub fn new(app: Router) -> Self {
        Self { app, jar: BTreeMap::new() }
    }

    /// The same cookies, before another application (or the same one after a restart).
    pub fn at(&self, app: Router) -> Self {
        Self { app, jar: self.jar.clone() }
    }

    /// The value of a cookie.
    pub fn cookie(&self, name: &str) -> Option<&str> {
        self.jar.get(name).map(String::as_str)
    }

    /// Plants a cookie.
    pub fn set_cookie(&mut self, name: &str, value: &str) {
        self.jar.insert(name.to_owned(), value.to_owned());
    }

    /// The Cookie header's text.
    pub fn cookie_header(&self) -> String {
        self.jar.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("; ")
    }

    /// A request that carries the cookies; change it, then [`send`](Self::send) it.
    pub fn request(&self, method: Method, path: &str) -> Request<Body> {
        let mut request = Request::builder().method(method).uri(path).header(header::HOST, "shop.test");
        if !self.jar.is_empty() {
            request = request.header(header::COOKIE, self.cookie_header());
        }
        request.body(Body::empty()).expect("a valid request")
    }

    /// As a page that a browser goes to, as opposed to data that a script fetches.
    pub fn navigation(&self, method: Method, path: &str) -> Request<Body> {
        let mut request = self.request(method, path);
        request.headers_mut().insert(header::ACCEPT, HeaderValue::from_static("text/html,application/xhtml+xml"));
        request
    }

    /// Sends a request and keeps the cookies that come back.
    pub async fn send(&mut self, request: Request<Body>) -> Reply {
        let reply = self.fetch(request).await;
        self.keep(&reply);
        reply
    }

    /// Sends a request and leaves the cookies as they are.
    pub async fn fetch(&self, request: Request<Body>) -> Reply {
        let response = self.app.clone().oneshot(request).await.expect("routers do not fail");
        let (parts, body) = response.into_parts();
        let body: Bytes = body.collect().await.expect("the body ends well").to_bytes();
        Reply { status: parts.status, headers: parts.headers, body: String::from_utf8_lossy(&body).into_owned() }
    }

    /// Takes over the cookies of a reply.
    pub fn keep(&mut self, reply: &Reply) {
        for text in reply.set_cookies() {
            let (pair, attributes) = text.split_once(';').unwrap_or((&text, ""));
            let (name, value) = pair.split_once('=').expect("a cookie is a pair");
            if attributes.contains("Max-Age=0") {
                self.jar.remove(name);
            } else {
                self.jar.insert(name.to_owned(), value.to_owned());
            }
        }
    }

    /// `GET`.
    pub async fn get(&mut self, path: &str) -> Reply {
        self.send(self.request(Method::GET, path)).await
    }

    /// `POST` without a body.
    pub async fn post(&mut self, path: &str) -> Reply {
        self.send(self.request(Method::POST, path)).await
    }
}
