//! What can be watched: log events, metrics, and the ends of sessions. Nothing to call, but for [`describe_metrics`](#metrics).
//!
//! # Log events
//!
//! By the `tracing` facade, under the target `session_runtime`. At `info`, sign-ins and sign-outs are logged and no other request is; `warn` and `error` need somebody's
//! attention; `debug` tells what each request did, in the spans `session.load` (around a store's `load`) and `session.commit`.
//!
//! | level | event | fields |
//! |---|---|---|
//! | `error` | `cannot load a session`, `cannot commit a session`, `cannot destroy a session` | `session`, `id`, `error` |
//! | `error` | `cannot read a stored session; it is left as it is` | `session`, `id`, `error` |
//! | `error` | `gave up a session commit: too many others write to the session` | `session`, `lost` |
//! | `error` | ``what `on_end` was given has panicked`` | `session`, `id`, `reason` |
//! | `warn` | `cannot extend a session` | `session`, `id`, `error` |
//! | `warn` | `refused a cross-site request` | `session`, `method`, `path`, `refused` |
//! | `info` | `signed in` | `session`, `id` |
//! | `info` | `signed out` | `session`, `id`, `reason` |
//! | `debug` | `a session ended` | `session`, `id`, `reason` |
//! | `debug` | `a guard turned a request away` | `session`, `reason`, `need` |
//! | `debug` | `loaded a session` | `session`, `id`, `found` |
//! | `debug` | `committed a session` | `session`, `id`, `how`, `bytes` |
//! | `debug` | `another request wrote to the session first` | `session`, `lost` |
//!
//! The fields:
//!
//! | field | what stands there |
//! |---|---|
//! | `session` | the session's name, as in `#[session(cookie = "…")]` |
//! | `id` | the [public id](crate::SessionId); never a token, never a storage key |
//! | `found` | `live`, `absent` (expired, ended or never there), or `retired` (the old token of a regenerated session) |
//! | `how` | `created`, `replaced`, or `rotated` (written under a new token) |
//! | `bytes` | how large the record is now |
//! | `lost` | how often this commit was not the first |
//! | `reason` | of an end: `destroyed`, `expired`, `revoked`, `evicted`, or `cleared` (the owner field was); of a guard: `missing`, `mismatch`, `failed` |
//! | `need` | the field or need that the guard found wanting, by its name; where it failed, the error |
//! | `method`, `path`, `refused` | of the request, and why it was refused |
//! | `error` | what the store or the codec said; of a field marked `#[session(secret)]` not even that |
//!
//! A *sign-in* is a commit that gives a session an owner, another owner, or a new
//! [`mark_authenticated`](crate::Session::mark_authenticated). A *sign-out* is the end of a session with an owner, unless it expired,
//! or a commit that clears the owner field. No event has a value of a session in it, as far as this library makes it: `error`s of codecs
//! may quote what they could not read.
//!
//! # Metrics
//!
//! With the feature `metrics`, by the facade of that name: to whichever recorder the application installs. Without the feature nothing is
//! counted and no clock is read.
//!
//! | metric | kind | labels |
//! |---|---|---|
//! | `cloakroom_loads_total` | counter | `session`, `found` |
//! | `cloakroom_load_seconds` | histogram | `session` |
//! | `cloakroom_commits_total` | counter | `session`, `how` |
//! | `cloakroom_commit_seconds` | histogram of whole commits, with all tries | `session` |
//! | `cloakroom_conflicts_total` | counter of tries that another request was ahead of | `session` |
//! | `cloakroom_sign_ins_total` | counter | `session` |
//! | `cloakroom_ends_total` | counter | `session`, `reason` |
//! | `cloakroom_rejections_total` | counter of requests that a guard turned away, or that another site sent (`cross_site`) | `session`, `reason` |
//! | `cloakroom_store_errors_total` | counter | `session`, `call`: `load`, `commit`, `destroy`, `touch` |
//! | `cloakroom_swept_total` | counter of records that this node's [`Sweeper`](crate::Sweeper) removed | |
//!
//! The labels mean what the fields of the same name do. `describe_metrics()` gives the recorder a line on each.
//!
//! # Ends
//!
//! [`SessionLayer::on_end`](crate::Sessions::on_end) calls a function of the application for each session that ended, with its id,
//! the reason, and all that it held.

#[cfg(feature = "metrics")]
pub use crate::report::describe_metrics;
