//! Guards made by macros, in blocks that look alike, and under names that generated code might have taken.
#![deny(warnings)]

use axum::routing::get;
use cloakroom::{Session, SessionData, require_session, session_guard};

#[derive(SessionData)]
pub struct Shop {
    pub user_id: Option<u64>,
    pub level: u8,
    pub name: String,
}

async fn open(_: &Session<Shop>) -> bool {
    true
}

/// Names of type parameters.
#[session_guard(Shop, user_id)]
struct S {
    user_id: u64,
}

#[session_guard(S, level = 1)]
struct T {
    level: u8,
}

#[require_session(T, S)]
async fn short(#[session] user_id: u64, S { user_id: same }: S, T { level }: T) -> String {
    format!("{user_id} {same} {level}")
}

macro_rules! guarded {
    ($name:ident, $data:ty, $guard:ty, $path:path, $check:path, $pattern:pat, $to:literal, $field:ident: $type:ty) => {
        #[require_session($data, $guard, any($path, $path), check = $check, level = $pattern, redirect = $to, $field)]
        async fn $name(#[session] $field: $type) -> String {
            $field.to_string()
        }
    };
}

guarded!(by_macro, Shop, S, T, open, 1 | 3..=4, "/login", user_id: u64);

macro_rules! alone {
    ($name:ident, $guard:ty) => {
        #[require_session($guard)]
        async fn $name() {}
    };
}

alone!(by_name, S);

macro_rules! item {
    ($item:item) => {
        #[require_session]
        $item
    };
}

pub struct Pages<T>(T);

item! {
    impl Pages<u8> {
        #[require_session(Shop, level = Self::TOP, check = Self::is_open)]
        async fn show() {}
    }
}

impl Pages<u8> {
    const TOP: u8 = 3;

    async fn is_open(_: &Session<Shop>) -> bool {
        true
    }
}

/// Functions of one name, in blocks whose types end in one name.
#[require_session]
impl Pages<u16> {
    #[require_session(Shop, user_id)]
    async fn show() {}
}

mod other {
    pub struct Pages<T>(pub T);
}

#[require_session]
impl other::Pages<u8> {
    #[require_session(Shop, user_id)]
    async fn show() {}
}

fn main() {
    let _: axum::Router = axum::Router::new()
        .route("/1", get(short))
        .route("/2", get(by_macro))
        .route("/3", get(by_name))
        .route("/4", get(Pages::<u8>::show))
        .route("/5", get(Pages::<u16>::show))
        .route("/6", get(other::Pages::<u8>::show));
}
