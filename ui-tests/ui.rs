//! What must not compile, with what the compiler says; and what must, with every lint denied.
//!
//! `TRYBUILD=overwrite cargo test -p ui-tests` rewrites the texts: read them before they are committed.

use std::fs;
use std::path::{Path, PathBuf};

#[test]
fn ui() {
    let cases = trybuild::TestCases::new();
    cases.pass("pass/*.rs");
    cases.compile_fail("fail/*/*.rs");
}

/// One mistake is one message.
#[test]
fn each_mistake_is_one_error() {
    for path in expected(Path::new("fail")) {
        let text = fs::read_to_string(&path).expect("a readable file");
        let errors = text.lines().filter(|line| line.starts_with("error")).count();
        assert_eq!(errors, 1, "{}:\n{text}", path.display());
        assert!(!text.contains("warning:"), "{}:\n{text}", path.display());
    }
}

/// Every mistake has its expected text.
#[test]
fn each_mistake_has_its_text() {
    for family in entries(Path::new("fail")) {
        for case in entries(&family).into_iter().filter(|path| path.extension().is_some_and(|ext| ext == "rs")) {
            assert!(case.with_extension("stderr").exists(), "{} has no .stderr", case.display());
        }
    }
}

fn expected(root: &Path) -> Vec<PathBuf> {
    let files = entries(root).into_iter().flat_map(|family| entries(&family));
    files.filter(|path| path.extension().is_some_and(|ext| ext == "stderr")).collect()
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    let read = fs::read_dir(folder).expect("a readable folder");
    let mut paths: Vec<PathBuf> = read.map(|entry| entry.expect("a readable entry").path()).collect();
    paths.sort();
    paths
}
