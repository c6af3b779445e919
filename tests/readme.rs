//! Holds the README to its word: every script in it runs, and every output is what the program prints.
//!
//! With `UPDATE=1`, outputs are put in as the program prints them.

use std::fs;
use std::path::Path;
use std::process::Command;

/// A fenced block: what stands behind the fence's backticks, and the lines between.
struct Block {
    label: String,
    text: String,
    /// The bytes of the text in the page.
    start: usize,
}

fn blocks(page: &str) -> Vec<Block> {
    let mut blocks: Vec<Block> = Vec::new();
    let (mut at, mut open) = (0, None);
    for line in page.split_inclusive('\n') {
        at += line.len();
        match (line.strip_prefix("```"), &open) {
            (Some(label), None) => {
                blocks.push(Block { label: label.trim().into(), text: String::new(), start: at });
                open = Some(());
            }
            (Some(_), Some(())) => open = None,
            (None, Some(())) => blocks.last_mut().expect("a block is open").text.push_str(line),
            (None, None) => {}
        }
    }
    assert!(open.is_none(), "a block is not closed");
    blocks
}

fn readme() -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md")).expect("a README")
}

/// Lines of a body stand for a scenario of their own.
fn script(text: &str) -> String {
    if text.contains("scenario \"") { text.into() } else { format!("scenario \"lines\" {{\n{text}}}\n") }
}

/// What the program prints, and its exit code. The page is the same however long a run took.
fn printed(folder: &Path, args: &[&str]) -> (String, i32) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_ipcscript"));
    let output = command.args(args).current_dir(folder).env("LC_ALL", "C.UTF-8").output().expect("the program starts");
    let text = String::from_utf8([output.stdout, output.stderr].concat()).expect("it prints UTF-8");
    let line = |line: &str| match line.split_once(" diverged in ") {
        Some((sums, _)) => format!("{sums} diverged in 0.01 s\n"),
        None => format!("{line}\n"),
    };
    (text.lines().map(line).collect(), output.status.code().unwrap_or(-1))
}

#[test]
fn scripts_run_and_outputs_are_real() {
    let mut page = readme();
    let folder = tempfile::tempdir().expect("a folder");
    let (mut scripts, mut outputs, mut moved) = (0, 0, 0isize);
    let found = blocks(&page);
    for (block, next) in found.iter().zip(found.iter().skip(1).map(Some).chain([None])) {
        let mut words = block.label.split(' ');
        if words.next() == Some("ipcs") {
            scripts += 1;
            let name = words.next().unwrap_or("lines.ipcs");
            fs::write(folder.path().join(name), script(&block.text)).expect("a file");
            if next.is_none_or(|next| next.label != "console") {
                assert_eq!(
                    printed(folder.path(), &["run", name]).1,
                    0,
                    "{}\n{}",
                    block.text,
                    printed(folder.path(), &["run", name]).0
                );
            }
        }
        let Some((command, shown)) = block.text.split_once('\n').filter(|_| block.label == "console") else { continue };
        let Some(args) = command.strip_prefix("$ ipcscript ") else { continue };
        outputs += 1;
        let (seen, _) = printed(folder.path(), &args.split(' ').collect::<Vec<_>>());
        if std::env::var_os("UPDATE").is_some() {
            let seen =
                seen.trim_end().replace(" diverged", " diverged in 0.01 s").replace("diverged in 0.01 s ", "diverged ") + "\n";
            let start = block.start.checked_add_signed(moved).expect("a place in the page") + command.len() + 1;
            page.replace_range(start..start + shown.len(), &seen);
            moved += isize::try_from(seen.len()).expect("it is short") - isize::try_from(shown.len()).expect("it is short");
        } else {
            assert_eq!(shown, seen, "{command}");
        }
    }
    assert!(scripts >= 7 && outputs >= 3, "{scripts} scripts, {outputs} outputs");
    if std::env::var_os("UPDATE").is_some() {
        fs::write(Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md"), page).expect("the README is written");
    }
}

#[test]
fn pages_that_are_linked_are_there() {
    let top = Path::new(env!("CARGO_MANIFEST_DIR"));
    let page = readme();
    let links: Vec<&str> = page.split("](").skip(1).filter_map(|rest| rest.split(')').next()).collect();
    assert!(links.len() >= 4, "{links:?}");
    let missing: Vec<&&str> = links.iter().filter(|link| !link.contains("://") && !top.join(link).exists()).collect();
    assert!(missing.is_empty(), "the README links what is not there: {missing:?}");
}
