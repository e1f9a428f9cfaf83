//! An actix application without a network: requests and responses in the types of the other tests.

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;

use actix_http::{BoxedPayloadStream, Request as ActixRequest};
use actix_web::body::{BoxBody, MessageBody as _};
use actix_web::dev::{Payload, Service as _, ServiceResponse};
use actix_web::error::PayloadError;
use actix_web::http::header::{HeaderName, HeaderValue};
use actix_web::{App, Error, test};
use axum::body::{Body, HttpBody as _};
use bytes::Bytes;
use futures_util::future::LocalBoxFuture;
use futures_util::{FutureExt as _, TryStreamExt as _};
use http::{HeaderMap, Request, StatusCode};

use crate::browser::Answered;
use crate::web::routes::Config;

type Call = dyn Fn(ActixRequest) -> LocalBoxFuture<'static, Result<ServiceResponse<BoxBody>, Error>>;

/// An application that is built when it is first asked.
#[derive(Clone, Default)]
pub(super) struct Service(Rc<RefCell<Option<Rc<Call>>>>);

impl Service {
    pub(super) async fn answer(
        &self,
        routes: &Arc<Config>,
        request: Request<Body>,
    ) -> Answered<LocalBoxFuture<'static, Bytes>> {
        let built = self.0.borrow().clone();
        let call = match built {
            Some(call) => call,
            None => build(Arc::clone(routes)).await,
        };
        *self.0.borrow_mut() = Some(Rc::clone(&call));
        match call(converted(request)).await {
            Ok(response) => answered(response.into_parts().1),
            Err(error) => answered(error.error_response()),
        }
    }
}

async fn build(routes: Arc<Config>) -> Rc<Call> {
    let service = test::init_service(App::new().configure(|app| routes(app))).await;
    Rc::new(move |request| service.call(request).boxed_local())
}

fn converted(request: Request<Body>) -> ActixRequest {
    let (head, body) = request.into_parts();
    let method = head.method.as_str().parse().expect("a method");
    let mut request = test::TestRequest::default().method(method).uri(&head.uri.to_string());
    for (name, value) in &head.headers {
        let name: HeaderName = name.as_str().parse().expect("a name");
        request = request.append_header((name, HeaderValue::from_bytes(value.as_bytes()).expect("a value")));
    }
    let request = request.to_request();
    if body.is_end_stream() {
        return request;
    }
    let chunks = body.into_data_stream().map_err(|error| PayloadError::Io(std::io::Error::other(error)));
    let chunks: BoxedPayloadStream = Box::pin(chunks);
    request.replace_payload(Payload::Stream { payload: chunks }).0
}

fn answered(response: actix_web::HttpResponse) -> Answered<LocalBoxFuture<'static, Bytes>> {
    let status = StatusCode::from_u16(response.status().as_u16()).expect("a status");
    let mut headers = HeaderMap::new();
    for (name, value) in response.headers() {
        let name: http::HeaderName = name.as_str().parse().expect("a name");
        headers.append(name, http::HeaderValue::from_bytes(value.as_bytes()).expect("a value"));
    }
    let body = response.into_body();
    let body = async move { actix_web::body::to_bytes(body.boxed()).await.expect("the body ends well") };
    Answered { status, headers, body: Box::pin(body) }
}
