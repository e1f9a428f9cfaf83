//! What stands in for a guard that has a mistake, so that the mistake is the only one.

use crate::data::{Accessors, Field, Put, SessionData, Settings, View};
use crate::handle::Handle;

/// The `#[session]` parameters of a handler whose guard has a mistake: still a handler, so that nothing fails where it is routed.
/// The program is never run.
#[doc(hidden)]
pub struct Refused<T>(pub T);

/// The session of a guard that says none. The program is never run.
#[doc(hidden)]
pub struct NoSession;

impl SessionData for NoSession {
    type Accessors = Handle<Self>;
    type Fields = ();
    const FIELDS: () = ();
    const NAME: &'static str = "none";
    const SETTINGS: Settings = Settings::new();
    const STORED: &'static [Field] = &[];

    fn assemble(_: &mut View<'_>) -> Self {
        Self
    }

    fn disassemble(self, _: &mut Put<'_>) {}
}

impl Accessors<NoSession> for Handle<NoSession> {
    fn new(handle: Self) -> Self {
        handle
    }

    fn handle(&self) -> &Self {
        self
    }
}
