//! How a report looks: how wide, with which characters, in colour or not.

use crate::text::Severity;
use miette::{GraphicalReportHandler, GraphicalTheme, LabeledSpan, ThemeCharacters, ThemeStyles};

/// The characters that frames are drawn with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Glyphs {
    /// Box-drawing characters.
    Unicode,
    /// For a locale that is not UTF-8.
    Ascii,
}

/// Whether escape sequences for colour may be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Colour {
    /// They may.
    On,
    /// They may not.
    Off,
}

/// How a report looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Style {
    /// Columns.
    pub width: usize,
    /// What frames are drawn with.
    pub glyphs: Glyphs,
    /// Colour or none.
    pub colour: Colour,
}

/// What a word in a report is, and so its colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// As expected.
    Good,
    /// Not as expected.
    Bad,
    /// Neither.
    Aside,
    /// What stands before an explanation.
    Help,
    /// What may be skipped.
    Faint,
    /// A heading, a name.
    Strong,
}

impl Style {
    /// What is written when nothing is known of the reader: 80 columns, no colour.
    pub const PLAIN: Self = Self { width: 80, glyphs: Glyphs::Unicode, colour: Colour::Off };

    /// `text` in the colour of its role.
    pub fn paint(self, role: Role, text: &str) -> String {
        let code = match role {
            Role::Good => "32",
            Role::Bad => "31",
            Role::Aside => "33",
            Role::Help => "36",
            Role::Faint => "2",
            Role::Strong => "1",
        };
        match self.colour {
            Colour::On => format!("\x1b[{code}m{text}\x1b[0m"),
            Colour::Off => text.to_owned(),
        }
    }

    /// What stands where a line was cut.
    pub(super) fn ellipsis(self) -> &'static str {
        match self.glyphs {
            Glyphs::Unicode => "…",
            Glyphs::Ascii => "...",
        }
    }

    /// What draws the frame around an excerpt: the place of a finding in the colour of its severity, all others in one other colour.
    pub(super) fn handler(self, severity: Severity, labels: &[LabeledSpan]) -> GraphicalReportHandler {
        let characters = match self.glyphs {
            Glyphs::Unicode => ThemeCharacters::unicode(),
            Glyphs::Ascii => ThemeCharacters::ascii(),
        };
        let mut styles = match self.colour {
            Colour::On => ThemeStyles::ansi(),
            Colour::Off => ThemeStyles::none(),
        };
        let own = match severity {
            Severity::Error => styles.error,
            Severity::Warning => styles.warning,
        };
        if !labels.is_empty() {
            styles.highlights = labels.iter().map(|label| if label.primary() { own } else { styles.advice }).collect();
        }
        GraphicalReportHandler::new_themed(GraphicalTheme { characters, styles })
            .with_width(self.width + 1)
            .with_links(false)
            .without_syntax_highlighting()
    }
}
