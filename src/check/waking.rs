//! `resumes` behind a step that cannot have woken anybody.

use super::Region;
use super::order::{Life, Waiting};
use super::scene::Scene;
use crate::operation::{self, Access, Trait};
use crate::scenario::{ActorId, Alternative, Call, Expr, Step, What};
use crate::text::{Diagnostic, Span};
use crate::value::Value;

/// Calls after which something happens by itself.
const BY_ITSELF: &[Trait] =
    &[Trait::Alarms, Trait::Arms, Trait::Programs, Trait::Becomes, Trait::Network, Trait::Carries, Trait::Threads, Trait::Shares];

impl Scene<'_> {
    /// Says so where nothing has happened by which `actor` could have resumed at `span`.
    pub(super) fn asleep_still(&mut self, actor: ActorId, span: Span) {
        if self.region != Region::Line {
            return;
        }
        let Life::Pending(waiting) = self.order.life(actor) else { return };
        let Some(idle) = self.idle_step(actor, &waiting) else { return };
        let who = self.actors.get(usize::from(actor)).map(|actor| actor.name.clone()).unwrap_or_default();
        let mut diagnostic = Diagnostic::warning("nothing-wakes", span, format!("nothing can have woken `{who}` by this line"))
            .here("it waits still")
            .also(waiting.span, format!("`{who}` is blocked here"));
        if let Some((span, name)) = idle {
            diagnostic = diagnostic.also(span, format!("`{name}` changes nothing for others"));
        }
        self.found.push(diagnostic.help(format!("put this line behind the step that wakes it, or write `{who}: stays blocked`")));
    }

    /// The step behind which `actor` is to resume, where it changes nothing for others: nothing for the actor's own.
    fn idle_step(&self, actor: ActorId, waiting: &Waiting) -> Option<Option<(Span, &'static str)>> {
        let happens = |step: &Step| call_of(step).is_some_and(|(_, operation)| BY_ITSELF.iter().any(|&by| operation.is(by)));
        if self.steps.iter().any(happens) {
            return None;
        }
        let blocks = |call: &Call| call.expectation.alternatives.iter().all(|one| matches!(one, Alternative::Blocks));
        let begun = self.steps.iter().rev().find(|step| step.span == waiting.span)?;
        if !call_of(begun).is_some_and(|(call, _)| call.actor == actor && blocks(call)) {
            return None;
        }
        let last = self.steps.last()?;
        let (call, operation) = call_of(last)?;
        if last.span == waiting.span {
            return (!last.same_line && call.actor == actor).then_some(None);
        }
        let quiet = !last.same_line && !call.expectation.eventually && is_quiet(call, operation);
        let ends = call.expectation.alternatives.iter().any(|one| matches!(one, Alternative::Dies(_) | Alternative::Exits(_)));
        (quiet && !ends).then_some(Some((last.span, operation.name)))
    }
}

fn call_of(step: &Step) -> Option<(&Call, &'static operation::Operation)> {
    match &step.what {
        What::Call(call) => Some((call, operation::at(call.operation)?)),
        _ => None,
    }
}

/// Whether nobody else can notice a call: what its entry promises of what it touches, given its command.
fn is_quiet(call: &Call, operation: &operation::Operation) -> bool {
    let args = call.args.iter().map(|arg| if let Expr::Literal(value) = arg { value.clone() } else { Value::Null });
    let touches = operation.touched(&args.collect::<Vec<_>>());
    touches.is_some_and(|touches| touches.iter().all(|touch| touch.access == Access::Reads))
}
