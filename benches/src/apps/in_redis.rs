//! By hand, in Redis: `GET`, `SET`, `DEL`, and one MessagePack value.

use std::convert::Infallible;

use axum::Router;
use axum::extract::FromRequestParts;
use http::request::Parts;
use redis::aio::MultiplexedConnection;

use super::by_hand::{Outcome, Sent, cookie, nobody, remove_cookie, set_cookie, token};
use crate::record::{SOMEBODY_ELSE, Shop, filled};
use crate::work::{Shown, Work};

/// As long as cloakroom's idle time.
const SECONDS: u64 = 7_200;

struct Held {
    redis: MultiplexedConnection,
    token: Option<String>,
}

impl FromRequestParts<MultiplexedConnection> for Held {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, redis: &MultiplexedConnection) -> Result<Self, Infallible> {
        Ok(Self { redis: redis.clone(), token: cookie(&parts.headers).map(str::to_owned) })
    }
}

impl Held {
    fn token(&self) -> Outcome<&str> {
        self.token.as_deref().ok_or_else(nobody)
    }

    async fn load(&mut self) -> Outcome<Shop> {
        let mut get = redis::cmd("GET");
        get.arg(self.token()?);
        let stored: Option<Vec<u8>> = get.query_async(&mut self.redis).await.map_err(|error| error.to_string())?;
        rmp_serde::from_slice(&stored.ok_or_else(nobody)?).map_err(|error| error.to_string())
    }

    async fn save(&mut self, token: &str, shop: &Shop) -> Outcome<()> {
        let record = rmp_serde::to_vec(shop).map_err(|error| error.to_string())?;
        let mut set = redis::cmd("SET");
        set.arg(token).arg(record).arg("EX").arg(SECONDS);
        set.exec_async(&mut self.redis).await.map_err(|error| error.to_string())
    }

    async fn delete(&mut self) -> Outcome<()> {
        let mut del = redis::cmd("DEL");
        del.arg(self.token()?);
        del.exec_async(&mut self.redis).await.map_err(|error| error.to_string())
    }

    async fn change(mut self, change: impl FnOnce(&mut Shop)) -> Outcome<Option<Sent>> {
        let mut shop = self.load().await?;
        change(&mut shop);
        let token = self.token()?.to_owned();
        self.save(&token, &shop).await.map(|()| None)
    }
}

impl Work for Held {
    type Sends = Option<Sent>;
    type Error = String;

    async fn begin(mut self) -> Outcome<Option<Sent>> {
        let token = token();
        self.save(&token, &filled()).await?;
        Ok(Some(set_cookie(&token)))
    }

    async fn show(mut self) -> Outcome<Shown> {
        let shop = self.load().await?;
        Ok(Shown::of(&shop))
    }

    async fn read(mut self) -> Outcome<String> {
        Ok(self.load().await?.user_name)
    }

    async fn read8(mut self) -> Outcome<String> {
        Ok(std::hint::black_box(self.load().await?).user_name)
    }

    async fn write(self) -> Outcome<Option<Sent>> {
        self.change(|shop| shop.signed_in_at += 1).await
    }

    async fn add(self) -> Outcome<Option<Sent>> {
        self.change(|shop| shop.cart[0].quantity += 1).await
    }

    async fn login(mut self) -> Outcome<Option<Sent>> {
        let shop = Shop { user_id: SOMEBODY_ELSE, ..self.load().await? };
        let token = token();
        self.save(&token, &shop).await?;
        self.delete().await?;
        Ok(Some(set_cookie(&token)))
    }

    async fn logout(mut self) -> Outcome<Option<Sent>> {
        self.delete().await?;
        Ok(Some(remove_cookie()))
    }
}

pub(super) async fn app() -> Router {
    let client = redis::Client::open(super::address("BENCH_REDIS")).expect("an address");
    let connection = client.get_multiplexed_async_connection().await.expect("Redis answers");
    crate::router!(Held).with_state(connection)
}
