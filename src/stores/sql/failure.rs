//! What went wrong, in words that say what to do.

use std::error::Error as StdError;
use std::fmt;
use std::time::Duration;

use session_runtime::StoreError;
use sqlx::Error;
use sqlx::error::DatabaseError;

use super::driver::Dialect;

#[derive(Debug)]
pub(super) struct Failure {
    words: String,
    source: Option<Error>,
}

impl Failure {
    /// Of a call that did not end.
    pub(super) fn slow<DB: Dialect>(limit: Duration) -> Self {
        Self { words: format!("{} did not answer within {limit:?}", DB::NAME), source: None }
    }

    /// Of a call that failed.
    pub(super) fn of<DB: Dialect>(error: Error, limit: Duration) -> Self {
        let name = DB::NAME;
        let words = match &error {
            Error::PoolTimedOut => {
                format!(
                    "{name} gave no connection within {limit:?}: is it running, and may the pool have more of them?"
                )
            }
            Error::Database(said) => match advice::<DB>(&**said) {
                Some(advice) => format!("{name}: {}: {advice}", said.message()),
                None => format!("{name}: {}", said.message()),
            },
            other => format!("{name}: {other}"),
        };
        Self { words, source: Some(error) }
    }
}

fn advice<DB: Dialect>(said: &dyn DatabaseError) -> Option<&'static str> {
    if DB::lacks_table(said) { Some("call `migrate` once at the start") } else { DB::advice(said) }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.words)
    }
}

impl StdError for Failure {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.source.as_ref().map(|source| source as _)
    }
}

impl From<Failure> for StoreError {
    fn from(failure: Failure) -> Self {
        Self::new(failure)
    }
}
