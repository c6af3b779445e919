//! What the catalogue has, in numbers and names.

use crate::operation::{FAMILIES, Family};
use std::fmt::Write;

/// The table of families with their calls and the number of their constants and structs, in Markdown.
pub(super) fn coverage() -> String {
    let mut table = String::from("| family | calls | constants | structs |\n|---|---|---|---|\n");
    for family in FAMILIES {
        let calls: Vec<String> = family.calls.iter().map(|call| format!("`{}`", call.name)).collect();
        let _ = writeln!(
            table,
            "| [{}](#{}) | {} | {} | {} |",
            family.title,
            family.name,
            calls.join(" "),
            constants(family),
            family.structs.len()
        );
    }
    let total = |count: fn(&Family) -> usize| FAMILIES.iter().map(|family| count(family)).sum::<usize>();
    let _ = writeln!(
        table,
        "| {} families | {} calls | {} | {} |",
        FAMILIES.len(),
        total(|family| family.calls.len()),
        total(constants),
        total(|family| family.structs.len())
    );
    table
}

fn constants(family: &Family) -> usize {
    family.constants.iter().map(|group| group.constants.len()).sum()
}
