//! The way back from signing in: whatever a link or a form says, it is a path on this site, and it is the page that was asked for.
//! What counts is how browsers read an address, which the `url` crate does as they do (WHATWG).

use cloakroom::{MemoryStore, SessionLayer, require_session, same_site_path};
use http::{Method, Uri, header};
use tests::web::{Browser, Framework, Routes, any};
use tests::{Shop, on_both};
use url::{Url, form_urlencoded};

/// What addresses that lead astray are made of.
const FRAGMENTS: [&str; 36] = [
    "/",
    "//",
    "\\",
    "\t",
    "\r\n",
    "\0",
    "\u{1b}",
    " ",
    "\u{a0}",
    "\u{85}",
    "\u{200b}",
    "\u{202e}",
    "\u{feff}",
    "\u{ff0f}",
    "\u{2044}",
    "\u{2215}",
    "\u{29f5}",
    "\u{3002}",
    "@",
    "user:word@",
    ":",
    ":443",
    "https:",
    "http://",
    "javascript:alert(1)",
    "data:text/html,x",
    "evil.example",
    "[::1]",
    ".",
    "..",
    "%2f",
    "%5C",
    "%09",
    "?",
    "#",
    "&next=",
];

/// What lists of open redirects have (OWASP, PortSwigger and others), and some of their kin.
const KNOWN: [&str; 64] = [
    "https://evil.example",
    "http://evil.example/",
    "HTTPS://EVIL.EXAMPLE",
    "https:evil.example",
    "https:/evil.example",
    "https:\\\\evil.example",
    "https:///evil.example",
    "http:\t//evil.example",
    "ht\ntps://evil.example",
    "//evil.example",
    "///evil.example",
    "////evil.example/",
    "//\\evil.example",
    "/\\evil.example",
    "/\\/evil.example",
    "\\/evil.example",
    "\\\\evil.example",
    "\\/\\/evil.example",
    "/\t/evil.example",
    "/\n/evil.example",
    "/\r/evil.example",
    "/\r\n/evil.example",
    "\t//evil.example",
    " //evil.example",
    "\u{1}//evil.example",
    "\0//evil.example",
    "/\t\\evil.example",
    "//evil.example/%2f..",
    "//evil.example/..;/css",
    "//shop.example@evil.example/",
    "https://shop.example@evil.example",
    "https://shop.example:443@evil.example/",
    "https://shop.example.evil.example",
    "https://evil.example#shop.example",
    "https://evil.example?shop.example",
    "https://evil.example\\@shop.example",
    "//evil.example\\@shop.example",
    "//evil%E3%80%82example",
    "//evil\u{3002}example",
    "//\u{24d4}vil.example",
    "//[::1]/",
    "//0x7f000001/",
    "//2130706433/",
    "javascript:alert(document.cookie)",
    "JaVaScRiPt:alert(1)",
    "java\nscript:alert(1)",
    "\tjavascript:alert(1)",
    "javascript://shop.example/%0aalert(1)",
    "data:text/html;base64,PHNjcmlwdD4=",
    "vbscript:msgbox(1)",
    "file:///etc/passwd",
    "blob:https://evil.example/1",
    "evil.example",
    "evil.example/shop.example",
    "@evil.example",
    ":evil.example",
    "?next=//evil.example",
    "#//evil.example",
    "./evil.example",
    "../..//evil.example",
    "x:/evil.example",
    "/\u{85}/evil.example",
    "",
    "*",
];

/// Odd, and still on this site: browsers look for the host before they take dots out, decode nothing, and know one slash.
const ON_SITE: [&str; 22] = [
    "/",
    "/cart?x=1#y",
    "/cart?page=2&sort=name",
    "/.//evil.example",
    "/..//evil.example",
    "/%2e%2e//evil.example",
    "/cart/..//evil.example",
    "/%5cevil.example",
    "/%2f%2fevil.example",
    "/%2Fevil.example",
    "/%09/evil.example",
    "/%0d%0a/evil.example",
    "/@evil.example",
    "/:443//evil.example",
    "/;//evil.example",
    "/?//evil.example",
    "/#//evil.example",
    "/https://evil.example",
    "/\u{ff0f}evil.example",
    "/\u{200b}/evil.example",
    "/search?q=a\\b",
    "/?next=\\\\evil.example",
];

fn sign_in_page() -> Url {
    Url::parse("https://shop.example/login").expect("an address")
}

/// Where a browser on the sign-in page goes; `None` where it stays.
fn resolved(next: &str) -> Option<Url> {
    sign_in_page().join(next).ok()
}

fn is_on_site(url: &Url) -> bool {
    url.origin() == sign_in_page().origin() && url.origin().is_tuple()
}

/// Does a browser ask this site for exactly this?
fn comes_back(next: &str) -> bool {
    resolved(next)
        .is_some_and(|url| is_on_site(&url) && url.as_str().strip_prefix("https://shop.example") == Some(next))
}

/// Every way to put up to three fragments together, as they are and after a slash.
fn made() -> impl Iterator<Item = String> {
    let some = || [""].into_iter().chain(FRAGMENTS);
    let three = move || some().flat_map(move |a| some().flat_map(move |b| some().map(move |c| format!("{a}{b}{c}"))));
    three().chain(three().map(|text| format!("/{text}")))
}

#[test]
fn no_next_leads_off_the_site() {
    let long = ["/", "//", "/\\"].map(|start| start.to_owned() + &"evil.example/".repeat(100_000));
    let (mut hostile, mut kept) = (0, 0);
    for next in made().chain(KNOWN.into_iter().chain(ON_SITE).map(str::to_owned)).chain(long) {
        let path = same_site_path(&next, "/");
        assert!(path == next || path == "/", "{next:?}: it is taken as it is, or not at all");
        let url = resolved(path).unwrap_or_else(|| panic!("{next:?}: a browser cannot read it"));
        assert!(is_on_site(&url), "{next:?} leads to {url}");
        assert!(path == next || !comes_back(&next), "{next:?} was refused");
        hostile += u32::from(resolved(&next).is_some_and(|url| !is_on_site(&url)));
        kept += u32::from(path == next);
    }
    assert!(hostile > 5000 && kept > 5000, "{hostile} of these lead off the site, {kept} were kept");
}

#[test]
fn what_is_known_to_lead_astray_is_refused() {
    for next in KNOWN {
        assert_eq!(same_site_path(next, "/fallback"), "/fallback", "{next:?}");
    }
}

#[test]
fn what_stays_on_the_site_is_kept() {
    for next in ON_SITE {
        assert_eq!(same_site_path(next, "/fallback"), next);
    }
}

#[require_session(Shop, user_id, redirect = "/login?from=guard#form")]
async fn anything() -> &'static str {
    "in"
}

/// Goes to a page that needs signing in, and returns what the sign-in page would read as `next`.
async fn sent_to_sign_in(browser: &Browser, target: &Uri) -> Option<String> {
    let mut request = browser.request(Method::GET, "/");
    *request.uri_mut() = target.clone();
    request.headers_mut().insert(header::ACCEPT, "text/html".parse().unwrap());
    let reply = browser.fetch(request).await;
    assert_eq!(reply.status, 303, "{target:?}");
    let url = resolved(reply.header("location").expect("a location")).expect("an address");
    assert!(is_on_site(&url) && url.path() == "/login" && url.fragment() == Some("form"), "{target:?} leads to {url}");
    let query: Vec<_> = form_urlencoded::parse(url.query().unwrap_or_default().as_bytes()).collect();
    assert_eq!(query[0], ("from".into(), "guard".into()), "{target:?}");
    match &query[1..] {
        [] => None,
        [(name, next)] if name == "next" => Some(next.clone().into_owned()),
        _ => panic!("{target:?} brought parameters of its own along: {query:?}"),
    }
}

/// A router's catch-all may stand behind a guard, so the target may be anything that a client can send.
async fn the_way_back_is_what_was_asked_for() {
    let app = Routes::new().fallback(any(anything)).layer(SessionLayer::<Shop>::new(MemoryStore::new()));
    let browser = Browser::new(app);
    let (mut kept, mut refused) = (0, 0);
    let texts = made().step_by(11).chain(KNOWN.into_iter().chain(ON_SITE).map(str::to_owned));
    for target in texts.filter(|text| Framework::current().reads(text)).filter_map(|text| text.parse::<Uri>().ok()) {
        let asked = target.path_and_query().map_or("", |asked| asked.as_str());
        match sent_to_sign_in(&browser, &target).await {
            Some(next) => {
                // An address may leave out the slash before its query; actix puts it there.
                assert_eq!(next.trim_start_matches('/'), asked.trim_start_matches('/'), "{target:?}");
                assert!(asked.starts_with('?') || next == asked, "{target:?} became {next}");
                assert_eq!(same_site_path(&next, "/fallback"), next, "{target:?}: the sign-in page takes it");
                kept += 1;
            }
            None => {
                assert!(!comes_back(asked), "{target:?}: the way back is lost");
                refused += 1;
            }
        }
    }
    assert!(kept + refused > 1000 && refused > 100, "{kept} ways back were kept, {refused} refused");
}

on_both!(the_way_back_is_what_was_asked_for,);
