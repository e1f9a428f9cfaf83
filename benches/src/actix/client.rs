//! Asks an application on actix, in the same process.

use actix_http::Request;
use actix_web::Error;
use actix_web::body::{MessageBody, to_bytes};
use actix_web::dev::{Service, ServiceResponse};
use actix_web::http::header::{COOKIE, HOST, SET_COOKIE};
use actix_web::test::TestRequest;
use actix_web::web::Bytes;
use benches::client::{Client, Jar, Reply};

pub(super) struct OnActix<S>(pub S);

impl<S, B> OnActix<S>
where
    S: Service<Request, Response = ServiceResponse<B>, Error = Error>,
    B: MessageBody,
{
    async fn call(&self, path: &str, cookie: Option<&str>) -> ServiceResponse<B> {
        let mut request = TestRequest::with_uri(path).insert_header((HOST, "shop.test"));
        if let Some(cookie) = cookie {
            request = request.insert_header((COOKIE, cookie));
        }
        self.0.call(request.to_request()).await.expect("endpoints do not fail")
    }
}

async fn whole(response: ServiceResponse<impl MessageBody>) -> Bytes {
    to_bytes(response.into_body()).await.unwrap_or_else(|_| panic!("a body"))
}

impl<S, B> Client for OnActix<S>
where
    S: Service<Request, Response = ServiceResponse<B>, Error = Error>,
    B: MessageBody,
{
    async fn pass(&mut self, path: &str, cookie: Option<&str>) -> bool {
        let response = self.call(path, cookie).await;
        let success = response.status().is_success();
        std::hint::black_box(whole(response).await);
        success
    }

    async fn ask(&mut self, path: &str, jar: &mut Jar) -> Reply {
        let response = self.call(path, jar.header().as_deref()).await;
        for set_cookie in response.headers().get_all(SET_COOKIE) {
            jar.take(set_cookie.to_str().expect("a cookie is text"));
        }
        let success = response.status().is_success();
        Reply { success, body: String::from_utf8_lossy(&whole(response).await).into_owned() }
    }
}
