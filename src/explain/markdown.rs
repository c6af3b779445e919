//! Blocks as Markdown.

use super::Block;

/// Where the blocks stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Level {
    /// As a document of their own.
    Document,
    /// Below a heading of the manual.
    Page,
}

/// `blocks` in Markdown, each with an empty line before it.
pub fn markdown(blocks: &[Block], level: Level) -> String {
    let heading = if level == Level::Document { "#" } else { "####" };
    blocks
        .iter()
        .map(|block| match block {
            Block::Heading(title, beside) if beside.is_empty() => format!("\n{heading} {title}\n"),
            Block::Heading(title, beside) => format!("\n{heading} {title}\n\n*{beside}*\n"),
            Block::Part(name) => format!("\n**{name}**\n"),
            Block::Text(text) => format!("\n{text}\n"),
            Block::Terms(terms) => {
                let lines: String = terms.iter().map(|(name, text)| format!("- {}: {text}\n", term(name))).collect();
                format!("\n{lines}")
            }
            Block::Script(text) => format!("\n```ipcs\n{}\n```\n", text.trim_end()),
        })
        .collect()
}

/// Names are source text, but for words that lead to a list.
fn term(name: &str) -> String {
    let is_prose = ["gives", "waits", "in", "among", "of the language", "of values"].contains(&name);
    if is_prose { format!("*{name}*") } else { format!("`{name}`") }
}
