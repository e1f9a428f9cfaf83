//! A small shop with everything that sessions are for: a cart, sign-in, "remember me", rights, flash notices, a preference.
//!
//! `cargo run --example shop`, then open the address that it prints. Stop it, start it again: you are still signed in.
//!
//! Where to look: `session.rs` says what is kept, `app.rs` puts the parts together, `pages/` has one file per area.

mod app;
mod args;
mod cart;
mod catalogue;
mod device;
mod pages;
mod session;
mod users;

use std::error::Error;
use std::io;
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use cloakroom::stores::{MySqlStore, PostgresStore, RedbStore, RedisStore, SqliteStore};
use cloakroom::{MemoryStore, SealKeyError, SealKeys, SessionLayer, SessionStore};
use tokio::net::TcpListener;
use tokio::signal;
use tokio::sync::watch;

use crate::app::App;
use crate::args::{Args, Ask, Store};
use crate::session::Shop;

/// How long open requests may take once the shop was told to close.
const CLOSING_TIME: Duration = Duration::from_secs(10);

fn main() -> ExitCode {
    let args = match Args::parse(std::env::args().skip(1)) {
        Ok(Ask::Serve(args)) => args,
        Ok(Ask::Help) => {
            print!("{}", args::HELP);
            return ExitCode::SUCCESS;
        }
        Err(message) => {
            eprintln!("shop: {message}\nTry --help.");
            return ExitCode::from(2);
        }
    };
    tracing_subscriber::fmt().with_writer(std::io::stderr).with_max_level(tracing::Level::INFO).init();
    match run(&args) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("shop: {error}");
            ExitCode::FAILURE
        }
    }
}

#[tokio::main]
async fn run(args: &Args) -> Result<(), Box<dyn Error>> {
    let sessions = sessions(args).await?;
    let app = Arc::new(App::open()?);
    let stop = stop_signal()?;
    let listener = TcpListener::bind(&args.listen).await.map_err(|error| format!("{}: {error}", args.listen))?;
    let address = listener.local_addr()?;
    println!("sessions are kept in {}", args.store);
    println!("listening on http://{address}");
    if address.ip().is_loopback() {
        println!("open http://localhost:{} and sign in as ada or grace", address.port());
    }
    let server = axum::serve(listener, app::router(app, sessions)).with_graceful_shutdown(heard(stop.clone()));
    tokio::select! {
        result = server => result?,
        () = async { heard(stop).await; tokio::time::sleep(CLOSING_TIME).await } => {}
    }
    tracing::info!("closed");
    Ok(())
}

/// The layer that gives every request its session. It does not matter to anything else which store is behind it.
async fn sessions(args: &Args) -> Result<SessionLayer<Shop>, Box<dyn Error>> {
    let layer = match &args.store {
        Store::Memory => in_store(MemoryStore::new()),
        Store::Cookie => SessionLayer::sealed(seal_keys()?),
        Store::Redis(url) => in_store(RedisStore::connect(url)?),
        Store::Redb(path) => in_store(RedbStore::open(in_its_folder(path)?)?),
        Store::Sqlite(path) => in_store(SqliteStore::open(in_its_folder(path)?).await?),
        Store::Postgres(url) => in_store(PostgresStore::connect(url).await?),
        Store::MySql(url) => in_store(MySqlStore::connect(url).await?),
    };
    Ok(if args.insecure_development_cookie { layer.with_insecure_development_cookie() } else { layer })
}

/// Sessions in a store, where they can be listed by their owner.
fn in_store(store: impl SessionStore) -> SessionLayer<Shop> {
    SessionLayer::new(store).with_owner_index()
}

/// The deployment's keys, or one of this process alone.
fn seal_keys() -> Result<SealKeys, SealKeyError> {
    match SealKeys::from_env() {
        Err(SealKeyError::Missing) => {
            println!("{} is not set: all sessions end when the shop stops", SealKeys::VARIABLE);
            Ok(SealKeys::ephemeral())
        }
        keys => keys,
    }
}

/// Makes the folder that a file is to be in.
fn in_its_folder(file: &Path) -> Result<&Path, String> {
    if let Some(directory) = file.parent() {
        std::fs::create_dir_all(directory).map_err(|error| format!("{}: {error}", directory.display()))?;
    }
    Ok(file)
}

/// Becomes `true` with ctrl-c, or with the service manager's way of saying it. Whoever waits for it can come late.
fn stop_signal() -> io::Result<watch::Receiver<bool>> {
    let (say, stop) = watch::channel(false);
    #[cfg(unix)]
    let mut terminate = signal::unix::signal(signal::unix::SignalKind::terminate())?;
    #[cfg(unix)]
    let mut interrupt = signal::unix::signal(signal::unix::SignalKind::interrupt())?;
    tokio::spawn(async move {
        #[cfg(unix)]
        tokio::select! { _ = interrupt.recv() => {}, _ = terminate.recv() => {} }
        #[cfg(not(unix))]
        drop(signal::ctrl_c().await);
        say.send_replace(true);
    });
    Ok(stop)
}

async fn heard(mut stop: watch::Receiver<bool>) {
    drop(stop.wait_for(|stop| *stop).await);
}
