//! What was measured: lines of app, endpoint, kind and figure.

use std::collections::HashMap;

pub(super) const ENDPOINTS: [&str; 9] =
    ["none-cookieless", "none", "read", "read8", "write", "add", "login", "logout", "begin-logout"];

/// What an endpoint is called on the page.
pub(super) fn called(endpoint: &str) -> &str {
    match endpoint {
        "none-cookieless" => "no cookie",
        "none" => "untouched",
        "begin-logout" => "begin + logout",
        endpoint => endpoint,
    }
}

pub(super) struct Figures {
    /// In the order of the file.
    pub apps: Vec<String>,
    found: HashMap<[String; 3], f64>,
}

impl Figures {
    pub(super) fn read(text: &str) -> Self {
        let mut figures = Self { apps: Vec::new(), found: HashMap::new() };
        for line in text.lines() {
            let words: Vec<&str> = line.split('\t').collect();
            let [app, endpoint, kind, figure] = words[..] else { panic!("four columns, not {line:?}") };
            if !figures.apps.iter().any(|known| known == app) {
                figures.apps.push(app.to_owned());
            }
            let figure = figure.parse().unwrap_or_else(|_| panic!("a number at the end of {line:?}"));
            figures.found.insert([app, endpoint, kind].map(str::to_owned), figure);
        }
        figures.apps.sort_by_key(|app| place(app));
        figures
    }

    pub(super) fn get(&self, app: &str, endpoint: &str, kind: &str) -> Option<f64> {
        self.found.get(&[app, endpoint, kind].map(str::to_owned)).copied()
    }

    /// Instructions above the same framework with no session.
    pub(super) fn above_bare(&self, app: &str, endpoint: &str) -> Option<f64> {
        let bare = if app.contains("actix") { "bare-actix" } else { "bare" };
        Some(self.get(app, endpoint, "instructions")? - self.get(bare, endpoint, "instructions")?)
    }
}

/// Those that keep sessions in the same place stand together, and ours first.
fn place(app: &str) -> (usize, usize) {
    let kept =
        ["redb", "sqlite", "redis", "postgres"].iter().position(|place| app.contains(place)).map_or(1, |at| at + 3);
    let kept = match app {
        "bare" | "layer" => 0,
        _ if app.contains("actix") => 10 + usize::from(app != "bare-actix"),
        _ if ["sealed", "cookie", "jar"].iter().any(|part| app.contains(part)) => 2,
        _ => kept,
    };
    (kept, ["bare", "cloakroom", "by-hand"].iter().position(|start| app.starts_with(start)).unwrap_or(3))
}
