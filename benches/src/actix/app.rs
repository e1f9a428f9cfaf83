//! The endpoints on actix, and what is done with an application.

use std::fmt::Debug;

use actix_http::Request;
use actix_service::IntoServiceFactory;
use actix_web::body::MessageBody;
use actix_web::dev::{AppConfig, Service, ServiceFactory, ServiceResponse};
use actix_web::{Error, HttpServer, test, web};
use benches::check::{Keeps, check};
use benches::count::count;
use benches::serve::announce;

use super::client::OnActix;

pub(super) async fn hello() -> &'static str {
    "hello"
}

/// The endpoints, of which none asks anything.
pub(super) fn plain(app: &mut web::ServiceConfig) {
    for path in benches::endpoints::PATHS {
        app.route(path, web::get().to(hello));
    }
}

/// `endpoints!(W)`: the endpoints on sessions of the type `W`, which is an extractor that does the `Work`.
macro_rules! endpoints {
    ($work:ty) => {{
        use ::actix_web::{Error, error::ErrorInternalServerError, web};
        use ::benches::Work;

        macro_rules! endpoint {
            ($name:ident, $done:ident => $said:expr, $says:ty) => {
                async fn $name(work: $work) -> Result<$says, Error> {
                    let $done = Work::$name(work).await.map_err(|error| ErrorInternalServerError(error.to_string()))?;
                    Ok($said)
                }
            };
        }
        endpoint!(show, shown => shown.to_string(), String);
        endpoint!(read, name => name, String);
        endpoint!(read8, name => name, String);
        endpoint!(begin, _done => "hello", &'static str);
        endpoint!(write, _done => "hello", &'static str);
        endpoint!(add, _done => "hello", &'static str);
        endpoint!(login, _done => "hello", &'static str);
        endpoint!(logout, _done => "hello", &'static str);

        |app: &mut web::ServiceConfig| {
            app.route("/none", web::get().to($crate::app::hello))
                .route("/read", web::get().to(read))
                .route("/read8", web::get().to(read8))
                .route("/write", web::get().to(write))
                .route("/add", web::get().to(add))
                .route("/login", web::get().to(login))
                .route("/logout", web::get().to(logout))
                .route("/begin", web::get().to(begin))
                .route("/show", web::get().to(show));
        }
    }};
}
pub(super) use endpoints;

/// What the words on the command line say.
pub(super) async fn run<F, I, S, B>(words: &[&str], keeps: Keeps, app: F)
where
    F: Fn() -> I + Send + Clone + 'static,
    I: IntoServiceFactory<S, Request>,
    S: ServiceFactory<Request, Config = AppConfig, Response = ServiceResponse<B>, Error = Error> + 'static,
    S::InitError: Debug,
    S::Service: 'static,
    <S::Service as Service<Request>>::Future: 'static,
    B: MessageBody + 'static,
{
    let mut client = OnActix(test::init_service(app()).await);
    match *words {
        ["check", name] => check(name, keeps, &mut client).await,
        ["count", _, endpoint, requests] => {
            count(&mut client, endpoint, requests.parse().expect("a number of requests")).await;
        }
        ["serve", _, file] => {
            let listener = announce(&mut client, file).await;
            let server = HttpServer::new(app).workers(1).listen(listener).expect("a listener");
            server.run().await.expect("it serves");
        }
        _ => panic!("usage: bench_actix list | check APP | count APP ENDPOINT N | serve APP FILE"),
    }
}
