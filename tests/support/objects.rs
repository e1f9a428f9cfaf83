//! An object store in memory that compares ETags, stops before each request if a test wants it to, says what it was asked, is
//! slow, and loses replies. Like S3's, its ETag is a hash of what is in the object: the same bytes have it again.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::future::poll_fn;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::sync::{Arc, Mutex, MutexGuard};
use std::task::{Poll, Waker};
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use opendal::raw::oio::{
    Entry as Listed, HierarchyLister, List, OneShotDelete, OneShotDeleter, OneShotWrite, OneShotWriter, ReadStreamDyn,
    StreamRead, StreamReader,
};
use opendal::raw::{
    OpCopy, OpCreateDir, OpDelete, OpList, OpPresign, OpRead, OpRename, OpStat, OpWrite, RpCreateDir, RpPresign,
    RpRead, RpRename, RpStat, Service, ServiceInfo, Timestamp,
};
use opendal::{
    Buffer, BytesRange, Capability, Error, ErrorKind, Metadata, MetadataBuilder, OperationContext, Operator, Result,
};

/// The service. Clones share the objects.
#[derive(Clone, Debug, Default)]
pub struct Objects(Arc<Mutex<Inner>>);

#[derive(Debug, Default)]
struct Inner {
    objects: BTreeMap<String, Bytes>,
    asked: Vec<&'static str>,
    steps: bool,
    waiting: Vec<Waker>,
    lost: usize,
    slow: Option<(&'static str, Duration)>,
    list_limit: Option<usize>,
}

/// What the service can do under a condition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Conditions {
    /// Write and delete by ETag.
    Etags,
    /// Write by ETag, and delete under no condition.
    EtagsOfWrites,
    /// Create what is not there.
    Creation,
    /// Nothing.
    None,
}

impl Objects {
    /// An operator on these objects.
    pub fn operator(&self, conditions: Conditions) -> Operator {
        let service = Backend { objects: self.clone(), conditions, path: String::new() };
        Operator::from_parts(OperationContext::default(), Arc::new(service))
    }

    /// Stops before every request from now on, or no longer: polled once more, a call does exactly one.
    pub fn step(&self, on: bool) {
        self.inner().steps = on;
    }

    /// Wakes those who wait: a call may wait for several requests.
    pub fn wake(&self) {
        self.inner().waiting.drain(..).for_each(Waker::wake);
    }

    /// The answers to as many writes and deletions are lost, though these are carried out.
    pub fn lose(&self, answers: usize) {
        self.inner().lost = answers;
    }

    /// Every request of this name takes so long.
    pub fn slow(&self, name: &'static str, time: Duration) {
        self.inner().slow = Some((name, time));
    }

    /// Every list breaks off after so many names, and fails whenever it is asked for the next.
    pub fn break_lists_after(&self, names: usize) {
        self.inner().list_limit = Some(names);
    }

    /// What it was asked since the last time.
    pub fn asked(&self) -> Vec<&'static str> {
        std::mem::take(&mut self.inner().asked)
    }

    /// The names of all objects.
    pub fn names(&self) -> Vec<String> {
        self.inner().objects.keys().cloned().collect()
    }

    /// What is in an object.
    pub fn get(&self, name: &str) -> Bytes {
        self.inner().objects[name].clone()
    }

    /// Puts bytes under a name, under no condition.
    pub fn put(&self, name: &str, bytes: impl Into<Bytes>) {
        self.inner().objects.insert(name.to_owned(), bytes.into());
    }

    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.0.lock().expect("nobody panics while holding it")
    }

    async fn request(&self, name: &'static str) -> MutexGuard<'_, Inner> {
        let mut waited = !self.inner().steps;
        poll_fn(|context| {
            if std::mem::replace(&mut waited, true) {
                return Poll::Ready(());
            }
            self.inner().waiting.push(context.waker().clone());
            Poll::Pending
        })
        .await;
        let slow = self.inner().slow.filter(|(slow, _)| *slow == name);
        if let Some((_, time)) = slow {
            tokio::time::sleep(time).await;
        }
        let mut inner = self.inner();
        inner.asked.push(name);
        inner
    }
}

impl Inner {
    fn answer<T>(&mut self, answer: T) -> Result<T> {
        if self.lost == 0 {
            return Ok(answer);
        }
        self.lost -= 1;
        Err(Error::new(ErrorKind::Unexpected, "the connection was closed").set_temporary())
    }
}

fn metadata(bytes: &Bytes) -> Metadata {
    let mut hasher = DefaultHasher::new();
    bytes.hash(&mut hasher);
    let mut metadata = MetadataBuilder::file(bytes.len() as u64);
    metadata.etag(format!("\"{:016x}\"", hasher.finish()));
    let long_ago = SystemTime::UNIX_EPOCH + Duration::from_secs(1);
    metadata.last_modified(Timestamp::try_from(long_ago).expect("a time"));
    metadata.build()
}

fn is_met(found: Option<&Bytes>, tag: Option<&str>) -> Result<()> {
    let has = found.map(metadata);
    let is_met = tag.is_none_or(|tag| has.as_ref().and_then(Metadata::etag) == Some(tag));
    if is_met { Ok(()) } else { Err(Error::new(ErrorKind::ConditionNotMatch, "the ETag is another")) }
}

fn unsupported<T>() -> Result<T> {
    Err(Error::new(ErrorKind::Unsupported, "no store of sessions needs that"))
}

/// One request, or the service that takes it.
#[derive(Clone, Debug)]
struct Backend {
    objects: Objects,
    conditions: Conditions,
    path: String,
}

/// A write, and under which condition.
struct Write {
    to: Backend,
    when: OpWrite,
}

/// A list, as it stood when the first entry was asked for.
struct Lister {
    of: Backend,
    names: Option<std::vec::IntoIter<String>>,
}

impl Backend {
    fn at(&self, path: &str) -> Self {
        Self { path: path.to_owned(), ..self.clone() }
    }
}

impl Service for Backend {
    type Reader = StreamReader<Backend>;
    type Writer = OneShotWriter<Write>;
    type Lister = HierarchyLister<Lister>;
    type Deleter = OneShotDeleter<Backend>;
    type Copier = ();
    type Composer = ();

    fn info(&self) -> ServiceInfo {
        ServiceInfo::with_scheme("objects")
    }

    fn capability(&self) -> Capability {
        let tags = matches!(self.conditions, Conditions::Etags | Conditions::EtagsOfWrites);
        Capability {
            read: true,
            stat: true,
            write: true,
            write_can_empty: true,
            write_with_if_not_exists: self.conditions != Conditions::None,
            write_with_if_match: tags,
            delete: true,
            delete_with_if_match: self.conditions == Conditions::Etags,
            list: true,
            list_with_recursive: true,
            ..Capability::default()
        }
    }

    fn read(&self, _: &OperationContext, path: &str, _: OpRead) -> Result<Self::Reader> {
        Ok(StreamReader::new(self.at(path)))
    }

    fn write(&self, _: &OperationContext, path: &str, when: OpWrite) -> Result<Self::Writer> {
        Ok(OneShotWriter::new(Write { to: self.at(path), when }))
    }

    fn delete(&self, _: &OperationContext) -> Result<Self::Deleter> {
        Ok(OneShotDeleter::new(self.clone()))
    }

    fn list(&self, _: &OperationContext, path: &str, args: OpList) -> Result<Self::Lister> {
        Ok(HierarchyLister::new(Lister { of: self.at(path), names: None }, path, args.recursive()))
    }

    async fn stat(&self, _: &OperationContext, path: &str, _: OpStat) -> Result<RpStat> {
        let inner = self.objects.request("stat").await;
        let found = inner.objects.get(path).ok_or_else(|| Error::new(ErrorKind::NotFound, "no such object"))?;
        Ok(RpStat::new(metadata(found)))
    }

    async fn create_dir(&self, _: &OperationContext, _: &str, _: OpCreateDir) -> Result<RpCreateDir> {
        unsupported()
    }

    fn copy(&self, _: &OperationContext, _: &str, _: &str, _: OpCopy) -> Result<()> {
        unsupported()
    }

    async fn rename(&self, _: &OperationContext, _: &str, _: &str, _: OpRename) -> Result<RpRename> {
        unsupported()
    }

    async fn presign(&self, _: &OperationContext, _: &str, _: OpPresign) -> Result<RpPresign> {
        unsupported()
    }
}

impl StreamRead for Backend {
    async fn open(&self, _: BytesRange) -> Result<(RpRead, Box<dyn ReadStreamDyn>)> {
        let inner = self.objects.request("read").await;
        let found = inner.objects.get(&self.path).ok_or_else(|| Error::new(ErrorKind::NotFound, "no such object"))?;
        Ok((RpRead::new(metadata(found)), Box::new(Buffer::from(found.clone()))))
    }
}

impl OneShotWrite for Write {
    async fn write_once(&self, bytes: Buffer) -> Result<Metadata> {
        let Backend { objects, path, .. } = &self.to;
        let mut inner = objects.request("write").await;
        let bytes = bytes.to_bytes();
        let written = metadata(&bytes);
        match inner.objects.entry(path.clone()) {
            Entry::Occupied(_) if self.when.if_not_exists() => {
                return Err(Error::new(ErrorKind::ConditionNotMatch, "it exists"));
            }
            Entry::Occupied(mut found) => {
                is_met(Some(found.get()), self.when.if_match())?;
                found.insert(bytes);
            }
            Entry::Vacant(free) => {
                is_met(None, self.when.if_match())?;
                free.insert(bytes);
            }
        }
        inner.answer(written)
    }
}

impl OneShotDelete for Backend {
    async fn delete_once(&self, path: String, when: OpDelete) -> Result<()> {
        let mut inner = self.objects.request("delete").await;
        is_met(inner.objects.get(&path), when.if_match())?;
        inner.objects.remove(&path);
        inner.answer(())
    }
}

impl List for Lister {
    async fn next(&mut self) -> Result<Option<Listed>> {
        if self.names.is_none() {
            let inner = self.of.objects.request("list").await;
            let names = inner.objects.keys().filter(|name| name.starts_with(&self.of.path));
            let names = names.take(inner.list_limit.unwrap_or(usize::MAX));
            self.names = Some(names.cloned().collect::<Vec<_>>().into_iter());
        }
        let next = self.names.as_mut().and_then(Iterator::next);
        if next.is_none() && self.of.objects.inner().list_limit.is_some() {
            return Err(Error::new(ErrorKind::Unexpected, "the connection was closed"));
        }
        Ok(next.map(|name| Listed::new(&name, MetadataBuilder::unknown().build())))
    }
}
