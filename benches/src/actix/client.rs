//! Asks an application on actix, in the same process.

use actix_http::Request;
use actix_web::Error;
use actix_web::body::{MessageBody, to_bytes};
use actix_web::dev::{Service, ServiceResponse};
use actix_web::http::StatusCode;
use actix_web::http::header::{COOKIE, HOST, HeaderMap, SET_COOKIE};
use actix_web::test::TestRequest;
use actix_web::web::Bytes;
use benches::client::{Client, Jar, Reply};

pub(super) struct OnActix<S>(pub S);

impl<S, B> OnActix<S>
where
    S: Service<Request, Response = ServiceResponse<B>, Error = Error>,
    B: MessageBody,
{
    async fn call(&self, path: &str, cookie: Option<&str>) -> (StatusCode, HeaderMap, Bytes) {
        let mut request = TestRequest::with_uri(path).insert_header((HOST, "shop.test"));
        if let Some(cookie) = cookie {
            request = request.insert_header((COOKIE, cookie));
        }
        let response = self.0.call(request.to_request()).await.expect("endpoints do not fail");
        let (status, headers) = (response.status(), response.headers().clone());
        let body = to_bytes(response.into_body()).await.unwrap_or_else(|_| panic!("a body"));
        (status, headers, body)
    }
}

impl<S, B> Client for OnActix<S>
where
    S: Service<Request, Response = ServiceResponse<B>, Error = Error>,
    B: MessageBody,
{
    async fn pass(&mut self, path: &str, cookie: Option<&str>) -> bool {
        std::hint::black_box(self.call(path, cookie).await).0.is_success()
    }

    async fn ask(&mut self, path: &str, jar: &mut Jar) -> Reply {
        let (status, headers, body) = self.call(path, jar.header().as_deref()).await;
        for set_cookie in headers.get_all(SET_COOKIE) {
            jar.take(set_cookie.to_str().expect("a cookie is text"));
        }
        Reply { success: status.is_success(), body: String::from_utf8_lossy(&body).into_owned() }
    }
}
