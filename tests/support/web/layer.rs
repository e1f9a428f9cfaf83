//! What goes around routes, on every framework.

use actix_web::web::{ServiceConfig, scope};
use axum::Router;
use cloakroom::{
    CookieSettings, CookiesLayer, CookiesMiddleware, Guard, GuardLayer, GuardMiddleware, Rejection, SessionData,
    SessionLayer, SessionMiddleware,
};

use crate::web::Sent;
use crate::web::routes::Config;

/// What goes around routes.
pub trait Middleware: Send + Sync + 'static {
    fn on_axum(&self, routes: Router) -> Router;
    fn on_actix(&self, routes: &Config, app: &mut ServiceConfig);
}

/// The same sessions as one framework's layer and as the other's middleware.
pub struct Both<D> {
    axum: SessionLayer<D>,
    actix: SessionMiddleware<D>,
}

impl<D: SessionData> From<SessionLayer<D>> for Both<D> {
    fn from(axum: SessionLayer<D>) -> Self {
        let actix = SessionMiddleware::from(axum.sessions().clone());
        Self { axum, actix }
    }
}

impl<D: SessionData> Both<D> {
    /// With an answer for all guards.
    pub fn with_rejection(self, answer: fn(&Rejection) -> Sent) -> Self {
        Self { axum: self.axum.with_rejection(answer), actix: self.actix.with_rejection(answer) }
    }

    /// With what changes both.
    pub fn map(
        self,
        axum: impl FnOnce(SessionLayer<D>) -> SessionLayer<D>,
        actix: impl FnOnce(SessionMiddleware<D>) -> SessionMiddleware<D>,
    ) -> Self {
        Self { axum: axum(self.axum), actix: actix(self.actix) }
    }
}

impl<D: SessionData> Middleware for Both<D> {
    fn on_axum(&self, routes: Router) -> Router {
        routes.layer(self.axum.clone())
    }

    fn on_actix(&self, routes: &Config, app: &mut ServiceConfig) {
        app.service(scope("").configure(|inner| routes(inner)).wrap(self.actix.clone()));
    }
}

impl<D: SessionData> Middleware for SessionLayer<D> {
    fn on_axum(&self, routes: Router) -> Router {
        routes.layer(self.clone())
    }

    fn on_actix(&self, routes: &Config, app: &mut ServiceConfig) {
        Both::from(self.clone()).on_actix(routes, app);
    }
}

impl Middleware for CookieSettings {
    fn on_axum(&self, routes: Router) -> Router {
        routes.layer(CookiesLayer::from(self.clone()))
    }

    fn on_actix(&self, routes: &Config, app: &mut ServiceConfig) {
        let cookies = CookiesMiddleware::from(self.clone());
        app.service(scope("").configure(|inner| routes(inner)).wrap(cookies));
    }
}

/// A header field on every response that comes by: its name and its value.
pub struct WithHeader(pub &'static str, pub &'static str);

impl Middleware for WithHeader {
    fn on_axum(&self, routes: Router) -> Router {
        let Self(name, value) = *self;
        routes.layer(axum::middleware::map_response(move |response: axum::response::Response| {
            std::future::ready(([(name, value)], response))
        }))
    }

    fn on_actix(&self, routes: &Config, app: &mut ServiceConfig) {
        let fields = actix_web::middleware::DefaultHeaders::new().add((self.0, self.1));
        app.service(scope("").configure(|inner| routes(inner)).wrap(fields));
    }
}

impl<G: Guard> Middleware for GuardLayer<G> {
    fn on_axum(&self, routes: Router) -> Router {
        routes.route_layer(*self)
    }

    fn on_actix(&self, routes: &Config, app: &mut ServiceConfig) {
        app.service(scope("").configure(|inner| routes(inner)).wrap(GuardMiddleware::<G>::new()));
    }
}
