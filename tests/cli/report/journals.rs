//! `ipcscript report`: the journals of all shards are that of the whole, and what is no journal is refused.

use super::runs::folder;
use crate::cli::program::{Ended, Folder, ipcscript};
use crate::cli::schema::{journal_schema, violations};

/// A folder with the scripts, the journal of a whole run, and those of its shards.
fn with_shards(count: usize) -> Folder {
    let folder = folder();
    let run = |args: &[&str]| ipcscript(&[&["run", "."], args].concat()).inside(&folder).run();
    run(&["--report", "json=whole"]);
    for index in 1..=count {
        run(&["--shard", &format!("{index}/{count}"), "--report", &format!("json={index}")]);
    }
    folder
}

fn report(folder: &Folder, args: &[&str]) -> Ended {
    ipcscript(&[&["report"], args].concat()).inside(folder).run()
}

#[test]
fn shards_become_the_whole_in_every_format() {
    // Of seven parts of six scenarios one is empty.
    for count in [3, 7] {
        let folder = with_shards(count);
        let mut journals: Vec<String> = (1..=count).map(|index| index.to_string()).collect();
        journals.rotate_left(2);
        let journals: Vec<&str> = journals.iter().map(String::as_str).collect();
        for format in ["human", "json", "junit", "tap", "ktap", "github", "html", "svg"] {
            let merged = report(&folder, &[&journals[..], &["--report", format]].concat());
            let whole = report(&folder, &["whole", "--report", format]);
            assert_eq!((merged.code, merged.stderr.as_str()), (1, ""), "{merged:?}");
            assert_eq!(merged.stdout, whole.stdout, "{format}");
        }
        let merged = report(&folder, &[&journals[..], &["--report", "json"]].concat());
        assert_eq!(merged.stdout, folder.read("whole"), "byte for byte");
    }
}

#[test]
fn a_shard_says_which_it_is_and_can_be_reported_alone() {
    let folder = with_shards(2);
    let journal = folder.read("2");
    let head: serde_json::Value = serde_json::from_str(journal.lines().next().expect("a line")).expect("JSON");
    assert_eq!(
        (&head["event"], &head["index"], &head["count"], &head["total"]),
        (&"shard".into(), &2.into(), &2.into(), &6.into())
    );
    assert_eq!(violations(&journal_schema(), &head), Vec::<String>::new());
    let alone = report(&folder, &["2", "--report", "json"]);
    assert_eq!(alone.stdout, journal);
    let junit = report(&folder, &["2", "--report", "junit"]);
    assert!(junit.stdout.contains(r#"<property name="shard" value="2/2"/>"#), "{}", junit.stdout);
    assert!(!folder.read("whole").contains("\"event\":\"shard\""));
}

#[test]
fn shards_that_are_no_whole_are_refused_by_name() {
    let folder = with_shards(3);
    ipcscript(&["run", ".", "--filter", "fine", "--shard", "3/3", "--report", "json=other"]).inside(&folder).run();
    ipcscript(&["run", ".", "--shard", "2/4", "--report", "json=quarter"]).inside(&folder).run();
    let cases: [(&[&str], &str); 6] = [
        (&["1", "3"], "shard 2/3 is missing"),
        (&["2", "2"], "shard 2/3 is there twice: in `2` and in `2`"),
        (&["1", "2", "3", "1"], "shard 1/3 is there twice"),
        (&["1", "2", "other"], "`1` and `other` are parts of different lists"),
        (&["1", "quarter", "3"], "`1` is one of 3 parts, `quarter` one of 4"),
        (&["1", "2", "3", "whole"], "`whole` does not say which shard it is"),
    ];
    for (journals, message) in cases {
        let out = report(&folder, &[journals, &["--report", "junit=out.xml"]].concat());
        assert_eq!((out.code, out.stdout.as_str()), (2, ""), "{journals:?}: {out:?}");
        assert!(out.stderr.contains(message), "{journals:?}: {}", out.stderr);
        assert!(out.stderr.contains("help: give the journal of each shard once"), "{}", out.stderr);
    }
    let lonely = report(&folder, &["3"]);
    assert_eq!(lonely.code, 1, "one alone is no mistake: {lonely:?}");
}

#[test]
fn a_shard_that_was_cut_short_is_a_failure_of_the_whole() {
    let folder = with_shards(2);
    let journal = folder.read("2");
    let kept: String = journal.split_inclusive('\n').take(7).collect();
    assert!(kept.ends_with("\"call\":\"pause()\",\"line\":3,\"outcome\":\"blocks\",\"met\":false}\n"), "{kept}");
    folder.write("2", kept.as_bytes());
    let out = report(&folder, &["1", "2", "--report", "json"]);
    assert_eq!(out.code, 3, "{out:?}");
    assert_eq!(out.stderr, "`2` ends behind line 7 without a summary: its run was cut short, and what is there is reported\n");
    let last: serde_json::Value = serde_json::from_str(out.stdout.lines().last().expect("a line")).expect("JSON");
    assert_eq!((&last["event"], &last["failed"]), (&"summary".into(), &1.into()), "{last}");
    // What was added in place of what is missing is events like others.
    for line in out.stdout.lines() {
        let event = serde_json::from_str(line).expect("JSON");
        assert_eq!(violations(&journal_schema(), &event), Vec::<String>::new(), "{line}");
    }
}

#[test]
fn what_is_no_journal_is_refused_with_the_way_out() {
    let folder = folder();
    ipcscript(&["run", ".", "--report", "json=journal.json"]).inside(&folder).run();
    let whole = folder.read("journal.json");
    folder.write("twice.json", format!("{whole}{whole}").as_bytes());
    let cases: [(&[&str], &str); 8] = [
        (&["jurnal.json"], "did you mean `journal.json`?"),
        (&["nothing/like/it"], "`nothing/like/it` does not exist"),
        (&["."], "`.` is a folder, and a journal is a file"),
        (&["skips.ipcs"], "`skips.ipcs` is no journal: line 1"),
        (&["twice.json"], "give each journal as a file of its own"),
        (&["-", "-"], "standard input can be one journal only"),
        (&["journal.json", "--report", "json=journal.json"], "a report would overwrite the journal `journal.json`"),
        (&["journal.json", "--report", "json", "--report", "tap"], "two reports cannot both go to standard output"),
    ];
    for (args, message) in cases {
        let out = report(&folder, args);
        assert_eq!(out.code, 2, "{args:?}: {out:?}");
        assert!(out.stderr.contains(message), "{args:?}: {}", out.stderr);
    }
    assert_eq!(folder.read("journal.json"), whole);
    let out = report(&folder, &["skips.ipcs"]);
    assert!(out.stderr.contains("a journal is what `ipcscript run --report json=FILE` writes"), "{}", out.stderr);
    let out = report(&folder, &["journal.json", "--report", "tap=/dev/full"]);
    assert_eq!(out.code, 3, "{out:?}");
    let out = report(&folder, &["-"]);
    assert_eq!((out.code, out.stderr.as_str()), (3, "`-` is empty: its run was cut short\n"), "{out:?}");
}

#[test]
fn the_report_for_people_is_the_same_but_for_the_time() {
    let folder = folder();
    for trace in [&[][..], &["--trace"]] {
        let live =
            ipcscript(&[&["run", ".", "--report", "human", "--report", "json=journal"], trace].concat()).inside(&folder).run();
        let replayed = report(&folder, &[&["journal"], trace].concat());
        let (before, _) = live.stdout.rsplit_once(" in ").expect("the time");
        assert_eq!(replayed.stdout, format!("{before}\n"), "{trace:?}");
    }
    let unread = ipcscript(&["report", "journal", "--trace"]).inside(&folder).run_unread();
    assert_eq!(unread.code, 141, "{unread:?}");
}

#[test]
fn a_scenario_of_many_orders_is_one_of_each_report() {
    let script = "\
scenario \"a lost update\" {
    actor main

    main: p = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS)
    main: a = fork()
    main: b = fork()
    interleave {
        a: x = load(p, u32)
        a: store(p, u32, x + 1)
        b: y = load(p, u32)
        b: store(p, u32, y + 1)
    }
    main: total = load(p, u32)
    expect total == 2
}
";
    let folder = Folder::with(&[("lost.ipcs", script)]);
    let run = ipcscript(&["run", "lost.ipcs", "--timings", "--report", "json=journal"]).inside(&folder).run();
    assert_eq!(run.code, 1, "{run:?}");
    let said = [
        ("junit", "<property name=\"orders\" value=\""),
        ("tap", "\n  order: \"a1 "),
        ("ktap", "\n    not ok 1 a lost update\n"),
        ("github", "%0Aorder: a1 "),
        ("human", " ms  lost.ipcs::a lost update\n"),
    ];
    for (format, words) in said {
        let out = report(&folder, &["journal", "--report", format]);
        assert_eq!(out.code, 1, "{out:?}");
        assert!(out.stdout.contains(words), "{format}: {}", out.stdout);
    }
}
