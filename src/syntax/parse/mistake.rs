//! What to say of a line that the grammar cannot read: the habits of other languages first, then what was expected.

use super::grammar::Rule;
use super::lexeme::{Literal, closing, is_letter, literal, split_word};
use super::reader::Reader;
use crate::syntax::word::STATEMENTS;
use crate::text::{Diagnostic, nearest};
use std::ops::Range;

/// Code, message and help.
type Saying = (&'static str, String, String);

/// The place where reading stopped.
struct Place<'t> {
    rule: Rule,
    text: &'t str,
    /// What stands before it, blanks at the end removed.
    before: &'t str,
    /// What stands there.
    rest: &'t str,
    /// Whether a blank stands between the two.
    blank: bool,
    /// The innermost open bracket.
    bracket: Option<u8>,
    /// Whether that is the brace of a `do { … }`.
    later: bool,
}

/// Says why `text`, read as `rule`, could not be read beyond `at`, where one of `expected` could have stood.
pub(super) fn explain(reader: &Reader<'_>, rule: Rule, text: &str, at: usize, expected: &[Rule]) -> Diagnostic {
    if expected.is_empty() {
        let span = reader.span(reader.base..reader.base + text.len());
        let message = "the statement is too complicated to read";
        return Diagnostic::error("too-complicated", span, message).help("give parts of it a name: `const PART = …`");
    }
    let at = text.len() - text[at..].trim_start().len();
    let before = text[..at].trim_end();
    let open = innermost(&text[..at]);
    let later = open.is_some_and(|open| last_word(text[..open].trim_end()) == "do");
    let open = open.map(|open| text.as_bytes()[open]);
    let place = Place { rule, text, before, rest: &text[at..], blank: before.len() < at, bracket: open, later };
    let habits: [fn(&Place<'_>) -> Option<Saying>; 9] =
        [foreign_sign, binder, operator, outcome, actor, bracket, announcement_of, record_field, separator];
    let found = habits.iter().find_map(|habit| habit(&place));
    let (code, message, help) = found.unwrap_or_else(|| plain(&place, expected));
    // At the end of the line there is nothing to underline: the last word is.
    let range = match word_to_blame(code, text) {
        Some(word) => word,
        None if place.rest.is_empty() => before.len()..before.len(),
        None => at..at + token(place.rest).len(),
    };
    Diagnostic::error(code, reader.span(reader.base + range.start..reader.base + range.end), message).help(help)
}

/// The word that is wrong, where reading stopped only behind it.
fn word_to_blame(code: &str, text: &str) -> Option<Range<usize>> {
    let start = match code {
        "unknown-statement" => 0,
        "unknown-step" => {
            let action = text.find(':')? + 1;
            action + (text[action..].len() - text[action..].trim_start().len())
        }
        _ => return None,
    };
    let (word, _) = split_word(&text[start..]);
    (!word.is_empty()).then(|| start..start + word.len())
}

/// The announcement that `word` most likely means.
pub(super) fn announcement(word: &str) -> Option<&'static str> {
    Some(match word {
        "resume" | "resumed" | "wake" | "wakes" | "woken" | "wakeup" | "unblocks" | "returns" | "continues" => "resumes",
        "stay" | "stays" | "blocked" | "block" | "waits" | "waiting" | "hangs" | "sleeps" => "stays blocked",
        "die" | "dies" | "died" | "killed" => "dies SIGKILL",
        "exit" | "exits" | "exited" | "ends" => "exits 0",
        _ => return None,
    })
}

/// What is written otherwise in C, or in a shell.
fn foreign_sign(place: &Place<'_>) -> Option<Saying> {
    let rest = place.rest;
    let (code, message, help): (_, &str, String) = if let Some(after) = rest.strip_prefix(';') {
        let help =
            if after.trim().is_empty() { "remove the `;`" } else { "remove the `;`, and put what follows on a line of its own" };
        ("semicolon", "a statement ends with its line, and without `;`", help.to_owned())
    } else if rest.starts_with("&&") {
        ("c-logic", "`&&` is no operator here", "write `and`, which joins conditions".to_owned())
    } else if rest.starts_with("||") {
        ("c-logic", "`||` is no operator here", "write `or`, which joins conditions and outcomes".to_owned())
    } else if rest.starts_with('!') && !rest.starts_with("!=") {
        ("c-logic", "`!` is no operator here", "write `not`, or compare: `!= 0`".to_owned())
    } else if rest.starts_with("//") || rest.starts_with("/*") {
        let comment = rest.trim_start_matches(['/', '*']).trim_end_matches(['/', '*']).trim();
        ("c-comment", "a comment begins with `#`", format!("write `# {}`", comment.lines().next().unwrap_or_default()))
    } else if rest.starts_with("...") {
        ("three-dots", "`...` is no sign of the language", "write `..` for a range or an open end".to_owned())
    } else if rest.starts_with('\\') {
        let help = "inside `(`, `[` and `{` lines break freely, and `->` may open the next line";
        ("line-continuation", "a line is not continued by `\\`", help.to_owned())
    } else if rest.starts_with(":=") {
        ("c-logic", "`:=` is no sign of the language", "write `=`".to_owned())
    } else if rest.starts_with(['$', '@', '`', '?']) {
        let sign = &rest[..1];
        (
            "odd-character",
            "this sign is no part of the language",
            format!("remove the `{sign}`; names stand alone, in strings in braces: `\"/proc/{{father}}\"`"),
        )
    } else {
        return None;
    };
    Some((code, message.to_owned(), help))
}

/// `each` or `for` without its `in`.
fn binder(place: &Place<'_>) -> Option<Saying> {
    let name = last_word(place.before);
    let lone = place.before.split_ascii_whitespace().count() == 2;
    if !matches!(place.rule, Rule::each_line | Rule::for_line) || !lone || name.is_empty() || name == "in" {
        return None;
    }
    let values = first_line(place.rest.trim_start_matches(['=', ':']).trim_start());
    let help = format!("write `{} in {values}`", place.before);
    Some(("missing-in", format!("`in` stands between `{name}` and its values"), help))
}

/// A comparison or an assignment where the other is meant.
fn operator(place: &Place<'_>) -> Option<Saying> {
    let rest = place.rest;
    let single = rest.starts_with('=') && !rest.starts_with("==") && !rest.starts_with("=>");
    match place.rule {
        Rule::if_line | Rule::else_line | Rule::expect_line if single && place.bracket.is_none() => {
            Some(("single-equals", "`=` binds a name; a comparison is `==`".to_owned(), "write `==`".to_owned()))
        }
        Rule::const_line | Rule::def_line if rest.starts_with("==") => {
            Some(("single-equals", "`==` compares".to_owned(), "write `=`".to_owned()))
        }
        _ => None,
    }
}

/// What stands in the place of `->`, or behind it.
fn outcome(place: &Place<'_>) -> Option<Saying> {
    let rest = place.rest;
    let can = matches!(place.rule, Rule::step_line | Rule::expect_line) && place.bracket.is_none();
    if !can {
        return None;
    }
    if place.before.is_empty() && rest.starts_with("->") {
        let message = "`->` follows a step, and nothing but blank lines stands between them";
        return Some(("stray-outcome", message.to_owned(), "put it behind the call that it is the outcome of".to_owned()));
    }
    if last_word(place.before) == "eventually" && place.before.contains("->") {
        let help = "write it first, and once: `-> eventually 5 or 6`";
        return Some(("pattern-as-value", "`eventually` stands for a whole outcome".to_owned(), help.to_owned()));
    }
    if place.before.ends_with("->") && rest.is_empty() {
        let help = "write it on the same line: `-> ok`, `-> 5`, `-> EINVAL` or `-> blocks`";
        return Some(("missing-outcome", "nothing follows `->`".to_owned(), help.to_owned()));
    }
    let arrowed = place.before.contains("->");
    if arrowed && rest.starts_with(',') {
        return Some(("errno-alternatives", "alternatives are joined by `or`".to_owned(), "write `or`".to_owned()));
    }
    let sign = ["=>", "=", "-->", "~>", "|->"].into_iter().find(|sign| rest.starts_with(sign))?;
    if arrowed || !place.before.ends_with([')', ']', '"']) && !place.before.ends_with("resumes") {
        return None;
    }
    let pattern = rest[sign.len()..].trim();
    let help = if pattern.is_empty() || pattern.len() > 60 { "write `->`".to_owned() } else { format!("write `-> {pattern}`") };
    Some(("missing-arrow", format!("an outcome stands behind `->`, not `{sign}`"), help))
}

/// A step without its actor or its colon.
fn actor(place: &Place<'_>) -> Option<Saying> {
    let (word, after) = split_word(place.text);
    let (names, call) = place.text.split_once('=').unwrap_or_default();
    if place.rule == Rule::step_line && place.before.is_empty() && names.starts_with('[') && names.trim_end().ends_with(']') {
        let help = format!("write `a: {} = {}`", names.trim_end(), first_line(call.trim_start()));
        return Some(("missing-actor", "a binding stands behind its actor".to_owned(), help));
    }
    let (who, targets) = names.split_once(':').unwrap_or_default();
    if place.rule == Rule::step_line
        && place.rest.starts_with(',')
        && place.bracket.is_none()
        && place.before.starts_with(who)
        && targets.contains(',')
    {
        let help = format!("write `{who}: [{}] = {}`", targets.trim(), first_line(call.trim_start()));
        return Some(("list-binding", "several names take a list apart, in `[ ]`".to_owned(), help));
    }
    if place.rule != Rule::step_line || word.is_empty() || place.before != word {
        return None;
    }
    if place.rest.starts_with('(') && !place.blank {
        let help = format!("write `a: {}`", first_line(place.text));
        return Some(("missing-actor", format!("nobody makes the call `{word}`"), help));
    }
    if place.rest.starts_with('=') {
        let call = place.rest.trim_start_matches('=').trim();
        let (who, call) = call.split_once(':').map_or(("a", call), |(who, call)| (who, call.trim()));
        let help = format!("write `{who}: {word} = {}`", first_line(call));
        return Some(("missing-actor", "a binding stands behind its actor".to_owned(), help));
    }
    if let Some(near) = nearest(word, STATEMENTS.iter().copied()) {
        return Some(("unknown-statement", format!("`{word}` begins no statement"), format!("did you mean `{near}`?")));
    }
    let next = split_word(after.trim_start());
    if matches!(next.0, "resumes" | "stays" | "dies" | "exits") || next.1.starts_with('(') || announcement(next.0).is_some() {
        let help = format!("write `{word}: {}`", first_line(after.trim_start()));
        return Some(("missing-colon", format!("no `:` stands behind the actor `{word}`"), help));
    }
    if next.1.trim_start().strip_prefix('=').is_some_and(|call| !call.starts_with('=') && call.contains('(')) {
        let help = format!("write `{word}: {}`", first_line(after.trim_start()));
        return Some(("missing-colon", format!("no `:` stands behind the actor `{word}`"), help));
    }
    let help = "a line is a step, `who: call(…)`, or begins with `actor`, `needs`, `each`, `if`, `for`, `interleave` or `expect`";
    Some(("unknown-statement", format!("`{word}` begins no statement"), help.to_owned()))
}

/// A bracket that does not touch its name, or the one that a block or a call lacks.
fn bracket(place: &Place<'_>) -> Option<Saying> {
    let rest = place.rest;
    let name = last_word(place.before);
    let after_value = !name.is_empty() || place.before.ends_with([')', ']', '}', '"']);
    if rest.starts_with('(') && place.blank && !name.is_empty() {
        return Some(("blank-before-bracket", "`(` touches the name of its call".to_owned(), format!("write `{name}(`")));
    }
    if rest.starts_with('[') && place.blank && after_value {
        let (message, help) = match place.bracket {
            Some(_) => (
                "a comma is missing before `[`, or a blank stands before an index",
                format!("write `{name}, [` for the next one, `{name}[` for an element"),
            ),
            None => ("`[` touches the name of its list", format!("write `{name}[`")),
        };
        return Some(("lost-comma", message.to_owned(), help));
    }
    let heads = [Rule::scenario_line, Rule::setup_line, Rule::interleave_line, Rule::if_line, Rule::else_line, Rule::for_line];
    if rest.is_empty() && heads.contains(&place.rule) && !place.before.ends_with(['=', '<', '>']) {
        let head = first_line(place.before);
        if place.rule == Rule::scenario_line && !place.before.contains('"') {
            let help = "write `scenario \"what happens\" {`".to_owned();
            return Some(("missing-brace", "a scenario has a title in quotes, and then `{`".to_owned(), help));
        }
        return Some(("missing-brace", "the `{` of a block ends the line of its head".to_owned(), format!("write `{head} {{`")));
    }
    None
}

/// `resume` for `resumes`, and its kin.
fn announcement_of(place: &Place<'_>) -> Option<Saying> {
    if place.rule != Rule::step_line || place.bracket.is_some() {
        return None;
    }
    let (actors, action) = place.text.split_once(':')?;
    let (word, after) = split_word(action.trim_start());
    if after.starts_with('(') {
        return None;
    }
    if word == "stays" || word == "stay" {
        let help = format!("write `{actors}: stays blocked`");
        return Some(("unknown-step", format!("`{}` is no step", first_line(action.trim())), help));
    }
    if matches!(word, "dies" | "exits") && place.rest.is_empty() {
        let (what, example) = if word == "dies" { ("its signal", "dies SIGKILL") } else { ("its status", "exits 0") };
        return Some(("unknown-step", format!("`{word}` takes {what}"), format!("write `{actors}: {example}`")));
    }
    if !after.starts_with([' ', '\t']) && !after.is_empty() {
        return None;
    }
    let meant = announcement(word)?;
    Some(("unknown-step", format!("`{word}` is no step"), format!("write `{actors}: {meant}`")))
}

/// What C writes in braces, or Python in parentheses.
fn record_field(place: &Place<'_>) -> Option<Saying> {
    let (rest, name) = (place.rest, last_word(place.before));
    let assigns = rest.starts_with('=') && !rest.starts_with("==");
    match place.bracket? {
        b'{' if assigns && place.later => {
            let help = "write the call alone: `do { write(1, \"caught\") }`";
            Some(("not-a-call", "a call that is made later binds nothing".to_owned(), help.to_owned()))
        }
        b'{' if assigns && !name.is_empty() => {
            Some(("record-field", "a field is written `name: value`".to_owned(), format!("write `{name}:`")))
        }
        b'{' if rest.starts_with('.') && place.before.ends_with(['{', ',']) => {
            let (field, _) = split_word(&rest[1..]);
            Some(("record-field", "a field is written `name: value`".to_owned(), format!("write `{field}: …`")))
        }
        b'{' if rest.starts_with(':') && place.before.ends_with('"') => {
            let help = "write the name without quotes";
            Some(("record-field", "the name of a field stands without quotes".to_owned(), help.to_owned()))
        }
        b'(' if (assigns || rest.starts_with(':')) && !name.is_empty() => {
            let help = format!("write the arguments in the order of the man page; a struct is a record: `{{{name}: …}}`");
            Some(("named-argument", "arguments have no names".to_owned(), help))
        }
        _ => None,
    }
}

/// Two values, or two statements, with nothing between them.
fn separator(place: &Place<'_>) -> Option<Saying> {
    let found = token(place.rest);
    let first = place.rest.chars().next()?;
    let begins_value = first.is_ascii_alphanumeric() || matches!(first, '_' | '"' | '{' | '[');
    let after_value = !last_word(place.before).is_empty() || place.before.ends_with([')', ']', '}', '"']);
    if !begins_value || !after_value {
        return None;
    }
    if place.rule == Rule::actor_line {
        let help = format!("write `{}, {}`", place.before, first_line(place.rest));
        return Some(("lost-comma", format!("expected `,` between the actors, found `{found}`"), help));
    }
    if place.bracket.is_some() {
        let close = place.bracket.map_or(')', closing);
        let before = token_before(place.before);
        let joins = if place.before.ends_with('"') && first == '"' { "; strings are joined by `+`" } else { "" };
        let message = format!("expected `,` or `{close}`, found `{found}`");
        return Some(("lost-comma", message, format!("write `{before}, {found}`{joins}")));
    }
    let step = place.rule == Rule::step_line && place.before.ends_with([')', ']', '}', '"']) || place.before.contains("->");
    if step && is_step(place.rest) {
        let help = format!("put `{}` on a line of its own", first_line(place.rest));
        return Some(("one-step-a-line", "a second step stands on the line".to_owned(), help));
    }
    if step && !place.before.contains("->") {
        let help = format!("write `-> {}`", first_line(place.rest));
        return Some(("missing-arrow", format!("expected `->` or the end of the line, found `{found}`"), help));
    }
    None
}

/// What was expected and what was found.
fn plain(place: &Place<'_>, expected: &[Rule]) -> Saying {
    let mut names: Vec<&str> = expected.iter().filter_map(|rule| name(*rule, place.bracket)).collect();
    if let Some(open) = place.bracket
        && expected.iter().any(|rule| matches!(rule, Rule::operator | Rule::compare | Rule::dots | Rule::or_word))
    {
        names.push(if open == b'{' {
            "`,` or `}`"
        } else if open == b'[' {
            "`,` or `]`"
        } else {
            "`,` or `)`"
        });
    }
    if names.len() > 1 {
        names.retain(|name| *name != "an operator");
    }
    names.sort_unstable();
    names.dedup();
    let wanted = match names.as_slice() {
        [] => "something else".to_owned(),
        [one] => (*one).to_owned(),
        [rest @ .., last] => format!("{} or {last}", rest.join(", ")),
    };
    let found = match token(place.rest) {
        "" => "the end of the line".to_owned(),
        found => format!("`{found}`"),
    };
    ("syntax", format!("expected {wanted}, found {found}"), shape(place.rule).to_owned())
}

/// What `rule` is called; operators are not named where something else could stand.
fn name(rule: Rule, bracket: Option<u8>) -> Option<&'static str> {
    Some(match rule {
        Rule::EOI => "the end of the line",
        Rule::word => "a name",
        Rule::text | Rule::quoted | Rule::raw => "a string",
        Rule::colon => "`:`",
        Rule::assign => "`=`",
        Rule::open => "`{`",
        Rule::in_word => "`in`",
        Rule::outcome | Rule::arrow => "`->`",
        Rule::actors | Rule::step_line => "a step",
        Rule::act => "a call",
        Rule::resumes | Rule::stays => "`resumes`",
        Rule::subject => "a word",
        Rule::expr | Rule::operand | Rule::number | Rule::sign | Rule::not_word | Rule::element | Rule::entry => "a value",
        Rule::operator | Rule::compare | Rule::dots | Rule::or_word | Rule::and_word if bracket.is_none() => "an operator",
        Rule::parameter | Rule::parameters => "parameters in `( )`",
        Rule::arguments => "arguments in `( )`",
        Rule::call => "a call",
        _ => return None,
    })
}

/// The shape of a line that is read as `rule`.
fn shape(rule: Rule) -> &'static str {
    match rule {
        Rule::const_line => "a constant is written `const NAME = 5`",
        Rule::def_line => "a name for a call is written `def P(sem, flags = 0) = semop(sem, [{0, -1, flags}])`",
        Rule::include_line => "another file is taken in by `include \"locks.ipcs\"`",
        Rule::scenario_line => "a scenario is written `scenario \"what happens\" {`",
        Rule::setup_line => "write `setup {`",
        Rule::interleave_line => "write `interleave {`",
        Rule::if_line => "a choice is written `if undo == 0 {`",
        Rule::else_line => "write `} else {`, or `} else if undo == 0 {`",
        Rule::for_line => "a repetition is written `for i in 1..10 {`",
        Rule::each_line => "a parameter is written `each flags in [0, SEM_UNDO]`",
        Rule::actor_line => "actors are declared by `actor father, witness`",
        Rule::needs_line => "a need is written `needs kernel >= 5.6`, `needs config USER_NS` or `needs uid 1000`",
        Rule::expect_line => "write `expect a == b`, `expect a -> 1..10`, or `expect sometimes a == b`",
        _ => "a step is written `who: name = call(arguments) -> outcome`",
    }
}

/// Where the innermost bracket stands that is open at the end of `text`.
fn innermost(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut stack = Vec::new();
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        if let Some(Literal::Ends(end) | Literal::Unclosed(end)) = literal(bytes, at) {
            at = end;
            continue;
        }
        match byte {
            b'(' | b'[' | b'{' => stack.push(at),
            b')' | b']' | b'}' => drop(stack.pop()),
            _ => {}
        }
        at += 1;
    }
    stack.pop()
}

/// The word or sign at the start of `text`.
fn token(text: &str) -> &str {
    let Some(first) = text.chars().next() else { return "" };
    let word = text.bytes().position(|byte| !is_letter(byte)).unwrap_or(text.len());
    if word > 0 {
        return &text[..word];
    }
    if let Some(Literal::Ends(end)) = literal(text.as_bytes(), 0) {
        return if end <= 40 { &text[..end] } else { &text[..1] };
    }
    let sign = text.bytes().position(|byte| !b"=<>!&|.+-*/".contains(&byte)).unwrap_or(text.len());
    &text[..sign.max(first.len_utf8())]
}

/// The name or number at the end of `text`, empty when something else ends it.
fn last_word(text: &str) -> &str {
    let start = text.bytes().rposition(|byte| !is_letter(byte)).map_or(0, |before| before + 1);
    &text[start..]
}

/// The word at the end of `text`, or `…` for what is longer.
fn token_before(text: &str) -> &str {
    match last_word(text) {
        "" => "…",
        word => word,
    }
}

fn first_line(text: &str) -> &str {
    let line = text.lines().next().unwrap_or_default();
    line.split('#').next().unwrap_or_default().trim_end()
}

fn is_step(text: &str) -> bool {
    let (word, rest) = split_word(text);
    !word.is_empty() && rest.trim_start().starts_with([':', ','])
}
