//! What the pattern of `field = PATTERN` is matched with.

use std::ops::Deref;

/// A field's value, as the pattern of `field = PATTERN` sees it: `String` as `str`, all else as it is. A method of the value itself, so
/// that the compiler says nothing of the value of a field that does not exist.
#[doc(hidden)]
pub trait StrPlace {
    fn __place(&self) -> StrRef<'_>;
}

impl StrPlace for String {
    fn __place(&self) -> StrRef<'_> {
        StrRef(self)
    }
}

/// What a pattern takes for a `&str`.
#[doc(hidden)]
pub struct StrRef<'a>(&'a str);

impl<'a> Deref for StrRef<'a> {
    type Target = &'a str;
    fn deref(&self) -> &&'a str {
        &self.0
    }
}

/// The place of any other type: asked second, since it takes one more `&`.
#[doc(hidden)]
pub trait Place<'a, V> {
    fn __place(self) -> &'a V;
}

impl<'a, V> Place<'a, V> for &&'a V {
    fn __place(self) -> &'a V {
        self
    }
}
