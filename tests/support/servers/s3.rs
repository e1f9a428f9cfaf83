//! An S3 stand-in: moto, which compares ETags in `If-Match` and `If-None-Match` as Amazon does, on one thread.

use std::path::PathBuf;

use opendal::services::S3;
use opendal::{HttpTransporter, OperationContext, Operator};
use opendal_http_transport_reqwest::ReqwestTransport;
use tempfile::TempDir;

use super::process::{Process, free_port};

/// How often a start is tried, each time on another port.
const TRIES: usize = 8;

/// One server with one empty bucket. It keeps its objects in memory, and so forgets them when it is killed.
pub struct S3Server {
    process: Option<Process>,
    /// Its port on 127.0.0.1.
    pub port: u16,
    folder: TempDir,
}

impl S3Server {
    /// A server on a free port.
    pub fn start() -> Self {
        let mut error = String::new();
        for _ in 0..TRIES {
            let (port, folder) = (free_port(), TempDir::new().expect("a temporary folder"));
            match spawn(port, &folder) {
                Ok(process) => return Self { process: Some(process), port, folder },
                Err(said) => error = said,
            }
        }
        panic!("{error}");
    }

    /// Its process.
    pub fn process(&self) -> &Process {
        self.process.as_ref().expect("it runs")
    }

    /// `kill -9`.
    pub fn kill(&mut self) {
        self.process = None;
    }

    /// Starts it again on its port, empty.
    pub fn restart(&mut self) {
        self.process = None;
        self.process = Some(spawn(self.port, &self.folder).expect("it starts again"));
    }

    /// Its endpoint.
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// Reaches the bucket at this endpoint.
    pub fn operator(endpoint: &str) -> Operator {
        let bucket = S3::default().bucket("sessions").region("us-east-1").endpoint(endpoint);
        let bucket = bucket.access_key_id("test").secret_access_key("test").disable_config_load();
        let transport = HttpTransporter::new(ReqwestTransport::default());
        let context = OperationContext::default().with_http_transport(transport);
        Operator::new(bucket).expect("the settings are right").with_context(context)
    }
}

fn spawn(port: u16, folder: &TempDir) -> Result<Process, String> {
    let home = PathBuf::from(std::env::var_os("HOME").expect("a home"));
    let python = home.join(".cache/cloakroom-tests/moto/bin/python");
    assert!(python.exists(), "moto, the S3 stand-in, is missing: `tests/run` installs it with pip");
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/support/servers/s3.py");
    let args = [script.to_owned(), port.to_string()];
    Process::start("python3", folder.path(), &python.display().to_string(), &args, "ready")
}
