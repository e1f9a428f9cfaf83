//! Checks across fields. Each notes what is wrong and takes it out of the model.

use std::collections::{HashMap, HashSet};

use syn::Ident;

use crate::ctxt::Ctxt;
use crate::data::model::{Data, Field};
use crate::data::names::is_reserved;

/// All of them.
pub(crate) fn all(ctxt: &Ctxt, data: &mut Data) {
    fields_differ(data);
    something_is_kept(ctxt, data);
    one_owner(ctxt, data);
    stored_names_differ(ctxt, data);
    names_are_free(ctxt, data);
    generated_names_differ(ctxt, data);
}

/// Of two fields of one name only the first is kept, and not asked about: rustc refuses the second by itself.
fn fields_differ(data: &mut Data) {
    let mut seen = HashSet::new();
    let twice: HashSet<Ident> =
        data.fields.iter().map(|field| &field.ident).filter(|ident| !seen.insert(*ident)).cloned().collect();
    let mut kept = HashSet::new();
    data.fields.retain(|field| kept.insert(field.ident.clone()));
    data.fields.iter_mut().filter(|field| twice.contains(&field.ident)).for_each(|field| field.sound = false);
}

fn something_is_kept(ctxt: &Ctxt, data: &Data) {
    if !data.fields.is_empty() && data.stored().next().is_none() && ctxt.count() == 0 {
        ctxt.error(
            &data.ident,
            format_args!(
                "every field of `{}` is skipped, so a session of it would keep nothing: add one, or remove a `skip`",
                data.ident
            ),
        );
    }
}

fn one_owner(ctxt: &Ctxt, data: &mut Data) {
    let mut first: Option<String> = None;
    for field in &mut data.fields {
        let here = field.ident.to_string();
        let Some(stored) = &mut field.stored else { continue };
        match (stored.owner, &first) {
            (Some(span), Some(first)) => {
                ctxt.error_at(
                    span,
                    format_args!("a session has one owner, and `{first}` is it already: remove one of the two"),
                );
                stored.owner = None;
            }
            (Some(_), None) => first = Some(here),
            (None, _) => {}
        }
    }
}

fn stored_names_differ(ctxt: &Ctxt, data: &mut Data) {
    let mut taken: HashMap<String, String> = HashMap::new();
    for (field, stored) in data.stored() {
        let (name, span) = &stored.name;
        let here = field.ident.to_string();
        if let Some(other) = taken.insert(name.clone(), here.clone()) {
            ctxt.error_at(
                *span,
                format_args!("`{here}` would be stored as `{name}`, and so is `{other}`: give one another `rename`"),
            );
        }
    }
    for (field, stored) in data.stored() {
        for alias in &stored.aliases {
            let here = field.ident.to_string();
            let name = alias.value();
            match taken.insert(name.clone(), here.clone()) {
                Some(other) if other == here => {
                    ctxt.error(alias, format_args!("`{name}` is a stored name of this field already: remove it here"));
                }
                Some(other) => ctxt.error(
                    alias,
                    format_args!(
                        "`{name}` is already a stored name of `{other}`: an alias has to be a name that no field uses"
                    ),
                ),
                None => {}
            }
        }
    }
}

fn names_are_free(ctxt: &Ctxt, data: &Data) {
    for (field, stored) in data.stored() {
        let names = &stored.names;
        let text = |name: &Ident| name.to_string().trim_start_matches("r#").to_owned();
        if let Some(taken) = names.methods().map(text).find(|name| is_reserved(name)) {
            ctxt.error_at(
                names.origin,
                format_args!(
                    "the field `{}` would get a method `{taken}`, and every `Session` already has one: \
                     rename the field, or its methods with `#[session(accessor = \"…\")]`",
                    field.ident
                ),
            );
        }
    }
}

fn generated_names_differ(ctxt: &Ctxt, data: &mut Data) {
    let mut taken: HashMap<String, String> = HashMap::new();
    let mut clashing = Vec::new();
    for (field, stored) in data.stored() {
        let key = &stored.names.key;
        let method = stored.names.methods().find(|name| taken.contains_key(&name.to_string()));
        let clash = method.or_else(|| Some(key).filter(|key| taken.contains_key(&format!("key {key}"))));
        if let Some(name) = clash {
            let other =
                taken.get(&name.to_string()).or_else(|| taken.get(&format!("key {name}"))).cloned().unwrap_or_default();
            let (kind, way_out) = match method {
                Some(_) => ("method", ", or its methods with `#[session(accessor = \"…\")]`"),
                None => ("key", ", and keep its stored name with `#[session(rename = \"…\")]`"),
            };
            let span = if method.is_some() { stored.names.origin } else { field.ident.span() };
            let message = format!(
                "the {kind} `{name}` would be made for the field `{}` and for `{other}`: rename one of them{way_out}",
                field.ident
            );
            ctxt.error_at(span, message);
            clashing.push(field.ident.clone());
            continue;
        }
        let here = field.ident.to_string();
        let names = stored.names.methods().map(Ident::to_string).chain([format!("key {key}")]);
        taken.extend(names.map(|name| (name, here.clone())));
    }
    data.fields.iter_mut().filter(|field| clashing.contains(&field.ident)).for_each(Field::withdraw);
}

impl Field {
    /// Takes it out of the record, so that nothing is generated twice.
    fn withdraw(&mut self) {
        self.stored = None;
        self.sound = false;
    }
}
