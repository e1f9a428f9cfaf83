//! Times, in words.

use std::time::{Duration, SystemTime};

pub fn ago(at: SystemTime, now: SystemTime) -> String {
    match now.duration_since(at) {
        Ok(past) if past.as_secs() >= 60 => format!("{} ago", roughly(past)),
        _ => "just now".to_owned(),
    }
}

pub fn from_now(at: SystemTime, now: SystemTime) -> String {
    match at.duration_since(now) {
        Ok(left) => format!("in {}", roughly(left)),
        Err(_) => "now".to_owned(),
    }
}

/// The largest unit that fits, rounded to the nearest.
fn roughly(span: Duration) -> String {
    const UNITS: [(u64, &str); 3] = [(24 * 60 * 60, "day"), (60 * 60, "hour"), (60, "minute")];
    let seconds = span.as_secs();
    let (unit, name) = UNITS.into_iter().find(|(unit, _)| seconds >= *unit).unwrap_or((1, "second"));
    let count = (seconds + unit / 2) / unit;
    format!("{count} {name}{}", if count == 1 { "" } else { "s" })
}
