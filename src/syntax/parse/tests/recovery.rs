//! Several mistakes in one script: each is told, and none hides what stands around it.

use super::{codes, scenario, show, within};
use crate::syntax::ast::{Action, Item, Statement, Target};
use crate::text::Source;

fn told(text: &str) -> Vec<(&'static str, String)> {
    codes(text)
}

fn expected(list: &[(&'static str, &str)]) -> Vec<(&'static str, String)> {
    list.iter().map(|&(code, text)| (code, text.to_owned())).collect()
}

#[test]
fn every_mistake_is_told_at_its_place() {
    let text = "const MODE = 0600\nscenario \"x\" {\n    actor a b\n    a: semop(lock [0])\n    a: f(1, 2\n    a: f(\"abc)\n    a: f(0x, 08);\n    if x = 1 {\n        a: resume\n    }\n}\nsenario \"y\" {\n    a: f(1_0)\n}\nconst N = 08\n";
    let list = [
        ("bare-octal", "0600"),
        ("lost-comma", "b"),
        ("lost-comma", "["),
        ("unclosed-bracket", "("),
        ("unclosed-string", "\""),
        ("semicolon", ";"),
        ("single-equals", "="),
        ("unknown-step", "resume"),
        ("unknown-item", "senario"),
        ("bad-number", "1_0"),
        ("bad-number", "08"),
    ];
    assert_eq!(told(text), expected(&list));
}

#[test]
fn an_unclosed_bracket_ends_before_the_next_statement() {
    for next in [
        "b: g()",
        "b: x = g()",
        "b: resumes",
        "b, c: dies SIGKILL",
        "expect x == 1",
        "if x { b: g() }",
        "for i in 1..2 { b: g() }",
        "b: [r, w] = pipe()",
    ] {
        let text = within(&format!("a: f({{1, [2\n    {next}\n    a: f(08)"));
        assert_eq!(told(&text), expected(&[("unclosed-bracket", "["), ("bad-number", "08")]), "before {next}");
    }
}

#[test]
fn an_unclosed_bracket_ends_with_its_block() {
    assert_eq!(
        told("scenario \"x\" {\n    a: f({1, 2\n}\nconst A = 08\n"),
        expected(&[("unclosed-bracket", "{"), ("bad-number", "08")])
    );
    assert_eq!(told(&within("if x { a: f(1 }\n    a: f(08)")), expected(&[("unclosed-bracket", "("), ("bad-number", "08")]));
}

#[test]
fn fields_that_look_like_steps_stay_in_their_record() {
    let text =
        within("a: waitpid(-1) -> {\n        pid: child,\n        status: exited(0),\n        rest: killed(SIGKILL)\n    }");
    assert_eq!(told(&text), []);
    let text = within("a: waitpid(-1) -> {\n        pid: child\n        status: exited(0)\n    }");
    assert_eq!(told(&text), expected(&[("lost-comma", "status")]));
}

#[test]
fn wrong_brackets_are_told_once() {
    assert_eq!(
        told(&within("a: f([1, 2))\n    a: f(1, 2}\n    a: f(1))\n    a: f(1}, 2)")),
        expected(&[
            ("unclosed-bracket", "["),
            ("mismatched-bracket", "}"),
            ("unmatched-bracket", ")"),
            ("mismatched-bracket", "}"),
        ])
    );
}

#[test]
fn a_missing_brace_is_blamed_on_the_block_that_was_closed_by_another() {
    let text = "scenario \"x\" {\n    if y {\n        a: f()\n    a: g()\n}\nscenario \"z\" {\n    a: f(08)\n}\n";
    let source = Source::new("test.ipcs", text);
    let (file, diagnostics) = super::super::parse(&source, 0);
    let lines: Vec<_> = diagnostics.iter().map(|found| (found.code, source.line(found.span().start as usize))).collect();
    assert_eq!(lines, [("unclosed-block", 2), ("bad-number", 7)]);
    assert_eq!(file.items.len(), 2);
}

#[test]
fn a_brace_too_many_is_told_once() {
    let text = "scenario \"x\" {\n}\n}\na: f()\n}\nexpect a == b\nscenario \"y\" {\n}\n}\n";
    assert_eq!(told(text), expected(&[("unmatched-brace", "}"), ("unmatched-brace", "}")]));
}

#[test]
fn a_broken_head_still_opens_its_block() {
    let text = "scenario \"x {\n    if x = 1 {\n        a: f(08)\n    } else {\n        a: f(09)\n    }\n    for 1..2 {\n        a: f(07)\n    }\n}\n";
    let list = [
        ("unclosed-string", "\""),
        ("single-equals", "="),
        ("bad-number", "08"),
        ("bad-number", "09"),
        ("syntax", "1"),
        ("bare-octal", "07"),
    ];
    assert_eq!(told(text), expected(&list));
    let (file, _) = super::super::parse(&Source::new("test.ipcs", text), 0);
    assert_eq!(scenario(&file).title, "x");
    assert!(matches!(scenario(&file).body.as_slice(), [Statement::If { .. }, Statement::For { .. }]));
}

#[test]
fn a_broken_line_still_binds_its_names() {
    let text = "const KEY = 08 9\nscenario \"x\" {\n    actor a b\n    each flag [1]\n    a: child = fork(1 2)\n    a: [r, w] = pipe(\n    a: f() ->\n}\n";
    let (file, diagnostics) = super::super::parse(&Source::new("test.ipcs", text), 0);
    assert_eq!(diagnostics.len(), 6);
    assert!(matches!(&file.items[0], Item::Const(key) if key.name.text == "KEY"));
    let body = &scenario(&file).body;
    assert!(matches!(&body[0], Statement::Actors(names) if names.len() == 2));
    assert!(matches!(&body[1], Statement::Each { name, .. } if name.text == "flag"));
    let Statement::Step(step) = &body[2] else { panic!("no step") };
    assert_eq!(show::action(step), "a: child=fork(BROKEN)");
    assert_eq!(step.outcome.as_ref().map(show::expr).as_deref(), Some("BROKEN"));
    let Statement::Step(step) = &body[3] else { panic!("no step") };
    assert!(matches!(&step.action, Action::Call { target: Some(Target::List(names)), .. } if names.len() == 2));
    assert_eq!(body.len(), 5);
}

#[test]
fn one_bad_value_leaves_the_step() {
    let (file, diagnostics) = super::super::parse(&Source::new("test.ipcs", &within("a: f(08, \"\\q\", [09, 1]) -> 07")), 0);
    assert_eq!(diagnostics.len(), 4);
    let [Statement::Step(step)] = scenario(&file).body.as_slice() else { panic!("no step") };
    assert_eq!(show::action(step), "a: f(BROKEN  [BROKEN 1])");
}
