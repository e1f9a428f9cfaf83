//! What counts as a bearer token: the Authorization header alone, and only one.

use cloakroom::{MemoryStore, Sessions};
use http::{HeaderValue, Method, header};
use tests::on_both;

use crate::{Api, App, app, challenge};

on_both!(the_scheme_is_read_as_http_says, two_tokens_are_none, a_token_anywhere_else_is_not_read,);

async fn the_scheme_is_read_as_http_says() {
    let app = app(MemoryStore::new());
    let token = app.signed_in().await;
    for good in [
        format!("Bearer {token}"),
        format!("bearer {token}"),
        format!("BEARER {token}"),
        format!("Bearer   {token}"),
        format!(" Bearer {token} "),
    ] {
        assert_eq!(app.ask_with("/me", Some(&good)).await.body, "7", "{good}");
    }
    for bad in [
        token.clone(),
        format!("Bearer{token}"),
        format!("Bearer\t{token}"),
        format!("Bearer: {token}"),
        format!("Bearer \"{token}\""),
        format!("Bearer {token}="),
        format!("Bearer {token}, Bearer {token}"),
        format!("Bearer {token} {token}"),
        format!("Bearers {token}"),
        format!("Basic {token}"),
        format!("Token {token}"),
        format!("Bearer {}", &token[1..]),
        "Bearer".to_owned(),
        "Bea".to_owned(),
        String::new(),
    ] {
        assert_eq!(app.ask_with("/me", Some(&bad)).await.status, 401, "{bad}");
    }
}

/// Of two tokens, one was planted on the way, and nobody can say which.
async fn two_tokens_are_none() {
    let app = app(MemoryStore::new());
    let (one, other) = (app.signed_in().await, app.signed_in().await);
    let with = async |first: &str, second: &str| {
        let mut request = App::request(Method::GET, "/me", Some(first));
        request.headers_mut().append(header::AUTHORIZATION, HeaderValue::from_str(second).unwrap());
        app.send(request).await
    };
    let [one, other] = [one, other].map(|token| format!("Bearer {token}"));
    let refused = with(&one, &other).await;
    assert_eq!(
        (refused.status.as_u16(), challenge(&refused.headers)),
        (401, Some(r#"Bearer realm="api", error="invalid_token""#))
    );
    assert_eq!(with(&one, "Bearer hello").await.status, 401);
    assert_eq!(with(&one, &one).await.body, "7", "the same one twice is one");
    assert_eq!(with("Basic YWRhOmVuZ2luZQ==", &one).await.body, "7", "another scheme is for somebody else");
}

/// A token in an address ends up in logs, histories and Referer fields (RFC 6750, section 5.3), one in a cookie is sent by browsers.
async fn a_token_anywhere_else_is_not_read() {
    let app = app(MemoryStore::new());
    let token = app.signed_in().await;
    let elsewhere = [
        ("cookie", format!("__Host-api={token}; api={token}; access_token={token}")),
        ("cookie", format!("Bearer {token}")),
        ("proxy-authorization", format!("Bearer {token}")),
        ("x-authorization", format!("Bearer {token}")),
    ];
    for (name, value) in elsewhere {
        let mut request = App::request(Method::GET, "/me", None);
        request.headers_mut().insert(name, HeaderValue::from_str(&value).unwrap());
        assert_eq!(app.send(request).await.status, 401, "{name}: {value}");
    }
    let in_address = format!("/me?access_token={token}&token={token}");
    assert_eq!(app.send(App::request(Method::GET, &in_address, None)).await.status, 401);
    let mut form = App::request(Method::POST, "/count", None).map(|_| format!("access_token={token}").into());
    let kind = HeaderValue::from_static("application/x-www-form-urlencoded");
    form.headers_mut().insert(header::CONTENT_TYPE, kind);
    assert_eq!(app.send(form).await.status, 500, "nobody's call, which begins a session that nobody is told of");
    assert_eq!(app.ask("/count", &token).await.body, "1");
}

#[test]
fn a_token_is_found_in_header_text() {
    let sessions = Sessions::<Api>::bearer(MemoryStore::new());
    let token = "A".repeat(43);
    let field = format!("Bearer {token}");
    assert_eq!(sessions.request_field(), "authorization");
    assert_eq!(sessions.find_token([field.as_bytes()]).map(|found| found.expose()), Some(token.clone()));
    let cookie = format!("__Host-api={token}");
    for none in [&*cookie, &*token, "Bearer hello", "Bearer \u{e4}"] {
        assert_eq!(sessions.find_token([none.as_bytes()]), None, "{none}");
    }
}
