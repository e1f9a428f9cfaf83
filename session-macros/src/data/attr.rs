//! `#[session(…)]` on a field.

use proc_macro2::Span;
use syn::ext::IdentExt;
use syn::{Attribute, Ident, LitStr, Path};

use crate::ctxt::Ctxt;
use crate::data::model::{Life, Unset};
use crate::data::settings::{STRUCT_KEYS, duration};
use crate::entry::{Entry, Keys};

pub(crate) const FIELD_KEYS: &[&str] =
    &["accessor", "alias", "default", "flash", "on_invalid", "owner", "rename", "secret", "skip", "ttl", "with"];

/// The longest stored name, in bytes: the record gives it 7 bits.
const MAX_NAME_LEN: usize = 127;

/// What a field's attributes say.
pub(crate) struct FieldAttr {
    pub(crate) unset: Unset,
    pub(crate) rename: Option<LitStr>,
    pub(crate) aliases: Vec<LitStr>,
    pub(crate) life: Life,
    pub(crate) owner: Option<Span>,
    pub(crate) secret: bool,
    pub(crate) skip: bool,
    pub(crate) lenient: bool,
    pub(crate) with: Option<Path>,
    pub(crate) accessor: Option<Ident>,
}

/// Reads them; where one is wrong, it counts as not said.
pub(crate) fn field(ctxt: &Ctxt, attrs: &[Attribute]) -> FieldAttr {
    let keys = Keys {
        here: FIELD_KEYS,
        elsewhere: STRUCT_KEYS,
        this_level: "a field",
        other_level: "the struct",
        example: "flash",
    };
    let entries = keys.read(ctxt, attrs, &["alias"]);
    conflicts(ctxt, &entries);
    let mut attr = FieldAttr {
        unset: Unset::Implied,
        rename: None,
        aliases: Vec::new(),
        life: Life::Session,
        owner: None,
        secret: false,
        skip: false,
        lenient: false,
        with: None,
        accessor: None,
    };
    for entry in entries {
        attr.read(ctxt, entry);
    }
    attr
}

impl FieldAttr {
    fn read(&mut self, ctxt: &Ctxt, entry: Entry) {
        match entry.key.to_string().as_str() {
            "default" => self.unset = entry.value.map_or(Unset::Default, |expr| Unset::Expr(Box::new(expr))),
            "rename" => self.rename = stored_name(ctxt, &entry, "rename = \"userId\""),
            "alias" => self.aliases.extend(stored_name(ctxt, &entry, "alias = \"old_name\"")),
            "flash" if entry.flag(ctxt) => self.life = Life::Flash,
            "ttl" => self.life = duration(ctxt, &entry, "ttl = \"10m\"").map_or(Life::Session, Life::Ttl),
            "secret" => self.secret = entry.flag(ctxt),
            "skip" => self.skip = entry.flag(ctxt),
            "owner" => self.owner = entry.flag(ctxt).then(|| entry.key.span()),
            "with" => self.with = entry.path(ctxt, "with = \"path::to::module\""),
            "on_invalid" => self.lenient = on_invalid(ctxt, &entry),
            "accessor" => self.accessor = accessor(ctxt, &entry),
            _ => {}
        }
    }
}

/// Two keys that cannot both hold; said at the second one.
fn conflicts(ctxt: &Ctxt, entries: &[Entry]) {
    let pairs = [
        ("flash", "ttl", "a flash lives until it is read, and has no time of its own"),
        ("skip", "owner", "the owner says whose session it is, and has to be stored"),
    ];
    for (one, other, why) in pairs {
        if let [.., last] = &*entries.iter().filter(|entry| entry.is(one) || entry.is(other)).collect::<Vec<_>>()
            && entries.iter().any(|entry| entry.is(one))
            && entries.iter().any(|entry| entry.is(other))
        {
            ctxt.error(&last.key, format_args!("`{one}` and `{other}` exclude each other, since {why}: remove one"));
        }
    }
    if entries.iter().any(|entry| entry.is("skip")) && !entries.iter().any(|entry| entry.is("owner")) {
        for entry in entries.iter().filter(|entry| !entry.is("skip") && !entry.is("default")) {
            ctxt.error(
                &entry.key,
                format_args!(
                    "`{}` means nothing on a field that `skip` keeps out of the record: remove one",
                    entry.key
                ),
            );
        }
    }
}

fn stored_name(ctxt: &Ctxt, entry: &Entry, example: &str) -> Option<LitStr> {
    let text = entry.text(ctxt, example)?;
    let len = text.value().len();
    if len == 0 || len > MAX_NAME_LEN {
        ctxt.error(
            &text,
            format_args!(
                "a stored name has 1 to {MAX_NAME_LEN} bytes, and this one has {len}: write another, as in `{example}`"
            ),
        );
        return None;
    }
    Some(text)
}

fn on_invalid(ctxt: &Ctxt, entry: &Entry) -> bool {
    let Some(text) = entry.text(ctxt, "on_invalid = \"default\"") else { return false };
    let known = text.value() == "default";
    if !known {
        let message = "`on_invalid` knows one answer: `on_invalid = \"default\"` reads what no longer decodes as unset";
        ctxt.error(&text, message);
    }
    known
}

fn accessor(ctxt: &Ctxt, entry: &Entry) -> Option<Ident> {
    let text = entry.text(ctxt, "accessor = \"basket\"")?;
    let name = text.parse_with(Ident::parse_any).ok().filter(|name| name != "self" && name != "_");
    match name {
        Some(name) if syn::parse_str::<Ident>(&text.value()).is_err() => {
            Some(Ident::new_raw(&name.unraw().to_string(), text.span()))
        }
        Some(name) => Some(respanned(&name, text.span())),
        None => {
            ctxt.error(
                &text,
                format_args!("`{}` cannot name a method: write one word, as in `accessor = \"basket\"`", text.value()),
            );
            None
        }
    }
}

fn respanned(name: &Ident, span: Span) -> Ident {
    let mut name = name.clone();
    name.set_span(span);
    name
}
