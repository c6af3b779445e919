//! `--timings`: durations and the machine's fingerprint, beside a journal that is otherwise as without.

use super::runs::folder;
use super::xsd::parse;
use crate::cli::program::ipcscript;
use crate::cli::schema::{journal_schema, violations};
use serde_json::Value;

#[test]
fn timings_are_lines_of_their_own() {
    let folder = folder();
    let timed = ipcscript(&["run", ".", "--timings", "--report", "json"]).inside(&folder).run();
    let plain = ipcscript(&["run", ".", "--report", "json"]).inside(&folder).run();
    let events: Vec<Value> = timed.stdout.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    for event in &events {
        assert_eq!(violations(&journal_schema(), event), Vec::<String>::new(), "{event}");
    }
    let ours = |line: &&str| line.starts_with("{\"event\":\"timing\"") || line.starts_with("{\"event\":\"machine\"");
    let rest: Vec<&str> = timed.stdout.lines().filter(|line| !ours(line)).collect();
    assert_eq!(rest, plain.stdout.lines().collect::<Vec<_>>(), "the others are those of a run without");
    assert!(!plain.stdout.lines().any(|line| ours(&line)));

    let machine = &events[0];
    assert_eq!(machine["event"], "machine");
    let release = std::fs::read_to_string("/proc/sys/kernel/osrelease").expect("a release");
    assert_eq!(machine["release"], release.trim());
    let named = |list: &str, name: &str| {
        machine[list]
            .as_array()
            .expect("a list")
            .iter()
            .find(|setting| setting["name"] == name)
            .map(|setting| setting["value"].clone())
    };
    let sem = std::fs::read_to_string("/proc/sys/kernel/sem").expect("a setting");
    assert_eq!(named("sysctls", "kernel.sem"), Some(sem.split_whitespace().collect::<Vec<_>>().join(" ").into()));
    assert_eq!(machine["findings"][0]["what"], "a world");

    // Each scenario that was run has its durations ahead of its verdict, one for each step.
    let mut steps = 0;
    let mut told = 0;
    for pair in events.windows(2) {
        match pair[0]["event"].as_str() {
            Some("scenario") => steps = 0,
            Some("step") => steps += 1,
            Some("timing") => {
                told += 1;
                assert_eq!((&pair[1]["event"], &pair[1]["id"]), (&"verdict".into(), &pair[0]["id"]));
                let each: Vec<u64> = pair[0]["steps"].as_array().expect("a list").iter().filter_map(Value::as_u64).collect();
                assert_eq!(each.len(), steps, "{}", pair[0]);
                assert!(pair[0]["microseconds"].as_u64().expect("a number") >= each.iter().sum(), "{}", pair[0]);
            }
            _ => {}
        }
    }
    assert_eq!(told, 5, "what is skipped takes no time");
}

#[test]
fn reports_have_the_times_and_the_machine() {
    let folder = folder();
    let args = ["run", ".", "--timings", "--report", "json=journal", "--report", "junit=live"];
    let run = ipcscript(&args).inside(&folder).run();
    assert_eq!(run.code, 1, "{run:?}");
    let report = |format: &str| ipcscript(&["report", "journal", "--report", format]).inside(&folder).run().stdout;
    assert_eq!(report("junit"), folder.read("live"));
    let root = parse(&report("junit"));
    let time = |text: Option<&str>| text.and_then(|text| text.parse::<f64>().ok()).expect("seconds");
    let cases: Vec<f64> =
        root.children.iter().flat_map(|suite| suite.all("testcase")).filter_map(|case| case.get("time")?.parse().ok()).collect();
    assert_eq!(cases.len(), 5);
    assert!((time(root.get("time")) - cases.iter().sum::<f64>()).abs() < 1e-5);
    assert!(report("junit").contains("<property name=\"kernel.release\" value=\""));
    assert_eq!(report("tap").matches("\n  duration_ms: ").count(), 5, "{}", report("tap"));
    let people = report("human");
    assert!(people.contains("\nslowest\n") && people.contains(" ms  ./waits.ipcs::fine\n"), "{people}");
    assert!(people.contains("\nLinux "), "{people}");
    assert!(report("ktap").contains("\n# Linux "), "{}", report("ktap"));
    assert_eq!(report("ktap").lines().filter(|line| line.ends_with(" s")).count(), 5, "{}", report("ktap"));
}

#[test]
fn repeated_runs_differ_in_nothing_but_time() {
    let folder = folder();
    let args = ["run", "waits.ipcs", "--filter", "fine", "--timings", "--repeat", "20", "--report", "json"];
    let out = ipcscript(&args).inside(&folder).run();
    assert_eq!(out.code, 0, "{out:?}");
    assert_eq!(out.stdout.matches("{\"event\":\"timing\"").count(), 1, "{}", out.stdout);
}

#[test]
fn shards_of_one_machine_name_it_once() {
    let folder = folder();
    for index in ["1", "2"] {
        ipcscript(&["run", ".", "--timings", "--shard", &format!("{index}/2"), "--report", &format!("json={index}")])
            .inside(&folder)
            .run();
    }
    let out = ipcscript(&["report", "2", "1", "--report", "json"]).inside(&folder).run();
    assert_eq!(out.code, 1, "{out:?}");
    let count = |kind: &str| out.stdout.matches(&format!("{{\"event\":\"{kind}\"")).count();
    assert_eq!((count("machine"), count("shard"), count("timing"), count("summary")), (1, 0, 5, 1), "{}", out.stdout);
}

#[test]
fn numbers_that_no_run_gives_do_not_add_up_to_a_crash() {
    let folder = folder();
    let run = ipcscript(&["run", "odd & \"odd\"", "--timings", "--report", "json"]).inside(&folder).run();
    let wild: String = run
        .stdout
        .lines()
        .map(|line| match line.split_once("\"microseconds\":") {
            Some((head, _)) => format!("{head}\"microseconds\":{},\"steps\":[]}}\n", u64::MAX),
            None => format!("{line}\n"),
        })
        .collect();
    for format in ["human", "json", "junit", "tap", "ktap", "github", "html", "svg"] {
        let out = ipcscript(&["report", "-", "--report", format]).reading(&wild).run();
        assert_eq!((out.code, out.stderr.as_str()), (1, ""), "{format}: {out:?}");
    }
}
