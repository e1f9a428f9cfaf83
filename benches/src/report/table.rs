//! The figures as Markdown.

use std::fmt::Write as _;

use super::budgets;
use super::figures::{ENDPOINTS, Figures, called};

/// Every kind that was measured, under a heading.
pub(super) fn all(figures: &Figures) -> String {
    let number = |figure: Option<f64>| figure.map(grouped);
    [
        budgets::table(figures),
        table(figures, "Instructions per request", |app, endpoint| number(figures.get(app, endpoint, "instructions"))),
        table(figures, "Instructions above the same framework without sessions", |app, endpoint| {
            number(figures.above_bare(app, endpoint).filter(|_| !app.starts_with("bare")))
        }),
        table(figures, "Nanoseconds per request, in process", |app, endpoint| {
            number(figures.get(app, endpoint, "times"))
        }),
        table(figures, "Allocations per request", |app, endpoint| number(figures.get(app, endpoint, "allocations"))),
        table(figures, "Commands to the server per request (bytes there, bytes back)", |app, endpoint| {
            let [asked, to, back] = ["asked", "to", "back"].map(|kind| figures.get(app, endpoint, kind));
            let asked = format!("{:.2}", asked?);
            Some(format!(
                "{} ({}, {})",
                asked.trim_end_matches('0').trim_end_matches('.'),
                grouped(to?),
                grouped(back?)
            ))
        }),
        table(
            figures,
            "Requests per second over loopback, times those of the same framework without sessions",
            |app, endpoint| figures.get(app, endpoint, "ratio").map(|ratio| format!("{ratio:.2}")),
        ),
        table(figures, "Processor time per request over loopback, µs", |app, endpoint| {
            figures.get(app, endpoint, "cpu").map(|cpu| format!("{cpu:.1}"))
        }),
    ]
    .concat()
}

/// Apps down, endpoints across; without what is empty.
fn table(figures: &Figures, title: &str, cell: impl Fn(&str, &str) -> Option<String>) -> String {
    let has = |app: &str, endpoint: &str| cell(app, endpoint).is_some();
    let apps: Vec<&String> =
        figures.apps.iter().filter(|app| ENDPOINTS.iter().any(|endpoint| has(app, endpoint))).collect();
    if apps.is_empty() {
        return String::new();
    }
    let endpoints: Vec<&str> =
        ENDPOINTS.into_iter().filter(|endpoint| apps.iter().any(|app| has(app, endpoint))).collect();
    let names = endpoints.iter().map(|endpoint| called(endpoint));
    let mut text = format!(
        "## {title}\n\n| | {} |\n|---|{}\n",
        names.collect::<Vec<_>>().join(" | "),
        "--:|".repeat(endpoints.len())
    );
    for app in apps {
        let cells = endpoints.iter().map(|endpoint| cell(app, endpoint).unwrap_or_default());
        let _ = writeln!(text, "| {app} | {} |", cells.collect::<Vec<_>>().join(" | "));
    }
    text + "\n"
}

/// 12,345
pub(super) fn grouped(figure: f64) -> String {
    let digits = format!("{:.0}", figure.abs());
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    if figure < -0.5 { format!("-{text}") } else { text }
}
