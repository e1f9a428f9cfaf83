//! Bytes that nobody wrote: an error, or what `rmp-serde` reads, and never a panic, a full stack or all memory.

use std::fmt::{self, Debug};

use cloakroom::private::write_with;
use serde::de::{DeserializeOwned, Error as _, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};

use super::wire::{as_every_type, read, read_by_rmp, reads_alike, samples, written};
use super::{External, Point, map};

/// Numbers that are the same in each run (`splitmix64`).
struct Numbers(u64);

impl Numbers {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.next() % u64::try_from(end.max(1)).unwrap()).unwrap()
    }

    fn byte(&mut self) -> u8 {
        self.next().to_be_bytes()[0]
    }
}

#[test]
fn random_bytes_are_read_as_rmp_serde_reads_them() {
    let mut numbers = Numbers(1);
    for _ in 0..5_000 {
        let length = numbers.below(24);
        let bytes: Vec<_> = (0..length).map(|_| numbers.byte()).collect();
        as_every_type(&bytes);
    }
}

#[test]
fn mutated_encodings_are_read_as_rmp_serde_reads_them() {
    let mut numbers = Numbers(2);
    let samples = samples();
    for _ in 0..10_000 {
        let mut bytes = samples[numbers.below(samples.len())].clone();
        for _ in 0..=numbers.below(2) {
            let at = numbers.below(bytes.len());
            match numbers.below(5) {
                0 => bytes.truncate(at),
                1 => bytes.insert(at, numbers.byte()),
                2 if !bytes.is_empty() => drop(bytes.remove(at)),
                3 => drop(bytes.splice(at..at, samples[numbers.below(samples.len())].iter().copied())),
                _ => bytes.iter_mut().skip(at).take(1).for_each(|byte| *byte = numbers.byte()),
            }
        }
        as_every_type(&bytes);
    }
}

/// The limit of `rmp-serde`, to the level; and for what it has no limit, one of our own.
#[test]
fn what_is_nested_too_deep_is_an_error_and_no_full_stack() {
    #[derive(Debug, Deserialize, Serialize)]
    enum Chain {
        End,
        Next(Box<Chain>),
    }
    #[derive(Debug, Deserialize, Serialize)]
    struct Node {
        next: Option<Box<Node>>,
    }
    #[derive(Debug, Deserialize, Serialize)]
    enum Tree {
        Branch(Vec<Tree>),
    }
    #[derive(Debug, Deserialize, Serialize)]
    struct Endless(Option<Box<Endless>>);

    let lists = |depth| [vec![0x91; depth], vec![0xc0]].concat();
    let maps = |depth| [[0x81, 0xa1, b'x'].repeat(depth), vec![0xc0]].concat();
    for depth in [1_000, 1_022, 1_023, 1_024, 1_025, 100_000] {
        let reads = depth < 1_024;
        assert_eq!(read::<serde_json::Value>(&lists(depth)).is_ok(), reads, "{depth} lists");
        assert_eq!(read::<serde_json::Value>(&maps(depth)).is_ok(), reads, "{depth} maps");
        assert_eq!(rmp_reads(lists(depth)), reads, "{depth} lists of rmp-serde");
        assert_eq!(ignores(&lists(depth)).is_ok(), reads, "{depth} ignored lists");
        let chain = [[&[0x81, 0xa4][..], b"Next"].concat().repeat(depth), written("End")].concat();
        assert_eq!(read::<Chain>(&chain).is_ok(), reads, "{depth} variants");
        let nodes = [[&[0x81, 0xa4][..], b"next"].concat().repeat(depth), vec![0xc0]].concat();
        assert_eq!(read::<Node>(&nodes).is_ok(), reads, "{depth} nodes");
        let tree = [[&[0x81, 0xa6][..], b"Branch", &[0x91]].concat().repeat(depth - 1), written(&Tree::Branch(vec![]))]
            .concat();
        assert_eq!(read::<Tree>(&tree).is_ok(), reads, "{depth} branches");
    }
    let error = read::<Endless>(&[0x01]).unwrap_err();
    assert_eq!(error, "too many values are inside of each other");
}

/// On a stack that is large enough for it.
fn rmp_reads(bytes: Vec<u8>) -> bool {
    let reads = move || read_by_rmp::<serde_json::Value>(&bytes).is_ok();
    std::thread::Builder::new().stack_size(64 << 20).spawn(reads).unwrap().join().unwrap()
}

fn ignores(bytes: &[u8]) -> Result<(), String> {
    struct Ignored;
    impl<'de> Deserialize<'de> for Ignored {
        fn deserialize<D: Deserializer<'de>>(reader: D) -> Result<Self, D::Error> {
            reader.deserialize_ignored_any(IgnoredAny).map(|_| Self)
        }
    }
    read::<Ignored>(bytes).map(|_| ())
}

/// What a visitor is told to expect, and may make room for.
struct Expected;

impl<'de> Visitor<'de> for Expected {
    type Value = Told;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list or a map")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, items: A) -> Result<Told, A::Error> {
        Err(A::Error::custom(format_args!("{:?}", items.size_hint())))
    }

    fn visit_map<A: MapAccess<'de>>(self, entries: A) -> Result<Told, A::Error> {
        Err(A::Error::custom(format_args!("{:?}", entries.size_hint())))
    }
}

#[derive(Debug)]
struct Told;

impl<'de> Deserialize<'de> for Told {
    fn deserialize<D: Deserializer<'de>>(reader: D) -> Result<Self, D::Error> {
        reader.deserialize_any(Expected)
    }
}

/// Nobody makes room for four billion values because five bytes say so.
#[test]
fn a_length_is_not_believed_beyond_the_bytes_that_are_there() {
    for first in [0xdd, 0xdf] {
        let error = read::<Told>(&[first, 0xff, 0xff, 0xff, 0xff, 1, 2, 3]).unwrap_err();
        assert_eq!(error, "Some(3)");
    }
    for first in [0xc6, 0xdb, 0xdd, 0xdf] {
        let claim = [first, 0xff, 0xff, 0xff, 0xff, 1, 2, 3];
        assert!(read::<serde_json::Value>(&claim).is_err());
        assert!(read::<Vec<u8>>(&claim).is_err() && read::<String>(&claim).is_err());
    }
}

/// A type may pass over what it cannot read, as often as it likes.
#[test]
fn an_error_that_is_passed_over_costs_no_depth() {
    fn lenient<'de, D: Deserializer<'de>>(reader: D) -> Result<Option<u8>, D::Error> {
        Ok(Option::deserialize(reader).unwrap_or(None))
    }
    #[derive(Debug, PartialEq, Deserialize)]
    struct Item {
        #[serde(deserialize_with = "lenient")]
        number: Option<u8>,
    }
    let numbers = (0..2_000).map(|at| map([("number", if at == 1_999 { 7 } else { 1_000 })]));
    let items: Vec<Item> = read(&written(&numbers.collect::<Vec<_>>())).unwrap();
    assert_eq!(items.last(), Some(&Item { number: Some(7) }));
}

/// Bytes behind a value are not looked at, as they never were.
#[test]
fn what_stands_behind_a_value_is_passed_over() {
    assert_eq!(read::<u8>(&[0x01, 0xc1]), Ok(1));
    assert_eq!(read::<Option<u8>>(&[0xc0, 0x01]), Ok(None));
}

/// Types of other crates ask for text that they may borrow, and take nothing else.
#[test]
fn text_and_names_can_be_borrowed() {
    #[derive(Debug, PartialEq)]
    struct Borrowed(String);
    impl<'de> Deserialize<'de> for Borrowed {
        fn deserialize<D: Deserializer<'de>>(reader: D) -> Result<Self, D::Error> {
            <&str>::deserialize(reader).map(|text| Self(text.to_owned()))
        }
    }
    for text in ["", "x", "größe", &"x".repeat(40)] {
        assert_eq!(read::<Borrowed>(&written(text)), Ok(Borrowed(text.to_owned())));
    }
}

#[test]
fn what_is_no_text_is_never_text() {
    for length in 1..40_usize {
        for bad in [&b"\xff"[..], b"\xc3", b"\xe2\x82", b"\xed\xa0\x80", b"\xc0\x80"] {
            let bytes = [&b"x".repeat(length - 1)[..], bad].concat();
            let text = [&[0xd9, u8::try_from(bytes.len()).unwrap()], &bytes[..]].concat();
            assert_eq!(read::<String>(&text).unwrap_err(), "expected text, found bytes that are no UTF-8");
            assert_eq!(read::<serde_bytes::ByteBuf>(&text).unwrap(), bytes, "to a type that takes bytes, it is bytes");
            reads_alike::<Point>(&[&[0x81][..], &text, &[1]].concat());
        }
    }
}

/// Where `rmp-serde` reads something, and here it is an error.
#[test]
fn what_is_refused_that_rmp_serde_reads() {
    // It makes 2^128 - 1 of a -1.
    assert_eq!(read_by_rmp::<u128>(&[0xff]), Ok(u128::MAX));
    assert_eq!(read::<u128>(&[0xff]).unwrap_err(), "invalid value: integer `-1`, expected u128");
    assert_eq!(read::<i128>(&[0xff]), Ok(-1));

    // Extension types are for those who name them so, and no field's type does.
    #[derive(Debug, Serialize)]
    #[serde(rename = "_ExtStruct")]
    struct Extension((i8, serde_bytes::ByteBuf));
    let extension = Extension((1, serde_bytes::ByteBuf::from(vec![1])));
    let error = write_with(&mut Vec::new(), |writer| extension.serialize(writer)).unwrap_err();
    assert_eq!(error.to_string(), "extension types of MessagePack are not kept");
    assert_eq!(ignores(&[0xd4, 1, 1]).unwrap_err(), "extension types of MessagePack are not kept");
}

/// An error names what was expected and the kind of what was found. What the value was is serde's to say, where it always did.
#[test]
fn errors_say_what_was_expected_and_no_content() {
    fn says<T: Debug + DeserializeOwned>(bytes: &[u8], expected: &str) {
        assert_eq!(read::<T>(bytes).unwrap_err(), expected);
    }
    says::<u8>(&written("secret"), "invalid type: text, expected u8");
    says::<bool>(&written(&[1]), "invalid type: a list, expected a boolean");
    says::<u128>(&written("secret"), "invalid type: text, expected u128");
    says::<i128>(&written(serde_bytes::Bytes::new(&[1])), "invalid length 1, expected an integer of 16 bytes");
    says::<(u8, u8)>(&written(&[1, 2, 3]), "values inside: expected 2, found 3");
    says::<External>(&[0x82], "values inside: expected 1, found 2");
    says::<External>(&written("Newtype"), "invalid type: unit variant, expected newtype variant");
    says::<External>(
        &written(&[("Unit", "secret")].into_iter().collect::<std::collections::BTreeMap<_, _>>()),
        "invalid type: text, expected unit variant",
    );
    says::<String>(&[0xa2, b'x'], "the bytes end before the value does");
    says::<String>(&[], "the bytes end before the value does");
    says::<Option<String>>(&[], "the bytes end before the value does");
    says::<u8>(&[0xc1], "expected a value, found a byte that begins none");
}
