//! `ipcscript fmt`: scripts in the one style.

use super::edit::{diff, replace};
use super::load::{Texts, texts};
use super::output::{counted, print, say, show_failure, show_mistakes};
use super::path::STDIN;
use super::{Exit, terminal};
use crate::report::one_line;
use crate::syntax::format::{Unformatted, format};
use crate::text::{Diagnostic, Source};
use std::io;
use std::path::{Path, PathBuf};

/// What `fmt` takes.
#[derive(Debug, clap::Args)]
#[command(after_help = AFTER)]
pub(super) struct Args {
    /// Scripts, and folders of scripts; `-` is standard input, formatted to standard output
    #[arg(value_name = "PATH", required = true)]
    paths: Vec<PathBuf>,
    /// Write nothing; list the scripts that would change, and what in them
    #[arg(long)]
    check: bool,
}

const AFTER: &str = "The style: four blanks a block, one around an operator; outcomes and comments in columns within a paragraph; lines broken \
    where you broke them, and at 120 columns. Comments, numbers and strings stay as they are, and so does the meaning.\n\n\
    Exit codes: 0 done, or nothing to do; 1 a script would change (--check); 2 a script has a mistake, and was left alone; \
    3 a script could not be written; 4 there is no script.";

/// A script's changes are shown up to so many lines.
const SHOWN: usize = 40;

/// Formats what `args` name.
pub(super) fn fmt(args: &Args) -> Exit {
    let Texts { sources, roots, mut mistakes } = texts(&args.paths);
    let style = terminal::style(&io::stdout());
    let (mut changed, mut page) = (0, String::new());
    let mut exit = Exit::Met;
    for (id, path) in &roots {
        let source = &sources[*id as usize];
        if mistakes.iter().any(|mistake| mistake.is_error() && mistake.span().source == *id && !mistake.labels.is_empty()) {
            continue;
        }
        let text = match format(source) {
            Ok(text) => text,
            Err(why) => {
                exit = left_alone(source, why, &mut mistakes);
                continue;
            }
        };
        let from_input = path == Path::new(STDIN);
        if from_input && !args.check {
            page += &text;
        } else if text != source.text {
            changed += 1;
            page += &one_line(&source.name, style.glyphs);
            page.push('\n');
            if args.check {
                page += &diff(&source.name, (&source.text, &text), SHOWN, style);
            } else if let Err(error) = replace(path, &text) {
                show_failure("not-written", &format!("`{}` could not be written: {error}", source.name), None);
                exit = Exit::Failed;
            }
        }
    }
    show_mistakes(&mistakes, &sources);
    if let Err(error) = print(&page) {
        show_failure("not-written", &format!("standard output could not be written: {error}"), None);
        return Exit::Failed;
    }
    if mistakes.iter().any(Diagnostic::is_error) {
        return Exit::Mistaken;
    }
    if roots.is_empty() {
        say("nothing was formatted: there is no `.ipcs` file\n");
        return Exit::Nothing;
    }
    if exit == Exit::Met && args.check && changed > 0 {
        let all = counted(roots.len(), "script");
        say(&format!("{changed} of {all} would change; `ipcscript fmt` writes what the diff shows\n"));
        return Exit::Diverged;
    }
    exit
}

/// Notes why `source` stays as it is.
fn left_alone(source: &Source, why: Unformatted, mistakes: &mut Vec<Diagnostic>) -> Exit {
    match why {
        Unformatted::Mistaken(found) => {
            mistakes.extend(found);
            Exit::Mistaken
        }
        Unformatted::Changed => {
            let message = format!("`{}` was left as it is: formatting it would have changed its meaning", source.name);
            show_failure("not-formatted", &message, Some("this is a mistake of the program; please report it with the script"));
            Exit::Failed
        }
    }
}
