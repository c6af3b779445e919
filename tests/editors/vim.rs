//! Vim: its template, and what a headless Vim says of a text.

use super::words::{NOTICE, Words};
use std::fmt::Write;
use std::path::Path;
use std::process::{Command, Stdio};

/// Fills the template: a list alone on its line is wrapped behind continuation signs, within a pattern it becomes alternatives.
pub fn render(template: &str, words: &Words) -> String {
    let mut text = String::new();
    for line in template.lines() {
        match words.lists().find(|(name, _)| line.trim() == *name) {
            Some((_, list)) => wrap(list, &mut text),
            None => {
                let filled = words
                    .lists()
                    .fold(line.replace("@GENERATED@", NOTICE), |line, (name, list)| line.replace(name, &list.join("\\|")));
                text.push_str(&filled);
                text.push('\n');
            }
        }
    }
    text
}

fn wrap(list: &[String], text: &mut String) {
    const WIDTH: usize = 120;
    let mut line = "      \\".to_owned();
    for word in list {
        if line.len() + 1 + word.len() > WIDTH {
            text.push_str(&line);
            text.push('\n');
            line = "      \\".to_owned();
        }
        line.push(' ');
        line.push_str(word);
    }
    text.push_str(&line);
    text.push('\n');
}

/// The group that Vim gives to each place (line and column, from 0) of `sample`; nothing where there is no Vim, or one without syntax files.
pub fn groups(runtime: &Path, sample: &str, places: &[(usize, usize)]) -> Option<Vec<String>> {
    let folder = tempfile::tempdir().unwrap();
    let (text, script, answer) = (folder.path().join("sample.ipcs"), folder.path().join("ask.vim"), folder.path().join("answer"));
    std::fs::write(&text, sample).unwrap();

    let mut ask = format!(
        "set nocompatible\nset runtimepath^={}\nfiletype plugin on\nsyntax on\nedit {}\n",
        runtime.display(),
        text.display()
    );
    ask.push_str("let g:answer = [has('syntax') ? &filetype : 'none']\n");
    for (line, column) in places {
        writeln!(ask, "call add(g:answer, synIDattr(synID({}, {}, 1), 'name'))", line + 1, column + 1).unwrap();
    }
    write!(ask, "call writefile(g:answer, '{}')\nqall!\n", answer.display()).unwrap();
    std::fs::write(&script, ask).unwrap();

    let mut command = Command::new("vim");
    command.args(["-es", "-u", "NONE", "-i", "NONE", "-n", "-S"]).arg(&script);
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command.status().ok()?;
    let answer = std::fs::read_to_string(&answer).ok()?;
    let mut lines = answer.lines().map(str::to_owned);
    match lines.next()?.as_str() {
        "ipcs" => Some(lines.collect()),
        "none" => None,
        other => panic!("Vim takes a .ipcs file for {other:?}"),
    }
}
