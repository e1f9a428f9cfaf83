//! What the project allows itself, and what was measured of it.

use std::fmt::Write as _;

use super::figures::{ENDPOINTS, Figures, called};
use super::table::grouped;

/// Instructions on the memory store.
const INSTRUCTIONS: [(&str, f64); 7] = [
    ("none-cookieless", 1_000.0),
    ("none", 1_800.0),
    ("read", 7_500.0),
    ("read8", 12_000.0),
    ("write", 12_000.0),
    ("login", 20_000.0),
    ("logout", 8_000.0),
];

/// Instructions on Redis, times those of the hand-written client.
const BY_HAND: f64 = 1.3;

enum Limit {
    AtMost(f64),
    AtLeast(f64),
}
use Limit::{AtLeast, AtMost};

/// As a table; nothing where none of it was measured.
pub(super) fn table(figures: &Figures) -> String {
    let mut rows = String::new();
    let above = |app: &str, base: &str, endpoint: &str, kind: &str| {
        Some(figures.get(app, endpoint, kind)? - figures.get(base, endpoint, kind)?)
    };
    let times = |app: &str, base: &str, endpoint: &str, kind: &str| {
        Some(figures.get(app, endpoint, kind)? / figures.get(base, endpoint, kind)?)
    };
    for (app, base, where_) in [("cloakroom", "layer", "memory"), ("cloakroom-actix", "bare-actix", "actix")] {
        for (endpoint, limit) in INSTRUCTIONS {
            let what = format!("{where_}, *{}*: instructions above {base}", called(endpoint));
            row(&mut rows, &what, AtMost(limit), above(app, base, endpoint, "instructions"));
        }
    }
    let allocations = above("cloakroom", "layer", "read", "allocations");
    row(&mut rows, "memory, *read*: allocations above layer", AtMost(8.0), allocations);
    for (app, endpoint, limit) in
        [("cloakroom", "read", 700.0), ("cloakroom", "write", 1_400.0), ("cloakroom-sealed", "read", 1_100.0)]
    {
        let what = format!("{app}, *{endpoint}*: nanoseconds above bare");
        row(&mut rows, &what, AtMost(limit), above(app, "bare", endpoint, "times"));
    }
    for endpoint in ENDPOINTS {
        let what = format!("Redis, *{}*: instructions, times by hand", called(endpoint));
        let measured = times("cloakroom-redis", "by-hand-redis", endpoint, "instructions");
        row(&mut rows, &what, AtMost(BY_HAND), measured);
    }
    for (app, base, limit) in [
        ("cloakroom-redis", "tower-sessions-redis", 1.5),
        ("cloakroom-redis", "by-hand-redis", 0.9),
        ("cloakroom", "bare", 0.93),
    ] {
        let what = format!("{app}, *read* over loopback: requests per second, times {base}");
        row(&mut rows, &what, AtLeast(limit), times(app, base, "read", "ratio"));
    }
    if rows.is_empty() {
        return rows;
    }
    format!("## Budgets\n\n| | limit | measured | met |\n|---|--:|--:|---|\n{rows}\n")
}

fn row(rows: &mut String, what: &str, limit: Limit, measured: Option<f64>) {
    let Some(measured) = measured else { return };
    let (bound, limit, is_met) = match limit {
        AtMost(limit) => ("at most ", limit, measured <= limit),
        AtLeast(limit) => ("at least ", limit, measured >= limit),
    };
    let shown = |figure: f64| if limit < 2.0 { format!("{figure:.2}") } else { grouped(figure) };
    let met = if is_met { "yes" } else { "no" };
    let _ = writeln!(rows, "| {what} | {bound}{} | {} | {met} |", shown(limit), shown(measured));
}
