//! Structs and guards in functions and modules, private and public, beside items of the same names.
#![deny(warnings)]

use axum::Router;
use axum::routing::get;
use cloakroom::{Session, SessionData, require_session};

#[derive(SessionData)]
struct Private {
    user_id: Option<u64>,
}

type PrivateSession = Session<Private>;

pub mod handlers {
    use super::Private;
    use cloakroom::require_session;

    /// As public as it likes, with data that is not.
    #[require_session(Private, user_id)]
    pub async fn admin(#[session] mut user_id: u64) -> String {
        user_id += 1;
        user_id.to_string()
    }
}

mod data {
    use cloakroom::SessionData;

    #[derive(SessionData)]
    pub(super) struct Inner {
        pub(in crate) seen: bool,
        pub(super) own: Box<Option<Box<u8>>>,
    }
}

async fn local() -> Router {
    #[derive(SessionData)]
    struct Local {
        count: u8,
    }

    #[require_session(Local, count = 1..)]
    async fn counted(session: Session<Local>) -> String {
        session.count().await.map(|count| count.to_string()).unwrap_or_default()
    }

    Router::new().route("/", get(counted))
}

fn main() {
    let _: Router = Router::new().route("/", get(handlers::admin));
    let _ = (local, |session: PrivateSession| session, |session: Session<data::Inner>| session.set_own(Box::new(None)));
}
