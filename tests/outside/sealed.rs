//! A sealed session has no token and is nowhere but in its cookie: what works outside of a request, and what says that it cannot.

use cloakroom::{MemoryStore, SealKeys, Session, SessionError, Sessions};
use tests::{Shop, UserId};

use crate::{cookie, parsed};

fn sessions() -> Sessions<Shop> {
    Sessions::sealed(SealKeys::ephemeral())
}

/// The pair of a sealed session that was begun outside of a request.
async fn begun(sessions: &Sessions<Shop>) -> String {
    let session = sessions.create();
    session.set_user_id(UserId(7)).await.unwrap();
    session.update_visits(|visits| *visits += 3).await.unwrap();
    let text = sessions.close(&session, true).await.set_cookie.expect("a session begins");
    text.split(';').next().expect("a pair").to_owned()
}

#[tokio::test]
async fn a_sealed_session_is_begun_read_and_removed() {
    let sessions = sessions();
    let pair = begun(&sessions).await;
    let session = sessions.open([pair.as_bytes()]);
    assert_eq!((session.user_id().await.unwrap(), session.visits().await.unwrap()), (Some(UserId(7)), 3));
    session.reload().await.unwrap();
    assert!(
        sessions.removal_cookie().starts_with("__Host-shop=; ") && sessions.removal_cookie().ends_with("Max-Age=0")
    );
}

fn assert_unsupported<T: std::fmt::Debug>(result: Result<T, SessionError>) {
    assert!(matches!(result, Err(SessionError::Unsupported)), "{result:?}");
}

#[tokio::test]
async fn what_needs_a_store_or_a_token_says_unsupported() {
    let sessions = sessions();
    let token = parsed(&"A".repeat(43));
    assert_unsupported(sessions.resume(token));
    let pair = begun(&sessions).await;
    let of_request = sessions.open([pair.as_bytes()]);
    let begun = sessions.create();
    begun.set_visits(1).await.unwrap();
    for session in [&begun, &of_request] as [&Session<Shop>; 2] {
        assert_unsupported(session.save().await);
        assert_unsupported(session.expose_token().await);
        assert_unsupported(sessions.set_cookie(session).await);
    }
    assert!(sessions.close(&begun, true).await.set_cookie.is_some(), "nothing was lost by that");
    assert_eq!(sessions.find_token([pair.as_bytes()]), None);
    assert_eq!(sessions.find_token([cookie(&"A".repeat(43)).as_bytes()]), None);
}

/// A cookie that was handed out stays good, and nobody is told otherwise: only a deny list can end it.
#[tokio::test]
async fn destroy_outside_of_a_request_needs_a_deny_list() {
    for denies in [false, true] {
        let sessions = if denies { sessions().with_deny_list(MemoryStore::new()) } else { sessions() };
        let session = sessions.create();
        session.set_user_id(UserId(7)).await.unwrap();
        let text = sessions.close(&session, true).await.set_cookie.expect("a session begins");
        let destroyed = session.destroy().await;
        assert_eq!(matches!(destroyed, Err(SessionError::Unsupported)), !denies, "{destroyed:?}");
        let pair = text.split(';').next().expect("a pair");
        assert_eq!(sessions.open([pair.as_bytes()]).user_id().await.unwrap().is_none(), denies);
    }
}
