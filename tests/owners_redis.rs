//! The owner index in Redis, beyond the contract: each call is one command on one key, the key ends with its last entry, and what
//! has ended goes on the way.

use std::time::{Duration, SystemTime};

use cloakroom::store::{OwnerEntry, OwnerIndex as _};
use cloakroom::stores::RedisStore;
use tests::entries::{entry, index_of, owner, use_index};
use tests::servers::RedisServer;

const HOUR: Duration = Duration::from_secs(3600);

/// Something that has ended already, and was not looked at since.
fn over(number: u32) -> OwnerEntry {
    entry(number, SystemTime::now() - HOUR)
}

/// When the only key there is ends, in milliseconds from now.
fn left(server: &RedisServer) -> u128 {
    server.cli_with(&["PTTL"], &server.any_key()).trim().parse().expect("the key has an end")
}

/// Entries that the server keeps, ended or not.
fn kept(server: &RedisServer) -> usize {
    if server.cli(&["DBSIZE"]).trim() == "0" {
        return 0;
    }
    server.cli_with(&["HLEN"], &server.any_key()).trim().parse().expect("a number")
}

fn start() -> (RedisServer, RedisStore) {
    let server = RedisServer::start();
    let store = RedisStore::connect(&server.url()).unwrap();
    (server, store)
}

#[tokio::test]
async fn each_call_is_one_command() {
    let (server, store) = start();
    use_index(&store, &owner(1), SystemTime::now() + HOUR).await;
    assert_eq!(server.cli(&["DBSIZE"]).trim(), "0", "an owner without entries takes no room");
    server.cli(&["CONFIG", "RESETSTAT"]);
    use_index(&store, &owner(1), SystemTime::now() + HOUR).await;
    let calls: Vec<_> = server.calls().into_iter().filter(|(name, _)| name != "time").collect();
    // Two enter, one lists, two look: those are scripts. Two remove.
    let inside = [("hgetall", 1), ("hrandfield", 2), ("hset", 2), ("pexpireat", 1), ("pttl", 2)];
    let expected = [("evalsha", 5), ("hdel", 2), ("hget", 4)].into_iter().chain(inside);
    let mut expected: Vec<_> = expected.map(|(name, calls)| (name.to_owned(), calls)).collect();
    expected.sort();
    assert_eq!(calls, expected);
}

#[tokio::test]
async fn a_key_ends_with_its_last_entry() {
    let (server, store) = start();
    let (index, now) = (index_of(&store), SystemTime::now());
    for (number, hours, latest) in [(1, 2, 2), (2, 1, 2), (3, 5, 5), (1, 3, 5)] {
        index.enter(&owner(1), &entry(number, now + HOUR * hours)).await.unwrap();
        let end = u128::from(latest * 3_600_000_u32);
        assert!((end - 60_000..=end).contains(&left(&server)), "{} of {end}", left(&server));
    }
    index.remove_entries(&owner(1), &[entry(3, now).key]).await.unwrap();
    assert!(left(&server) > 4 * 3_600_000, "removing does not look for the new last one");
}

/// Those who sign in look at some entries, those who list at all.
#[tokio::test]
async fn what_has_ended_goes_on_the_way() {
    let (server, store) = start();
    let (index, later) = (index_of(&store), SystemTime::now() + HOUR);
    index.enter(&owner(1), &over(1)).await.unwrap();
    assert_eq!(kept(&server), 0, "a key of which nothing is left is removed at once");

    index.enter(&owner(1), &entry(0, later)).await.unwrap();
    let key = server.any_key();
    let age = |number: u32| {
        // Overwrites the end that stands in the field, since nobody can wait for it.
        let [name, value] = [entry(number, later).key.as_bytes().to_vec(), vec![0; 16]];
        let script = "local n = #ARGV[1] - 48; redis.call('HSET', string.sub(ARGV[1], 1, n), string.sub(ARGV[1], n + 1, n + 32), \
            string.sub(ARGV[1], n + 33))";
        server.cli_with(&["EVAL", script, "0"], &[&key[..], &name, &value].concat());
    };
    (1..=10).for_each(age);
    assert_eq!(kept(&server), 11);
    index.enter(&owner(1), &entry(11, later)).await.unwrap();
    assert_eq!(kept(&server), 2, "who signs in clears away what is over");

    (1..=10).for_each(age);
    assert_eq!(index.entries(&owner(1)).await.unwrap().len(), 2);
    assert_eq!(kept(&server), 2, "and so does who lists");

    // Of many, each new one looks at some: what is over stays a small part.
    (100..300).for_each(age);
    for number in 300..500 {
        index.enter(&owner(1), &entry(number, later)).await.unwrap();
    }
    assert!(kept(&server) < 2 + 200 + 50, "{} are kept of 202 that live", kept(&server));
}

/// What a program of another kind has put there is an error, never "no sessions".
#[tokio::test]
async fn something_else_under_an_owners_key_is_said() {
    let (server, store) = start();
    let (index, later) = (index_of(&store), SystemTime::now() + HOUR);
    index.enter(&owner(1), &entry(0, later)).await.unwrap();
    let key = server.any_key();
    server.cli_with(&["EVAL", "redis.call('HSET', ARGV[1], 'name', string.rep('\\255', 16))", "0"], &key);
    let error = index.entries(&owner(1)).await.unwrap_err().to_string();
    assert!(error.contains("give the store a prefix of its own"), "{error}");
    server.cli(&["FLUSHALL"]);
    server.cli_with(&["SET", "x"], b"1");
    server.cli_with(&["EVAL", "redis.call('SET', ARGV[1], 'text')", "0"], &key);
    index.entries(&owner(1)).await.unwrap_err();
    index.enter(&owner(1), &entry(0, later)).await.unwrap_err();
}
