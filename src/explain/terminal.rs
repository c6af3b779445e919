//! Blocks for a terminal: as wide as it is, in colour where that is wanted.

use super::Block;
use crate::report::{Role, Style, wrap};

/// Lines longer than this are hard to read, however wide the terminal.
const WIDEST: usize = 100;
/// A name that is longer has its meaning on the lines below.
const LONGEST: usize = 24;

/// `blocks` as text.
pub fn terminal(blocks: &[Block], style: Style) -> String {
    let width = style.width.min(WIDEST);
    let mut page = String::new();
    let mut before = None;
    for block in blocks {
        // What stands below the name of a part follows at once; everything else after an empty line.
        if before.is_some_and(|before| !matches!(before, &Block::Part(_))) {
            page.push('\n');
        }
        before = Some(block);
        match block {
            Block::Heading(title, beside) => {
                let gap = width.saturating_sub(title.chars().count() + beside.chars().count()).max(1);
                let gap = if beside.is_empty() { 0 } else { gap };
                page += &format!("{}{}{}\n", style.paint(Role::Strong, title), " ".repeat(gap), style.paint(Role::Faint, beside));
            }
            Block::Part(name) => page += &format!("{}\n", style.paint(Role::Help, name)),
            Block::Text(text) => wrap(text, width).iter().for_each(|line| page += &format!("{line}\n")),
            Block::Terms(entries) => page += &terms(entries, width, style),
            Block::Script(text) => {
                text.trim_end().lines().for_each(|line| page += &format!("{}\n", format!("    {line}").trim_end()))
            }
        }
    }
    page
}

/// Names on the left, what is said of them on the right.
fn terms(entries: &[(String, String)], width: usize, style: Style) -> String {
    let length = |name: &str| name.chars().count();
    let column = entries.iter().map(|(name, _)| length(name)).filter(|&count| count <= LONGEST).max().unwrap_or(LONGEST);
    let mut page = String::new();
    for (name, text) in entries {
        let lines = wrap(text, width.saturating_sub(column + 4));
        let mut lines = lines.iter();
        let painted = style.paint(Role::Strong, name);
        match column.checked_sub(length(name)) {
            Some(gap) => {
                page += &format!("  {painted}{}  {}\n", " ".repeat(gap), lines.next().map_or("", String::as_str));
            }
            None => page += &format!("  {painted}\n"),
        }
        for line in lines {
            page += &format!("  {}  {line}\n", " ".repeat(column));
        }
    }
    page
}
