//! A scenario on the page.

use super::excerpt::excerpt;
use super::orders::orders;
use super::steps::steps;
use crate::report::case::Case;
use crate::report::picture::{pictures, status};
use crate::report::svg::escaped;
use crate::report::{Glyphs, Style, one_line};
use std::fmt::Write as _;

/// The scenario of this number, with the text of its script if it is known.
pub(super) fn article(case: &Case, script: Option<&str>, number: usize) -> String {
    let class = status(case.status);
    let (name, id) = (escaped(&one_line(case.name(), Glyphs::Unicode)), escaped(&case.id));
    let path = escaped(&case.path);
    let mut page = format!(
        "<details class=\"case\" id=\"s{number}\" data-status=\"{class}\" data-id=\"{id}\">\n\
         <summary><span class=\"status {class}\">{class}</span> <span class=\"name\">{name}</span> \
         <span class=\"path\">{path}:{}</span></summary>\n",
        case.line
    );
    for surprise in &case.surprises {
        let text = crate::report::mismatch(surprise, Style::PLAIN);
        let _ = writeln!(page, "<pre class=\"divergence\" tabindex=\"0\">{}</pre>", multiline(&text));
    }
    if case.surprises.is_empty() && !case.reason.is_empty() {
        let _ = writeln!(page, "<p class=\"reason\">{}</p>", escaped(&case.reason));
    }
    page += &case.orders.as_ref().map_or_else(String::new, orders);
    let script = script.or_else(|| case.surprises.first().map(|surprise| surprise.script.as_str()));
    for picture in pictures(case) {
        if !case.steps.is_empty() || case.orders.is_none() {
            page += "<section class=\"run\">\n";
        } else {
            let _ = write!(page, "<section class=\"run\">\n<h3>{}</h3>\n", escaped(&picture.aside));
        }
        page += &steps(picture.steps);
        page += &script.map_or_else(String::new, |text| excerpt(text, case.line, picture.steps));
        page += "</div>\n</section>\n";
    }
    page + "</details>\n"
}

/// Text whose line breaks stay.
pub(super) fn multiline(text: &str) -> String {
    text.lines().map(blanks_kept).collect::<Vec<_>>().join("\n")
}

/// A line with its blanks, for those at its beginning mean something.
pub(super) fn blanks_kept(line: &str) -> String {
    line.split(' ').map(escaped).collect::<Vec<_>>().join(" ")
}
