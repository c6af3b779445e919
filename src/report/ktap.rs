//! The report for the kernel's own tools: KTAP, version 1, with a test for each script and the script's scenarios as its subtests.

use super::case::{Case, Gathering, by_path};
use super::{Glyphs, Report, Style, one_line};
use crate::journal::{Event, Machine, Status};
use std::io::{self, Write};
use std::time::Duration;

/// Writes the report to `out`. The plans stand ahead of the tests, so that everything is written at the end of the run.
pub fn ktap(out: Box<dyn Write>) -> Box<dyn Report> {
    Box::new(Ktap { out, gathering: Gathering::default(), cases: Vec::new(), machines: Vec::new() })
}

struct Ktap {
    out: Box<dyn Write>,
    gathering: Gathering,
    cases: Vec<Case>,
    machines: Vec<Machine>,
}

/// What is read beside a kernel's log is written in its characters.
const STYLE: Style = Style { glyphs: Glyphs::Ascii, ..Style::PLAIN };

impl Report for Ktap {
    fn take(&mut self, event: &Event) -> io::Result<()> {
        if let Event::Machine(machine) = event {
            self.machines.push(machine.clone());
        }
        self.cases.extend(self.gathering.take(event));
        Ok(())
    }

    fn end(&mut self, _elapsed: Duration) -> io::Result<()> {
        let files = by_path(&self.cases);
        let out = &mut self.out;
        writeln!(out, "KTAP version 1")?;
        match files.len() {
            0 => writeln!(out, "1..0 # SKIP nothing was run")?,
            count => writeln!(out, "1..{count}")?,
        }
        for Machine { release, version, machine, .. } in &self.machines {
            writeln!(out, "# Linux {release} {version} {machine}")?;
        }
        for (number, (path, cases)) in files.iter().enumerate() {
            suite(out, number + 1, &name(path), cases)?;
        }
        out.flush()
    }
}

/// The test of one script.
fn suite(out: &mut dyn Write, number: usize, path: &str, cases: &[&Case]) -> io::Result<()> {
    const INDENT: &str = "    ";
    writeln!(out, "{INDENT}KTAP version 1\n{INDENT}# Subtest: {path}\n{INDENT}1..{}", cases.len())?;
    for (number, case) in cases.iter().enumerate() {
        let (number, title) = (number + 1, name(case.name()));
        if !matches!(case.status, Some(Status::Passed | Status::Skipped)) {
            // What is said of a test stands ahead of its line: there its readers look for it.
            for line in case.page(STYLE).lines() {
                writeln!(out, "{}", format!("{INDENT}# {line}").trim_end())?;
            }
        }
        if let Some(seconds) = case.seconds() {
            writeln!(out, "{INDENT}# {title}: {seconds} s")?;
        }
        writeln!(out, "{INDENT}{}", result(number, &title, case))?;
    }
    let skipped = |case: &&Case| case.status == Some(Status::Skipped);
    let fine = |case: &&Case| case.status == Some(Status::Passed);
    let word = if cases.iter().all(|case| fine(case) || skipped(case)) { "ok" } else { "not ok" };
    let directive = if cases.iter().all(skipped) { " # SKIP all of its scenarios are skipped" } else { "" };
    writeln!(out, "{word} {number} {path}{directive}")
}

fn result(number: usize, title: &str, case: &Case) -> String {
    match case.status {
        Some(Status::Passed) => format!("ok {number} {title}"),
        Some(Status::Skipped) => format!("ok {number} {title} # SKIP {}", case.message(STYLE)),
        _ => format!("not ok {number} {title}"),
    }
}

/// The name of a test: KTAP has no way to write a `#` in one, so that a wide one stands for it; and a name of digits alone, or none, would
/// not be taken for one.
fn name(text: &str) -> String {
    let text = one_line(text, STYLE.glyphs).replace('#', "\u{ff03}");
    if text.is_empty() || text.starts_with('-') { format!("'{text}'") } else { text }
}
