//! What the engine costs, as ratios against floors that are measured in the same run: marks 1 to 5.
//!
//! `cargo bench --bench marks` prints them. Absolute times drift with the machine; the ratios hold. A floor is what the kernel
//! itself takes for the same: a round trip between two processes on one processor, bare processes in the same namespaces with the
//! same mounts, a program that does nothing. Nothing fails here: who reads judges.

#[path = "bare.rs"]
mod bare;
#[path = "marks/command.rs"]
mod command;
#[path = "marks/sandbox.rs"]
mod sandbox;
#[path = "timing.rs"]
mod timing;
#[path = "marks/trip.rs"]
mod trip;

use bare::Scheduling;
use command::Scripts;
use std::process::ExitCode;
use timing::median;

/// How often each thing is measured; the medians count.
const ROUNDS: usize = 15;

fn main() -> ExitCode {
    match marks() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            println!("the marks could not be measured: {error}");
            ExitCode::FAILURE
        }
    }
}

fn marks() -> std::io::Result<()> {
    println!("    {:<72} {:>9} {:>9} {:>6} {:>5}", "", "floor", "ours", "ratio", "mark");
    let scripts = Scripts::write()?;
    for scheduling in [Scheduling::Fifo, Scheduling::Ordinary] {
        if scheduling == Scheduling::Fifo && !bare::fifo_granted() {
            println!("    FIFO scheduling is not granted here");
            continue;
        }
        steps(&scripts, scheduling)?;
    }
    whole_command(&scripts)?;
    two_workers(&scripts)
}

/// Marks 1 to 3, which leave out the time that reading and checking the script takes: it is measured apart, by `check`.
fn steps(scripts: &Scripts, scheduling: Scheduling) -> std::io::Result<()> {
    let options: &[&str] = match scheduling {
        Scheduling::Fifo => &["--jobs", "1"],
        Scheduling::Ordinary => &["--jobs", "1", "--ordinary-scheduling"],
    };
    let name = match scheduling {
        Scheduling::Fifo => "FIFO",
        Scheduling::Ordinary => "ordinary scheduling",
    };
    let mut trips = Vec::new();
    let mut bares = Vec::new();
    let mut costs = [Vec::new(), Vec::new(), Vec::new()];
    let mut checks = [Vec::new(), Vec::new(), Vec::new()];
    for _ in 0..ROUNDS {
        trips.push(trip::round_trip(scheduling)?);
        bares.push(sandbox::bare(scheduling)?);
        let pairs = [&scripts.steps, &scripts.pairs, &scripts.scenarios];
        for ((pair, cost), check) in pairs.into_iter().zip(&mut costs).zip(&mut checks) {
            let checked = pair.difference("check", &[])?;
            check.push(checked);
            cost.push(pair.difference("run", options)? - checked);
        }
    }
    let trip = median(&mut trips);
    let [step, pair, scenario] = costs.map(|mut cost| median(&mut cost));
    let pair_mark = if scheduling == Scheduling::Fifo { 2.5 + 2.2 } else { 2.5 + 3.0 };
    line(&format!("1  a step that does not block; {name}"), trip, step, 1.3);
    line(&format!("2  a step that blocks and the one that wakes it; {name}"), trip, pair, pair_mark);
    let floor = median(&mut bares) + trip * command::STEPS as f64;
    line(&format!("3  a scenario: two actors, {} steps; {name}", command::STEPS), floor, scenario, 1.5);
    let [step, pair, scenario] = checks.map(|mut check| micros(median(&mut check)));
    println!("       left out, for it stands before the run: reading and checking {step}, {pair}, {scenario}");
    Ok(())
}

/// Mark 4, for the build at hand, and for a static one where there is one.
fn whole_command(scripts: &Scripts) -> std::io::Result<()> {
    let noop = command::Noop::write()?;
    for binary in command::binaries() {
        let mut floors = Vec::new();
        let mut costs = Vec::new();
        for _ in 0..ROUNDS * 10 {
            floors.push(noop.run()?);
            costs.push(scripts.one_scenario(&binary)?);
        }
        let build = if command::is_static(&binary) { "static build" } else { "ordinary build" };
        line(&format!("4  the command with one scenario; {build}"), median(&mut floors), median(&mut costs), 4.0);
    }
    if command::binaries().len() < 2 {
        println!("       for the static build: {}", command::HOW_TO_BUILD_STATIC);
    }
    Ok(())
}

/// Mark 5: here more is better.
fn two_workers(scripts: &Scripts) -> std::io::Result<()> {
    let mut ones = Vec::new();
    let mut twos = Vec::new();
    for _ in 0..ROUNDS {
        ones.push(scripts.scenarios.many("run", &["--jobs", "1"])?);
        twos.push(scripts.scenarios.many("run", &["--jobs", "2"])?);
    }
    let (one, two) = (median(&mut ones), median(&mut twos));
    let reached = if one / two >= 1.7 { "reached" } else { "not reached" };
    let title = format!("5  {} scenarios by one worker, and by two", command::SCENARIOS);
    println!("    {title:<72} {:>9} {:>9} {:>6.2} {:>5.1}  {reached}", micros(one), micros(two), one / two, 1.7);
    if std::thread::available_parallelism().is_ok_and(|processors| processors.get() < 2) {
        println!("       there is only one processor here");
    }
    Ok(())
}

/// One line of the table; times are in seconds.
fn line(title: &str, floor: f64, ours: f64, mark: f64) {
    let ratio = ours / floor;
    let reached = if ratio <= mark { "reached" } else { "not reached" };
    println!("    {title:<72} {:>9} {:>9} {ratio:>6.2} {mark:>5.1}  {reached}", micros(floor), micros(ours));
}

fn micros(seconds: f64) -> String {
    let micros = seconds * 1e6;
    if micros < 100.0 { format!("{micros:.2} us") } else { format!("{micros:.0} us") }
}
