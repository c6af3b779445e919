//! Whole scripts and their trees.

use super::{clean, scenario, show, statements, step, within};
use crate::syntax::ast::{CompareOp, Item, Quantifier, Statement};
use crate::text::Source;

/// The value `text` as the argument of a call.
fn argument(text: &str) -> String {
    let shown = show::action(&step(&format!("a: f({text})")));
    let inner = shown.strip_prefix("a: f(").and_then(|rest| rest.strip_suffix(')'));
    inner.expect("the step is a call").to_owned()
}

fn outcome(text: &str) -> String {
    let step = step(&format!("a: f() -> {text}"));
    show::expr(&step.outcome.expect("the step has an outcome"))
}

#[test]
fn numbers() {
    assert_eq!(argument("10, 0x1f, 0o600, 64K, 1M, 2G, 0"), "10 31 384 65536 1048576 2147483648 0");
    assert_eq!(argument("18446744073709551615, -9223372036854775808"), "18446744073709551615 (Minus 9223372036854775808)");
    assert_eq!(argument("5.10, 6.1.3"), "v[5, 10] v[6, 1, 3]");
    assert_eq!(argument("1ns, 2us, 300ms, 2s, 1min"), "1ns 2000ns 300000000ns 2000000000ns 60000000000ns");
}

#[test]
fn strings() {
    assert_eq!(argument(r#""a\n\t\r\0\\\"\x00\xff\{\}""#), r#""a\n\t\r\x00\\\"\x00\xff{}""#);
    assert_eq!(argument(r#""/proc/{father}/ns/{ns.kind}{list[0].x}""#), "\"/proc/\"+<father>+\"/ns/\"+<ns.kind>+<list[0].x>");
    assert_eq!(argument(r##"r"\n{x}#", "#", """##), r##""\\n{x}#" "#" "##);
    assert_eq!(argument("\"é\""), "\"\\xc3\\xa9\"");
}

#[test]
fn operators_bind_as_in_c_and_comparisons_loosest() {
    assert_eq!(argument("1 + 2 * 3 - 4"), "(Subtract (Add 1 (Times 2 3)) 4)");
    assert_eq!(argument("a | b & c ^ d << 2 + 1"), "(Or a (Xor (And b c) (ShiftLeft d (Add 2 1))))");
    assert_eq!(argument("(1 + 2) * -3 % ~x / 2"), "(Divide (Remainder (Times (Add 1 2) (Minus 3)) (Complement x)) 2)");
    assert_eq!(argument("\"x\" * 3 + y[0].z"), "(Add (Times \"x\" 3) y[0].z)");
    let Statement::Expect(expect) = &statements("expect a & 1 == b | 2 and not c < d or e")[0] else { panic!("no expect") };
    assert_eq!(show::expr(&expect.value), "(or (and (Equal (And a 1) (Or b 2)) (not (Less c d))) e)");
}

#[test]
fn records_and_lists() {
    assert_eq!(argument("[{0, -1, SEM_UNDO}, {0, +1, 0},]"), "[{0 (Minus 1) SEM_UNDO} {0 (Plus 1) 0}]");
    let fields = "{default: SECCOMP_RET_ALLOW, mount: SECCOMP_RET_ERRNO | EPERM, for: 1, in: 2, SCM_RIGHTS: [fd], _: 3}";
    assert_eq!(argument(fields), "{default:SECCOMP_RET_ALLOW mount:(Or SECCOMP_RET_ERRNO EPERM) for:1 in:2 SCM_RIGHTS:[fd] _:3}");
    assert_eq!(argument("{}, [], {AF_UNIX, \"\\x00name\"}"), "{} [] {AF_UNIX \"\\x00name\"}");
    assert_eq!(argument("x.default.for[1 + 1]"), "x.default.for[(Add 1 1)]");
}

#[test]
fn brackets_span_lines_with_comments_and_trailing_commas() {
    let text = "a: seccomp(MODE, 0, {   # why\n        default: ALLOW,\n\n        # and here ) ] }\n        getppid: KILL,\n    },)\n      # between\n      -> ok";
    let step = step(text);
    assert_eq!(show::action(&step), "a: seccomp(MODE 0 {default:ALLOW getppid:KILL})");
    assert_eq!(show::expr(&step.outcome.expect("an outcome")), "OK");
}

#[test]
fn deferred_calls() {
    let handler = "{sa_handler: do { write(1, \"caught\\n\") }, sa_flags: SA_RESTART}";
    assert_eq!(argument(handler), "{sa_handler:do{write(1 \"caught\\n\")} sa_flags:SA_RESTART}");
    assert_eq!(argument("do { }, do {\n f(1)\n g(2)\n }, 1"), "do{} do{f(1) g(2)} 1");
}

#[test]
fn outcomes() {
    for (text, shown) in [
        ("ENOENT", "ENOENT"),
        ("EPERM or EACCES", "(or EPERM EACCES)"),
        ("EPOLLIN | EPOLLOUT", "(Or EPOLLIN EPOLLOUT)"),
        ("blocks", "BLOCKS"),
        ("sleeps", "SLEEPS"),
        ("dies SIGSYS", "(dies SIGSYS)"),
        ("exits 3 or dies SIGKILL", "(or (exits 3) (dies SIGKILL))"),
        ("> 0", "(than Greater 0)"),
        ("!= old + 1", "(than NotEqual (Add old 1))"),
        ("== -1", "(than Equal (Minus 1))"),
        ("1..10", "(range 1 10)"),
        ("old+1..old + 5", "(range (Add old 1) (Add old 5))"),
        ("contains \"text\" or \"x\"", "(or (contains \"text\") \"x\")"),
        ("matches r\"^\\d+$\"", "(matches \"^\\\\d+$\")"),
        ("[1, ..]", "[1 ..]"),
        ("[..]", "[ ..]"),
        ("[> 0, _, 1..2, {a: _}]", "[(than Greater 0) _ (range 1 2) {a:_}]"),
        ("{pid: child, status: exited(0), shm_perm: {mode: 0o600}}", "{pid:child status:exited(0) shm_perm:{mode:384}}"),
        ("eventually EINVAL or 0", "(eventually (or EINVAL 0))"),
        ("killed(SIGKILL)", "killed(SIGKILL)"),
        ("(-1)..1", "(range (Minus 1) 1)"),
    ] {
        assert_eq!(outcome(text), shown, "for {text}");
    }
}

#[test]
fn steps() {
    for (text, shown) in [
        ("a: f()", "a: f()"),
        ("child :  x = fork()", "child: x=fork()"),
        ("a: [r, w] = pipe()", "a: [r,w]=pipe()"),
        ("init, member: dies SIGKILL", "init,member: DIES SIGKILL"),
        ("a: exits 3", "a: EXITS 3"),
        ("a: exit(3)", "a: exit(3)"),
        ("a,b: resumes -> EIDRM", "a,b: RESUMES"),
        ("read: stays \t blocked", "read: STAYS BLOCKED"),
        ("a: kill(-group, SIGUSR1)", "a: kill((Minus group) SIGUSR1)"),
    ] {
        assert_eq!(show::action(&step(text)), shown);
    }
}

#[test]
fn spans_are_exact() {
    let text = within("a: x = read(r, 64)  -> \"\"   # end of file");
    let source = Source::new("test.ipcs", &text);
    let (file, _) = super::super::parse(&source, 0);
    let [Statement::Step(step)] = scenario(&file).body.as_slice() else { panic!("no step") };
    assert_eq!(source.slice(step.span), "a: x = read(r, 64)  -> \"\"");
    assert_eq!(source.slice(step.outcome.as_ref().expect("an outcome").span), "\"\"");
    assert_eq!(source.slice(scenario(&file).span), "\"test\"");
    let crate::syntax::ast::Action::Call { call, .. } = &step.action else { panic!("no call") };
    assert_eq!((source.slice(call.span), source.slice(call.name.span)), ("read(r, 64)", "read"));
}

#[test]
fn items() {
    let file = clean(
        "#!/usr/bin/env -S ipcscript run\nconst KEY = 0x12345\ndef P(sem, flags = 0) = semop(sem, [{0, -1, flags}])\ninclude \"locks.ipcs\"\nsetup {\n    actor a\n}\n",
    );
    let [Item::Const(key), Item::Def(p), Item::Include(include), Item::Setup(setup)] = file.items.as_slice() else {
        panic!("other items: {file:?}")
    };
    assert_eq!((key.name.text.as_str(), show::expr(&key.value)), ("KEY", "74565".to_owned()));
    let parameters: Vec<_> =
        p.parameters.iter().map(|(name, default)| (name.text.as_str(), default.as_ref().map(show::expr))).collect();
    assert_eq!(parameters, [("sem", None), ("flags", Some("0".to_owned()))]);
    assert_eq!(show::call(&p.call), "semop(sem [{0 (Minus 1) flags}])");
    assert_eq!(include.path, "locks.ipcs");
    assert_eq!(setup.body.len(), 1);
}

#[test]
fn documentation_belongs_to_the_next_scenario() {
    let file = clean(
        "## Not of the constant's neighbour.\nconst A = 1\n\n## One.\n##\n##   Two. \n# no documentation\n### nor this\nscenario \"{x} \\\"y\\\"\" {\n    ## nor this\n}\n",
    );
    let scenario = scenario(&file);
    assert_eq!(scenario.docs, ["One.", "", "  Two."]);
    assert_eq!(scenario.title, "{x} \"y\"");
}

#[test]
fn needs() {
    let needs = statements(
        "needs kernel >= 5.6\n needs config USER_NS\n needs fs 9p\n needs cgroup1 memory\n needs uid 1000\n needs uid 100000..100999\n needs sysctl fs.pipe-max-size == 1M\n needs file \"/proc/x\"\n needs program \"/usr/bin/ipcs\"\n needs arch x86_64\n needs privileged\n needs CAP_SYS_RESOURCE",
    );
    let shown: Vec<String> = needs
        .iter()
        .map(|statement| {
            let Statement::Needs(need) = statement else { panic!("no need: {statement:?}") };
            let subject = need.subject.as_ref().map_or(String::new(), |name| format!(" {}", name.text));
            let compare = need.compare.as_ref().map_or(String::new(), |(op, value)| format!(" {op:?} {}", show::expr(value)));
            let argument = need.argument.as_ref().map_or(String::new(), |value| format!(" ({})", show::expr(value)));
            format!("{}{subject}{compare}{argument}", need.kind.text)
        })
        .collect();
    assert_eq!(
        shown,
        [
            "kernel GreaterOrEqual v[5, 6]",
            "config USER_NS",
            "fs 9p",
            "cgroup1 memory",
            "uid (1000)",
            "uid ((range 100000 100999))",
            "sysctl fs.pipe-max-size Equal 1048576",
            "file (\"/proc/x\")",
            "program (\"/usr/bin/ipcs\")",
            "arch x86_64",
            "privileged",
            "CAP_SYS_RESOURCE",
        ]
    );
}

#[test]
fn expectations() {
    let all = statements(
        "expect ns(a, ipc) != ns(b, ipc)\n expect sometimes total == 1\n expect never deadlock\n expect t.tv_sec - s.tv_sec -> 10..20\n expect always privileged",
    );
    let shown: Vec<_> = all
        .iter()
        .map(|statement| {
            let Statement::Expect(expect) = statement else { panic!("no expect: {statement:?}") };
            (expect.quantifier, show::expr(&expect.value), expect.outcome.as_ref().map(show::expr))
        })
        .collect();
    assert_eq!(shown[0], (None, "(NotEqual ns(a ipc) ns(b ipc))".to_owned(), None));
    assert_eq!(shown[1], (Some(Quantifier::Sometimes), "(Equal total 1)".to_owned(), None));
    assert_eq!(shown[2], (Some(Quantifier::Never), "deadlock".to_owned(), None));
    assert_eq!(shown[3], (None, "(Subtract t.tv_sec s.tv_sec)".to_owned(), Some("(range 10 20)".to_owned())));
    assert_eq!(shown[4], (Some(Quantifier::Always), "privileged".to_owned(), None));
}

#[test]
fn blocks_nest_and_stand_on_one_line() {
    let text = "each undo in [0, SEM_UNDO]\n if kernel >= 5.9 and not privileged {\n a: f()\n } else if undo == 0 { a: g() } else {\n a: h()\n for i in 1..3 { if x { a: k(i) } }\n }\n interleave { a: f() }\n if {1} == x { }";
    let body = statements(text);
    let Statement::If { branches, otherwise } = &body[1] else { panic!("no if: {body:?}") };
    let conditions: Vec<_> = branches.iter().map(|(condition, body)| (show::expr(condition), body.len())).collect();
    assert_eq!(
        conditions,
        [("(and (GreaterOrEqual kernel v[5, 9]) (not privileged))".to_owned(), 1), ("(Equal undo 0)".to_owned(), 1)]
    );
    let Statement::For { name, values, body: inner } = &otherwise[1] else { panic!("no for") };
    assert_eq!((name.text.as_str(), show::expr(values), inner.len()), ("i", "(range 1 3)".to_owned(), 1));
    assert!(matches!(&body[2], Statement::Interleave { body, .. } if body.len() == 1));
    assert!(
        matches!(&body[3], Statement::If { branches, .. } if matches!(branches[0].0.kind, crate::syntax::ast::ExprKind::Compare(CompareOp::Equal, ..)))
    );
    assert_eq!(body.len(), 4);
}

#[test]
fn line_ends_blanks_and_marks_do_not_matter() {
    let text = "## A doc.\nscenario \"x\" {\n    actor a, b\n    a: f([1,\n        2]) # why\n      -> ok\n}\n";
    let plain = clean(text);
    let windows = clean(&format!("\u{feff}{}", text.replace('\n', "\r\n").replace("    ", "\t")));
    assert_eq!(scenario(&plain).docs, scenario(&windows).docs);
    assert_eq!(scenario(&plain).body.len(), 2);
    assert_eq!(scenario(&windows).body.len(), 2);
    assert_eq!(clean("").items.len(), 0);
    assert_eq!(clean(text.trim_end()).items.len(), 1);
}
