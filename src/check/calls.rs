//! Calls: found in the catalogue or in a `def`, with as many arguments as they take.

use super::definitions::expand;
use super::scene::Scene;
use super::types::{Place, Wanted};
use super::valued::Valued;
use super::written::{call_text, folded};
use crate::operation::{self, Operation, Parameter};
use crate::syntax::ast;
use crate::text::{Diagnostic, nearest};
use crate::value::{Type, Value};

/// How many definitions may stand for each other.
const DEEPEST: usize = 32;

/// A call, resolved.
#[derive(Debug)]
pub(super) struct Resolved {
    /// Index in the catalogue.
    pub(super) index: u32,
    /// The catalogue's entry.
    pub(super) operation: &'static Operation,
    /// Its arguments.
    pub(super) args: Vec<Valued>,
    /// What it gives with these arguments.
    pub(super) gives: Type,
    /// The call as reports show it.
    pub(super) text: String,
}

impl Scene<'_> {
    /// What `call` stands for, or `None` when it is no call at all; its arguments are judged either way.
    pub(super) fn call(&mut self, call: &ast::Call) -> Option<Resolved> {
        let text = folded(self.written(call.span)).unwrap_or_else(|| call_text(call, self.items.sources));
        self.call_of(call, text, 0)
    }

    fn call_of(&mut self, call: &ast::Call, text: String, depth: usize) -> Option<Resolved> {
        if let Some(def) = self.items.defs.get(call.name.text.as_str()).copied() {
            if depth >= DEEPEST {
                self.found.push(
                    Diagnostic::error(
                        "endless-definition",
                        def.name.span,
                        format!("`{}` leads back to itself, or too deep", def.name.text),
                    )
                    .here("a definition names one call of the manual in the end")
                    .help(format!("let one of them name a call: `def {}(sem) = semop(sem, [{{0, -1, 0}}])`", def.name.text)),
                );
                return None;
            }
            let expanded = match expand(def, call) {
                Ok(expanded) => expanded,
                Err(diagnostic) => {
                    self.found.push(diagnostic);
                    call.args.iter().for_each(|arg| drop(self.value(arg, Wanted::ANYTHING)));
                    return None;
                }
            };
            let stands = call_text(&expanded, self.items.sources);
            self.found.enter(call.span, format!("`{text}` stands for `{stands}`"));
            let resolved = self.call_of(&expanded, stands, depth + 1);
            self.found.leave();
            return resolved;
        }
        let Some((index, operation)) = operation::find(&call.name.text) else {
            self.unknown_call(&call.name);
            call.args.iter().for_each(|arg| drop(self.value(arg, Wanted::ANYTHING)));
            return None;
        };
        self.arity(operation, call);
        let mut args = Vec::with_capacity(call.args.len());
        for (at, arg) in call.args.iter().enumerate() {
            let wanted = parameter(operation, at, &args)
                .map_or(Wanted::ANYTHING, |parameter| Wanted { ty: parameter.ty, place: Place::Argument(operation, parameter) });
            args.push(self.value(arg, wanted));
        }
        let gives = if operation.commands.is_some() { operation.gives(&known(&args)) } else { operation.result };
        Some(Resolved { index, operation, args, gives, text })
    }

    fn arity(&mut self, operation: &'static Operation, call: &ast::Call) {
        // Of a line that could not be read nobody knows how many arguments it was to have.
        if is_broken(call) {
            return;
        }
        let (given, least, most) = (call.args.len(), operation.required(), operation.parameters.len());
        let what = if let Some(extra) = call.args.get(most) {
            Some((
                extra.span,
                format!("`{}` takes {}, not {given}", operation.name, count(least, most)),
                "one too many".to_owned(),
            ))
        } else if given < least {
            let missing = operation.parameters.get(given).map_or("", |parameter| parameter.name);
            let message = format!("`{}` takes {}, not {given}", operation.name, count(least, most));
            Some((call.span, message, format!("`{missing}` is missing")))
        } else {
            None
        };
        if let Some((span, message, label)) = what {
            let diagnostic = Diagnostic::error("wrong-arity", span, message);
            self.found.push(diagnostic.here(label).help(format!("the call is `{}`", operation.signature())));
        }
    }

    /// Reports a call that nobody knows.
    pub(super) fn unknown_call(&mut self, name: &ast::Name) {
        let text = name.text.as_str();
        let values = ["raw", "len", "ns", "output", "exited", "killed", "stopped", "continued"];
        let diagnostic = Diagnostic::error("unknown-call", name.span, format!("unknown call `{text}`"));
        if values.contains(&text) {
            self.found.push(
                diagnostic.here("this stands in values only").help(format!("for instance: `expect {} == x`", example(text))),
            );
            return;
        }
        let calls = operation::operations().map(|operation| operation.name);
        let near = nearest(text, calls.chain(self.items.defs.keys().copied()).chain(values));
        let help = match near {
            Some(near) => format!("did you mean `{near}`?"),
            None => "`ipcscript explain` lists the calls; `syscall(SYS_x, …)` makes any other".to_owned(),
        };
        self.found.push(diagnostic.here("no call of the manual, and no `def`").help(help));
    }
}

/// The parameter at `at`, as the command among the arguments before it has it.
fn parameter(operation: &'static Operation, at: usize, before: &[Valued]) -> Option<&'static Parameter> {
    let parameter = operation.parameters.get(at)?;
    // Most calls have no commands: nothing is computed for them.
    let case = operation.commands.as_ref().and_then(|_| operation.case(&known(before)));
    Some(case.and_then(|case| case.takes.iter().find(|taken| taken.name == parameter.name)).unwrap_or(parameter))
}

/// The arguments, as far as they are known before the run.
fn known(args: &[Valued]) -> Vec<Option<Value>> {
    args.iter().map(Valued::constant).collect()
}

/// Whether a part of the call could not be read.
pub(super) fn is_broken(call: &ast::Call) -> bool {
    call.args.iter().any(|arg| arg.kind == ast::ExprKind::Broken)
}

fn count(least: usize, most: usize) -> String {
    match (least, most) {
        (0, 0) => "no arguments".into(),
        (1, 1) => "1 argument".into(),
        (least, most) if least == most => format!("{most} arguments"),
        (least, most) => format!("{least} to {most} arguments"),
    }
}

fn example(call: &str) -> &'static str {
    match call {
        "ns" => "ns(father, ipc)",
        "output" => "output(father)",
        "len" => "len(text)",
        "raw" => "raw(id)",
        "killed" => "killed(SIGKILL)",
        "stopped" => "stopped(SIGSTOP)",
        _ => "exited(0)",
    }
}
