//! What people type, and what they are told.

use super::{codes, within};
use crate::text::Source;

/// Each line of a scenario, with the code and the underlined text of the one diagnostic that it gets.
const LINES: &[(&str, &str, &str)] = &[
    // Numbers.
    ("a: open(\"x\", 0600)", "bare-octal", "0600"),
    ("a: f(089)", "bad-number", "089"),
    ("a: f(64KB)", "bad-number", "64KB"),
    ("a: f(1.5s)", "bad-number", "1.5s"),
    ("a: f(0x)", "bad-number", "0x"),
    ("a: f(0b101)", "bad-number", "0b101"),
    ("a: f(1e3)", "bad-number", "1e3"),
    ("a: f(18446744073709551616)", "integer-out-of-range", "18446744073709551616"),
    ("a: f(-9223372036854775809)", "integer-out-of-range", "-9223372036854775809"),
    (
        "a: f(99999999999999999999999999999999999999999999)",
        "integer-out-of-range",
        "99999999999999999999999999999999999999999999",
    ),
    ("a: f(17179869184G)", "integer-out-of-range", "17179869184G"),
    ("a: f(9999999999min)", "integer-out-of-range", "9999999999min"),
    // Strings.
    ("a: f(\"abc)", "unclosed-string", "\""),
    ("a: f(\"a\\qb\")", "bad-escape", "\\q"),
    ("a: f(\"\\x1\")", "bad-escape", "\\x"),
    ("a: f(\"\\033[0m\")", "bad-escape", "\\033"),
    ("a: f(\"{0}\")", "bad-interpolation", "{0}"),
    ("a: f(\"{}\")", "bad-interpolation", "{}"),
    ("a: f(\"{f()}\")", "bad-interpolation", "{f()}"),
    ("a: f(\"{x\")", "bad-interpolation", "{"),
    ("a: f(\"x}\")", "bad-interpolation", "}"),
    ("a: f('x')", "single-quotes", "'x'"),
    ("a: f(“x”)", "smart-quotes", "“x”"),
    ("a:\u{a0}f()", "odd-blank", "\u{a0}"),
    ("a: f() → 5", "look-alike", "→"),
    ("a: f(−1)", "look-alike", "−"),
    ("é: f()", "odd-character", "é"),
    ("a: kill($x)", "odd-character", "$"),
    // Commas and brackets.
    ("a: semop(lock [{0, -1, 0}])", "lost-comma", "["),
    ("a: semop(lock, [{0 -1, 0}])", "lost-comma", "-"),
    ("a: f(1 2)", "lost-comma", "2"),
    ("a: f(\"a\" \"b\")", "lost-comma", "\"b\""),
    ("actor a b", "lost-comma", "b"),
    ("a: semop (lock)", "blank-before-bracket", "("),
    ("a: f(1, [2, 3)", "unclosed-bracket", "["),
    ("a: f(1, 2 -> 5", "unclosed-bracket", "("),
    ("a: f(1, 2}", "mismatched-bracket", "}"),
    ("a: f(1))", "unmatched-bracket", ")"),
    // Habits of C.
    ("a: f();", "semicolon", ";"),
    ("a: f() // why", "c-comment", "//"),
    ("if x && y { }", "c-logic", "&&"),
    ("if !x { }", "c-logic", "!"),
    ("a: f() -> EPERM || EACCES", "c-logic", "||"),
    ("if x = 1 { }", "single-equals", "="),
    ("expect x = 1", "single-equals", "="),
    ("a: f() \\", "line-continuation", "\\"),
    ("a: f([1, ...])", "three-dots", "..."),
    ("a: f({.x = 1})", "record-field", "."),
    ("a: f({x = 1})", "record-field", "="),
    ("a: f({\"x\": 1})", "record-field", ":"),
    ("a: f(flags = 0)", "named-argument", "="),
    ("a: f({1, x: 2})", "mixed-record", "x"),
    ("a: f({x: 1, x: 2})", "duplicate-field", "x"),
    // Outcomes.
    ("a: f() => 5", "missing-arrow", "=>"),
    ("a: f() == 5", "missing-arrow", "f() == 5"),
    ("a: f() = 5", "missing-arrow", "="),
    ("a: f() EINVAL", "missing-arrow", "EINVAL"),
    ("a: f() ->", "missing-outcome", ""),
    ("-> 5", "stray-outcome", "->"),
    ("a: f() -> EPERM | EACCES", "errno-alternatives", "EPERM | EACCES"),
    ("a: f() -> EPERM, EACCES", "errno-alternatives", ","),
    ("a: f() -> eventually EAGAIN | EINTR", "errno-alternatives", "EAGAIN | EINTR"),
    ("a: f() -> -1", "minus-one", "-1"),
    ("a: f() -> blocks or 0", "blocks-alternative", "blocks"),
    ("a: f() -> eventually blocks", "blocks-alternative", "blocks"),
    ("a: f() -> not 3", "condition-as-value", "not 3"),
    ("expect x -> not 3 or 4", "condition-as-value", "not 3"),
    ("a: f() -> [blocks]", "pattern-as-value", "blocks"),
    ("a: f() -> 5 or eventually 6", "pattern-as-value", "6"),
    ("a: f() -> x == 1", "condition-as-value", "x == 1"),
    ("a: f() -> x and y", "condition-as-value", "x and y"),
    ("a: f() -> do { g() }", "value-as-pattern", "do { g() }"),
    ("a: f() -> dies", "missing-operand", "dies"),
    ("a: stays blocked -> ok", "outcome-not-here", "ok"),
    ("expect deadlock -> 5", "outcome-not-here", "5"),
    // Patterns and conditions where a value stands.
    ("a: f(_)", "pattern-as-value", "_"),
    ("a: f(1..2)", "pattern-as-value", "1..2"),
    ("a: f([1, ..])", "pattern-as-value", "[1, ..]"),
    ("a: f(1, ..)", "misplaced-rest", ".."),
    ("a: f() -> {x: 1, ..}", "misplaced-rest", ".."),
    ("a: f() -> [.., 1]", "misplaced-rest", ".."),
    ("a: f(x or y)", "condition-as-value", "x or y"),
    ("a: f(x < y)", "condition-as-value", "x < y"),
    ("expect x == [1, ..]", "pattern-as-value", "[1, ..]"),
    ("expect a < b < c", "chained-comparison", "<"),
    // Calls and bindings.
    ("a: f(g(1))", "nested-call", "g(1)"),
    ("expect getpid() == 1", "nested-call", "getpid()"),
    ("a: f() -> g()", "nested-call", "g()"),
    ("a: x = 5", "binding-without-call", "5"),
    ("a: x = y", "binding-without-call", "y"),
    ("a: x = f() + 1", "binding-without-call", "f() + 1"),
    ("a: x, y = f()", "list-binding", ","),
    ("a: 5", "not-a-call", "5"),
    ("a: f", "not-a-call", "f"),
    ("a: f(do { x = g() })", "not-a-call", "="),
    ("a: f(do { g() h() })", "one-step-a-line", "h()"),
    ("a: f() b: g()", "one-step-a-line", "b"),
    ("semop(1)", "missing-actor", "("),
    ("x = f()", "missing-actor", "="),
    ("[r, w] = pipe()", "missing-actor", "["),
    ("a f()", "missing-colon", "f"),
    ("a resumes", "missing-colon", "resumes"),
    ("a x = f()", "missing-colon", "x"),
    // Announcements.
    ("a: resume", "unknown-step", "resume"),
    ("a: wakes", "unknown-step", "wakes"),
    ("a: stay blocked", "unknown-step", "stay"),
    ("a: blocks", "unknown-step", "blocks"),
    ("a: die SIGKILL", "unknown-step", "die"),
    // Words.
    ("for: f()", "reserved-word", "for"),
    ("actor in", "reserved-word", "in"),
    ("a: ok = f()", "reserved-word", "ok"),
    ("a: f(never)", "reserved-word", "never"),
    ("expct a == b", "unknown-statement", "expct"),
    ("interleav { }", "unknown-statement", "interleav"),
    ("needs kernel 5.6", "missing-comparison", "5.6"),
    ("each x [1, 2]", "missing-in", "["),
    ("const X = 5", "misplaced-item", "const"),
    // Blocks.
    ("} else { ", "else-without-if", "else"),
    ("if x\n    {\n    }", "brace-on-next-line", "{"),
    ("if x", "missing-brace", ""),
    ("if x { }\n    else { }", "else-on-next-line", "else"),
    ("if x { } a: f()", "text-after-block", "a"),
    ("if x { a: f()\n    }", "broken-block", "{"),
    // What nothing else explains.
    ("a: f(,)", "syntax", ","),
    ("a: f(1 +)", "syntax", ")"),
];

#[test]
fn every_mistake_has_its_code_and_its_place() {
    for &(line, code, underlined) in LINES {
        let text = if code == "else-without-if" { within(&format!("for i in 1..2 {{\n {line}\n }}")) } else { within(line) };
        assert_eq!(codes(&text), [(code, underlined.to_owned())], "for {line}");
    }
}

#[test]
fn every_mistake_comes_with_help_and_without_rule_names() {
    for &(line, ..) in LINES {
        let (_, diagnostics) = super::super::parse(&Source::new("test.ipcs", &within(line)), 0);
        for found in diagnostics {
            let help = found.help.clone().unwrap_or_default();
            assert!(!help.is_empty(), "no help for {line}");
            for foreign in ["_line", "_word", "operand", "EOI", "``", "something else"] {
                assert!(!found.message.contains(foreign), "{foreign} in {}", found.message);
            }
        }
    }
}

#[test]
fn help_can_be_pasted() {
    for (line, help) in [
        ("a: f(0600)", "write `0o600`, or `600` for the decimal number"),
        ("a: f(1.5s)", "there are no decimals; write `1500ms`"),
        ("a: f(1_000)", "write the digits together: `1000`"),
        ("a: f(“x”)", "write `\"x\"`"),
        ("a: f() => 5", "write `-> 5`"),
        ("a: f() != 5", "write `-> != 5`"),
        ("a: f() -> EPERM | EACCES", "write `-> EPERM or EACCES`"),
        ("a: f(semget(1))", "bind it on the line before: `a: x = semget(1)`, then use `x`"),
        ("x = f()", "write `a: x = f()`"),
        ("a: stay blocked", "write `a: stays blocked`"),
        ("a: f(\"\\033\")", "write `\\x1b`"),
        ("needs kernel 5.6", "write `needs kernel >= 5.6`"),
        ("expct a == b", "did you mean `expect`?"),
        ("for i = 1..3 {\n }", "write `for i in 1..3 {`"),
    ] {
        let (_, diagnostics) = super::super::parse(&Source::new("test.ipcs", &within(line)), 0);
        assert_eq!(diagnostics[0].help.as_deref(), Some(help), "for {line}");
    }
}

#[test]
fn items_have_their_own() {
    for (text, code, underlined) in [
        ("senario \"x\" {\n}\n", "unknown-item", "senario"),
        ("const X 5", "syntax", "5"),
        ("const X == 5", "single-equals", "=="),
        ("const X = fork()", "nested-call", "fork()"),
        ("const for = 5", "reserved-word", "for"),
        ("def P(a = 1, b) = f(a)", "default-order", "b"),
        ("def P(a) = 5", "def-without-call", "5"),
        ("include locks", "syntax", "locks"),
        ("include \"\"", "bad-title", "\"\""),
        ("scenario \"a\\nb\" {\n}", "bad-title", "\"a\\nb\""),
        ("scenario x {\n}", "syntax", "x"),
        ("scenario \"x\"\n{\n}", "brace-on-next-line", "{"),
        ("scenario \"x\"", "missing-brace", ""),
        ("scenario \"x\" {\n", "unclosed-block", "{"),
        ("actor a", "misplaced-statement", "actor"),
        ("a: f()\na: g()", "misplaced-statement", "a"),
        ("}", "unmatched-brace", "}"),
        ("\u{a0}\n", "odd-blank", "\u{a0}"),
    ] {
        assert_eq!(codes(text), [(code, underlined.to_owned())], "for {text}");
    }
}
