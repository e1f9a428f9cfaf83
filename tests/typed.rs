//! What is declared is what one gets: each field's methods, the typed keys, and every attribute of the derive.

use std::net::{IpAddr, Ipv4Addr};
use std::time::Duration;

use cloakroom::{Key, ManualClock, MemoryStore, SameSite, Session, SessionData, SessionError, Sessions};
use serde::{Deserialize, Serialize};
use tests::{CartItem, Role, Shop, Theme, UserId};

/// One visitor of sessions of type `D`, with one cookie.
struct Visitor<D> {
    sessions: Sessions<D>,
    cookie: Option<String>,
}

impl<D: SessionData> Visitor<D> {
    fn new() -> Self {
        Self::at(MemoryStore::new())
    }

    fn at(store: MemoryStore) -> Self {
        Self { sessions: Sessions::new(store), cookie: None }
    }

    /// The same cookie, before a program whose struct is another one.
    fn after_update<E: SessionData>(self, store: MemoryStore) -> Visitor<E> {
        drop(self.sessions);
        Visitor { sessions: Sessions::new(store), cookie: self.cookie }
    }

    /// One request.
    async fn visit<R>(&mut self, handler: impl AsyncFnOnce(&Session<D>) -> Result<R, SessionError>) -> R {
        let session = self.sessions.open(self.cookie.iter().map(|cookie| cookie.as_bytes()));
        let result = handler(&session).await.expect("the handler succeeds");
        let closed = self.sessions.close(&session, true).await;
        assert!(closed.error.is_none(), "{closed:?}");
        if let Some(text) = closed.set_cookie {
            self.cookie = text.split(';').next().map(str::to_owned);
        }
        result
    }
}

#[tokio::test]
async fn unset_fields_read_as_declared() {
    Visitor::<Shop>::new()
        .visit(async |session| {
            assert_eq!(session.user_id().await?, None);
            assert_eq!(session.role().await?, Role::Customer);
            assert_eq!(session.cart().await?, []);
            assert_eq!(session.theme().await?, Theme::System);
            assert!(session.keys().await?.is_empty());
            Ok(())
        })
        .await;
}

#[tokio::test]
async fn six_methods_per_field() {
    let mut visitor = Visitor::<Shop>::new();
    visitor.visit(async |session| session.set_cart(vec![CartItem::one("lamp")]).await).await;
    let size = visitor
        .visit(async |session| {
            assert!(session.has_cart().await?);
            assert_eq!(session.cart().await?, [CartItem::one("lamp")]);
            session
                .update_cart(|cart| {
                    cart.push(CartItem::one("chair"));
                    cart.len()
                })
                .await
        })
        .await;
    assert_eq!(size, 2);
    visitor
        .visit(async |session| {
            assert_eq!(session.take_cart().await?.len(), 2);
            assert!(!session.has_cart().await?);
            session.set_visits(3).await?;
            session.set_role(Role::Admin).await
        })
        .await;
    visitor
        .visit(async |session| {
            assert_eq!(session.cart().await?, []);
            session.clear_role().await?;
            assert_eq!((session.role().await?, session.visits().await?), (Role::Customer, 3));
            Ok(())
        })
        .await;
}

/// Counts one up in any session that keeps a number somewhere.
async fn count<D: SessionData>(session: &Session<D>, key: Key<D, u64>) -> Result<u64, SessionError> {
    session
        .update(key, |number| {
            *number += 1;
            *number
        })
        .await
}

#[tokio::test]
async fn keys_serve_generic_code() {
    let mut visitor = Visitor::<Shop>::new();
    visitor
        .visit(async |session| {
            assert_eq!((count(session, Shop::VISITS).await?, count(session, Shop::VISITS).await?), (1, 2));
            session.set(Shop::THEME, Theme::Dark).await?;
            session.set_for(Shop::OAUTH_STATE, Some("xyz".into()), Duration::from_secs(5)).await?;
            assert_eq!(session.get(Shop::THEME).await?, Theme::Dark);
            assert_eq!(session.take(Shop::OAUTH_STATE).await?.as_deref(), Some("xyz"));
            assert!(session.has(Shop::VISITS).await?);
            session.clear_field(Shop::VISITS).await?;
            assert!(!session.has(Shop::VISITS).await?);
            assert_eq!((Shop::THEME.name(), Shop::OAUTH_STATE.name()), ("themeName", "oauth_state"));
            Ok(())
        })
        .await;
}

#[tokio::test]
async fn options_take_values_and_options() {
    let mut visitor = Visitor::<Shop>::new();
    visitor
        .visit(async |session| {
            session.set_user_id(UserId(7)).await?;
            assert_eq!(session.user_id().await?, Some(UserId(7)));
            session.set_user_id(Some(UserId(8))).await?;
            assert_eq!(session.user_id().await?, Some(UserId(8)));
            session.set_user_id(None).await?;
            assert!(!session.has_user_id().await?);
            Ok(())
        })
        .await;
}

#[tokio::test]
async fn a_flash_is_read_once() {
    let mut visitor = Visitor::<Shop>::new();
    visitor.visit(async |session| session.set_notice("saved".to_owned()).await).await;
    visitor
        .visit(async |session| {
            assert!(session.has_notice().await?);
            assert_eq!(session.snapshot().await?.notice.as_deref(), Some("saved"));
            assert_eq!(session.notice().await?.as_deref(), Some("saved"));
            assert_eq!(session.notice().await?, None);
            Ok(())
        })
        .await;
    assert_eq!(visitor.visit(async |session| session.notice().await).await, None);
}

#[tokio::test]
async fn a_value_with_a_time_of_its_own_ends_with_it() {
    let clock = ManualClock::default();
    let mut visitor = Visitor {
        sessions: Sessions::<Shop>::new(MemoryStore::new().with_clock(clock.clone())).with_clock(clock.clone()),
        cookie: None,
    };
    visitor
        .visit(async |session| {
            session.set_oauth_state("long".to_owned()).await?;
            session.set_visits(1).await
        })
        .await;
    clock.advance(Duration::from_secs(9 * 60));
    assert!(visitor.visit(async |session| session.has_oauth_state().await).await);
    clock.advance(Duration::from_secs(2 * 60));
    assert_eq!(visitor.visit(async |session| session.oauth_state().await).await, None);
    visitor.visit(async |session| session.set_oauth_state_for("short".to_owned(), Duration::from_secs(5)).await).await;
    clock.advance(Duration::from_secs(6));
    let left = visitor.visit(async |session| Ok((session.has_oauth_state().await?, session.visits().await?))).await;
    assert_eq!(left, (false, 1));
}

#[tokio::test]
async fn the_struct_is_a_value() {
    let mut visitor = Visitor::<Shop>::new();
    let whole = Shop {
        user_id: Some(UserId(1)),
        role: Role::Admin,
        cart: vec![CartItem::one("lamp")],
        visits: 9,
        notice: Some("hello".into()),
        oauth_state: None,
        theme: Theme::Light,
    };
    let sent = whole.clone();
    visitor.visit(async |session| session.set_all(sent).await).await;
    assert_eq!(visitor.visit(async |session| session.snapshot().await).await, whole);
}

/// Everything that an attribute can say and `Shop` does not.
#[derive(Debug, PartialEq, SessionData)]
#[session(
    cookie = "odd",
    idle = "1h30m",
    absolute = "2w",
    same_site = "strict",
    domain = "example.com",
    path = "/odd",
    partitioned
)]
struct Odd {
    #[session(default)]
    plain: u8,
    #[session(default = Some(3))]
    lucky: Option<u8>,
    #[session(with = "text", default = IpAddr::V4(Ipv4Addr::LOCALHOST))]
    address: IpAddr,
    #[session(skip, default = 5)]
    kept_out: u8,
    #[session(accessor = "public_id")]
    id: u32,
    r#type: String,
    #[session(accessor = "match")]
    arm: bool,
    pair: (Vec<Option<i64>>, [f32; 2]),
}

mod text {
    use std::fmt::Display;
    use std::str::FromStr;

    use serde::de::{Deserialize, Deserializer, Error};
    use serde::ser::Serializer;

    pub fn serialize<T: Display, S: Serializer>(value: &T, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(value)
    }

    pub fn deserialize<'de, T: FromStr<Err: Display>, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(D::Error::custom)
    }
}

#[tokio::test]
async fn every_attribute_does_what_it_says() {
    let mut visitor = Visitor::<Odd>::new();
    visitor
        .visit(async |session| {
            assert_eq!((session.plain().await?, session.lucky().await?), (0, Some(3)));
            assert_eq!(session.address().await?, IpAddr::V4(Ipv4Addr::LOCALHOST));
            session.set_lucky(None).await?;
            session.set_address(IpAddr::from([10, 0, 0, 1])).await?;
            session.set_public_id(4).await?;
            session.set_type("book".into()).await?;
            session.set_match(true).await?;
            session.set_pair((vec![None, Some(-1)], [0.5, f32::INFINITY])).await
        })
        .await;
    let whole = visitor.visit(async |session| session.snapshot().await).await;
    let pair = (vec![None, Some(-1)], [0.5, f32::INFINITY]);
    let address = IpAddr::from([10, 0, 0, 1]);
    let expected = Odd { plain: 0, lucky: None, address, kept_out: 5, id: 4, r#type: "book".into(), arm: true, pair };
    assert_eq!(whole, expected);
    let keys = visitor
        .visit(async |session| {
            assert!(session.r#match().await? && session.has_type().await?);
            assert_eq!((session.get(Odd::ID).await?, session.take_type().await?), (4, "book".to_owned()));
            session.keys().await
        })
        .await;
    assert!(!keys.contains(&"kept_out".to_owned()) && keys.contains(&"lucky".to_owned()), "{keys:?}");
}

#[test]
fn the_struct_states_the_policy() {
    let settings = Odd::SETTINGS;
    assert_eq!(Odd::NAME, "odd");
    assert_eq!(settings.idle, Some(Duration::from_secs(90 * 60)));
    assert_eq!(settings.absolute, Some(Duration::from_secs(14 * 24 * 3600)));
    assert_eq!((settings.domain, settings.path, settings.partitioned), (Some("example.com"), Some("/odd"), true));
    assert!(matches!(settings.same_site, Some(SameSite::Strict)));
    assert_eq!((<OldProfile as SessionData>::NAME, Shop::NAME), ("profile", "shop"));
    let stored: Vec<&str> = Odd::STORED.iter().map(|field| field.name).collect();
    assert_eq!(stored, ["plain", "lucky", "address", "id", "type", "arm", "pair"]);
}

#[derive(SessionData)]
#[session(cookie = "profile")]
struct OldProfile {
    name: String,
    level: String,
    mood: String,
}

/// A later version of the same program.
#[derive(SessionData)]
#[session(cookie = "profile")]
struct Profile {
    #[session(alias = "nick", alias = "name")]
    full_name: String,
    #[session(on_invalid = "default", default = 7)]
    level: u8,
    mood: u8,
}

#[tokio::test]
async fn a_struct_may_change() {
    let store = MemoryStore::new();
    let mut visitor = Visitor::<OldProfile>::at(store.clone());
    visitor
        .visit(async |session| {
            session.set_name("Ann".into()).await?;
            session.set_level("high".into()).await?;
            session.set_mood("fine".into()).await
        })
        .await;
    visitor
        .after_update::<Profile>(store)
        .visit(async |session| {
            assert_eq!((session.full_name().await?.as_str(), session.level().await?), ("Ann", 7));
            assert!(matches!(session.mood().await, Err(SessionError::Decode { field: "mood", .. })));
            session.set_full_name("Anna".into()).await?;
            let mut keys = session.keys().await?;
            keys.sort();
            assert_eq!(keys, ["full_name", "level", "mood"]);
            Ok(())
        })
        .await;
}

#[derive(Debug, PartialEq, SessionData)]
struct Wizard<S, T = u8>
where
    S: Clone,
{
    step: S,
    answers: Vec<(S, T)>,
    draft: Option<T>,
}

#[derive(Clone, Debug, Default, Deserialize, PartialEq, Serialize)]
enum Step {
    #[default]
    Name,
    Address {
        country: String,
    },
}

#[tokio::test]
async fn structs_may_be_generic() {
    let mut visitor = Visitor::<Wizard<Step>>::new();
    let step = Step::Address { country: "fr".into() };
    let next = step.clone();
    visitor
        .visit(async |session| {
            assert_eq!(session.step().await?, Step::Name);
            session.set_step(next).await?;
            session.set(Wizard::<Step>::DRAFT, Some(3)).await?;
            session.update_answers(|answers| answers.push((Step::Name, 1))).await
        })
        .await;
    let whole = visitor.visit(async |session| session.snapshot().await).await;
    assert_eq!(whole, Wizard { step, answers: vec![(Step::Name, 1)], draft: Some(3) });
}

macro_rules! large {
    ($($field:ident)*) => {
        #[derive(Debug, PartialEq, SessionData)]
        struct Large { $($field: Vec<String>),* }

        #[tokio::test]
        async fn forty_fields_at_once() {
            let mut visitor = Visitor::<Large>::new();
            visitor.visit(async |session| {
                session.set_all(Large { $($field: vec![stringify!($field).to_owned()]),* }).await
            }).await;
            visitor.visit(async |session| {
                $(assert_eq!(session.$field().await?, [stringify!($field)]);)*
                assert_eq!(session.keys().await?.len(), 40);
                Ok(())
            }).await;
        }
    };
}

large! {
    a0 a1 a2 a3 a4 a5 a6 a7 a8 a9 b0 b1 b2 b3 b4 b5 b6 b7 b8 b9
    c0 c1 c2 c3 c4 c5 c6 c7 c8 c9 d0 d1 d2 d3 d4 d5 d6 d7 d8 d9
}

#[tokio::test]
async fn a_new_owner_regenerates_and_empties() {
    let mut visitor = Visitor::<Shop>::new();
    let anonymous = visitor
        .visit(async |session| {
            session.set_cart(vec![CartItem::one("lamp")]).await?;
            session.save().await?;
            session.id().await
        })
        .await;
    visitor.visit(async |session| session.set_user_id(UserId(1)).await).await;
    let (own, cart) = visitor.visit(async |session| Ok((session.id().await?, session.cart().await?))).await;
    assert!(own != anonymous && own.is_some(), "signing in makes a new session of the same data");
    assert_eq!(cart.len(), 1);
    visitor.visit(async |session| session.set_user_id(UserId(2)).await).await;
    let (other, cart) = visitor.visit(async |session| Ok((session.id().await?, session.cart().await?))).await;
    assert!(other != own, "from one owner to another it is not the same session");
    assert_eq!(cart, []);
}
