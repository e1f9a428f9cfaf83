//! The applications on actix, called as those on axum are (`main.rs`).

#[path = "actix/app.rs"]
mod app;
#[path = "actix/client.rs"]
mod client;
#[path = "actix/peer.rs"]
mod peer;

use actix_session::SessionMiddleware as Theirs;
use actix_session::storage::{CookieSessionStore, RedisSessionStore};
use actix_web::App;
use actix_web::cookie::Key;
use app::{endpoints, plain, run};
use benches::check::Keeps;
use benches::record::Shop;
use cloakroom::stores::RedisStore;
use cloakroom::{MemoryStore, SealKeys, Session, SessionMiddleware, Sessions};

const APPS: [&str; 6] = [
    "bare-actix",
    "cloakroom-actix",
    "cloakroom-sealed-actix",
    "actix-session-cookie",
    "cloakroom-redis-actix",
    "actix-session-redis",
];

/// Callgrind makes a program fifty times slower.
const PATIENCE: std::time::Duration = std::time::Duration::from_secs(60);

#[actix_web::main]
async fn main() {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let ours = |sessions: Sessions<Shop>| SessionMiddleware::from(sessions);
    match words.get(1).copied() {
        None => APPS.iter().for_each(|app| println!("{app}")),
        Some("bare-actix") => run(&words, Keeps::Nothing, || App::new().configure(plain)).await,
        Some("cloakroom-actix") => {
            let ours = ours(Sessions::new(MemoryStore::new()));
            run(&words, Keeps::OnServer, move || App::new().configure(endpoints!(Session<Shop>)).wrap(ours.clone()))
                .await;
        }
        Some("cloakroom-sealed-actix") => {
            let ours = ours(Sessions::sealed(SealKeys::ephemeral()));
            run(&words, Keeps::InCookie, move || App::new().configure(endpoints!(Session<Shop>)).wrap(ours.clone()))
                .await;
        }
        Some("cloakroom-redis-actix") => {
            let store = RedisStore::builder(&redis()).connect_limit(PATIENCE).response_limit(PATIENCE).connect();
            let ours = ours(Sessions::new(store.expect("an address")));
            run(&words, Keeps::OnServer, move || App::new().configure(endpoints!(Session<Shop>)).wrap(ours.clone()))
                .await;
        }
        Some("actix-session-cookie") => {
            let key = Key::generate();
            let theirs = move || Theirs::new(CookieSessionStore::default(), key.clone());
            run(&words, Keeps::InCookie, move || App::new().configure(endpoints!(peer::Peer)).wrap(theirs())).await;
        }
        Some("actix-session-redis") => {
            let (store, key) = (RedisSessionStore::new(redis()).await.expect("Redis answers"), Key::generate());
            let theirs = move || Theirs::new(store.clone(), key.clone());
            run(&words, Keeps::OnServer, move || App::new().configure(endpoints!(peer::Peer)).wrap(theirs())).await;
        }
        Some(app) => panic!("this build has no app `{app}`"),
    }
}

fn redis() -> String {
    std::env::var("BENCH_REDIS").expect("`BENCH_REDIS` is to name a server: see `with_servers`")
}
