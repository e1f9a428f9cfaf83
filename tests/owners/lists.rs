//! What a list shows, and what revoking ends, on every store that has an index.

use std::time::{Duration, SystemTime};

use cloakroom::store::SessionStore;
use cloakroom::{ManualClock, MemoryStore, Policy, SessionData, SessionError, Sessions};
use tests::{Place, Visitor, on_every_store, secret};

use crate::{Account, devices, entries_of, key_of, signed_in, user_of};

on_every_store! {
    devices_are_listed,
    one_is_revoked,
    all_others_are_revoked,
    no_copy_of_a_token_outlives_a_new_password,
    all_are_revoked_at_once,
    setting_changing_and_clearing_the_owner_moves_the_entry,
    a_token_is_nowhere_in_the_index,
}

fn anna() -> String {
    "anna".to_owned()
}

async fn devices_are_listed(place: Place<impl SessionStore + Clone>) {
    let Some(sessions) = place.sessions_by_owner::<Account>().await else { return };
    let began = place.now();
    let mut phone = signed_in(&sessions, "anna", "phone").await;
    signed_in(&sessions, "anna", "laptop").await;
    signed_in(&sessions, "bert", "phone").await;
    let other_node = place.sessions_by_owner::<Account>().await.unwrap();
    assert_eq!(devices(&other_node, "anna").await, ["laptop", "phone"]);

    phone
        .visit(async |session| {
            let listed = session.sessions_of(&anna()).list(&session).await.unwrap();
            let current: Vec<_> = listed.iter().filter(|one| one.is_current()).collect();
            assert_eq!((listed.len(), current.len()), (2, 1));
            let mine = current[0];
            assert_eq!(Some(mine.id()), session.id().await.unwrap());
            assert_eq!(mine.data().unwrap(), session.snapshot().await.unwrap());
            assert_eq!(Some(mine.created_at()), session.created_at().await.unwrap());
            assert_eq!(mine.authenticated_at(), session.authenticated_at().await.unwrap());
            let soon = began - Duration::from_secs(1)..place.now() + Duration::from_secs(1);
            assert!(soon.contains(&mine.last_seen()), "{:?} in {soon:?}", mine.last_seen());
            assert_eq!(mine.expires_at(), mine.last_seen() + Duration::from_secs(30 * 60));
        })
        .await;
    assert!(sessions.of(&"nobody".to_owned()).list(None).await.unwrap().is_empty());
}

async fn one_is_revoked(place: Place<impl SessionStore + Clone>) {
    let Some(sessions) = place.sessions_by_owner::<Account>().await else { return };
    let mut phone = signed_in(&sessions, "anna", "phone").await;
    let mut laptop = signed_in(&sessions, "anna", "laptop").await;
    let mut bert = signed_in(&sessions, "bert", "phone").await;
    let id = laptop.visit(async |session| session.id().await.unwrap().unwrap()).await;
    let of_bert = bert.visit(async |session| session.id().await.unwrap().unwrap()).await;

    let of_anna = sessions.of(&anna());
    assert!(!of_anna.revoke(of_bert).await.unwrap(), "somebody else's session is never ended");
    assert!(!of_anna.revoke("no id at all").await.unwrap());
    assert!(of_anna.revoke(&id.to_string()).await.unwrap());
    assert!(!of_anna.revoke(id).await.unwrap(), "it was there once");
    assert_eq!(user_of(&mut laptop).await, None);
    assert_eq!(user_of(&mut phone).await, Some(anna()));
    assert_eq!(user_of(&mut bert).await, Some("bert".to_owned()));
    assert_eq!(devices(&sessions, "anna").await, ["phone"]);
}

/// A change of password: a new token here, and all other devices are signed out.
async fn all_others_are_revoked(place: Place<impl SessionStore + Clone>) {
    let Some(sessions) = place.sessions_by_owner::<Account>().await else { return };
    let mut here = signed_in(&sessions, "anna", "here").await;
    let stolen = here.clone();
    let mut others = Vec::new();
    for n in 0..3 {
        others.push(signed_in(&sessions, "anna", &format!("device {n}")).await);
    }
    let ended = here
        .visit(async |session| {
            session.regenerate().await.unwrap();
            session.save().await.unwrap();
            session.sessions_of(&anna()).revoke_others(&session).await.unwrap()
        })
        .await;
    assert_eq!(ended, 3);
    for mut gone in others.into_iter().chain([stolen]) {
        assert_eq!(user_of(&mut gone).await, None);
    }
    assert_eq!(user_of(&mut here).await, Some(anna()));
    assert_eq!(devices(&sessions, "anna").await, ["here"]);
}

/// What the guide and the shop do for a new password: a thief who gives a copy of the token a new one, at whatever moment, is out.
async fn no_copy_of_a_token_outlives_a_new_password(place: Place<impl SessionStore + Clone>) {
    let Some(sessions) = place.sessions_by_owner::<Account>().await else { return };
    for moment in ["before the new token is saved", "after it", "when all others have ended"] {
        let mut here = signed_in(&sessions, "anna", "here").await;
        let mut thief = here.clone();
        let mut stay = async |when| {
            if when == moment {
                let _ = thief.request(async |session| session.regenerate().await).await;
            }
        };
        let (changed, _) = here
            .request(async |session| {
                let theirs = session.sessions_of(&anna());
                assert_eq!(session.user().await.unwrap(), Some(anna()));
                stay("before the new token is saved").await;
                session.regenerate().await.unwrap();
                let saved = session.save().await;
                stay("after it").await;
                if matches!(saved, Err(SessionError::Ended)) {
                    theirs.revoke_all().await.unwrap();
                }
                saved?;
                let others = theirs.revoke_others(&session).await;
                stay("when all others have ended").await;
                others
            })
            .await;
        assert_eq!(user_of(&mut thief).await, None, "{moment}");
        let stays = moment != "before the new token is saved";
        assert_eq!(changed.is_ok(), stays, "{moment}: {changed:?}");
        assert_eq!(devices(&sessions, "anna").await.len(), usize::from(stays), "{moment}");
        sessions.of(&anna()).revoke_all().await.unwrap();
    }
}

async fn all_are_revoked_at_once(place: Place<impl SessionStore + Clone>) {
    let Some(sessions) = place.sessions_by_owner::<Account>().await else { return };
    let mut visitors = Vec::new();
    for n in 0..70 {
        visitors.push(signed_in(&sessions, "anna", &format!("device {n}")).await);
    }
    let mut bert = signed_in(&sessions, "bert", "phone").await;
    let other_node = place.sessions_by_owner::<Account>().await.unwrap();
    assert_eq!(other_node.of(&anna()).revoke_all().await.unwrap(), 70);
    for mut visitor in visitors {
        assert_eq!(user_of(&mut visitor).await, None);
    }
    assert_eq!(other_node.of(&anna()).revoke_all().await.unwrap(), 0);
    assert_eq!(user_of(&mut bert).await, Some("bert".to_owned()));
    signed_in(&sessions, "anna", "again").await;
    assert_eq!(devices(&sessions, "anna").await, ["again"]);
}

async fn setting_changing_and_clearing_the_owner_moves_the_entry(place: Place<impl SessionStore + Clone>) {
    let Some(sessions) = place.sessions_by_owner::<Account>().await else { return };
    let mut visitor = Visitor::new(sessions.clone());
    visitor.visit(async |session| session.set_device("tablet".to_owned()).await.unwrap()).await;
    let both = async || (devices(&sessions, "anna").await.len(), devices(&sessions, "bert").await.len());
    assert_eq!(both().await, (0, 0));
    visitor.visit(async |session| session.set_user("anna".to_owned()).await.unwrap()).await;
    assert_eq!(both().await, (1, 0));
    visitor.visit(async |session| session.regenerate().await.unwrap()).await;
    assert_eq!(both().await, (1, 0), "a new token is the same session");
    visitor.visit(async |session| session.update_user(|user| *user = Some("bert".to_owned())).await.unwrap()).await;
    assert_eq!(both().await, (0, 1));
    visitor.visit(async |session| session.clear_user().await.unwrap()).await;
    assert_eq!(both().await, (0, 0));
    visitor
        .visit(async |session| {
            // The rotation goes first here, and the owner comes to a record that has its key already.
            session.set_user("anna".to_owned()).await.unwrap();
            session.update_visits(|visits| *visits += 1).await.unwrap();
        })
        .await;
    assert_eq!(both().await, (1, 0));
    visitor.visit(async |session| session.destroy().await.unwrap()).await;
    assert_eq!(both().await, (0, 0));
}

/// Neither the index's entries nor their keys let anybody in, or name the person; nor does a list in a log.
async fn a_token_is_nowhere_in_the_index(place: Place<impl SessionStore + Clone>) {
    let Some(sessions) = place.sessions_by_owner::<Account>().await else { return };
    let mut visitor = signed_in(&sessions, "anna", "phone").await;
    let id = visitor.visit(async |session| session.id().await.unwrap().unwrap()).await;
    let entries = entries_of(&place.store().await, "anna").await;
    assert_eq!(entries.iter().map(|entry| entry.key.id()).collect::<Vec<_>>(), [id]);

    let token = visitor.token().unwrap();
    let secret = secret::decode(token.as_bytes()).unwrap();
    let index = [*key_of("anna").as_bytes(), *entries[0].key.as_bytes()].concat();
    for said in [token.as_bytes(), &secret, b"anna"] {
        assert!(!index.windows(said.len()).any(|part| part == said), "{index:?} holds {said:?}");
    }
    let theirs = sessions.of(&anna());
    let logged = format!("{theirs:?} {:?}", theirs.list(None).await.unwrap());
    assert!(!logged.contains(token) && !logged.contains("anna"), "{logged}");
}

#[tokio::test]
async fn times_are_told_to_a_tenth_of_the_idle_time() {
    let clock = ManualClock::default();
    let (sessions, minute) = (on(&clock), Duration::from_secs(60));
    let mut visitor = signed_in(&sessions, "anna", "phone").await;
    let last_seen = async || sessions.of(&anna()).list(None).await.unwrap()[0].last_seen();
    let began = last_seen().await;
    assert_eq!(began, cloakroom::Clock::now(&clock));
    clock.advance(2 * minute);
    user_of(&mut visitor).await;
    assert_eq!(last_seen().await, began, "two of thirty minutes are not written down");
    clock.advance(minute);
    user_of(&mut visitor).await;
    assert_eq!(last_seen().await, began + 3 * minute);
}

/// The one that was seen last is the first; what has expired is not listed, and neither is what a `set_expiry` did not extend.
#[tokio::test]
async fn lists_are_in_order_and_hold_no_expired_session() {
    let clock = ManualClock::default();
    let (sessions, minute) = (on(&clock), Duration::from_secs(60));
    for device in ["a", "c", "b"] {
        signed_in(&sessions, "anna", device).await;
        clock.advance(minute);
    }
    let mut remembered = signed_in(&sessions, "anna", "remembered").await;
    remembered
        .visit(async |session| session.set_expiry(30 * 24 * 60 * minute, 90 * 24 * 60 * minute).await.unwrap())
        .await;
    let names = async || -> Vec<String> {
        let listed = sessions.of(&anna()).list(None).await.unwrap();
        listed.iter().map(|one| one.data().unwrap().device).collect()
    };
    assert_eq!(names().await, ["remembered", "b", "c", "a"]);
    clock.advance(28 * minute);
    assert_eq!(names().await, ["remembered", "b"]);
    clock.advance(29 * 24 * 60 * minute);
    assert_eq!(names().await, ["remembered"], "its entry lives as long as it does");
    assert_eq!(sessions.of(&anna()).revoke_all().await.unwrap(), 1);
}

/// Clocks differ: where the time for which somebody was signed in is over already, nothing of it is forgotten.
#[tokio::test]
async fn an_owner_whose_time_is_over_elsewhere_is_listed_here() {
    let (clock, ahead) = (ManualClock::default(), ManualClock::default());
    let (store, hour, second) =
        (MemoryStore::new().with_clock(clock.clone()), Duration::from_secs(60 * 60), Duration::from_secs(1));
    let policy = Policy::of::<Account>().with_idle(6 * hour);
    let node = |clock: &ManualClock| {
        let sessions = Sessions::<Account>::new(store.clone()).with_policy(policy.clone());
        sessions.with_clock(clock.clone()).with_owner_index()
    };
    let (here, elsewhere) = (node(&clock), node(&ahead));
    let mut visitor = Visitor::new(here.clone());
    visitor.visit(async |session| session.set_for(Account::USER, Some(anna()), 2 * hour).await.unwrap()).await;
    clock.advance(2 * hour - second);
    ahead.advance(2 * hour + second);
    assert!(devices(&elsewhere, "anna").await.is_empty());
    assert_eq!(devices(&here, "anna").await.len(), 1);
    assert_eq!(here.of(&anna()).revoke_all().await.unwrap(), 1);
    assert_eq!(user_of(&mut visitor).await, None);
}

fn on(clock: &ManualClock) -> Sessions<Account> {
    Sessions::new(MemoryStore::new().with_clock(clock.clone())).with_clock(clock.clone()).with_owner_index()
}

mod newer {
    use super::SessionData;

    /// A version of the program whose `visits` are words.
    #[derive(SessionData)]
    #[session(cookie = "account", idle = "30m", absolute = "12h")]
    pub(super) struct Account {
        #[session(owner)]
        pub(super) user: Option<String>,
        pub(super) device: String,
        pub(super) visits: String,
    }
}

/// A field that no longer reads as its type is an error of its own session, which is listed with the others and can be revoked.
#[tokio::test]
async fn what_does_not_decode_hides_nothing() {
    let store = MemoryStore::new();
    {
        let old = Sessions::<Account>::new(store.clone()).with_owner_index();
        signed_in(&old, "anna", "fine").await;
        let mut counted = signed_in(&old, "anna", "counted").await;
        counted.visit(async |session| session.set_visits(3).await.unwrap()).await;
    }
    let new = Sessions::<newer::Account>::new(store).with_owner_index();
    let listed = new.of(&anna()).list(None).await.unwrap();
    let (readable, unreadable): (Vec<_>, Vec<_>) = listed.iter().partition(|one| one.data().is_ok());
    assert_eq!((readable.len(), unreadable.len()), (1, 1));
    let newer::Account { user, device, visits } = readable[0].data().unwrap();
    assert_eq!((user, device.as_str(), visits.as_str()), (Some(anna()), "fine", ""));
    let said = unreadable[0].data().map(drop).unwrap_err().to_string();
    assert!(said.contains("`visits`"), "{said}");
    assert!(unreadable[0].created_at() <= SystemTime::now());
    assert!(new.of(&anna()).revoke(unreadable[0].id()).await.unwrap());
    assert_eq!(new.of(&anna()).list(None).await.unwrap().len(), 1);
}
