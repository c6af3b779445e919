//! What drawings are made of, in both sets of characters.

use super::Glyphs;

/// The strokes of a drawing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Strokes {
    /// A bar beside which somebody waits.
    pub waits: &'static str,
    /// An arrow's line, and a rule.
    pub line: &'static str,
    /// A line over a bar.
    pub crossing: &'static str,
    /// The heads of arrows to the left and to the right.
    pub heads: [&'static str; 2],
    /// Where an arrow to the left, and one to the right, leaves the last line of a step.
    pub corners: [&'static str; 2],
    /// Where it leaves a line that goes on to others.
    pub forks: [&'static str; 2],
}

impl Strokes {
    /// Those of one set of characters.
    pub fn of(glyphs: Glyphs) -> Self {
        match glyphs {
            Glyphs::Unicode => {
                Self {
                    waits: "┊", line: "─", crossing: "┼", heads: ["◀", "▶"], corners: ["┘", "└"], forks: ["┤", "├"]
                }
            }
            Glyphs::Ascii => {
                Self { waits: ":", line: "-", crossing: "+", heads: ["<", ">"], corners: ["'", "`"], forks: ["+", "+"] }
            }
        }
    }
}
