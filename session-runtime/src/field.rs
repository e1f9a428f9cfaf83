//! What is known of one field before any value is seen.

use std::time::Duration;

use crate::error::BoxError;

/// The longest stored name of a field, in bytes.
pub const MAX_FIELD_NAME_LEN: usize = 127;

/// A field as the record knows it. The derive makes one per field, as a constant.
#[derive(Debug)]
#[non_exhaustive]
pub struct Field {
    /// The name that it is stored under.
    pub name: &'static str,
    /// Names that older versions of the program stored it under.
    pub aliases: &'static [&'static str],
    /// How long a value lives after it was set.
    pub ttl: Option<Duration>,
    /// Reading clears it.
    pub flash: bool,
    /// It says whose session this is.
    pub owner: bool,
    /// Its value is never shown: not by `debug_view`, and not in an error's text.
    pub secret: bool,
    /// A value that is written as nothing (`None`, `()`) is stored, not dropped, because unset may read as something else.
    pub keeps_nil: bool,
    /// What no longer decodes reads as unset.
    pub lenient: bool,
}

impl Field {
    /// A plain field.
    pub const fn new(name: &'static str) -> Self {
        assert!(!name.is_empty() && name.len() <= MAX_FIELD_NAME_LEN, "a field's stored name has 1 to 127 bytes");
        Self {
            name,
            aliases: &[],
            ttl: None,
            flash: false,
            owner: false,
            secret: false,
            keeps_nil: false,
            lenient: false,
        }
    }

    /// Also read under these names.
    pub const fn with_aliases(mut self, aliases: &'static [&'static str]) -> Self {
        self.aliases = aliases;
        self
    }

    /// Each value lives this long.
    pub const fn with_ttl(mut self, ttl: Duration) -> Self {
        self.ttl = Some(ttl);
        self
    }

    /// Reading clears it.
    pub const fn with_flash(mut self) -> Self {
        self.flash = true;
        self
    }

    /// It says whose session this is.
    pub const fn with_owner(mut self) -> Self {
        self.owner = true;
        self
    }

    /// Its value is never shown.
    pub const fn with_secret(mut self) -> Self {
        self.secret = true;
        self
    }

    /// Unset may read as something else than nothing, so nothing has to be stored.
    pub const fn with_stored_nil(mut self) -> Self {
        self.keeps_nil = true;
        self
    }

    /// What no longer decodes reads as unset.
    pub const fn with_lenient_reading(mut self) -> Self {
        self.lenient = true;
        self
    }

    /// What a codec said, unless it may have named a secret value: serde's errors say what they found.
    pub(crate) fn shown(&self, error: BoxError) -> BoxError {
        if self.secret { "why is not shown, since the field is `secret`".into() } else { error }
    }

    /// Is it stored under `name`, today or by an older program?
    pub(crate) fn is_called(&self, name: &[u8]) -> bool {
        self.name.as_bytes() == name || self.aliases.iter().any(|alias| alias.as_bytes() == name)
    }
}
