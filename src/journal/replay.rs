//! A journal that is read again, line by line: whole, or cut where its run or its disk came to an end.

use super::{Event, Status, Summary, Verdict};
use std::fmt;

/// What a line of a journal cannot be longer than to be shown whole.
const SHOWN: usize = 60;

/// Reads a journal, one line at a time.
#[derive(Debug, Default)]
pub struct Reader {
    /// Lines that were read.
    lines: usize,
    /// The scenario that has begun and has no verdict yet.
    open: Option<String>,
    /// The verdicts so far.
    counted: Summary,
    /// What the journal itself says at its end.
    summary: Option<Summary>,
    /// Whether the last line is there in part only.
    torn: bool,
}

/// Why a text is no journal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Broken {
    /// The line, counted from 1.
    pub line: usize,
    /// What is wrong there.
    pub why: String,
}

/// What is missing of a journal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cut {
    /// The line of this number is there in part only.
    InLine(usize),
    /// There is no summary behind the line of this number.
    Behind(usize),
}

impl fmt::Display for Cut {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::InLine(line) => {
                write!(f, "ends in the middle of line {line}: its run was cut short, and what stands before is reported")
            }
            Self::Behind(0) => f.write_str("is empty: its run was cut short"),
            Self::Behind(line) => {
                write!(f, "ends behind line {line} without a summary: its run was cut short, and what is there is reported")
            }
        }
    }
}

impl Reader {
    /// Takes the next line, with its line break if it has one; gives its event, and none for the part of one with which a journal may end.
    ///
    /// # Errors
    ///
    /// When the line is whole and no event, or stands where none can.
    pub fn take(&mut self, line: &[u8]) -> Result<Option<Event>, Broken> {
        self.lines += 1;
        let broken = |why: String| Err(Broken { line: self.lines, why });
        if self.summary.is_some() {
            return broken("the journal has ended with the summary before; give each journal as a file of its own".into());
        }
        match serde_json::from_slice::<Event>(line) {
            Ok(event) => {
                self.note(&event);
                Ok(Some(event))
            }
            // Only the end of the text, in place of a line break, makes a part of what is no event.
            Err(_) if !line.ends_with(b"\n") && line.starts_with(b"{") => {
                self.torn = true;
                Ok(None)
            }
            Err(error) => broken(what_is_wrong(line, &error)),
        }
    }

    fn note(&mut self, event: &Event) {
        match event {
            Event::Scenario(begun) => self.open = Some(begun.id.clone()),
            Event::Verdict(verdict) => {
                self.open = None;
                self.counted.count(verdict.status);
            }
            Event::Summary(summary) => self.summary = Some(*summary),
            _ => {}
        }
    }

    /// The journal has ended: what is missing of it, if anything, and the events that take its place, so that every report comes to its end:
    /// a scenario that was cut off has failed, and the summary counts what is there.
    pub fn end(mut self) -> (Option<Cut>, Vec<Event>, Summary) {
        if let Some(summary) = self.summary {
            return (None, Vec::new(), summary);
        }
        let mut missing = Vec::new();
        if let Some(id) = self.open.take() {
            let reason = Some("the journal ends in this scenario".into());
            self.counted.count(Status::Failed);
            missing.push(Event::Verdict(Verdict { id, status: Status::Failed, reason }));
        }
        missing.push(Event::Summary(self.counted));
        let cut = if self.torn { Cut::InLine(self.lines) } else { Cut::Behind(self.lines) };
        (Some(cut), missing, self.counted)
    }
}

/// What a line is instead of an event.
fn what_is_wrong(line: &[u8], error: &serde_json::Error) -> String {
    if let Ok(value) = serde_json::from_slice::<serde_json::Value>(line) {
        return match value.get("event").and_then(|kind| kind.as_str()) {
            Some(kind) => format!("this is no `{kind}` event that this version knows: {}", without_place(error)),
            None => "this is JSON, but no event".into(),
        };
    }
    let text = String::from_utf8_lossy(line);
    let text = text.trim_end();
    match text.char_indices().nth(SHOWN) {
        Some((at, _)) => format!("expected an event, found `{}…`", &text[..at]),
        None => format!("expected an event, found `{text}`"),
    }
}

/// The error without its place: each line is a text of its own, so that the place would be in line 1.
fn without_place(error: &serde_json::Error) -> String {
    let text = error.to_string();
    text.split(" at line ").next().unwrap_or(&text).to_owned()
}
