//! One description of an application, for every framework: routes whose handlers, parameters and answers are written once.
//!
//! [`on_both!`](crate::on_both) makes two tests of a function, `…::on_axum` and `…::on_actix`; within them, whatever [`Routes`] are asked is
//! asked of that framework.

mod actix;
mod answer;
mod extract;
mod handler;
mod layer;
mod routes;

use std::cell::Cell;

pub use answer::{Answer, Later, Sent};
pub use extract::{Json, Path, Query, State};
pub use handler::{Handle, Parameters};
pub use layer::{Both, Middleware, WithHeader};
pub use routes::{Methods, Routes, any, get, post};

/// A browser before routes on whichever framework the test is for.
pub type Browser = crate::Browser<Routes>;

/// What the routes run on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Framework {
    Axum,
    Actix,
}

thread_local! {
    static CURRENT: Cell<Option<Framework>> = const { Cell::new(None) };
}

impl Framework {
    /// The framework of the test that runs on this thread.
    pub fn current() -> Self {
        CURRENT.get().expect("this test is listed in `on_both!`")
    }

    /// What opens sessions on it.
    pub fn layer(self) -> &'static str {
        match self {
            Self::Axum => "SessionLayer",
            Self::Actix => "SessionMiddleware",
        }
    }

    /// Could this be what a request for a page asks for? actix is on `http` 0.2, which knows ASCII alone, and has no route for the `*` of
    /// a request about the whole server.
    pub fn reads(self, target: &str) -> bool {
        self == Self::Axum || (target != "*" && target.parse::<actix_web::http::Uri>().is_ok())
    }

    /// Runs a test on one thread, so that it decides who goes on.
    pub fn run(self, test: impl AsyncFnOnce()) {
        self.run_in(tokio::runtime::Builder::new_current_thread(), test);
    }

    /// Runs a test on several threads, as far as the framework has them: all of an actix application is on the test's own.
    pub fn run_on_threads(self, test: impl AsyncFnOnce()) {
        self.run_in(tokio::runtime::Builder::new_multi_thread(), test);
    }

    fn run_in(self, mut runtime: tokio::runtime::Builder, test: impl AsyncFnOnce()) {
        CURRENT.set(Some(self));
        let runtime = runtime.enable_all().build().expect("a runtime");
        tokio::task::LocalSet::new().block_on(&runtime, test());
    }
}

/// One test on each framework for functions without parameters.
#[macro_export]
macro_rules! on_both {
    ($($test:ident),+ $(,)?) => {$(
        mod $test {
            #[test]
            fn on_axum() {
                $crate::web::Framework::Axum.run(super::$test);
            }

            #[test]
            fn on_actix() {
                $crate::web::Framework::Actix.run(super::$test);
            }
        }
    )+};
}

/// One test on each store and framework for functions that take a `Place<impl SessionStore + Clone>`.
#[macro_export]
macro_rules! on_every_store_and_framework {
    (@ $test:ident $($store:ident)+) => {
        mod $test {$(
            mod $store {
                #[test]
                fn on_axum() {
                    $crate::web::Framework::Axum
                        .run_on_threads(async || super::super::$test($crate::places::$store()).await);
                }

                #[test]
                fn on_actix() {
                    $crate::web::Framework::Actix
                        .run_on_threads(async || super::super::$test($crate::places::$store()).await);
                }
            }
        )+}
    };
    ($($test:ident),+ $(,)?) => {
        $($crate::every_store! { [$crate::on_every_store_and_framework] @ $test })+
    };
}
