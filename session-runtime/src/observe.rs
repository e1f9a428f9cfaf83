//! What can be watched: log events, metrics, and the ends of sessions. Nothing to call, but for [`describe_metrics`](#metrics).
//!
//! # Log events
//!
//! By the `tracing` facade, under targets that begin with `session_runtime`, and for stores `cloakroom`. At `info`, sign-ins and sign-outs
//! are logged, and of other requests only two: whose session had ended meanwhile, so that what they set is dropped; and who brought a
//! cookie of which the key is none of those given (a node may lack one, and anybody can send such a cookie). `warn` and `error` need
//! somebody's attention; `debug` tells what each request did, in the spans `session.load` (around a store's `load`) and `session.commit`.
//! (A `log` logger without a `tracing` subscriber hears that a span begins, and not each time that its task goes on.)
//!
//! | level | event | fields |
//! |---|---|---|
//! | `error` | `cannot load a session`, `cannot commit a session`, `cannot destroy a session` | `session`, `id`, `error` |
//! | `error` | `cannot read a stored session; it is left as it is`, `cannot read a stored session; it is not listed` | `session`, `id`, `error` |
//! | `error` | `cannot read a sealed session` | `error` |
//! | `error` | `cannot take back a session that was revoked while it was stored, or whose token nobody was told` | `session`, `id`, `error` |
//! | `error` | `gave up a session commit: too many others write to the session` | `session`, `lost` |
//! | `error` | ``what `on_end` was given has panicked`` | `session`, `id`, `reason` |
//! | `error` | ``a session was destroyed and the record not deleted: `destroy()` was not awaited`` | |
//! | `error` | `the runtime stopped before a session was deleted that was destroyed, or half begun` | |
//! | `error` | `a session commit was cut short` | `error` |
//! | `error` | `a handler returned a session error`, `a handler returned a cookie error` (below 500: `debug`) | `error` |
//! | `error` | `a bearer session was not saved, or nobody knows its token` | `error` |
//! | `error` | `a session's cookie was set before its layer opened it; this is not sent` | `cookie` |
//! | `error` | `sessions could not be written, opening their file anew` (redb) | `error` |
//! | `warn` | `cannot extend a session` | `session`, `id`, `error` |
//! | `warn` | `refused a cross-site request`; `a cross-site request would be refused` (`with_insecure_log_only_origins`) | `session`, `method`, `path`, `refused` |
//! | `warn` | `two different session cookies in one request; neither is used` | `cookie` |
//! | `warn` | `two different bearer tokens in one request; neither is used` | |
//! | `warn` | `a stored session field no longer reads as its type; it counts as unset` | `field`, `error` |
//! | `warn` | ``session changes were never saved: outside of a request, and once a response's head has left, call `save().await` `` | |
//! | `warn` | ``a session's new token was told to nobody: ask for it by `expose_token().await` `` | |
//! | `warn` | `a sealed session was removed and not denied: its key is none of those given, so copies of it live on` | `key` |
//! | `warn` | `cannot remove sessions that are gone from the owner index; they are passed over` | `error` |
//! | `warn` | ``the memory store is full: a session was ended before its time, raise `with_max_sessions` or `with_max_bytes` `` | `id` |
//! | `warn` | `expired sessions could not be swept, trying again` | `error`, `pause` |
//! | `warn` | `cannot connect to redis` | `error` |
//! | `info` | `signed in` | `session`, `id` |
//! | `info` | `signed out` | `session`, `id`, `reason` |
//! | `info` | `the session ended while this request was running; what it set is dropped` | |
//! | `info` | `a sealed session cookie was not opened` (with a key that is known, and damaged: `debug`) | `why`, `key` |
//! | `info` | `a cookie was not opened` (the same, of `Cookies`) | `cookie`, `why`, `key` |
//! | `info` | `connected to redis again` | |
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
//! | `cookie` | the cookie's name |
//! | `field` | the stored name of a field |
//! | `why`, `key` | why a cookie was not opened, and the [id](crate::SealKeyId) of the key that it names; never a key |
//! | `pause` | how long until the next try |
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
//! | `cloakroom_swept_total` | counter of records that this node's [`Sweeper`](crate::Sweeper) removed, or those of its stores on SQL databases | |
//!
//! The labels mean what the fields of the same name do. `describe_metrics()` gives the recorder a line on each.
//!
//! # Ends
//!
//! [`SessionLayer::on_end`](crate::Sessions::on_end) calls a function of the application for each session that ended, with its id,
//! the reason, and all that it held.

#[cfg(feature = "metrics")]
pub use crate::report::describe_metrics;
