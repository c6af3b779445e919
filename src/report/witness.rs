//! The order in which a divergence was seen: drawn, and as a script that does the same.

use super::style::Role;
use super::timeline::timeline;
use super::visible::clean;
use super::{Style, one_line, wrap};
use crate::journal::Order;

/// `order` in words, as a timeline, and as a script that begins at the left edge, so that it can be copied as it stands.
pub(super) fn witness(order: &Order, style: Style) -> String {
    let mut page = String::new();
    for line in wrap(&name(order, style), style.width.saturating_sub(2).max(20)) {
        page += &format!("  {}\n", style.paint(Role::Strong, &line));
    }
    if !order.steps.is_empty() {
        page += &format!("\n{}", timeline(&order.steps, style));
    }
    let script = clean(&order.script, style.glyphs);
    if !script.trim().is_empty() {
        let head = style.paint(Role::Strong, "a script that does the same, to save and run:");
        page += &format!("\n  {head}\n\n{}\n", script.trim_matches('\n'));
    }
    page
}

/// Which order it was.
fn name(order: &Order, style: Style) -> String {
    let schedule = one_line(&order.schedule, style.glyphs);
    let preemptions = match order.preemptions {
        0 => "no preemption".to_owned(),
        1 => "1 preemption".to_owned(),
        many => format!("{many} preemptions"),
    };
    if schedule.is_empty() { "what happened:".into() } else { format!("in the order {schedule} ({preemptions}):") }
}
