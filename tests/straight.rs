//! One order of a scenario with `interleave`, printed as a script of its own: it checks, it says the same, and it runs.

#[path = "straight/corpus.rs"]
mod corpus;
#[path = "straight/kernel.rs"]
mod kernel;
#[path = "straight/orders.rs"]
mod orders;
#[path = "straight/steps.rs"]
mod steps;

use ipcscript::check::{Facts, Script, check};
use ipcscript::scenario::{Judged, Line, Scenario, What, script, straight};
use ipcscript::syntax::parse;
use ipcscript::text::Source;
use ipcscript::value::Signal;
use std::fs;
use std::process::Command;

/// The scenarios of the first text, which may include the others.
fn scenarios(texts: &[(&str, &str)]) -> Vec<Scenario> {
    let sources: Vec<Source> = texts.iter().map(|(name, text)| Source::new(*name, text)).collect();
    let mut files = Vec::new();
    for (id, source) in (0u32..).zip(&sources) {
        let (file, found) = parse(source, id);
        assert!(found.is_empty(), "{}\n{found:#?}", source.text);
        files.push((id, file));
    }
    let facts = Facts { kernel: vec![6, 8], arch: "x86_64".into(), privileged: false };
    let (scenarios, found) = check(&Script { root: 0, files }, &sources, &facts);
    assert!(found.is_empty(), "{}\n{found:#?}", sources[0].text);
    scenarios
}

/// The lines of an order: the steps that are not free in their places, and in the place of each `interleave` what `orders` has for it: `a1` takes
/// the first step of `a` in it, `a1!` blocks there, `a1~` sleeps, `a^` resumes, `a=3` exits and `a#9` dies.
fn lines(scenario: &Scenario, orders: &[&str]) -> Vec<Line> {
    let mut lines = Vec::new();
    let mut orders = orders.iter();
    let mut at = 0;
    while at < scenario.steps.len() {
        match scenario.interleavings.iter().find(|free| free.start == at && !free.is_empty()) {
            Some(free) => {
                let Some(order) = orders.next() else { return lines };
                lines.extend(order.split_whitespace().map(|word| line(scenario, free.clone(), word)));
                at = free.end;
            }
            None => {
                lines.push(Line::Takes(at));
                at += 1;
            }
        }
    }
    lines
}

fn line(scenario: &Scenario, free: std::ops::Range<usize>, word: &str) -> Line {
    let name: String = word.chars().take_while(|c| c.is_ascii_alphabetic()).collect();
    let rest = &word[name.len()..];
    let actor = scenario.actors.iter().position(|actor| actor.name == name).unwrap_or_else(|| panic!("no actor {name}"));
    let actor = u16::try_from(actor).expect("few actors");
    let number: String = rest.chars().filter(char::is_ascii_digit).collect();
    let number = number.parse().unwrap_or(0);
    match rest.trim_matches(|c: char| c.is_ascii_digit()) {
        "^" => Line::Resumes(actor),
        "=" => Line::Exits(actor, number),
        "#" => Line::Dies(actor, Signal(number)),
        how => {
            let own = |at: &usize| matches!(&scenario.steps[*at].what, What::Call(call) if call.actor == actor);
            let place = usize::try_from(number).expect("a place") - 1;
            let step = free.filter(own).nth(place).unwrap_or_else(|| panic!("no step {word}"));
            match how {
                "" => Line::Takes(step),
                "!" => Line::Blocks(step),
                "~" => Line::Sleeps(step),
                other => panic!("what is {other}?"),
            }
        }
    }
}

/// The order of `texts` that `orders` tells, straight, and its script; the script has been checked to say the same.
#[track_caller]
fn told(texts: &[(&str, &str)], orders: &[&str], judged: Judged) -> String {
    let all = scenarios(texts);
    let scenario = &all[0];
    let straight = straight(scenario, &lines(scenario, orders), judged, &orders.join(" "));
    let text = script(&straight);
    let again = scenarios(&[("saved.ipcs", &text)]);
    assert_eq!(again.len(), 1, "{text}");
    let (said, read) = (steps::listed(&straight), steps::listed(&again[0]));
    said.iter().zip(&read).for_each(|(said, read)| assert_eq!(said, read, "{text}"));
    assert_eq!(said.len(), read.len(), "{text}");
    assert_eq!(steps::births(&straight), steps::births(&again[0]), "{text}");
    assert_eq!(straight.title, again[0].title);
    text
}

/// The lines of a scenario's body that are steps, without their indentation.
fn body(text: &str) -> Vec<&str> {
    text.lines().map(str::trim).filter(|line| line.contains(": ") || line.starts_with("expect")).collect()
}

/// The exit code of `script` run by the real program, and what it printed.
fn run(script: &str) -> (i32, String) {
    run_with(script, &[])
}

fn run_with(script: &str, args: &[&str]) -> (i32, String) {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("saved.ipcs"), script).expect("a file");
    let mut command = Command::new(env!("CARGO_BIN_EXE_ipcscript"));
    let output = command.args(["run", "saved.ipcs"]).args(args).current_dir(folder.path()).output().expect("the program starts");
    let printed = [output.stdout, output.stderr].concat();
    (output.status.code().expect("it exits"), String::from_utf8_lossy(&printed).into_owned())
}

#[track_caller]
fn passes(script: &str) {
    let (code, printed) = run(script);
    assert_eq!(code, 0, "{script}\n{printed}");
}

/// The divergence of `script`, by its code.
#[track_caller]
fn diverges(script: &str, code: &str) {
    let (exit, printed) = run(script);
    assert_eq!(exit, 1, "{script}\n{printed}");
    assert!(printed.contains(code), "{script}\n{printed}");
}
