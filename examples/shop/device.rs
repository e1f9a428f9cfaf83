//! What a browser says that it is, in words that its owner knows it by.

/// Of the longest User-Agent, so much is looked at.
const LONGEST: usize = 512;

const BROWSERS: [(&str, &str); 7] = [
    // Each of these also says that it is one of those below it.
    ("Edg/", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("Firefox/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
    ("curl/", "curl"),
];

const SYSTEMS: [(&str, &str); 7] = [
    ("iPhone", "an iPhone"),
    ("iPad", "an iPad"),
    ("Android", "Android"),
    ("CrOS", "a Chromebook"),
    ("Windows", "Windows"),
    ("Macintosh", "a Mac"),
    ("Linux", "Linux"),
];

/// "Firefox on Linux". Anybody can send any User-Agent: it helps a person to tell their own devices apart, and proves nothing.
pub fn name(user_agent: &str) -> String {
    let user_agent: String = user_agent.chars().take(LONGEST).collect();
    let find = |known: &[(&str, &'static str)]| {
        known.iter().find(|(part, _)| user_agent.contains(part)).map(|(_, name)| *name)
    };
    match (find(&BROWSERS), find(&SYSTEMS)) {
        (Some(browser), Some(system)) => format!("{browser} on {system}"),
        (Some(browser), None) => browser.to_owned(),
        (None, Some(system)) => format!("A browser on {system}"),
        (None, None) => "An unknown device".to_owned(),
    }
}
