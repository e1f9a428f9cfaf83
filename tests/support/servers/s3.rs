//! An S3 stand-in: moto, which compares ETags in `If-Match` and `If-None-Match` as Amazon does, on one thread.

use std::path::{Path, PathBuf};

use opendal::services::S3;
use opendal::{HttpTransporter, OperationContext, Operator};
use opendal_http_transport_reqwest::ReqwestTransport;
use tempfile::TempDir;

use super::process::Process;
use super::running::{Running, is_running};

/// One server with one empty bucket. It keeps its objects in memory, and so forgets them when it is killed.
pub struct S3Server(Running);

is_running!(S3Server, 0);

impl S3Server {
    /// A server on a free port.
    pub fn start() -> Self {
        Self(Running::new(TempDir::new().expect("a temporary folder"), spawn))
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

fn spawn(port: u16, folder: &Path) -> Result<Process, String> {
    let home = PathBuf::from(std::env::var_os("HOME").expect("a home"));
    let python = home.join(".cache/cloakroom-tests/moto/bin/python");
    assert!(python.exists(), "moto, the S3 stand-in, is missing: `tests/run` installs it with pip");
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/support/servers/s3.py");
    let args = [script.to_owned(), port.to_string()];
    Process::start("python3", folder, &python.display().to_string(), &args, "ready")
}
