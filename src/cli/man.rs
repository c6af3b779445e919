//! `ipcscript man`: the page for man(1), written from what the command line takes.

use super::output::{print, show_failure};
use super::{Cli, Exit};
use clap::CommandFactory;
use clap_mangen::Man;
use clap_mangen::roff::{Roff, bold, roman};
use std::io;

/// Prints the page.
pub(super) fn man() -> Exit {
    match page().and_then(|page| print(&page)) {
        Ok(()) => Exit::Met,
        Err(error) => {
            show_failure("no-page", &format!("the page could not be written: {error}"), None);
            Exit::Failed
        }
    }
}

/// The whole page: the commands have sections of it, and no pages of their own.
fn page() -> io::Result<String> {
    let mut command = Cli::command();
    command.build();
    let man = Man::new(command.clone());
    let mut page = Vec::new();
    man.render_title(&mut page)?;
    man.render_name_section(&mut page)?;
    let mut text = String::from_utf8_lossy(&page).into_owned();
    let mut roff = Roff::new();
    roff.control("SH", ["SYNOPSIS"]);
    let commands: Vec<_> =
        command.get_subcommands().filter(|one| one.get_name() != "help" && !one.is_hide_set()).cloned().collect();
    for one in &commands {
        let usage = one.clone().render_usage().to_string();
        let usage = usage.trim_start_matches("Usage: ").trim_start_matches("ipcscript").to_owned();
        roff.text([bold("ipcscript"), roman(usage)]);
        roff.control("br", []);
    }
    roff.control("SH", ["DESCRIPTION"]);
    roff.text([roman(DESCRIPTION)]);
    roff.control("SH", ["COMMANDS"]);
    text += &roff.to_roff();
    for one in commands {
        text += &section(&one)?;
    }
    let mut roff = Roff::new();
    for (name, body) in ENDINGS {
        roff.control("SH", [*name]);
        for (place, line) in body.iter().enumerate() {
            if place > 0 {
                roff.control("br", []);
            }
            roff.text([roman(*line)]);
        }
    }
    Ok(text + &roff.to_roff())
}

/// What is said of `command`, with its options.
fn section(command: &clap::Command) -> io::Result<String> {
    let mut roff = Roff::new();
    roff.control("SS", [command.get_name()]);
    let about = command.get_about().map(ToString::to_string).unwrap_or_default();
    roff.text([roman(format!("{about}."))]);
    let mut options = Vec::new();
    Man::new(command.clone()).render_options_section(&mut options)?;
    let options = String::from_utf8_lossy(&options).into_owned();
    // The heading is that of the command.
    let options: String = options.lines().filter(|line| !line.starts_with(".SH")).map(|line| format!("{line}\n")).collect();
    Ok(roff.to_roff() + &options)
}

const DESCRIPTION: &str = "A script says which processes make which calls of the manual, in which order, and what comes of each: a value, an error, a \
    wait. ipcscript has them made, each process being a real one in namespaces of its own, and tells where the kernel did something else, and why.";

const ENDINGS: &[(&str, &[&str])] = &[
    (
        "EXIT STATUS",
        &[
            "0: all as expected.",
            "1: a divergence, or a script came up to a limit of time, memory and the like.",
            "2: a mistake on the command line or in a script.",
            "3: the engine failed: no world, or stuck by no fault of a script.",
            "4: nothing was run.",
        ],
    ),
    (
        "ENVIRONMENT",
        &[
            "NO_COLOR: when set, no colours are used.",
            "LC_ALL, LC_CTYPE, LANG: frames are drawn in ASCII where the locale is not UTF-8.",
        ],
    ),
    (
        "EXAMPLES",
        &[
            "ipcscript new first: writes first.ipcs, a script to begin with.",
            "ipcscript run first.ipcs: runs it.",
            "ipcscript run scenarios --report json=journal.json: a folder, with a record for programs.",
            "ipcscript explain semop: what is known of a call.",
        ],
    ),
    (
        "SEE ALSO",
        &["unshare(1), namespaces(7), sysvipc(7), mq_overview(7), shm_overview(7), sem_overview(7), pipe(7), signal(7)"],
    ),
];
