//! Asking the server: what may be asked again, and what may not.
//!
//! A server that says why it refused has done nothing, so the question is asked again until the time is over: a node of a
//! cluster that passes a slot on, one that is still loading its data, a replica that is about to be the primary. An answer
//! that was lost on the way leaves open whether the question was carried out: only reading is repeated then. A write is
//! reported as failed, and whoever asked decides.

use std::time::Duration;

use redis::{ErrorKind, RedisError, RedisResult, ServerErrorKind, Value};
use tokio::time::{sleep, timeout};

use super::link::{Connection, Limits, Link, late};
use super::steps::Step;

const FIRST_PAUSE: Duration = Duration::from_millis(5);
const LONGEST_PAUSE: Duration = Duration::from_millis(100);

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
pub(super) async fn ask(link: &Link, limits: Limits, step: Step) -> RedisResult<Value> {
    let mut reason = None;
    match timeout(limits.connect.saturating_add(limits.response), ask_until_answered(link, limits, step, &mut reason))
        .await
    {
        Ok(answer) => answer,
        Err(_) => Err(reason.unwrap_or_else(|| late("no answer"))),
    }
}

/// `reason` is why it was not answered so far.
async fn ask_until_answered(
    link: &Link,
    limits: Limits,
    mut step: Step,
    reason: &mut Option<RedisError>,
) -> RedisResult<Value> {
    let (mut pause, mut elsewhere) = (FIRST_PAUSE, None);
    loop {
        let (generation, connection) = link.connection().await?;
        let sent = send(connection, &step, elsewhere.take());
        let error = match timeout(limits.response, sent).await.unwrap_or_else(|_| Err(late("no answer"))) {
            Ok(answer) => return Ok(answer),
            Err(error) => error,
        };
        match verdict(&error) {
            Verdict::Elsewhere(host, port) => {
                elsewhere = Some((host, port));
                continue;
            }
            Verdict::Unknown => {
                let Some(in_full) = step.in_full.take() else { return Err(error) };
                step.command = in_full;
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
        *reason = Some(error);
        sleep(pause).await;
        pause = (pause * 2).min(LONGEST_PAUSE);
    }
}

async fn send(mut connection: Connection, step: &Step, elsewhere: Option<(String, u16)>) -> RedisResult<Value> {
    match elsewhere {
        Some((host, port)) => connection.send_asking(&step.command, host, port).await,
        None => connection.send(&step.command).await,
    }
}
