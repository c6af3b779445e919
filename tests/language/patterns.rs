//! Patterns: what an outcome may be said to be.

use crate::script::run_lines;

/// Each of `patterns` matches the outcome of `call`.
#[track_caller]
fn all_match(call: &str, patterns: &[&str]) {
    run_lines(&patterns.iter().map(|pattern| format!("a: {call} -> {pattern}\n")).collect::<String>()).passes();
}

/// None of `patterns` matches it, and each time `seen` is what was seen.
#[track_caller]
fn none_matches(call: &str, seen: &str, patterns: &[&str]) {
    for pattern in patterns {
        run_lines(&format!("a: {call} -> {pattern}")).diverges("wrong-value", 3, seen);
    }
}

#[test]
fn numbers() {
    all_match("getppid()", &["1", "0x1", "_", "ok", "1..1", "0..3", "> 0", ">= 1", "< 2", "<= 1", "!= 2", "2 - 1", "5 or 1"]);
    none_matches("getppid()", "1", &["2", "2..5", "> 1", "< 1", "!= 1", "5 or 6"]);
}

#[test]
fn text() {
    let call = "write_file(\"t\", \"hello\")";
    run_lines(&format!("a: {call}\na: text = cat(\"t\")\na: cat(\"t\") -> text\na: cat(\"t\") -> \"hel\" + \"lo\"")).passes();
    let patterns =
        ["\"hello\"", "contains \"ell\"", "matches \"^h.*o$\"", "matches \"l+\"", "matches r\"\\w{5}\"", "!= \"other\""];
    let lines: String = patterns.iter().map(|pattern| format!("a: cat(\"t\") -> {pattern}\n")).collect();
    run_lines(&format!("a: {call}\n{lines}")).passes();
    for pattern in ["\"hell\"", "contains \"Ell\"", "matches \"^e\""] {
        run_lines(&format!("a: {call}\na: cat(\"t\") -> {pattern}")).diverges("wrong-value", 4, "\"hello\"");
    }
}

#[test]
fn lists() {
    let made = "a: write_file(\"one\", \"\")\na: write_file(\"two\", \"\")\n";
    let with = |pattern: &str| run_lines(&format!("{made}a: ls(\".\") -> {pattern}"));
    for pattern in ["[\"one\", \"two\"]", "[\"one\", ..]", "[..]", "[_, _]", "[\"one\", matches \"^t\"]", "[] or [_, _]"] {
        with(pattern).passes();
    }
    for pattern in ["[\"one\"]", "[\"two\", ..]", "[_, _, ..] or []", "[]"] {
        if pattern.contains("or") {
            with(pattern).passes();
        } else {
            with(pattern).diverges("wrong-value", 5, "[\"one\", \"two\"]");
        }
    }
}

#[test]
fn records_name_some_fields_and_nest() {
    let made = "a: seg = shmget(IPC_PRIVATE, 4096, 0o640)\n";
    for pattern in ["{shm_segsz: 4096}", "{shm_perm: {mode: 0o640}, shm_nattch: 0}", "{shm_segsz: 1..5000}", "{}"] {
        run_lines(&format!("{made}a: shmctl(seg, IPC_STAT) -> {pattern}")).passes();
    }
    let limits = "a: q = mq_open(\"/q\", O_CREAT | O_RDWR, 0o600, {mq_maxmsg: 2, mq_msgsize: 64})\n";
    run_lines(&format!("{limits}a: mq_getattr(q) -> {{mq_maxmsg: 3}}")).diverges("wrong-value", 4, "{mq_maxmsg: 2}");
    run_lines(&format!("{limits}a: mq_getattr(q) -> {{mq_maxmg: 3}}")).is_refused("mq_maxmsg");
}

#[test]
fn errors_and_alternatives() {
    all_match("close(77)", &["EBADF", "EPERM or EBADF", "0 or EBADF"]);
    run_lines("a: close(77) -> _").diverges("fails-instead", 3, "EBADF");
    run_lines("a: close(77) -> ok").diverges("fails-instead", 3, "EBADF");
    run_lines("a: close(77) -> EPERM or EACCES").diverges("wrong-errno", 3, "EBADF");
    run_lines("a: close(77) -> EPERM | EACCES").is_refused("or");
}

#[test]
fn values_have_the_operators_of_c() {
    run_lines(
        r#"expect 1 | 2 == 3
expect 1 + 2 * 3 == 7
expect (1 + 2) * 3 == 9
expect 0x10 << 2 == 64
expect 7 & ~1 == 6
expect 7 ^ 1 == 6
expect 7 / 2 == 3
expect 7 % 4 == 3
expect -1 < 0
expect 64K == 65536
expect 1M == 1024 * 1024
expect 0o644 == 420
expect [1, 2] + [3] == [1, 2, 3]
expect [1, 2, 3] - [2] == [1, 3]
expect "ab" * 2 + "c" == "ababc"
expect "a\x00b\n" != "ab"
expect len([1, 2]) == 2"#,
    )
    .passes();
}

#[test]
fn expectations_compare_what_was_bound() {
    run_lines(
        r#"a: one = getpid()
b: two = getpid()
expect one != two
expect two - one -> 1..10
expect [one, two] -> [a, b]
expect one == a"#,
    )
    .passes();
    run_lines("a: one = getpid()\nexpect one > 1000").diverges("expectation-not-met", 4, "a and 1000");
}
