//! Chromium's driver, which starts a browser for everyone who asks for one.

use tempfile::TempDir;

use super::process::Process;
use super::running::{Running, is_running};

/// The driver. Its browsers end with it.
pub struct ChromeDriver(Running);

is_running!(ChromeDriver, 0);

impl ChromeDriver {
    /// Starts it on a free port.
    pub fn start() -> Self {
        let folder = TempDir::new().expect("a temporary folder");
        Self(Running::new(folder, |port, folder| {
            let args = [format!("--port={port}")];
            Process::start("chromium-driver", folder, "chromedriver", &args, "was started successfully")
        }))
    }

    /// Where it listens.
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }
}
