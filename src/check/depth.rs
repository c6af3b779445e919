//! How deep the values of a script nest: the checker recurses as they do, and takes the stack that this needs.

use super::Script;
use crate::syntax::ast::{Action, Call, Expr, ExprKind, File, Item, Statement, TextPart};
use std::collections::HashSet;

/// The deepest value that definitions may build.
pub(super) const DEEPEST: usize = 1_200;
/// Up to this depth every stack is large enough.
const SHALLOW: usize = 80;
/// What one level takes at most, in bytes, in a build without optimisation.
const LEVEL: usize = 48 << 10;

/// Runs `work` where its recursion over the values of `script` has room.
pub(super) fn with_room<T: Send>(script: &Script, work: impl FnOnce() -> T + Send) -> T {
    let depth = deepest(script).saturating_mul(1 + links(script)).min(2 * DEEPEST);
    if depth <= SHALLOW {
        return work();
    }
    std::thread::scope(|scope| {
        let worker = std::thread::Builder::new().stack_size((64 + depth) * LEVEL).spawn_scoped(scope, work);
        match worker.map(|worker| worker.join()) {
            Ok(Ok(done)) => done,
            Ok(Err(panic)) => std::panic::resume_unwind(panic),
            // Without memory for a stack there is none for anything else.
            Err(error) => std::panic::panic_any(format!("no stack for the checker: {error}")),
        }
    })
}

/// How many definitions may stand for each other in a row.
fn links(script: &Script) -> usize {
    let items = || script.files.iter().flat_map(|(_, file)| &file.items);
    let names: HashSet<&str> =
        items().filter_map(|item| if let Item::Def(def) = item { Some(def.name.text.as_str()) } else { None }).collect();
    let leaning = items().filter(|item| matches!(item, Item::Def(def) if names.contains(def.call.name.text.as_str()))).count();
    usize::from(!names.is_empty()) + leaning
}

/// The depth of the deepest value; found without recursion.
fn deepest(script: &Script) -> usize {
    let mut left: Vec<(&Expr, usize)> = Vec::new();
    script.files.iter().for_each(|(_, file)| roots(file, &mut left));
    let mut deepest = 0;
    while let Some((expr, depth)) = left.pop() {
        deepest = deepest.max(depth);
        children(expr, depth + 1, &mut left);
    }
    deepest
}

fn roots<'a>(file: &'a File, found: &mut Vec<(&'a Expr, usize)>) {
    let mut bodies: Vec<&'a [Statement]> = Vec::new();
    for item in &file.items {
        match item {
            Item::Const(constant) => found.push((&constant.value, 1)),
            Item::Def(def) => {
                found.extend(def.parameters.iter().filter_map(|(_, default)| default.as_ref()).map(|default| (default, 1)));
                arguments(&def.call, 1, found);
            }
            Item::Setup(setup) => bodies.push(&setup.body),
            Item::Scenario(scenario) => bodies.push(&scenario.body),
            Item::Include(_) => {}
        }
    }
    while let Some(body) = bodies.pop() {
        for statement in body {
            statement_roots(statement, &mut bodies, found);
        }
    }
}

fn statement_roots<'a>(statement: &'a Statement, bodies: &mut Vec<&'a [Statement]>, found: &mut Vec<(&'a Expr, usize)>) {
    match statement {
        Statement::Actors(_) => {}
        Statement::Needs(need) => {
            found.extend(
                need.compare
                    .iter()
                    .map(|(_, value)| (value, 1))
                    .chain(need.argument.iter().chain(&need.more).map(|value| (value, 1))),
            );
        }
        Statement::Each { values, .. } => found.push((values, 1)),
        Statement::If { branches, otherwise } => {
            found.extend(branches.iter().map(|(condition, _)| (condition, 1)));
            bodies.extend(branches.iter().map(|(_, body)| body.as_slice()).chain([otherwise.as_slice()]));
        }
        Statement::For { values, body, .. } => {
            found.push((values, 1));
            bodies.push(body);
        }
        Statement::Interleave { body, .. } => bodies.push(body),
        Statement::Expect(expect) => found.extend([&expect.value].into_iter().chain(&expect.outcome).map(|value| (value, 1))),
        Statement::Step(step) => {
            found.extend(step.outcome.iter().map(|outcome| (outcome, 1)));
            match &step.action {
                Action::Call { call, .. } => arguments(call, 1, found),
                Action::Dies(value) | Action::Exits(value) => found.push((value, 1)),
                Action::Resumes(_) | Action::StaysBlocked(_) => {}
            }
        }
    }
}

fn arguments<'a>(call: &'a Call, depth: usize, found: &mut Vec<(&'a Expr, usize)>) {
    found.extend(call.args.iter().map(|arg| (arg, depth)));
}

fn children<'a>(expr: &'a Expr, depth: usize, found: &mut Vec<(&'a Expr, usize)>) {
    match &expr.kind {
        ExprKind::Text(parts) => found.extend(parts.iter().filter_map(|part| match part {
            TextPart::Value(value) => Some((value, depth)),
            TextPart::Bytes(_) => None,
        })),
        ExprKind::List { items, .. } | ExprKind::Or(items) => found.extend(items.iter().map(|item| (item, depth))),
        ExprKind::Record(fields) => found.extend(fields.iter().map(|(_, field)| (field, depth))),
        ExprKind::Call(call) => arguments(call, depth, found),
        ExprKind::Do(calls) => calls.iter().for_each(|call| arguments(call, depth, found)),
        ExprKind::Binary(_, left, right)
        | ExprKind::Compare(_, left, right)
        | ExprKind::And(left, right)
        | ExprKind::Index(left, right)
        | ExprKind::Range(left, right) => found.extend([(left.as_ref(), depth), (right.as_ref(), depth)]),
        ExprKind::Unary(_, inner)
        | ExprKind::Not(inner)
        | ExprKind::Field(inner, _)
        | ExprKind::Dies(inner)
        | ExprKind::Exits(inner)
        | ExprKind::Contains(inner)
        | ExprKind::Matches(inner)
        | ExprKind::Than(_, inner)
        | ExprKind::Eventually(inner) => found.push((inner, depth)),
        _ => {}
    }
}
