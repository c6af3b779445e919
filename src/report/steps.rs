//! Steps as a list, one a line, in columns: its line, who, what, and what came of it.

use super::style::Role;
use super::visible::{columns, pad};
use super::{Style, one_line};
use crate::journal::Taken;

/// The lines of one step; two where its outcome is long.
pub(super) fn step(taken: &Taken, style: Style) -> String {
    let glyphs = style.glyphs;
    let actor = if taken.actor.is_empty() { String::new() } else { format!("{}:", one_line(&taken.actor, glyphs)) };
    let call = one_line(&taken.call, glyphs);
    let weaker = if taken.eventually { " (eventually)" } else { "" };
    let outcome = one_line(&taken.outcome, glyphs) + weaker;
    let role = if taken.met { Role::Good } else { Role::Bad };
    let who = format!("{:>5}  {}", taken.line, pad(&actor, 10));
    // A long outcome takes from the gap before it first, and goes on a line of its own only then.
    let room = style.width.saturating_sub(columns(&who) + columns(&outcome) + 3);
    let gap = if columns(&call) < room {
        pad("", room.min(44).saturating_sub(columns(&call)))
    } else {
        format!("\n{}", " ".repeat(17))
    };
    format!("{who}{call}{gap}-> {}\n", style.paint(role, &outcome))
}
