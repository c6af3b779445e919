//! The report in TAP, read by Perl's own parser where there is one.

use super::runs::{Made, SUMS, folder, journal, live_and_replayed, replayed};
use super::tool::ask;
use crate::cli::program::ipcscript;
use ipcscript::journal::Status;
use serde_json::Value;

/// Has `TAP::Parser`, which `prove` is made of, say what it reads: a line of JSON for each thing, with the data of YAML blocks.
const READER: &str = r#"
use strict;
use TAP::Parser;
use JSON::PP;
binmode STDIN, ':utf8';
my $text = do { local $/; <STDIN> };
my $parser = TAP::Parser->new({tap => $text});
my $json = JSON::PP->new->canonical->utf8;
while (my $result = $parser->next) {
    my %said = (type => $result->type);
    if ($result->is_test) {
        %said = (%said, ok => $result->is_actual_ok ? 1 : 0, number => $result->number, name => $result->description,
            directive => $result->directive, explanation => $result->explanation);
    }
    $said{data} = $result->data if $result->is_yaml;
    print $json->encode(\%said), "\n";
}
print $json->encode({type => 'end', errors => [$parser->parse_errors], plan => $parser->plan // '', run => $parser->tests_run}), "\n";
"#;

/// What Perl reads; none without Perl.
fn perl(report: &str) -> Option<Vec<Value>> {
    let output = ask("perl", &["-MTAP::Parser", "-MJSON::PP", "-e", READER], report)?;
    let complaints = String::from_utf8_lossy(&output.stderr);
    if complaints.contains("Can't locate") {
        eprintln!("this `perl` has no TAP::Parser: it is not asked what it reads");
        return None;
    }
    assert!(output.status.success() && complaints.is_empty(), "{complaints}");
    let said = String::from_utf8(output.stdout).expect("JSON is UTF-8");
    Some(said.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect())
}

/// The rules of TAP 13 that need no parser: the version, the numbers, the plan, and that blocks are closed.
fn keeps_the_rules(report: &str, tests: usize) {
    let mut lines = report.lines();
    assert_eq!(lines.next(), Some("TAP version 13"), "{report}");
    let (mut told, mut inside, mut plan) = (0, false, None);
    for line in lines {
        match line {
            "  ---" => assert!(!std::mem::replace(&mut inside, true), "a block inside a block: {report}"),
            "  ..." => assert!(std::mem::replace(&mut inside, false), "no block is to be closed: {report}"),
            text if inside => assert!(text.starts_with("  "), "{text:?}"),
            text if text.starts_with("1..") => plan = Some(text.to_owned()),
            text => {
                told += 1;
                let rest = text.strip_prefix("not ").unwrap_or(text);
                assert!(rest.starts_with(&format!("ok {told} - ")), "{text}");
                assert_eq!(plan, None, "a test behind the plan");
            }
        }
    }
    assert_eq!((told, inside, plan), (tests, false, Some(format!("1..{tests}"))), "{report}");
}

#[test]
fn perl_reads_what_was_meant() {
    let report = live_and_replayed("tap");
    keeps_the_rules(&report, 6);
    let Some(read) = perl(&report) else { return };
    let end = read.last().expect("it said something");
    assert_eq!(end["errors"], serde_json::json!([]), "{end}");
    assert_eq!((&end["plan"], &end["run"]), (&"1..6".into(), &6.into()), "{end}");
    let tests: Vec<&Value> = read.iter().filter(|said| said["type"] == "test").collect();
    let names = [
        r#"./odd & "odd"/titles.ipcs::ok 7 - # SKIP <b>nothing</b> & more [undo=0]"#,
        r#"./odd & "odd"/titles.ipcs::ok 7 - # SKIP <b>nothing</b> & more [undo=SEM_UNDO]"#,
        r#"./odd & "odd"/titles.ipcs::--- \\ ... 100% `code` | ::error::é 語"#,
        "./skips.ipcs::late",
        "./waits.ipcs::waits # for ever",
        "./waits.ipcs::fine",
    ];
    // The parser gives descriptions as they are written, and knows directives all the same.
    let unescaped = |test: &Value| {
        let name = test["name"].as_str().expect("a name").strip_prefix("- ").expect("a dash").to_owned();
        name.replace(r"\#", "#").replace(r"\\", r"\")
    };
    assert_eq!(tests.iter().map(|test| unescaped(test)).collect::<Vec<_>>(), names.map(|name| name.replace(r"\\", r"\")));
    assert_eq!(tests.iter().map(|test| test["ok"] == 1).collect::<Vec<_>>(), [true, true, false, true, false, true]);
    let directives: Vec<&Value> = tests.iter().map(|test| &test["directive"]).collect();
    assert_eq!(directives, ["", "", "", "SKIP", "", ""]);
    assert!(tests[3]["explanation"].as_str().is_some_and(|why| why.starts_with("needs kernel >= 99: this is")), "{}", tests[3]);

    let blocks: Vec<&Value> = read.iter().filter(|said| said["type"] == "yaml").map(|said| &said["data"]).collect();
    assert_eq!(blocks.len(), 2, "{blocks:?}");
    assert_eq!(blocks[0]["expected"], r#""]]> & <y>""#);
    assert_eq!(blocks[0]["seen"], r#""]]> & <x>""#);
    assert_eq!((&blocks[0]["file"], &blocks[0]["line"]), (&r#"./odd & "odd"/titles.ipcs"#.into(), &"15".into()));
    assert_eq!(blocks[1]["code"], "blocks-instead");
    for block in blocks {
        assert_eq!(block["severity"], "fail");
        let drawn = block["diagnostic"].as_str().expect("a text");
        assert!(drawn.starts_with(&format!("{}\n\n  × ", block["code"].as_str().expect("a code"))), "{drawn}");
        assert!(drawn.contains(" ·    "), "the drawing keeps its columns: {drawn}");
        assert!(!drawn.contains('\x1b'), "{drawn:?}");
    }
}

#[test]
fn prove_counts_the_same() {
    let folder = folder();
    let run = ipcscript(&["run", ".", "--report", "tap=report.tap"]).inside(&folder).run();
    assert_eq!(run.code, 1, "{run:?}");
    let path = folder.path("report.tap");
    let Some(output) = ask("prove", &["--exec", "cat", &path], "") else { return };
    let said = String::from_utf8_lossy(&output.stdout);
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    assert!(said.contains(&format!("Failed {}/6 subtests", SUMS.diverged)), "{said}");
    assert!(said.contains(&format!("(less {} skipped subtest: {} okay)", SUMS.skipped, SUMS.passed)), "{said}");
    assert!(!said.contains("Parse errors"), "{said}");
}

#[test]
fn a_failure_of_the_engine_and_an_empty_run_are_told() {
    let made =
        Made { path: "a.ipcs", title: "lost", line: 3, status: Status::Failed, reason: "its worker was \"killed\" \\ gone" };
    let out = replayed("tap", &journal(&[made]));
    assert_eq!(out.code, 3, "{out:?}");
    keeps_the_rules(&out.stdout, 1);
    if let Some(read) = perl(&out.stdout) {
        let block = &read.iter().find(|said| said["type"] == "yaml").expect("a block")["data"];
        assert_eq!(block["message"], "its worker was \"killed\" \\ gone", "{block}");
        assert_eq!((&block["code"], &block["line"]), (&"failed".into(), &"3".into()), "{block}");
    }
    let out = replayed("tap", &journal(&[]));
    assert_eq!((out.code, out.stdout.as_str()), (4, "TAP version 13\n1..0 # SKIP nothing was run\n"));
    if let Some(read) = perl(&out.stdout) {
        assert_eq!(read.last().expect("an end")["errors"], serde_json::json!([]));
    }
}

#[test]
fn a_journal_that_was_cut_ends_in_a_failure() {
    let folder = folder();
    let run = ipcscript(&["run", ".", "--report", "json"]).inside(&folder).run();
    let cut = &run.stdout[..run.stdout.find("::waits # for ever").expect("it is there") + 40];
    let out = ipcscript(&["report", "-", "--report", "tap"]).reading(cut).run();
    assert_eq!(out.code, 3, "{out:?}");
    assert!(out.stderr.starts_with("`-` ends in the middle of line "), "{}", out.stderr);
    keeps_the_rules(&out.stdout, 4);
    // With its first line whole, the scenario has begun.
    let begun = &run.stdout[..run.stdout.find("\"pause()\"").expect("it is there")];
    let out = ipcscript(&["report", "-", "--report", "tap"]).reading(begun).run();
    assert_eq!(out.code, 3, "{out:?}");
    keeps_the_rules(&out.stdout, 5);
    assert!(
        out.stdout
            .contains("not ok 5 - ./waits.ipcs::waits \\# for ever\n  ---\n  message: \"the journal ends in this scenario\"\n"),
        "{}",
        out.stdout
    );
}
