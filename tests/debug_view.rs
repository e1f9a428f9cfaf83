//! The JSON view of a session for debugging: all that is stored, and nothing that is secret.

use std::collections::BTreeMap;

use bytes::Bytes;
use cloakroom::{MemoryStore, Session, SessionData, SessionError, Sessions};
use serde::{Deserialize, Serialize};
use serde_json::json;
use tests::{Log, Visitor};

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
enum Choice {
    Plain,
    Named { tea: u8 },
}

#[derive(SessionData)]
#[session(cookie = "desk")]
struct Desk {
    #[session(owner)]
    user_id: Option<u64>,
    #[session(rename = "themeName")]
    theme: String,
    choices: Vec<Choice>,
    ratio: f64,
    balance: i128,
    seats: BTreeMap<u8, bool>,
    picture: Bytes,
    nothing: Option<String>,
    #[session(flash)]
    notice: Option<String>,
    #[session(secret, alias = "old_pin")]
    pin: Option<String>,
    #[session(secret, ttl = "10m")]
    oauth_state: Option<String>,
}

fn desks() -> Sessions<Desk> {
    Sessions::new(MemoryStore::new())
}

async fn fill(session: &Session<Desk>) -> Result<(), SessionError> {
    session.set_user_id(7).await?;
    session.set_theme("dark".to_owned()).await?;
    session.set_choices(vec![Choice::Plain, Choice::Named { tea: 2 }]).await?;
    session.set_ratio(f64::INFINITY).await?;
    session.set_balance(-5).await?;
    session.set_seats(BTreeMap::from([(3, true)])).await?;
    session.set_picture(Bytes::from_static(&[0, 255, 1])).await?;
    session.set_notice("welcome".to_owned()).await?;
    session.set_pin("hunter2".to_owned()).await?;
    session.set_oauth_state("xyzzy".to_owned()).await
}

#[tokio::test]
async fn shows_every_field_by_its_stored_name_and_no_secret() {
    let mut visitor = Visitor::new(desks());
    visitor.visit(async |session| fill(&session).await).await.unwrap();
    let view = visitor.visit(async |session| session.debug_view().await).await.unwrap();

    let fields = view["fields"].as_object().expect("the fields");
    assert_eq!(view["session"], "desk");
    assert_eq!(fields["user_id"], 7);
    assert_eq!(fields["themeName"], "dark");
    assert_eq!(fields["choices"], json!(["Plain", { "Named": { "tea": 2 } }]));
    assert_eq!(fields["ratio"], "inf");
    assert_eq!(fields["seats"], json!({ "3": true }));
    assert_eq!(fields["picture"], "base64:AP8B");
    assert_eq!(fields["notice"], "welcome");
    assert_eq!(fields["pin"], "[secret]");
    assert_eq!(fields["oauth_state"], "[secret]");
    assert!(!fields.contains_key("nothing") && !fields.contains_key("theme"), "{view:#}");
    let text = format!("{view} {view:#} {view:?}");
    assert!(!text.contains("hunter2") && !text.contains("xyzzy"), "{text}");
    assert!(!text.contains(visitor.token().expect("a cookie")), "{text}");
}

/// The id and the times are those that the session itself tells; looking changes nothing.
#[tokio::test]
async fn looking_consumes_and_changes_nothing() {
    let mut visitor = Visitor::new(desks());
    let view = visitor.visit(async |session| session.debug_view().await).await.unwrap();
    assert_eq!((&view["id"], &view["fields"], &view["is_new"]), (&json!(null), &json!({}), &json!(true)));
    assert_eq!(visitor.cookie(), None, "an anonymous visitor stays one");

    visitor.visit(async |session| fill(&session).await).await.unwrap();
    let (view, id) = visitor
        .visit(async |session| (session.debug_view().await.unwrap(), session.id().await.unwrap().expect("a record")))
        .await;
    assert_eq!(view["id"], id.to_string());
    assert_eq!(view["has_unsaved_changes"], false);
    assert!(view["created_at"].as_u64() < view["expires_at"].as_u64(), "{view:#}");
    let notice = visitor.visit(async |session| session.notice().await).await.unwrap();
    assert_eq!(notice.as_deref(), Some("welcome"), "the flash was not consumed");
}

/// What this request has set and not saved is part of what it sees.
#[tokio::test]
async fn shows_what_is_pending() {
    let session = desks().open([]);
    session.set_theme("light".to_owned()).await.unwrap();
    session.set_pin("hunter2".to_owned()).await.unwrap();
    let view = session.debug_view().await.unwrap();
    assert_eq!(view["fields"], json!({ "themeName": "light", "pin": "[secret]" }));
    assert_eq!(view["has_unsaved_changes"], true);
}

/// The same session, as an older and as a newer program has it.
mod other {
    use cloakroom::SessionData;

    #[derive(SessionData)]
    #[session(cookie = "desk")]
    pub(super) struct Desk {
        pub(super) themes: u8,
        #[session(rename = "themeName")]
        pub(super) theme: u64,
        pub(super) old_pin: Option<String>,
        #[session(rename = "oauth_state")]
        pub(super) state: Option<u64>,
    }
}

/// What no longer reads as its type is said to be so; what this program does not know may be a secret of the one that does.
#[tokio::test]
async fn says_what_it_cannot_read_and_does_not_know() {
    let store = MemoryStore::new();
    let cookie = {
        let mut newer = Visitor::new(Sessions::<other::Desk>::new(store.clone()));
        let set = newer.visit(async |session| {
            session.set_themes(9).await?;
            session.set_theme(12).await?;
            session.set_old_pin("hunter2".to_owned()).await?;
            session.set_state(424_242).await
        });
        set.await.unwrap();
        newer.cookie().expect("a cookie").to_owned()
    };
    let mut visitor = Visitor::new(Sessions::<Desk>::new(store)).with_cookie(cookie);
    let view = visitor.visit(async |session| session.debug_view().await).await.unwrap();
    assert_eq!(view["fields"]["themeName"], "[not of its type] 12");
    assert_eq!(view["fields"]["themes"], "[unknown to this program]");
    assert_eq!(view["fields"]["pin"], "[secret]", "under its old name as well");
    assert_eq!(view["fields"]["oauth_state"], "[secret]");
    assert!(!view.to_string().contains("hunter2") && !view.to_string().contains("424242"), "{view:#}");
}

/// A field that counts as unset where it does not read is no different here: this is where one looks why it does.
#[tokio::test]
async fn says_so_of_what_counts_as_unset_too() {
    #[derive(SessionData)]
    #[session(cookie = "desk")]
    struct Lenient {
        #[session(rename = "themeName", on_invalid = "default")]
        theme: u64,
        #[session(on_invalid = "default")]
        user_id: Option<u64>,
    }
    let log = Log::start();
    let store = MemoryStore::new();
    let cookie = {
        let mut visitor = Visitor::new(Sessions::<Desk>::new(store.clone()));
        visitor.visit(async |session| fill(&session).await).await.unwrap();
        visitor.cookie().expect("a cookie").to_owned()
    };
    let mut visitor = Visitor::new(Sessions::<Lenient>::new(store)).with_cookie(cookie);
    let view = visitor.visit(async |session| session.debug_view().await).await.unwrap();
    assert_eq!(view["fields"]["themeName"], "[not of its type] \"dark\"");
    assert_eq!(view["fields"]["user_id"], 7);
    assert!(!log.text().contains("WARN"), "looking is no reason to warn: {}", log.text());
}

/// serde's errors quote what they found, so those of a secret field are not handed on, neither to the caller nor to the log.
#[tokio::test]
async fn an_error_of_a_secret_field_quotes_nothing() {
    let log = Log::start();
    let store = MemoryStore::new();
    let mut newer = Visitor::new(Sessions::<other::Desk>::new(store.clone()));
    let set = newer.visit(async |session| {
        session.set_state(424_242).await?;
        session.set_theme(515_151).await
    });
    set.await.unwrap();
    let cookie = newer.cookie().expect("a cookie").to_owned();
    drop(newer);
    let mut visitor = Visitor::new(Sessions::<Desk>::new(store)).with_cookie(cookie);
    let (secret, plain) = visitor
        .visit(async |session| (session.oauth_state().await.unwrap_err(), session.theme().await.unwrap_err()))
        .await;
    let text = format!("{secret} {secret:?} {}", log.text());
    assert!(text.contains("oauth_state") && !text.contains("424242"), "{text}");
    assert!(plain.to_string().contains("515151"), "else nothing was proved: {plain}");
}
