//! Changes to scripts: shown before they are made, and written so that nothing but the text changes.

use crate::report::{Role, Style, clean};
use similar::{ChangeTag, TextDiff};
use std::fs::File;
use std::io::{self, Write};
use std::path::Path;

/// Unchanged lines around a change.
const AROUND: usize = 1;

/// What changes between two texts of the script `name`, in at most `longest` lines.
pub(super) fn diff(name: &str, (before, after): (&str, &str), longest: usize, style: Style) -> String {
    let name = clean(name, style.glyphs);
    let mut lines = vec![
        style.paint(Role::Strong, &format!("--- {name}, as it is")),
        style.paint(Role::Strong, &format!("+++ {name}, as it would be")),
    ];
    let heads = lines.len();
    let changes = TextDiff::from_lines(before, after);
    for hunk in changes.unified_diff().context_radius(AROUND).iter_hunks() {
        lines.push(style.paint(Role::Help, &hunk.header().to_string()));
        for change in hunk.iter_changes() {
            let line = clean(change.value().trim_end_matches('\n'), style.glyphs);
            lines.push(match change.tag() {
                ChangeTag::Delete => style.paint(Role::Bad, &format!("-{line}")),
                ChangeTag::Insert => style.paint(Role::Good, &format!("+{line}")),
                ChangeTag::Equal => format!(" {line}"),
            });
        }
    }
    let hidden = (lines.len() - heads).saturating_sub(longest);
    lines.truncate(heads + longest);
    if hidden > 0 {
        lines.push(style.paint(Role::Faint, &format!("(and {hidden} more lines)")));
    }
    lines.join("\n") + "\n"
}

/// Puts `text` in place of what the file at `path` holds. Its mode, its owner and its other names stay.
///
/// # Errors
///
/// What opening or writing gave. The text that is there is not cut off before the new one has been written over it.
pub(super) fn replace(path: &Path, text: &str) -> io::Result<()> {
    let mut file = File::options().write(true).open(path)?;
    file.write_all(text.as_bytes())?;
    file.set_len(text.len() as u64)?;
    file.sync_data()
}
