//! actix-web's header fields, which are of `http` 0.2, as the core reads and writes them.

use actix_web::http::header::{HeaderMap, HeaderName, HeaderValue};
use http::HeaderMap as CoreHeaderMap;

use crate::fields::Fields;

impl Fields for HeaderMap {
    fn values<'a>(&'a self, name: &'static str) -> impl Iterator<Item = &'a [u8]> {
        self.get_all(name).map(HeaderValue::as_bytes)
    }

    fn append(&mut self, name: &'static str, value: impl AsRef<[u8]>) {
        if let Ok(value) = HeaderValue::from_bytes(value.as_ref()) {
            Self::append(self, HeaderName::from_static(name), value);
        }
    }
}

/// The same fields in the core's types.
pub(super) fn to_core(fields: &HeaderMap) -> CoreHeaderMap {
    let pairs = fields.iter().filter_map(|(name, value)| {
        let name = http::HeaderName::from_bytes(name.as_str().as_bytes()).ok()?;
        Some((name, http::HeaderValue::from_bytes(value.as_bytes()).ok()?))
    });
    // As many as a request may have: a message with more has not got as far as this.
    let mut core = CoreHeaderMap::new();
    pairs.for_each(|(name, value)| drop(core.try_append(name, value)));
    core
}

/// The same fields in actix-web's types.
pub(super) fn from_core(fields: &CoreHeaderMap, into: &mut HeaderMap) {
    for (name, value) in fields {
        let name = HeaderName::from_bytes(name.as_str().as_bytes());
        if let (Ok(name), Ok(value)) = (name, HeaderValue::from_bytes(value.as_bytes())) {
            into.append(name, value);
        }
    }
}
