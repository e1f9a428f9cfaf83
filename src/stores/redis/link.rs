//! The connection: made when it is first needed, shared by all, made anew when it fails.

use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;

use futures_util::FutureExt as _;
use futures_util::future::{BoxFuture, Shared};
use redis::aio::MultiplexedConnection;
use redis::cluster::ClusterClient;
use redis::cluster_async::ClusterConnection;
use redis::cluster_routing::SingleNodeRoutingInfo;
use redis::sentinel::{SentinelClientBuilder, SentinelServerType};
use redis::{AsyncConnectionConfig, Client, Cmd, ProtocolVersion, PushInfo, PushKind, RedisResult, TlsMode, Value};
use tokio::task::AbortHandle;
use tokio::time::{sleep, timeout};

use super::address::{Address, Sentinel, tcp_settings};

/// Commands that wait for their turn on the connection.
const QUEUE: usize = 512;
/// Of one try to reach a cluster or Sentinel and the next: where a node is down, every request to it asks for one.
const BETWEEN_TRIES: Duration = Duration::from_millis(250);
/// Reaching a cluster or Sentinel takes several connections, one after the other, and any of the nodes may be down.
const HOPS: u32 = 4;

/// How long things may take.
#[derive(Clone, Copy)]
pub(super) struct Limits {
    pub(super) connect: Duration,
    pub(super) response: Duration,
}

#[derive(Clone)]
pub(super) enum Connection {
    One(MultiplexedConnection),
    Cluster(ClusterConnection),
}

impl Connection {
    pub(super) async fn send(&mut self, command: &Cmd) -> RedisResult<Value> {
        match self {
            Self::One(connection) => command.query_async(connection).await,
            Self::Cluster(connection) => command.query_async(connection).await,
        }
    }

    /// Sends it to the node that is about to take the key over.
    pub(super) async fn send_asking(&mut self, command: &Cmd, host: String, port: u16) -> RedisResult<Value> {
        let Self::Cluster(connection) = self else { return self.send(command).await };
        let mut both = redis::pipe();
        both.cmd("ASKING").add_command(command.clone());
        let answers = connection.route_pipeline(both, 1, 1, SingleNodeRoutingInfo::ByAddress { host, port }).await?;
        answers.into_iter().next().unwrap_or(Value::Nil).extract_error()
    }
}

pub(super) struct Link(Arc<Inner>);

struct Inner {
    address: Address,
    limits: Limits,
    slot: Mutex<Slot>,
}

#[derive(Default)]
struct Slot {
    connection: Option<Connection>,
    /// Counts the connections, so that who failed on an older one does not take the newer one away.
    generation: u64,
    trying: Option<(Trying, AbortHandle)>,
}

impl Slot {
    fn connected(&self) -> Option<(u64, Connection)> {
        Some((self.generation, self.connection.clone()?))
    }
}

/// One try to connect, for everyone who waits for it. It goes on if they stop waiting.
type Trying = Shared<BoxFuture<'static, RedisResult<()>>>;

impl Link {
    pub(super) fn new(address: Address, limits: Limits) -> Self {
        Self(Arc::new(Inner { address, limits, slot: Mutex::default() }))
    }

    /// The connection in use. It has a number, for [`failed`](Self::failed).
    pub(super) fn connected(&self) -> Option<(u64, Connection)> {
        self.0.slot().connected()
    }

    /// The connection in use, or the next one.
    pub(super) async fn connection(&self) -> RedisResult<(u64, Connection)> {
        loop {
            let trying = {
                let mut slot = self.0.slot();
                if let Some(connected) = slot.connected() {
                    return Ok(connected);
                }
                Inner::try_once(&self.0, &mut slot)
            };
            timeout(self.0.limits.connect, trying).await.unwrap_or_else(|_| Err(late("no connection")))?;
        }
    }

    /// Something is wrong with this connection: get another. A cluster's stays in use until then, since its other nodes may
    /// well be alive.
    pub(super) fn failed(&self, generation: u64) {
        let mut slot = self.0.slot();
        if slot.generation != generation {
            return;
        }
        if matches!(self.0.address, Address::Cluster(_)) {
            drop(Inner::try_once(&self.0, &mut slot));
        } else {
            slot.connection = None;
        }
    }
}

impl Inner {
    /// No code that holds it can panic half way.
    fn slot(&self) -> MutexGuard<'_, Slot> {
        self.slot.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn try_once(self: &Arc<Self>, slot: &mut Slot) -> Trying {
        // Cut short by the end of the runtime that it was started on, and nobody was waiting who would have noticed.
        slot.trying.take_if(|(_, task)| task.is_finished());
        let start = || {
            let (inner, task) = (self.clone(), tokio::spawn(self.clone().connect()));
            let handle = task.abort_handle();
            let ended = async move {
                // The runtime that it was started on has ended: the next one to ask starts it on theirs.
                task.await.unwrap_or_else(|_| {
                    inner.slot().trying = None;
                    Err(io::Error::other("the runtime has stopped").into())
                })
            };
            (ended.boxed().shared(), handle)
        };
        slot.trying.get_or_insert_with(start).0.clone()
    }

    async fn connect(self: Arc<Self>) -> RedisResult<()> {
        let generation = self.slot().generation + 1;
        let (limit, pause) = match self.address {
            Address::One(_) => (self.limits.connect, Duration::ZERO),
            Address::Cluster(_) | Address::Sentinel(_) => (self.limits.connect.saturating_mul(HOPS), BETWEEN_TRIES),
        };
        let opened = timeout(limit, self.open(generation)).await.unwrap_or_else(|_| Err(late("no connection")));
        match &opened {
            Ok(_) if generation > 1 => tracing::info!("connected to redis again"),
            Ok(_) => {}
            Err(error) => tracing::warn!(%error, "cannot connect to redis"),
        }
        let outcome = opened.map(|connection| {
            let mut slot = self.slot();
            (slot.connection, slot.generation) = (Some(connection), generation);
        });
        sleep(pause).await;
        self.slot().trying = None;
        outcome
    }

    async fn open(self: &Arc<Self>, generation: u64) -> RedisResult<Connection> {
        match &self.address {
            Address::One(server) => {
                let config = self.config(generation);
                let client = Client::open(server.clone())?;
                Ok(Connection::One(client.get_multiplexed_async_connection_with_config(&config).await?))
            }
            Address::Sentinel(sentinel) => {
                let config = self.config(generation);
                let mut client = sentinel_client(sentinel)?.build()?;
                Ok(Connection::One(client.get_async_connection_with_config(&config).await?))
            }
            // The driver must repeat nothing by itself: it would do so also where an answer was lost.
            Address::Cluster(nodes) => {
                let client = ClusterClient::builder(nodes.iter().cloned())
                    .retries(0)
                    .connection_timeout(self.limits.connect)
                    .response_timeout(self.limits.response)
                    .use_protocol(ProtocolVersion::RESP3)
                    .tcp_settings(tcp_settings());
                Ok(Connection::Cluster(client.build()?.get_async_connection().await?))
            }
        }
    }

    /// A connection that the server or somebody between closes is given up at once, so that nobody has to fail on it first.
    fn config(self: &Arc<Self>, generation: u64) -> AsyncConnectionConfig {
        let inner = Arc::downgrade(self);
        AsyncConnectionConfig::new()
            .set_connection_timeout(Some(self.limits.connect))
            .set_response_timeout(None)
            .set_pipeline_buffer_size(QUEUE)
            .set_push_sender(move |push: PushInfo| closed(&inner, generation, &push))
    }
}

fn closed(inner: &Weak<Inner>, generation: u64, push: &PushInfo) -> Result<(), redis::aio::SendError> {
    if push.kind == PushKind::Disconnection
        && let Some(inner) = inner.upgrade()
    {
        let mut slot = inner.slot();
        if slot.generation == generation {
            slot.connection = None;
        }
    }
    Ok(())
}

fn sentinel_client(sentinel: &Sentinel) -> RedisResult<SentinelClientBuilder> {
    let addresses = sentinel.sentinels.iter().cloned();
    let mut builder = SentinelClientBuilder::new(addresses, &sentinel.name, SentinelServerType::Master)?
        .set_client_to_redis_db(sentinel.node.db())
        .set_client_to_redis_protocol(ProtocolVersion::RESP3)
        .set_client_to_redis_tcp_settings(tcp_settings());
    if let Some(user) = sentinel.node.username() {
        builder = builder.set_client_to_redis_username(user);
    }
    if let Some(password) = sentinel.node.password() {
        builder = builder.set_client_to_redis_password(password);
    }
    if let Some(user) = sentinel.login.username() {
        builder = builder.set_client_to_sentinel_username(user);
    }
    if let Some(password) = sentinel.login.password() {
        builder = builder.set_client_to_sentinel_password(password);
    }
    if sentinel.tls {
        builder = builder.set_client_to_redis_tls_mode(TlsMode::Secure);
    }
    Ok(builder)
}

pub(super) fn late(what: &str) -> redis::RedisError {
    io::Error::new(io::ErrorKind::TimedOut, format!("{what} within the time limit")).into()
}
