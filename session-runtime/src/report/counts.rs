//! The same in numbers, by the `metrics` crate: whichever recorder the application installs gets them.

use std::time::Instant;

use metrics::{Unit, counter, describe_counter, describe_histogram, histogram};

/// When something began.
#[derive(Clone, Copy)]
pub(crate) struct Stopwatch(Instant);

impl Stopwatch {
    pub(crate) fn start() -> Self {
        Self(Instant::now())
    }

    fn seconds(self) -> f64 {
        self.0.elapsed().as_secs_f64()
    }
}

pub(super) fn loaded(session: &'static str, found: &'static str, since: Stopwatch) {
    counter!("cloakroom_loads_total", "session" => session, "found" => found).increment(1);
    histogram!("cloakroom_load_seconds", "session" => session).record(since.seconds());
}

pub(super) fn committed(session: &'static str, how: &'static str, since: Stopwatch) {
    counter!("cloakroom_commits_total", "session" => session, "how" => how).increment(1);
    histogram!("cloakroom_commit_seconds", "session" => session).record(since.seconds());
}

pub(super) fn conflict(session: &'static str) {
    counter!("cloakroom_conflicts_total", "session" => session).increment(1);
}

pub(super) fn signed_in(session: &'static str) {
    counter!("cloakroom_sign_ins_total", "session" => session).increment(1);
}

pub(super) fn ended(session: &'static str, reason: &'static str) {
    counter!("cloakroom_ends_total", "session" => session, "reason" => reason).increment(1);
}

pub(super) fn rejected(session: &'static str, reason: &'static str) {
    counter!("cloakroom_rejections_total", "session" => session, "reason" => reason).increment(1);
}

pub(super) fn failed(session: &'static str, call: &'static str) {
    counter!("cloakroom_store_errors_total", "session" => session, "call" => call).increment(1);
}

pub(crate) fn swept(removed: u64) {
    counter!("cloakroom_swept_total").increment(removed);
}

/// Gives the recorder in use a line on each of the metrics: call it once, after the recorder is installed.
pub fn describe_metrics() {
    describe_counter!("cloakroom_loads_total", Unit::Count, "records that were asked for, by what was found");
    describe_histogram!("cloakroom_load_seconds", Unit::Seconds, "how long a store took to load a record");
    describe_counter!("cloakroom_commits_total", Unit::Count, "records that were written, by what was done");
    describe_histogram!("cloakroom_commit_seconds", Unit::Seconds, "how long a commit took, with all its tries");
    describe_counter!("cloakroom_conflicts_total", Unit::Count, "tries of a commit that another request was ahead of");
    describe_counter!("cloakroom_sign_ins_total", Unit::Count, "sessions that were given an owner, or proved one");
    describe_counter!("cloakroom_ends_total", Unit::Count, "sessions that ended, by why");
    describe_counter!("cloakroom_rejections_total", Unit::Count, "requests that were turned away, by why");
    describe_counter!("cloakroom_store_errors_total", Unit::Count, "calls to a store that failed, by call");
    describe_counter!("cloakroom_swept_total", Unit::Count, "expired records that this node's sweepers removed");
}
