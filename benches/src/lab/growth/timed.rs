//! How long requests take, one after the other, without a framework.

use std::time::{Duration, Instant};

use cloakroom::{Session, SessionData, Sessions};

/// The median, in microseconds, of requests with these cookies in turn.
pub(super) async fn median<D: SessionData>(
    sessions: &Sessions<D>,
    cookies: &[String],
    work: impl AsyncFn(&Session<D>),
) -> f64 {
    let times = times(sessions, cookies, work).await;
    times[times.len() / 2].as_secs_f64() * 1e6
}

/// Sorted.
pub(super) async fn times<D: SessionData>(
    sessions: &Sessions<D>,
    cookies: &[String],
    work: impl AsyncFn(&Session<D>),
) -> Vec<Duration> {
    let mut times = Vec::with_capacity(cookies.len());
    for cookie in cookies {
        let began = Instant::now();
        let session = sessions.open([cookie.as_bytes()]);
        work(&session).await;
        sessions.close(&session, true).await;
        times.push(began.elapsed());
    }
    times.sort();
    times
}
