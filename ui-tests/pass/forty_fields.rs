//! A large struct, and a future of everything it can do that another thread may run.

use cloakroom::{Session, SessionData, SessionError};

macro_rules! large {
    ($($field:ident)*) => {
        #[derive(SessionData)]
        struct Large {
            $($field: Vec<String>,)*
        }

        async fn touch(session: Session<Large>) -> Result<usize, SessionError> {
            let all = session.snapshot().await?;
            Ok(0 $(+ session.$field().await?.len() + all.$field.len())*)
        }
    };
}

large! {
    a0 a1 a2 a3 a4 a5 a6 a7 a8 a9 b0 b1 b2 b3 b4 b5 b6 b7 b8 b9
    c0 c1 c2 c3 c4 c5 c6 c7 c8 c9 d0 d1 d2 d3 d4 d5 d6 d7 d8 d9
}

fn is_send(_: impl Send) {}

fn main() {
    let _ = |session: Session<Large>| is_send(touch(session.clone()));
    let _ = |session: Session<Large>| is_send(async move { session.update_a0(|list| list.len()).await });
}
