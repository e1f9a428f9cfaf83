//! A browser without a network: sends requests straight into a service, and keeps its cookies.

use std::collections::BTreeMap;

use axum::Router;
use axum::body::Body;
use bytes::Bytes;
use futures_util::future::BoxFuture;
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

/// The head of a response, and its body to come.
pub struct Answered<B> {
    /// The status.
    pub status: StatusCode,
    /// The header fields.
    pub headers: HeaderMap,
    /// Reads the body to its end.
    pub body: B,
}

impl<B: Future<Output = Bytes>> Answered<B> {
    /// With the body.
    pub async fn read(self) -> Reply {
        let body = String::from_utf8_lossy(&self.body.await).into_owned();
        Reply { status: self.status, headers: self.headers, body }
    }
}

/// What a browser can send requests to.
pub trait App: Clone {
    type Body: Future<Output = Bytes>;

    fn answer(&self, request: Request<Body>) -> impl Future<Output = Answered<Self::Body>>;
}

impl App for Router {
    type Body = BoxFuture<'static, Bytes>;

    async fn answer(&self, request: Request<Body>) -> Answered<Self::Body> {
        let (head, body) = self.clone().oneshot(request).await.expect("routers do not fail").into_parts();
        let body = async move { body.collect().await.expect("the body ends well").to_bytes() };
        Answered { status: head.status, headers: head.headers, body: Box::pin(body) }
    }
}

/// Cookies by name, and the application to send them to. Clones start with the same cookies and go their own way.
#[derive(Clone)]
pub struct Browser<A = Router> {
    app: A,
    jar: BTreeMap<String, String>,
}

impl<A: App> Browser<A> {
    /// A browser without cookies.
    pub fn new(app: A) -> Self {
        Self { app, jar: BTreeMap::new() }
    }

    /// The same cookies, before another application (or the same one after a restart).
    pub fn at<B>(&self, app: B) -> Browser<B> {
        Browser { app, jar: self.jar.clone() }
    }

    /// The application.
    pub fn app(&self) -> &A {
        &self.app
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
        self.app.answer(request).await.read().await
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
        self.post_text(path, "").await
    }

    /// `POST` of a text.
    pub async fn post_text(&mut self, path: &str, text: &'static str) -> Reply {
        self.send(self.request(Method::POST, path).map(|_| text.into())).await
    }
}
