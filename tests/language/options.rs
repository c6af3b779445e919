//! What `run` selects, repeats and makes of skips, by its exit codes.

use crate::script::run_with;
use ipcscript::journal::Status;

const THREE: &str = r#"
scenario "one" {
    actor a
    a: getpid()
}
scenario "two" {
    actor a
    a: close(77)
}
scenario "three" {
    needs kernel >= 999.0
    actor a
    a: getpid()
}
"#;

#[test]
fn exit_codes_tell_what_came_of_a_run() {
    let code = |args: &[&str]| run_with(THREE, &[], args).code();
    assert_eq!(code(&[]), 1, "a divergence");
    assert_eq!(code(&["--filter", "::one"]), 0, "as expected");
    assert_eq!(code(&["--filter", "::three"]), 4, "all skipped");
    assert_eq!(code(&["--filter", "no such title"]), 4, "none selected");
    assert_eq!(code(&["--filter", "::three", "--deny-skip"]), 1, "a skip counts as a divergence");
    assert_eq!(code(&["nowhere.ipcs"]), 2, "a missing file");
}

#[test]
fn a_filter_selects_by_id_parameters_included() {
    let script = "scenario \"each\" {\n    each n in [1, 2]\n    actor a\n    a: write(1, \"x\" * n) -> n\n}\n";
    assert_eq!(run_with(script, &[], &["--filter", "[n=2]"]).passes(), ["each [n=2]"]);
    assert_eq!(run_with(script, &[], &["--filter", "test.ipcs::each"]).passes().len(), 2);
}

#[test]
fn shards_run_each_scenario_once() {
    let script: String = (1..=5).map(|n| format!("scenario \"s{n}\" {{\n    actor a\n    a: getpid()\n}}\n")).collect();
    let mut seen = Vec::new();
    for shard in ["1/3", "2/3", "3/3"] {
        seen.extend(run_with(&script, &[], &["--shard", shard]).passes().into_iter().map(str::to_owned));
    }
    assert_eq!(seen, ["s1", "s2", "s3", "s4", "s5"]);
}

#[test]
fn fail_fast_starts_nothing_after_a_divergence() {
    let script: String = (1..=20).map(|n| format!("scenario \"s{n}\" {{\n    actor a\n    a: close(77)\n}}\n")).collect();
    let all = run_with(&script, &[], &[]);
    assert_eq!((all.code(), all.verdicts().count()), (1, 20));
    let fast = run_with(&script, &[], &["--fail-fast", "--jobs", "1"]);
    assert_eq!((fast.code(), fast.begun().count()), (1, 1));
}

#[test]
fn repetitions_of_a_scenario_are_alike() {
    let script = "scenario \"same\" {\n    actor a\n    a: p = getpid()\n    a: [r, w] = pipe()\n    a: write(w, \"x\")\n}\n";
    let ended = run_with(script, &[], &["--repeat", "5"]);
    ended.passes();
    assert!(ended.verdicts().all(|verdict| verdict.status == Status::Passed));
}
