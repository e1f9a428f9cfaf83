//! A session's end, as the application hears of it.

use std::fmt;
use std::marker::PhantomData;
use std::time::SystemTime;

use crate::clock::{from_millis, millis};
use crate::data::{Key, OwnedData, SessionData, View};
use crate::error::SessionError;
use crate::report::{EndReason, Ended};
use crate::token::SessionId;

/// A session that is over: what [`Sessions::on_end`](crate::Sessions::on_end) hands to the application. `Debug` shows no value.
pub struct SessionEnd<D> {
    end: Ended,
    data: PhantomData<fn() -> D>,
}

impl<D: SessionData> SessionEnd<D> {
    pub(crate) fn new(end: &Ended) -> Self {
        Self { end: end.clone(), data: PhantomData }
    }

    /// The public id that the session had.
    pub fn id(&self) -> SessionId {
        self.end.key.id()
    }

    /// How it came to its end.
    pub fn reason(&self) -> EndReason {
        self.end.reason
    }

    /// When this node learnt of it.
    pub fn at(&self) -> SystemTime {
        self.end.at
    }

    /// When the session began.
    pub fn created_at(&self) -> SystemTime {
        from_millis(self.end.record.header.created_at)
    }

    /// What a field last held.
    ///
    /// # Errors
    /// [`SessionError::Decode`] if the field no longer reads as its type.
    pub fn get<T>(&self, key: Key<D, T>) -> Result<T, SessionError> {
        key.read(self.end.record.get(key.field, millis(self.end.at)).as_deref())
    }

    /// Whose session it was. `None` if nobody was signed in.
    ///
    /// # Errors
    /// [`SessionError::Decode`] if the owner field no longer reads as its type.
    pub fn owner(&self) -> Result<Option<D::Owner>, SessionError>
    where
        D: OwnedData,
    {
        D::OWNER.read(|field| self.end.record.get(field, millis(self.end.at)))
    }

    /// All that the session last held.
    ///
    /// # Errors
    /// As [`get`](Self::get), for the first field that fails.
    pub fn snapshot(&self) -> Result<D, SessionError> {
        View::read(&|field| self.end.record.get(field, millis(self.end.at)))
    }
}

impl<D> Clone for SessionEnd<D> {
    fn clone(&self) -> Self {
        Self { end: self.end.clone(), data: PhantomData }
    }
}

impl<D: SessionData> fmt::Debug for SessionEnd<D> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SessionEnd")
            .field("name", &D::NAME)
            .field("id", &self.id())
            .field("reason", &self.reason())
            .finish_non_exhaustive()
    }
}
