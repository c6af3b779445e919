//! `ipcscript explain`: the manual, a page at a time.

use super::output::{print, show_failure};
use super::{Exit, terminal};
use crate::explain::{self, markdown, terminal as page};
use std::io;

/// What `explain` takes.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// A call, an error number, a constant, a struct, a signal, a word of the language, a family of calls or the code of a diagnostic; without one, the
    /// table of contents
    #[arg(value_name = "WORD")]
    word: Option<String>,
    /// Write Markdown
    #[arg(long)]
    markdown: bool,
}

/// Explains what `args` name.
pub(super) fn explain(args: &Args) -> Exit {
    let blocks = match args.word.as_deref().map(|word| (word, explain::explain(word))) {
        None => explain::contents(),
        Some((_, Ok(blocks))) => blocks,
        Some((word, Err(near))) => {
            let help = match near {
                Some(near) => format!("did you mean `ipcscript explain {near}`?"),
                None => "`ipcscript explain` lists the words that have a page".to_owned(),
            };
            show_failure("no-page", &format!("nothing is known of `{word}`"), Some(&help));
            return Exit::Mistaken;
        }
    };
    let text = if args.markdown {
        markdown::markdown(&blocks, markdown::Level::Document).trim_start().to_owned()
    } else {
        page::terminal(&blocks, terminal::style(&io::stdout()))
    };
    match print(&text) {
        Ok(()) => Exit::Met,
        Err(error) => {
            show_failure("no-page", &format!("the page could not be written: {error}"), None);
            Exit::Failed
        }
    }
}
