//! Holds the README and the guide to their word: every script in them runs, every output is what the program prints, and what they give to
//! CI servers is taken by the command line.
//!
//! With `UPDATE=1`, outputs are put in as the program prints them.

#[path = "readme/block.rs"]
mod block;
#[path = "readme/job.rs"]
mod job;
#[path = "readme/shell.rs"]
mod shell;

use block::{blocks, page, top};
use similar::TextDiff;
use std::fs;
use std::path::Path;

/// Lines of a body stand for a scenario of their own.
fn script(text: &str) -> String {
    if text.contains("scenario \"") { text.into() } else { format!("scenario \"lines\" {{\n{text}}}\n") }
}

/// Writes a script to where its label says.
fn write(folder: &Path, name: &str, text: &str) {
    let path = folder.join(name);
    fs::create_dir_all(path.parent().expect("it is in a folder")).expect("a folder");
    fs::write(path, text).expect("a file");
}

/// What the blocks of a page come to, one after the other in one folder: how many scripts and outputs there are, and the page as it is now.
fn play(text: &str) -> (usize, usize, String) {
    let folder = tempfile::tempdir().expect("a folder");
    let (mut scripts, mut outputs, mut now, mut copied) = (0, 0, String::new(), 0);
    let found = blocks(text);
    for (number, block) in found.iter().enumerate() {
        let (kind, name) = block.label.split_once(' ').unwrap_or((&block.label, "lines.ipcs"));
        if kind == "awk" {
            fs::write(folder.path().join(name), &block.text).expect("a file");
        } else if kind == "ipcs" {
            scripts += 1;
            write(folder.path(), name, &script(&block.text));
            // A whole script has the one style; one with mistakes, which are what it is there for, has none.
            let (differs, style) = shell::ran(folder.path(), &format!("ipcscript fmt --check {name}"), &[]);
            assert!(style != 1 || !block.text.contains("scenario \""), "{differs}");
            // What follows says what is to be seen; where nothing follows, it passes.
            if found.get(number + 1).is_none_or(|next| next.label != "console") {
                let (seen, code) = shell::ran(folder.path(), &format!("ipcscript run {name}"), &[]);
                assert_eq!(code, 0, "{}\n{seen}", block.text);
            }
        } else if kind == "console" && shell::is_for_the_program(&block.text) {
            outputs += 1;
            now.push_str(&text[copied..block.start]);
            now.push_str(&shell::session(folder.path(), &block.text));
            copied = block.start + block.text.len();
        }
    }
    now.push_str(&text[copied..]);
    (scripts, outputs, now)
}

/// Plays a page that has this many scripts and outputs at least.
fn hold(name: &str, scripts_at_least: usize, outputs_at_least: usize) {
    let text = page(name);
    let (scripts, outputs, now) = play(&text);
    if std::env::var_os("UPDATE").is_some() {
        fs::write(top().join(name), now).expect("the page is written");
    } else {
        let difference =
            TextDiff::from_lines(&text, &now).unified_diff().header("as it is", "as the program prints it").to_string();
        assert!(text == now, "{name}; `UPDATE=1` puts it in\n{difference}");
    }
    assert!(scripts >= scripts_at_least && outputs >= outputs_at_least, "{name}: {scripts} scripts, {outputs} outputs");
}

#[test]
fn scripts_of_the_readme_run_and_its_outputs_are_real() {
    hold("README.md", 7, 3);
}

#[test]
fn scripts_of_the_guide_run_and_its_outputs_are_real() {
    hold("GUIDE.md", 25, 25);
}

/// What the jobs run.
const A_SCRIPT: &str = "scenario \"a pipe\" {\n    actor a\n\n    a: [r, w] = pipe()\n    a: write(w, \"x\")\n}\n";

/// Every job of a page is run as its server would, in a folder with a few scenarios.
#[test]
fn jobs_for_ci_servers_are_taken_by_the_command_line() {
    let jobs: Vec<(&str, Vec<job::Job>)> = block::PAGES.map(|name| (name, job::jobs(&page(name)))).into();
    let kinds: Vec<&str> = jobs.iter().flat_map(|(_, jobs)| jobs.iter().map(job::Job::server)).collect();
    for server in ["GitHub", "GitLab", "Kubernetes", "LAVA"] {
        assert!(kinds.contains(&server), "no page shows a job for {server}: {kinds:?}");
    }
    for (name, jobs) in jobs {
        for job in jobs {
            let folder = tempfile::tempdir().expect("a folder");
            for number in 1..=4 {
                write(folder.path(), &format!("scenarios/{number}.ipcs"), A_SCRIPT);
            }
            let commands = job.commands();
            assert!(!commands.is_empty(), "{name}: a job without the program:\n{}", job.text());
            for (command, environment) in commands {
                let (seen, code) = shell::ran(folder.path(), &command, &environment);
                assert_eq!(code, 0, "{name}: `{command}` with {environment:?} in\n{}\n{seen}", job.text());
            }
        }
    }
}

#[test]
fn pages_and_headings_that_are_linked_are_there() {
    for name in block::PAGES {
        let text = page(name);
        let links: Vec<&str> = text.split("](").skip(1).filter_map(|rest| rest.split(')').next()).collect();
        assert!(links.len() >= 4, "{name}: {links:?}");
        let missing: Vec<&&str> =
            links.iter().filter(|link| !link.contains("://") && !block::leads_somewhere(name, link)).collect();
        assert!(missing.is_empty(), "{name} links what is not there: {missing:?}");
    }
}
