//! A tree as text again: one style, one line a statement, and the same tree when it is parsed.
//!
//! Comments are no part of the tree; whoever is to keep them prints from the source.

mod value;

use super::ast::{
    Action, Const, Def, Expect, Expr, File, Include, Item, Name, Need, Quantifier, Scenario, Setup, Statement, Step, Target,
};
use value::call;
pub use value::{expression, quoted};

/// One level of blocks.
const INDENT: &str = "    ";

/// `file` as text.
pub fn print(file: &File) -> String {
    let items: Vec<String> = file.items.iter().map(item).collect();
    items.join("\n")
}

fn item(item: &Item) -> String {
    match item {
        Item::Const(Const { name, value }) => format!("const {} = {}\n", name.text, expression(value)),
        Item::Def(def) => definition(def),
        Item::Setup(Setup { body, .. }) => format!("setup {{\n{}}}\n", block(body, 1)),
        Item::Include(Include { path, .. }) => format!("include {}\n", quoted(path)),
        Item::Scenario(Scenario { title, docs, body, .. }) => {
            let docs: String = docs.iter().map(|line| format!("## {line}").trim_end().to_owned() + "\n").collect();
            format!("{docs}scenario {} {{\n{}}}\n", quoted(title), block(body, 1))
        }
    }
}

fn definition(Def { name, parameters, call: stands_for }: &Def) -> String {
    let parameters = parameters.iter().map(|(name, default)| match default {
        Some(default) => format!("{} = {}", name.text, expression(default)),
        None => name.text.clone(),
    });
    format!("def {}({}) = {}\n", name.text, parameters.collect::<Vec<_>>().join(", "), call(stands_for))
}

/// The statements of a block, each on a line of its own.
fn block(body: &[Statement], depth: usize) -> String {
    body.iter().map(|one| statement(one, depth)).collect()
}

fn statement(one: &Statement, depth: usize) -> String {
    let indent = INDENT.repeat(depth);
    let braced = |head: &str, body: &[Statement]| format!("{head} {{\n{}{indent}}}", block(body, depth + 1));
    let text = match one {
        Statement::Actors(actors) => format!("actor {}", names(actors)),
        Statement::Needs(need) => needs(need),
        Statement::Each { name, values } => format!("each {} in {}", name.text, expression(values)),
        Statement::If { branches, otherwise } => {
            let chosen = branches.iter().map(|(condition, body)| braced(&format!("if {}", head(condition)), body));
            let last = (!otherwise.is_empty()).then(|| braced("", otherwise).trim_start().to_owned());
            chosen.chain(last).collect::<Vec<_>>().join(" else ")
        }
        Statement::For { name, values, body } => braced(&format!("for {} in {}", name.text, head(values)), body),
        Statement::Interleave { body, .. } => braced("interleave", body),
        Statement::Expect(expect) => expectation(expect),
        Statement::Step(step) => self::step(step),
    };
    format!("{indent}{text}\n")
}

/// A step on one line: `child: semop(set, [{0, -1, 0}]) -> blocks`.
pub fn step(step: &Step) -> String {
    let who = names(&step.actors);
    let what = match &step.action {
        Action::Call { target: None, call: made } => call(made),
        Action::Call { target: Some(Target::Name(name)), call: made } => format!("{} = {}", name.text, call(made)),
        Action::Call { target: Some(Target::List(list)), call: made } => format!("[{}] = {}", names(list), call(made)),
        Action::Resumes(_) => "resumes".into(),
        Action::StaysBlocked(_) => "stays blocked".into(),
        Action::Dies(signal) => format!("dies {}", expression(signal)),
        Action::Exits(status) => format!("exits {}", expression(status)),
    };
    let outcome = step.outcome.as_ref().map_or_else(String::new, |outcome| format!(" -> {}", expression(outcome)));
    format!("{who}: {what}{outcome}")
}

/// A value in the head of a block, whose own `{` is to be the only one outside of parentheses.
fn head(value: &Expr) -> String {
    let text = expression(value);
    if text.contains('{') { format!("({text})") } else { text }
}

fn needs(need: &Need) -> String {
    let mut words = vec![format!("needs {}", need.kind.text)];
    words.extend(need.subject.as_ref().map(|subject| subject.text.clone()));
    words.extend(need.compare.as_ref().map(|(op, value)| format!("{} {}", op.sign(), expression(value))));
    let values: Vec<String> = need.argument.iter().chain(&need.more).map(expression).collect();
    words.extend((!values.is_empty()).then(|| values.join(", ")));
    words.join(" ")
}

fn expectation(expect: &Expect) -> String {
    let quantifier = match expect.quantifier {
        None => "",
        Some(Quantifier::Always) => "always ",
        Some(Quantifier::Sometimes) => "sometimes ",
        Some(Quantifier::Never) => "never ",
    };
    let outcome = expect.outcome.as_ref().map_or_else(String::new, |outcome| format!(" -> {}", expression(outcome)));
    format!("expect {quantifier}{}{outcome}", expression(&expect.value))
}

fn names(names: &[Name]) -> String {
    names.iter().map(|name| name.text.as_str()).collect::<Vec<_>>().join(", ")
}
