#![allow(dead_code, unused)]

use cloakroom::SessionData;

mod as_text {
    pub fn serialize<S: serde::Serializer>(value: &Option<u8>, serializer: S) -> Result<S::Ok, S::Error> {
        serde::Serialize::serialize(value, serializer)
    }
}

#[derive(SessionData)]
struct Shop {
    #[session(with = "as_text")]
    level: Option<u8>,
}

fn main() {}
