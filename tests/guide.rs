//! What the guide claims: the tests that it names are there, its links lead somewhere, and none of its code goes unread by a compiler.

use std::fs;
use std::path::{Path, PathBuf};

fn root() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
}

fn text(path: impl AsRef<Path>) -> String {
    let path = root().join(path);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Every chapter: its file's name and its text.
fn chapters() -> Vec<(String, String)> {
    let entries = fs::read_dir(root().join("docs")).expect("there is a guide");
    let names =
        entries.map(|entry| entry.expect("a readable folder").file_name().into_string().expect("names in UTF-8"));
    let chapters: Vec<_> = names
        .filter(|name| name.ends_with(".md"))
        .map(|name| {
            let text = text(format!("docs/{name}"));
            (name, text)
        })
        .collect();
    assert!(chapters.len() > 8, "where has the guide gone?");
    chapters
}

/// The source of a test program, which is one file or a folder.
fn sources(program: &str) -> String {
    let (file, folder) = (format!("tests/{program}.rs"), format!("tests/{program}"));
    let mut paths: Vec<PathBuf> = vec![file.into()];
    if let Ok(entries) = fs::read_dir(root().join(&folder)) {
        paths.extend(entries.map(|entry| Path::new(&folder).join(entry.expect("a readable folder").file_name())));
    }
    let files = paths.iter().filter(|path| root().join(path).is_file());
    files.map(text).collect()
}

/// Is it a test there, by an attribute or in the list of those that run on every store or framework?
fn has_test(program: &str, test: &str) -> bool {
    let source = sources(program);
    let by_attribute = source.split("fn ").skip(1).zip(source.split("fn ")).any(|(item, before)| {
        let attributes = before.rsplit("\n\n").next().unwrap_or_default();
        item.starts_with(&format!("{test}(")) && (attributes.contains("test]") || attributes.contains("test("))
    });
    let in_lists = ["on_both!", "on_every_store!", "on_every_store_and_framework!"].iter().any(|list| {
        let lists = source.split(list).skip(1).filter_map(|rest| rest.split([')', '}']).next());
        lists.flat_map(|names| names.split(|c: char| !(c.is_alphanumeric() || c == '_'))).any(|name| name == test)
    });
    by_attribute || in_lists
}

/// The words in backticks that look like `program::test_name`.
fn named_tests(text: &str) -> impl Iterator<Item = (&str, &str)> {
    let is_name = |name: &str| {
        !name.is_empty() && name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
    };
    text.split('`').skip(1).step_by(2).filter_map(move |word| {
        word.split_once("::").filter(|(program, test)| is_name(program) && is_name(test) && test.contains('_'))
    })
}

#[test]
fn every_test_that_the_security_model_names_exists() {
    let security = text("docs/security.md");
    let mut missing = Vec::new();
    let mut named = 0;
    for (program, test) in named_tests(&security) {
        named += 1;
        if !has_test(program, test) {
            missing.push(format!("{program}::{test}"));
        }
    }
    assert!(named > 40, "only {named} tests are named");
    assert!(missing.is_empty(), "there are no such tests: {missing:#?}");
    assert!(
        !has_test("expiry", "a_test_that_nobody_wrote")
            && !has_test("nothing", "a_pause_of_the_idle_time_ends_the_session")
    );
}

/// A row of a table that names no test has to say why, in its last column.
#[test]
fn every_row_of_the_security_model_shows_a_test_or_says_whose_part_it_is() {
    let security = text("docs/security.md");
    let rows = security
        .lines()
        .filter(|line| line.starts_with('|') && !line.starts_with("|---") && !line.contains("| shown by |"));
    let mut count = 0;
    for row in rows {
        count += 1;
        let last = row.trim_end_matches('|').rsplit('|').next().unwrap_or_default();
        assert!(named_tests(last).next().is_some() || last.contains("yours"), "neither a test nor a reason: {row}");
    }
    assert!(count > 30, "only {count} rows");
}

#[test]
fn every_chapter_is_listed_and_in_the_crates_documentation() {
    let (contents, module) = (text("docs/README.md"), text("src/guide.rs"));
    for (name, text) in chapters() {
        assert!(text.lines().count() <= 160, "{name} is too long for a reader in a hurry");
        if name != "README.md" {
            assert!(contents.contains(&format!("]: {name}")), "the table of contents lacks {name}");
        }
        assert!(module.contains(&format!("{name}\"")), "`cloakroom::guide` lacks {name}");
    }
}

/// `[words][name]`, where `name` is defined at the chapter's end as a file, and for the crate's documentation in `src/guide/links.md`.
#[test]
fn every_link_leads_somewhere() {
    let links = text("src/guide/links.md");
    for (chapter, text) in chapters() {
        let outside_code: String = text.split("```").step_by(2).collect();
        for name in outside_code.split("][").skip(1).filter_map(|rest| rest.split(']').next()) {
            let definition = format!("\n[{name}]: ");
            let target = text.split(&definition).nth(1).and_then(|rest| rest.lines().next());
            let target = target.unwrap_or_else(|| panic!("{chapter} does not define [{name}]"));
            assert!(root().join("docs").join(target).exists(), "{chapter} links to {target}, which is not there");
            assert!(format!("\n{links}").contains(&definition), "src/guide/links.md does not define [{name}]");
        }
        for target in outside_code.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            assert!(
                target.starts_with("https://"),
                "{chapter}: {target} is no link in the crate's documentation; give it a name"
            );
        }
    }
}

/// The sources of the library.
fn library() -> String {
    fn add(folder: &Path, sources: &mut String) {
        for entry in fs::read_dir(folder).expect("a readable folder") {
            let path = entry.expect("a readable folder").path();
            if path.is_dir() {
                add(&path, sources);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                sources.push_str(&text(path));
            }
        }
    }
    let mut sources = String::new();
    for folder in ["src", "session-runtime/src"] {
        add(&root().join(folder), &mut sources);
    }
    sources
}

/// What is logged at a level: each event's fields, and its text as far as that is the same each time.
fn logged<'s>(sources: &'s str, level: &str) -> Vec<(Vec<&'s str>, &'s str)> {
    let call = format!("tracing::{level}!(");
    let events = sources.split(&call).skip(1).map(|rest| {
        // The text comes last, so its closing quote is followed by the end of the call or of the line.
        let mut quotes = rest.match_indices('"').map(|(at, _)| at);
        let end = quotes.find(|at| rest[at + 1..].starts_with([')', '\n'])).expect("an event has a text");
        let (fields, event) = rest[..end].rsplit_once('"').expect("a text begins");
        let fields = fields.split(',').map(|field| field.split(" = ").next().unwrap_or_default().trim());
        let fields = fields.map(|field| field.trim_start_matches(['%', '?'])).filter(|field| !field.is_empty());
        (fields.collect(), event.split('{').next().unwrap_or_default())
    });
    events.collect()
}

/// The table in the documentation of `cloakroom::observe`.
#[test]
fn every_event_of_note_is_in_the_table_and_the_table_has_no_others() {
    let (sources, observe) = (library(), text("session-runtime/src/observe.rs"));
    for level in ["error", "warn", "info"] {
        let events = logged(&sources, level);
        let start = format!("//! | `{level}` | ");
        let rows: Vec<_> = observe.lines().filter_map(|line| line.strip_prefix(&*start)?.rsplit_once(" | ")).collect();
        assert!(events.len() > 5 && rows.len() > 5, "{level}: {} events, {} rows", events.len(), rows.len());
        for (fields, event) in &events {
            let row = rows.iter().find(|(named, _)| named.contains(event));
            let (_, listed) = row.unwrap_or_else(|| panic!("the table lacks the {level} {event:?}"));
            for field in fields {
                assert!(listed.contains(&format!("`{field}`")), "the table lacks `{field}` of the {level} {event:?}");
            }
        }
        for (named, _) in rows {
            assert!(events.iter().any(|(_, event)| named.contains(event)), "nothing logs the {level} {named}");
        }
    }
}

/// The events that an operator is told to watch for are in the sources, word for word.
#[test]
fn every_event_that_the_guide_names_is_logged() {
    let sources = library();
    let operating = text("docs/operating.md");
    let events: Vec<_> = operating.lines().filter_map(|line| line.strip_prefix("| \"")?.split('"').next()).collect();
    assert!(events.len() > 8);
    for event in events {
        assert!(sources.contains(&format!("\"{event}")), "nothing logs {event:?} any more");
    }
}

/// `cargo test --doc` compiles the blocks of Rust; so there must be no others, and none that the compiler skips.
#[test]
fn every_snippet_is_compiled() {
    const COMPILED: [&str; 4] = ["rust", "rust,no_run", "rust,compile_fail", "rust,should_panic"];
    const OTHERS: [&str; 4] = ["text", "toml", "sh", "html"];
    for (name, text) in chapters() {
        let mut open = false;
        for fence in text.lines().filter_map(|line| line.trim_start().strip_prefix("```")) {
            open = !open;
            let known = !open || COMPILED.iter().chain(&OTHERS).any(|word| *word == fence);
            assert!(known, "{name}: nobody compiles ```{fence}");
        }
        assert!(!open, "{name}: a block of code does not end");
    }
}

/// What `expansion.md` quotes stands in the snapshot, which a test of the macros compares with what they emit.
#[test]
fn what_the_guide_shows_of_the_expansion_is_what_the_derive_emits() {
    let squeezed = |code: &str| code.split_whitespace().collect::<Vec<_>>().join(" ");
    let snapshot = squeezed(&text("docs/expansion.rs"));
    let chapter = text("docs/expansion.md");
    let quotes: Vec<_> = chapter.split("```text\n").skip(1).filter_map(|rest| rest.split("```").next()).collect();
    assert!(quotes.len() > 3);
    for quote in quotes {
        for part in quote.split("// …") {
            assert!(snapshot.contains(&squeezed(part)), "the derive emits no such thing any more:\n{part}");
        }
    }
}

/// The functions that take over other libraries' sessions are tested in `migrating`; the guide shows these, letter by letter.
#[test]
fn what_the_guide_shows_of_migrating_is_what_is_tested() {
    let chapter = text("docs/moving-sessions.md");
    for file in ["tests/migrating/from_tower_sessions.rs", "tests/migrating/from_actix_session.rs"] {
        let source = text(file);
        let start = source.find("/// Takes over").expect("the function");
        assert!(chapter.contains(source[start..].trim()), "docs/moving-sessions.md shows something else than {file}");
    }
}
