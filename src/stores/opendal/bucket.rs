//! The objects of one store: finding a session's present state, and putting another in its place if it still is the present one.

use std::time::Duration;

use opendal::options::{DeleteOptions, WriteOptions};
use opendal::{Error, ErrorKind, Metadata, Operator};
use session_runtime::store::{StoreError, StoreKey, Version};
use tokio::time::sleep;

use super::chain::{self, End};
use super::object::Object;

const FIRST_PAUSE: Duration = Duration::from_millis(1);
/// Half a write is looked at this often, with twice the pause each time: for about a second.
const MOST_LOOKS: u32 = 10;

/// How one of two rivals is kept from overwriting the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Way {
    /// One object, replaced if its ETag is still the same.
    Etag,
    /// One object, replaced if the number that the service gives to each write is still the same.
    Generation,
    /// An object for each state, which is created if its number is still free: see `chain.rs`.
    Chain,
    /// One object, replaced whatever it holds.
    Overwrite,
}

pub(super) struct Bucket {
    pub(super) operator: Operator,
    pub(super) prefix: String,
    pub(super) way: Way,
}

/// A session's present state.
pub(super) struct Found {
    pub(super) object: Object,
    pub(super) version: Version,
    pub(super) place: Place,
}

/// What must still be so when the next state is put there.
pub(super) enum Place {
    /// The object has this ETag or generation.
    Tagged(String),
    /// It is the end of the chain.
    End(End),
    /// Nothing: see [`Way::Overwrite`].
    Any,
}

/// What came of putting a state somewhere.
pub(super) enum Put {
    Done(Version),
    /// Another one was there. It may be this very state, if the operator sent it twice.
    Beaten,
}

/// What a call leaves that nobody needs any more. It is removed when the outcome is known, and never changes that.
#[derive(Default)]
pub(super) struct Litter {
    /// Superseded states, in their order.
    pub(super) links: Vec<u64>,
    /// What is left of the session that the call deleted.
    pub(super) dead: Option<Version>,
}

/// What stands under a name.
pub(super) enum Look {
    Nothing,
    Half,
    Whole(Object, Option<Metadata>),
}

impl Bucket {
    /// A session's present state, which may be expired or dead.
    pub(super) async fn find(&self, key: &StoreKey) -> Result<Option<Found>, StoreError> {
        if self.way == Way::Chain {
            return self.end(key).await;
        }
        let Some((object, metadata)) = self.read(&self.path(key)).await? else { return Ok(None) };
        let (place, own) = match self.way {
            Way::Overwrite => (Place::Any, Version::from_bytes(&object.stamp)?),
            _ => {
                let tag = self.tag(metadata.as_ref())?;
                let own = tagged(tag, object.expires_ms)?;
                (Place::Tagged(tag.to_owned()), own)
            }
        };
        Ok(Some(Found { version: object.kept.unwrap_or(own), object, place }))
    }

    /// Puts a state in the place of another, or where there is none.
    pub(super) async fn put(
        &self,
        key: &StoreKey,
        over: Option<&Place>,
        object: &Object,
        litter: &mut Litter,
    ) -> Result<Put, StoreError> {
        let mut when = WriteOptions::default();
        match over {
            None if self.way == Way::Chain => return self.begin(key, object).await,
            None => when.if_not_exists = self.way != Way::Overwrite,
            Some(Place::End(end)) => return self.extend(key, end, object, litter).await,
            Some(Place::Tagged(tag)) if self.way == Way::Generation => when.if_version_match = Some(tag.clone()),
            Some(Place::Tagged(tag)) => when.if_match = Some(tag.clone()),
            Some(Place::Any) => {}
        }
        let Some(metadata) = self.write(&self.path(key), object, when).await? else { return Ok(Put::Beaten) };
        let version = match self.way {
            Way::Overwrite => Version::from_bytes(&object.stamp)?,
            _ => tagged(self.tag(Some(&metadata))?, object.expires_ms)?,
        };
        Ok(Put::Done(version))
    }

    /// Where the state of this version stands, as far as the version tells, and unless it has expired by now: a touch may
    /// have moved it since.
    pub(super) fn place_of(&self, key: &StoreKey, version: &Version, now_ms: u64) -> Option<Place> {
        if self.way == Way::Chain {
            return chain::place_of(key, version, now_ms);
        }
        let (expires_ms, _) = version.as_bytes().split_first_chunk()?;
        if u64::from_be_bytes(*expires_ms) > now_ms { self.tagged_place(version) } else { None }
    }

    /// Where the write of this version stands.
    fn tagged_place(&self, version: &Version) -> Option<Place> {
        if !matches!(self.way, Way::Etag | Way::Generation) {
            return None;
        }
        let (_, tag) = version.as_bytes().split_first_chunk::<8>()?;
        std::str::from_utf8(tag).ok().filter(|tag| !tag.is_empty()).map(|tag| Place::Tagged(tag.to_owned()))
    }

    pub(super) fn path(&self, key: &StoreKey) -> String {
        let digits = key.as_bytes().iter().map(|byte| format!("{byte:02x}"));
        std::iter::once(self.prefix.clone()).chain(digits).collect()
    }

    /// Reads an object, and waits while somebody is writing it.
    pub(super) async fn read(&self, path: &str) -> Result<Option<(Object, Option<Metadata>)>, StoreError> {
        let mut pause = FIRST_PAUSE;
        for _ in 0..MOST_LOOKS {
            match self.look(path).await? {
                Look::Nothing => return Ok(None),
                Look::Whole(object, metadata) => return Ok(Some((object, metadata))),
                Look::Half => sleep(pause).await,
            }
            pause *= 2;
        }
        let words = format!("`{path}` holds half a write: whoever wrote it has died, or takes very long");
        Err(StoreError::message(words))
    }

    /// The bytes and the tag come in one answer, so they belong together.
    pub(super) async fn look(&self, path: &str) -> Result<Look, StoreError> {
        let reader = self.operator.reader(path).await.map_err(failed)?;
        let bytes = match reader.read(..).await {
            Ok(bytes) => bytes.to_bytes(),
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Look::Nothing),
            Err(error) => return Err(failed(error)),
        };
        let object = Object::parse(bytes)?;
        Ok(object.map_or(Look::Half, |object| Look::Whole(object, reader.metadata().cloned())))
    }

    /// Writes an object. `None`: the condition was not met, and nothing was written.
    pub(super) async fn write(
        &self,
        path: &str,
        object: &Object,
        when: WriteOptions,
    ) -> Result<Option<Metadata>, StoreError> {
        let (operator, path, bytes) = (self.operator.clone(), path.to_owned(), object.to_bytes());
        let write = async move { operator.write_options(&path, bytes, when).await };
        let written =
            if self.shows_half_a_write() { tokio::spawn(write).await.map_err(StoreError::new)? } else { write.await };
        match written {
            Ok(metadata) => Ok(Some(metadata)),
            Err(error) if was_beaten(&error) => Ok(None),
            Err(error) => Err(failed(error)),
        }
    }

    /// A folder shows a file before its bytes are in it. There a write goes on though its caller has gone, or is told that time
    /// is up, since half of it would stand in everybody's way.
    fn shows_half_a_write(&self) -> bool {
        self.operator.info().scheme() == "fs"
    }

    /// Removes what a call left. What is not removed now goes with a later write, or the next sweep.
    pub(super) async fn tidy(&self, key: &StoreKey, litter: Litter) -> Result<(), StoreError> {
        for number in litter.links {
            self.remove_link(key, number).await?;
        }
        match litter.dead {
            Some(dead) => self.bury(key, &dead).await,
            None => Ok(()),
        }
    }

    /// Removes a dead state, unless that could hit what was created in its place.
    async fn bury(&self, key: &StoreKey, dead: &Version) -> Result<(), StoreError> {
        let place = match self.way {
            Way::Chain => None,
            Way::Overwrite => Some(Place::Any),
            Way::Etag | Way::Generation => self.tagged_place(dead).filter(|_| self.can_erase_under_a_condition()),
        };
        match place {
            Some(place) => self.erase(key, place).await.map(drop),
            None => Ok(()),
        }
    }

    pub(super) fn can_erase_under_a_condition(&self) -> bool {
        let can = self.operator.info().capability();
        match self.way {
            Way::Etag => can.delete_with_if_match,
            Way::Generation => can.delete_with_if_version_match,
            Way::Chain | Way::Overwrite => false,
        }
    }

    /// Removes an object, if it is still the one that was found, as far as the service can tell. Whether it was.
    pub(super) async fn erase(&self, key: &StoreKey, place: Place) -> Result<bool, StoreError> {
        let mut when = DeleteOptions::default();
        if let Place::Tagged(tag) = place
            && self.can_erase_under_a_condition()
        {
            let condition = if self.way == Way::Generation { &mut when.if_version_match } else { &mut when.if_match };
            *condition = Some(tag);
        }
        match self.operator.delete_options(&self.path(key), when).await {
            Ok(()) => Ok(true),
            Err(error) if was_beaten(&error) => Ok(false),
            Err(error) => Err(failed(error)),
        }
    }

    fn tag<'a>(&self, metadata: Option<&'a Metadata>) -> Result<&'a str, StoreError> {
        let tag = match self.way {
            Way::Generation => metadata.and_then(Metadata::version),
            _ => metadata.and_then(Metadata::etag),
        };
        tag.ok_or_else(|| {
            StoreError::message("the service names no ETag for what it keeps, though it says that it would")
        })
    }
}

/// The version of one write: when that expires, then the tag that the service gave it.
fn tagged(tag: &str, expires_ms: u64) -> Result<Version, StoreError> {
    Version::from_bytes(&[&expires_ms.to_be_bytes(), tag.as_bytes()].concat())
}

/// A conflict is how S3 says that two conditional requests met, and that this one was not carried out.
fn was_beaten(error: &Error) -> bool {
    matches!(error.kind(), ErrorKind::ConditionNotMatch | ErrorKind::Conflict)
}

pub(super) fn failed(error: Error) -> StoreError {
    StoreError::new(error)
}
