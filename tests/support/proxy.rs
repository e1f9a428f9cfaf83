//! A TCP proxy that counts bytes, and delays what the server says, cuts it off in the middle, or keeps it to itself.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc::{self, UnboundedReceiver, UnboundedSender};
use tokio::time::{Instant, sleep_until};

/// What a server said, and when it is to come.
type Answer = (Instant, Vec<u8>);

/// Never cut.
const WHOLE: u64 = u64::MAX;

/// Stands between a client and a server of this machine, as long as its runtime.
#[derive(Clone)]
pub struct Proxy {
    /// Its port on 127.0.0.1.
    pub port: u16,
    settings: Arc<Settings>,
}

#[derive(Default)]
struct Settings {
    said: [AtomicU64; 2],
    delay_ms: AtomicU64,
    left: AtomicU64,
    silent: AtomicBool,
}

impl Settings {
    /// How many of these bytes may pass. In one step: several connections may speak at once.
    fn pass(&self, read: usize) -> usize {
        let mut passed = read;
        let taken = |left: u64| {
            passed = usize::try_from(left).unwrap_or(usize::MAX).min(read);
            (left != WHOLE).then(|| if passed < read { WHOLE } else { left - passed as u64 })
        };
        let _ = self.left.fetch_update(Ordering::SeqCst, Ordering::SeqCst, taken);
        passed
    }
}

impl Proxy {
    /// A proxy before the server on this port. It changes nothing at first.
    pub async fn before(server: u16) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let port = listener.local_addr().expect("an address").port();
        let settings = Arc::new(Settings { left: AtomicU64::new(WHOLE), ..Settings::default() });
        let shared = settings.clone();
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                tokio::spawn(serve(client, server, shared.clone()));
            }
        });
        Self { port, settings }
    }

    /// How many bytes clients have said so far, and how many the server has.
    pub fn said(&self) -> [u64; 2] {
        [0, 1].map(|side| self.settings.said[side].load(Ordering::SeqCst))
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
    let ((from_client, to_client), (from_server, to_server)) = (client.into_split(), server.into_split());
    tokio::select! {
        () = pass_questions(from_client, to_server, &settings) => {}
        () = pass_answers(from_server, to_client, &settings) => {}
    }
}

async fn pass_questions(mut from: OwnedReadHalf, mut to: OwnedWriteHalf, settings: &Settings) {
    let mut buffer = vec![0; 64 << 10];
    while let Ok(read @ 1..) = from.read(&mut buffer).await {
        settings.said[0].fetch_add(read as u64, Ordering::SeqCst);
        if to.write_all(&buffer[..read]).await.is_err() {
            return;
        }
    }
}

/// Answers that come close together are late together, as on a long way.
async fn pass_answers(from: OwnedReadHalf, to: OwnedWriteHalf, settings: &Settings) {
    let (sender, receiver) = mpsc::unbounded_channel();
    let hear = async {
        hear_answers(from, sender, settings).await;
        std::future::pending::<()>().await;
    };
    tokio::select! {
        () = hear => {}
        () = tell_answers(receiver, to, settings) => {}
    }
}

async fn hear_answers(mut from: OwnedReadHalf, sender: UnboundedSender<Answer>, settings: &Settings) {
    let mut buffer = vec![0; 64 << 10];
    while let Ok(read @ 1..) = from.read(&mut buffer).await {
        settings.said[1].fetch_add(read as u64, Ordering::SeqCst);
        // The one fault here that is made of time.
        let due = Instant::now() + Duration::from_millis(settings.delay_ms.load(Ordering::SeqCst));
        if sender.send((due, buffer[..read].to_vec())).is_err() {
            return;
        }
    }
}

async fn tell_answers(mut receiver: UnboundedReceiver<Answer>, mut to: OwnedWriteHalf, settings: &Settings) {
    while let Some((due, answer)) = receiver.recv().await {
        if settings.silent.load(Ordering::SeqCst) {
            std::future::pending::<()>().await;
        }
        sleep_until(due).await;
        let passed = settings.pass(answer.len());
        if to.write_all(&answer[..passed]).await.is_err() || passed < answer.len() {
            return;
        }
    }
}
