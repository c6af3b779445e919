//! What is known of who reads our output: width, colour, characters.

use crate::report::{Colour, Glyphs, Style};
use std::env;
use std::io::IsTerminal;
use std::os::fd::AsFd;

/// Reports are at least this wide, however narrow the terminal.
const NARROWEST: u16 = 40;

/// How to write to `stream`: as wide as the terminal and in colour, if it is one; else 80 columns and none.
pub(super) fn style(stream: &(impl AsFd + IsTerminal)) -> Style {
    let plain = Style { glyphs: glyphs(), ..Style::PLAIN };
    if !stream.is_terminal() {
        return plain;
    }
    let width = terminal_size::terminal_size_of(stream).map_or(plain.width, |(width, _)| width.0.max(NARROWEST).into());
    let colour = if set("NO_COLOR") || dumb() { Colour::Off } else { Colour::On };
    Style { width, colour, ..plain }
}

/// How to write to a file.
pub(super) fn file_style() -> Style {
    Style { glyphs: glyphs(), ..Style::PLAIN }
}

/// Whether a line of progress can be written to `stream` and taken back.
pub(super) fn can_erase(stream: &impl IsTerminal) -> bool {
    stream.is_terminal() && !dumb()
}

fn dumb() -> bool {
    env::var_os("TERM").is_some_and(|term| term == "dumb")
}

fn set(name: &str) -> bool {
    env::var_os(name).is_some_and(|value| !value.is_empty())
}

/// The first of these that is set decides what characters are, as in locale(7).
fn glyphs() -> Glyphs {
    let locale = ["LC_ALL", "LC_CTYPE", "LANG"].into_iter().find(|name| set(name)).and_then(|name| env::var(name).ok());
    let locale = locale.unwrap_or_default().to_lowercase();
    if locale.contains("utf-8") || locale.contains("utf8") { Glyphs::Unicode } else { Glyphs::Ascii }
}
