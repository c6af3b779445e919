//! The report for `prove` and its like: the Test Anything Protocol, version 13, one line a scenario as it ends.

use super::case::{Case, Gathering};
use super::diagnosis::said;
use super::visible::clean;
use super::{Report, Style, one_line};
use crate::journal::{Event, Status};
use std::io::{self, Write};
use std::time::Duration;

/// Writes the report to `out`. The plan stands at its end, so that a report which was cut off is seen to be.
pub fn tap(out: Box<dyn Write>) -> Box<dyn Report> {
    Box::new(Tap { out, gathering: Gathering::default(), begun: false, told: 0 })
}

struct Tap {
    out: Box<dyn Write>,
    gathering: Gathering,
    begun: bool,
    told: usize,
}

/// How a report looks that programs take apart: where it is read does not change it.
const STYLE: Style = Style::PLAIN;

impl Report for Tap {
    fn take(&mut self, event: &Event) -> io::Result<()> {
        self.begin()?;
        match self.gathering.take(event) {
            Some(case) => self.tell(&case),
            None => Ok(()),
        }
    }

    fn end(&mut self, _elapsed: Duration) -> io::Result<()> {
        self.begin()?;
        match self.told {
            0 => writeln!(self.out, "1..0 # SKIP nothing was run")?,
            told => writeln!(self.out, "1..{told}")?,
        }
        self.out.flush()
    }
}

impl Tap {
    fn begin(&mut self) -> io::Result<()> {
        if !std::mem::replace(&mut self.begun, true) {
            writeln!(self.out, "TAP version 13")?;
        }
        Ok(())
    }

    fn tell(&mut self, case: &Case) -> io::Result<()> {
        self.told += 1;
        let (number, id) = (self.told, description(&case.id));
        match case.status {
            Some(Status::Passed) => writeln!(self.out, "ok {number} - {id}")?,
            Some(Status::Skipped) => writeln!(self.out, "ok {number} - {id} # SKIP {}", case.message(STYLE))?,
            _ => writeln!(self.out, "not ok {number} - {id}")?,
        }
        let block = block(case);
        if !block.is_empty() {
            write!(self.out, "  ---\n{block}  ...\n")?;
        }
        self.out.flush()
    }
}

/// What stands behind a test's number: a `#` would begin a directive.
fn description(id: &str) -> String {
    one_line(id, STYLE.glyphs).replace('\\', r"\\").replace('#', r"\#")
}

/// What is to be said of a scenario, in the little of YAML that every reader of TAP knows.
fn block(case: &Case) -> String {
    let mut block = String::new();
    let mut line = |key: &str, value: &str| block += &format!("  {key}: {value}\n");
    if !matches!(case.status, Some(Status::Passed | Status::Skipped)) {
        line("message", &quoted(&case.message(STYLE)));
        line("severity", "fail");
        line("code", &quoted(case.code()));
        let place = case.surprises.first().map(|first| (&first.path, first.line));
        let (path, at) = place.unwrap_or((&case.path, case.line));
        line("file", &quoted(path));
        line("line", &at.to_string());
        for (key, text) in case.surprises.first().into_iter().flat_map(said) {
            line(key, &quoted(text));
        }
        if let Some(order) = case.surprises.first().and_then(|first| first.order.as_ref()) {
            line("order", &quoted(&order.schedule));
        }
        line("diagnostic", &literal(&case.page(STYLE)));
    }
    if let Some(microseconds) = case.microseconds {
        line("duration_ms", &format!("{}.{:03}", microseconds / 1000, microseconds % 1000));
    }
    block
}

/// `text` in quotes.
fn quoted(text: &str) -> String {
    format!("\"{}\"", clean(text, STYLE.glyphs).replace('\\', r"\\").replace('"', "\\\"").replace('\n', r"\n"))
}

/// `text` with its lines, as a block: its first line has no indent, which is what shows how far the others are indented. Blank lines are
/// indented as well, for a reader may take one that is not for the end.
fn literal(text: &str) -> String {
    let lines = text.trim_end().lines().map(|line| format!("\n    {line}"));
    format!("|{}", lines.collect::<String>())
}
