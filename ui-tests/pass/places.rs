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

/// Types of the names that the derive would have chosen for its own.
#[derive(Clone, Default, serde::Deserialize, serde::Serialize)]
pub struct OrderFields(u8);

#[derive(Clone, Default, serde::Deserialize, serde::Serialize)]
pub struct OrderSession(u8);

#[derive(SessionData)]
pub struct Order {
    pub fields: Option<OrderFields>,
    pub before: Vec<OrderSession>,
}

pub async fn names_of_its_own(session: &Session<Order>) -> Result<usize, cloakroom::SessionError> {
    session.set_fields(OrderFields(1)).await?;
    Ok(session.before().await?.len())
}

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

mod outer {
    pub mod inner {
        use cloakroom::SessionData;

        /// Seen as far as each says.
        #[derive(Clone, Debug, SessionData)]
        pub(in crate::outer) struct Near {
            pub(super) close: bool,
            pub(crate) wide: bool,
            own: u8,
        }

        #[derive(SessionData, Clone, Debug, Default, PartialEq)]
        pub(crate) struct Far {
            pub(crate) own: Option<u8>,
        }

        pub(in crate::outer) async fn own(session: cloakroom::Session<Near>) -> Option<u8> {
            session.own().await.ok()
        }
    }

    pub fn all() {
        let _ = close;
    }

    async fn close(session: cloakroom::Session<inner::Near>) -> (Option<bool>, Option<bool>, Option<u8>) {
        (session.close().await.ok(), session.wide().await.ok(), inner::own(session).await)
    }
}

/// A macro of the user's makes the struct, out of names and types that it was given.
macro_rules! session_data {
    ($(#[$attribute:meta])* $vis:vis $name:ident { $($(#[$on_field:meta])* $field:ident: $ty:ty = $default:expr,)* }) => {
        #[derive(SessionData)]
        $(#[$attribute])*
        $vis struct $name {
            $($(#[$on_field])* #[session(default = $default)] pub $field: $ty,)*
            outer: Vec<Option<String>>,
        }
    };
}

session_data! {
    #[session(cookie = "made", idle = "1h")]
    pub Made {
        count: u8 = 3,
        /// What was looked for.
        #[session(rename = "words")]
        query: Option<String> = None,
        pairs: std::collections::HashMap<String, (u8, Option<u8>)> = Default::default(),
        lists: Vec<Vec<u8>> = vec![vec![1]],
    }
}

/// As far as this build has them.
#[derive(SessionData)]
#[cfg_attr(all(), session(cookie = "some"))]
#[cfg_attr(any(), session(cokie = "none"))]
struct Conditional {
    #[cfg(any())]
    missing: NoSuchType,
    #[cfg_attr(all(), session(ttl = "10m"))]
    #[cfg_attr(any(), session(tll = "10m"))]
    present: u8,
}

async fn conditional(session: Session<Conditional>, made: Session<Made>) -> Result<usize, cloakroom::SessionError> {
    session.set_present_for(1, std::time::Duration::from_secs(1)).await?;
    made.update_pairs(|pairs| pairs.insert("a".into(), (1, None))).await?;
    made.set_query("shoes".to_owned()).await?;
    made.set_query(None).await?;
    Ok(made.lists().await?.len() + made.outer().await?.len())
}

/// What an operation answers can wait in a field, whatever the closure borrows.
async fn borrowed(session: &Session<Private>, from: &str) -> Option<usize> {
    let mut seen = 0;
    let all = session.update_user_id(|id| {
        seen += from.len();
        id.map_or(0, |_| from.len())
    });
    let later: cloakroom::Later<'_, usize> = all;
    let length = later.await.ok();
    assert!(seen >= length.unwrap_or(0));
    length
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
    let _ = (conditional, borrowed, outer::all, outer::inner::Far::clone);
    let _ = (local, |session: PrivateSession| session, |session: Session<data::Inner>| session.set_own(Box::new(None)));
}
