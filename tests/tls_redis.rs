//! Sessions over TLS: `rediss://` checks the server's certificate against the system's, and speaks to nobody else.
//!
//! The tests run this program again as a client: what the system trusts is said to it by a variable.

use std::path::Path;
use std::process::Command;
use std::time::{Duration, SystemTime};

use cloakroom::stores::RedisStore;
use cloakroom::{SessionStore as _, StoreKey};
use tests::servers::{RedisServer, free_port};

const URL: &str = "CLOAKROOM_TLS_URL";

#[tokio::test]
async fn client() {
    let Ok(url) = std::env::var(URL) else { return };
    let store = RedisStore::connect(&url).unwrap();
    let (key, at) = (StoreKey::from_bytes([7; 32]), SystemTime::now() + Duration::from_secs(60));
    let stored = match store.create(&key, "kept".into(), at).await {
        Ok(_) => store.load(&key).await.unwrap().map(|stored| stored.bytes),
        Err(error) => {
            println!("\nrefused: {error}");
            return;
        }
    };
    println!("\nstored: {stored:?}");
}

fn client_that_trusts(certificate: &Path, url: &str) -> String {
    let ran = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "client", "--nocapture"])
        .env(URL, url)
        .env("SSL_CERT_FILE", certificate)
        .env_remove("SSL_CERT_DIR")
        .output()
        .unwrap();
    String::from_utf8(ran.stdout).unwrap()
}

/// A key, and a certificate for `localhost` that it signed itself.
fn certificate(folder: &Path, name: &str) -> [String; 2] {
    let [key, certificate] = ["key", "pem"].map(|end| folder.join(format!("{name}.{end}")).display().to_string());
    let made = Command::new("openssl")
        .args(["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"])
        .args(["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"])
        .args(["-addext", "basicConstraints=critical,CA:FALSE", "-keyout", &key, "-out", &certificate])
        .output()
        .expect("`openssl` is missing: apt-get install openssl, or let tests/run do it");
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    [key, certificate]
}

#[test]
fn a_server_is_trusted_by_its_certificate_alone() {
    let folder = tempfile::tempdir().unwrap();
    let ([key, ours], [_, other]) = (certificate(folder.path(), "ours"), certificate(folder.path(), "other"));
    let port = free_port().to_string();
    let server = RedisServer::with(&[
        "--save",
        "",
        "--tls-port",
        &port,
        "--tls-key-file",
        &key,
        "--tls-cert-file",
        &ours,
        "--tls-auth-clients",
        "no",
    ]);
    let said = client_that_trusts(Path::new(&ours), &format!("rediss://localhost:{port}"));
    assert!(said.contains("stored: Some(b\"kept\")"), "{said}");
    for (trusted, host) in [(&other, "localhost"), (&ours, "127.0.0.1")] {
        let said = client_that_trusts(Path::new(trusted), &format!("rediss://{host}:{port}"));
        assert!(said.contains("refused: ") && said.contains("certificate"), "{said}");
    }
    assert_eq!(server.cli(&["DBSIZE"]).trim(), "1");
}
