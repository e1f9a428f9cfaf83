//! The response's head has left, and its body still uses the session.

use std::time::Duration;

use cloakroom::{MemoryStore, Session, SessionError, SessionLayer};
use http::Method;
use tests::web::{Browser, Later, post};
use tests::{App as _, Deed, FlakyStore, Shop, UserId, on_both};

use crate::{COOKIE, assert_no_cookie, begin, routes, see};

/// A body that is made, by use of the session, when the head has left.
fn later<F: Future<Output = Result<String, SessionError>> + Send + 'static>(body: F) -> Later {
    Later::new(async move { body.await.unwrap_or_else(|error| format!("{error:?}")) })
}

/// An application whose `/do` streams this.
macro_rules! streaming {
    ($store:expr, $body:expr) => {
        routes()
            .route("/do", post(async move |session: Session<Shop>| later($body(session))))
            .layer(SessionLayer::<Shop>::new($store))
    };
}

async fn a_stream_reads_and_saves_an_existing_session() {
    let app = streaming!(MemoryStore::new(), async |session: Session<Shop>| {
        let seen = session.visits().await?;
        session.set_visits(4).await?;
        session.save().await?;
        session.update_visits(|visits| *visits += 1).await?;
        session.clear_cart().await?;
        session.save().await?;
        Ok(format!("saw {seen}"))
    });
    let mut browser = begin(app).await;
    let reply = browser.post("/do").await;
    assert_eq!((reply.status.as_u16(), &*reply.body), (200, "saw 3"));
    assert_no_cookie(&reply);
    assert_eq!(see(&browser).await, "Some(UserId(7)) Admin 0 5 None");
}

async fn a_stream_cannot_begin_a_session() {
    let store = MemoryStore::new();
    let app = streaming!(store.clone(), async |session: Session<Shop>| {
        assert!(matches!(session.update_visits(|visits| *visits += 1).await, Err(SessionError::ResponseSent)));
        session.set_visits(4).await?;
        assert!(matches!(session.save().await, Err(SessionError::ResponseSent)));
        session.clear().await?;
        Ok("refused".to_owned())
    });
    let mut browser = Browser::new(app);
    assert_eq!(browser.post("/do").await.body, "refused");
    assert!(store.is_empty(), "a record that no cookie opens");
}

/// Whatever would need a new cookie is refused when it is called, and nothing is changed.
async fn a_stream_cannot_change_the_token_or_its_cookie() {
    let app = streaming!(MemoryStore::new(), async |session: Session<Shop>| {
        let hour = Duration::from_secs(3600);
        let refused =
            [session.regenerate().await, session.mark_authenticated().await, session.set_expiry(hour, hour).await];
        assert!(refused.iter().all(|result| matches!(result, Err(SessionError::ResponseSent))), "{refused:?}");
        session.save().await?;
        let owner = session.update_user_id(|user| *user = Some(UserId(8))).await;
        assert!(matches!(owner, Err(SessionError::ResponseSent)), "{owner:?}");
        session.set_user_id(UserId(8)).await?;
        let owner = session.save().await;
        assert!(matches!(owner, Err(SessionError::ResponseSent)), "{owner:?}");
        Ok("refused".to_owned())
    });
    let mut browser = begin(app).await;
    let reply = browser.post("/do").await;
    assert_eq!(reply.body, "refused");
    assert_no_cookie(&reply);
    assert_eq!(see(&browser).await, crate::INTACT);
}

async fn a_stream_destroys_the_session() {
    for look_first in [false, true] {
        let store = MemoryStore::new();
        let app = streaming!(store.clone(), |session: Session<Shop>| async move {
            if look_first {
                session.visits().await?;
            }
            session.destroy().await?;
            session.set_visits(1).await?;
            assert!(matches!(session.save().await, Err(SessionError::ResponseSent)));
            Ok("gone".to_owned())
        });
        let mut browser = begin(app).await;
        let reply = browser.post("/do").await;
        assert_eq!(reply.body, "gone");
        assert!(store.is_empty());
        assert!(browser.cookie(COOKIE).is_some(), "it is too late to remove the cookie");
        assert_eq!(see(&browser).await, "None Customer 0 0 None");
    }
}

async fn a_stream_hears_of_a_destroy_that_failed_and_may_try_again() {
    let memory = MemoryStore::new();
    let store = FlakyStore::new(memory.clone());
    let flaky = store.clone();
    let app = streaming!(store.clone(), |session: Session<Shop>| {
        let flaky = flaky.clone();
        async move {
            flaky.fail(&[Deed::Delete]);
            assert!(matches!(session.destroy().await, Err(SessionError::Store(_))));
            flaky.recover();
            session.destroy().await?;
            Ok("gone".to_owned())
        }
    });
    let mut browser = begin(app).await;
    assert_eq!(browser.post("/do").await.body, "gone");
    assert!(memory.is_empty());
}

async fn a_stream_hears_that_another_request_ended_the_session() {
    let store = MemoryStore::new();
    let app = routes()
        .route(
            "/slow",
            post(async |session: Session<Shop>| {
                session.visits().await?;
                Ok::<_, SessionError>(later(async move {
                    assert!(matches!(session.update_visits(|visits| *visits += 1).await, Err(SessionError::Ended)));
                    session.set_visits(9).await?;
                    assert!(matches!(session.save().await, Err(SessionError::Ended)));
                    session.clear().await?;
                    Ok("told".to_owned())
                }))
            }),
        )
        .layer(SessionLayer::<Shop>::new(store.clone()));
    let mut browser = begin(app.clone()).await;
    let head = app.answer(browser.request(Method::POST, "/slow")).await;
    assert_eq!(browser.post("/out").await.status, 200);
    assert_eq!(head.body.await, "told");
    assert!(store.is_empty());
}

on_both!(
    a_stream_reads_and_saves_an_existing_session,
    a_stream_cannot_begin_a_session,
    a_stream_cannot_change_the_token_or_its_cookie,
    a_stream_destroys_the_session,
    a_stream_hears_of_a_destroy_that_failed_and_may_try_again,
    a_stream_hears_that_another_request_ended_the_session,
);
