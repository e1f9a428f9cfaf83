//! The table's name, and statements that name it.

use session_runtime::StoreError;
use sqlx::{AssertSqlSafe, SqlSafeStr, SqlStr};

/// PostgreSQL keeps 63 bytes of a name, and the indexes have the table's name with an ending.
const LONGEST: usize = 50;

/// Where the records are.
#[derive(Clone)]
pub struct Table {
    pub(crate) schema: Option<String>,
    pub(crate) name: String,
}

impl Table {
    /// Refuses what is no name, or is a mistake.
    pub(crate) fn check(&self) -> Result<(), StoreError> {
        check("table", &self.name)?;
        self.schema.as_deref().map_or(Ok(()), |schema| check("schema", schema))
    }

    /// The one beside it, for the index of owners.
    pub(crate) fn of_owners(&self) -> Self {
        Self { schema: self.schema.clone(), name: format!("{}_owners", self.name) }
    }

    /// As it stands in a statement.
    pub(crate) fn quoted(&self, quote: char) -> String {
        let schema = self.schema.iter().map(|schema| format!("{}.", quoted(schema, quote)));
        schema.chain([quoted(&self.name, quote)]).collect()
    }
}

fn check(what: &str, name: &str) -> Result<(), StoreError> {
    let wrong = if name.is_empty() {
        "is empty: give it a name"
    } else if name.len() > LONGEST {
        "is longer than 50 bytes: give it a shorter name"
    } else if what == "table" && name.contains('.') {
        "has a dot in it: name the schema with `schema`, apart from the table"
    } else if name.chars().any(char::is_control) || name.ends_with(' ') {
        "has characters that no name should have: use letters, digits and `_`"
    } else {
        return Ok(());
    };
    Err(StoreError::message(format!("the {what} name `{}` {wrong}", name.escape_debug())))
}

/// A name in the quotes that the database uses, whatever is in it.
pub(crate) fn quoted(name: &str, quote: char) -> String {
    let twice = String::from_iter([quote, quote]);
    format!("{quote}{}{quote}", name.replace(quote, &twice))
}

/// Bytes as a literal wants them.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        text.extend([byte >> 4, byte & 15].map(|digit| char::from(b"0123456789abcdef"[usize::from(digit)])));
        text
    })
}

/// One value of a statement.
#[derive(Clone, Copy)]
pub enum Value<'a> {
    Bytes(&'a [u8]),
    Number(i64),
}

/// Writes a value into a statement's text, for connections that keep nothing prepared.
pub(crate) type Literal = fn(Value<'_>) -> String;

/// A statement with places for values.
pub struct Statement {
    /// What stands between the places.
    parts: Vec<String>,
    prepared: SqlStr,
}

impl Statement {
    /// `template` has `{table}` for the table's name and `?` for each value, which `mark` writes as the database wants it.
    pub(crate) fn new(template: &str, table: &str, mark: fn(usize) -> String) -> Self {
        let parts: Vec<String> = template.split('?').map(|part| part.replace("{table}", table)).collect();
        let prepared = woven(&parts, |number| mark(number + 1));
        Self { parts, prepared }
    }

    /// For the server to prepare once for each connection.
    pub(crate) fn prepared(&self) -> SqlStr {
        self.prepared.clone()
    }

    /// With the values written out.
    pub(crate) fn with(&self, values: &[Value<'_>], literal: Literal) -> SqlStr {
        woven(&self.parts, |number| literal(values[number]))
    }
}

/// Safe: the parts are this crate's own but for the quoted name, and what goes between them are marks, digits and hex.
fn woven(parts: &[String], between: impl Fn(usize) -> String) -> SqlStr {
    let mut text = parts[0].clone();
    for (number, part) in parts[1..].iter().enumerate() {
        text.push_str(&between(number));
        text.push_str(part);
    }
    AssertSqlSafe(text).into_sql_str()
}
