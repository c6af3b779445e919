//! The report for GitHub Actions, within the limits of its runner, and read as its runner reads.

use super::runs::{Made, folder, journal, live_and_replayed, text};
use crate::cli::program::{Folder, ipcscript};
use ipcscript::journal::Status;

/// Annotations of one kind that are shown of a step, and characters of a message.
const MOST: usize = 10;
const LONGEST: usize = 4096;
/// Bytes of the summary of a step.
const ROOM: usize = 1 << 20;

/// A command to the runner.
#[derive(Debug)]
struct Command {
    level: String,
    properties: Vec<(String, String)>,
    message: String,
}

impl Command {
    fn get(&self, name: &str) -> Option<&str> {
        self.properties.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

/// Reads every line as the runner does: `::level name=value,…::message`, with what would end one of them escaped.
fn read(report: &str) -> Vec<Command> {
    let commands: Vec<Command> = report.lines().map(command).collect();
    for level in ["error", "warning"] {
        assert!(commands.iter().filter(|command| command.level == level).count() <= MOST, "{report}");
    }
    commands
}

fn command(line: &str) -> Command {
    let (head, message) =
        line.strip_prefix("::").and_then(|rest| rest.split_once("::")).unwrap_or_else(|| panic!("no command: {line}"));
    let (level, properties) = head.split_once(' ').expect("properties");
    assert!(matches!(level, "error" | "warning"), "{line}");
    let plain =
        |text: &str| text.replace("%0A", "\n").replace("%0D", "\r").replace("%3A", ":").replace("%2C", ",").replace("%25", "%");
    let property = |text: &str| {
        let (name, value) = text.split_once('=').expect("a value");
        assert!(["file", "line", "endLine", "col", "endColumn", "title"].contains(&name), "{line}");
        (name.to_owned(), plain(value))
    };
    let message = plain(message);
    assert!(message.encode_utf16().count() <= LONGEST, "{} characters", message.len());
    Command { level: level.into(), properties: properties.split(',').map(property).collect(), message }
}

#[test]
fn divergences_are_errors_at_their_place_and_skips_are_warnings() {
    let report = live_and_replayed("github");
    let commands = read(&report);
    let levels: Vec<&str> = commands.iter().map(|command| command.level.as_str()).collect();
    assert_eq!(levels, ["error", "error", "warning"], "{report}");
    let first = &commands[0];
    assert_eq!(first.get("file"), Some("odd & \"odd\"/titles.ipcs"));
    // Columns are counted in characters from 1, and the end is behind the last.
    let places = ["line", "endLine", "col", "endColumn"].map(|name| first.get(name));
    assert_eq!(places, [Some("15"), Some("15"), Some("28"), Some("39")]);
    assert_eq!(first.get("title"), Some(r"wrong-value: --- \ ... 100% `code` | ::error::é 語"));
    assert!(first.message.contains("\nexpected: \"]]> & <y>\"\nseen: \"]]> & <x>\""), "{}", first.message);
    let last = &commands[2];
    assert_eq!((last.get("file"), last.get("line"), last.get("title")), (Some("skips.ipcs"), Some("1"), Some("skipped: late")));
    assert!(last.message.starts_with("needs kernel >= 99: this is Linux"), "{}", last.message);
}

#[test]
fn people_and_the_runner_share_standard_output() {
    let folder = folder();
    let args = ["run", ".", "--report", "human", "--report", "github"];
    let out = ipcscript(&args).inside(&folder).run();
    assert_eq!((out.code, out.stderr.as_str()), (1, ""), "{out:?}");
    let commands: Vec<&str> = out.stdout.lines().filter(|line| line.starts_with("::")).collect();
    assert_eq!(read(&commands.join("\n")).len(), 3);
    assert!(out.stdout.contains("\n3 passed, 1 skipped, 2 diverged in "), "{}", out.stdout);
    let twice = ipcscript(&["run", ".", "--report", "github", "--report", "github"]).inside(&folder).run();
    assert_eq!(twice.code, 2, "{twice:?}");
}

/// Sixty divergences in three scripts, of which one alone has fifty; one cause that twelve scenarios share; two that the engine failed at; and skips for
/// twelve reasons.
fn bad_day() -> Vec<ipcscript::journal::Event> {
    let diverged = |path: &'static str, number: usize| {
        (path, format!("scenario {number}"), number, Status::Diverged, format!("cause {number}"))
    };
    let mut list: Vec<(&str, String, usize, Status, String)> = (1..=50).map(|number| diverged("a.ipcs", number)).collect();
    list.extend((1..=5).map(|number| diverged("b.ipcs", number)));
    list.extend((1..=12).map(|number| ("c.ipcs", format!("shared [n={number}]"), 7, Status::Diverged, "one cause".into())));
    list.extend((1..=2).map(|number| ("d.ipcs", format!("lost {number}"), 1, Status::Failed, "no world".into())));
    list.extend((1..=12).map(|number| ("e.ipcs", format!("skip {number}"), 1, Status::Skipped, format!("reason {number}"))));
    list.extend((1..=3).map(|number| ("e.ipcs", format!("more {number}"), 1, Status::Skipped, "reason 9".into())));
    let made: Vec<Made> = list
        .iter()
        .map(|(path, title, line, status, reason)| Made { path, title, line: *line, status: *status, reason })
        .collect();
    journal(&made)
}

#[test]
fn the_most_useful_come_first_and_the_last_counts_the_others() {
    let out = ipcscript(&["report", "-", "--report", "github"]).reading(&text(&bad_day())).run();
    assert_eq!(out.code, 3, "{out:?}");
    let commands = read(&out.stdout);
    let errors: Vec<&Command> = commands.iter().filter(|command| command.level == "error").collect();
    let seen: Vec<(Option<&str>, &str)> =
        errors.iter().map(|command| (command.get("file"), command.message.lines().next().unwrap_or(""))).collect();
    let expected = [
        (Some("d.ipcs"), "no world"),
        (Some("a.ipcs"), "cause 1"),
        (Some("b.ipcs"), "cause 1"),
        (Some("c.ipcs"), "one cause"),
        (Some("a.ipcs"), "cause 2"),
        (Some("b.ipcs"), "cause 2"),
        (Some("a.ipcs"), "cause 3"),
        (Some("b.ipcs"), "cause 3"),
        (Some("a.ipcs"), "cause 4"),
        (None, "the summary of the step shows them all"),
    ];
    assert_eq!(seen, expected);
    assert_eq!(errors[9].get("title"), Some("48 more scenarios did not go as expected"));
    assert!(errors[0].message.contains("the same in 1 more: d.ipcs::lost 2"), "{}", errors[0].message);
    assert!(errors[3].message.contains("the same in 11 more: c.ipcs::shared [n=2], "), "{}", errors[3].message);
    let warnings: Vec<&Command> = commands.iter().filter(|command| command.level == "warning").collect();
    assert_eq!(warnings.len(), MOST);
    assert!(warnings[0].message.starts_with("reason 9\nthe same in 3 more: e.ipcs::more 1"), "{}", warnings[0].message);
    assert_eq!(warnings[9].get("title"), Some("3 more scenarios were skipped"));
}

#[test]
fn a_message_is_cut_where_the_runner_would_cut_it() {
    for filling in ["x", "語", "🧵", "%", "\n"] {
        let reason = filling.repeat(6000);
        let made = Made { path: "a.ipcs", title: &reason, line: 1, status: Status::Failed, reason: &reason };
        let out = ipcscript(&["report", "-", "--report", "github"]).reading(&text(&journal(&[made]))).run();
        let commands = read(&out.stdout);
        assert_eq!(commands.len(), 1, "{}", out.stdout);
        assert!(commands[0].message.encode_utf16().count() > LONGEST - 3 && commands[0].message.ends_with('…'), "{filling:?}");
        assert!(commands[0].get("title").is_some_and(|title| title.encode_utf16().count() <= 255), "{filling:?}");
    }
}

#[test]
fn the_summary_is_added_to_what_the_step_has_written() {
    let folder = Folder::with(&[("summary.md", "# of before\n")]);
    let run = || {
        ipcscript(&["report", "-", "--report", "github"])
            .reading(&text(&bad_day()))
            .with("GITHUB_STEP_SUMMARY", &folder.path("summary.md"))
    };
    assert_eq!(run().run().code, 3);
    let page = folder.read("summary.md");
    assert!(page.starts_with("# of before\n### ipcscript\n"), "{page}");
    assert!(page.contains("| 0 | 67 | 2 | 15 |"), "{page}");
    assert_eq!(page.matches("<details open>").count(), 69);
    assert_eq!(page.matches("<details").count(), page.matches("</details>").count());
    assert!(page.contains("<summary>skipped 4: reason 9</summary>\n\n- e.ipcs::skip 9\n- e.ipcs::more 1\n"), "{page}");
    let annotations = run().with("GITHUB_STEP_SUMMARY", "").run();
    assert_eq!(read(&annotations.stdout).len(), 20, "there is a report without a summary, too");
    let nowhere = run().with("GITHUB_STEP_SUMMARY", "/no/such/folder/summary").run();
    assert_eq!(nowhere.code, 2, "{nowhere:?}");
    assert!(nowhere.stderr.contains("GITHUB_STEP_SUMMARY"), "{}", nowhere.stderr);
}

#[test]
fn the_summary_is_never_larger_than_what_is_shown() {
    let long = "語".repeat(500);
    let titles: Vec<String> = (0..1000).map(|number| format!("{number} {long}")).collect();
    let made: Vec<Made> =
        titles.iter().map(|title| Made { path: "a.ipcs", title, line: 9, status: Status::Diverged, reason: title }).collect();
    let events = text(&journal(&made));
    for written in [0, 1000, ROOM - 5000, ROOM - 10, ROOM + 7] {
        let folder = Folder::with(&[("summary.md", &"x".repeat(written))]);
        let out = ipcscript(&["report", "-", "--report", "github=annotations"])
            .reading(&events)
            .with("GITHUB_STEP_SUMMARY", &folder.path("summary.md"))
            .inside(&folder)
            .run();
        assert_eq!((out.code, out.stdout.as_str()), (1, ""), "{out:?}");
        let page = folder.read("summary.md");
        assert!(page.len() <= ROOM.max(written), "{} bytes", page.len());
        assert_eq!(page.matches("<details").count(), page.matches("</details>").count());
        let left_out = page.contains(" more parts are left out");
        assert_eq!(left_out, written < ROOM - 10, "{written}");
        // What fits is there: no more than one scenario's part of the room is left.
        assert!(written > 1000 || page.len() > ROOM - 10_000, "{} bytes", page.len());
    }
}
