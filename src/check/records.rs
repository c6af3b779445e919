//! Records: the fields of a struct of C, by name or in its order.

use super::scene::Scene;
use super::types::{Place, Wanted, structure_of};
use super::valued::{Shape, Valued};
use crate::scenario::Expr;
use crate::syntax::ast;
use crate::text::{Diagnostic, Span, nearest};
use crate::value::{Field, Structure, Type};
use std::collections::HashSet;

/// Of more fields than these a message names the first only: a seccomp filter has one for each system call.
const MANY: usize = 20;

impl Scene<'_> {
    /// The record that `fields` writes.
    pub(super) fn record(&mut self, fields: &[(Option<ast::Name>, ast::Expr)], span: Span, wanted: Wanted) -> Valued {
        let structure = structure_of(&wanted.ty);
        let mut broken = !is_clear(fields);
        let mut exprs = Vec::with_capacity(fields.len());
        let mut flags = Vec::new();
        let mut weight = 0;
        for (at, (name, ast)) in fields.iter().enumerate() {
            let field = structure.map(|structure| self.place_of(structure, name.as_ref(), at, ast.span, fields.len()));
            let wanted = match (structure, field) {
                (Some(structure), Some(Some(field))) => Wanted { ty: field.ty, place: Place::Field(structure, field) },
                (Some(_), Some(None)) => {
                    broken = true;
                    continue;
                }
                _ => Wanted::ANYTHING,
            };
            let valued = self.value(ast, wanted);
            broken |= valued.broken;
            flags.extend(valued.flags);
            weight += valued.weight;
            exprs.push((name.as_ref().map(|name| name.text.clone()).unwrap_or_default(), valued.expr));
        }
        let ty = structure.map_or(Type::Any, Type::Struct);
        Valued { broken, flags, ..Valued::of(Expr::Record(exprs), ty, span).shaped(Shape::Record).weighing(weight) }
    }

    /// The field that stands at `at`, written with its `name` or without; reports one that the struct does not have.
    pub(super) fn place_of(
        &mut self,
        structure: &'static Structure,
        name: Option<&ast::Name>,
        at: usize,
        span: Span,
        count: usize,
    ) -> Option<&'static Field> {
        if let Some(name) = name {
            let field = structure.fields.iter().find(|field| field.name == name.text);
            if field.is_none() {
                self.unknown_field(structure, name);
            }
            return field;
        }
        let field = structure.fields.get(at);
        if field.is_none() {
            let most = structure.fields.len();
            self.found.push(
                Diagnostic::error("wrong-arity", span, format!("a struct {} has {most} fields, not {count}", structure.name))
                    .here("one too many")
                    .help(format!("the struct is `{{{}}}`", names(structure).join(", "))),
            );
        }
        field
    }

    /// Reports a field that `structure` does not have.
    pub(super) fn unknown_field(&mut self, structure: &'static Structure, name: &ast::Name) {
        let names = names(structure);
        let help = match nearest(&name.text, names.iter().copied()).or_else(|| by_tail(&name.text, &names)) {
            Some(near) => format!("did you mean `{near}`?"),
            None if names.len() > MANY => format!("it has {}, … and {} more", names[..MANY].join(", "), names.len() - MANY),
            None => format!("it has {}", names.join(", ")),
        };
        self.found.push(
            Diagnostic::error("unknown-field", name.span, format!("a struct {} has no field `{}`", structure.name, name.text))
                .here("not a field of it")
                .help(help),
        );
    }
}

/// Whether the record can be read at all; of a field that stands twice, or of names for some fields only, the parser has spoken.
pub(super) fn is_clear(fields: &[(Option<ast::Name>, ast::Expr)]) -> bool {
    let names: HashSet<&str> = fields.iter().filter_map(|(name, _)| name.as_ref()).map(|name| name.text.as_str()).collect();
    names.is_empty() || names.len() == fields.len()
}

fn names(structure: &'static Structure) -> Vec<&'static str> {
    structure.fields.iter().map(|field| field.name).collect()
}

/// The field whose name ends so: people leave the prefix of C away, `mode` for `st_mode`.
fn by_tail(name: &str, names: &[&'static str]) -> Option<&'static str> {
    names.iter().copied().find(|known| known.split_once('_').is_some_and(|(_, tail)| tail == name))
}
