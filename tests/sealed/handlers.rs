//! What a handler can do with a sealed session, and when it goes out.

use cloakroom::{Session, SessionError, SessionLayer};
use futures_util::future::join_all;
use http::StatusCode;
use tests::web::{Browser, Routes, post};
use tests::{CartItem, Role, Shop, Theme, UserId, on_both};

use crate::{COOKIE, MINUTE, OLD, World, begin, count, is_signed_in, keys, visits};

/// A layer, an application and a browser: what a handler does comes back with the next request, or not at all.
async fn it_goes_through_a_layer() {
    let fail = async |session: Session<Shop>| {
        count(session.clone()).await;
        session.set_role(Role::Customer).await.unwrap();
        StatusCode::INTERNAL_SERVER_ERROR
    };
    let app = Routes::new()
        .route("/in", post(begin))
        .route("/count", post(async |session| count(session).await.to_string()))
        .route("/fail", post(fail))
        .route("/out", post(async |session: Session<Shop>| session.destroy().await))
        .route("/save", post(async |session: Session<Shop>| session.save().await))
        .layer(SessionLayer::<Shop>::sealed(keys(OLD)));
    let mut browser = Browser::new(app);
    let reply = browser.post("/in").await;
    assert_eq!((reply.status, reply.set_cookies().len()), (StatusCode::OK, 1));
    assert_eq!((reply.header("cache-control"), reply.header("vary")), (Some("no-store"), Some("Cookie")));
    assert_eq!(browser.post("/count").await.body, "4");
    let failed = browser.post("/fail").await;
    assert!(failed.set_cookies().is_empty(), "{failed:?}");
    assert_eq!(browser.post("/count").await.body, "5", "what a failed request changed is dropped");

    let refused = browser.post("/save").await;
    assert_eq!(refused.status, StatusCode::INTERNAL_SERVER_ERROR);
    assert!(refused.set_cookies().is_empty() && !refused.body.contains("sealed"), "{refused:?}");
    browser.post("/out").await;
    assert_eq!(browser.cookie(COOKIE), None);
    assert_eq!(browser.post("/count").await.body, "1");
}

/// Reads see what was changed before, in whatever way it was.
#[tokio::test]
async fn changes_of_one_request_see_each_other() {
    let world = World::new();
    let mut visitor = world.visitor().await;
    let handler = async |session: Session<Shop>| {
        assert_eq!(count(session.clone()).await, 4);
        assert_eq!(visits(session.clone()).await, 4);
        session.set_visits(10).await.unwrap();
        assert_eq!(count(session.clone()).await, 11);
        assert_eq!(session.take_cart().await.unwrap(), [CartItem::one("hat")]);
        assert_eq!(session.update_cart(|cart| cart.len()).await.unwrap(), 0);
        session.clear_role().await.unwrap();
        assert_eq!(session.snapshot().await.unwrap().role, Role::Customer);
        session.reload().await.unwrap();
        assert_eq!(visits(session).await, 11, "what was set stays set");
    };
    visitor.visit(handler).await;
    let shop = visitor.visit(async |session| session.snapshot().await.unwrap()).await;
    assert_eq!((shop.visits, shop.cart, shop.role, shop.user_id), (11, Vec::new(), Role::Customer, Some(UserId(7))));
    visitor
        .visit(async |session| {
            session.set_theme(Theme::Dark).await.unwrap();
            session.clear().await.unwrap();
            session.set_visits(1).await.unwrap();
        })
        .await;
    assert_eq!(visitor.visit(async |session| session.keys().await.unwrap()).await, ["visits"]);
}

/// Tasks of one request count together, on all cores.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_of_one_request_is_lost() {
    let world = World::new();
    let mut visitor = world.visitor().await;
    let handler = async |session: Session<Shop>| {
        let task = |_| {
            let session = session.clone();
            tokio::spawn(async move {
                count(session.clone()).await;
                session.update_cart(|cart| cart.push(CartItem::one("glove"))).await.unwrap();
            })
        };
        for done in join_all((0..50).map(task)).await {
            done.unwrap();
        }
    };
    visitor.visit(handler).await;
    let shop = visitor.visit(async |session| session.snapshot().await.unwrap()).await;
    assert_eq!((shop.visits, shop.cart.len()), (53, 51));
}

/// A set beside an update is never written over by what the update saw before it.
#[tokio::test]
async fn an_update_looks_again_when_something_was_set_meanwhile() {
    let world = World::new();
    let mut visitor = world.visitor().await;
    let handler = async |session: Session<Shop>| {
        let mut tries = 0;
        let beside = session.clone();
        let seen = session.update_visits(|visits| {
            if tries == 0 {
                drop(beside.set_visits(100));
            }
            tries += 1;
            *visits += 1;
            *visits
        });
        assert_eq!(seen.await.unwrap(), 101);
        assert_eq!(tries, 2);
    };
    visitor.visit(handler).await;
    assert_eq!(visitor.visit(visits).await, 101);
}

/// Whoever destroys wins over an update that began before.
#[tokio::test]
async fn an_update_brings_nothing_back_that_was_destroyed_meanwhile() {
    let world = World::new();
    let mut visitor = world.visitor().await;
    let handler = async |session: Session<Shop>| {
        let beside = session.clone();
        let mut destroy = Some(move || drop(beside.destroy()));
        let updated = session.update_visits(|visits| {
            if let Some(destroy) = destroy.take() {
                destroy();
            }
            *visits += 1;
        });
        assert!(matches!(updated.await, Err(SessionError::Ended)));
    };
    let (_, closed) = visitor.request(handler).await;
    assert!(closed.error.is_none() && closed.set_cookie.unwrap().ends_with("; Max-Age=0"));
}

#[tokio::test]
async fn there_is_nothing_to_save() {
    let world = World::new();
    let mut visitor = world.visitor().await;
    let handler = async |session: Session<Shop>| {
        session.set_visits(9).await.unwrap();
        let error = session.save().await.unwrap_err();
        assert!(matches!(error, SessionError::Unsupported), "{error}");
        assert_eq!(error.status(), StatusCode::INTERNAL_SERVER_ERROR);
        assert!(error.to_string().contains("keep these sessions in a store"), "{error}");
    };
    visitor.visit(handler).await;
    assert_eq!(visitor.visit(visits).await, 9, "the response saves it all the same");
}

/// The head has left, and the cookie with it: what would still change something says so, and what only reads works.
#[tokio::test]
async fn after_the_response_there_is_no_writing() {
    let world = World::new();
    let mut visitor = world.visitor().await;
    let session = visitor.visit(async |session| session).await;
    let sent =
        |result: Result<(), SessionError>| assert!(matches!(result, Err(SessionError::ResponseSent)), "{result:?}");
    sent(session.set_visits(5).await);
    sent(session.update_visits(|visits| *visits += 1).await);
    sent(session.clear_visits().await);
    sent(session.take_visits().await.map(drop));
    sent(session.set_all(session.snapshot().await.unwrap()).await);
    sent(session.clear().await);
    sent(session.regenerate().await);
    sent(session.mark_authenticated().await);
    sent(session.set_expiry(MINUTE, MINUTE).await);
    assert_eq!(visits(session.clone()).await, 3);
    // Without a deny list, nothing but the cookie could end it.
    sent(session.destroy().await);
    let untouched = visitor.visit(async |session| session).await;
    sent(untouched.destroy().await);
    assert!(is_signed_in(&visitor).await);
}

#[tokio::test]
async fn destroy_removes_the_cookie_and_a_later_write_begins_anew() {
    let world = World::new();
    let mut visitor = world.visitor().await;
    let id = async |session: Session<Shop>| session.id().await.unwrap();
    let before = visitor.visit(id).await.expect("a session");
    visitor.visit(async |session| session.destroy().await.unwrap()).await;
    assert_eq!(visitor.cookie(), None);

    let mut visitor = world.visitor().await;
    let (_, closed) = visitor
        .request(async |session| {
            session.destroy().await.unwrap();
            assert_eq!(session.user_id().await.unwrap(), None);
            session.set_theme(Theme::Dark).await.unwrap();
        })
        .await;
    assert!(closed.error.is_none());
    let shop = visitor.visit(async |session| session.snapshot().await.unwrap()).await;
    assert_eq!((shop.theme, shop.user_id, shop.visits), (Theme::Dark, None, 0));
    assert_ne!(visitor.visit(id).await, Some(before));
}

/// Who wants out gets out, with whatever cookie.
#[tokio::test]
async fn destroy_removes_what_cannot_be_opened_too() {
    for world in [World::new(), World::denying(|memory| memory)] {
        let mut visitor = world.stranger().with_cookie(format!("{COOKIE}={}", "A".repeat(200)));
        let (_, closed) = visitor.request(async |session| session.destroy().await.unwrap()).await;
        assert!(closed.set_cookie.unwrap().ends_with("; Max-Age=0"));
    }
}

/// A handler that fails after it destroyed the session has still destroyed it.
#[tokio::test]
async fn destroy_holds_if_the_handler_fails() {
    let world = World::new();
    let visitor = world.visitor().await;
    let session = world.sessions.open(visitor.cookie().map(str::as_bytes));
    session.destroy().await.unwrap();
    let closed = world.sessions.close(&session, false).await;
    assert!(closed.set_cookie.unwrap().ends_with("; Max-Age=0"));
}

/// The id stays while the cookie changes with every write, and goes with a new token. The data comes along.
#[tokio::test]
async fn a_new_token_is_a_new_id() {
    let world = World::new();
    let mut visitor = world.visitor().await;
    let id = async |session: Session<Shop>| session.id().await.unwrap().expect("a session");
    let first = visitor.visit(id).await;
    visitor.visit(count).await;
    assert_eq!(visitor.visit(id).await, first);
    visitor.visit(async |session| session.regenerate().await.unwrap()).await;
    let second = visitor.visit(id).await;
    assert_ne!(second, first);
    visitor.visit(async |session| session.mark_authenticated().await.unwrap()).await;
    assert_ne!(visitor.visit(id).await, second);
    assert!(visitor.visit(async |session| session.authenticated_at().await.unwrap().is_some()).await);
    assert_eq!(visitor.visit(visits).await, 4);
}

/// From one owner to another, nothing of the first is left.
#[tokio::test]
async fn another_owner_starts_afresh() {
    let world = World::new();
    let mut visitor = world.visitor().await;
    let before = visitor.visit(async |session| session.id().await.unwrap()).await;
    visitor.visit(async |session| session.update_user_id(|user| *user = Some(UserId(8))).await.unwrap()).await;
    let shop = visitor.visit(async |session| session.snapshot().await.unwrap()).await;
    assert_eq!((shop.user_id, shop.role, shop.cart.len(), shop.visits), (Some(UserId(8)), Role::Customer, 0, 0));
    assert_ne!(visitor.visit(async |session| session.id().await.unwrap()).await, before);
}

#[tokio::test]
async fn a_notice_is_shown_once_unless_the_page_failed() {
    let world = World::new();
    let mut visitor = world.visitor().await;
    visitor.visit(async |session| session.set_notice("hello".to_owned()).await.unwrap()).await;
    let session = world.sessions.open(visitor.cookie().map(str::as_bytes));
    assert_eq!(session.notice().await.unwrap().as_deref(), Some("hello"));
    assert!(world.sessions.close(&session, false).await.set_cookie.is_none());
    let notice = async |session: Session<Shop>| session.notice().await.unwrap();
    assert_eq!(visitor.visit(notice).await.as_deref(), Some("hello"));
    assert_eq!(visitor.visit(notice).await, None);
}

/// A field of another type is that field's error, and nothing else's.
#[tokio::test]
async fn a_field_that_no_longer_reads_spoils_nothing_else() {
    #[derive(cloakroom::SessionData)]
    #[session(cookie = "shop")]
    struct Later {
        visits: String,
        role: Role,
    }
    let visitor = World::new().visitor().await;
    let cookie = visitor.cookie().unwrap().to_owned();
    drop(visitor);
    let later = cloakroom::Sessions::<Later>::sealed(keys(OLD)).with_clock(cloakroom::ManualClock::default());
    let mut visitor = tests::Visitor::new(later).with_cookie(cookie);
    let (_, closed) = visitor
        .request(async |session| {
            assert!(matches!(session.visits().await, Err(SessionError::Decode { field: "visits", .. })));
            assert_eq!(session.role().await.unwrap(), Role::Admin);
            session.set_role(Role::Customer).await.unwrap();
        })
        .await;
    assert!(closed.error.is_none() && closed.set_cookie.is_some());
    let cookie = visitor.cookie().unwrap().to_owned();
    drop(visitor);
    assert_eq!(World::new().stranger().with_cookie(cookie).visit(visits).await, 3);
}

on_both!(it_goes_through_a_layer,);
