//! What a reader needs of a script beside a timeline: the scenario, what sets it up, and what it has names for.

use super::article::blanks_kept;
use crate::journal::Taken;
use std::fmt::Write as _;
use std::ops::RangeInclusive;

/// The lines of `script` for the scenario whose title is on line `title`.
pub(super) fn excerpt(script: &str, title: usize, steps: &[Taken]) -> String {
    let lines: Vec<&str> = script.lines().collect();
    let mut blocks = vec![block(&lines, title)];
    for taken in steps {
        if !blocks.iter().any(|block| block.contains(&taken.line)) && (1..=lines.len()).contains(&taken.line) {
            blocks.push(block(&lines, taken.line));
        }
    }
    let is_named = |line: &str| ["const ", "def "].iter().any(|word| line.starts_with(word));
    let shows = |number: usize, line: &str| is_named(line) || blocks.iter().any(|block| block.contains(&number));
    let mut page = "<div class=\"script\" tabindex=\"0\" role=\"region\" aria-label=\"Script\"><ol>\n".to_owned();
    for (number, line) in (1..).zip(&lines).filter(|(number, line)| shows(*number, line)) {
        let _ = writeln!(page, "<li data-line=\"{number}\" value=\"{number}\"><code>{}</code></li>", blanks_kept(line));
    }
    page + "</ol></div>\n"
}

/// The lines of the block at the left edge in which a line stands, with the comment above it.
fn block(lines: &[&str], line: usize) -> RangeInclusive<usize> {
    let at = |number: usize| lines.get(number.wrapping_sub(1)).copied().unwrap_or("");
    let is_edge = |text: &str| text.starts_with(|first: char| first.is_alphabetic());
    let mut first = line;
    while first > 1 && !is_edge(at(first)) {
        first -= 1;
    }
    let mut last = first;
    if at(first).trim_end().ends_with('{') {
        while last < lines.len() && !at(last).starts_with('}') {
            last += 1;
        }
    }
    while first > 1 && at(first - 1).starts_with('#') {
        first -= 1;
    }
    first..=last.max(line)
}
