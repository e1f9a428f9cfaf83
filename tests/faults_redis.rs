//! Promise 8 on one Redis server, as far as it is Redis's alone: what is asked again when a connection ends, and what is not.
//! `faults_servers.rs` has what every server must stand.

use std::time::{Duration, SystemTime};

use cloakroom::store::{Replaced, SessionStore as _, StoreKey, Stored, Touched};
use tests::Proxy;
use tests::faults::{CALL, app, posts, reads, signed_in, visits};
use tests::servers::{RedisServer, Server as _};

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_is_absent_is_named_at_start() {
    let mut server = RedisServer::begin().await;
    server.kill();
    let error = server.store(CALL).ping().await.unwrap_err().to_string();
    assert!(error.contains(&server.url()) && error.contains("refused"), "{error}");
}

/// A connection that was closed while nobody used it costs no request.
#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_restarts_between_two_requests() {
    let mut server = RedisServer::begin().await;
    let browser = signed_in(&app(server.store(CALL))).await;
    for _ in 0..10 {
        server.restart();
        assert!(posts(&browser, "/set").await, "the first request after the restart");
    }
    assert_eq!(visits(&browser).await, 11);
}

/// Reading is repeated over another connection, so nobody notices.
#[tokio::test(flavor = "multi_thread")]
async fn a_connection_that_is_cut_in_the_middle_of_a_record() {
    let server = RedisServer::start();
    let proxy = Proxy::before(server.port).await;
    let browser = signed_in(&app(server.store_at(proxy.port, CALL))).await;
    for bytes in (0..60).chain([70, 80]) {
        proxy.cut_after(bytes);
        assert!(reads(&browser).await, "cut after {bytes}");
        assert!(proxy.has_cut(), "the reply has fewer than {bytes} bytes");
    }
    assert_eq!(visits(&browser).await, 1);
}

/// A write whose answer is lost is told as failed, though it was carried out. It is never carried out twice, and never told as
/// a conflict or as "nothing was there".
#[tokio::test(flavor = "multi_thread")]
async fn a_connection_that_is_cut_in_the_answer_to_a_write() {
    let server = RedisServer::start();
    let proxy = Proxy::before(server.port).await;
    let store = server.store_at(proxy.port, CALL);
    let at = SystemTime::now() + Duration::from_secs(3600);
    for cut in 0..4 {
        let key = StoreKey::from_bytes([cut as u8 + 1; 32]);
        store.ping().await.unwrap();
        proxy.cut_after(cut);
        store.create(&key, "created".into(), at).await.unwrap_err();
        let created = store.load(&key).await.unwrap().expect("it was carried out");

        // The server has seen the scripts afterwards.
        let touched = store.touch(&key, &created.version, at + Duration::from_secs(1)).await.unwrap();
        assert_eq!(touched, Touched::Done);
        let Replaced::Done(version) = store.replace(&key, &created.version, "1".into(), at).await.unwrap() else {
            panic!("the version is current")
        };
        proxy.cut_after(cut);
        store.replace(&key, &version, "2".into(), at).await.unwrap_err();
        let replaced = store.load(&key).await.unwrap().expect("it is there");
        assert_eq!(replaced.bytes, "2", "it was carried out");
        proxy.cut_after(cut);
        store.touch(&key, &replaced.version, at + Duration::from_secs(2)).await.unwrap_err();
        let touched = store.load(&key).await.unwrap().expect("it is there");
        assert_eq!(touched, Stored { expires_at: touched.expires_at, ..replaced });

        proxy.cut_after(cut);
        store.delete(&key).await.unwrap_err();
        assert_eq!(store.load(&key).await.unwrap(), None, "it was carried out");
    }
    let calls = server.calls();
    let called = |name: &str| calls.iter().find(|(called, _)| called == name).map_or(0, |(_, calls)| *calls);
    assert_eq!(called("getdel"), 4, "nothing is asked twice: {calls:?}");
    // In each round two replaces and two touches, of which the first two ever were sent in full as well.
    assert_eq!((called("evalsha"), called("eval"), called("set")), (16, 2, 12), "nothing is asked twice: {calls:?}");
}
