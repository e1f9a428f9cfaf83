//! The shop as one service: its state, its addresses and what every response carries.

use std::sync::{Arc, Mutex, PoisonError};

use axum::extract::{DefaultBodyLimit, Request};
use axum::http::{HeaderValue, header};
use axum::middleware::{self, Next};
use axum::response::Response;
use axum::routing::{get, post};
use axum::{Router, http::StatusCode};
use cloakroom::{Session, SessionLayer};

use crate::cart::Line;
use crate::catalogue::Money;
use crate::pages::{account, admin, api, assets, cart, devices, errors, home, login, theme};
use crate::session::{OrderNo, Shop, UserId};
use crate::users::Users;

/// What the shop knows apart from sessions. In a real shop this is a database.
pub struct App {
    pub users: Users,
    orders: Mutex<Vec<Order>>,
}

#[derive(Clone)]
pub struct Order {
    pub no: OrderNo,
    pub user_id: UserId,
    pub total: Money,
}

impl App {
    pub fn open() -> Result<Self, String> {
        let users = Users::demo().map_err(|error| format!("the passwords could not be hashed: {error}"))?;
        Ok(Self { users, orders: Mutex::default() })
    }

    pub fn place_order(&self, user_id: UserId, lines: &[Line]) -> OrderNo {
        let mut orders = self.orders.lock().unwrap_or_else(PoisonError::into_inner);
        let no = OrderNo(orders.len() as u32 + 1);
        orders.push(Order { no, user_id, total: crate::cart::total(lines) });
        no
    }

    pub fn orders(&self) -> Vec<Order> {
        self.orders.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

pub fn router(app: Arc<App>, sessions: SessionLayer<Shop>) -> Router {
    let pages = Router::new()
        .route("/", get(home::show))
        .route("/cart", get(cart::show))
        .route("/cart/add", post(cart::add))
        .route("/cart/set", post(cart::set))
        .route("/checkout", post(cart::check_out))
        .route("/login", get(login::show).post(login::sign_in))
        .route("/logout", post(login::sign_out))
        .route("/account", get(account::show))
        .route("/account/email", get(account::email_form).post(account::set_email))
        .route("/account/devices", get(devices::show))
        .route("/account/devices/sign-out", post(devices::sign_out_one))
        .route("/account/devices/sign-out-others", post(devices::sign_out_others))
        .route("/account/password", get(devices::password_form).post(devices::set_password))
        .route("/admin", get(admin::show))
        .route("/theme", post(theme::set))
        .route("/api/me", get(api::me))
        .route("/api/cart", get(api::cart).post(api::add).delete(api::empty))
        .fallback(async || StatusCode::NOT_FOUND)
        .method_not_allowed_fallback(async || StatusCode::METHOD_NOT_ALLOWED)
        .layer(DefaultBodyLimit::max(16 * 1024))
        .layer(middleware::from_fn_with_state(Arc::clone(&app), errors::for_the_visitor))
        .layer(middleware::from_fn(back_button))
        .layer(sessions.with_rejection(errors::turned_away))
        .layer(middleware::from_fn(errors::for_anyone));
    // These have no session, and come after its layer, so that they can be cached.
    pages.merge(assets::router()).layer(middleware::from_fn(habits)).with_state(app)
}

/// What a page may load (its own files only), who may frame it (nobody), and what other sites learn of it (nothing).
const HABITS: [(header::HeaderName, &str); 4] = [
    (
        header::CONTENT_SECURITY_POLICY,
        "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'",
    ),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::X_FRAME_OPTIONS, "DENY"),
    (header::REFERRER_POLICY, "same-origin"),
];

/// Browsers keep pages for the back button until a cookie changes, even those that are not to be stored. Whoever was signed out from
/// elsewhere has the old cookie still, and is told to forget them: all but the page that is just being left.
async fn back_button(session: Session<Shop>, request: Request, next: Next) -> Response {
    let had_cookie = request.headers().contains_key(header::COOKIE);
    let mut response = next.run(request).await;
    if had_cookie && matches!(session.id().await, Ok(None)) {
        response.headers_mut().insert("clear-site-data", HeaderValue::from_static("\"cache\""));
    }
    response
}

async fn habits(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    for (name, value) in HABITS {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    response
}
