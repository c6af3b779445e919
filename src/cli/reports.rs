//! `--report FORMAT[=FILE]`: which reports there are, and where each is written.

use super::output::{Reports, open};
use super::terminal;
use crate::report::github::{Page, github};
use crate::report::html::html;
use crate::report::human::{Detail, human};
use crate::report::json::json;
use crate::report::junit::junit;
use crate::report::ktap::ktap;
use crate::report::svg::svg;
use crate::report::tap::tap;
use crate::report::{Report, Style};
use crate::text::nearest;
use std::env;
use std::fs::OpenOptions;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::str::FromStr;

/// The formats of reports: a new one is a line here.
const FORMATS: &[Format] = &[
    Format { name: "human", company: Company::Others, make: |out, scene| Ok(scene.human(out)) },
    Format { name: "json", company: Company::None, make: |out, _| Ok(json(out)) },
    Format { name: "junit", company: Company::None, make: |out, _| Ok(junit(out)) },
    Format { name: "tap", company: Company::None, make: |out, _| Ok(tap(out)) },
    Format { name: "ktap", company: Company::None, make: |out, _| Ok(ktap(out)) },
    Format { name: "github", company: Company::Others, make: |out, _| Ok(github(out, step_summary()?)) },
    Format { name: "html", company: Company::None, make: |out, _| Ok(html(out)) },
    Format { name: "svg", company: Company::None, make: |out, _| Ok(svg(out)) },
];

/// A format of reports.
#[derive(Debug)]
struct Format {
    /// What it is called behind `--report`.
    name: &'static str,
    /// What may stand beside it on standard output.
    company: Company,
    /// Makes a report that writes to where it is told to.
    make: Make,
}

type Make = fn(Box<dyn Write>, &Scene) -> Result<Box<dyn Report>, String>;

/// With what a report shares its stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Company {
    /// Nothing: a program reads it from its first byte to its last.
    None,
    /// Others that can: people read around lines for a runner, and a runner takes its lines out of what people read.
    Others,
}

/// A report that was asked for: its format, and its file.
#[derive(Debug, Clone)]
pub(super) struct Target {
    format: &'static Format,
    file: Option<PathBuf>,
}

impl Target {
    /// Whether it is written to this file, by whatever path.
    pub fn is_file(&self, path: &Path) -> bool {
        let real = |path: &Path| path.canonicalize().ok();
        self.file.as_deref().and_then(real).is_some_and(|file| file.is_file() && Some(file) == real(path))
    }
}

impl FromStr for Target {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (name, file) = text.split_once('=').map_or((text, None), |(name, file)| (name, Some(file)));
        let Some(format) = FORMATS.iter().find(|format| format.name == name) else {
            return Err(match nearest(name, FORMATS.iter().map(|format| format.name)) {
                Some(near) => format!("no format is called `{name}`; did you mean `{near}`?"),
                None => format!("no format is called `{name}`; there are {}", names("`")),
            });
        };
        match file {
            Some("") => Err(format!("the name of a file is missing after `{name}=`")),
            file => Ok(Self { format, file: file.filter(|&file| file != "-").map(PathBuf::from) }),
        }
    }
}

/// The names of the formats, each between two `quote`s.
fn names(quote: &str) -> String {
    let names: Vec<String> = FORMATS.iter().map(|format| format!("{quote}{}{quote}", format.name)).collect();
    names.join(", ")
}

/// What the command line says of `--report`.
pub(super) fn help() -> String {
    format!("One of {}, to standard output or to FILE; may be given more than once [default: human]", names(""))
}

/// What a report may have to know besides the journal.
#[derive(Debug, Clone, Copy)]
pub(super) struct Scene {
    /// What the report for people shows.
    pub detail: Detail,
    /// How many scenarios are about to run; none where a journal is replayed.
    pub total: Option<usize>,
    /// How it looks; set for each report by where it goes.
    style: Style,
    /// Whether it goes to standard output.
    place: Place,
}

/// Where a report goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    StandardOutput,
    File,
}

impl Scene {
    /// A run of so many scenarios, or a journal.
    pub fn new(detail: Detail, total: Option<usize>) -> Self {
        Self { detail, total, style: Style::PLAIN, place: Place::StandardOutput }
    }

    /// The same, for a report to `file`.
    fn at(self, file: Option<&Path>) -> Self {
        match file {
            Some(_) => Self { style: terminal::file_style(), place: Place::File, ..self },
            None => Self { style: terminal::style(&io::stdout()), place: Place::StandardOutput, ..self },
        }
    }

    fn human(&self, out: Box<dyn Write>) -> Box<dyn Report> {
        human(out, self.progress(), self.total.unwrap_or_default(), self.detail, self.style)
    }

    /// The terminal for the line of progress, if there is one and nothing else tells how far the run is.
    fn progress(&self) -> Option<Box<dyn Write>> {
        let silent = self.detail == Detail::Sparse && self.place == Place::StandardOutput && self.total.is_some();
        (silent && terminal::can_erase(&io::stderr())).then(|| Box::new(io::stderr()) as Box<dyn Write>)
    }
}

/// Opens every report that was asked for; the one for people, where none was.
///
/// # Errors
///
/// When two cannot share a place, or one cannot be written.
pub(super) fn reports(targets: &[Target], scene: Scene) -> Result<Reports, String> {
    let usual = [Target { format: &FORMATS[0], file: None }];
    let targets = if targets.is_empty() { &usual[..] } else { targets };
    for (at, target) in targets.iter().enumerate() {
        let shares = |before: &Target| {
            let both = [before, target].map(|target| target.format.company);
            target.file.is_none() && both == [Company::Others; 2] && before.format.name != target.format.name
        };
        if targets.iter().take(at).any(|before| before.file == target.file && !shares(before)) {
            let place = target.file.as_ref().map_or("standard output".into(), |file| format!("`{}`", file.display()));
            return Err(format!("two reports cannot both go to {place}; write one as `--report FORMAT=FILE`"));
        }
    }
    let mut reports = Reports::default();
    for target in targets {
        let file = target.file.as_deref();
        let out = open(file)
            .map_err(|error| format!("the report `{}` cannot be written: {error}", file.unwrap_or(Path::new("-")).display()))?;
        reports.list.push((target.format.make)(out, &scene.at(file))?);
    }
    Ok(reports)
}

/// Where the runner of GitHub Actions says that the file with the summary of a step is.
const STEP_SUMMARY: &str = "GITHUB_STEP_SUMMARY";
/// What a step may write there, in bytes.
const STEP_SUMMARY_ROOM: u64 = 1 << 20;

/// The summary of the step, where there is one. What the step has written there before takes of its room.
fn step_summary() -> Result<Option<Page>, String> {
    let Some(path) = env::var_os(STEP_SUMMARY).filter(|path| !path.is_empty()).map(PathBuf::from) else { return Ok(None) };
    let wrong =
        |error: io::Error| format!("the file that {STEP_SUMMARY} names, `{}`, cannot be written: {error}", path.display());
    let file = OpenOptions::new().append(true).create(true).open(&path).map_err(wrong)?;
    let written = file.metadata().map_err(wrong)?.len();
    let room = usize::try_from(STEP_SUMMARY_ROOM.saturating_sub(written)).unwrap_or_default();
    Ok(Some(Page { out: Box::new(file), room }))
}
