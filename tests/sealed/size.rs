//! A browser keeps 4096 bytes of a cookie's name and value, and drops a longer one without a word. So what would not fit is refused
//! when it is set, to the byte, and never later.

use cloakroom::{Closed, Policy, Session, SessionError};
use http::StatusCode;
use tests::{CartItem, Role, Shop, Theme, UserId, Visitor};

use crate::{COOKIE, DAY, MINUTE, World, begin};

const LIMIT: usize = 4096;

/// Bytes of `name=value` in a Set-Cookie text.
fn len(closed: &Closed) -> usize {
    assert!(closed.error.is_none(), "{closed:?}");
    closed.set_cookie.as_deref().expect("a cookie").split(';').next().unwrap().len()
}

/// The field and the size of a refusal.
#[track_caller]
fn too_large(error: SessionError) -> (&'static str, usize) {
    assert_eq!(error.status(), StatusCode::PAYLOAD_TOO_LARGE);
    match error {
        SessionError::TooLarge { field, size, limit: LIMIT } => (field, size),
        error => panic!("{error}"),
    }
}

/// The longest notice that can be `set` beside what the visitor has. One byte more is refused at the call, and changes nothing.
async fn longest(
    visitor: &Visitor<Shop>,
    set: impl AsyncFn(&Session<Shop>, String) -> Result<(), SessionError>,
) -> usize {
    let fits = async |len: usize| {
        let mut visitor = visitor.clone();
        let (set, closed) = visitor.request(async |session| set(&session, "x".repeat(len)).await).await;
        assert!(closed.error.is_none(), "refused at the end, not when it was set: {closed:?}");
        if let Err(error) = set {
            let (field, size) = too_large(error);
            assert!(field == "notice" && size > LIMIT, "{field}: {size}");
            assert!(closed.set_cookie.is_none(), "nothing was changed");
            return false;
        }
        let sent = self::len(&closed);
        assert!(sent <= LIMIT, "{sent}");
        let kept = visitor.visit(async |session| session.peek_notice().await).await;
        assert_eq!(kept, Some(len));
        true
    };
    let mut len = 1_000;
    for step in [1_000, 100, 10, 1] {
        while fits(len + step).await {
            len += step;
        }
    }
    len
}

/// Looks at the notice without consuming it.
trait PeekNotice {
    async fn peek_notice(&self) -> Option<usize>;
}

impl PeekNotice for Session<Shop> {
    async fn peek_notice(&self) -> Option<usize> {
        self.snapshot().await.unwrap().notice.map(|notice| notice.len())
    }
}

async fn fill(visitor: &mut Visitor<Shop>, len: usize) -> Closed {
    visitor.request(async |session| session.set_notice("x".repeat(len)).await.unwrap()).await.1
}

/// All ways of setting come to the same limit, which is that of the browser, to the byte.
#[tokio::test]
async fn what_fits_is_known_when_it_is_set() {
    let world = World::new();
    // What is no session leaves room for a new one, and no more.
    let short = world.stranger().with_cookie(format!("{COOKIE}={}", "A".repeat(100)));
    for visitor in [world.stranger(), world.visitor().await, short] {
        // Without a look at the record: what is in the cookie counts all the same.
        let set = longest(&visitor, async |session, text| session.set_notice(text).await).await;
        let after_a_look = longest(&visitor, async |session, text| {
            session.visits().await.unwrap();
            session.set_notice(text).await
        });
        let updated =
            longest(&visitor, async |session, text| session.update_notice(|notice| *notice = Some(text.clone())).await);
        assert_eq!((after_a_look.await, updated.await), (set, set));
        assert_eq!(len(&fill(&mut visitor.clone(), set).await), LIMIT, "not a byte is given away");
    }
}

#[tokio::test]
async fn set_all_knows_it_too() {
    let world = World::new();
    let shop = |notice: String| Shop {
        user_id: None,
        role: Role::Customer,
        cart: Vec::new(),
        visits: 0,
        notice: Some(notice),
        oauth_state: None,
        theme: Theme::System,
    };
    let set = longest(&world.stranger(), async |session, text| session.set_all(shop(text)).await).await;
    let closed =
        world.stranger().request(async |session| session.set_all(shop("x".repeat(set))).await.unwrap()).await.1;
    assert_eq!(len(&closed), LIMIT);
}

/// A shorter name leaves more room: name and value count together.
#[tokio::test]
async fn the_name_counts() {
    let room = async |policy| longest(&World::by(policy).stranger(), async |s, text| s.set_notice(text).await).await;
    let host = room(Policy::of::<Shop>()).await;
    let short = room(Policy::of::<Shop>().with_insecure_development_cookie()).await;
    // `__Host-` has seven letters, which stand for five and a quarter bytes.
    assert!((5..=6).contains(&(short - host)), "{host} {short}");
}

/// A value's own time takes room as well.
#[tokio::test]
async fn a_time_of_its_own_counts() {
    let visitor = World::new().stranger();
    let plain = longest(&visitor, async |session, text| session.set_notice(text).await).await;
    let timed = longest(&visitor, async |session, text| session.set_for(Shop::NOTICE, Some(text), MINUTE).await).await;
    assert_eq!(plain - timed, 6);
}

/// What is refused leaves the field as it was, and the rest of the request alone; what makes room makes room.
#[tokio::test]
async fn a_refusal_changes_nothing() {
    let mut visitor = World::new().visitor().await;
    let most = longest(&visitor, async |session, text| session.set_notice(text).await).await;
    let handler = async |session: Session<Shop>| {
        session.set_notice("small".to_owned()).await.unwrap();
        let (field, size) = too_large(session.set_notice("x".repeat(most + 1)).await.unwrap_err());
        assert_eq!(field, "notice");
        assert!(size > LIMIT && size < LIMIT + 8, "{size}");
        session.set_role(Role::Customer).await.unwrap();
        session.clear_cart().await.unwrap();
        assert_eq!(session.peek_notice().await, Some(5));
        // The cart made room for this.
        session.set_notice("y".repeat(most + 10)).await.unwrap();
        too_large(
            session.update_cart(|cart| cart.push(CartItem::one("a hat that does not fit in"))).await.unwrap_err(),
        );
        assert_eq!(session.cart().await.unwrap(), []);
    };
    let (_, closed) = visitor.request(handler).await;
    assert!(len(&closed) <= LIMIT);
    visitor.visit(async |session| assert_eq!(session.peek_notice().await, Some(most + 10))).await;
}

/// Nothing but fields takes room: signing in, "remember me", a new token and activity all fit into a cookie that is full.
#[tokio::test]
async fn a_full_cookie_stays_as_it_is_whatever_happens_to_its_times() {
    let world = World::new();
    let mut visitor = world.stranger();
    visitor.visit(async |session| session.set_user_id(UserId(7)).await.unwrap()).await;
    let most = longest(&visitor, async |session, text| session.set_notice(text).await).await;
    fill(&mut visitor, most).await;
    let grow: [fn(Session<Shop>) -> _; 5] = [
        |session| {
            Box::pin(async move { session.visits().await.map(drop).unwrap() }) as futures_util::future::BoxFuture<_>
        },
        |session| Box::pin(async move { session.regenerate().await.unwrap() }),
        |session| Box::pin(async move { session.mark_authenticated().await.unwrap() }),
        |session| Box::pin(async move { session.set_expiry(399 * DAY, 400 * DAY).await.unwrap() }),
        |session| {
            Box::pin(
                async move { session.set_expiry(std::time::Duration::MAX, std::time::Duration::MAX).await.unwrap() },
            )
        },
    ];
    for handler in grow {
        world.clock.advance(10 * MINUTE);
        let (_, closed) = visitor.request(handler).await;
        assert_eq!(len(&closed), LIMIT);
    }
    world.clock.advance(300 * DAY);
    visitor.visit(async |session| assert_eq!(session.peek_notice().await, Some(most))).await;
}

/// What a sealed cookie costs on the wire, beside a token's 55 bytes. If this grows, somebody should know.
#[tokio::test]
async fn a_typical_cookie_is_short() {
    let mut visitor = World::new().stranger();
    let (_, closed) = visitor.request(begin).await;
    assert_eq!(len(&closed), 218);
}
