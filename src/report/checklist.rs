//! A checklist: what is there and what is not, under headings, each unmet entry with what would mend it.

use super::style::Role;
use super::{Glyphs, Style, one_line, wrap};

/// One entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The heading that it stands under.
    pub heading: String,
    /// Whether it is met.
    pub mark: Mark,
    /// What it is about, and what was found.
    pub text: String,
    /// What would mend it.
    pub mend: Option<String>,
}

/// Whether an entry is met.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mark {
    /// It is.
    Met,
    /// It is not.
    Unmet,
}

/// Columns before the text of an entry.
const INDENT: &str = "    ";

/// The list as lines, each heading once before its entries, which stand together.
pub fn checklist(entries: &[Entry], style: Style) -> String {
    let mut page = String::new();
    for (number, group) in entries.chunk_by(|a, b| a.heading == b.heading).enumerate() {
        if number > 0 {
            page.push('\n');
        }
        let heading = group.first().map_or("", |entry| entry.heading.as_str());
        page += &format!("{}\n", one_line(heading, style.glyphs));
        for entry in group {
            page += &lines(entry, style);
        }
    }
    page
}

fn lines(entry: &Entry, style: Style) -> String {
    let (sign, role) = match (entry.mark, style.glyphs) {
        (Mark::Met, Glyphs::Unicode) => ("✓ ", Role::Good),
        (Mark::Met, Glyphs::Ascii) => ("ok", Role::Good),
        (Mark::Unmet, Glyphs::Unicode) => ("✗ ", Role::Bad),
        (Mark::Unmet, Glyphs::Ascii) => ("no", Role::Bad),
    };
    let room = style.width.saturating_sub(INDENT.len() + 1).max(20);
    let mut page = String::new();
    for (number, line) in wrap(&one_line(&entry.text, style.glyphs), room).into_iter().enumerate() {
        if number == 0 {
            page += &format!("  {} {line}\n", style.paint(role, sign));
        } else {
            page += &format!(" {INDENT}{line}\n");
        }
    }
    if let Some(mend) = &entry.mend {
        let mend = format!("help: {}", one_line(mend, style.glyphs));
        for (number, line) in wrap(&mend, room.saturating_sub(2)).into_iter().enumerate() {
            let line = match (number, line.strip_prefix("help:")) {
                (0, Some(rest)) => format!("{}{rest}", style.paint(Role::Help, "help:")),
                _ => format!("      {line}"),
            };
            page += &format!(" {INDENT}  {line}\n");
        }
    }
    page
}

#[cfg(test)]
mod tests {
    use super::{Entry, Mark, checklist};
    use crate::report::{Colour, Glyphs, Style};

    fn entries() -> Vec<Entry> {
        let entry = |heading: &str, mark, text: &str, mend: Option<&str>| Entry {
            heading: heading.into(),
            mark,
            text: text.into(),
            mend: mend.map(str::to_owned),
        };
        vec![
            entry("A world", Mark::Met, "a world: built", None),
            entry("Ids", Mark::Unmet, "a second user: there is no newuidmap", Some("`apt install uidmap`")),
        ]
    }

    #[test]
    fn what_is_missing_comes_with_its_remedy() {
        let page =
            "A world\n  ✓  a world: built\n\nIds\n  ✗  a second user: there is no newuidmap\n       help: `apt install uidmap`\n";
        assert_eq!(checklist(&entries(), Style::PLAIN), page);
    }

    #[test]
    fn colour_and_characters_are_the_readers() {
        let style = Style { glyphs: Glyphs::Ascii, colour: Colour::On, ..Style::PLAIN };
        let page = checklist(&entries(), style);
        assert!(page.contains("\x1b[32mok\x1b[0m a world: built"), "{page}");
        assert!(page.contains("\x1b[31mno\x1b[0m a second"), "{page}");
    }
}
