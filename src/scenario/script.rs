//! A straight scenario as a script that can be saved and run.

use super::{Scenario, What, Wording};
use crate::syntax::print::quoted;

/// How far a statement stands in.
const INDENT: &str = "    ";

/// The text of `straight`, which [`super::straight`] has made: what it needs, who acts, and one line for each step. It leans on no other file but on
/// what it reads in its own folder; empty for a scenario whose words are not known.
pub fn script(straight: &Scenario) -> String {
    let Some(written) = &straight.written else { return String::new() };
    let mut text: String = written.items.iter().map(|item| format!("{item}\n")).collect();
    if !text.is_empty() {
        text.push('\n');
    }
    for line in &straight.docs {
        text += format!("## {line}").trim_end();
        text.push('\n');
    }
    text += &format!("scenario {} {{\n", quoted(&straight.title));
    let mut head: Vec<String> = straight.needs.iter().map(|need| format!("needs {}", need.text)).collect();
    let declared = straight.actors.iter().zip(&written.actors).filter(|(actor, _)| actor.born.is_none());
    let declared: Vec<&str> = declared.map(|(_, name)| name.as_str()).collect();
    head.extend((!declared.is_empty()).then(|| format!("actor {}", declared.join(", "))));
    head.iter().for_each(|line| text += &format!("{INDENT}{line}\n"));
    if !head.is_empty() {
        text.push('\n');
    }
    for line in lines(straight, &written.lines) {
        // No string holds a raw end of line; a `do` of several calls does.
        text += &format!("{INDENT}{}\n", line.text().replace('\n', &format!("\n{INDENT}")));
    }
    text + "}\n"
}

/// The words of the lines: steps that are one line and say the same are joined again.
fn lines(straight: &Scenario, words: &[Wording]) -> Vec<Wording> {
    let mut lines: Vec<Wording> = Vec::new();
    for (step, words) in straight.steps.iter().zip(words) {
        match lines.last_mut() {
            Some(line) if step.same_line && matches!(step.what, What::Call(_)) && line.act == words.act => {
                line.who += &format!(", {}", words.who);
            }
            _ => lines.push(words.clone()),
        }
    }
    lines
}
