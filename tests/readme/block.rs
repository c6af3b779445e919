//! What stands between the fences of a page, and where its links lead.

use std::fs;
use std::path::Path;

/// The pages that are held to their word.
pub const PAGES: [&str; 2] = ["README.md", "GUIDE.md"];

/// A fenced block: what stands behind the fence's backticks, and the lines between.
pub struct Block {
    /// `ipcs NAME`, `console`, `yaml`, …
    pub label: String,
    /// Its lines.
    pub text: String,
    /// The bytes of the text in the page.
    pub start: usize,
}

/// The folder of the project.
pub fn top() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The text of a page.
pub fn page(name: &str) -> String {
    fs::read_to_string(top().join(name)).expect("the page can be read")
}

/// The blocks of a page, from its top.
pub fn blocks(page: &str) -> Vec<Block> {
    let mut blocks: Vec<Block> = Vec::new();
    let (mut at, mut open) = (0, false);
    for line in page.split_inclusive('\n') {
        at += line.len();
        match (line.strip_prefix("```"), open) {
            (Some(label), false) => {
                blocks.push(Block { label: label.trim().into(), text: String::new(), start: at });
                open = true;
            }
            (Some(_), true) => open = false,
            (None, true) => blocks.last_mut().expect("a block is open").text.push_str(line),
            (None, false) => {}
        }
    }
    assert!(!open, "a block is not closed");
    blocks
}

/// Whether a link on a page leads to a file of the project and, where it names one, to a heading in it.
pub fn leads_somewhere(from: &str, link: &str) -> bool {
    let (path, heading) = link.split_once('#').map_or((link, None), |(path, heading)| (path, Some(heading)));
    let path = if path.is_empty() { from } else { path };
    top().join(path).exists() && heading.is_none_or(|heading| anchors(&page(path)).iter().any(|anchor| anchor == heading))
}

/// The names by which the headings of a page can be linked, as forges make them.
fn anchors(page: &str) -> Vec<String> {
    let mut fenced = false;
    let headings = page.lines().filter(|line| {
        fenced ^= line.starts_with("```");
        !fenced && line.starts_with('#')
    });
    let kept = |c: char| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_');
    headings.map(|line| line.trim_start_matches('#').trim().to_lowercase().replace(|c| !kept(c), "").replace(' ', "-")).collect()
}
