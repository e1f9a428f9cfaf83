//! Leptos server functions with a session: each asks its guard in its body, since its signature belongs to the browser as well.
//!
//! `cargo run -p leptos-example`, then http://localhost:3000. Rendered on the server alone, so that nothing has to be built for wasm.

use axum::Router;
use axum::routing::{get, post};
use cloakroom::{MemoryStore, Rejection, Session, SessionData, SessionError, SessionLayer, session_guard};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos_axum::ResponseOptions;

#[derive(SessionData)]
#[session(cookie = "notes")]
struct Notes {
    #[session(owner)]
    user: Option<String>,
    lines: Vec<String>,
}

#[session_guard(Notes, user)]
struct SignedIn {
    user: String,
}

/// A real one checks a password first.
#[server(endpoint = "sign_in")]
async fn sign_in(user: String) -> Result<(), ServerFnError> {
    session().await?.set_user(user).await.map_err(failed)
}

#[server(endpoint = "sign_out")]
async fn sign_out() -> Result<(), ServerFnError> {
    session().await?.destroy().await.map_err(failed)
}

#[server(endpoint = "add")]
async fn add(line: String) -> Result<usize, ServerFnError> {
    let session = session().await?;
    let SignedIn { user } = SignedIn::check(&session).await.map_err(turned_away)?;
    let line = format!("{user}: {line}");
    let added = session.update_lines(|lines| {
        lines.push(line.clone());
        lines.len()
    });
    added.await.map_err(failed)
}

/// The session of the request that this server function answers.
async fn session() -> Result<Session<Notes>, ServerFnError> {
    Ok(leptos_axum::extract().await?)
}

/// The error of a session has a status of its own. A server function's error is a 500, unless it is told otherwise.
fn failed(error: SessionError) -> ServerFnError {
    expect_context::<ResponseOptions>().set_status(error.status());
    ServerFnError::new(error)
}

fn turned_away(rejection: Rejection) -> ServerFnError {
    expect_context::<ResponseOptions>().set_status(rejection.status());
    ServerFnError::new(rejection)
}

/// What is shown: a component reads the session as a server function does.
#[component]
fn Page() -> impl IntoView {
    let snapshot = Resource::new_blocking(
        || (),
        |()| async { session().await?.snapshot().await.map(|notes| (notes.user, notes.lines)).map_err(failed) },
    );
    let shown = move || {
        Suspend::new(async move {
            match snapshot.await {
                Ok((Some(user), lines)) => view! {
                    <p>"You are " {user}</p>
                    <ul>{lines.into_iter().map(|line| view! { <li>{line}</li> }).collect_view()}</ul>
                    <form method="post" action=Add::PATH><input name="line"/><button>"Add"</button></form>
                    <form method="post" action=SignOut::PATH><button>"Sign out"</button></form>
                }
                .into_any(),
                Ok((None, _)) => view! {
                    <form method="post" action=SignIn::PATH><input name="user"/><button>"Sign in"</button></form>
                }
                .into_any(),
                Err(error) => view! { <p>{error.to_string()}</p> }.into_any(),
            }
        })
    };
    view! { <Suspense>{shown}</Suspense> }
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    // (`generate_route_list`, for those who use Leptos's router, does this by itself.)
    any_spawner::Executor::init_tokio()?;
    // Rendered to its end before the head leaves: a stream's head would be gone before a component could need a cookie.
    let page = leptos_axum::render_app_async(|| view! { <Page/> });
    let app = Router::new()
        .route("/", get(page))
        .route("/api/{*function}", post(leptos_axum::handle_server_fns))
        .layer(SessionLayer::<Notes>::new(MemoryStore::new()));

    let address = std::env::args().nth(1).unwrap_or_else(|| "127.0.0.1:3000".into());
    let listener = tokio::net::TcpListener::bind(address).await?;
    println!("listening on http://{}", listener.local_addr()?);
    Ok(axum::serve(listener, app).await?)
}
