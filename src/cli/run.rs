//! `ipcscript run`: scripts in, reports out, and the exit code that tells what came of it.

use super::bless::bless;
use super::load::load;
use super::output::{say, show_failure, show_mistakes};
use super::path::STDIN;
use super::reports::{Scene, Target, help, reports};
use super::select::{Shard, select};
use super::watch::{How, watch};
use super::{Exit, terminal};
use crate::journal::{Event, Summary};
use crate::report::human::Detail;
use crate::run::survey::machine;
use crate::run::{self, Limits, News, Options, Orders, Policy, Which};
use std::io;
use std::num::{NonZeroU32, NonZeroU64, NonZeroUsize};
use std::path::PathBuf;
use std::str::FromStr;
use std::thread::available_parallelism;
use std::time::Instant;

/// What `run` takes.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Scripts, and folders of scripts; `-` is standard input [default: the folder it stands in]
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// Only scenarios whose id (`path::title`, `path::title [undo=SEM_UNDO]`) contains TEXT
    #[arg(long, value_name = "TEXT")]
    filter: Option<String>,
    /// Scenarios side by side [default: one a core]
    #[arg(long, value_name = "N")]
    jobs: Option<NonZeroUsize>,
    /// The I-th of N parts, counted from 1, after the filter; `auto/N` takes I from a Kubernetes indexed Job or a GitLab job, `auto` from
    /// GitLab both
    #[arg(long, value_name = "I/N")]
    shard: Option<Shard>,
    /// Each one N times; any difference between two runs' journals is a divergence
    #[arg(long, value_name = "N", default_value = "1")]
    repeat: NonZeroU32,
    #[arg(long, value_name = "FORMAT[=FILE]", help = help())]
    report: Vec<Target>,
    /// Print each step as it happens, and the timeline of several actors at the end of their scenario
    #[arg(long)]
    trace: bool,
    /// Write the outcomes that are seen into the scripts, outcomes alone, and show what changes
    #[arg(long, conflicts_with = "schedule")]
    bless: bool,
    /// Run again whenever a script is saved; `--watch=poll` looks at the files' times, for file systems that tell of no changes
    #[arg(long, value_name = "poll", num_args = 0..=1, require_equals = true, default_missing_value = "tell", conflicts_with = "bless")]
    watch: Option<How>,
    /// How long each scenario and each step takes, and what machine it is: more events of a journal, which without them is the same for each
    /// run
    #[arg(long)]
    timings: bool,
    /// Allow scenarios that need real root
    #[arg(long)]
    privileged: bool,
    /// A skip counts as a divergence
    #[arg(long)]
    deny_skip: bool,
    /// Stop at the first divergence
    #[arg(long)]
    fail_fast: bool,
    /// At most N orders of a scenario with `interleave`; where there are more, N are chosen by chance
    #[arg(long, value_name = "N", default_value = "100000", help_heading = "Orders of `interleave`")]
    max_schedules: NonZeroU64,
    /// Only orders with at most N changes from an actor that could have gone on
    #[arg(long, value_name = "N", help_heading = "Orders of `interleave`")]
    preemptions: Option<u32>,
    /// Also orders that differ only in steps which touch no common object
    #[arg(long, help_heading = "Orders of `interleave`")]
    no_reduction: bool,
    /// Only this order: `a1 b1 a2 b2`, each step by its actor and its place among that actor's
    #[arg(long, value_name = "ORDER", conflicts_with_all = ["preemptions", "no_reduction"], help_heading = "Orders of `interleave`")]
    schedule: Option<String>,
    /// What the choice by chance begins with: the same orders come of the same number
    #[arg(long, value_name = "N", default_value = "1", help_heading = "Orders of `interleave`")]
    seed: u64,
    /// Leave the actors to the ordinary scheduler, even where FIFO scheduling is allowed; verdicts are the same
    #[arg(long, hide = true)]
    ordinary_scheduling: bool,
    /// Another limit for each scenario than the usual one: processes, memory, output, and time and step in milliseconds
    #[arg(long, value_name = "NAME=NUMBER", hide = true)]
    limit: Vec<Limit>,
}

/// A limit as written.
#[derive(Debug, Clone)]
struct Limit(String);

impl FromStr for Limit {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        Limits::USUAL.clone().set(text).map(|()| Self(text.to_owned()))
    }
}

/// Runs what `args` ask for.
pub(super) fn run(args: &Args) -> Exit {
    if let Some(how) = args.watch {
        return watch(&args.paths, !args.report.is_empty(), how);
    }
    // Only how long a run took is told, at its end, to people.
    let began = Instant::now();
    if args.bless
        && let Err(exit) = blessed(args)
    {
        return exit;
    }
    let loaded = match load(&args.paths, args.privileged) {
        Ok(loaded) => loaded,
        Err(exit) => return exit,
    };
    show_mistakes(&loaded.mistakes, &loaded.sources);
    if loaded.is_broken() {
        return Exit::Mistaken;
    }
    let found = loaded.scenarios.len();
    let (scenarios, shard) = select(loaded.scenarios, args.filter.as_deref(), args.shard);
    let detail = if args.trace { Detail::Trace } else { Detail::Sparse };
    let mut reports = match reports(&args.report, Scene::new(detail, Some(scenarios.len()))) {
        Ok(reports) => reports,
        Err(why) => {
            show_failure("no-report", &why, None);
            return Exit::Mistaken;
        }
    };
    let machine = args.timings.then(machine).map(Event::Machine);
    machine.into_iter().chain(shard.map(Event::Shard)).for_each(|event| reports.take(&event));
    let summary = if scenarios.is_empty() {
        say(&format!("nothing was run: {}\n", why_nothing(args, loaded.files, found)));
        let summary = Summary::default();
        reports.take(&Event::Summary(summary));
        summary
    } else {
        match run::run(&scenarios, &loaded.sources, &options(args), &mut |news| match news {
            News::Event(event) => reports.take(&event),
            News::Orders { run, of } => reports.orders(run, of),
        }) {
            Ok(summary) => summary,
            Err(error) => {
                show_failure("engine", &error.message, error.help.as_deref());
                return Exit::Failed;
            }
        }
    };
    reports.end(began.elapsed());
    if run::interrupted() {
        // Whoever waits for this process learns that it was ended, as if nothing had been reported.
        // SAFETY: raise(3) takes an integer; the signal has its default effect again.
        unsafe { libc::raise(libc::SIGINT) };
    }
    match reports.error {
        Some(error) => fail("no-report", &format!("a report could not be written: {error}")),
        None => exit(&summary, args.deny_skip),
    }
}

/// Puts what is seen into the scripts, before the run that tells what is left.
fn blessed(args: &Args) -> Result<(), Exit> {
    if args.paths.iter().any(|path| path.as_os_str() == STDIN) {
        show_failure("not-written", "standard input cannot be blessed", Some("give the path of a script"));
        return Err(Exit::Mistaken);
    }
    let options = Options { repeat: 1, policy: policy(&[(args.privileged, Policy::Privileged)]), ..options(args) };
    bless(&args.paths, args.privileged, &options, &|all| select(all, args.filter.as_deref(), args.shard).0)
}

fn policy(wanted: &[(bool, Policy)]) -> Vec<Policy> {
    wanted.iter().filter_map(|&(wanted, policy)| wanted.then_some(policy)).collect()
}

fn fail(code: &str, why: &str) -> Exit {
    show_failure(code, why, None);
    Exit::Failed
}

/// The exit code, the gravest first.
pub(super) fn exit(summary: &Summary, deny_skip: bool) -> Exit {
    if summary.failed > 0 {
        Exit::Failed
    } else if summary.diverged > 0 || (deny_skip && summary.skipped > 0) {
        Exit::Diverged
    } else if summary.passed == 0 {
        Exit::Nothing
    } else {
        Exit::Met
    }
}

fn options(args: &Args) -> Options {
    let jobs = args.jobs.or_else(|| available_parallelism().ok()).map_or(1, NonZeroUsize::get);
    let policy = policy(&[
        (args.privileged, Policy::Privileged),
        (args.fail_fast, Policy::FailFast),
        (args.deny_skip, Policy::DenySkip),
        (args.trace, Policy::Live),
        (args.timings, Policy::Timings),
        (args.ordinary_scheduling, Policy::OrdinaryScheduling),
    ]);
    let mut limits = Limits::USUAL;
    // Each was read once already, so that none is refused here.
    args.limit.iter().for_each(|Limit(text)| drop(limits.set(text)));
    Options { jobs, repeat: args.repeat.get(), policy, limits, orders: orders(args) }
}

/// Which orders of scenarios with `interleave` are asked for.
fn orders(args: &Args) -> Orders {
    let which = match (&args.schedule, args.preemptions) {
        (Some(text), _) => Which::Schedule(text.clone()),
        (None, Some(most)) => Which::Preemptions(most),
        (None, None) if args.no_reduction => Which::All,
        (None, None) => Which::Reduction,
    };
    Orders { which, most: args.max_schedules.get(), seed: args.seed }
}

/// Why no scenario was chosen, and what to do.
fn why_nothing(args: &Args, files: usize, found: usize) -> String {
    let here = [PathBuf::from(".")];
    let paths = if args.paths.is_empty() { &here[..] } else { &args.paths };
    let paths: Vec<String> = paths.iter().map(|path| format!("`{}`", path.display())).collect();
    let paths = crate::report::one_line(&paths.join(", "), terminal::style(&io::stderr()).glyphs);
    match (files, found, &args.filter) {
        (0, ..) => format!("there is no `.ipcs` file in {paths}"),
        (_, 0, _) => format!("there is no scenario in {paths}"),
        (_, found, Some(text)) if args.shard.is_none() => {
            format!("the filter `{text}` is in the id of none of {found}; `ipcscript list` shows them")
        }
        _ => "this part is empty, for there are more parts than scenarios".into(),
    }
}
