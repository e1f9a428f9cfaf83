//! Fields that look like mistakes and are none.
#![deny(warnings)]

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::hash::{BuildHasherDefault, DefaultHasher};
use std::marker::PhantomData;
use std::rc::Rc;

use cloakroom::{Key, Session, SessionData, SessionError};
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, Default, Deserialize, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize)]
pub enum Colour {
    #[default]
    Red,
}

/// Nested, but not one in the other; shared, but nowhere kept; borrowed, but for ever.
#[derive(SessionData)]
pub struct Nested {
    pub answers: Option<Vec<Option<u8>>>,
    pub boxed: Option<Box<Option<Box<str>>>>,
    pub name: Cow<'static, str>,
    pub names: Vec<std::borrow::Cow<'static, [u8]>>,
    pub words: Box<[String]>,
    pub marker: PhantomData<u8>,
    #[session(skip)]
    pub local: PhantomData<Rc<()>>,
    pub nothing: (),
    pub pair: (u8, (Colour, [Option<Colour>; 3])),
    pub result: Option<Result<u8, String>>,
    pub atomic: std::sync::atomic::AtomicU8,
    pub lock: std::sync::Mutex<Vec<u8>>,
}

/// Maps with keys and hashers that can be read back.
#[derive(SessionData)]
pub struct Maps {
    pub hashed: HashMap<Colour, u32>,
    pub sorted: BTreeMap<Colour, Vec<Colour>>,
    pub own_hasher: HashMap<String, u32, BuildHasherDefault<DefaultHasher>>,
    pub seen: HashSet<(u8, Colour), BuildHasherDefault<DefaultHasher>>,
}

type Maybe<T> = Option<T>;
type Names = Vec<String>;

macro_rules! list {
    ($of:ty) => { Vec<$of> };
}

/// Other names for good types.
#[derive(SessionData)]
pub struct Aliases {
    pub names: Names,
    pub nick: Maybe<String>,
    pub from_macro: list!(u8),
    pub nested: Option<Maybes>,
}

#[derive(Clone, Default, Deserialize, Serialize)]
pub struct Maybes(Maybe<u8>);

/// A `dyn` type that says itself what to read it back as.
pub trait Step: Send + Sync {
    fn number(&self) -> u8;
}

impl Step for u8 {
    fn number(&self) -> u8 {
        *self
    }
}

impl Serialize for dyn Step {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_u8(self.number())
    }
}

impl<'de> Deserialize<'de> for Box<dyn Step> {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        u8::deserialize(deserializer).map(|number| Box::new(number) as Self)
    }
}

/// What serde cannot keep, and a module can.
pub struct Foreign(pub fn() -> u8);

pub mod stored {
    pub mod as_number {
        use serde::{Deserialize, Deserializer, Serializer};

        use super::super::Foreign;

        pub fn serialize<S: Serializer>(value: &Foreign, serializer: S) -> Result<S::Ok, S::Error> {
            serializer.serialize_u8((value.0)())
        }

        pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Foreign, D::Error> {
            u8::deserialize(deserializer).map(|_| Foreign(|| 3))
        }
    }

    pub mod as_flag {
        pub fn serialize<S: serde::Serializer>(_: &fn() -> u8, serializer: S) -> Result<S::Ok, S::Error> {
            serializer.serialize_bool(true)
        }

        pub fn deserialize<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<fn() -> u8, D::Error> {
            <bool as serde::Deserialize>::deserialize(deserializer).map(|_| (|| 3) as fn() -> u8)
        }
    }

    pub mod as_pair {
        use serde::{Deserialize, Serialize};

        pub fn serialize<S: serde::Serializer>(value: &Option<Option<u8>>, serializer: S) -> Result<S::Ok, S::Error> {
            (value.is_some(), value.flatten()).serialize(serializer)
        }

        pub fn deserialize<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<Option<u8>>, D::Error> {
            <(bool, Option<u8>)>::deserialize(deserializer).map(|(is_some, value)| is_some.then_some(value))
        }
    }
}

#[derive(SessionData)]
pub struct Stored {
    pub step: Option<Box<dyn Step>>,
    #[session(with = "stored::as_number", default = Foreign(|| 3))]
    pub foreign: Foreign,
    #[session(with = "self::stored::as_flag", default = || 3)]
    pub function: fn() -> u8,
    #[session(with = "stored::as_pair")]
    pub choice: Option<Option<u8>>,
}

const START: u8 = 3;

fn start() -> u8 {
    START
}

/// Every kind of expression, and every kind of attribute beside others.
#[derive(SessionData)]
#[session(cookie = "abcdefghijklmnopqrstuv", idle = "14d")]
#[session(same_site = "none", partitioned, path = "/shop/", domain = "example.com")]
pub struct Attributes {
    #[session(default = { let half = START / 2; half + 1 })]
    pub block: u8,
    #[session(default = START)]
    pub constant: u8,
    #[session(default = start())]
    pub call: u8,
    #[session(default = vec![START, 4])]
    pub made_by_macro: Vec<u8>,
    #[session(default = "dark".into())]
    pub text: String,
    #[session(default = if START > 2 { Some(Colour::Red) } else { None })]
    pub branch: Option<Colour>,
    #[session(default = -1)]
    pub negative: i8,
    #[session(default)]
    pub implied: Option<u8>,
    #[session(flash)]
    pub notice: Option<String>,
    #[session(ttl = "1w2d3h4m5s6ms")]
    pub state: Option<String>,
    #[session(rename = "themeName", alias = "theme", alias = "look")]
    #[session(accessor = "look", on_invalid = "default")]
    pub theme: Colour,
    #[session(owner,)]
    pub user_id: Option<u64>,
}

/// One life is written, and the other is the default's.
#[derive(SessionData)]
#[session(absolute = "1h")]
pub struct Short {
    pub cart: Vec<String>,
}

#[derive(SessionData)]
#[session(idle = "400d", absolute = "400d", domain = "localhost")]
pub struct Long {
    pub cart: Vec<String>,
}

/// Names that nothing of a `Session` is called by, close as they come.
#[derive(SessionData)]
pub struct Close {
    pub name: String,
    pub settings: Option<u8>,
    pub stored: bool,
    pub data: u8,
    pub session: u8,
    pub value: u8,
    pub handle: u8,
    pub inner: u8,
    pub new: bool,
    pub from: Option<String>,
    pub try_from: u8,
    pub as_ref: u8,
    pub r#type: u8,
    pub r#fn: u8,
    pub größe: u8,
    pub _hidden: u8,
}


pub async fn names(session: Session<Close>) -> Result<(), SessionError> {
    let _ = (session.name().await?, session.settings().await?, session.stored().await?, session.data().await?);
    let _ = (session.session().await?, session.value().await?, session.handle().await?, session.inner().await?);
    let _ = (session.new().await?, session.from().await?, session.try_from().await?, session.as_ref().await?);
    let _ = (session.r#type().await?, session.r#fn().await?, session.größe().await?, session._hidden().await?);
    // The constants of the trait are still there, beside the keys of the same names.
    let _: (Key<Close, String>, &str) = (Close::NAME, <Close as SessionData>::NAME);
    Ok(())
}

fn main() {}
