#![allow(dead_code, unused)]

use cloakroom::SessionData;

mod as_text {
    pub fn serialize<S: serde::Serializer>(value: &Option<u8>, serializer: S) -> Result<S::Ok, S::Error> {
        serde::Serialize::serialize(value, serializer)
    }
    pub fn deserialize<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<u8, D::Error> {
        serde::Deserialize::deserialize(deserializer)
    }
}

#[derive(SessionData)]
struct Shop {
    #[session(with = "as_text")]
    level: Option<u8>,
}

fn main() {}
