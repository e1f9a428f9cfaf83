//! The one thread that writes: it gathers what is waiting, commits it with one `fsync`, and only then answers.

use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, TryRecvError, channel};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use futures_channel::oneshot;
use redb::Error;
use session_runtime::{Clock, StoreError};

use super::file::{Failure, File};
use super::tables::{self, Write};

/// Writes in one transaction at most, so that the first of them does not wait for ever.
const MOST_PER_COMMIT: usize = 1_000;
/// Expired records that one transaction removes at most, so that a write waits for few of them.
const MOST_PER_SWEEP: usize = 1_000;
const SWEEP_EVERY: Duration = Duration::from_secs(60);

/// The sending end. Dropping it waits until the thread has finished what is queued and closed the file.
pub(super) struct Writer {
    queue: Option<Sender<Message>>,
    thread: Option<JoinHandle<()>>,
}

enum Message {
    Write(Box<dyn Job>),
    Sweep(oneshot::Sender<Result<u64, StoreError>>),
}

type Answer<T> = Result<T, StoreError>;

impl Writer {
    pub(super) fn start(file: Arc<File>, clock: Arc<dyn Clock>) -> Result<Self, StoreError> {
        let (queue, receiver) = channel();
        let turns = Turns { file, clock, receiver, batch: Vec::new(), sweep: Sweep::new(), failed: false };
        let thread = thread::Builder::new().name("cloakroom-redb".into()).spawn(|| turns.run());
        Ok(Self { queue: Some(queue), thread: Some(thread.map_err(StoreError::new)?) })
    }

    /// Has `step` done in the next transaction, and waits for its commit. It is done also if the caller stops waiting.
    pub(super) async fn write<T, S>(&self, step: S) -> Answer<T>
    where
        T: Send + 'static,
        S: FnOnce(&mut Write<'_>) -> Result<T, Error> + Send + 'static,
    {
        let (reply, answer) = oneshot::channel();
        self.send(Message::Write(Box::new(Pending { step: Some(step), outcome: None, reply })));
        answer.await.unwrap_or_else(|_| stopped())
    }

    pub(super) async fn sweep(&self) -> Answer<u64> {
        let (reply, answer) = oneshot::channel();
        self.send(Message::Sweep(reply));
        answer.await.unwrap_or_else(|_| stopped())
    }

    /// A queue without a thread drops the message and with it the reply, which the caller then sees.
    fn send(&self, message: Message) {
        if let Some(queue) = &self.queue {
            let _ = queue.send(message);
        }
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        self.queue = None;
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

fn stopped<T>() -> Answer<T> {
    Err(StoreError::message("the thread that writes the file has stopped: restart the program"))
}

/// A step whose result is held back until the commit.
trait Job: Send {
    fn apply(&mut self, write: &mut Write<'_>) -> Result<(), Error>;
    fn answer(self: Box<Self>, committed: Result<(), Failure>);
}

struct Pending<S, T> {
    step: Option<S>,
    outcome: Option<T>,
    reply: oneshot::Sender<Answer<T>>,
}

impl<S, T> Job for Pending<S, T>
where
    T: Send,
    S: FnOnce(&mut Write<'_>) -> Result<T, Error> + Send,
{
    fn apply(&mut self, write: &mut Write<'_>) -> Result<(), Error> {
        if let Some(step) = self.step.take() {
            self.outcome = Some(step(write)?);
        }
        Ok(())
    }

    fn answer(self: Box<Self>, committed: Result<(), Failure>) {
        let answer = match (committed, self.outcome) {
            (Ok(()), Some(outcome)) => Ok(outcome),
            (Ok(()), None) => stopped(),
            (Err(failure), _) => Err(failure.into()),
        };
        let _ = self.reply.send(answer);
    }
}

/// The thread's own: in each turn the queued writes, then one step of a sweep.
struct Turns {
    file: Arc<File>,
    clock: Arc<dyn Clock>,
    receiver: Receiver<Message>,
    batch: Vec<Box<dyn Job>>,
    sweep: Sweep,
    failed: bool,
}

impl Turns {
    fn run(mut self) {
        while self.gather() {
            self.commit_batch();
            self.sweep_step();
        }
        self.commit_batch();
        self.file.close();
    }

    /// Waits for something to do, then takes along whatever else is waiting. `false` once nobody can ask any more.
    fn gather(&mut self) -> bool {
        match self.receiver.recv_timeout(self.sweep.wait()) {
            Ok(message) => self.take(message),
            Err(RecvTimeoutError::Timeout) => self.sweep.start(),
            Err(RecvTimeoutError::Disconnected) => return false,
        }
        while self.batch.len() < MOST_PER_COMMIT {
            match self.receiver.try_recv() {
                Ok(message) => self.take(message),
                Err(TryRecvError::Empty) => break,
                Err(TryRecvError::Disconnected) => return false,
            }
        }
        true
    }

    fn take(&mut self, message: Message) {
        match message {
            Message::Write(job) => self.batch.push(job),
            Message::Sweep(reply) => self.sweep.ask(reply),
        }
    }

    fn commit_batch(&mut self) {
        let mut batch = std::mem::take(&mut self.batch);
        if batch.is_empty() {
            return;
        }
        let committed = self.transact(|write| batch.iter_mut().try_for_each(|job| job.apply(write)));
        for job in batch {
            job.answer(committed.clone());
        }
    }

    fn sweep_step(&mut self) {
        if !self.sweep.running {
            return;
        }
        match self.transact(|write| write.sweep(MOST_PER_SWEEP)) {
            Ok(removed) => self.sweep.stepped(removed),
            Err(failure) => self.sweep.failed(&failure),
        }
    }

    /// One durable transaction around `work`. After a failure the file is opened anew, now or before the next one.
    fn transact<T>(&mut self, work: impl FnOnce(&mut Write<'_>) -> Result<T, Error>) -> Result<T, Failure> {
        if self.failed {
            self.file.reopen()?;
            self.failed = false;
        }
        let now = self.clock.now();
        let done = self.file.with(|database| tables::transact(database, now, work));
        if let Err(error) = &done {
            tracing::error!(%error, "sessions could not be written, opening their file anew");
            self.failed = self.file.reopen().is_err();
        }
        done
    }
}

/// A sweep that is under way, and who waits for it.
struct Sweep {
    running: bool,
    next: Instant,
    waiting: Vec<(u64, oneshot::Sender<Answer<u64>>)>,
}

impl Sweep {
    fn new() -> Self {
        Self { running: false, next: Instant::now() + SWEEP_EVERY, waiting: Vec::new() }
    }

    fn start(&mut self) {
        self.running = true;
    }

    fn ask(&mut self, reply: oneshot::Sender<Answer<u64>>) {
        self.waiting.push((0, reply));
        self.start();
    }

    /// How long the thread may sleep.
    fn wait(&self) -> Duration {
        if self.running { Duration::ZERO } else { self.next.saturating_duration_since(Instant::now()) }
    }

    fn stepped(&mut self, removed: usize) {
        self.waiting.iter_mut().for_each(|(sum, _)| *sum += removed as u64);
        if removed < MOST_PER_SWEEP {
            self.end(Ok);
        }
    }

    fn failed(&mut self, failure: &Failure) {
        self.end(|_| Err(failure.clone().into()));
    }

    fn end(&mut self, answer: impl Fn(u64) -> Answer<u64>) {
        for (sum, reply) in self.waiting.drain(..) {
            let _ = reply.send(answer(sum));
        }
        self.running = false;
        self.next = Instant::now() + SWEEP_EVERY;
    }
}
