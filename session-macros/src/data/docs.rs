//! What the generated items say of themselves.
//!
//! rustdoc shows the keys, on the struct's page, and not the methods, which belong to a type that cannot be named. So the keys'
//! `impl` lists them.

use quote::ToTokens;
use syn::Visibility;

use crate::data::model::{Data, Field, Life, Stored};

/// One line for each method: `cart`, `update_cart`, `take_cart`, `clear_cart` and `has_cart`.
pub(crate) fn of_methods(field: &Field, stored: &Stored) -> [String; 5] {
    let name = &field.ident;
    let get = match stored.life {
        Life::Flash => format!(" Reads `{name}`, and clears it."),
        _ => format!(" Reads `{name}`."),
    };
    [
        get,
        format!(" Reads, changes and writes `{name}` as one atomic step, at once; `change` runs again on a conflict."),
        format!(" Reads `{name}` and clears it."),
        format!(" Brings `{name}` back to unset."),
        format!(" Is `{name}` set, and not expired?"),
    ]
}

/// All methods that whoever sees the struct can call; empty where there are none.
pub(crate) fn table(data: &Data) -> String {
    let seen = data.stored().filter(|(_, stored)| is_seen(&stored.vis, &data.vis));
    let rows: String = seen.map(|(_, stored)| row(stored)).collect();
    if rows.is_empty() {
        return rows;
    }
    let name = &data.ident;
    format!(
        " # Methods of `Session<{name}>`\n\n \
         Await each: they answer with a `Result<_, SessionError>`.\n\n \
         | read | set | change | take | clear | is it set? |\n \
         |---|---|---|---|---|---|\n{rows}\n \
         # Keys, for generic code\n"
    )
}

fn row(stored: &Stored) -> String {
    let names = &stored.names;
    let set_for = names.set_for.as_ref().map(|name| format!(", `{name}`")).unwrap_or_default();
    format!(
        " | `{}` | `{}`{set_for} | `{}` | `{}` | `{}` | `{}` |\n",
        names.get, names.set, names.update, names.take, names.clear, names.has
    )
}

/// Is a field with this visibility as widely seen as its struct?
fn is_seen(field: &Visibility, data: &Visibility) -> bool {
    let text = |vis: &Visibility| vis.to_token_stream().to_string();
    matches!(field, Visibility::Public(_)) || text(field) == text(data)
}
