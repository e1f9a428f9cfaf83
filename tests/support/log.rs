//! What `tracing` is told.

use std::cell::RefCell;
use std::io::Write;
use std::sync::Once;

thread_local! {
    static TEXT: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
}

/// Everything that this thread logs, at the most talkative level.
///
/// A place in the code that logs decides once, when it is first met, whether anybody listens. So every test of a program that
/// uses this starts by [`Log::start`]: before any of them, somebody listens.
pub struct Log(());

impl Log {
    /// Listens from here on.
    pub fn start() -> Self {
        static LISTEN: Once = Once::new();
        LISTEN.call_once(|| {
            let subscriber = tracing_subscriber::fmt().with_max_level(tracing::Level::TRACE).with_ansi(false);
            subscriber.with_writer(|| Sink).init();
        });
        TEXT.with_borrow_mut(Vec::clear);
        Self(())
    }

    /// What was logged so far.
    pub fn text(&self) -> String {
        TEXT.with_borrow(|text| String::from_utf8(text.clone()).expect("the log is text"))
    }
}

struct Sink;

impl Write for Sink {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        TEXT.with_borrow_mut(|text| text.extend_from_slice(bytes));
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}
