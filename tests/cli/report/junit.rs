//! The report in JUnit's format: against its schema, by a crate, and by `xmllint` where there is one.

use super::runs::{Made, SUMS, journal, live_and_replayed, replayed};
use super::tool::ask;
use super::xsd::{Element, parse, violations};
use ipcscript::journal::Status;

const SCHEMA: &str = include_str!("junit.xsd");

/// The report, read back, after everybody who can was asked whether it keeps the schema.
fn read(report: &str) -> Element {
    let root = parse(report);
    assert_eq!(violations(&parse(SCHEMA), &root), Vec::<String>::new(), "{report}");
    let folder = tempfile::tempdir().expect("a folder");
    let schema = folder.path().join("junit.xsd");
    std::fs::write(&schema, SCHEMA).expect("a file");
    if let Some(output) = ask("xmllint", &["--noout", "--schema", &schema.to_string_lossy(), "-"], report) {
        assert!(output.status.success(), "{output:?}\n{report}");
    }
    root
}

fn number(element: &Element, name: &str) -> usize {
    element.get(name).unwrap_or("0").parse().expect("a number")
}

/// The cases in which an element of this name stands.
fn with<'a>(cases: &'a [&'a Element], name: &'a str) -> Vec<&'a Element> {
    cases.iter().filter(|case| case.all(name).next().is_some()).copied().collect()
}

#[test]
fn suites_are_scripts_and_cases_scenarios() {
    let report = live_and_replayed("junit");
    let root = read(&report);
    assert_eq!((number(&root, "tests"), number(&root, "failures"), number(&root, "errors")), (6, SUMS.diverged, 0));
    let suites: Vec<&Element> = root.all("testsuite").collect();
    let names: Vec<Option<&str>> = suites.iter().map(|suite| suite.get("name")).collect();
    assert_eq!(names, [Some("./odd & \"odd\"/titles.ipcs"), Some("./skips.ipcs"), Some("./waits.ipcs")]);
    for suite in &suites {
        let cases: Vec<&Element> = suite.all("testcase").collect();
        assert_eq!(number(suite, "tests"), cases.len());
        assert_eq!(number(suite, "failures"), with(&cases, "failure").len());
        assert_eq!(number(suite, "skipped"), with(&cases, "skipped").len());
        assert!(cases.iter().all(|case| case.get("classname") == suite.get("name")), "{suite:?}");
        let properties = suite.all("properties").next().expect("properties");
        assert_eq!(properties.all("property").map(|property| property.get("name")).collect::<Vec<_>>(), [Some("steps")]);
    }
    let cases: Vec<&Element> = suites.iter().flat_map(|suite| suite.all("testcase")).collect();
    assert_eq!(cases[1].get("name"), Some("ok 7 - # SKIP <b>nothing</b> & more [undo=SEM_UNDO]"));
    assert_eq!(cases[2].get("name"), Some(r"--- \\ ... 100% `code` | ::error::é 語".replace(r"\\", r"\").as_str()));
    let failure = cases[2].all("failure").next().expect("it diverged");
    assert_eq!(failure.get("type"), Some("wrong-value"));
    // The whole of what is drawn comes back, and nothing that steers a terminal.
    assert!(
        failure.text.contains("a: read(r, 64)      -> \"]]> & <y>\"") && failure.text.contains("\n    ·     "),
        "{}",
        failure.text
    );
    assert!(!report.contains('\x1b') && !report.contains("time="), "{report}");
    let skipped = cases[3].all("skipped").next().expect("it was skipped");
    assert!(skipped.get("message").is_some_and(|why| why.starts_with("needs kernel >= 99: this is Linux")), "{skipped:?}");
}

#[test]
fn failures_of_the_engine_are_errors() {
    let made = |title, status, reason| Made { path: "a.ipcs", title, line: 1, status, reason };
    let events = journal(&[
        made("lost\u{1b}[31m", Status::Failed, "its worker was killed\u{0}\u{fffe}"),
        made("other", Status::Diverged, "`pause` gave `EINTR`\nwhere `EPERM` was expected"),
        made("fine", Status::Passed, ""),
    ]);
    let out = replayed("junit", &events);
    assert_eq!(out.code, 3, "{out:?}");
    let root = read(&out.stdout);
    assert_eq!((number(&root, "tests"), number(&root, "failures"), number(&root, "errors")), (3, 1, 1));
    let suite = root.all("testsuite").next().expect("a suite");
    let cases: Vec<&Element> = suite.all("testcase").collect();
    let error = cases[0].all("error").next().expect("an error");
    assert_eq!((error.get("type"), error.get("message")), (Some("failed"), Some("its worker was killed␀\u{fffd}")));
    assert_eq!(cases[0].get("name"), Some("lost␛[31m"));
    let failure = cases[1].all("failure").next().expect("a failure");
    assert_eq!(failure.get("message"), Some("`pause` gave `EINTR` where `EPERM` was expected"));
}

#[test]
fn a_run_of_nothing_is_a_report_too() {
    let out = replayed("junit", &journal(&[]));
    assert_eq!(out.code, 4, "{out:?}");
    let root = read(&out.stdout);
    assert_eq!((number(&root, "tests"), root.children.len()), (0, 0));
}
