//! The header fields of a message, whichever version of `http` its framework is on.

use http::header::{self, HeaderMap, HeaderValue};

/// A header field that is read or written for a session. Looking one up by its text would mean to parse that each time.
#[derive(Clone, Copy)]
#[cfg_attr(
    not(any(feature = "actix", feature = "tower")),
    expect(dead_code, reason = "without an adapter, what is written is a rejection's")
)]
pub(crate) enum Name {
    Authorization,
    CacheControl,
    Cookie,
    Host,
    Origin,
    SecFetchSite,
    SetCookie,
    Upgrade,
    Vary,
    WwwAuthenticate,
}

/// A [`Name`] as `header`, the module of some version of `http`, knows it.
macro_rules! header_name {
    ($name:expr, $header:ident) => {{
        use $crate::fields::Name;
        match $name {
            Name::Authorization => $header::AUTHORIZATION,
            Name::CacheControl => $header::CACHE_CONTROL,
            Name::Cookie => $header::COOKIE,
            Name::Host => $header::HOST,
            Name::Origin => $header::ORIGIN,
            Name::SecFetchSite => const { $header::HeaderName::from_static("sec-fetch-site") },
            Name::SetCookie => $header::SET_COOKIE,
            Name::Upgrade => $header::UPGRADE,
            Name::Vary => $header::VARY,
            Name::WwwAuthenticate => $header::WWW_AUTHENTICATE,
        }
    }};
}
#[cfg(feature = "actix")]
pub(crate) use header_name;

/// The header fields of a request or a response.
pub(crate) trait Fields {
    /// The values of a field.
    fn values(&self, name: Name) -> impl Iterator<Item = &[u8]>;

    /// Adds a field. A value that no field can have is left out.
    fn append(&mut self, name: Name, value: impl AsRef<[u8]>);

    /// Adds a field with a value that one can have, unless there is one. `true` if it was added.
    fn add_if_absent(&mut self, name: Name, value: &'static str) -> bool;

    /// The first value of a field.
    fn value(&self, name: Name) -> Option<&[u8]> {
        self.values(name).next()
    }

    /// Forbids caches to keep the response, unless it says itself what they may do.
    #[cfg_attr(
        not(any(feature = "actix", feature = "tower")),
        expect(dead_code, reason = "without an adapter, what is written is a rejection's")
    )]
    fn forbid_caches(&mut self) {
        self.add_if_absent(Name::CacheControl, "no-store");
    }

    /// Adds a field's name to `Vary`, unless it is there.
    fn vary_by(&mut self, name: &'static str) {
        if self.add_if_absent(Name::Vary, name) {
            return;
        }
        let is_there = {
            let fields = self.values(Name::Vary).filter_map(|value| std::str::from_utf8(value).ok());
            let mut names = fields.flat_map(|names| names.split(',')).map(str::trim);
            names.any(|other| other == "*" || other.eq_ignore_ascii_case(name))
        };
        if !is_there {
            self.append(Name::Vary, name);
        }
    }
}

// Inlined, since who calls these says by name which field is meant: then nothing is left of finding that out.
impl Fields for HeaderMap {
    #[inline(always)]
    fn values(&self, name: Name) -> impl Iterator<Item = &[u8]> {
        self.get_all(header_name!(name, header)).iter().map(HeaderValue::as_bytes)
    }

    #[inline(always)]
    fn value(&self, name: Name) -> Option<&[u8]> {
        self.get(header_name!(name, header)).map(HeaderValue::as_bytes)
    }

    #[inline(always)]
    fn append(&mut self, name: Name, value: impl AsRef<[u8]>) {
        if let Ok(value) = HeaderValue::from_bytes(value.as_ref()) {
            Self::append(self, header_name!(name, header), value);
        }
    }

    #[inline(always)]
    fn add_if_absent(&mut self, name: Name, value: &'static str) -> bool {
        // Responses have few fields: to pass by their names is cheaper than to look one up that is mostly absent.
        let is_absent = self.keys().all(|other| *other != header_name!(name, header));
        if is_absent {
            Self::append(self, header_name!(name, header), HeaderValue::from_static(value));
        }
        is_absent
    }
}
