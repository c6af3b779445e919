//! `ipcscript report`: journals in, reports out, as if the run were going on now.

use super::Exit;
use super::output::{say, show_failure};
use super::path::{STDIN, neighbour};
use super::reports::{Scene, Target, help, reports};
use super::run::exit;
use crate::journal::{Event, Reader, Summary, merge};
use crate::report::human::Detail;
use crate::report::{Glyphs, one_line};
use std::fs::File;
use std::io::{self, BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::time::Duration;

const AFTER: &str =
    "The exit code is that of the run. A journal that was cut short is reported as far as it goes, and counts as a failure (3).";

/// What `report` takes.
#[derive(Debug, clap::Args)]
#[command(after_help = AFTER)]
pub(super) struct Args {
    /// A journal that `run --report json=FILE` wrote, or those of all shards, in any order; `-` is standard input
    #[arg(value_name = "JOURNAL", required = true)]
    journals: Vec<PathBuf>,
    #[arg(long, value_name = "FORMAT[=FILE]", help = help())]
    report: Vec<Target>,
    /// Print each step, and the timeline of several actors
    #[arg(long)]
    trace: bool,
}

/// What was read of journals.
struct Read {
    summary: Summary,
    /// Whether something is missing of one.
    cut: bool,
}

/// Why journals are not reported.
struct Wrong {
    code: &'static str,
    why: String,
    help: Option<String>,
    exit: Exit,
}

/// A text is no journal, or journals do not belong together.
fn no_journal(why: String, help: Option<String>) -> Wrong {
    Wrong { code: "no-journal", why, help, exit: Exit::Mistaken }
}

/// Reports cannot be written; a wish that cannot be met is a mistake, and what goes wrong later a failure.
fn no_report(why: String, exit: Exit) -> Wrong {
    Wrong { code: "no-report", why, help: None, exit }
}

/// Reports what `args` ask for.
pub(super) fn report(args: &Args) -> Exit {
    match replay(args) {
        Ok(Read { cut: true, .. }) => Exit::Failed,
        Ok(Read { summary, cut: false }) => exit(&summary, false),
        Err(Wrong { code, why, help, exit }) => {
            show_failure(code, &why, help.as_deref());
            exit
        }
    }
}

fn replay(args: &Args) -> Result<Read, Wrong> {
    // All journals are opened, and those of shards are read, before a report is begun that a mistake would leave half.
    let mut texts = args.journals.iter().map(|path| open(path)).collect::<Result<Vec<_>, _>>()?;
    if args.journals.iter().filter(|path| is_standard_input(path)).count() > 1 {
        return Err(no_journal("standard input can be one journal only".into(), None));
    }
    if let Some(path) = args.journals.iter().find(|path| args.report.iter().any(|target| target.is_file(path))) {
        return Err(no_report(format!("a report would overwrite the journal `{}`", path.display()), Exit::Mistaken));
    }
    let mut first = None;
    let whole = match texts.as_mut_slice() {
        [only] => {
            // A text that is no journal is refused before a report is begun.
            first = only.next()?;
            None
        }
        several => Some(together(several)?),
    };
    let detail = if args.trace { Detail::Trace } else { Detail::Sparse };
    let mut reports = reports(&args.report, Scene::new(detail, None)).map_err(|why| no_report(why, Exit::Mistaken))?;
    let read = match whole {
        Some((events, read)) => {
            events.iter().for_each(|event| reports.take(event));
            read
        }
        None => {
            let Some(mut only) = texts.pop() else { return Err(no_journal("there is no journal".into(), None)) };
            while let Some(event) = first.take().map_or_else(|| only.next(), |event| Ok(Some(event)))? {
                reports.take(&event);
            }
            let (missing, read) = only.end();
            missing.iter().for_each(|event| reports.take(event));
            read
        }
    };
    // How long it took is known to the run alone.
    reports.end(Duration::ZERO);
    match reports.error {
        Some(error) => Err(no_report(format!("a report could not be written: {error}"), Exit::Failed)),
        None => Ok(read),
    }
}

/// The journals of all shards as that of the whole.
fn together(journals: &mut [Text]) -> Result<(Vec<Event>, Read), Wrong> {
    let names: Vec<String> = journals.iter().map(|journal| journal.name.clone()).collect();
    let mut parts = Vec::new();
    let mut cut = false;
    for journal in journals {
        let mut events = Vec::new();
        while let Some(event) = journal.next()? {
            events.push(event);
        }
        let (missing, read) = std::mem::take(journal).end();
        events.extend(missing);
        cut |= read.cut;
        parts.push(events);
    }
    let help = "give the journal of each shard once: `ipcscript report 1.json 2.json 3.json`";
    let events = merge(parts).map_err(|unfit| no_journal(unfit.message(&names), Some(help.into())))?;
    let summary = match events.last() {
        Some(Event::Summary(summary)) => *summary,
        _ => Summary::default(),
    };
    Ok((events, Read { summary, cut }))
}

/// A journal that is being read.
#[derive(Default)]
struct Text {
    name: String,
    text: Option<Box<dyn BufRead>>,
    reader: Reader,
}

fn is_standard_input(path: &Path) -> bool {
    path == Path::new(STDIN)
}

fn open(path: &Path) -> Result<Text, Wrong> {
    let name = one_line(&path.display().to_string(), Glyphs::Ascii);
    let text: Box<dyn BufRead> = if is_standard_input(path) {
        Box::new(BufReader::new(io::stdin()))
    } else {
        match File::open(path).and_then(|file| Ok((file.metadata()?.is_dir(), file))) {
            Ok((false, file)) => Box::new(BufReader::new(file)),
            Ok((true, _)) => {
                return Err(no_journal(format!("`{name}` is a folder, and a journal is a file"), None));
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                let help = neighbour(path).map(|near| format!("did you mean `{near}`?"));
                return Err(no_journal(format!("`{name}` does not exist"), help));
            }
            Err(error) => return Err(no_journal(format!("`{name}` cannot be read: {error}"), None)),
        }
    };
    Ok(Text { name, text: Some(text), reader: Reader::default() })
}

impl Text {
    /// The next event; none at the end.
    fn next(&mut self) -> Result<Option<Event>, Wrong> {
        let Some(text) = &mut self.text else { return Ok(None) };
        let mut line = Vec::new();
        let got = text
            .read_until(b'\n', &mut line)
            .map_err(|error| no_journal(format!("`{}` cannot be read: {error}", self.name), None))?;
        if got == 0 {
            return Ok(None);
        }
        self.reader.take(&line).map_err(|broken| {
            let help = "a journal is what `ipcscript run --report json=FILE` writes";
            no_journal(format!("`{}` is no journal: line {}: {}", self.name, broken.line, broken.why), Some(help.into()))
        })
    }

    /// What is missing of it, said on standard error, and what stands in for that.
    fn end(self) -> (Vec<Event>, Read) {
        let (cut, missing, summary) = self.reader.end();
        if let Some(cut) = &cut {
            say(&format!("`{}` {cut}\n", self.name));
        }
        (missing, Read { summary, cut: cut.is_some() })
    }
}
