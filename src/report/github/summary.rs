//! The summary of a step: a page in Markdown, within the size that GitHub shows.

use crate::journal::{Machine, Status, Summary};
use crate::report::case::{Case, seconds_of};
use crate::report::{Glyphs, Style, one_line};
use std::fmt::Write;

/// Skipped scenarios with the same reason that are named; the others are counted.
const NAMED: usize = 20;
/// The longest line that says what is left out.
const FAREWELL: usize = 200;

/// The page, in at most `room` bytes: sums, then each divergence and failure, then what was skipped and why.
pub(super) fn page(cases: &[Case], machines: &[Machine], room: usize) -> String {
    let mut page = head(cases, machines);
    let bad: Vec<&Case> = cases.iter().filter(|case| !matches!(case.status, Some(Status::Passed | Status::Skipped))).collect();
    let skips = skips(cases);
    let all = bad.len() + skips.len();
    // What has no room any more is not drawn.
    for (number, part) in bad.into_iter().map(finding).chain(skips).enumerate() {
        if page.len() + part.len() + FAREWELL > room {
            let left = all - number;
            let _ = writeln!(page, "\n{left} more parts are left out, for a summary has its limit; another report has them all.");
            break;
        }
        page += &part;
    }
    if page.len() > room { String::new() } else { page }
}

fn head(cases: &[Case], machines: &[Machine]) -> String {
    let mut sums = Summary::default();
    cases.iter().filter_map(|case| case.status).for_each(|status| sums.count(status));
    let Summary { passed, diverged, skipped, failed } = sums;
    let mut head = String::from("### ipcscript\n\n| passed | diverged | failed | skipped |\n|---:|---:|---:|---:|\n");
    let _ = writeln!(head, "| {passed} | {diverged} | {failed} | {skipped} |\n");
    for Machine { release, machine, .. } in machines {
        let _ = writeln!(head, "Linux {} on {}\n", escaped(release), escaped(machine));
    }
    if let Some(seconds) = seconds_of(cases) {
        let _ = writeln!(
            head,
            "{seconds} s in scenarios
"
        );
    }
    head
}

/// A scenario that did not go as expected, open to be read.
fn finding(case: &Case) -> String {
    let text = case.page(Style::PLAIN);
    let fence = fence(&text);
    let (id, code) = (html(&one_line(&case.id, Glyphs::Unicode)), html(case.code()));
    format!("<details open><summary><b>{code}</b> {id}</summary>\n\n{fence}text\n{}\n{fence}\n\n</details>\n\n", text.trim_end())
}

/// A fence that nothing in `text` can close.
fn fence(text: &str) -> String {
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    "`".repeat(longest.max(2) + 1)
}

/// What was skipped, folded, by its reason.
fn skips(cases: &[Case]) -> Vec<String> {
    let mut reasons: Vec<(&str, Vec<&str>)> = Vec::new();
    for case in cases.iter().filter(|case| case.status == Some(Status::Skipped)) {
        match reasons.iter_mut().find(|(known, _)| *known == case.reason) {
            Some((_, ids)) => ids.push(&case.id),
            None => reasons.push((&case.reason, vec![&case.id])),
        }
    }
    let part = |(reason, ids): (&str, Vec<&str>)| {
        let reason = html(&one_line(reason, Glyphs::Unicode));
        let mut part = format!("<details><summary>skipped {}: {reason}</summary>\n\n", ids.len());
        for id in ids.iter().take(NAMED) {
            let _ = writeln!(part, "- {}", escaped(&one_line(id, Glyphs::Unicode)));
        }
        if ids.len() > NAMED {
            let _ = writeln!(part, "- and {} more", ids.len() - NAMED);
        }
        part + "\n</details>\n\n"
    };
    reasons.into_iter().map(part).collect()
}

/// `text` as it is, within the tags of HTML, where nothing is Markdown.
fn html(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// `text` as it is, neither Markdown nor HTML.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '<' => out += "&lt;",
            '>' => out += "&gt;",
            '&' => out += "&amp;",
            '\\' | '`' | '*' | '_' | '[' | ']' | '#' | '|' | '~' | '!' | '$' | '@' => {
                out.push('\\');
                out.push(character);
            }
            character => out.push(character),
        }
    }
    out
}
