//! tower-sessions-redis-store: `fred`, with a pool of six connections as its documentation shows.

use async_trait::async_trait;
use fred::prelude::{ClientLike as _, Config, KeysInterface as _, Pool};
use fred::types::{Expiration, SetOptions};
use tower_sessions::SessionStore;
use tower_sessions::session::{Id, Record};
use tower_sessions::session_store::Result;

use super::{backend, decoded, encoded};

#[derive(Clone, Debug)]
pub(super) struct RedisStore(Pool);

pub(super) async fn store(url: &str) -> RedisStore {
    let config = Config::from_url(url).expect("an address");
    let pool = Pool::new(config, None, None, None, 6).expect("a pool");
    pool.connect();
    pool.wait_for_connect().await.expect("Redis answers");
    RedisStore(pool)
}

impl RedisStore {
    async fn save_with(&self, record: &Record, options: SetOptions) -> Result<bool> {
        let expire = Some(Expiration::EXAT(record.expiry_date.unix_timestamp()));
        let data = encoded(record)?;
        self.0.set(record.id.to_string(), data.as_slice(), expire, Some(options), false).await.map_err(backend)
    }
}

#[async_trait]
impl SessionStore for RedisStore {
    async fn create(&self, record: &mut Record) -> Result<()> {
        while !self.save_with(record, SetOptions::NX).await? {
            record.id = Id::default();
        }
        Ok(())
    }

    async fn save(&self, record: &Record) -> Result<()> {
        self.save_with(record, SetOptions::XX).await?;
        Ok(())
    }

    async fn load(&self, id: &Id) -> Result<Option<Record>> {
        let data = self.0.get::<Option<Vec<u8>>, _>(id.to_string()).await.map_err(backend)?;
        data.as_deref().map(decoded).transpose()
    }

    async fn delete(&self, id: &Id) -> Result<()> {
        self.0.del(id.to_string()).await.map_err(backend)
    }
}
