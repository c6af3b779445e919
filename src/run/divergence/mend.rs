//! The outcome that a script would have to expect for its step to be met, in the notation of scripts.

use super::outcome::gives;
use super::{Facts, difference};
use crate::journal::Mend;
use crate::operation::Operation;
use crate::scenario::{Expectation, Pattern, Step, show_outcome};
use crate::text::Span;
use crate::value::{Outcome, Type, Value};

/// Stands for what a field has in the script already.
const KEPT: &str = "_";
/// What a value is shown with where a part of it is left out.
const CUT: char = '…';

impl Facts<'_> {
    /// Where the step that is being taken says its outcome, and what it would have to say; nothing where no outcome says what was seen.
    pub(super) fn mend(&self, expectation: &Expectation, operation: &Operation, outcome: &Outcome) -> Option<Mend> {
        let text = self.worded(expectation, operation, outcome)?;
        let text = if expectation.eventually { format!("eventually {text}") } else { text };
        let before = self.source(expectation.span)?.get(..expectation.span.start as usize)?;
        // Without an outcome the expectation has the place of its call.
        let span = if before.trim_end().ends_with("->") { expectation.span } else { self.end_of_step() };
        self.at(span, text)
    }

    /// The same for `expect value -> pattern`, where `shown` was seen.
    pub(super) fn mend_of_expect(&self, step: &Step, shown: &str) -> Option<Mend> {
        let line = self.source(step.span)?.get(step.span.start as usize..step.span.end as usize)?;
        let mut arrows = line.match_indices("->");
        let (at, _) = arrows.next()?;
        // A second one may stand in a string: which is the outcome's cannot be told here.
        if arrows.next().is_some() || shown.contains(CUT) {
            return None;
        }
        let pattern = line.get(at + 2..)?;
        let start = step.span.start as usize + at + 2 + (pattern.len() - pattern.trim_start().len());
        self.at(Span::new(step.span.source, start..step.span.end as usize), shown.to_owned())
    }

    fn at(&self, span: Span, text: String) -> Option<Mend> {
        let own = span.source == self.view.scenario.source && span.end > 0;
        (own && !text.contains(CUT)).then_some(Mend { start: span.start as usize, end: span.end as usize, text })
    }

    fn worded(&self, expectation: &Expectation, operation: &Operation, outcome: &Outcome) -> Option<String> {
        let ty = gives(expectation, operation);
        let patterns = difference::patterns(expectation);
        match outcome {
            Outcome::Ended | Outcome::Stopped | Outcome::Refused(_) => None,
            // Which number a new object gets is of no interest where none was expected, and an address is another one each time.
            Outcome::Returned(Value::Int(_)) if matches!(ty, Type::Handle(kind) if patterns.is_empty() || kind == "address") => {
                patterns.is_empty().then(|| "ok".to_owned())
            }
            Outcome::Returned(value) => {
                let value = match patterns.as_slice() {
                    [pattern @ Pattern::Record(fields)] => {
                        let met = |name: &String| !difference::differing(expectation, value, &self.view).contains(name);
                        kept(difference::narrow(pattern, value), fields.len(), met)
                    }
                    [pattern] => difference::narrow(pattern, value),
                    _ => steady(value.clone()),
                };
                Some(show_outcome(&Outcome::Returned(value), &ty, &self.view))
            }
            other => Some(show_outcome(other, &operation.result, &self.view)),
        }
    }

    fn source(&self, span: Span) -> Option<&str> {
        self.sources.get(span.source as usize).map(|source| source.text.as_str())
    }

    fn end_of_step(&self) -> Span {
        let span = self.span(self.now);
        Span::new(span.source, span.end as usize..span.end as usize)
    }
}

/// `value` with [`KEPT`] for each field that was `met`, if it has the `count` fields of its pattern.
fn kept(value: Value, count: usize, met: impl Fn(&String) -> bool) -> Value {
    match value {
        Value::Record(fields) if fields.len() == count => Value::Record(
            fields
                .into_iter()
                .map(|(name, value)| if met(&name) { (name, Value::Word(KEPT.into())) } else { (name, value) })
                .collect(),
        ),
        other => other,
    }
}

/// `value` without the fields that differ from run to run.
fn steady(value: Value) -> Value {
    let is_steady = |value: &Value| !matches!(value, Value::Word(word) if word.contains(CUT));
    match difference::steady(value) {
        Value::Record(fields) => Value::Record(
            fields.into_iter().filter(|(_, value)| is_steady(value)).map(|(name, value)| (name, steady(value))).collect(),
        ),
        Value::List(items) => Value::List(items.into_iter().map(steady).collect()),
        other => other,
    }
}
