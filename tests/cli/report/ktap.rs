//! The report in KTAP, against the rules by which the kernel's parser reads it.

use super::runs::{Made, SUMS, journal, live_and_replayed, replayed};
use ipcscript::journal::Status;
use regex::Regex;

/// A test as the kernel's parser knows it.
#[derive(Debug, PartialEq, Eq)]
struct Test {
    name: String,
    result: Result,
    /// The lines of `#` ahead of it.
    log: Vec<String>,
    tests: Vec<Test>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Result {
    Passed,
    Failed,
    Skipped,
}

/// Reads a report as `tools/testing/kunit/kunit_parser.py` does: a version line, a plan, and as many tests as it says, each a line of its own or
/// a version line, a name and a plan further in, its own tests, and then its line.
fn read(report: &str) -> Vec<Test> {
    let mut lines: Vec<&str> = report.lines().rev().collect();
    assert_eq!(lines.pop(), Some("KTAP version 1"));
    let tests = tests(&mut lines, "");
    assert!(lines.is_empty(), "lines are left: {lines:?}");
    tests
}

fn tests(lines: &mut Vec<&str>, indent: &str) -> Vec<Test> {
    let plan = lines.pop().and_then(|line| line.strip_prefix(indent)).expect("a plan");
    let count: usize =
        plan.strip_prefix("1..").expect("a plan").split(" # SKIP ").next().expect("a number").parse().expect("a number");
    (1..=count).map(|number| test(lines, indent, number)).collect()
}

fn test(lines: &mut Vec<&str>, indent: &str, number: usize) -> Test {
    let mut log = Vec::new();
    let inner = format!("{indent}    ");
    let own = |line: &str| line.strip_prefix(indent).expect("the indent of its test").to_owned();
    while lines.last().is_some_and(|line| line.starts_with(&format!("{indent}#"))) {
        log.push(own(lines.pop().expect("a line")));
    }
    let mut subtests = Vec::new();
    let mut header = None;
    if lines.last().is_some_and(|line| *line == format!("{inner}KTAP version 1")) {
        lines.pop();
        let name = lines.pop().and_then(|line| line.strip_prefix(&format!("{inner}# Subtest: "))).expect("the name of the test");
        header = Some(name.to_owned());
        subtests = tests(lines, &inner);
    }
    let line = own(lines.pop().expect("the line of the test"));
    // A name has no `#`, for it would begin a directive.
    let shape = Regex::new(r"^(ok|not ok) ([0-9]+) (- )?([^#]*?)( # SKIP (.+))?$").expect("a pattern");
    let parts = shape.captures(&line).unwrap_or_else(|| panic!("no line of a test: {line:?}"));
    assert_eq!(parts[2], number.to_string(), "{line}");
    let name = parts[4].to_owned();
    assert!(header.is_none_or(|header| header == name), "{line}");
    let result = match (&parts[1], parts.get(6)) {
        (_, Some(_)) => Result::Skipped,
        ("ok", None) => Result::Passed,
        _ => Result::Failed,
    };
    Test { name, result, log, tests: subtests }
}

#[test]
fn scripts_are_tests_and_scenarios_their_subtests() {
    let report = live_and_replayed("ktap");
    let read = read(&report);
    let suites: Vec<(&str, Result)> = read.iter().map(|suite| (suite.name.as_str(), suite.result)).collect();
    let expected =
        [("./odd & \"odd\"/titles.ipcs", Result::Failed), ("./skips.ipcs", Result::Skipped), ("./waits.ipcs", Result::Failed)];
    assert_eq!(suites, expected);
    let all: Vec<&Test> = read.iter().flat_map(|suite| &suite.tests).collect();
    let count = |result| all.iter().filter(|test| test.result == result).count();
    let counts = (count(Result::Passed), count(Result::Failed), count(Result::Skipped));
    assert_eq!(counts, (SUMS.passed, SUMS.diverged, SUMS.skipped));
    assert_eq!(all[0].name, "ok 7 - \u{ff03} SKIP <b>nothing</b> & more [undo=0]");
    // What was seen stands ahead of the line of its test, and nowhere else.
    for test in &all {
        assert_eq!(test.log.is_empty(), test.result != Result::Failed, "{test:?}");
    }
    let waits = &read[2].tests[0];
    assert_eq!(waits.log[0], "# blocks-instead");
    assert!(waits.log.iter().any(|line| line.contains("3 |     a: pause()")), "{waits:?}");
    assert!(
        report
            .lines()
            .filter(|line| line.trim_start().starts_with("# ") && !line.contains("Subtest"))
            .all(|line| line.is_ascii() || line.contains('語') || line.contains('é')),
        "{report}"
    );
}

#[test]
fn failures_and_empty_runs_are_told() {
    let made = |path, status, reason| Made { path, title: "t", line: 1, status, reason };
    let events = journal(&[made("a.ipcs", Status::Failed, "its worker was killed"), made("b.ipcs", Status::Passed, "")]);
    let out = replayed("ktap", &events);
    assert_eq!(out.code, 3, "{out:?}");
    let suites = read(&out.stdout);
    assert_eq!(suites.iter().map(|suite| suite.result).collect::<Vec<_>>(), [Result::Failed, Result::Passed]);
    assert_eq!(suites[0].tests[0].log, ["# its worker was killed"]);
    let out = replayed("ktap", &journal(&[]));
    assert_eq!((out.code, out.stdout.as_str()), (4, "KTAP version 1\n1..0 # SKIP nothing was run\n"));
    assert_eq!(read(&out.stdout), []);
}
