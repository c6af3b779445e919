//! One order of many, shown: in words, drawn, and as a script that does the same.

use super::orders::valued;
use super::style::Role;
use super::timeline::timeline;
use super::visible::clean;
use super::{Style, one_line, wrap};
use crate::journal::{End, Kind, Order, Orders};

/// More kinds of outcomes than this are not drawn.
const DRAWN: usize = 8;

/// The order that shows a divergence: as a timeline, and as a script that begins at the left edge, so that it can be copied as it stands.
/// What `before` has shown of it already is not shown again.
pub(super) fn witness(order: &Order, before: &[Order], style: Style) -> String {
    let is_drawn = is_drawn(order, before);
    let name = match (named(order, style), is_drawn) {
        (name, true) => format!("{name}, drawn above"),
        (name, false) => format!("{name}:"),
    };
    let mut page = heading(&name, style);
    if !order.steps.is_empty() && !is_drawn {
        page += &format!("\n{}", timeline(&order.steps, style));
    }
    let is_written = before.iter().any(|other| other.script == order.script);
    // A tab steers nothing, and what is pasted should be what was written.
    let lines =
        order.script.lines().map(|line| line.split('\t').map(|part| clean(part, style.glyphs)).collect::<Vec<_>>().join("\t"));
    let script = lines.collect::<Vec<_>>().join("\n");
    if !script.trim().is_empty() && !is_written {
        let head = style.paint(Role::Strong, "a script that does the same, to save and run:");
        page += &format!("\n  {head}\n\n{}\n", script.trim_matches('\n'));
    }
    page
}

/// An order of each kind, drawn; those that `before` has shown already are left out.
pub(super) fn examples(orders: &Orders, before: &[Order], style: Style) -> String {
    let mut page = String::new();
    let is_new = |kind: &&Kind| !kind.example.steps.is_empty() && !is_drawn(&kind.example, before);
    for kind in orders.outcomes.iter().filter(is_new).take(DRAWN) {
        let mut words: Vec<String> = match kind.end {
            End::Complete => Vec::new(),
            End::Deadlock => vec!["deadlock".into()],
            End::Diverged => vec!["diverged".into()],
        };
        if kind.end == End::Complete {
            words.extend(kind.values.iter().map(valued));
        }
        words.push(named(&kind.example, style));
        page += &format!("\n{}\n", heading(&format!("{}:", one_line(&words.join(", "), style.glyphs)), style));
        page += &timeline(&kind.example.steps, style);
    }
    page
}

fn heading(text: &str, style: Style) -> String {
    let lines = wrap(text, style.width.saturating_sub(2).max(20));
    lines.iter().map(|line| format!("  {}\n", style.paint(Role::Strong, line))).collect()
}

/// Which order it is.
fn named(order: &Order, style: Style) -> String {
    let schedule = one_line(&order.schedule, style.glyphs);
    let preemptions = match order.preemptions {
        0 => "no preemption".to_owned(),
        1 => "1 preemption".to_owned(),
        many => format!("{many} preemptions"),
    };
    format!("in the order {schedule} ({preemptions})")
}

fn is_drawn(order: &Order, before: &[Order]) -> bool {
    before.iter().any(|other| other.schedule == order.schedule && other.steps == order.steps)
}
