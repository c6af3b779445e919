//! Lines as a script without `each`, `for` and `if` writes them: names that those bind are replaced by their values, all else is as the person wrote it.

use super::definitions;
use super::literal::literal;
use super::parts::{with_arguments, with_parts};
use super::scene::{Binding, Scene};
use super::telling::Telling;
use crate::syntax::ast::{self, Call, CompareOp, Expr, ExprKind, Item, TextPart};
use crate::syntax::print;
use crate::text::Span;
use crate::value::{Errno, Value};

/// How many definitions may stand for each other; `check` has complained of more.
const DEEPEST: usize = 32;

/// Makes lines flat.
pub(super) struct Flat<'s, 'a> {
    scene: &'s Scene<'a>,
    telling: &'s mut Telling,
    /// Whether names mean what they mean in the scenario: not so in a `const` or `def`.
    scoped: bool,
    /// Whether anything was replaced since this was last asked.
    changed: bool,
    /// Definitions that are being put in their places.
    depth: usize,
}

impl<'s, 'a> Flat<'s, 'a> {
    /// For the lines that come now.
    pub(super) fn of(scene: &'s Scene<'a>, telling: &'s mut Telling) -> Self {
        Self { scene, telling, scoped: true, changed: false, depth: 0 }
    }

    /// A call, as written where that is one line in which nothing had to be replaced.
    pub(super) fn call(&mut self, call: &Call) -> String {
        self.changed = false;
        let flat = self.made(call);
        let source = self.scene.written(call.span);
        if self.changed || source.is_empty() || source.contains(['\n', '\r', '\t']) {
            print::expression(&Expr { kind: ExprKind::Call(flat), span: call.span })
        } else {
            source.to_owned()
        }
    }

    /// A value or a condition.
    pub(super) fn text(&mut self, value: &Expr) -> String {
        print::expression(&self.value(value))
    }

    /// What stands behind `->`.
    pub(super) fn outcome(&mut self, outcome: &Expr) -> String {
        let kind = match &outcome.kind {
            ExprKind::Eventually(inner) => {
                let inner = self.alternatives(inner);
                ExprKind::Eventually(Box::new(inner))
            }
            ExprKind::Not(inner) => {
                let inner = self.alternatives(inner);
                ExprKind::Not(Box::new(inner))
            }
            _ => self.alternatives(outcome).kind,
        };
        print::expression(&Expr { kind, span: outcome.span })
    }

    fn alternatives(&mut self, outcome: &Expr) -> Expr {
        match &outcome.kind {
            ExprKind::Or(all) => {
                let all = all.iter().map(|one| self.alternative(one)).collect();
                Expr { kind: ExprKind::Or(all), span: outcome.span }
            }
            _ => self.alternative(outcome),
        }
    }

    /// One outcome. What a name stands for is a value there, though written out it would be taken for an error.
    fn alternative(&mut self, one: &Expr) -> Expr {
        let ExprKind::Name(name) = &one.kind else { return self.value(one) };
        let Some(Binding::Value(valued, ..)) = self.scene.names.get(name) else { return self.value(one) };
        let flat = self.value(one);
        match (&flat.kind, valued.constant()) {
            (_, Some(value @ Value::Int(-1))) => {
                Expr { kind: ExprKind::Than(CompareOp::Equal, Box::new(literal(&value))), span: one.span }
            }
            (ExprKind::Name(text), Some(value)) if Errno::from_name(text).is_some() => literal(&value),
            (ExprKind::Binary(..), Some(value)) => literal(&value),
            _ => flat,
        }
    }

    /// What an actor or a name is called.
    pub(super) fn name(&self, name: &str) -> String {
        self.renamed(name).unwrap_or(name).to_owned()
    }

    fn renamed(&self, name: &str) -> Option<&str> {
        let written = &self.telling.written;
        let called = match self.scene.names.get(name)? {
            Binding::Actor(actor, _) => written.actors.get(usize::from(*actor)),
            Binding::Slot(slot) => written.slots.get(*slot),
            Binding::Value(..) | Binding::Unclear(_) => None,
        };
        called.map(String::as_str).filter(|called| *called != name)
    }

    /// A value. What stands in a source is taken from there: the tree does not know that a mode was octal.
    pub(super) fn value(&mut self, expr: &Expr) -> Expr {
        let kind = match &expr.kind {
            ExprKind::Integer(_) | ExprKind::Version(_) | ExprKind::Duration(_) => self.verbatim(expr),
            ExprKind::Text(parts) => self.string(parts, expr),
            ExprKind::Name(name) => return self.named(name, expr.span),
            ExprKind::Field(..) | ExprKind::Index(..) if self.leads_to_value(expr) => match self.constant(expr) {
                Some(value) => {
                    self.changed = true;
                    literal(&value).kind
                }
                None => self.below(expr),
            },
            ExprKind::Call(call) if call.name.text == "ns" => self.namespace(call),
            ExprKind::Do(calls) if calls.len() > 1 => self.deferred(calls),
            _ => self.below(expr),
        };
        Expr { kind, span: expr.span }
    }

    /// Calls to be made later: each stands on a line of its own, which is the one thing that is not on the line of its step.
    fn deferred(&mut self, calls: &[Call]) -> ExprKind {
        let line = |call: &Call| {
            let made = ExprKind::Call(self.made(call));
            format!("    {}\n", print::expression(&Expr { kind: made, span: call.span }).replace('\n', "\n    "))
        };
        ExprKind::Name(format!("do {{\n{}}}", calls.iter().map(line).collect::<String>()))
    }

    fn below(&mut self, expr: &Expr) -> ExprKind {
        with_parts(expr, &mut |part| self.value(part))
    }

    /// The source of `expr`, as something that is printed as it is.
    fn verbatim(&self, expr: &Expr) -> ExprKind {
        match self.scene.written(expr.span) {
            "" => expr.kind.clone(),
            source => ExprKind::Name(source.to_owned()),
        }
    }

    fn named(&mut self, name: &str, span: Span) -> Expr {
        let as_it_is = || Expr { kind: ExprKind::Name(name.to_owned()), span };
        if !self.scoped {
            self.lean_on(name);
            return as_it_is();
        }
        match self.scene.names.get(name) {
            Some(Binding::Value(_, _, written)) => {
                self.changed = true;
                (**written).clone()
            }
            Some(_) => match self.renamed(name).map(str::to_owned) {
                Some(called) => {
                    self.changed = true;
                    Expr { kind: ExprKind::Name(called), span }
                }
                None => as_it_is(),
            },
            None => {
                self.lean_on(name);
                as_it_is()
            }
        }
    }

    /// The kind of a namespace is a word, whatever a name that looks like it stands for.
    fn namespace(&mut self, call: &Call) -> ExprKind {
        let mut args = call.args.clone();
        if let Some(actor) = args.first_mut() {
            *actor = self.value(actor);
        }
        ExprKind::Call(Call { args, ..call.clone() })
    }

    fn string(&mut self, parts: &[TextPart], whole: &Expr) -> ExprKind {
        let before = std::mem::replace(&mut self.changed, false);
        let parts: Vec<TextPart> = parts
            .iter()
            .map(|part| match part {
                TextPart::Bytes(bytes) => TextPart::Bytes(bytes.clone()),
                TextPart::Value(value) => self.interpolated(value),
            })
            .collect();
        let kind = if self.changed { ExprKind::Text(parts) } else { self.verbatim(whole) };
        self.changed |= before;
        kind
    }

    /// Between braces only a name, a field or an element may stand: what is known is put into the string itself.
    fn interpolated(&mut self, value: &Expr) -> TextPart {
        let known = if self.leads_to_value(value) || self.depth > 0 { self.constant(value) } else { None };
        let text = match known {
            Some(Value::Int(number)) => Some(number.to_string().into_bytes()),
            Some(Value::Bytes(bytes)) => Some(bytes),
            Some(Value::Word(word)) => Some(word.into_bytes()),
            _ => None,
        };
        match text {
            Some(text) => {
                self.changed = true;
                TextPart::Bytes(text)
            }
            None => TextPart::Value(self.value(value)),
        }
    }

    /// Whether `expr` is a name that stands for a value, or takes a field or an element by one.
    fn leads_to_value(&self, expr: &Expr) -> bool {
        match &expr.kind {
            ExprKind::Name(name) => self.scoped && matches!(self.scene.names.get(name), Some(Binding::Value(..))),
            ExprKind::Field(inner, _) => self.leads_to_value(inner),
            ExprKind::Index(inner, index) => self.leads_to_value(inner) || self.leads_to_value(index),
            _ => false,
        }
    }

    /// What a name, a field or an element is, where that is known before the run.
    fn constant(&self, expr: &Expr) -> Option<Value> {
        match &expr.kind {
            ExprKind::Integer(number) => Some(Value::Int(*number)),
            ExprKind::Text(parts) => match parts.as_slice() {
                [] => Some(Value::Bytes(Vec::new())),
                [TextPart::Bytes(bytes)] => Some(Value::Bytes(bytes.clone())),
                _ => None,
            },
            ExprKind::Name(name) => match self.scene.names.get(name) {
                Some(Binding::Value(valued, ..)) => valued.constant(),
                Some(_) => None,
                None => self.scene.consts.get(name.as_str()).and_then(super::valued::Valued::constant),
            },
            ExprKind::Field(inner, field) => self.constant(inner)?.field(&field.text).cloned(),
            ExprKind::Index(inner, index) => match (self.constant(inner)?, self.constant(index)?) {
                (Value::List(items), Value::Int(at)) => items.get(usize::try_from(at).ok()?).cloned(),
                _ => None,
            },
            _ => None,
        }
    }

    /// A call with its arguments flat. Where a definition speaks of a name that is called otherwise here, the call that it stands for.
    fn made(&mut self, call: &Call) -> Call {
        if let Some(def) = self.scene.items.defs.get(call.name.text.as_str()).copied() {
            let speaks = def.call.args.iter().any(|arg| self.speaks_of_renamed(arg));
            if speaks
                && self.depth < DEEPEST
                && let Ok(stands) = definitions::expand(def, call)
            {
                self.changed = true;
                self.depth += 1;
                let made = self.made(&stands);
                self.depth -= 1;
                return made;
            }
            self.lean_on_definition(def);
        }
        with_arguments(call, &mut |arg| self.value(arg))
    }

    fn speaks_of_renamed(&self, expr: &Expr) -> bool {
        let mut found = matches!(&expr.kind, ExprKind::Name(name) if self.renamed(name).is_some());
        with_parts(expr, &mut |part| {
            found |= self.speaks_of_renamed(part);
            part.clone()
        });
        found
    }

    /// Keeps the `const` called `name`, if there is one, and those on which it leans.
    fn lean_on(&mut self, name: &str) {
        let Some(constant) = self.scene.items.consts.get(name).copied() else { return };
        let place = (constant.name.span.source, constant.name.span.start);
        if self.telling.items.contains_key(&place) {
            return;
        }
        self.telling.items.insert(place, String::new());
        let value = self.unscoped(|flat| flat.value(&constant.value));
        let text = item(Item::Const(ast::Const { name: constant.name.clone(), value }));
        self.telling.items.insert(place, text);
    }

    fn lean_on_definition(&mut self, def: &ast::Def) {
        let place = (def.name.span.source, def.name.span.start);
        if self.telling.items.contains_key(&place) {
            return;
        }
        self.telling.items.insert(place, String::new());
        let flat = self.unscoped(|flat| ast::Def {
            name: def.name.clone(),
            parameters: def
                .parameters
                .iter()
                .map(|(name, default)| (name.clone(), default.as_ref().map(|default| flat.value(default))))
                .collect(),
            call: flat.made(&def.call),
        });
        self.telling.items.insert(place, item(Item::Def(flat)));
    }

    fn unscoped<T>(&mut self, make: impl FnOnce(&mut Self) -> T) -> T {
        let (scoped, changed) = (self.scoped, self.changed);
        self.scoped = false;
        let made = make(self);
        (self.scoped, self.changed) = (scoped, changed);
        made
    }
}

/// An item on its line.
fn item(item: Item) -> String {
    print::print(&ast::File { items: vec![item] }).trim_end().to_owned()
}
