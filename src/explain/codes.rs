//! What each code of a diagnostic means, with a script that gives it and one that does not: the tests run both.

mod load;
mod meaning;
mod run;
mod signs;
mod statements;

use super::Block;

/// What is to be learned from a code.
#[derive(Debug)]
pub struct Lesson {
    /// `wrong-errno`
    pub code: &'static str,
    /// Why it is said.
    pub meaning: &'static str,
    /// A script that gives it: lines of a scenario's body with the actors `a` and `b`, or a whole script.
    pub wrong: &'static str,
    /// One that is right, and tells the same.
    pub right: &'static str,
    /// The options of the command that shows it, where it takes any.
    pub options: &'static str,
    /// Whether it is said of a run, rather than ahead of it.
    pub runs: bool,
}

/// How the table of a layer writes a lesson: code, meaning, wrong and right.
type Row = (&'static str, &'static str, &'static str, &'static str);

/// What begins a line that stands outside of scenarios: such a script is whole.
const WHOLE: &[&str] = &["scenario", "senario", "setup", "const", "def", "include", "actor a\na:"];

/// The lessons of all layers, each code once.
pub fn lessons() -> Vec<Lesson> {
    let of = |rows: &'static [Row], runs: bool| {
        rows.iter().map(move |&(code, meaning, wrong, right)| Lesson {
            code,
            meaning,
            wrong,
            right,
            options: options(code),
            runs,
        })
    };
    of(signs::ROWS, false)
        .chain(of(statements::ROWS, false))
        .chain(of(meaning::ROWS, false))
        .chain(of(load::ROWS, false))
        .chain(of(run::ROWS, true))
        .collect()
}

/// Options without which a code would be long in coming.
fn options(code: &str) -> &'static str {
    match code {
        "limit-memory" => "--limit memory=20M",
        "limit-processes" => "--limit processes=50",
        "limit-time" => "--limit step=500",
        "impossible-order" => "--schedule a1,b1,a2,b2",
        _ => "",
    }
}

/// A lesson's lines as a whole script.
pub fn script(lines: &str) -> String {
    if WHOLE.iter().any(|word| lines.starts_with(word)) || lines.contains("\nscenario ") {
        return lines.to_owned();
    }
    let body: String = lines.lines().map(|line| format!("    {line}\n")).collect();
    format!("scenario \"an example\" {{\n    actor a, b\n\n{body}}}")
}

/// The page of a code.
pub(super) fn page(code: &str) -> Vec<Block> {
    let Some(lesson) = lessons().into_iter().find(|lesson| lesson.code == code) else { return Vec::new() };
    let kind = if lesson.runs { "a divergence" } else { "a mistake in a script" };
    let mut blocks = vec![Block::Heading(code.into(), kind.into())];
    blocks.extend(body(&lesson));
    blocks
}

/// What is said of a code under its heading.
pub(super) fn body(lesson: &Lesson) -> Vec<Block> {
    let mut blocks = vec![Block::text(lesson.meaning)];
    if !lesson.options.is_empty() {
        blocks.push(Block::Text(format!("With `ipcscript run {}`:", lesson.options)));
    }
    blocks.push(Block::Part("wrong"));
    blocks.push(Block::Script(lesson.wrong.into()));
    blocks.push(Block::Part("right"));
    blocks.push(Block::Script(lesson.right.into()));
    blocks
}

/// Every code that has a page.
pub(super) fn names() -> impl Iterator<Item = &'static str> {
    lessons().into_iter().map(|lesson| lesson.code)
}
