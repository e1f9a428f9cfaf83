//! The handler fails, panics, returns early or goes away.

use std::time::Duration;

use cloakroom::{ManualClock, MemoryStore, Session, SessionError, SessionLayer};
use http::{Method, StatusCode};
use tests::web::{Browser, Path, post};
use tests::{CountingStore, Deed, Shop, SteppedStore, UserId, on_both};

use crate::{COOKIE, app, assert_intact, assert_no_cookie, begin, plain, routes, see};

const BROKEN: StatusCode = StatusCode::INTERNAL_SERVER_ERROR;

async fn a_5xx_drops_what_was_pending() {
    let handler = async |session: Session<Shop>| {
        session.set_visits(4).await?;
        session.clear_cart().await?;
        session.take_user_id().await?;
        Ok::<_, SessionError>(BROKEN)
    };
    let mut browser = begin(app!(MemoryStore::new(), handler)).await;
    let reply = browser.post("/do").await;
    assert_eq!(reply.status, 500);
    assert_no_cookie(&reply);
    assert_intact(&browser).await;
}

/// A failing request is activity all the same: its record gets more time, and nothing else.
async fn a_5xx_that_extends_the_session_drops_what_was_pending() {
    let clock = ManualClock::default();
    let (store, calls) = CountingStore::new(MemoryStore::new().with_clock(clock.clone()));
    let handler = async |session: Session<Shop>| {
        session.visits().await?;
        session.set_visits(4).await?;
        Ok::<_, SessionError>(BROKEN)
    };
    let app = routes().route("/do", post(handler)).layer(SessionLayer::<Shop>::new(store).with_clock(clock.clone()));
    let mut browser = begin(app).await;
    calls.take();
    clock.advance(Duration::from_secs(20 * 60));
    assert_no_cookie(&browser.post("/do").await);
    assert_eq!(calls.take(), [Deed::Load, Deed::Touch]);
    clock.advance(Duration::from_secs(20 * 60));
    assert_intact(&browser).await;
}

async fn a_5xx_begins_no_session() {
    let store = MemoryStore::new();
    let handler = async |session: Session<Shop>| {
        session.set_visits(4).await?;
        Ok::<_, SessionError>(BROKEN)
    };
    let mut browser = Browser::new(app!(store.clone(), handler));
    assert_no_cookie(&browser.post("/do").await);
    assert!(store.is_empty());
}

/// What was shown on a page that broke is shown on the next one.
async fn a_5xx_keeps_the_flash_for_the_next_request() {
    let app = routes()
        .route("/put", post(async |session: Session<Shop>| session.set_notice("saved".to_owned()).await))
        .route(
            "/show/{status}",
            post(async |session: Session<Shop>, Path(status): Path<u16>| {
                let notice = session.notice().await?;
                Ok::<_, SessionError>((StatusCode::from_u16(status).unwrap(), format!("{notice:?}")))
            }),
        )
        .layer(SessionLayer::<Shop>::new(MemoryStore::new()));
    let mut browser = begin(app).await;
    browser.post("/put").await;
    assert_eq!(browser.post("/show/500").await.body, "Some(\"saved\")");
    assert_eq!(browser.post("/show/503").await.body, "Some(\"saved\")");
    assert_eq!(browser.post("/show/200").await.body, "Some(\"saved\")");
    assert_eq!(browser.post("/show/200").await.body, "None");
}

/// Defect 9: a rotation that the failing handler asked for does not take place, and the session stays.
async fn a_rotation_and_then_a_5xx_keeps_the_session() {
    let app = routes()
        .route(
            "/regenerate",
            post(async |session: Session<Shop>| {
                session.regenerate().await?;
                Ok::<_, SessionError>(BROKEN)
            }),
        )
        .route(
            "/mark",
            post(async |session: Session<Shop>| {
                session.mark_authenticated().await?;
                Ok::<_, SessionError>(BROKEN)
            }),
        )
        .route(
            "/owner",
            post(async |session: Session<Shop>| {
                session.set_user_id(UserId(8)).await?;
                Ok::<_, SessionError>(BROKEN)
            }),
        )
        .layer(SessionLayer::<Shop>::new(MemoryStore::new()));
    let mut browser = begin(app).await;
    for path in ["/regenerate", "/mark", "/owner"] {
        let reply = browser.post(path).await;
        assert_eq!(reply.status, 500);
        assert_no_cookie(&reply);
        assert_intact(&browser).await;
    }
}

/// A rotation that took place sets its cookie, whatever becomes of the handler then.
async fn a_committed_rotation_sets_its_cookie_whatever_the_status() {
    for status in [200, 404, 500] {
        let handler = async move |session: Session<Shop>| {
            session.regenerate().await?;
            session.save().await?;
            Ok::<_, SessionError>(StatusCode::from_u16(status).unwrap())
        };
        let mut browser = begin(app!(MemoryStore::new(), handler)).await;
        let old = browser.clone();
        let reply = browser.post("/do").await;
        assert_eq!(reply.status, status);
        assert_eq!(reply.set_cookies().len(), 1, "{reply:?}");
        assert_ne!(old.cookie(COOKIE), browser.cookie(COOKIE));
        assert_intact(&browser).await;
    }
}

/// The same where the rotation went ahead of an update.
async fn an_update_after_regenerate_rotates_and_sets_the_cookie_on_a_5xx() {
    let handler = async |session: Session<Shop>| {
        session.regenerate().await?;
        session.update_visits(|visits| *visits += 1).await?;
        Ok::<_, SessionError>(BROKEN)
    };
    let mut browser = begin(app!(MemoryStore::new(), handler)).await;
    let old = browser.clone();
    assert_eq!(browser.post("/do").await.set_cookies().len(), 1);
    assert_eq!(see(&browser).await, "Some(UserId(7)) Admin 1 4 None");
    assert_eq!(see(&old).await, "None Customer 0 0 None");
}

async fn panics(session: Session<Shop>) -> Result<(), SessionError> {
    session.regenerate().await?;
    session.clear_cart().await?;
    session.update_visits(|visits| *visits += 1).await?;
    panic!("a handler panics");
}

async fn panics_in_update(session: Session<Shop>) -> Result<(), SessionError> {
    session.update_visits(|_| panic!("an update panics")).await
}

/// A panic that is caught inside the layer is a 500 like any other.
async fn a_panic_that_is_caught_leaves_the_session() {
    let routes = routes().route("/do", post(panics_in_update)).route("/later", post(panics));
    let app = routes.catch_panic().layer(SessionLayer::<Shop>::new(MemoryStore::new()));
    let mut browser = begin(app).await;
    assert_eq!(browser.post("/do").await.status, 500);
    assert_intact(&browser).await;
    // The update rotated first, as every immediate commit does: the cookie goes out with the 500.
    assert_eq!(browser.post("/later").await.status, 500);
    assert_eq!(see(&browser).await, "Some(UserId(7)) Admin 1 4 None");
}

/// A panic that goes through the layer ends the connection, not the session.
async fn a_panic_through_the_layer_leaves_the_session() {
    let app = routes().route("/do", post(panics_in_update)).layer(SessionLayer::<Shop>::new(MemoryStore::new()));
    let browser = begin(app).await;
    assert!(browser.spawn(browser.request(Method::POST, "/do")).await.is_err());
    assert_intact(&browser).await;
}

/// Defect 15: what was deleted and set before anything was loaded is saved as the request saw it.
async fn delete_then_set_before_the_first_load_is_kept() {
    let app = routes()
        .route(
            "/field",
            post(async |session: Session<Shop>| {
                session.clear_visits().await?;
                session.set_visits(9).await?;
                session.visits().await.map(|visits| visits.to_string())
            }),
        )
        .route(
            "/all",
            post(async |session: Session<Shop>| {
                session.clear().await?;
                session.set_visits(5).await?;
                session.visits().await.map(|visits| visits.to_string())
            }),
        )
        .route(
            "/undo",
            post(async |session: Session<Shop>| {
                session.set_visits(6).await?;
                session.clear_visits().await?;
                session.visits().await.map(|visits| visits.to_string())
            }),
        )
        .layer(SessionLayer::<Shop>::new(MemoryStore::new()));
    let mut browser = begin(app).await;
    assert_eq!(browser.post("/field").await.body, "9");
    assert_eq!(see(&browser).await, "Some(UserId(7)) Admin 1 9 None");
    assert_eq!(browser.post("/undo").await.body, "0");
    assert_eq!(see(&browser).await, "Some(UserId(7)) Admin 1 0 None");
    assert_eq!(browser.post("/all").await.body, "5");
    assert_eq!(see(&browser).await, "None Customer 0 5 None");
}

/// Defect 15, its other half: deleting with no cookie writes no empty record.
async fn deleting_without_a_session_writes_nothing() {
    let (store, calls) = CountingStore::new(MemoryStore::new());
    let app = routes()
        .route("/field", post(async |session: Session<Shop>| session.clear_visits().await))
        .route("/take", post(async |session: Session<Shop>| session.take_notice().await.map(drop)))
        .route("/none", post(async |session: Session<Shop>| session.set_notice(None).await))
        .route("/clear", post(async |session: Session<Shop>| session.clear().await))
        .layer(SessionLayer::<Shop>::new(store));
    let mut browser = Browser::new(app);
    for path in ["/field", "/take", "/none", "/clear", "/out"] {
        let reply = browser.post(path).await;
        assert_eq!(reply.status, 200, "{path}");
        assert_no_cookie(&reply);
        assert_eq!(calls.take(), [], "{path}");
    }
}

/// Defect 16: whatever is done after `regenerate`, the token is new and the old one is dead.
async fn a_write_after_regenerate_keeps_the_regeneration() {
    let app = routes()
        .route(
            "/set",
            post(async |session: Session<Shop>| {
                session.regenerate().await?;
                session.set_visits(4).await
            }),
        )
        .route(
            "/clear",
            post(async |session: Session<Shop>| {
                session.regenerate().await?;
                session.clear_notice().await
            }),
        )
        .route(
            "/read",
            post(async |session: Session<Shop>| {
                session.regenerate().await?;
                session.visits().await.map(drop)
            }),
        )
        .route(
            "/update",
            post(async |session: Session<Shop>| {
                session.regenerate().await?;
                session.update_visits(|visits| *visits = 4).await
            }),
        )
        .route("/alone", post(async |session: Session<Shop>| session.regenerate().await))
        .layer(SessionLayer::<Shop>::new(MemoryStore::new()));
    for (path, visits) in [("/set", 4), ("/clear", 3), ("/read", 3), ("/update", 4), ("/alone", 3)] {
        let mut browser = begin(app.clone()).await;
        let old = browser.clone();
        let reply = browser.post(path).await;
        assert_eq!(reply.set_cookies().len(), 1, "{path}: {reply:?}");
        assert_eq!(see(&browser).await, format!("Some(UserId(7)) Admin 1 {visits} None"), "{path}");
        assert_eq!(see(&old).await, "None Customer 0 0 None", "{path}: the old token is dead");
    }
}

/// Defect 17: leaving a handler early loses nothing, unless it says that the server failed.
async fn an_early_return_keeps_the_changes() {
    for status in [StatusCode::BAD_REQUEST, StatusCode::NOT_FOUND, StatusCode::SEE_OTHER, StatusCode::CONFLICT] {
        let handler = async move |session: Session<Shop>| {
            session.set_visits(4).await.map_err(|error| error.status())?;
            Err::<(), StatusCode>(status)
        };
        let mut browser = begin(app!(MemoryStore::new(), handler)).await;
        assert_eq!(browser.post("/do").await.status, status);
        assert_eq!(see(&browser).await, "Some(UserId(7)) Admin 1 4 None");
    }
}

/// Defect 17: nobody has to await a change for it to be saved.
async fn a_forgotten_await_loses_no_change() {
    let handler = async |session: Session<Shop>| {
        drop(session.set_visits(4));
        drop(session.clear_cart());
        drop(session.regenerate());
    };
    let mut browser = begin(app!(MemoryStore::new(), handler)).await;
    assert_eq!(browser.post("/do").await.set_cookies().len(), 1);
    assert_eq!(see(&browser).await, "Some(UserId(7)) Admin 0 4 None");
}

/// The client goes away while the handler runs.
async fn a_cancelled_handler_drops_what_was_pending_and_keeps_what_was_committed() {
    let handler = async |session: Session<Shop>| {
        session.set_cart(vec![]).await?;
        session.update_visits(|visits| *visits += 1).await?;
        std::future::pending::<()>().await;
        Ok::<_, SessionError>(())
    };
    let (store, calls) = CountingStore::new(MemoryStore::new());
    let browser = begin(app!(store, handler)).await;
    calls.take();
    {
        let request = browser.fetch(browser.request(Method::POST, "/do"));
        tokio::pin!(request);
        assert!(futures_util::poll!(request.as_mut()).is_pending());
    }
    for _ in 0..20 {
        tokio::task::yield_now().await;
    }
    assert_eq!(calls.take(), [Deed::LoadCurrent, Deed::Replace]);
    assert_eq!(see(&browser).await, "Some(UserId(7)) Admin 1 4 None");
}

/// The client goes away while its write is on the way to the store: after any step, both fields are written.
async fn a_client_that_goes_away_during_the_commit_tears_nothing() {
    for steps in 1..5 {
        let memory = MemoryStore::new();
        let store = SteppedStore::new(memory.clone());
        let handler = async |session: Session<Shop>| {
            session.set_visits(4).await?;
            session.set_cart(vec![]).await
        };
        let browser = begin(app!(store.clone(), handler)).await;
        store.step(true);
        {
            let request = browser.fetch(browser.request(Method::POST, "/do"));
            tokio::pin!(request);
            for _ in 0..steps {
                if futures_util::poll!(request.as_mut()).is_ready() {
                    break;
                }
                store.wake();
                tokio::task::yield_now().await;
            }
        }
        store.step(false);
        for _ in 0..20 {
            store.wake();
            tokio::task::yield_now().await;
        }
        let seen = see(&browser.at(plain(memory))).await;
        assert_eq!(seen, "Some(UserId(7)) Admin 0 4 None", "gone after {steps} steps");
    }
}

on_both!(
    a_5xx_drops_what_was_pending,
    a_5xx_that_extends_the_session_drops_what_was_pending,
    a_5xx_begins_no_session,
    a_5xx_keeps_the_flash_for_the_next_request,
    a_rotation_and_then_a_5xx_keeps_the_session,
    a_committed_rotation_sets_its_cookie_whatever_the_status,
    an_update_after_regenerate_rotates_and_sets_the_cookie_on_a_5xx,
    a_panic_that_is_caught_leaves_the_session,
    a_panic_through_the_layer_leaves_the_session,
    delete_then_set_before_the_first_load_is_kept,
    deleting_without_a_session_writes_nothing,
    a_write_after_regenerate_keeps_the_regeneration,
    an_early_return_keeps_the_changes,
    a_forgotten_await_loses_no_change,
    a_cancelled_handler_drops_what_was_pending_and_keeps_what_was_committed,
    a_client_that_goes_away_during_the_commit_tears_nothing,
);
