//! A handler, which is one on every framework.

use actix_web::FromRequest as ActixFromRequest;
use axum::extract::FromRequest;

use crate::web::Answer;

/// What every framework finds in a request, as a tuple. `M` is axum's mark of whether a body is among it.
pub trait Parameters<M>: FromRequest<(), M> + ActixFromRequest + Send + 'static {}

impl<M, P: FromRequest<(), M> + ActixFromRequest + Send + 'static> Parameters<M> for P {}

/// A function whose parameters every framework finds in a request. It is called with all of them at once.
pub trait Handle<Parameters>: Clone + Send + Sync + 'static {
    type Answer: Answer;

    fn call(self, parameters: Parameters) -> impl Future<Output = Self::Answer> + Send;
}

macro_rules! functions {
    ($(($($parameter:ident)*))+) => {$(
        impl<F, A, Running, $($parameter),*> Handle<($($parameter,)*)> for F
        where
            F: FnOnce($($parameter),*) -> Running + Clone + Send + Sync + 'static,
            Running: Future<Output = A> + Send,
            A: Answer,
        {
            type Answer = A;

            #[allow(non_snake_case, reason = "one name for the type and for what it is the type of")]
            fn call(self, ($($parameter,)*): ($($parameter,)*)) -> impl Future<Output = A> + Send {
                self($($parameter),*)
            }
        }
    )+};
}

functions! { () (P1) (P1 P2) (P1 P2 P3) (P1 P2 P3 P4) }
