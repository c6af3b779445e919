//! The report as a page: all scenarios in one file, each with its script beside its timeline and a slider through its states. It asks for nothing
//! that it does not bring along.

mod article;
mod excerpt;
mod orders;
mod steps;
#[cfg(test)]
mod tests;

use self::article::article;
use super::Report;
use super::case::Gathering;
use super::svg::STYLE;
use crate::journal::{Event, Script, Summary};
use std::io::{self, Write};
use std::time::Duration;

/// Writes the page to `out`, at the end.
pub fn html(out: Box<dyn Write>) -> Box<dyn Report> {
    Box::new(Html {
        out,
        gathering: Gathering::default(),
        scripts: Vec::new(),
        page: String::new(),
        count: 0,
        done: Summary::default(),
    })
}

const CSS: &str = include_str!("html/page.css");
const SCRIPT: &str = include_str!("html/page.js");
/// Nothing may be asked for, whatever the page holds.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:";

struct Html {
    out: Box<dyn Write>,
    gathering: Gathering,
    scripts: Vec<Script>,
    page: String,
    count: usize,
    done: Summary,
}

impl Report for Html {
    fn take(&mut self, event: &Event) -> io::Result<()> {
        if let Event::Script(script) = event {
            self.scripts.push(script.clone());
        }
        if let Some(case) = self.gathering.take(event) {
            if let Some(status) = case.status {
                self.done.count(status);
            }
            self.count += 1;
            let script = self.scripts.iter().rfind(|script| script.path == case.path).map(|script| script.text.as_str());
            self.page += &article(&case, script, self.count);
        }
        Ok(())
    }

    fn end(&mut self, _elapsed: Duration) -> io::Result<()> {
        let Summary { passed, diverged, skipped, failed } = self.done;
        let buttons: String = [("passed", passed), ("diverged", diverged), ("failed", failed), ("skipped", skipped)]
            .iter()
            .filter(|(_, count)| *count > 0)
            .map(|(status, count)| {
                format!("<button type=\"button\" class=\"{status}\" data-status=\"{status}\" aria-pressed=\"true\">{count} {status}</button>\n")
            })
            .collect();
        write!(
            self.out,
            "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
             <meta http-equiv=\"Content-Security-Policy\" content=\"{POLICY}\">\n\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
             <meta name=\"color-scheme\" content=\"light dark\">\n\
             <title>ipcscript</title>\n<link rel=\"icon\" href=\"data:,\">\n<style>\n{STYLE}{CSS}</style>\n</head>\n<body>\n\
             <header>\n<h1>ipcscript</h1>\n<div class=\"filters\">\n\
             <label><span class=\"hint\">Filter</span> <input type=\"search\" id=\"filter\" placeholder=\"path or title (/)\" \
             autocomplete=\"off\" spellcheck=\"false\"></label>\n\
             <div role=\"group\" aria-label=\"Which results\">\n{buttons}</div>\n</div>\n\
             <p id=\"shown\" class=\"hint\" role=\"status\"></p>\n</header>\n<main>\n{}</main>\n\
             <footer class=\"hint\">Keys: <kbd>/</kbd> filter, <kbd>↑</kbd> <kbd>↓</kbd> scenarios, <kbd>Enter</kbd> open and close, \
             <kbd>←</kbd> <kbd>→</kbd> steps of the open one, <kbd>Tab</kbd> everything else.</footer>\n\
             <script>\n{SCRIPT}</script>\n</body>\n</html>\n",
            self.page
        )?;
        self.out.flush()
    }
}
