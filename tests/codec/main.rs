//! What you set is what you get: every type of the table in `CODECS.md`, set in one request and read in the next.
//!
//! Then what no codec of this kind keeps, so that it is known and not silent. `wire` holds the bytes to the format, `hostile` reads what
//! nobody wrote.

mod hostile;
mod wire;

use std::borrow::Cow;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, BinaryHeap, HashMap, HashSet, LinkedList, VecDeque};
use std::fmt::Debug;
use std::net::{IpAddr, SocketAddr};
use std::num::{NonZeroI8, NonZeroU64, Wrapping};
use std::ops::{Range, RangeInclusive};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use cloakroom::{MemoryStore, SessionData, SessionError, Sessions};
use proptest::prelude::*;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

/// A session that keeps one value of any type.
#[derive(Debug, SessionData)]
#[session(cookie = "keep")]
struct Keep<T: Serialize + DeserializeOwned + Send + Sync + 'static> {
    value: Option<T>,
    beside: u8,
}

trait Value: Serialize + DeserializeOwned + Send + Sync + 'static {}
impl<T: Serialize + DeserializeOwned + Send + Sync + 'static> Value for T {}

/// What one request sets and the next one gets: `None` for unset.
async fn pass<T: Value>(value: T) -> Result<Option<T>, SessionError> {
    let sessions = Sessions::<Keep<T>>::new(MemoryStore::new());
    let session = sessions.open([]);
    session.set_beside(1).await?;
    session.set(Keep::<T>::VALUE, Some(value)).await?;
    let closed = sessions.close(&session, true).await;
    assert!(closed.error.is_none(), "{:?}", closed.error);
    let set_cookie = closed.set_cookie.expect("a session begins");
    let cookie = set_cookie.split(';').next().expect("a cookie is a pair");
    let next = sessions.open([cookie.as_bytes()]);
    assert_eq!(next.beside().await?, 1, "the field beside it is as it was");
    next.get(Keep::<T>::VALUE).await
}

fn block_on<F: Future>(future: F) -> F::Output {
    tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(future)
}

/// It comes back as it went in, and is stored as ever.
#[track_caller]
fn keeps<T: Value + Clone + Debug + PartialEq>(value: T) {
    wire::written_alike(&value);
    match block_on(pass(value.clone())) {
        Ok(back) => assert_eq!(back, Some(value), "{}", std::any::type_name::<T>()),
        Err(error) => panic!("{}: {value:?}: {error}", std::any::type_name::<T>()),
    }
}

macro_rules! kept {
    ($($test:ident { $($value:expr),* $(,)? })*) => {$(
        #[test]
        fn $test() {
            $(keeps($value);)*
        }
    )*};
}

fn map<K: Ord, V, const N: usize>(pairs: [(K, V); N]) -> BTreeMap<K, V> {
    BTreeMap::from(pairs)
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
enum Unit {
    One,
    Two,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
enum External {
    Unit,
    Newtype(u8),
    Tuple(u8, String),
    Struct { x: i64 },
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type")]
enum Internal {
    Unit,
    Uuid { id: uuid::Uuid },
    Decimal { amount: rust_decimal::Decimal },
    Chrono { at: chrono::DateTime<chrono::Utc> },
    Time { at: time::OffsetDateTime },
    Jiff { at: jiff::Timestamp },
    Ip { from: IpAddr },
    Map { by_id: BTreeMap<u64, String> },
    Buf { buf: serde_bytes::ByteBuf },
    Enum { inner: External },
    Newtype(Point),
    Float { f: f64 },
    Option { o: Option<u8> },
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "t", content = "c")]
enum Adjacent {
    Unit,
    Newtype(u8),
    Tuple(u8, String),
    Struct { x: i64 },
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
enum Untagged {
    Int(i64),
    Float(f64),
    Text(String),
    Seq(Vec<u8>),
    Struct { x: i64 },
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
struct Point {
    x: i32,
    y: i32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
struct Newtype(u64);

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct TupleStruct(u8, String, f32);

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
struct UnitStruct;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct FlattenStruct {
    a: u8,
    #[serde(flatten)]
    inner: Point,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct FlattenMap {
    a: u8,
    #[serde(flatten)]
    rest: BTreeMap<String, u64>,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
struct Skips {
    #[serde(skip_serializing_if = "Option::is_none")]
    first: Option<u8>,
    #[serde(skip_serializing_if = "String::is_empty")]
    second: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    third: Vec<u8>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Rfc3339(#[serde(with = "time::serde::rfc3339")] time::OffsetDateTime);

fn uuid() -> uuid::Uuid {
    uuid::Uuid::from_u128(0x0123_4567_89ab_cdef_0123_4567_89ab_cdef)
}

fn at() -> time::OffsetDateTime {
    time::macros::datetime!(2026-05-28 20:26:40.123456789 +02:00)
}

kept! {
    integers_at_their_ends {
        u8::MAX, i8::MIN, u16::MAX, i16::MIN, u32::MAX, i32::MIN, u64::MAX, i64::MIN, usize::MAX, isize::MIN,
        u128::MAX, i128::MIN, 5_i128, 0_u128, NonZeroU64::MAX, NonZeroI8::MIN, Wrapping(3_u8),
    }
    floats { 0.1_f64, 0.1_f32, f64::MAX, f64::MIN_POSITIVE, 5e-324_f64, f64::INFINITY, f64::NEG_INFINITY, f32::INFINITY }
    text_and_characters {
        String::new(), "with \0 and \u{10ffff}".to_owned(), 'x', '\u{10ffff}', Arc::<str>::from("arc"),
        Box::<str>::from("box"), Cow::<'static, str>::Owned("cow".to_owned()), PathBuf::from("/tmp/x"),
        smol_str::SmolStr::new("smol"),
    }
    bytes_of_every_kind {
        vec![0_u8, 1, 255], [7_u8; 32], serde_bytes::ByteBuf::from(vec![0, 255]), bytes::Bytes::from_static(b"\0\xff"),
        Box::<[u8]>::from([1, 2]),
    }
    sequences_and_sets {
        Vec::<u8>::new(), VecDeque::from([1, 2]), LinkedList::from([1, 2]), BTreeSet::from([3, 1]), HashSet::from([(1_u8, 2_u8)]),
        (1_u8, "two".to_owned(), 3.0_f64, 'x'), [[1, 2], [3, 4]], vec![Some(1), None], vec![vec![vec![1]], vec![]],
        Range { start: 1, end: 5 }, RangeInclusive::new(1, 5), Reverse(3),
    }
    maps_with_keys_of_every_kind {
        HashMap::from([((1, 2), "tuple".to_owned())]), map([(Unit::One, 1), (Unit::Two, 2)]),
        map([(External::Unit, 0), (External::Newtype(1), 1), (External::Tuple(2, "x".into()), 2), (External::Struct { x: 3 }, 3)]),
        map([(Point { x: 1, y: 2 }, 1)]), map([(Newtype(1), 1)]), map([(u64::MAX, 1)]), map([(i128::MIN, 1)]), map([(true, 1)]),
        map([('x', 1)]), map([(None, 1), (Some(2_u8), 2)]), map([(uuid(), 1)]), map([((), 1)]), map([(vec![1_u8, 2], 1)]),
        map([("nested".to_owned(), map([(1, map([(2, 3)]))]))]), indexmap::IndexMap::from([("b", 1), ("a", 2)].map(|(k, v)| (k.to_owned(), v))),
        indexmap::IndexSet::from([3, 1, 2]),
    }
    options_and_results {
        vec![Some(Some(1_u8))], (None::<u8>, Some(1_u8)), Ok::<u8, String>(1), Err::<u8, String>("no".to_owned()), Box::new(Some(1)),
    }
    structs {
        UnitStruct, Point { x: -1, y: 1 }, Newtype(1), TupleStruct(1, "x".to_owned(), 0.5),
        Skips::default(), Skips { second: "x".to_owned(), ..Skips::default() },
        Skips { first: Some(1), second: "x".to_owned(), third: vec![1] },
        FlattenStruct { a: 1, inner: Point { x: 2, y: 3 } }, FlattenMap { a: 1, rest: map([("b".to_owned(), 2)]) },
    }
    enums_of_every_tagging {
        External::Unit, External::Newtype(1), External::Tuple(1, "x".to_owned()), External::Struct { x: i64::MIN },
        Adjacent::Unit, Adjacent::Newtype(1), Adjacent::Tuple(1, "x".to_owned()), Adjacent::Struct { x: 1 },
        Untagged::Int(-1), Untagged::Float(0.5), Untagged::Text("x".to_owned()), Untagged::Seq(vec![1, 2]), Untagged::Struct { x: 1 },
        Internal::Unit, Internal::Newtype(Point { x: 1, y: 2 }), Internal::Float { f: f64::INFINITY },
        Internal::Option { o: None }, Internal::Option { o: Some(1) },
        Internal::Enum { inner: External::Tuple(1, "x".to_owned()) },
    }
    internally_tagged_with_foreign_types {
        Internal::Uuid { id: uuid() }, Internal::Decimal { amount: "1.10".parse().unwrap() },
        Internal::Chrono { at: chrono::DateTime::from_timestamp(1_780_000_000, 123_456_789).unwrap() }, Internal::Time { at: at() },
        Internal::Jiff { at: "2026-05-28T20:26:40.123456789Z".parse().unwrap() }, Internal::Ip { from: "::1".parse().unwrap() },
        Internal::Map { by_id: map([(u64::MAX, "x".to_owned())]) }, Internal::Buf { buf: serde_bytes::ByteBuf::from(vec![0, 255]) },
    }
    times_of_std {
        UNIX_EPOCH, UNIX_EPOCH + Duration::new(1_780_000_000, 123_456_789), Duration::MAX, Duration::new(0, 1),
    }
    times_of_chrono {
        chrono::DateTime::<chrono::Utc>::from_timestamp(1_780_000_000, 123_456_789).unwrap(),
        chrono::DateTime::<chrono::Utc>::from_timestamp(-1, 1).unwrap(),
        chrono::DateTime::parse_from_rfc3339("2026-05-28T20:26:40.5+02:00").unwrap(),
        chrono::NaiveDate::from_ymd_opt(2026, 2, 28).unwrap(),
        chrono::NaiveDate::from_ymd_opt(2026, 2, 28).unwrap().and_hms_nano_opt(23, 59, 59, 1).unwrap(),
    }
    times_of_jiff {
        "2026-05-28T20:26:40.123456789Z".parse::<jiff::Timestamp>().unwrap(),
        "2026-05-28T20:26:40+02:00[Europe/Berlin]".parse::<jiff::Zoned>().unwrap(),
        "2026-05-28".parse::<jiff::civil::Date>().unwrap(),
    }
    times_of_time { at(), at().to_offset(time::UtcOffset::UTC), time::macros::date!(2026-02-28), Rfc3339(at()) }
    addresses {
        "127.0.0.1".parse::<IpAddr>().unwrap(), "2001:db8::1".parse::<IpAddr>().unwrap(), "[::1]:80".parse::<SocketAddr>().unwrap(),
        url::Url::parse("https://user@shop.test:8443/a%20b?c=d#e").unwrap(), uuid(),
    }
    numbers_of_any_length {
        "1.10".parse::<rust_decimal::Decimal>().unwrap(), rust_decimal::Decimal::MIN,
        "-340282366920938463463374607431768211456".parse::<num_bigint::BigInt>().unwrap(),
        "0.1000000000000000000000000000000001".parse::<bigdecimal::BigDecimal>().unwrap(),
    }
    json_values {
        serde_json::json!({ "a": [1, -1, 0.5, u64::MAX, i64::MIN, "x", true, null, {}, []], "": { "n": null } }),
        serde_json::json!([]), serde_json::json!("x"), serde_json::json!(0.1),
    }
}

#[test]
fn a_jiff_span_keeps_its_units() {
    let span: jiff::Span = "P1Y2M3DT4H5M6.789S".parse().unwrap();
    let back = block_on(pass(span)).unwrap().unwrap();
    assert_eq!(back.fieldwise(), span.fieldwise());
}

#[test]
fn an_index_map_keeps_its_order() {
    let value: indexmap::IndexMap<String, u8> = [("z", 1), ("a", 2), ("m", 3)].map(|(k, v)| (k.to_owned(), v)).into();
    let back = block_on(pass(value)).unwrap().unwrap();
    assert_eq!(back.keys().collect::<Vec<_>>(), ["z", "a", "m"]);
}

#[test]
fn a_heap_and_shared_pointers_keep_what_they_hold() {
    let heap = BinaryHeap::from([2, 3, 1]);
    assert_eq!(block_on(pass(heap)).unwrap().unwrap().into_sorted_vec(), [1, 2, 3]);
    assert_eq!(*block_on(pass(Arc::new(std::sync::Mutex::new(5)))).unwrap().unwrap().lock().unwrap(), 5);
}

/// What is nothing is still there: it reads as itself, whatever unset would read as.
#[tokio::test]
async fn a_value_that_is_nothing_is_not_unset() {
    type Alias = Option<u8>;

    #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
    struct Limit(Option<u8>);
    impl Default for Limit {
        fn default() -> Self {
            Self(Some(10))
        }
    }

    #[derive(Debug, PartialEq, SessionData)]
    #[session(cookie = "nothing")]
    struct Nothing {
        #[session(default = Some(1))]
        option: Option<u8>,
        #[session(default = Some(1))]
        alias: Alias,
        #[session(default = serde_json::json!({}))]
        json: serde_json::Value,
        limit: Limit,
        unit: (),
        unit_struct: UnitStruct,
    }

    let sessions = Sessions::<Nothing>::new(MemoryStore::new());
    let session = sessions.open([]);
    let set = Nothing {
        option: None,
        alias: None,
        json: serde_json::Value::Null,
        limit: Limit(None),
        unit: (),
        unit_struct: UnitStruct,
    };
    session.set_option(None).await.unwrap();
    session.set_alias(None).await.unwrap();
    session.set_json(serde_json::Value::Null).await.unwrap();
    session.update_limit(|limit| limit.0 = None).await.unwrap();
    let cookie = sessions.close(&session, true).await.set_cookie.unwrap();
    let next = sessions.open([cookie.split(';').next().unwrap().as_bytes()]);
    assert_eq!(next.snapshot().await.unwrap(), set);
}

/// What MessagePack has no way to say: a nothing inside of an optional value reads back as `None`. Not an error, so it stands here.
#[test]
fn known_loss_an_optional_nothing_reads_back_as_none() {
    assert_eq!(
        block_on(pass(vec![Some(None::<u8>), Some(Some(1)), None])).unwrap(),
        Some(vec![None, Some(Some(1)), None])
    );
    assert_eq!(block_on(pass(vec![Some(()), None])).unwrap(), Some(vec![None, None]));
    assert_eq!(block_on(pass(())).unwrap(), None, "the field itself was an `Option<()>`");
    assert_eq!(block_on(pass(serde_json::Value::Null)).unwrap(), None, "the field itself was an `Option<Value>`");

    #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
    struct Nested {
        o: Option<Option<u8>>,
    }
    assert_eq!(block_on(pass(Nested { o: Some(None) })).unwrap(), Some(Nested { o: None }));
    assert_eq!(block_on(pass(Nested { o: Some(Some(1)) })).unwrap(), Some(Nested { o: Some(Some(1)) }));
}

/// A limit of serde: 128-bit integers do not go through untagged, internally tagged and flattened types. An error, never another
/// number.
#[test]
fn known_limit_128_bits_inside_untagged_types_are_an_error() {
    #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
    #[serde(untagged)]
    enum Any {
        Big(u128),
    }
    #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
    #[serde(tag = "type")]
    enum Tagged {
        Big { n: u128 },
    }
    #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
    struct Big {
        n: i128,
    }
    #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
    struct Flat {
        #[serde(flatten)]
        big: Big,
    }

    #[track_caller]
    fn fails<T: Value + Debug>(value: T) {
        let error = block_on(pass(value)).expect_err("an error, not another number");
        let named =
            matches!(error, SessionError::Decode { field: "value", .. } | SessionError::Encode { field: "value", .. });
        assert!(named, "{error}");
    }
    fails(Any::Big(u128::MAX));
    fails(Tagged::Big { n: u128::MAX });
    fails(Flat { big: Big { n: i128::MIN } });
}

/// serde refuses it: an error at the call.
#[test]
fn known_limit_a_system_time_before_1970_is_an_error_at_the_call() {
    let error = block_on(pass::<SystemTime>(UNIX_EPOCH - Duration::from_nanos(1))).unwrap_err();
    assert!(matches!(error, SessionError::Encode { field: "value", .. }), "{error}");
}

fn keeps_bits(value: f64) {
    wire::written_alike(&value);
    let back = block_on(pass(value)).unwrap().unwrap();
    assert!(back.to_bits() == value.to_bits(), "{:#x} came back as {:#x}", value.to_bits(), back.to_bits());
}

/// Every float keeps its bits: a negative zero its sign, a NaN its payload.
#[test]
fn special_floats_keep_their_bits() {
    for value in [-0.0, f64::NAN, -f64::NAN, f64::from_bits(0x7ff8_0000_0000_0001), f64::EPSILON, f64::MIN] {
        keeps_bits(value);
    }
    for value in [-0.0, f32::NAN, -f32::NAN, f32::from_bits(1)] {
        let back: f32 = block_on(pass(value)).unwrap().unwrap();
        assert_eq!(back.to_bits(), value.to_bits());
    }
    let many = vec![f64::NAN, -0.0, f64::INFINITY];
    let back = block_on(pass(map([("f".to_owned(), many)]))).unwrap().unwrap();
    assert!(back["f"][0].is_nan() && back["f"][1].is_sign_negative() && back["f"][2] == f64::INFINITY);
}

fn external() -> impl Strategy<Value = External> {
    prop_oneof![
        Just(External::Unit),
        any::<u8>().prop_map(External::Newtype),
        (any::<u8>(), any::<String>()).prop_map(|(number, text)| External::Tuple(number, text)),
        any::<i64>().prop_map(|x| External::Struct { x }),
    ]
}

/// JSON values of any shape. No `null` on the outside: an `Option<Value>` field keeps that as unset, see above.
fn json() -> impl Strategy<Value = serde_json::Value> {
    let leaf = prop_oneof![
        any::<bool>().prop_map(Into::into),
        any::<i64>().prop_map(Into::into),
        any::<u64>().prop_map(Into::into),
        prop::num::f64::NORMAL.prop_map(Into::into),
        any::<String>().prop_map(Into::into),
    ];
    leaf.prop_recursive(4, 32, 4, |inner| {
        let or_null = prop_oneof![1 => Just(serde_json::Value::Null), 4 => inner];
        prop_oneof![
            prop::collection::vec(or_null.clone(), 0..4).prop_map(Into::into),
            prop::collection::btree_map(any::<String>(), or_null, 0..4)
                .prop_map(|map| serde_json::Value::Object(map.into_iter().collect())),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(100) })]

    #[test]
    fn any_integers(a: u8, b: i16, c: u32, d: i64, e: u64, f: u128, g: i128) {
        keeps((a, b, c, d, e, f, g));
    }

    #[test]
    fn any_float_by_its_bits(bits: u64, short: u32) {
        keeps_bits(f64::from_bits(bits));
        let back = block_on(pass(f32::from_bits(short))).unwrap().unwrap();
        prop_assert!(back.to_bits() == short || back.is_nan() && f32::from_bits(short).is_nan());
    }

    #[test]
    fn any_text(text: String, character: char, bytes: Vec<u8>) {
        keeps((text, character, bytes.clone(), serde_bytes::ByteBuf::from(bytes)));
    }

    #[test]
    fn any_nested_collections(
        value in prop::collection::vec(
            prop::collection::btree_map(
                any::<String>(),
                prop::collection::vec(any::<Option<(i32, String)>>(), 0..4),
                0..4,
            ),
            0..4,
        ),
        set in prop::collection::hash_set(any::<(u8, i64)>(), 0..8),
    ) {
        keeps((value, set));
    }

    #[test]
    fn any_map_keys(
        tuples: BTreeMap<(i32, String), u8>,
        wide: BTreeMap<i128, u8>,
        optional: BTreeMap<Option<u8>, u8>,
        enums in prop::collection::btree_map(external(), any::<u8>(), 0..8),
    ) {
        keeps((tuples, wide, optional, enums));
    }

    #[test]
    fn any_enum(value in prop::collection::vec(external(), 0..8), x: i64, float in prop::num::f64::NORMAL, text: String) {
        keeps(value);
        keeps((Untagged::Int(x), Untagged::Float(float), Untagged::Text(text.clone()), Untagged::Struct { x }));
        keeps((Adjacent::Struct { x }, Adjacent::Tuple(1, text)));
    }

    #[test]
    fn any_flattened(a: u8, rest: BTreeMap<String, u64>, x: i32, y: i32) {
        let rest = rest.into_iter().filter(|(name, _)| name != "a").collect();
        keeps((FlattenMap { a, rest }, FlattenStruct { a, inner: Point { x, y } }));
    }

    #[test]
    fn any_json(value in json()) {
        keeps(value);
    }

    #[test]
    fn any_time(seconds in 0_u64..253_402_300_799, nanos in 0_u32..1_000_000_000) {
        let since = Duration::new(seconds, nanos);
        let signed = i64::try_from(seconds).unwrap();
        keeps((since, UNIX_EPOCH + since));
        keeps(chrono::DateTime::<chrono::Utc>::from_timestamp(signed, nanos).unwrap());
        keeps(jiff::Timestamp::new(signed.min(253_402_200_000), i32::try_from(nanos).unwrap()).unwrap());
        keeps(time::OffsetDateTime::from_unix_timestamp(signed).unwrap() + Duration::from_nanos(nanos.into()));
    }
}
