//! The shop on servers that keep its sessions.

use tests::servers::{MariaDb, Postgres, RedisCluster, RedisSentinel, RedisServer};

use super::{
    GRACE, HttpBrowser, Server, a_session_outlives_the_shop_and_ends_with_sign_out, add, cart, is_signed_in, line,
    sign_in,
};

#[tokio::test]
async fn sessions_outlive_the_shop_on_a_database_server() {
    a_session_outlives_the_shop_and_ends_with_sign_out(&Postgres::start().url()).await;
    a_session_outlives_the_shop_and_ends_with_sign_out(&MariaDb::start().url()).await;
}

/// Two shops behind one address, as it were: a visitor may come to either.
async fn two_shops_share_a_store(url: &str) {
    let (one, other) = (Server::start(&["--store", url]), Server::start(&["--store", url]));
    let browser = HttpBrowser::at(&one.address);
    add(&browser, "hook").await;
    sign_in(&browser, GRACE, &[]).await;
    let there = browser.copy().moved_to(&other.address);
    assert!(is_signed_in(&there).await);
    add(&there, "hook").await;
    assert_eq!(cart(&browser).await, [line("hook", 2)]);
    assert_eq!(browser.copy().submit("/logout", &[]).await.leads_to(), "/");
    assert!(!is_signed_in(&there).await, "out is out on both");
}

#[tokio::test]
async fn two_shops_share_a_redis() {
    two_shops_share_a_store(&RedisServer::start().url()).await;
}

#[tokio::test]
async fn two_shops_share_a_redis_cluster() {
    two_shops_share_a_store(&RedisCluster::start().url()).await;
}

#[tokio::test]
async fn two_shops_share_a_redis_under_sentinel() {
    two_shops_share_a_store(&RedisSentinel::start().url()).await;
}
