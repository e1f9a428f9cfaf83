//! What a user takes in with a dependency: which crates, and under which licences.

use std::collections::BTreeSet;
use std::process::Command;

/// Licences that may be part of any program.
const LICENCES: [&str; 9] = [
    "MIT",
    "Apache-2.0",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "BSL-1.0",
    "ISC",
    "Zlib",
    "Unicode-3.0",
    "Apache-2.0 WITH LLVM-exception",
];

/// The crates that a package brings along, each as "name licence".
fn tree(package: &str, features: &str) -> BTreeSet<String> {
    let output = Command::new(env!("CARGO"))
        .args(["tree", "--locked", "--edges", "normal", "--prefix", "none", "--no-dedupe", "--format", "{p}|{l}"])
        .args(["--package", package, "--no-default-features", "--features", features])
        .current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
        .output()
        .expect("cargo runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).expect("cargo speaks UTF-8");
    text.lines().map(|line| line.to_owned()).collect()
}

fn names(tree: &BTreeSet<String>) -> BTreeSet<&str> {
    tree.iter().filter_map(|line| line.split_whitespace().next()).collect()
}

/// DESIGN.md, section 3: the core's default tree has no framework, no database driver and no async runtime.
#[test]
fn the_core_brings_no_framework_runtime_or_driver() {
    let tree = tree("session-runtime", "");
    let found = names(&tree);
    for unwanted in [
        "axum",
        "axum-core",
        "actix-web",
        "hyper",
        "tower",
        "tower-service",
        "tokio",
        "async-std",
        "smol",
        "redb",
        "sqlx",
        "redis",
    ] {
        assert!(!found.contains(unwanted), "the core depends on `{unwanted}`");
    }
    assert!(found.len() <= 33, "the core has grown to {} crates: {found:?}", found.len());
}

/// Sealing is pure Rust: no C compiler, no assembler.
#[test]
fn sealing_brings_little_and_no_c() {
    let (plain, sealed) = (tree("session-runtime", ""), tree("session-runtime", "sealed"));
    let found = names(&sealed);
    assert!(!found.contains("cc") && !found.contains("ring") && !found.contains("aws-lc-sys"), "{found:?}");
    let added: Vec<_> = found.difference(&names(&plain)).copied().collect();
    assert!(added.len() <= 15, "sealing adds {} crates: {added:?}", added.len());
}

/// Cookies bring JSON and percent-encoding, and no framework.
#[test]
fn cookies_bring_little() {
    let (plain, cookies) = (tree("session-runtime", ""), tree("session-runtime", "cookies"));
    let found = names(&cookies);
    let added: Vec<_> = found.difference(&names(&plain)).copied().collect();
    assert!(added.len() <= 4 && added.contains(&"serde_json"), "cookies add {} crates: {added:?}", added.len());
}

/// The embedded store needs no async runtime, so that it works under any.
#[test]
fn the_embedded_store_brings_no_runtime() {
    let tree = tree("cloakroom", "redb");
    let found = names(&tree);
    assert!(found.contains("redb"));
    assert!(!found.contains("tokio") && !found.contains("axum-core"), "{found:?}");
}

/// Many crates: redis-rs brings a runtime, a URL parser and a cluster client. Not more than today, and no TLS unless asked for.
#[test]
fn the_redis_store_brings_a_runtime_and_no_tls() {
    let (plain, tls) = (tree("cloakroom", "redis"), tree("cloakroom", "redis-tls"));
    let found = names(&plain);
    assert!(found.contains("tokio") && !found.contains("axum-core") && !found.contains("rustls"), "{found:?}");
    assert!(names(&tls).contains("rustls") && !names(&tls).contains("openssl"));
    assert!(found.len() <= 95, "the store has grown to {} crates: {found:?}", found.len());
}

/// opendal's core alone: services, TLS and an HTTP client come with the user's own `opendal`.
#[test]
fn the_object_store_brings_no_service_and_no_http_client() {
    let tree = tree("cloakroom", "opendal");
    let found = names(&tree);
    let services = found.iter().filter(|name| name.starts_with("opendal-service") || name.starts_with("opendal-http"));
    assert_eq!(services.count(), 0, "{found:?}");
    assert!(!found.contains("reqwest") && !found.contains("hyper") && !found.contains("rustls"), "{found:?}");
    assert!(found.len() <= 95, "the store has grown to {} crates: {found:?}", found.len());
}

/// Features only add what they are for.
#[test]
fn features_do_not_leak() {
    let (plain, axum) = (tree("cloakroom", ""), tree("cloakroom", "axum"));
    assert!(!names(&plain).contains("redb") && !names(&axum).contains("redb"));
    assert!(!names(&axum).contains("axum"), "handlers bring axum themselves; the adapter needs `axum-core` alone");
    assert!(!names(&axum).contains("actix-web"));
}

/// actix-web has no smaller core. Its macros, compression, HTTP/2 and TLS come with the user's own `actix-web`.
#[test]
fn actix_brings_itself_and_no_more() {
    let (plain, actix) = (tree("cloakroom", ""), tree("cloakroom", "actix"));
    let found = names(&actix);
    for unwanted in ["actix-macros", "axum-core", "brotli", "flate2", "h2", "openssl", "rustls", "tower-service"] {
        assert!(!found.contains(unwanted), "`actix` brings `{unwanted}`");
    }
    let added: Vec<_> = found.difference(&names(&plain)).copied().collect();
    assert!(added.len() <= 80, "`actix` adds {} crates: {added:?}", added.len());
}

/// Each database's feature brings its own driver alone, and no TLS, no dates, no macros.
#[test]
fn a_database_brings_its_own_driver_alone() {
    for (feature, driver, most) in
        [("postgres", "sqlx-postgres", 130), ("mysql", "sqlx-mysql", 115), ("sqlite", "sqlx-sqlite", 115)]
    {
        let tree = tree("cloakroom", feature);
        let found = names(&tree);
        let drivers: Vec<_> = found.iter().filter(|name| name.starts_with("sqlx-") && **name != "sqlx-core").collect();
        assert_eq!(drivers, [&driver]);
        for unwanted in ["axum-core", "redb", "rustls", "native-tls", "openssl", "chrono", "rsa", "sqlx-macros"] {
            assert!(!found.contains(unwanted), "`{feature}` brings `{unwanted}`");
        }
        assert!(found.len() <= most, "`{feature}` has grown to {} crates", found.len());
    }
}

#[test]
fn every_licence_is_permissive() {
    for line in tree(
        "cloakroom",
        "actix,axum,cookies,debug-view,metrics,mysql,opendal,postgres,redb,redis-tls,sealed,sqlite,testing",
    ) {
        let (package, licence) = line.split_once('|').expect("a package and its licence");
        let alternatives = licence.replace('/', " OR ").replace(['(', ')'], "");
        let fits =
            alternatives.split(" OR ").any(|choice| choice.split(" AND ").all(|part| LICENCES.contains(&part.trim())));
        assert!(fits, "`{package}` is under `{licence}`");
    }
}
