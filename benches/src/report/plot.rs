//! The plot: how many instructions each adds to a request, on a logarithmic scale.

use std::fmt::Write as _;

use super::figures::Figures;

const WIDTH: f64 = 960.0;
const PANEL: (f64, f64) = (464.0, 262.0);
/// Where a panel's scale begins and ends, and where its first row is.
const SCALE: (f64, f64) = (84.0, 448.0);
const FIRST_ROW: f64 = 76.0;
const ROW: f64 = 23.0;
/// The powers of ten that the scale begins and ends with.
const POWERS: (i32, i32) = (2, 6);
const ROWS: [(&str, &str); 7] = [
    ("none", "untouched"),
    ("read", "read"),
    ("read8", "read 8"),
    ("write", "write"),
    ("add", "add"),
    ("login", "log in"),
    ("logout", "log out"),
];

const OURS: &str = "#d9480f";
const LEAST: &str = "#868e96";
const PEER: &str = "#1971c2";
const OTHER_PEER: &str = "#7048b6";

struct Panel {
    title: &'static str,
    /// App, what it is called here, colour.
    dots: &'static [(&'static str, &'static str, &'static str)],
}

const PANELS: [Panel; 4] = [
    Panel {
        title: "In memory",
        dots: &[
            ("axum_session", "axum_session", OTHER_PEER),
            ("tower-sessions", "tower-sessions", PEER),
            ("by-hand", "by hand", LEAST),
            ("cloakroom", "cloakroom", OURS),
        ],
    },
    Panel {
        title: "In Redis",
        dots: &[
            ("axum_session-redis", "axum_session", OTHER_PEER),
            ("tower-sessions-redis", "tower-sessions", PEER),
            ("by-hand-redis", "by hand", LEAST),
            ("cloakroom-redis", "cloakroom", OURS),
        ],
    },
    Panel {
        title: "Sealed in the cookie",
        dots: &[
            ("private-jar", "PrivateJar", PEER),
            ("by-hand-cookie", "by hand", LEAST),
            ("cloakroom-sealed", "cloakroom", OURS),
        ],
    },
    Panel {
        title: "In Redis, on actix",
        dots: &[("actix-session-redis", "actix-session", PEER), ("cloakroom-redis-actix", "cloakroom", OURS)],
    },
];

pub(super) fn plot(figures: &Figures) -> String {
    let height = 84.0 + 2.0 * PANEL.1;
    let mut svg = format!(
        r##"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" font-family="system-ui, sans-serif" font-size="13" fill="#343a40">
<rect width="{WIDTH}" height="{height}" fill="#fff"/>
<text x="16" y="32" font-size="19" font-weight="600">What a session adds to a request</text>
<text x="16" y="54">instructions above the same framework without sessions; each line is ten times the one to its left; left is better</text>
"##
    );
    for (at, panel) in PANELS.iter().enumerate() {
        let (x, y) = (16.0 + (at % 2) as f64 * PANEL.0, 70.0 + (at / 2) as f64 * PANEL.1);
        let _ = writeln!(svg, r#"<g transform="translate({x} {y})">{}</g>"#, panel.draw(figures));
    }
    svg + "</svg>\n"
}

impl Panel {
    fn draw(&self, figures: &Figures) -> String {
        let mut svg = format!(r#"<text y="22" font-size="15" font-weight="600">{}</text>"#, self.title);
        self.legend(&mut svg);
        scale(&mut svg);
        for (row, (endpoint, name)) in ROWS.iter().enumerate() {
            let y = FIRST_ROW + row as f64 * ROW;
            let _ = write!(svg, r#"<text x="{}" y="{}" text-anchor="end">{name}</text>"#, SCALE.0 - 12.0, y + 4.0);
            let found = |app: &str| figures.above_bare(app, endpoint).map(x);
            let at: Vec<f64> = self.dots.iter().filter_map(|(app, ..)| found(app)).collect();
            let (left, right) = at.iter().fold((SCALE.1, SCALE.0), |(left, right), x| (x.min(left), x.max(right)));
            if left < right {
                let _ = write!(svg, r##"<path d="M{left:.1} {y}H{right:.1}" stroke="#ced4da" stroke-width="3"/>"##);
            }
            for (app, _, colour) in self.dots {
                if let Some(x) = found(app) {
                    let _ = write!(svg, r#"<circle cx="{x:.1}" cy="{y}" r="{}" fill="{colour}"/>"#, radius(colour));
                }
            }
        }
        svg
    }

    fn legend(&self, svg: &mut String) {
        // Left of the scale, or four names would not fit into the panel.
        let mut x = 6.5;
        for (_, name, colour) in self.dots.iter().rev() {
            let weight = if *colour == OURS { 700 } else { 400 };
            let _ = write!(
                svg,
                r#"<circle cx="{}" cy="42" r="{}" fill="{colour}"/><text x="{}" y="46" fill="{colour}" font-weight="{weight}">{name}</text>"#,
                x,
                radius(colour),
                x + 10.0
            );
            x += 32.0 + if weight == 700 { 8.3 } else { 7.2 } * name.len() as f64;
        }
    }
}

fn scale(svg: &mut String) {
    for power in POWERS.0..=POWERS.1 {
        let (x, bottom) = (x(10_f64.powi(power)), FIRST_ROW + (ROWS.len() - 1) as f64 * ROW + 12.0);
        let label = ["≤ 100", "1,000", "10,000", "100,000", "1,000,000"][(power - POWERS.0) as usize];
        let _ = write!(
            svg,
            r##"<path d="M{x:.1} 60V{bottom}" stroke="#e9ecef"/><text x="{x:.1}" y="{}" text-anchor="middle" font-size="11" fill="#868e96">{label}</text>"##,
            bottom + 15.0
        );
    }
}

/// What is less than the scale has stands at its beginning.
fn x(instructions: f64) -> f64 {
    let (from, to) = (f64::from(POWERS.0), f64::from(POWERS.1));
    let share = (instructions.max(1.0).log10() - from) / (to - from);
    SCALE.0 + share.clamp(0.0, 1.0) * (SCALE.1 - SCALE.0)
}

fn radius(colour: &str) -> f64 {
    if colour == OURS { 6.5 } else { 4.5 }
}
