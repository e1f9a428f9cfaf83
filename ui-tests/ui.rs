//! What must not compile, with what the compiler says; and what must, with every lint denied.
//!
//! `TRYBUILD=overwrite cargo test -p ui-tests` rewrites the texts: read them before they are committed. `ui-tests/count` shows how
//! many errors each case has.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// What rustc says more than once, whatever a macro does: a derive cannot take the struct away, and an attribute sees its item alone.
const EXCEPTIONS: [(&str, usize, &str); 6] = [
    (
        "guard/function_in_impl",
        3,
        "an attribute does not see that its function stands in an `impl` block, where there is no place for the guard's type",
    ),
    (
        "value/cow_elided",
        2,
        "rustc misses the lifetime in the struct itself (E0106), and advises to borrow all the more",
    ),
    ("value/guard_elided", 2, "the same"),
    ("value/reference_elided", 2, "the same"),
    ("value/trait_as_type", 2, "rustc wants `dyn` wherever the type stands (E0782), with other advice in a struct"),
    ("value/unknown_type", 2, "rustc misses the type wherever it stands (E0425), with other advice in a struct"),
];

#[test]
fn ui() {
    let cases = trybuild::TestCases::new();
    cases.pass("pass/*.rs");
    cases.compile_fail("fail/*/*.rs");
}

/// One mistake is one message, and no warning beside it.
#[test]
fn each_mistake_is_one_error() {
    let mut families: BTreeMap<String, (usize, usize)> = BTreeMap::new();
    let mut wrong = Vec::new();
    for case in cases() {
        let (errors, should) = (case.count("error"), case.should_have());
        println!("{:<48} {errors}", case.name);
        if errors != should {
            wrong.push(format!("{} has {errors} errors, and should have {should}", case.name));
        }
        if case.count("warning") > 0 {
            wrong.push(format!("{} has a warning", case.name));
        }
        let (cases, total) = families.entry(case.family().to_owned()).or_default();
        *cases += 1;
        *total += errors;
    }
    println!("\n{:<10} {:>5} {:>6}", "family", "cases", "errors");
    for (family, (cases, errors)) in &families {
        println!("{family:<10} {cases:>5} {errors:>6}");
    }
    for (name, _, why) in EXCEPTIONS {
        println!("{name}: {why}");
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

/// Every mistake has its text, every text its mistake, and every exception its case.
#[test]
fn each_mistake_has_its_text() {
    for path in entries(Path::new("fail")).iter().flat_map(|family| entries(family)) {
        let other = if path.extension().is_some_and(|ext| ext == "rs") { "stderr" } else { "rs" };
        assert!(path.with_extension(other).exists(), "{} has no .{other}", path.display());
    }
    let names: Vec<String> = cases().into_iter().map(|case| case.name).collect();
    for (name, ..) in EXCEPTIONS {
        assert!(names.iter().any(|case| case == name), "{name} is no case");
    }
}

/// One file that must not compile, and what the compiler says of it.
struct Case {
    /// `value/rc`.
    name: String,
    source: String,
    text: String,
}

impl Case {
    fn family(&self) -> &str {
        self.name.split('/').next().unwrap_or_default()
    }

    fn count(&self, kind: &str) -> usize {
        self.text.lines().filter(|line| line.starts_with(kind)).count()
    }

    /// One, unless it is an exception; in the family `several`, what the first line says: `//~ errors: 3`.
    fn should_have(&self) -> usize {
        let said = self.source.lines().next().and_then(|line| line.strip_prefix("//~ errors: "));
        match (said, self.family()) {
            (Some(said), "several") => said.parse().unwrap_or_else(|_| panic!("{}: `{said}` is no number", self.name)),
            (None, "several") => panic!("{}: its first line says how many errors it has, `//~ errors: 3`", self.name),
            (Some(_), _) => panic!("{}: one mistake is one message, but for the family `several`", self.name),
            (None, _) => EXCEPTIONS.iter().find(|(name, ..)| *name == self.name).map_or(1, |(_, errors, _)| *errors),
        }
    }
}

fn cases() -> Vec<Case> {
    let files = entries(Path::new("fail")).into_iter().flat_map(|family| entries(&family));
    files.filter(|path| path.extension().is_some_and(|ext| ext == "rs")).map(read).collect()
}

fn read(path: PathBuf) -> Case {
    let stem = path.with_extension("");
    let name = stem.strip_prefix("fail").expect("in this folder").display().to_string();
    let source = fs::read_to_string(&path).expect("a readable file");
    let text = fs::read_to_string(path.with_extension("stderr")).unwrap_or_default();
    Case { name, source, text }
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    let read = fs::read_dir(folder).expect("a readable folder");
    let mut paths: Vec<PathBuf> = read.map(|entry| entry.expect("a readable entry").path()).collect();
    paths.sort();
    paths
}
