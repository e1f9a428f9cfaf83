//! The header fields of a message, whichever version of `http` its framework is on.

use http::{HeaderMap, HeaderName, HeaderValue};

/// The header fields of a request or a response.
pub(crate) trait Fields {
    /// The values of a field, by its name in lower case.
    fn values<'a>(&'a self, name: &'static str) -> impl Iterator<Item = &'a [u8]>;

    /// Adds a field. A value that no field can have is left out.
    fn append(&mut self, name: &'static str, value: impl AsRef<[u8]>);

    /// The first value of a field.
    fn value(&self, name: &'static str) -> Option<&[u8]> {
        self.values(name).next()
    }

    /// Adds a field, unless there is one.
    fn append_if_absent(&mut self, name: &'static str, value: &str) {
        if self.value(name).is_none() {
            self.append(name, value);
        }
    }

    /// Adds a name to `Vary`, unless it is there.
    fn vary_by(&mut self, name: &'static str) {
        let is_there = {
            let fields = self.values("vary").filter_map(|value| std::str::from_utf8(value).ok());
            let mut names = fields.flat_map(|names| names.split(',')).map(str::trim);
            names.any(|other| other == "*" || other.eq_ignore_ascii_case(name))
        };
        if !is_there {
            self.append("vary", name);
        }
    }
}

impl Fields for HeaderMap {
    fn values<'a>(&'a self, name: &'static str) -> impl Iterator<Item = &'a [u8]> {
        self.get_all(name).iter().map(HeaderValue::as_bytes)
    }

    fn append(&mut self, name: &'static str, value: impl AsRef<[u8]>) {
        if let Ok(value) = HeaderValue::from_bytes(value.as_ref()) {
            Self::append(self, HeaderName::from_static(name), value);
        }
    }
}
