//! A histogram as litmus tools print it: a row for each kind of outcome, how many orders came to it, and one of them.

use super::orders::{grouped, valued};
use super::style::Role;
use super::visible::{columns, fit};
use super::{Glyphs, Style, one_line, wrap};
use crate::journal::{End, Kind};

/// More kinds than this are counted and not listed.
const LISTED: usize = 20;
/// A name or a value takes no more columns than this.
const WIDEST: usize = 20;
/// A bar has no fewer columns than this.
const SHORTEST: usize = 10;
/// The longest bar has no more columns than this.
const LONGEST: usize = 30;
/// An order that takes more lines than this is not shown.
const TALLEST: usize = 2;
/// What stands before the table, and between its columns.
const GAP: &str = "  ";

/// A row for each of `kinds`: the values, how many orders, a bar, and one order that came to it where it fits.
pub(super) fn histogram(kinds: &[Kind], style: Style) -> String {
    let listed = &kinds[..kinds.len().min(LISTED)];
    let names = names(listed);
    let table = table(listed, &names, style);
    let widths: Vec<usize> = (0..table[0].len()).map(|place| widest(table.iter().map(|row| row[place].text.as_str()))).collect();
    let taken: usize = widths.iter().map(|width| width + GAP.len()).sum();
    let room = style.width.saturating_sub(GAP.len() + taken);
    let mut page = if room < SHORTEST { list(listed, style) } else { String::new() };
    if page.is_empty() {
        let examples: Vec<String> = listed.iter().map(|kind| one_line(&kind.example.schedule, style.glyphs)).collect();
        let wanted = widest(examples.iter().map(String::as_str)) + GAP.len();
        let longest = room.saturating_sub(wanted).clamp(SHORTEST, LONGEST.min(room));
        let fits = |example: &String| longest + GAP.len() + columns(example) <= room;
        let bars = bars(listed, longest, style.glyphs);
        for (number, row) in table.iter().enumerate() {
            let cells: Vec<String> = row.iter().zip(&widths).map(|(cell, width)| cell.aligned(*width, style)).collect();
            let (bar, example) = match number.checked_sub(1) {
                None => ("", examples.iter().any(fits).then_some("for example")),
                Some(place) => (bars[place].as_str(), Some(examples[place].as_str()).filter(|_| fits(&examples[place]))),
            };
            let blanks = " ".repeat(longest - columns(bar));
            let line = format!("{GAP}{}{GAP}{bar}{blanks}{GAP}{}", cells.join(GAP), example.unwrap_or(""));
            page += &format!("{}\n", line.trim_end());
            if let Some(example) = number.checked_sub(1).map(|place| &examples[place]).filter(|example| !fits(example)) {
                page += &below(example, style);
            }
        }
    }
    page + &others(kinds, style)
}

/// What stands in one column of one row.
struct Cell {
    text: String,
    /// Words stand at the left of their column; values and numbers at the right.
    is_word: bool,
    role: Option<Role>,
}

impl Cell {
    fn value(text: String) -> Self {
        Self { text, is_word: false, role: None }
    }

    fn head(text: String) -> Self {
        Self { text, is_word: false, role: Some(Role::Faint) }
    }

    fn aligned(&self, width: usize, style: Style) -> String {
        let blanks = " ".repeat(width - columns(&self.text));
        let text = match self.role {
            Some(role) if !self.text.is_empty() => style.paint(role, &self.text),
            _ => self.text.clone(),
        };
        if self.is_word { text + &blanks } else { blanks + &text }
    }
}

/// The rows, with the heads first: a column for each name, one for how the orders ended unless all were complete, and their number.
fn table(kinds: &[Kind], names: &[&str], style: Style) -> Vec<Vec<Cell>> {
    let short = |text: &str| fit(&one_line(text, style.glyphs), WIDEST, style.ellipsis());
    let has_ends = names.is_empty() || kinds.iter().any(|kind| kind.end != End::Complete);
    let mut head: Vec<Cell> = names.iter().map(|name| Cell::head(short(name))).collect();
    head.extend(has_ends.then(|| Cell::head(String::new())));
    head.push(Cell::head("orders".into()));
    let row = |kind: &Kind| {
        let value = |name: &&str| kind.values.iter().find(|(of, _)| of == name).map_or("-".into(), |(_, value)| short(value));
        let mut row: Vec<Cell> = names.iter().map(|name| Cell::value(value(name))).collect();
        row.extend(has_ends.then(|| end(kind.end)));
        row.push(Cell::value(grouped(kind.orders)));
        row
    };
    std::iter::once(head).chain(kinds.iter().map(row)).collect()
}

/// How orders ended, in a word.
fn end(end: End) -> Cell {
    let (text, role) = match end {
        End::Complete => ("complete", Role::Good),
        End::Deadlock => ("deadlock", Role::Aside),
        End::Diverged => ("diverged", Role::Bad),
    };
    Cell { text: text.into(), is_word: true, role: Some(role) }
}

/// Every name that has a value, once.
fn names(kinds: &[Kind]) -> Vec<&str> {
    let mut names: Vec<&str> = Vec::new();
    for (name, _) in kinds.iter().flat_map(|kind| &kind.values) {
        if !names.contains(&name.as_str()) {
            names.push(name);
        }
    }
    names
}

/// A bar for each kind; the most frequent has all of the columns, and none has nothing.
fn bars(kinds: &[Kind], longest: usize, glyphs: Glyphs) -> Vec<String> {
    let most = kinds.iter().map(|kind| kind.orders).max().unwrap_or(0).max(1);
    let bar = |kind: &Kind| {
        let parts = |each: usize| {
            let whole = (longest * each) as u128;
            // No more than `whole`, as `orders` is no more than `most`.
            usize::try_from(whole * u128::from(kind.orders) / u128::from(most)).unwrap_or(0).max(1)
        };
        match glyphs {
            Glyphs::Ascii => "#".repeat(parts(1)),
            Glyphs::Unicode => {
                let eighths = parts(8);
                let rest = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"][eighths % 8];
                format!("{}{rest}", "█".repeat(eighths / 8))
            }
        }
    };
    kinds.iter().map(bar).collect()
}

/// The kinds one below the other, where there are more names than the page has room for.
fn list(kinds: &[Kind], style: Style) -> String {
    let mut page = String::new();
    let counted = widest(kinds.iter().map(|kind| grouped(kind.orders)));
    for (kind, bar) in kinds.iter().zip(bars(kinds, SHORTEST, style.glyphs)) {
        let end = end(kind.end);
        let word = end.role.map_or(end.text.clone(), |role| style.paint(role, &end.text));
        page +=
            &format!("{GAP}{:>counted$}{GAP}{bar}{}{GAP}{word}\n", grouped(kind.orders), " ".repeat(SHORTEST - columns(&bar)));
        let values: Vec<String> = kind.values.iter().map(valued).collect();
        let indent = " ".repeat(GAP.len() + counted + GAP.len());
        for line in wrap(&one_line(&values.join(", "), style.glyphs), style.width.saturating_sub(indent.len()).max(20)) {
            page += &format!("{indent}{line}\n");
        }
    }
    page
}

/// An order that has no room behind its bar; nothing if it would not even be short here.
fn below(example: &str, style: Style) -> String {
    let lines = wrap(example, style.width.saturating_sub(2 * GAP.len()));
    if lines.len() > TALLEST {
        return String::new();
    }
    lines.iter().map(|line| format!("{GAP}{GAP}{}\n", style.paint(Role::Faint, line))).collect()
}

/// The kinds that were not listed.
fn others(kinds: &[Kind], style: Style) -> String {
    let Some(others) = kinds.get(LISTED..).filter(|others| !others.is_empty()) else { return String::new() };
    let orders = others.iter().fold(0_u64, |sum, kind| sum.saturating_add(kind.orders));
    let count = grouped(others.len() as u64);
    let text = format!("{} and {count} more kinds, of {} orders together", style.ellipsis(), grouped(orders));
    format!("{GAP}{}\n", style.paint(Role::Faint, &text))
}

fn widest(texts: impl Iterator<Item = impl AsRef<str>>) -> usize {
    texts.map(|text| columns(text.as_ref())).max().unwrap_or(0)
}
