//! Asking the server: what may be asked again, and what may not.
//!
//! A server that says why it refused has done nothing, so the question is asked again until the time is over: a node of a
//! cluster that passes a slot on, one that is still loading its data, a replica that is about to be the primary. An answer
//! that was lost on the way leaves open whether the question was carried out: only reading is repeated then. A write is
//! reported as failed, and whoever asked decides.

use std::time::Duration;

use redis::{ErrorKind, RedisError, RedisResult, ServerErrorKind, Value};
use tokio::time::{Instant, sleep_until, timeout_at};

use super::link::{Connection, Limits, Link, late};
use super::steps::Step;

const FIRST_PAUSE: Duration = Duration::from_millis(5);
const LONGEST_PAUSE: Duration = Duration::from_millis(100);
const YEAR: Duration = Duration::from_secs(365 * 24 * 60 * 60);

/// What an error says of the question.
enum Verdict {
    /// Not carried out: ask again.
    Refused,
    /// Not carried out: the node is a replica by now. Ask again, over another connection.
    Demoted,
    /// Not carried out: ask this node instead.
    Elsewhere(String, u16),
    /// Not carried out: the server has not seen the script.
    Unknown,
    /// Carried out or not, nobody knows.
    Lost,
    /// It will be no better next time.
    Final,
}

fn verdict(error: &RedisError) -> Verdict {
    match error.kind() {
        ErrorKind::Server(
            ServerErrorKind::Moved
            | ServerErrorKind::TryAgain
            | ServerErrorKind::ClusterDown
            | ServerErrorKind::MasterDown
            | ServerErrorKind::BusyLoading,
        )
        | ErrorKind::ClusterConnectionNotFound => Verdict::Refused,
        ErrorKind::Server(ServerErrorKind::ReadOnly) => Verdict::Demoted,
        ErrorKind::Server(ServerErrorKind::NoScript) => Verdict::Unknown,
        ErrorKind::Server(ServerErrorKind::Ask) => {
            match error.redirect_node().and_then(|(node, _)| host_and_port(node)) {
                Some((host, port)) => Verdict::Elsewhere(host, port),
                None => Verdict::Refused,
            }
        }
        ErrorKind::Io | ErrorKind::Parse => Verdict::Lost,
        _ => Verdict::Final,
    }
}

fn host_and_port(node: &str) -> Option<(String, u16)> {
    let (host, port) = node.rsplit_once(':')?;
    Some((host.trim_matches(['[', ']']).to_owned(), port.parse().ok()?))
}

/// Asks, and waits for the answer no longer than the limits allow.
pub(super) async fn ask(link: &Link, limits: Limits, mut step: Step) -> RedisResult<Value> {
    let mut now = Instant::now();
    let end = later(now, limits.connect.saturating_add(limits.response));
    let (mut pause, mut elsewhere) = (FIRST_PAUSE, None);
    // Why it was not answered so far.
    let mut reason = None;
    loop {
        let (generation, connection) = match link.connected() {
            Some(connected) => connected,
            None => {
                let Ok(connected) = timeout_at(end, link.connection()).await else { break };
                now = Instant::now();
                connected?
            }
        };
        // Mostly the only timer of a question: of two around each other, one would be set and taken back for nothing.
        let patience = end.min(later(now, limits.response));
        let error = match timeout_at(patience, send(connection, &step, elsewhere.take())).await {
            Ok(Ok(answer)) => return Ok(answer),
            Ok(Err(error)) => error,
            Err(_) if patience == end => break,
            Err(_) => late("no answer"),
        };
        now = Instant::now();
        match verdict(&error) {
            Verdict::Elsewhere(host, port) => {
                elsewhere = Some((host, port));
                continue;
            }
            Verdict::Unknown => {
                if !step.in_full() {
                    return Err(error);
                }
                continue;
            }
            Verdict::Lost => {
                link.failed(generation);
                // Whoever waited for the whole time once does not wait again.
                if error.is_timeout() || !std::mem::take(&mut step.repeatable) {
                    return Err(error);
                }
                continue;
            }
            Verdict::Final => return Err(error),
            Verdict::Demoted => link.failed(generation),
            Verdict::Refused => {}
        }
        reason = Some(error);
        sleep_until(end.min(later(now, pause))).await;
        now = Instant::now();
        if now >= end {
            break;
        }
        pause = (pause * 2).min(LONGEST_PAUSE);
    }
    Err(reason.unwrap_or_else(|| late("no answer")))
}

/// So much later. What is too long for the clock is as good as a year.
fn later(now: Instant, time: Duration) -> Instant {
    now.checked_add(time).unwrap_or(now + YEAR)
}

async fn send(mut connection: Connection, step: &Step, elsewhere: Option<(String, u16)>) -> RedisResult<Value> {
    match elsewhere {
        Some((host, port)) => connection.send_asking(&step.command, host, port).await,
        None => connection.send(&step.command).await,
    }
}
