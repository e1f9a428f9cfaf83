//! A session as JSON, for whoever looks for a mistake: what is stored, without what is secret.

use std::fmt;

use bytes::Bytes;
use serde::de::{Deserialize, DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value, json};

use crate::base64url::encode_standard;
use crate::clock::millis;
use crate::codec::read_with;
use crate::data::{SessionData, View};
use crate::error::SessionError;
use crate::field::Field;
use crate::session::Session;
use crate::state::Inner;

/// Stands for the value of a field that is marked `#[session(secret)]`.
const SECRET: &str = "[secret]";
/// Stands for the value of a field that another version of the program stored: whether that is secret, only that version knows.
const UNKNOWN: &str = "[unknown to this program]";

impl<D: SessionData> Session<D> {
    /// The session as this request sees it, as JSON: for a page that only developers see, or a log while a mistake is looked for.
    ///
    /// Under `fields` stands each field that is set, by its stored name. Of one that is marked `#[session(secret)]` only `"[secret]"`
    /// is shown, and of one that this version of the program does not know only that it is there. Bytes are shown as
    /// `"base64:…"`, and NaN and infinities as text. What no longer reads as its field's type is shown as text that begins with
    /// `"[not of its type]"`. Times are milliseconds since 1970. No flash is consumed, and there is no token in it.
    ///
    /// `Value` prints itself in one line by `{}`, and in many by `{:#}`.
    ///
    /// ```
    /// use cloakroom::{Session, SessionData, SessionError};
    ///
    /// #[derive(SessionData)]
    /// struct Shop {
    ///     cart: Vec<String>,
    ///     #[session(secret)]
    ///     pin: Option<String>,
    /// }
    ///
    /// async fn look(session: &Session<Shop>) -> Result<(), SessionError> {
    ///     session.set_cart(vec!["tea".to_owned()]).await?;
    ///     session.set_pin("1234".to_owned()).await?;
    ///     let view = session.debug_view().await?;
    ///     assert_eq!(view["fields"]["cart"][0], "tea");
    ///     assert_eq!(view["fields"]["pin"], "[secret]");
    ///     println!("{view:#}");
    ///     Ok(())
    /// }
    /// # use cloakroom::{MemoryStore, Sessions};
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), SessionError> {
    /// #     look(&Sessions::new(MemoryStore::new()).open([])).await
    /// # }
    /// ```
    ///
    /// # Errors
    /// As [`get`](Self::get), but for `Decode`.
    pub async fn debug_view(&self) -> Result<Value, SessionError> {
        let inner = self.inner();
        inner.load().await?;
        let shown = |name: String| (name.clone(), shown_field::<D>(inner, &name));
        let fields: Map<String, Value> = inner.keys(D::STORED).into_iter().map(shown).collect();
        Ok(json!({
            "session": D::NAME,
            "id": inner.id().map(|id| id.to_string()),
            "is_new": inner.is_new(),
            "has_unsaved_changes": inner.has_unsaved_changes(),
            "created_at": inner.header(|header| header.created_at),
            "authenticated_at": inner.authenticated_at(),
            "expires_at": inner.expires_at().map(millis),
            "fields": fields,
        }))
    }
}

fn shown_field<D: SessionData>(inner: &Inner, name: &str) -> Value {
    let Some(field) = D::STORED.iter().find(|field| field.name == name) else { return UNKNOWN.into() };
    if field.secret {
        return SECRET.into();
    }
    let bytes = inner.peek(field).unwrap_or_default();
    match read_with(&bytes, |reader| Shown::deserialize(reader)) {
        Ok(Shown(value)) if reads_as_its_type::<D>(field, &bytes) => value,
        Ok(Shown(value)) => format!("[not of its type] {value}").into(),
        Err(_) => format!("[not of its type] base64:{}", encode_standard(&bytes)).into(),
    }
}

/// Asks the field's codec, by reading a whole struct that has nothing else.
fn reads_as_its_type<D: SessionData>(field: &Field, bytes: &Bytes) -> bool {
    View::is_readable::<D>(&|asked| (asked.name == field.name).then(|| bytes.clone()))
}

/// Any value of MessagePack, in JSON.
struct Shown(Value);

impl<'de> Deserialize<'de> for Shown {
    fn deserialize<R: Deserializer<'de>>(reader: R) -> Result<Self, R::Error> {
        ToJson.deserialize(reader).map(Self)
    }
}

#[derive(Clone, Copy)]
struct ToJson;

impl<'de> DeserializeSeed<'de> for ToJson {
    type Value = Value;

    fn deserialize<R: Deserializer<'de>>(self, reader: R) -> Result<Value, R::Error> {
        reader.deserialize_any(self)
    }
}

/// Visitor methods for values that JSON has as they are.
macro_rules! visit_plain {
    ($($method:ident($type:ty);)*) => {$(
        fn $method<E>(self, value: $type) -> Result<Value, E> {
            Ok(value.into())
        }
    )*};
}

impl<'de> Visitor<'de> for ToJson {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any value")
    }

    visit_plain! {
        visit_bool(bool);
        visit_i64(i64);
        visit_u64(u64);
        visit_str(&str);
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(Number::from_f64(value).map_or_else(|| value.to_string().into(), Value::Number))
    }

    fn visit_bytes<E>(self, value: &[u8]) -> Result<Value, E> {
        Ok(format!("base64:{}", encode_standard(value)).into())
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_none<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_some<R: Deserializer<'de>>(self, reader: R) -> Result<Value, R::Error> {
        self.deserialize(reader)
    }

    fn visit_newtype_struct<R: Deserializer<'de>>(self, reader: R) -> Result<Value, R::Error> {
        self.deserialize(reader)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut values: A) -> Result<Value, A::Error> {
        let mut shown = Vec::new();
        while let Some(value) = values.next_element_seed(self)? {
            shown.push(value);
        }
        Ok(shown.into())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Value, A::Error> {
        let mut shown = Map::new();
        while let Some((key, value)) = entries.next_entry_seed(self, self)? {
            let key = if let Value::String(text) = key { text } else { key.to_string() };
            shown.insert(key, value);
        }
        Ok(shown.into())
    }
}
