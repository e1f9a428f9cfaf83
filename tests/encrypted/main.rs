//! Encryption at rest: what a dump of the store tells, what becomes of keys, and what was written before.

mod dump;
mod keys;

use std::error::Error as _;
use std::time::{Duration, SystemTime};

use cloakroom::stores::EncryptionError;
use cloakroom::{Session, SessionData, SessionError, StoreError, StoreKey};

const HOUR: Duration = Duration::from_secs(3600);

/// With names and values that are found in a dump by nothing else.
#[derive(Clone, Debug, PartialEq, SessionData)]
#[session(cookie = "archive")]
struct Archive {
    #[session(owner)]
    customer_number: Option<u64>,
    delivery_address: String,
    #[session(rename = "wishListItems")]
    wishes: Vec<String>,
}

const ADDRESS: &str = "Baker Street 221b, London";
const WISH: &str = "a violin by Stradivari";

async fn fill(session: Session<Archive>) -> Result<(), SessionError> {
    session.set_customer_number(Some(0x5eed_f00d_dead_beef)).await?;
    session.set_delivery_address(ADDRESS.to_owned()).await?;
    session.set_wishes(vec![WISH.to_owned(); 3]).await
}

fn key(n: u8) -> StoreKey {
    StoreKey::from_bytes([n; 32])
}

fn in_an_hour() -> SystemTime {
    SystemTime::now() + HOUR
}

fn reason(error: &StoreError) -> &EncryptionError {
    error.source().and_then(|source| source.downcast_ref()).expect("it says why")
}
