//! One line of a drawing: what stands in which column of the page, in which colour. Something put later covers what was there.

use super::Style;
use super::style::Role;
use unicode_width::UnicodeWidthChar;

/// A line that is being drawn.
#[derive(Debug, Default)]
pub(super) struct Canvas {
    cells: Vec<Cell>,
}

/// One column.
#[derive(Debug, Clone)]
struct Cell {
    /// A character with the marks upon it; nothing in the right half of a wide one.
    text: String,
    role: Option<Role>,
}

impl Cell {
    fn blank() -> Self {
        Self { text: " ".into(), role: None }
    }
}

impl Canvas {
    /// Puts `text` where column `at` begins. Gives the column after it.
    pub fn put(&mut self, at: usize, text: &str, role: Option<Role>) -> usize {
        let mut at = at;
        for character in text.chars() {
            let width = character.width().unwrap_or(0);
            if self.cells.len() < at + width {
                self.cells.resize(at + width, Cell::blank());
            }
            if width == 0 {
                if let Some(cell) = at.checked_sub(1).and_then(|before| self.cells.get_mut(before)) {
                    cell.text.push(character);
                }
                continue;
            }
            self.cells[at] = Cell { text: character.into(), role };
            for half in 1..width {
                self.cells[at + half] = Cell { text: String::new(), role };
            }
            at += width;
        }
        at
    }

    /// Whether there is nothing in column `at`.
    pub fn is_blank(&self, at: usize) -> bool {
        self.cells.get(at).is_none_or(|cell| cell.text == " ")
    }

    /// The line, without blanks at its end.
    pub fn text(&self, style: Style) -> String {
        let end = self.cells.iter().rposition(|cell| cell.text != " ").map_or(0, |last| last + 1);
        let groups = self.cells[..end].chunk_by(|a, b| a.role == b.role);
        let draw = |group: &[Cell]| {
            let text: String = group.iter().map(|cell| cell.text.as_str()).collect();
            group.first().and_then(|cell| cell.role).map_or(text.clone(), |role| style.paint(role, &text))
        };
        groups.map(draw).collect()
    }
}
