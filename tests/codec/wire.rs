//! The bytes are those of `rmp-serde`, structs as maps, human-readable on: it wrote the records of older programs, and whatever it reads
//! is read here, to the same value. What is not is in `hostile.rs`.

use std::collections::BTreeMap;
use std::fmt::{self, Debug, Display};

use cloakroom::private::{read_with, write_with};
use serde::de::{DeserializeOwned, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde::ser::{SerializeMap as _, SerializeSeq as _};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::{Adjacent, External, FlattenMap, Point, Skips, TupleStruct, Unit, UnitStruct, Untagged, map};

/// As a field's value is written.
pub fn written<T: Serialize + ?Sized>(value: &T) -> Vec<u8> {
    let mut bytes = Vec::new();
    write_with(&mut bytes, |writer| value.serialize(writer)).unwrap();
    bytes
}

/// As a field's value is read, or why not.
pub fn read<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, String> {
    read_with(bytes, |reader| T::deserialize(reader)).map_err(|error| error.to_string())
}

pub fn written_by_rmp<T: Serialize + ?Sized>(value: &T) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut writer = rmp_serde::Serializer::new(&mut bytes).with_struct_map().with_human_readable();
    value.serialize(&mut writer).unwrap();
    bytes
}

pub fn read_by_rmp<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, String> {
    let mut reader = rmp_serde::Deserializer::from_read_ref(bytes).with_human_readable();
    T::deserialize(&mut reader).map_err(|error| error.to_string())
}

/// Written as `rmp-serde` writes it, if serde has a way to write it at all.
#[track_caller]
pub fn written_alike<T: Serialize>(value: &T) {
    let mut bytes = Vec::new();
    if write_with(&mut bytes, |writer| value.serialize(writer)).is_ok() {
        assert_eq!(bytes, written_by_rmp(value), "{}", std::any::type_name::<T>());
    }
}

/// Written as `rmp-serde` writes it, and read as `rmp-serde` reads that.
#[track_caller]
fn agrees<T: Serialize + DeserializeOwned>(value: &T) {
    written_alike(value);
    reads_alike::<T>(&written(value));
}

/// Whatever `rmp-serde` reads, to the same value, and nothing else. Values are compared by their bytes, as some are not equal to
/// themselves.
#[track_caller]
pub fn reads_alike<T: Serialize + DeserializeOwned>(bytes: &[u8]) {
    let (ours, theirs) = (read::<T>(bytes), read_by_rmp::<T>(bytes));
    let name = std::any::type_name::<T>();
    match (&ours, &theirs) {
        (Ok(ours), Ok(theirs)) => assert_eq!(written_by_rmp(ours), written_by_rmp(theirs), "{name} of {bytes:02x?}"),
        (Err(_), Err(_)) => {}
        // What `rmp-serde` makes of it is known to be no use: see `what_is_refused_that_rmp_serde_reads`.
        (Err(error), Ok(_)) if error.contains("extension type") || error.contains("expected u128") => {}
        (Err(error), Ok(_)) => panic!("{name} of {bytes:02x?}: rmp-serde reads it, and here: {error}"),
        // A visitor is not told how wide an integer was written, so a field's number may be of any width, also where serde buffers it.
        (Ok(_), Err(error)) if error.contains("did not match any variant") => {}
        (Ok(_), Err(error)) => panic!("{name} of {bytes:02x?}: it is read here, and rmp-serde says: {error}"),
    }
}

#[test]
fn integers_take_the_shortest_form_at_every_boundary() {
    for bits in [0, 4, 5, 7, 8, 15, 16, 31, 32, 63, 64] {
        for near in -1..=1 {
            let value = (1_i128 << bits) + near;
            for value in [value, -value] {
                agrees(&value);
                agrees(&value.cast_unsigned());
                let _ = i64::try_from(value).map(|value| agrees(&value));
                let _ = u64::try_from(value).map(|value| agrees(&value));
                let _ = i32::try_from(value).map(|value| agrees(&value));
                let _ = i16::try_from(value).map(|value| agrees(&value));
                let _ = i8::try_from(value).map(|value| agrees(&value));
            }
        }
    }
}

#[test]
fn lengths_take_the_shortest_form_at_every_boundary() {
    for length in [0, 1, 15, 16, 17, 31, 32, 33, 255, 256, 257, 65_535, 65_536] {
        agrees(&"x".repeat(length));
        agrees(&serde_bytes::ByteBuf::from(vec![0xff; length]));
        agrees(&vec![Unit::One; length]);
        agrees(&(0..length).map(|key| (key, true)).collect::<BTreeMap<_, _>>());
        agrees(&Uncounted(vec![length; length]));
        agrees(&UncountedMap(vec![length; length]));
        let shown = Shown("é".repeat(length / 2));
        assert_eq!(written(&shown), written_by_rmp(&shown));
        assert_eq!(read::<String>(&written(&shown)).unwrap(), shown.0);
    }
}

/// A sequence that does not know how many it holds.
#[derive(Debug, PartialEq, Deserialize)]
struct Uncounted<T>(Vec<T>);

impl<T: Serialize> Serialize for Uncounted<T> {
    fn serialize<S: Serializer>(&self, writer: S) -> Result<S::Ok, S::Error> {
        let mut items = writer.serialize_seq(None)?;
        self.0.iter().try_for_each(|item| items.serialize_element(item))?;
        items.end()
    }
}

/// A map of each item's place to it.
#[derive(Debug, PartialEq)]
struct UncountedMap<T>(Vec<T>);

impl<T: Serialize> Serialize for UncountedMap<T> {
    fn serialize<S: Serializer>(&self, writer: S) -> Result<S::Ok, S::Error> {
        let mut items = writer.serialize_map(None)?;
        self.0.iter().enumerate().try_for_each(|(at, item)| items.serialize_entry(&at, item))?;
        items.end()
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for UncountedMap<T> {
    fn deserialize<D: Deserializer<'de>>(reader: D) -> Result<Self, D::Error> {
        Ok(Self(BTreeMap::<usize, T>::deserialize(reader)?.into_values().collect()))
    }
}

/// Text that is written by its `Display`, piece by piece.
struct Shown(String);

impl Display for Shown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.chars().try_for_each(|character| write!(f, "{character}"))
    }
}

impl Serialize for Shown {
    fn serialize<S: Serializer>(&self, writer: S) -> Result<S::Ok, S::Error> {
        writer.collect_str(self)
    }
}

#[test]
fn what_does_not_know_its_length_may_be_inside_of_the_like() {
    agrees(&Uncounted(vec![Uncounted(vec![UncountedMap(vec!["x".repeat(300); 20])]), Uncounted(vec![])]));
    agrees(&FlattenMap { a: 1, rest: (0..300).map(|key| (key.to_string(), key)).collect() });
}

/// Fields come in any order, are left out, or unknown; a name may be long, of another script, an alias, or that of a variant.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Wide {
    first: u8,
    #[serde(alias = "older", alias = "oldest")]
    renamed: Option<String>,
    a_name_that_is_just_too_long_for_one_byte: i64,
    #[serde(rename = "größe")]
    größe: f32,
    inner: Option<Box<Wide>>,
    many: BTreeMap<String, Skips>,
    kind: Option<External>,
    last: Vec<Point>,
}

fn wide() -> Wide {
    Wide {
        first: 200,
        renamed: Some("x".repeat(40)),
        a_name_that_is_just_too_long_for_one_byte: -70_000,
        größe: f32::MIN_POSITIVE,
        inner: Some(Box::new(Wide { kind: Some(External::Struct { x: 1 }), ..Wide::default() })),
        many: map([
            ("first".to_owned(), Skips::default()),
            ("ÄÖ".to_owned(), Skips { first: Some(1), ..Skips::default() }),
        ]),
        kind: Some(External::Tuple(1, "kind".to_owned())),
        last: vec![Point { x: 1, y: -1 }],
    }
}

#[test]
fn fields_are_found_in_any_order_and_by_every_name() {
    agrees(&wide());
    let value = serde_json::to_value(wide()).unwrap();
    let fields: Vec<_> = value.as_object().unwrap().iter().collect();
    for turn in 0..fields.len() {
        let mut turned = fields.clone();
        turned.rotate_left(turn);
        let in_turn: indexmap::IndexMap<_, _> = turned.iter().copied().collect();
        assert_eq!(read::<Wide>(&written(&in_turn)).unwrap(), wide());
        let backwards: indexmap::IndexMap<_, _> = turned.iter().rev().copied().skip(1).collect();
        reads_alike::<Wide>(&written(&backwards));
    }
    let older = serde_json::json!({ "unknown": { "first": [1] }, "oldest": "old", "firs": 1, "first": 7, "firstt": 2 });
    let expected = Wide { first: 7, renamed: Some("old".to_owned()), ..Wide::default() };
    assert_eq!(read::<Wide>(&written(&older)).unwrap(), expected);
}

/// One kind of value, written by a type, read as each of the others: what is taken for what.
#[test]
fn every_type_reads_what_any_other_wrote_as_rmp_serde_does() {
    for bytes in samples() {
        as_every_type(&bytes);
    }
}

/// Encodings of every kind.
pub fn samples() -> Vec<Vec<u8>> {
    let json =
        serde_json::json!({ "a": [1, -1, 0.5, u64::MAX, i64::MIN, "x", true, null, {}, []], "x": 5, "type": "Unit" });
    let mut samples = vec![
        written(&wide()),
        written(&json),
        written(&[External::Unit, External::Newtype(1), External::Tuple(2, "x".into()), External::Struct { x: -3 }]),
        written(&External::Struct { x: 1 }),
        written(&External::Tuple(1, "x".into())),
        written(&[Some(1.5), None]),
        written(&(1_u8, "x")),
        written(&(1, "ÄÖÜ", 0.5_f32, 'x')),
        written(&Adjacent::Tuple(1, "x".into())),
        written(&Untagged::Struct { x: 1 }),
        written(&TupleStruct(1, "x".into(), f32::NAN)),
        written(&FlattenMap { a: 1, rest: map([("b".into(), 2)]) }),
        written(&Skips { second: "second".into(), third: vec![1, 2], ..Skips::default() }),
        written(&map([(i128::MIN, 'x'), (5, 'y')])),
        written(serde_bytes::Bytes::new(b"bytes that are \xff no text")),
        written(serde_bytes::Bytes::new(b"16 bytes, exact.")),
        written(&UnitStruct),
        written(&"Unit"),
    ];
    // Numbers of every width, also where a shorter one would do, and what no type writes.
    for first in 0xc0..=0xff_u8 {
        samples.push([&[first][..], &[0; 8]].concat());
        samples.push([&[first][..], &[0, 0, 0, 1, 5, 0x80, 0x7f, 0xff]].concat());
        samples.push([&[first][..], &[1, 0xa1, b'x', 5]].concat());
        samples.push([&[first][..], &[0, 1, 0xa4, b'U', b'n', b'i', b't', 0xc0]].concat());
    }
    samples
}

/// Reads it as each of these types, by both.
pub fn as_every_type(bytes: &[u8]) {
    type Check = fn(&[u8]);
    let types: [Check; 38] = [
        reads_alike::<bool>,
        reads_alike::<u8>,
        reads_alike::<i8>,
        reads_alike::<u32>,
        reads_alike::<i64>,
        reads_alike::<u64>,
        reads_alike::<i128>,
        reads_alike::<u128>,
        reads_alike::<f32>,
        reads_alike::<f64>,
        reads_alike::<char>,
        reads_alike::<String>,
        reads_alike::<serde_bytes::ByteBuf>,
        reads_alike::<()>,
        reads_alike::<UnitStruct>,
        reads_alike::<Option<u16>>,
        reads_alike::<Option<Option<String>>>,
        reads_alike::<Vec<u8>>,
        reads_alike::<[u16; 2]>,
        reads_alike::<(u8, String)>,
        reads_alike::<Vec<Option<f64>>>,
        reads_alike::<BTreeMap<String, serde_json::Value>>,
        reads_alike::<BTreeMap<i128, char>>,
        reads_alike::<BTreeMap<External, Unit>>,
        reads_alike::<serde_json::Value>,
        reads_alike::<Vec<External>>,
        reads_alike::<External>,
        reads_alike::<Unit>,
        reads_alike::<super::Internal>,
        reads_alike::<Adjacent>,
        reads_alike::<Untagged>,
        reads_alike::<TupleStruct>,
        reads_alike::<Point>,
        reads_alike::<super::FlattenStruct>,
        reads_alike::<FlattenMap>,
        reads_alike::<Skips>,
        reads_alike::<Wide>,
        reads_alike::<Whatever>,
    ];
    for check in types {
        check(bytes);
    }
}

/// What a reader says of bytes that it is not told the type of, and whether what follows is found where it begins.
#[derive(Debug, PartialEq)]
struct Whatever(String);

impl Serialize for Whatever {
    fn serialize<S: Serializer>(&self, writer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(writer)
    }
}

impl<'de> Deserialize<'de> for Whatever {
    fn deserialize<D: Deserializer<'de>>(reader: D) -> Result<Self, D::Error> {
        reader.deserialize_any(SaysWhat).map(Self)
    }
}

struct SaysWhat;

impl<'de> Visitor<'de> for SaysWhat {
    type Value = String;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("anything")
    }

    fn visit_unit<E>(self) -> Result<String, E> {
        Ok("nothing".to_owned())
    }

    fn visit_bool<E>(self, value: bool) -> Result<String, E> {
        Ok(value.to_string())
    }

    fn visit_u64<E>(self, value: u64) -> Result<String, E> {
        Ok(value.to_string())
    }

    fn visit_i64<E>(self, value: i64) -> Result<String, E> {
        Ok(value.to_string())
    }

    fn visit_f32<E>(self, value: f32) -> Result<String, E> {
        Ok(format!("f32 {:x}", value.to_bits()))
    }

    fn visit_f64<E>(self, value: f64) -> Result<String, E> {
        Ok(format!("f64 {:x}", value.to_bits()))
    }

    fn visit_borrowed_str<E>(self, value: &'de str) -> Result<String, E> {
        Ok(format!("{value:?}"))
    }

    fn visit_borrowed_bytes<E>(self, value: &'de [u8]) -> Result<String, E> {
        Ok(format!("bytes {value:?}"))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<String, A::Error> {
        let mut said = String::new();
        while let Some(Whatever(first)) = items.next_element()? {
            let ignored = items.next_element::<IgnoredAny>()?.is_some();
            said += &format!("{first}, {ignored}, ");
        }
        Ok(format!("[{said}]"))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<String, A::Error> {
        let mut said = String::new();
        while let Some((Whatever(key), Whatever(value))) = entries.next_entry()? {
            said += &format!("{key}: {value}, ");
        }
        Ok(format!("{{{said}}}"))
    }
}
