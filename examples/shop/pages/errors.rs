//! What a visitor sees when something is wrong: the same for whatever it was that failed, and nothing of its insides.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::middleware::Next;
use axum::response::{Html, IntoResponse, Response};
use cloakroom::{Format, Rejection, Session};

use super::Frame;
use crate::app::App;
use crate::session::Shop;

#[derive(Template)]
#[template(path = "error.html")]
struct Oops {
    frame: Frame,
    status: u16,
    title: &'static str,
    words: &'static str,
}

/// What guards answer: a bare status where a page is wanted, which `for_the_visitor` then dresses; all else as the library has it.
pub fn turned_away(rejection: &Rejection) -> Response {
    match rejection.prefers() {
        Format::Html if rejection.location.is_none() => rejection.status().into_response(),
        _ => rejection.into_response(),
    }
}

/// Inside the session's layer: errors of handlers, extractors, guards and of addresses that do not exist.
pub async fn for_the_visitor(
    State(app): State<Arc<App>>,
    session: Session<Shop>,
    request: Request,
    next: Next,
) -> Response {
    let (wanted, uri) = (wants_html(request.headers()), request.uri().clone());
    let response = next.run(request).await;
    if !wanted || !is_plain_error(&response) {
        return response;
    }
    // What failed may be the session itself.
    let frame = Frame::of(&session, &app, &uri).await.unwrap_or_else(|_| Frame::bare());
    dress(response, frame)
}

/// Outside of it: what the layer itself refuses (a request from another site) or could not save.
pub async fn for_anyone(request: Request, next: Next) -> Response {
    let wanted = wants_html(request.headers());
    let response = next.run(request).await;
    if wanted && is_plain_error(&response) { dress(response, Frame::bare()) } else { response }
}

fn wants_html(headers: &HeaderMap) -> bool {
    headers
        .get(header::ACCEPT)
        .and_then(|accept| accept.to_str().ok())
        .is_some_and(|accept| accept.contains("text/html"))
}

/// A page that explains itself stays as it is.
fn is_plain_error(response: &Response) -> bool {
    let content_type = response.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let status = response.status();
    (status.is_client_error() || status.is_server_error())
        && !content_type.is_some_and(|it| it.starts_with("text/html"))
}

/// The body becomes a page; status and headers (a cookie among them) stay.
fn dress(response: Response, frame: Frame) -> Response {
    let status = response.status();
    let (title, words) = words(status);
    let Ok(page) = (Oops { frame, status: status.as_u16(), title, words }).render() else { return response };
    let mut parts = response.into_parts().0;
    parts.headers.remove(header::CONTENT_TYPE);
    parts.headers.remove(header::CONTENT_LENGTH);
    (parts.status, parts.headers, Html(page)).into_response()
}

fn words(status: StatusCode) -> (&'static str, &'static str) {
    match status {
        StatusCode::NOT_FOUND => {
            ("Nothing on this hook", "The page you asked for is not here. Perhaps it was collected already.")
        }
        StatusCode::FORBIDDEN => {
            ("Not with this ticket", "You may not do this, or the request came from another site. Nothing was changed.")
        }
        StatusCode::UNAUTHORIZED => ("Your ticket, please", "Sign in first."),
        StatusCode::CONFLICT => {
            ("That ticket has been handed in", "Your session ended in the meantime. Please start again.")
        }
        status if status.is_server_error() => {
            ("One moment, please", "Something went wrong on our side. Your things are safe; try again shortly.")
        }
        _ => ("We could not read that", "Something about the request was not as expected. Go back and try once more."),
    }
}
