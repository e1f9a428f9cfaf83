//! The applications on axum:
//!
//! - `benches list`: their names;
//! - `benches check APP`: whether each endpoint does what it is measured for;
//! - `benches count APP ENDPOINT N`: N requests, and N more that are measured (`count.rs`);
//! - `benches serve APP FILE`: on a port, which it prints; FILE gets cookies for it.
//!
//! `benches/run` builds and calls it.

use benches::apps::{APPS, App};
use benches::check::check;
use benches::client::on_axum;
use benches::count::count;
use benches::serve::announce;

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let words: Vec<String> = std::env::args().skip(1).collect();
    match words.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["list"] => APPS.iter().for_each(|app| println!("{}", app.name)),
        ["check", app] => {
            let app = named(app);
            check(app.name, app.keeps, &mut on_axum(app.router().await)).await;
        }
        ["count", app, endpoint, requests] => {
            let requests = requests.parse().expect("a number of requests");
            count(&mut on_axum(named(app).router().await), endpoint, requests).await;
        }
        ["serve", app, file] => {
            let router = named(app).router().await;
            let listener = announce(&mut on_axum(router.clone()), file).await;
            let listener = tokio::net::TcpListener::from_std(listener).expect("a listener");
            axum::serve(listener, router).await.expect("it serves");
        }
        _ => panic!("usage: benches list | check APP | count APP ENDPOINT N | serve APP FILE"),
    }
}

fn named(name: &str) -> &'static App {
    APPS.iter().find(|app| app.name == name).unwrap_or_else(|| panic!("this build has no app `{name}`"))
}
