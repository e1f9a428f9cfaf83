//! Who tries an example: keeps every cookie that is set, and sends it along.

use std::collections::BTreeMap;
use std::sync::Mutex;

use reqwest::header::{ACCEPT, COOKIE, HeaderMap, LOCATION, SET_COOKIE};
use reqwest::{Client, Method, RequestBuilder, StatusCode, redirect};
use tests::Serving;

pub struct Visitor {
    http: Client,
    address: String,
    cookies: Mutex<BTreeMap<String, String>>,
}

/// A response, read to its end.
pub struct Reply {
    pub status: StatusCode,
    pub text: String,
    headers: HeaderMap,
}

impl Reply {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().expect("a header in ASCII"))
    }

    /// Where a redirect leads.
    pub fn leads_to(&self) -> &str {
        assert_eq!(self.status, StatusCode::SEE_OTHER, "no redirect: {}", self.text);
        self.header(LOCATION.as_str()).expect("a redirect says where to")
    }
}

impl Visitor {
    pub fn at(program: &Serving) -> Self {
        let http = Client::builder().redirect(redirect::Policy::none()).no_proxy().build().expect("a client");
        Self { http, address: program.address.clone(), cookies: Mutex::default() }
    }

    /// The same visitor, cookies and all, after the program moved to another port.
    pub fn moved_to(self, program: &Serving) -> Self {
        Self { address: program.address.clone(), ..self }
    }

    /// As a person goes to a page.
    pub async fn page(&self, path: &str) -> Reply {
        self.send(self.request(Method::GET, path).header(ACCEPT, "text/html").header("sec-fetch-mode", "navigate"))
            .await
    }

    /// As a program asks.
    pub async fn get(&self, path: &str) -> Reply {
        self.send(self.request(Method::GET, path)).await
    }

    pub async fn post(&self, path: &str, body: &'static str) -> Reply {
        self.send(self.request(Method::POST, path).body(body)).await
    }

    pub async fn form(&self, path: &str, fields: &[(&str, &str)]) -> Reply {
        self.send(self.request(Method::POST, path).form(fields)).await
    }

    pub async fn json(&self, path: &str, value: &str) -> Reply {
        self.send(self.request(Method::POST, path).json(value)).await
    }

    fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let cookies = self.cookies.lock().expect("no panic in a jar");
        let cookies: Vec<_> = cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        self.http.request(method, format!("{}{path}", self.address)).header(COOKIE, cookies.join("; "))
    }

    async fn send(&self, request: RequestBuilder) -> Reply {
        let response = request.send().await.expect("the example answers");
        let (status, headers) = (response.status(), response.headers().clone());
        for cookie in headers.get_all(SET_COOKIE) {
            self.keep(cookie.to_str().expect("a cookie in ASCII"));
        }
        Reply { status, headers, text: response.text().await.expect("the example speaks UTF-8") }
    }

    fn keep(&self, cookie: &str) {
        let (pair, attributes) = cookie.split_once(';').expect("a session's cookie has attributes");
        let (name, value) = pair.split_once('=').expect("a cookie has a name and a value");
        let mut cookies = self.cookies.lock().expect("no panic in a jar");
        if attributes.contains("Max-Age=0") {
            cookies.remove(name);
        } else {
            cookies.insert(name.to_owned(), value.to_owned());
        }
    }
}
