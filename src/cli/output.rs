//! Where reports go, and what is shown of mistakes.

use super::terminal;
use crate::journal::Event;
use crate::report::{Report, diagnostic, notice};
use crate::text::{Diagnostic, Source};
use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::Path;
use std::process;
use std::time::Duration;

/// A file with more mistakes than this shows these and counts the others.
const SHOWN: usize = 200;
/// What a shell gives for a process that SIGPIPE ended.
const NOBODY_READS: i32 = 128 + 13;

/// Shows all mistakes on standard error, and how many there are.
pub(super) fn show_mistakes(mistakes: &[Diagnostic], sources: &[Source]) {
    if mistakes.is_empty() {
        return;
    }
    let style = terminal::style(&io::stderr());
    let mut page = String::new();
    for group in mistakes.chunk_by(|a, b| a.span().source == b.span().source && a.labels.is_empty() == b.labels.is_empty()) {
        for mistake in group.iter().take(SHOWN) {
            page += &diagnostic(mistake, sources, style);
            page.push('\n');
        }
        if group.len() > SHOWN {
            page += &format!("and {} more of this file\n\n", group.len() - SHOWN);
        }
    }
    let errors = mistakes.iter().filter(|mistake| mistake.is_error()).count();
    let parts: Vec<String> = [(errors, "error"), (mistakes.len() - errors, "warning")]
        .into_iter()
        .filter(|&(count, _)| count > 0)
        .map(|(count, word)| counted(count, word))
        .collect();
    say(&format!("{page}{}\n", parts.join(", ")));
}

/// Says on standard error that something failed which is no script's fault.
pub(super) fn show_failure(code: &str, message: &str, help: Option<&str>) {
    say(&notice(code, message, help, terminal::style(&io::stderr())));
}

/// Writes to standard error. When even that fails there is nobody left to tell.
pub(super) fn say(text: &str) {
    let _ = io::stderr().lock().write_all(text.as_bytes());
}

/// Writes to standard output; ends quietly when nobody reads it.
pub(super) fn print(text: &str) -> io::Result<()> {
    let mut out = io::stdout().lock();
    out.write_all(text.as_bytes()).and_then(|()| out.flush()).map_err(end_if_unread)
}

/// `3 scenarios`, `1 scenario`.
pub(super) fn counted(count: usize, word: &str) -> String {
    format!("{count} {word}{}", if count == 1 { "" } else { "s" })
}

/// Where a report is written: the file, or standard output.
///
/// # Errors
///
/// When the file cannot be made.
pub(super) fn open(file: Option<&Path>) -> io::Result<Box<dyn Write>> {
    Ok(match file {
        Some(path) => Box::new(BufWriter::new(File::create(path)?)),
        None => Box::new(BufWriter::new(io::stdout())),
    })
}

/// Several reports of one run.
#[derive(Default)]
pub(super) struct Reports {
    /// They take each event in this order.
    pub list: Vec<Box<dyn Report>>,
    /// The first that went wrong in writing.
    pub error: Option<io::Error>,
}

impl Reports {
    /// Gives `event` to each report.
    pub fn take(&mut self, event: &Event) {
        self.each(|report| report.take(event));
    }

    /// Says how far the orders of the scenario at hand are.
    pub fn orders(&mut self, run: u64, of: Option<u64>) {
        self.each(|report| report.progress(run, of));
    }

    /// The run has ended.
    pub fn end(&mut self, elapsed: Duration) {
        self.each(|report| report.end(elapsed));
    }

    /// A report that could not write is given nothing more; the others go on.
    fn each(&mut self, mut act: impl FnMut(&mut dyn Report) -> io::Result<()>) {
        let error = &mut self.error;
        self.list.retain_mut(|report| match act(report.as_mut()) {
            Ok(()) => true,
            Err(why) => {
                error.get_or_insert(end_if_unread(why));
                false
            }
        });
    }
}

/// Ends the program when `error` says that the reader is gone, as SIGPIPE would have done: what we started ends with us.
fn end_if_unread(error: io::Error) -> io::Error {
    if error.kind() == io::ErrorKind::BrokenPipe {
        process::exit(NOBODY_READS);
    }
    error
}
