//! `benches/README.md`.

use super::figures::Figures;
use super::table;

const TITLE: &str = "# What a session costs a request";

const ABOVE: &str = "\
Run `WRITE=1 benches/run` to have these figures of your own machine.

![Instructions per request above the same framework without sessions](../docs/speed.svg)

Every application has the same endpoints on the same record: eight fields, a cart of ten things. *untouched* has a cookie and does not
look at it, *read* reads one field and *read8* all, *write* sets a field to what it reads plus one, *add* changes one thing in the cart,
*login* takes a new token and sets the user, *logout* ends the session. Before it is measured, each has shown that it does that.

- *layer* is a layer that does nothing: what `Router::layer` costs by itself.
- *by-hand* is the least that it can cost: a handler that reads its cookie and changes a map, a value in Redis or a sealed cookie as it
  likes. It hashes no token, and the last writer wins.
- All are built with `codegen-units = 1`, so that figures do not move with what is inlined where.
- Instructions are counted by callgrind, in one thread and with no network, after as many requests to warm up. Callgrind's processor has
  no instructions for SHA-256: hashing a token costs some 3,600 there, and 50 ns in truth.
- tower-sessions has no stores for its own version 0.15; those measured are its stores for 0.14 with that version changed.
- axum_session holds every session that it uses in the program's memory, on Redis as well: it tells Redis what changes, and to read
  asks nothing, so that it does not see what another program has changed or ended meanwhile.
- Nanoseconds are the least of five runs of 20,000 requests, in one thread with no network, where no server or file is asked.
- Requests per second: 64 connections, the program on one core, the load and the servers behind it on another. Where a request takes
  several commands, as *login* does on a server, the second core can be full before the first: there, and where the program waits for a
  disk, its processor time says more.
- *begin + logout*, over loopback, begins a session with the whole record and ends it, in turns: its figures are for one request, of which
  half are the one and half the other. Each *login* has the cookies that the last login of the same session brought.

";

pub(super) fn page(figures: &Figures) -> String {
    // `benches/run` knows when and where.
    let measured = std::env::var("MEASURED").unwrap_or_else(|_| "somewhere".to_owned());
    format!("{TITLE}\n\nMeasured on {measured}. {ABOVE}{}\n", table::all(figures).trim_end())
}
