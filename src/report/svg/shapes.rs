//! What a drawing is made of: lines, heads of arrows, words, names.

use super::lanes::pixels;
use super::letters::escaped;
use crate::report::visible::columns;
use std::fmt::Write as _;

/// The height of a line of words, in pixels.
pub(super) const LEADING: usize = 15;

/// Marks, one after the other.
#[derive(Debug, Default)]
pub(super) struct Marks(pub String);

impl Marks {
    /// A path.
    pub fn path(&mut self, class: &str, way: &str) {
        let _ = writeln!(self.0, "<path class=\"{class}\" d=\"{way}\"/>");
    }

    /// A line from top to bottom.
    pub fn down(&mut self, class: &str, x: usize, from: usize, to: usize) {
        if to > from {
            self.path(class, &format!("M{x} {from}V{to}"));
        }
    }

    /// A rectangle, its corners `round`.
    pub fn block(&mut self, class: &str, [x, y, width, height]: [usize; 4], round: usize) {
        let _ = writeln!(
            self.0,
            "<rect class=\"{class}\" x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\" rx=\"{round}\"/>"
        );
    }

    /// A dot.
    pub fn dot(&mut self, class: &str, x: usize, y: usize) {
        let _ = writeln!(self.0, "<circle class=\"{class}\" cx=\"{x}\" cy=\"{y}\" r=\"4\"/>");
    }

    /// The head of an arrow that comes from `from` to `to`, both places on one line.
    pub fn head(&mut self, class: &str, from: usize, to: usize, y: usize) {
        let (tip, back) = if from < to { (to.saturating_sub(4), to.saturating_sub(12)) } else { (to + 4, to + 12) };
        let _ = writeln!(self.0, "<path class=\"{class}\" d=\"M{tip} {y}L{back} {}V{}Z\"/>", y.saturating_sub(4), y + 4);
    }

    /// Where something ends.
    pub fn cross(&mut self, class: &str, x: usize, y: usize) {
        let (left, right, top, bottom) = (x.saturating_sub(5), x + 5, y.saturating_sub(5), y + 5);
        self.path(class, &format!("M{left} {top}L{right} {bottom}M{left} {bottom}L{right} {top}"));
    }

    /// Words.
    pub fn words(&mut self, class: &str, x: usize, y: usize, text: &str) {
        let class = if class.is_empty() { String::new() } else { format!(" class=\"{class}\"") };
        let _ = writeln!(self.0, "<text{class} x=\"{x}\" y=\"{y}\">{}</text>", escaped(text));
    }

    /// The name of an actor on its colour, around `x`.
    pub fn name(&mut self, colour: usize, x: usize, y: usize, name: &str) {
        let width = pixels(columns(name)) + 12;
        let left = x.saturating_sub(10);
        self.block(&format!("c{colour}"), [left, y.saturating_sub(9), width, 18], 9);
        self.words("pilled", left + 6, y + 4, name);
    }
}
