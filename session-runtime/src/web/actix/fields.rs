//! actix-web's header fields, which are of `http` 0.2, as the core reads and writes them.

use actix_web::http::header::{self, HeaderMap, HeaderName, HeaderValue};
use http::HeaderMap as CoreHeaderMap;

use crate::fields::{Fields, Name, header_name};

impl Fields for HeaderMap {
    fn values(&self, name: Name) -> impl Iterator<Item = &[u8]> {
        self.get_all(header_name!(name, header)).map(HeaderValue::as_bytes)
    }

    fn append(&mut self, name: Name, value: impl AsRef<[u8]>) {
        if let Ok(value) = HeaderValue::from_bytes(value.as_ref()) {
            Self::append(self, header_name!(name, header), value);
        }
    }

    fn add_if_absent(&mut self, name: Name, value: &'static str) -> bool {
        let is_absent = self.value(name).is_none();
        if is_absent {
            Self::append(self, header_name!(name, header), HeaderValue::from_static(value));
        }
        is_absent
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
