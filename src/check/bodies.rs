//! What can be seen of a body before it is walked.

use crate::syntax::ast::{self, Action, Statement, Target};
use crate::text::Span;
use std::collections::HashMap;

/// How many statements of a body belong to its head.
pub(super) fn head(body: &[Statement]) -> usize {
    body.iter().take_while(|statement| matches!(statement, Statement::Needs(_) | Statement::Each { .. })).count()
}

/// Whether a body holds an `interleave`, however deep.
pub(super) fn has_interleave(body: &[Statement]) -> bool {
    body.iter().any(|statement| match statement {
        Statement::Interleave { .. } => true,
        Statement::For { body, .. } => has_interleave(body),
        Statement::If { branches, otherwise } => {
            branches.iter().any(|(_, body)| has_interleave(body)) || has_interleave(otherwise)
        }
        _ => false,
    })
}

/// Where each name of these bodies is bound, wherever in them that is.
pub(super) fn bound_anywhere<'a>(bodies: &[&'a [Statement]]) -> HashMap<&'a str, Span> {
    let mut names = HashMap::new();
    bodies.iter().for_each(|body| collect(body, &mut names));
    names
}

fn collect<'a>(body: &'a [Statement], names: &mut HashMap<&'a str, Span>) {
    for statement in body {
        let bound: &[ast::Name] = match statement {
            Statement::Actors(declared) => declared,
            Statement::Step(ast::Step { action: Action::Call { target: Some(target), .. }, .. }) => match target {
                Target::Name(name) => std::slice::from_ref(name),
                Target::List(list) => list,
            },
            Statement::For { body, .. } | Statement::Interleave { body, .. } => {
                collect(body, names);
                &[]
            }
            Statement::If { branches, otherwise } => {
                branches.iter().for_each(|(_, body)| collect(body, names));
                collect(otherwise, names);
                &[]
            }
            _ => &[],
        };
        for name in bound {
            names.entry(name.text.as_str()).or_insert(name.span);
        }
    }
}
