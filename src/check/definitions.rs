//! `def`: the call that another name stands for, arguments put in their places.

use super::calls::is_broken;
use super::depth::DEEPEST;
use super::parts::with_parts;
use crate::syntax::ast::{self, Call, Expr, ExprKind};
use crate::text::Diagnostic;
use std::collections::HashMap;

/// How large a call may become, in values: definitions that double their arguments would grow without end.
const LARGEST: usize = 20_000;

/// What is left of the bounds while a call is put together.
struct Room {
    values: usize,
    levels: usize,
}

/// The call that `call` stands for by `def`; what was given keeps its place, what the definition says keeps its own.
pub(super) fn expand(def: &ast::Def, call: &Call) -> Result<Call, Diagnostic> {
    let name = &def.name.text;
    if is_broken(call) {
        // What could not be read has been reported; the call that it was to become is not known.
        return Ok(Call { name: def.call.name.clone(), args: call.args.clone(), span: call.span });
    }
    let (given, most) = (call.args.len(), def.parameters.len());
    if given > most {
        let extra = call.args.get(most).map_or(call.span, |extra| extra.span);
        return Err(Diagnostic::error("wrong-arity", extra, format!("`{name}` takes {most} arguments, not {given}"))
            .here("one too many")
            .also(def.name.span, "defined here")
            .help(format!("the call is `{}`", signature(def))));
    }
    let mut arguments: HashMap<&str, &Expr> = HashMap::new();
    for (at, (parameter, default)) in def.parameters.iter().enumerate() {
        match call.args.get(at).or(default.as_ref()) {
            Some(argument) => {
                arguments.insert(&parameter.text, argument);
            }
            None => {
                return Err(Diagnostic::error("wrong-arity", call.span, format!("`{name}` is given too few arguments"))
                    .here(format!("`{}` is missing", parameter.text))
                    .also(def.name.span, "defined here")
                    .help(format!("the call is `{}`", signature(def))));
            }
        }
    }
    let mut room = Room { values: LARGEST, levels: DEEPEST };
    let args = def.call.args.iter().map(|arg| replace(arg, &arguments, &mut room)).collect();
    if room.values == 0 {
        return Err(Diagnostic::error("endless-definition", call.span, format!("`{name}` becomes too large"))
            .here("more than 20,000 values, or nested too deep")
            .also(def.name.span, "defined here"));
    }
    Ok(Call { name: def.call.name.clone(), args, span: call.span })
}

/// The head of a definition, as the manual would have it.
fn signature(def: &ast::Def) -> String {
    let parameters = def.parameters.iter().map(|(name, default)| match default {
        Some(_) => format!("{} = …", name.text),
        None => name.text.clone(),
    });
    format!("{}({})", def.name.text, parameters.collect::<Vec<_>>().join(", "))
}

fn replace(expr: &Expr, arguments: &HashMap<&str, &Expr>, room: &mut Room) -> Expr {
    room.values = if room.levels == 0 { 0 } else { room.values.saturating_sub(1) };
    if room.values == 0 {
        return Expr { kind: ExprKind::Broken, span: expr.span };
    }
    room.levels -= 1;
    let replaced = replace_below(expr, arguments, room);
    room.levels += 1;
    replaced
}

fn replace_below(expr: &Expr, arguments: &HashMap<&str, &Expr>, room: &mut Room) -> Expr {
    if let ExprKind::Name(name) = &expr.kind
        && let Some(argument) = arguments.get(name.as_str())
    {
        // Copied through this function, so that its size is counted; its own names belong to the caller.
        return replace(argument, &HashMap::new(), room);
    }
    Expr { kind: with_parts(expr, &mut |part| replace(part, arguments, room)), span: expr.span }
}
