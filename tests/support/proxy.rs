//! A TCP proxy that delays what the server says, cuts it off in the middle, or keeps it to itself.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::sleep;

/// Never cut.
const WHOLE: u64 = u64::MAX;

/// Stands between a client and a server of this machine, as long as its runtime.
#[derive(Clone)]
pub struct Proxy {
    /// Its port on 127.0.0.1.
    pub port: u16,
    settings: Arc<Settings>,
}

struct Settings {
    delay_ms: AtomicU64,
    left: AtomicU64,
    silent: AtomicBool,
}

impl Proxy {
    /// A proxy before the server on this port. It changes nothing at first.
    pub async fn before(server: u16) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let port = listener.local_addr().expect("an address").port();
        let settings = Arc::new(Settings {
            delay_ms: AtomicU64::new(0),
            left: AtomicU64::new(WHOLE),
            silent: AtomicBool::new(false),
        });
        let shared = settings.clone();
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                tokio::spawn(serve(client, server, shared.clone()));
            }
        });
        Self { port, settings }
    }

    /// Everything that the server says comes this much later.
    pub fn delay(&self, delay: Duration) {
        self.settings.delay_ms.store(delay.as_millis() as u64, Ordering::SeqCst);
    }

    /// Of what the server says from now on, only this many bytes come; then the connection is closed. The next one is whole.
    pub fn cut_after(&self, bytes: u64) {
        self.settings.left.store(bytes, Ordering::SeqCst);
    }

    /// From now on each connection on which the server says something is silent for ever, though nobody closes it. After
    /// `silence(false)`, those that are still whole stay so.
    pub fn silence(&self, on: bool) {
        self.settings.silent.store(on, Ordering::SeqCst);
    }

    /// Whether the cut that was asked for last has happened.
    pub fn has_cut(&self) -> bool {
        self.settings.left.load(Ordering::SeqCst) == WHOLE
    }
}

async fn serve(client: TcpStream, server: u16, settings: Arc<Settings>) {
    let Ok(server) = TcpStream::connect(("127.0.0.1", server)).await else { return };
    let ((mut from_client, to_client), (from_server, mut to_server)) = (client.into_split(), server.into_split());
    tokio::select! {
        _ = tokio::io::copy(&mut from_client, &mut to_server) => {}
        () = pass_answers(from_server, to_client, &settings) => {}
    }
}

async fn pass_answers(mut from: OwnedReadHalf, mut to: OwnedWriteHalf, settings: &Settings) {
    let mut buffer = vec![0; 64 << 10];
    while let Ok(read @ 1..) = from.read(&mut buffer).await {
        if settings.silent.load(Ordering::SeqCst) {
            std::future::pending::<()>().await;
        }
        // The one fault here that is made of time.
        sleep(Duration::from_millis(settings.delay_ms.load(Ordering::SeqCst))).await;
        let left = settings.left.load(Ordering::SeqCst);
        let passed = usize::try_from(left).unwrap_or(usize::MAX).min(read);
        if to.write_all(&buffer[..passed]).await.is_err() {
            return;
        }
        if left != WHOLE {
            settings.left.store(if passed < read { WHOLE } else { left - passed as u64 }, Ordering::SeqCst);
            if passed < read {
                return;
            }
        }
    }
}
