//! Parameters of handlers that every framework has, under one name each.

use actix_web::FromRequest as ActixFromRequest;
use actix_web::dev::Payload;
use actix_web::{HttpRequest, web};
use axum::extract::{FromRequest, FromRequestParts, Request};
use futures_util::future::{LocalBoxFuture, Ready, ready};
use http::request::Parts;
use serde::de::DeserializeOwned;

/// What the path has in braces.
pub struct Path<T>(pub T);

/// What the query says.
pub struct Query<T>(pub T);

/// A body in JSON.
pub struct Json<T>(pub T);

/// What [`Routes::with_state`](crate::web::Routes::with_state) was given.
pub struct State<T>(pub T);

/// A parameter that is the frameworks' own, unpacked.
macro_rules! unpacked {
    ($($ours:ident: $trait:ident::$method:ident($request:ty), $axum:path, $actix:path;)+) => {$(
        impl<S: Send + Sync, T: DeserializeOwned + Send + 'static> $trait<S> for $ours<T> {
            type Rejection = <$axum as $trait<S>>::Rejection;

            async fn $method(request: $request, state: &S) -> Result<Self, Self::Rejection> {
                <$axum as $trait<S>>::$method(request, state).await.map(|inside| Self(inside.0))
            }
        }

        impl<T: DeserializeOwned + 'static> ActixFromRequest for $ours<T> {
            type Error = actix_web::Error;
            type Future = LocalBoxFuture<'static, Result<Self, Self::Error>>;

            fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
                let inside = <$actix as ActixFromRequest>::from_request(request, payload);
                Box::pin(async move { Ok(Self(inside.await?.into_inner())) })
            }
        }
    )+};
}

unpacked! {
    Path: FromRequestParts::from_request_parts(&mut Parts), axum::extract::Path<T>, web::Path<T>;
    Query: FromRequestParts::from_request_parts(&mut Parts), axum::extract::Query<T>, web::Query<T>;
    Json: FromRequest::from_request(Request), axum::Json<T>, web::Json<T>;
}

impl<S: Send + Sync, T: Clone + Send + Sync + 'static> FromRequestParts<S> for State<T> {
    type Rejection = axum::extract::rejection::ExtensionRejection;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Self::Rejection> {
        axum::Extension::from_request_parts(parts, state).await.map(|inside| Self(inside.0))
    }
}

impl<T: Clone + 'static> ActixFromRequest for State<T> {
    type Error = actix_web::Error;
    type Future = Ready<Result<Self, Self::Error>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let missing = || actix_web::error::ErrorInternalServerError("no state");
        ready(request.app_data::<web::Data<T>>().map(|data| Self(T::clone(data))).ok_or_else(missing))
    }
}
