//! A browser of a running program, over HTTP: it takes cookies as browsers do, and says where its requests come from.

use std::collections::BTreeMap;
use std::sync::Mutex;

use reqwest::header::{ACCEPT, HeaderMap, LOCATION, ORIGIN, SET_COOKIE, USER_AGENT};
use reqwest::{Client, Method, RequestBuilder, StatusCode, redirect};
use serde_json::Value;

/// Keeps every cookie that is set, as long as a browser would take it and it is as safe as a session's should be.
pub struct HttpBrowser {
    http: Client,
    address: String,
    user_agent: String,
    cookies: Mutex<BTreeMap<String, String>>,
    same_site: BTreeMap<&'static str, &'static str>,
}

/// A response, read to its end.
pub struct Page {
    /// Its status.
    pub status: StatusCode,
    /// Its body.
    pub text: String,
    headers: HeaderMap,
}

impl Page {
    /// Is this in its body?
    pub fn has(&self, text: &str) -> bool {
        self.text.contains(text)
    }

    /// A header's value.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().expect("a header in ASCII"))
    }

    /// Where a redirect leads.
    pub fn leads_to(&self) -> &str {
        assert_eq!(self.status, StatusCode::SEE_OTHER, "no redirect: {}", self.text);
        self.header(LOCATION.as_str()).expect("a redirect says where to")
    }

    /// Its body, which is JSON.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|error| panic!("{error}: {}", self.text))
    }
}

impl HttpBrowser {
    /// A browser without cookies, for the program at this address.
    pub fn at(address: &str) -> Self {
        let http = Client::builder().redirect(redirect::Policy::none()).no_proxy().build().expect("a client");
        let (address, user_agent) = (address.to_owned(), String::new());
        Self { http, address, user_agent, cookies: Mutex::default(), same_site: BTreeMap::new() }
    }

    /// The same browser, which now says that it is this one.
    pub fn called(self, user_agent: &str) -> Self {
        Self { user_agent: user_agent.to_owned(), ..self }
    }

    /// The same browser, which expects this `SameSite` of the cookie of that name, and not `Lax` as of all others.
    pub fn with_same_site(mut self, cookie: &'static str, same_site: &'static str) -> Self {
        self.same_site.insert(cookie, same_site);
        self
    }

    /// The same browser, cookies and all, after the program moved to another port. (Cookies do not know ports.)
    pub fn moved_to(self, address: &str) -> Self {
        Self { address: address.to_owned(), ..self }
    }

    /// Another browser with the same cookies: what a thief of them would have.
    pub fn copy(&self) -> Self {
        let (cookies, same_site) = (Mutex::new(self.cookies()), self.same_site.clone());
        let (http, address, user_agent) = (self.http.clone(), self.address.clone(), self.user_agent.clone());
        Self { http, address, user_agent, cookies, same_site }
    }

    /// All cookies, by name.
    pub fn cookies(&self) -> BTreeMap<String, String> {
        self.cookies.lock().expect("no panic in a jar").clone()
    }

    /// Plants a cookie.
    pub fn set_cookie(&self, name: &str, value: &str) {
        self.cookies.lock().expect("no panic in a jar").insert(name.to_owned(), value.to_owned());
    }

    /// As a person goes to a page.
    pub async fn page(&self, path: &str) -> Page {
        self.send(self.navigation(Method::GET, path, "none")).await
    }

    /// As a person sends a form of the program's own.
    pub async fn submit(&self, path: &str, form: &[(&str, &str)]) -> Page {
        let origin = self.address.clone();
        self.send(self.navigation(Method::POST, path, "same-origin").header(ORIGIN, origin).form(form)).await
    }

    /// Sends a form that stands on somebody else's page. (Browsers that keep to `SameSite=Lax` would not even add the cookie.)
    pub async fn submit_from_elsewhere(&self, path: &str, form: &[(&str, &str)]) -> Page {
        let request = self.navigation(Method::POST, path, "cross-site").header(ORIGIN, "https://evil.example");
        self.send(request.form(form)).await
    }

    /// As a script of the program's own would fetch.
    pub async fn fetch(&self, method: Method, path: &str, body: Option<Value>) -> Page {
        let request =
            self.request(method, path).header("sec-fetch-site", "same-origin").header("sec-fetch-mode", "cors");
        let request = request.header(ACCEPT, "application/json").header(ORIGIN, &self.address);
        self.send(match body {
            Some(body) => request.json(&body),
            None => request,
        })
        .await
    }

    /// As another program asks.
    pub async fn get(&self, path: &str) -> Page {
        self.send(self.request(Method::GET, path)).await
    }

    /// As another program sends a text.
    pub async fn post(&self, path: &str, text: &'static str) -> Page {
        self.send(self.request(Method::POST, path).body(text)).await
    }

    /// As another program sends a form.
    pub async fn post_form(&self, path: &str, form: &[(&str, &str)]) -> Page {
        self.send(self.request(Method::POST, path).form(form)).await
    }

    fn navigation(&self, method: Method, path: &str, site: &str) -> RequestBuilder {
        let request = self.request(method, path).header(ACCEPT, "text/html,application/xhtml+xml,*/*;q=0.8");
        request.header("sec-fetch-mode", "navigate").header("sec-fetch-site", site)
    }

    fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let cookies: Vec<_> = self.cookies().iter().map(|(name, value)| format!("{name}={value}")).collect();
        let request = self.http.request(method, format!("{}{path}", self.address)).header(USER_AGENT, &self.user_agent);
        if cookies.is_empty() { request } else { request.header("cookie", cookies.join("; ")) }
    }

    async fn send(&self, request: RequestBuilder) -> Page {
        let response = request.send().await.expect("the program answers");
        let (status, headers) = (response.status(), response.headers().clone());
        for cookie in headers.get_all(SET_COOKIE) {
            self.keep(cookie.to_str().expect("a cookie in ASCII"));
        }
        Page { status, headers, text: response.text().await.expect("the program speaks UTF-8") }
    }

    /// Takes a cookie as browsers do on `http://localhost`, which they trust as if it were https: `Secure` is fine there, and
    /// what `__Host-` and `__Secure-` ask for is asked for there too. (RFC 6265bis, section 5.7.)
    fn keep(&self, cookie: &str) {
        let mut parts = cookie.split("; ");
        let (name, value) =
            parts.next().and_then(|pair| pair.split_once('=')).expect("a cookie has a name and a value");
        let attributes: Vec<_> = parts.collect();
        let has = |attribute: &str| attributes.iter().any(|it| it.eq_ignore_ascii_case(attribute));
        let starts = |attribute: &str| attributes.iter().any(|it| it.to_ascii_lowercase().starts_with(attribute));
        let is_host = name.starts_with("__Host-");
        let is_refused = is_host && (!has("Path=/") || starts("domain="))
            || (is_host || name.starts_with("__Secure-")) && !has("Secure");
        assert!(!is_refused, "browsers refuse this: {cookie}");
        let same_site = self.same_site.get(name).unwrap_or(&"Lax");
        assert!(
            has("HttpOnly") && has(&format!("SameSite={same_site}")),
            "this is not how the session's cookie should be: {cookie}"
        );
        let mut cookies = self.cookies.lock().expect("no panic in a jar");
        if has("Max-Age=0") {
            cookies.remove(name);
        } else {
            cookies.insert(name.to_owned(), value.to_owned());
        }
    }
}
