//! The command line.

use std::fmt;
use std::path::PathBuf;

pub const HELP: &str = "\
A small shop, to show what sessions are for.

Usage: cargo run --example shop -- [OPTIONS]

Options:
  --listen ADDR   Where to listen [default: 127.0.0.1:3000]; port 0 takes a free one
  --store STORE   Where sessions are kept [default: redb:target/shop.redb]
                    memory     gone when the shop stops
                    cookie     in the browser, sealed with the key in SECRET_KEY_BASE
                    redb:PATH  a file, made where there is none
                    redis://HOST:PORT, redis+cluster://HOST:PORT,HOST:PORT, or
                    redis+sentinel://HOST:PORT/NAME
                    sqlite:PATH                    the same, by SQLite
                    postgres://USER@HOST/DATABASE  a PostgreSQL server
                    mysql://USER@HOST/DATABASE     a MySQL or MariaDB server
  --insecure-development-cookie
                  A cookie without Secure, for browsers that want https even on localhost (Safari)
  --help          Print this
";

const STORES: &str = "`memory`, `cookie`, `redb:PATH`, `sqlite:PATH`, `postgres://…` or `mysql://…`";

/// What the command line asks for.
#[derive(Debug, PartialEq)]
pub enum Ask {
    Help,
    Serve(Args),
}

#[derive(Debug, PartialEq)]
pub struct Args {
    pub listen: String,
    pub store: Store,
    pub insecure_development_cookie: bool,
}

#[derive(Debug, PartialEq)]
pub enum Store {
    Memory,
    /// Sealed, in the browser.
    Cookie,
    Redb(PathBuf),
    /// A URL.
    Redis(String),
    Sqlite(PathBuf),
    Postgres(String),
    MySql(String),
}

impl fmt::Display for Store {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Memory => f.write_str("memory, until the shop stops"),
            Self::Cookie => f.write_str("their cookies, sealed"),
            Self::Redis(_) => f.write_str("Redis"),
            Self::Redb(path) | Self::Sqlite(path) => path.display().fmt(f),
            // The address may hold a password.
            Self::Postgres(_) => f.write_str("PostgreSQL"),
            Self::MySql(_) => f.write_str("MySQL"),
        }
    }
}

impl Args {
    pub fn parse(mut words: impl Iterator<Item = String>) -> Result<Ask, String> {
        let mut args = Self {
            listen: "127.0.0.1:3000".to_owned(),
            store: Store::Redb("target/shop.redb".into()),
            insecure_development_cookie: false,
        };
        while let Some(word) = words.next() {
            // `--listen ADDR` and `--listen=ADDR` are the same.
            let (option, mut value) = match word.split_once('=') {
                Some((option, value)) => (option, Some(value.to_owned())),
                None => (word.as_str(), None),
            };
            let mut value_for =
                |what: &str| value.take().or_else(|| words.next()).ok_or(format!("{option} lacks its value: {what}"));
            match option {
                "--listen" => args.listen = value_for("an address such as 127.0.0.1:3000")?,
                "--store" => args.store = Store::parse(&value_for(STORES)?)?,
                "--insecure-development-cookie" => args.insecure_development_cookie = true,
                "--help" | "-h" => return Ok(Ask::Help),
                _ => return Err(format!("unknown argument `{word}`")),
            }
            if let Some(value) = value {
                return Err(format!("{option} takes no value, and got `{value}`"));
            }
        }
        Ok(Ask::Serve(args))
    }
}

impl Store {
    fn parse(text: &str) -> Result<Self, String> {
        match text.split_once(':') {
            None if text == "memory" => Ok(Self::Memory),
            None if text == "cookie" => Ok(Self::Cookie),
            Some(("redb", path)) if !path.is_empty() => Ok(Self::Redb(path.into())),
            Some((scheme, rest)) if scheme.starts_with("redis") && rest.starts_with("//") => {
                Ok(Self::Redis(text.to_owned()))
            }
            Some(("sqlite", path)) if !path.is_empty() => Ok(Self::Sqlite(path.into())),
            Some(("postgres" | "postgresql", _)) => Ok(Self::Postgres(text.to_owned())),
            Some(("mysql" | "mariadb", _)) => Ok(Self::MySql(text.to_owned())),
            _ => Err(format!("unknown store `{text}`: say {STORES}")),
        }
    }
}
