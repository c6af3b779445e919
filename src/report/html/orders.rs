//! What came of the orders of a scenario, as bars.

use crate::journal::{End, Orders};
use crate::report::orders::{grouped, headline, valued};
use crate::report::svg::escaped;
use std::fmt::Write as _;

/// How many orders were run, and a bar for each kind of outcome.
pub(super) fn orders(orders: &Orders) -> String {
    let most = orders.outcomes.iter().map(|kind| kind.orders).max().unwrap_or(1).max(1);
    let mut page = format!("<section class=\"orders\">\n<h3>{}</h3>\n", escaped(&headline(orders)));
    page += "<table><thead><tr><th>outcome</th><th>orders</th><th>for example</th></tr></thead>\n<tbody>\n";
    for kind in &orders.outcomes {
        let mut words: Vec<String> = kind.values.iter().map(valued).collect();
        let class = match kind.end {
            End::Complete => "passed",
            End::Deadlock => {
                words.insert(0, "deadlock".into());
                "blocks"
            }
            End::Diverged => {
                words.insert(0, "diverged".into());
                "diverged"
            }
        };
        if words.is_empty() {
            words.push("to the end".into());
        }
        // The rarest outcome is the one that matters: its bar can be seen, too.
        let width = (u128::from(kind.orders) * 100 / u128::from(most)).max(1);
        let _ = writeln!(
            page,
            "<tr><td>{}</td><td><span class=\"bar {class}\" style=\"width:{width}%\"></span>{}</td><td><code>{}</code></td></tr>",
            escaped(&words.join(", ")),
            grouped(kind.orders),
            escaped(&kind.example.schedule)
        );
    }
    page + "</tbody></table>\n</section>\n"
}
