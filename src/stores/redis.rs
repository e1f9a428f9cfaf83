//! Sessions in Redis or Valkey: one server, a cluster, or servers that Sentinel watches over.

mod address;
mod ask;
mod link;
mod owners;
mod record;
mod steps;

use std::fmt;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use redis::Value;
use session_runtime::store::{
    Created, OwnerIndex, Refreshed, Replaced, SessionStore, StoreError, StoreKey, Stored, Touched, Version,
};

use self::address::Address;
use self::link::{Limits, Link};
use self::owners::OwnerSteps;
use self::record::Draft;
use self::steps::{Step, Steps};

#[doc = include_str!("redis/deploying.md")]
#[derive(Clone)]
pub struct RedisStore(Arc<Inner>);

struct Inner {
    shown: String,
    link: Link,
    limits: Limits,
    steps: Steps,
    owners: OwnerSteps,
}

impl RedisStore {
    /// A store at `url`. Nothing is asked of the server yet: the connection is made when it is first needed, and again whenever
    /// it was lost. A server that is absent therefore costs 503s until it is there, and no restart. To find out at start, call
    /// [`ping`](Self::ping).
    ///
    /// | URL | |
    /// |---|---|
    /// | `redis://[user:password@]host[:port][/database]` | one server |
    /// | `rediss://…` | over TLS, with the system's certificates (feature `redis-tls`) |
    /// | `unix:///path[?db=…&user=…&pass=…]` | a socket |
    /// | `redis+cluster://[user:password@]host[:port],host[:port],…` | a cluster, by some of its nodes |
    /// | `redis+sentinel://[user:password@]host[:port],…/name[/database]` | the primary that the sentinels there know by this name |
    ///
    /// `rediss+cluster://` and `rediss+sentinel://` go over TLS. User and password are the servers'; sentinels that want one of
    /// their own get it behind the name, as in `…/name?sentinel-user=shop&sentinel-password=secret` (or the password alone).
    /// Each `redis` may be a `valkey`.
    ///
    /// ```
    /// use cloakroom::stores::RedisStore;
    ///
    /// let store = RedisStore::connect("redis://localhost")?;
    /// # Ok::<(), cloakroom::StoreError>(())
    /// ```
    ///
    /// # Errors
    /// The URL is of no such form. The error says what to write instead, and shows no password.
    pub fn connect(url: &str) -> Result<Self, StoreError> {
        Self::builder(url).connect()
    }

    /// As [`connect`](Self::connect), with settings.
    ///
    /// ```
    /// use cloakroom::stores::RedisStore;
    /// use std::time::Duration;
    ///
    /// let store = RedisStore::builder("redis+cluster://a:7000,b:7000,c:7000")
    ///     .prefix("shop:")
    ///     .response_limit(Duration::from_millis(500))
    ///     .connect()?;
    /// # Ok::<(), cloakroom::StoreError>(())
    /// ```
    pub fn builder(url: &str) -> RedisBuilder {
        let limits = Limits { connect: Duration::from_secs(2), response: Duration::from_secs(2) };
        RedisBuilder { url: url.to_owned(), prefix: "cloakroom:".to_owned(), limits }
    }

    /// Asks the server for a sign of life, to find out at start that an address or a password is wrong.
    ///
    /// # Errors
    /// It did not give one within the time limits.
    pub async fn ping(&self) -> Result<(), StoreError> {
        self.load(&StoreKey::from_bytes([0; 32])).await.map(drop)
    }

    async fn ask(&self, step: Step) -> Result<Value, StoreError> {
        let Inner { shown, link, limits, .. } = &*self.0;
        ask::ask(link, *limits, step).await.map_err(|error| StoreError::message(format!("`{shown}`: {error}")))
    }
}

/// How a [`RedisStore`] is to be reached.
#[must_use]
pub struct RedisBuilder {
    url: String,
    prefix: String,
    limits: Limits,
}

impl RedisBuilder {
    /// What stands in front of every key: `cloakroom:` by default. Programs that share a server take one each.
    pub fn prefix(self, prefix: impl Into<String>) -> Self {
        Self { prefix: prefix.into(), ..self }
    }

    /// How long a connection may take to be made: 2 seconds by default.
    pub fn connect_limit(mut self, limit: Duration) -> Self {
        self.limits.connect = limit;
        self
    }

    /// How long an answer may take: 2 seconds by default. A call that has to connect first takes at most both together.
    pub fn response_limit(mut self, limit: Duration) -> Self {
        self.limits.response = limit;
        self
    }

    /// Makes the store; see [`RedisStore::connect`].
    ///
    /// # Errors
    /// The URL is of no form that [`RedisStore::connect`] lists, or the prefix has a `{` in it: a cluster would take what follows
    /// for the whole key, and keep every session on one node.
    pub fn connect(self) -> Result<RedisStore, StoreError> {
        if self.prefix.contains('{') {
            let words = format!(
                "the prefix `{}` would put a whole cluster's sessions on one node: leave out the `{{`",
                self.prefix
            );
            return Err(StoreError::message(words));
        }
        let (address, shown) = (Address::parse(&self.url)?, address::shown(&self.url));
        let (link, owners) = (Link::new(address, self.limits), OwnerSteps::new(&self.prefix));
        let steps = Steps::new(self.prefix);
        Ok(RedisStore(Arc::new(Inner { shown, link, limits: self.limits, steps, owners })))
    }
}

impl SessionStore for RedisStore {
    async fn load(&self, key: &StoreKey) -> Result<Option<Stored>, StoreError> {
        stored(self.ask(self.0.steps.load(key)).await?)
    }

    async fn create(&self, key: &StoreKey, bytes: Bytes, expires_at: SystemTime) -> Result<Created, StoreError> {
        let draft = Draft::new(&bytes, expires_at)?;
        match self.ask(self.0.steps.create(key, &draft)).await? {
            Value::Okay => Ok(Created::New(draft.version)),
            Value::Nil => Ok(Created::Taken),
            other => Err(unexpected(&other)),
        }
    }

    async fn replace(
        &self,
        key: &StoreKey,
        expected: &Version,
        bytes: Bytes,
        expires_at: SystemTime,
    ) -> Result<Replaced, StoreError> {
        let draft = Draft::new(&bytes, expires_at)?;
        match self.ask(self.0.steps.replace(key, expected, &draft)).await? {
            Value::Int(1) => Ok(Replaced::Done(draft.version)),
            current => Ok(stored(current)?.map_or(Replaced::Gone, Replaced::Stale)),
        }
    }

    async fn touch(&self, key: &StoreKey, expected: &Version, expires_at: SystemTime) -> Result<Touched, StoreError> {
        match self.ask(self.0.steps.touch(key, expected, expires_at)).await? {
            Value::Int(1) => Ok(Touched::Done),
            Value::Int(0) => Ok(Touched::Stale),
            Value::Nil => Ok(Touched::Gone),
            other => Err(unexpected(&other)),
        }
    }

    async fn delete(&self, key: &StoreKey) -> Result<Option<Stored>, StoreError> {
        stored(self.ask(self.0.steps.delete(key)).await?)
    }

    fn pause(&self, time: Duration) -> Option<impl Future<Output = ()> + Send> {
        Some(tokio::time::sleep(time))
    }

    async fn load_if_changed(&self, key: &StoreKey, known: &Version) -> Result<Refreshed, StoreError> {
        match self.ask(self.0.steps.load_if_changed(key, known)).await? {
            Value::Array(expiry) => Ok(Refreshed::Unchanged { expires_at: unchanged(&expiry)? }),
            current => Ok(Refreshed::of(stored(current)?, known)),
        }
    }

    fn owner_index(&self) -> Option<&impl OwnerIndex> {
        Some(self)
    }
}

fn stored(value: Value) -> Result<Option<Stored>, StoreError> {
    match value {
        Value::Nil => Ok(None),
        Value::BulkString(value) => record::parse(value).map(Some),
        other => Err(unexpected(&other)),
    }
}

/// The expiry that stands for a record whose version was known.
fn unchanged(list: &[Value]) -> Result<SystemTime, StoreError> {
    match list {
        [Value::BulkString(expiry)] => Ok(record::expiry(expiry)),
        _ => Err(unexpected(&Value::Array(Vec::new()))),
    }
}

/// Names the kind of answer alone: what is in it may be somebody's session.
fn unexpected(value: &Value) -> StoreError {
    let kind = std::mem::discriminant(value);
    StoreError::message(format!("the server gave an answer of another kind ({kind:?})"))
}

impl fmt::Debug for RedisStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("RedisStore").field(&self.0.shown).finish()
    }
}
