//! The catalogue's own examples are scripts, and they are in order.

use super::checked;
use crate::operation;
use std::collections::BTreeSet;

/// A scenario around the lines of an example, which name their actors and declare none.
fn scenario(example: &str) -> String {
    let words = |text: &str| text.split(',').map(|word| word.trim().to_owned()).collect::<Vec<_>>();
    let mut actors = BTreeSet::new();
    let mut bound = BTreeSet::new();
    for line in example.lines() {
        if let Some(declared) = line.trim().strip_prefix("actor ") {
            bound.extend(words(declared));
        }
        let Some((who, what)) = line.split_once(':') else { continue };
        if !who.contains(|other: char| !other.is_alphanumeric() && !", _".contains(other)) {
            actors.extend(words(who));
            bound.extend(what.split_once(" = ").map(|(name, _)| name.trim().to_owned()));
        }
    }
    let declared: Vec<_> = actors.difference(&bound).cloned().collect();
    format!("scenario \"example\" {{\nactor {}\n{example}\n}}\n", declared.join(", "))
}

#[test]
fn examples_check_without_a_word() {
    let mut wrong = Vec::new();
    for operation in operation::operations() {
        let text = scenario(operation.example);
        let (_, diagnostics) = checked(&text);
        wrong.extend(
            diagnostics.into_iter().map(|diagnostic| format!("{}: {}: {}", operation.name, diagnostic.code, diagnostic.message)),
        );
    }
    assert_eq!(wrong, Vec::<String>::new());
}
