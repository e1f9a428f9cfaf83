//! Routes, on every framework. They look like axum's.

use std::net::SocketAddr;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;

use actix_web::dev::Service as _;
use actix_web::web::{self, Data, ServiceConfig};
use actix_web::{
    App as ActixApp, FromRequest as ActixFromRequest, HttpRequest, HttpResponse, HttpServer, ResponseError, Route,
};
use axum::body::Body;
use axum::extract::FromRequestParts;
use axum::response::IntoResponse;
use axum::routing::MethodRouter;
use axum::{Extension, Router};
use bytes::Bytes;
use futures_util::FutureExt as _;
use futures_util::future::{BoxFuture, LocalBoxFuture};
use http::{Method, Request};
use tower_http::catch_panic::CatchPanicLayer;

use crate::browser::{Answered, App};
use crate::web::actix::Service;
use crate::web::{Answer as _, Framework, Handle, Middleware, Parameters};

/// Adds routes to an actix application, or to a scope of it.
pub type Config = dyn Fn(&mut ServiceConfig) + Send + Sync;

/// Handlers by path.
#[derive(Clone)]
pub struct Routes {
    axum: Router,
    actix: Arc<Config>,
    service: Service,
}

impl Default for Routes {
    fn default() -> Self {
        Self::new()
    }
}

impl Routes {
    /// No routes yet.
    pub fn new() -> Self {
        Self::of(Router::new(), |_| ())
    }

    fn of(axum: Router, actix: impl Fn(&mut ServiceConfig) + Send + Sync + 'static) -> Self {
        Self { axum, actix: Arc::new(actix), service: Service::default() }
    }

    fn and(
        self,
        axum: impl FnOnce(Router) -> Router,
        more: impl Fn(&mut ServiceConfig) + Send + Sync + 'static,
    ) -> Self {
        let before = self.actix;
        Self::of(axum(self.axum), move |app| {
            // actix asks in this order, and what has middleware around it answers for every path.
            more(app);
            before(app);
        })
    }

    /// One more path, which may have parts in braces.
    pub fn route(self, path: &'static str, methods: Methods) -> Self {
        let Methods { axum, actix } = methods;
        self.and(
            |router| router.route(path, axum),
            move |app| {
                for route in &actix {
                    app.route(path, route());
                }
            },
        )
    }

    /// Routes below a path.
    pub fn nest(self, prefix: &'static str, routes: Self) -> Self {
        let inner = routes.actix;
        self.and(
            |router| router.nest(prefix, routes.axum),
            move |app| {
                app.service(web::scope(prefix).configure(|scope| inner(scope)));
            },
        )
    }

    /// What answers for all other paths.
    pub fn fallback(self, methods: Methods) -> Self {
        let Methods { axum, actix } = methods;
        self.and(
            |router| router.fallback_service(axum),
            move |app| {
                app.default_service(actix[0]());
            },
        )
    }

    /// What goes around the routes so far.
    pub fn layer(self, middleware: impl Middleware) -> Self {
        let axum = middleware.on_axum(self.axum);
        Self::of(axum, move |app| middleware.on_actix(&*self.actix, app))
    }

    /// What [`State`](crate::web::State) is in the routes so far.
    pub fn with_state<T: Clone + Send + Sync + 'static>(self, state: T) -> Self {
        let axum = self.axum.layer(Extension(state.clone()));
        Self::of(axum, move |app| {
            app.app_data(Data::new(state.clone()));
            (self.actix)(app);
        })
    }

    /// A panic is a 500.
    pub fn catch_panic(self) -> Self {
        let axum = self.axum.layer(CatchPanicLayer::new());
        Self::of(axum, move |app| {
            let routes = web::scope("").configure(|scope| (self.actix)(scope));
            app.service(routes.wrap_fn(|request, service| {
                let answered = AssertUnwindSafe(service.call(request)).catch_unwind();
                async { answered.await.unwrap_or_else(|_| Err(actix_web::error::ErrorInternalServerError("panic"))) }
            }));
        })
    }

    /// What is done with a parameter, such as the session, before each of the routes so far.
    pub fn before<P, E>(self, deed: fn(P) -> BoxFuture<'static, Result<(), E>>) -> Self
    where
        P: FromRequestParts<(), Rejection = E> + ActixFromRequest<Error = E> + Send + 'static,
        E: IntoResponse + ResponseError + Send + 'static,
    {
        let axum = self.axum.layer(axum::middleware::from_fn(
            move |parameter: P, request: axum::extract::Request, next: axum::middleware::Next| async move {
                deed(parameter).await?;
                Ok::<_, E>(next.run(request).await)
            },
        ));
        Self::of(axum, move |app| {
            let routes = web::scope("").configure(|scope| (self.actix)(scope));
            app.service(routes.wrap(actix_web::middleware::from_fn(
                move |mut request: actix_web::dev::ServiceRequest, next: actix_web::middleware::Next<_>| async move {
                    deed(request.extract::<P>().await?).await?;
                    next.call(request).await
                },
            )));
        })
    }
}

impl Routes {
    /// Serves these routes on a port of this machine, until the test is over.
    pub async fn serve(&self) -> SocketAddr {
        match Framework::current() {
            Framework::Axum => {
                let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a free port");
                let address = listener.local_addr().expect("an address");
                tokio::spawn(axum::serve(listener, self.axum.clone()).into_future());
                address
            }
            Framework::Actix => {
                let routes = Arc::clone(&self.actix);
                let server = HttpServer::new(move || ActixApp::new().configure(|app| routes(app)));
                // Else a handler whose client is gone runs to its end: a client may close its half and still listen.
                let server = server.h1_allow_half_closed(false);
                let server = server.workers(1).disable_signals().bind("127.0.0.1:0").expect("a free port");
                let address = server.addrs()[0];
                tokio::task::spawn_local(server.run());
                address
            }
        }
    }
}

impl App for Routes {
    type Body = LocalBoxFuture<'static, Bytes>;

    async fn answer(&self, request: Request<Body>) -> Answered<Self::Body> {
        match Framework::current() {
            Framework::Axum => {
                let Answered { status, headers, body } = self.axum.answer(request).await;
                Answered { status, headers, body }
            }
            Framework::Actix => self.service.answer(&self.actix, request).await,
        }
    }
}

impl crate::Browser<Routes> {
    /// Sends a request on a task of its own, on another thread where the framework can.
    pub fn spawn(&self, request: Request<Body>) -> tokio::task::JoinHandle<crate::Reply> {
        match Framework::current() {
            Framework::Axum => {
                let browser = self.at(self.app().axum.clone());
                tokio::spawn(async move { browser.fetch(request).await })
            }
            Framework::Actix => {
                let browser = self.clone();
                tokio::task::spawn_local(async move { browser.fetch(request).await })
            }
        }
    }
}

/// Handlers by method.
pub struct Methods {
    axum: MethodRouter,
    actix: Vec<Arc<dyn Fn() -> Route + Send + Sync>>,
}

impl Methods {
    /// `GET` as well, and `HEAD`, which axum answers by itself.
    pub fn get<P: Parameters<M>, M: 'static>(self, handler: impl Handle<P>) -> Self {
        let head = route(handler.clone());
        let get = route(handler.clone());
        let axum = self.axum.get(async move |parameters: P| handler.call(parameters).await.on_axum());
        Self { axum, actix: self.actix }.method(Method::HEAD, head).method(Method::GET, get)
    }

    /// `POST` as well.
    pub fn post<P: Parameters<M>, M: 'static>(self, handler: impl Handle<P>) -> Self {
        let post = route(handler.clone());
        let axum = self.axum.post(async move |parameters: P| handler.call(parameters).await.on_axum());
        Self { axum, actix: self.actix }.method(Method::POST, post)
    }

    fn method(mut self, method: Method, route: impl Fn() -> Route + Send + Sync + 'static) -> Self {
        let method: actix_web::http::Method = method.as_str().parse().expect("a method");
        self.actix.push(Arc::new(move || route().method(method.clone())));
        self
    }
}

/// A handler for `GET` and `HEAD`.
pub fn get<P: Parameters<M>, M: 'static>(handler: impl Handle<P>) -> Methods {
    none().get(handler)
}

/// A handler for `POST`.
pub fn post<P: Parameters<M>, M: 'static>(handler: impl Handle<P>) -> Methods {
    none().post(handler)
}

/// A handler for every method.
pub fn any<P: Parameters<M>, M: 'static>(handler: impl Handle<P>) -> Methods {
    let actix = route(handler.clone());
    let axum = axum::routing::any(async move |parameters: P| handler.call(parameters).await.on_axum());
    Methods { axum, actix: vec![Arc::new(actix)] }
}

fn none() -> Methods {
    Methods { axum: MethodRouter::new(), actix: Vec::new() }
}

fn route<P: ActixFromRequest + 'static>(handler: impl Handle<P>) -> impl Fn() -> Route + Send + Sync {
    move || {
        let handler = handler.clone();
        web::route().to(move |request: HttpRequest, parameters: P| {
            let handler = handler.clone();
            async move { handler.call(parameters).await.on_actix(&request) as HttpResponse }
        })
    }
}
