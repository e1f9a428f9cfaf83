//! tower-sessions-sqlx-store, on sqlx 0.9 as cloakroom is, with the default pool.

use async_trait::async_trait;
use sqlx::{PgConnection, PgPool};
use time::OffsetDateTime;
use tower_sessions::SessionStore;
use tower_sessions::session::{Id, Record};
use tower_sessions::session_store::Result;

use super::{backend, decoded, encoded};

#[derive(Clone, Debug)]
pub(super) struct PostgresStore(PgPool);

pub(super) async fn store(url: &str) -> PostgresStore {
    let pool = PgPool::connect(url).await.expect("PostgreSQL answers");
    let make = r#"
        create schema if not exists "tower_sessions";
        create table if not exists "tower_sessions"."session"
        (id text primary key not null, data bytea not null, expiry_date timestamptz not null)"#;
    sqlx::raw_sql(make).execute(&pool).await.expect("the table is made");
    PostgresStore(pool)
}

async fn save(connection: &mut PgConnection, record: &Record) -> Result<()> {
    let insert = r#"
        insert into "tower_sessions"."session" (id, data, expiry_date) values ($1, $2, $3)
        on conflict (id) do update set data = excluded.data, expiry_date = excluded.expiry_date"#;
    let insert = sqlx::query(insert).bind(record.id.to_string()).bind(encoded(record)?).bind(record.expiry_date);
    insert.execute(connection).await.map_err(backend)?;
    Ok(())
}

async fn exists(connection: &mut PgConnection, id: &Id) -> Result<bool> {
    let select = r#"select exists(select 1 from "tower_sessions"."session" where id = $1)"#;
    sqlx::query_scalar(select).bind(id.to_string()).fetch_one(connection).await.map_err(backend)
}

#[async_trait]
impl SessionStore for PostgresStore {
    async fn create(&self, record: &mut Record) -> Result<()> {
        let mut transaction = self.0.begin().await.map_err(backend)?;
        while exists(&mut transaction, &record.id).await? {
            record.id = Id::default();
        }
        save(&mut transaction, record).await?;
        transaction.commit().await.map_err(backend)
    }

    async fn save(&self, record: &Record) -> Result<()> {
        save(&mut *self.0.acquire().await.map_err(backend)?, record).await
    }

    async fn load(&self, id: &Id) -> Result<Option<Record>> {
        let select = r#"select data from "tower_sessions"."session" where id = $1 and expiry_date > $2"#;
        let select = sqlx::query_as(select).bind(id.to_string()).bind(OffsetDateTime::now_utc());
        let data: Option<(Vec<u8>,)> = select.fetch_optional(&self.0).await.map_err(backend)?;
        data.as_ref().map(|(data,)| decoded(data)).transpose()
    }

    async fn delete(&self, id: &Id) -> Result<()> {
        let delete = r#"delete from "tower_sessions"."session" where id = $1"#;
        sqlx::query(delete).bind(id.to_string()).execute(&self.0).await.map_err(backend)?;
        Ok(())
    }
}
