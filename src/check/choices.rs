//! `each`: the combinations of its parameters.

use super::conditions::Turn;
use super::scene::{Binding, Scene};
use crate::syntax::ast::{self, Statement};
use crate::text::Diagnostic;

/// How many scenarios one may become by `each`.
const MOST_SCENARIOS: usize = 1_000;

/// One choice of values for the parameters of `each`.
pub(super) type Choice<'a> = Vec<(&'a ast::Name, Turn)>;

impl<'a> Scene<'a> {
    /// The combinations of the parameters of `each`, the first parameter changing slowest.
    pub(super) fn choices(&mut self, heads: &[&'a [Statement]]) -> Vec<Choice<'a>> {
        let mut choices: Vec<Choice<'a>> = vec![Vec::new()];
        let mut known: Vec<&'a ast::Name> = Vec::new();
        for statement in heads.iter().flat_map(|head| head.iter()) {
            let Statement::Each { name, values } = statement else { continue };
            if !self.can_be_parameter(name, &known) {
                continue;
            }
            known.push(name);
            let values = self.sequence(values);
            if values.is_empty() {
                // What is wrong was said; the name is known all the same.
                self.names.insert(name.text.clone(), Binding::Unclear(name.span));
                continue;
            }
            if choices.len() * values.len() > MOST_SCENARIOS {
                let message = format!("`each` makes more than {MOST_SCENARIOS} scenarios of this one");
                self.found
                    .push(Diagnostic::error("too-many-steps", name.span, message).here("too many").help("give it fewer values"));
                self.names.insert(name.text.clone(), Binding::Unclear(name.span));
                continue;
            }
            let longer = |choice: Choice<'a>| {
                values
                    .iter()
                    .map(move |turn| {
                        let mut choice = choice.clone();
                        choice.push((name, turn.clone()));
                        choice
                    })
                    .collect::<Vec<_>>()
            };
            choices = choices.into_iter().flat_map(longer).collect();
        }
        choices
    }

    /// Whether the parameter can be called so; says so if not.
    fn can_be_parameter(&mut self, name: &'a ast::Name, known: &[&'a ast::Name]) -> bool {
        if let Some(first) = known.iter().find(|first| first.text == name.text) {
            self.found.push(
                Diagnostic::error("already-bound", name.span, format!("`{}` has a meaning already", name.text))
                    .here("bound again here")
                    .also(first.span, "first bound here"),
            );
            return false;
        }
        let bound = self.bind(name, Binding::Unclear(name.span));
        self.names.remove(&name.text);
        bound
    }
}
