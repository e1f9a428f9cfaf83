//! One Chromium, without a screen: what a person does in it, and what they see.

use std::path::Path;
use std::sync::{Arc, LazyLock};
use std::time::Duration;

use serde_json::{Value, json};
use tempfile::TempDir;
use tests::servers::ChromeDriver;
use thirtyfour::common::capabilities::chromium::ChromiumLikeCapabilities as _;
use thirtyfour::extensions::query::ElementPollerWithTimeout;
use thirtyfour::prelude::*;
use thirtyfour::stringmatch::StringMatchable as _;

/// One driver for all tests of this program, each of which has browsers of its own.
static DRIVER: LazyLock<ChromeDriver> = LazyLock::new(ChromeDriver::start);

/// How long a page may take, on a machine that does ten other things.
const PATIENCE: Duration = Duration::from_secs(30);
const HOW_OFTEN_TO_LOOK: Duration = Duration::from_millis(20);

pub struct Chromium {
    // Dropped first: it ends the browser, which would else write into its folder once more.
    driver: WebDriver,
    profile: TempDir,
}

impl Chromium {
    /// A browser that has never been anywhere.
    pub async fn open() -> Self {
        let profile = TempDir::new().expect("a temporary folder");
        Self { driver: start(profile.path()).await, profile }
    }

    /// Closes it and opens it again, with the same profile.
    pub async fn restart(self) -> Self {
        self.driver.quit().await.expect("it closes");
        Self { driver: start(self.profile.path()).await, profile: self.profile }
    }

    pub async fn go(&self, url: &str) {
        self.driver.goto(url).await.unwrap_or_else(|error| panic!("{url}: {error}"));
    }

    pub async fn reload(&self) {
        self.driver.refresh().await.expect("it loads the page again");
    }

    pub async fn back(&self) {
        self.driver.back().await.expect("it goes back");
    }

    pub async fn click(&self, css: &str) {
        self.find(css).await.click().await.unwrap_or_else(|error| panic!("{css}: {error}"));
    }

    pub async fn type_into(&self, css: &str, text: &str) {
        self.find(css).await.send_keys(text).await.unwrap_or_else(|error| panic!("{css}: {error}"));
    }

    async fn find(&self, css: &str) -> WebElement {
        self.driver.query(By::Css(css)).first().await.unwrap_or_else(|error| panic!("no `{css}`: {error}"))
    }

    /// Waits until the page has one.
    pub async fn finds(&self, css: &str) {
        self.find(css).await;
    }

    /// Waits until the page shows this.
    pub async fn sees(&self, text: &str) {
        // Errors: the page may just be leaving.
        let shown = self.driver.query(By::Css("body")).ignore_errors(true);
        if let Err(error) = shown.with_text(text.match_partial().case_sensitive()).first().await {
            panic!("`{text}` is not on {}: {error}\n{}", self.url().await, self.text().await);
        }
    }

    /// Waits until a page is there that has none of these.
    pub async fn sees_no(&self, css: &str) {
        let gone = self.driver.query(By::Css(format!("body:not(:has({css}))"))).first().await;
        gone.unwrap_or_else(|error| panic!("there is still a `{css}`: {error}"));
    }

    /// What is to be read on the page that is there.
    pub async fn text(&self) -> String {
        self.find("body").await.text().await.expect("a page has a text")
    }

    pub async fn url(&self) -> String {
        self.driver.current_url().await.expect("a page has an address").into()
    }

    /// Runs the body of an async function in the page. (Without regard to the page's own policy for scripts.)
    pub async fn script(&self, body: &str, args: &[Value]) -> Value {
        let body = format!("return (async function() {{ {body} }}).apply(null, arguments)");
        let ran = self.driver.execute(body.as_str(), args).await;
        ran.unwrap_or_else(|error| panic!("{body}: {error}")).json().clone()
    }

    /// Asks the browser itself, by the protocol of its developer tools.
    pub async fn ask(&self, method: &str, params: Value) -> Value {
        self.driver.cdp().send_raw(method, params).await.unwrap_or_else(|error| panic!("{method}: {error}"))
    }

    /// All that the browser keeps and would send to this address.
    pub async fn cookies(&self, url: &str) -> Vec<Value> {
        let answer = self.ask("Network.getCookies", json!({ "urls": [url] })).await;
        answer["cookies"].as_array().expect("a list").clone()
    }

    /// The tab that is in front, to come back to by [`turn_to`](Self::turn_to).
    pub async fn tab(&self) -> WindowHandle {
        self.driver.window().await.expect("a tab is open")
    }

    /// Opens another tab, in front.
    pub async fn new_tab(&self) -> WindowHandle {
        let tab = self.driver.new_tab().await.expect("there is room for a tab");
        self.turn_to(&tab).await;
        tab
    }

    pub async fn turn_to(&self, tab: &WindowHandle) {
        self.driver.switch_to_window(tab.clone()).await.expect("the tab is open");
    }

    /// The address of what stands in a frame of the page.
    pub async fn frame_url(&self, css: &str) -> Value {
        self.find(css).await.enter_frame().await.expect("a frame");
        let url = self.script("return document.URL", &[]).await;
        self.driver.enter_default_frame().await.expect("the page around it");
        url
    }

    /// A picture of what the window shows, as PNG.
    pub async fn picture(&self) -> Vec<u8> {
        self.driver.screenshot_as_png().await.expect("a picture")
    }
}

async fn start(profile: &Path) -> WebDriver {
    let mut options = DesiredCapabilities::chrome();
    let profile = format!("--user-data-dir={}", profile.display());
    let args = [
        "--headless=new",
        // Root has no sandbox, nor have most containers, which are short of shared memory as well. All pages here are our own.
        "--no-sandbox",
        "--disable-dev-shm-usage",
        "--disable-gpu",
        "--disable-lcd-text",
        "--no-proxy-server",
        // By a pipe from the driver, which ends the browser when it closes, whatever the driver ended of.
        "--remote-debugging-pipe",
        &profile,
    ];
    for arg in args {
        options.add_arg(arg).expect("an argument");
    }
    // 5: a new tab. What would bring session cookies back is 1, to go on where one left off.
    options.add_experimental_option("prefs", json!({ "session": { "restore_on_startup": 5 } })).expect("preferences");
    // No connection is kept: one of this test's runtime would answer nobody while a dropped driver waits for the browser's end.
    let client = reqwest::Client::builder().no_proxy().pool_max_idle_per_host(0).timeout(PATIENCE * 4);
    let client = client.build().expect("a client");
    let poller = ElementPollerWithTimeout::new(PATIENCE, HOW_OFTEN_TO_LOOK);
    let driver = WebDriver::builder(DRIVER.url(), options).client(client).poller(Arc::new(poller)).await;
    driver.expect("Chromium starts (apt-get install chromium, or let tests/run do it)")
}
