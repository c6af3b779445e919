//! The words of a step in a drawing, as many of them as there is room for: what matters most goes last.

use super::chart::Act;
use super::visible::{columns, fit};
use super::{Style, one_line};

/// What stands between a call and what came of it.
const GIVES: &str = " -> ";
/// The same where room is short.
const TIGHT: &str = "->";

/// What happened to one actor, in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Words {
    /// The call, or what else it was.
    pub call: String,
    /// What came of it, with what stands before it; empty where that goes without saying.
    pub outcome: String,
}

impl Words {
    /// All words of `act`.
    pub fn of(act: &Act, style: Style) -> Self {
        let taken = act.taken;
        let call = one_line(&taken.call, style.glyphs);
        let said = taken.met && (taken.outcome == "ok" || taken.outcome == taken.call);
        let weaker = if taken.eventually { " (eventually)" } else { "" };
        let outcome = if said && weaker.is_empty() {
            String::new()
        } else {
            format!("{GIVES}{}{weaker}", one_line(&taken.outcome, style.glyphs))
        };
        Self { call, outcome }
    }

    /// How many columns they take.
    pub fn width(&self) -> usize {
        columns(&self.call) + columns(&self.outcome)
    }

    /// The words that a bar below does not say too, written tightly.
    pub fn essence(self) -> Self {
        let outcome = match self.outcome.strip_prefix(GIVES) {
            Some(outcome) if !self.waits() => format!("{TIGHT}{outcome}"),
            _ => String::new(),
        };
        Self { call: tight(&self.call), outcome }
    }

    /// These words in at most `room` columns: first without what a bar says, then without blanks that nobody needs, then cut.
    pub fn within(mut self, room: usize, style: Style) -> Self {
        if self.width() > room && self.waits() {
            self.outcome.clear();
        }
        if self.width() <= room {
            return self;
        }
        let Self { call, outcome } = self.essence();
        let dots = style.ellipsis();
        // A long outcome leaves the call half the room.
        let outcome = fit(&outcome, room.saturating_sub(columns(&call)).max(room / 2), dots);
        let outcome = if columns(&outcome) > TIGHT.len() + columns(dots) { outcome } else { String::new() };
        let call = fit(&call, room.saturating_sub(columns(&outcome)), dots);
        Self { call, outcome }
    }

    /// Whether a bar below says what came of the call.
    fn waits(&self) -> bool {
        matches!(self.outcome.strip_prefix(GIVES), Some("blocks" | "sleeps"))
    }
}

/// `call` without the blanks behind its commas; those in its strings stay.
fn tight(call: &str) -> String {
    let (mut kept, mut quoted, mut before) = (String::with_capacity(call.len()), false, ' ');
    for character in call.chars() {
        if character == '"' && before != '\\' {
            quoted = !quoted;
        }
        if quoted || character != ' ' || before != ',' {
            kept.push(character);
        }
        // Of two backslashes the second is no escape.
        before = if before == '\\' && character == '\\' { ' ' } else { character };
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::{Words, tight};
    use crate::report::Style;

    #[test]
    fn blanks_go_first_then_the_end_and_the_outcome_last() {
        let words = |call: &str, outcome: &str| Words { call: call.into(), outcome: outcome.into() };
        let within = |words: &Words, room| {
            let words = words.clone().within(room, Style::PLAIN);
            format!("{}{}", words.call, words.outcome)
        };
        let step = words("semop(lock, [{0, -1, 0}])", " -> EIDRM");
        assert_eq!(within(&step, 40), "semop(lock, [{0, -1, 0}]) -> EIDRM");
        assert_eq!(within(&step, 33), "semop(lock,[{0,-1,0}])->EIDRM");
        assert_eq!(within(&step, 24), "semop(lock,[{0,-…->EIDRM");
        assert_eq!(within(&step, 3), "se…");
        assert_eq!(within(&step, 0), "");
        let step = words("semop(lock, [{0, -1, 0}])", " -> blocks");
        assert_eq!(within(&step, 35), "semop(lock, [{0, -1, 0}]) -> blocks");
        assert_eq!(within(&step, 34), "semop(lock, [{0, -1, 0}])");
        assert_eq!(within(&step, 24), "semop(lock,[{0,-1,0}])");
        let step = words("read(r, 30)", " -> \"yyyyyyyyyyyyyyyyyyyy\"");
        assert_eq!(within(&step, 20), "read(r,30)->\"yyyyyy…");
    }

    #[test]
    fn strings_keep_their_blanks() {
        assert_eq!(tight(r#"write(w, "a, b", 4)"#), r#"write(w,"a, b",4)"#);
        assert_eq!(tight(r#"write(w, "\", ", 1)"#), r#"write(w,"\", ",1)"#);
        assert_eq!(tight(r#"write(w, "\\", 1)"#), r#"write(w,"\\",1)"#);
    }
}
