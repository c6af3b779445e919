//! The soak: for each family of calls that can block, turns without number through the real binary, and a count of wrong verdicts.
//!
//! `cargo bench --bench soak` plays a few thousand turns a family; `SOAK=100000 cargo bench --bench soak` that many. About half
//! of the turns block. Four modes: an idle machine and three busy loops, each with FIFO scheduling and with the ordinary one.
//! `FAMILY=text` chooses the families whose name holds the text, `SEED=n` another order of turns,
//! `IPCSCRIPT=path` another binary than the one that was just built.

#[path = "soak/family.rs"]
mod family;
#[path = "soak/load.rs"]
mod load;
#[path = "soak/modern.rs"]
mod modern;
#[path = "soak/script.rs"]
mod script;

use family::{FAMILIES, Family};
use load::Load;
use modern::MODERN;
use script::{Dice, Script, script};
use std::io::{BufRead, BufReader, Write};
use std::path::PathBuf;
use std::process::{Command, ExitCode, Stdio};
use std::time::{Duration, Instant};

/// Turns a family and mode, when nobody asks for more.
const USUAL: usize = 2_400;
/// Busy loops of a loaded mode.
const LOOPS: usize = 3;

fn main() -> ExitCode {
    if std::env::args().nth(1).is_some_and(|word| word == load::BUSY) {
        load::be_busy();
        return ExitCode::SUCCESS;
    }
    let number = |name: &str| std::env::var(name).ok().and_then(|text| text.parse::<usize>().ok());
    let turns = number("SOAK").unwrap_or(USUAL);
    let seed = number("SEED").unwrap_or(1);
    let filter = std::env::var("FAMILY").unwrap_or_default();
    println!(
        "{turns} turns a family and mode, seed {seed}; FIFO scheduling is {}\n",
        if fifo_granted() { "granted" } else { "refused" }
    );
    match soak(turns, seed, &filter) {
        Ok(0) => ExitCode::SUCCESS,
        Ok(wrong) => {
            println!("{wrong} wrong verdicts");
            ExitCode::FAILURE
        }
        Err(error) => {
            println!("the soak itself failed: {error}");
            ExitCode::FAILURE
        }
    }
}

/// What came of the turns of one family in one mode.
#[derive(Default)]
struct Tally {
    turns: usize,
    blocking: usize,
    wrong: usize,
    time: Duration,
}

/// Plays everything; gives the number of wrong verdicts.
fn soak(turns: usize, seed: usize, filter: &str) -> std::io::Result<usize> {
    let mut sum = Tally::default();
    for (load, fifo) in [(0, true), (0, false), (LOOPS, true), (LOOPS, false)] {
        let machine = if load == 0 { "idle".to_owned() } else { format!("{load} busy loops") };
        println!("{machine}, {} scheduling", if fifo { "FIFO" } else { "ordinary" });
        println!("    {:<28} {:>10} {:>9} {:>6} {:>9}", "family", "turns", "blocking", "wrong", "seconds");
        let _load = Load::start(load)?;
        for family in FAMILIES.iter().chain(MODERN).filter(|family| family.name.contains(filter)) {
            let tally = play(family, turns, seed as u64, fifo)?;
            let share = 100.0 * tally.blocking as f64 / tally.turns.max(1) as f64;
            let seconds = tally.time.as_secs_f64();
            println!("    {:<28} {:>10} {share:>8.1}% {:>6} {seconds:>9.2}", family.name, tally.turns, tally.wrong);
            sum.turns += tally.turns;
            sum.blocking += tally.blocking;
            sum.wrong += tally.wrong;
            sum.time += tally.time;
        }
        println!();
    }
    let Tally { turns, blocking, wrong, time } = sum;
    println!("in all {turns} turns, {blocking} of them blocking, {wrong} wrong verdicts, {:.0} s", time.as_secs_f64());
    Ok(wrong)
}

/// Plays at least `turns` turns of a family.
fn play(family: &Family, turns: usize, seed: u64, fifo: bool) -> std::io::Result<Tally> {
    let mut dice = Dice::new(seed);
    let mut tally = Tally::default();
    let mut asked = 0;
    while asked < turns {
        let script = script(family, turns - asked, &mut dice);
        asked += script.turns * script.scenarios;
        let began = Instant::now();
        let passed = run(&script, fifo)?;
        tally.time += began.elapsed();
        let wrong = script.scenarios - passed;
        tally.wrong += wrong;
        tally.turns += passed * script.turns;
        tally.blocking += if wrong == 0 { script.blocking } else { script.blocking * passed / script.scenarios };
    }
    Ok(tally)
}

/// Runs a script through the binary and gives how many of its scenarios passed; shows what is said of the others.
fn run(script: &Script, fifo: bool) -> std::io::Result<usize> {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("soak-{}", std::process::id()));
    std::fs::create_dir_all(&folder)?;
    let report = folder.join("report.txt");
    let binary = std::env::var_os("IPCSCRIPT").unwrap_or_else(|| env!("CARGO_BIN_EXE_ipcscript").into());
    let mut command = Command::new(binary);
    command.args(["run", "-", "--report", "json", "--report", &format!("human={}", report.display())]);
    if !fifo {
        command.arg("--ordinary-scheduling");
    }
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
    if let Some(mut stdin) = child.stdin.take() {
        // One that ends before it has read everything says why.
        let _ = stdin.write_all(script.text.as_bytes());
    }
    let mut passed = 0;
    if let Some(stdout) = child.stdout.take() {
        for line in BufReader::new(stdout).lines() {
            passed += usize::from(is_pass(&line?));
        }
    }
    let status = child.wait()?;
    if passed < script.scenarios || !status.success() {
        let kept = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("soak-{}.ipcs", std::process::id()));
        std::fs::write(&kept, &script.text)?;
        println!("{}", std::fs::read_to_string(&report).unwrap_or_default());
        println!("{} of {} passed, {status}; the script is kept in {}", passed, script.scenarios, kept.display());
    }
    std::fs::remove_dir_all(&folder)?;
    // An end that is no success is wrong, even if every scenario passed.
    Ok(if status.success() { passed } else { passed.min(script.scenarios - 1) })
}

/// Whether a line of the JSON report is the verdict of a scenario that passed.
fn is_pass(line: &str) -> bool {
    if !line.starts_with(r#"{"event":"verdict""#) {
        return false;
    }
    let verdict: Option<serde_json::Value> = serde_json::from_str(line).ok();
    verdict.is_some_and(|verdict| verdict["status"] == "passed")
}

/// Whether this process may use FIFO scheduling at all; it goes back to the ordinary one at once.
fn fifo_granted() -> bool {
    let fifo = libc::sched_param { sched_priority: 1 };
    // SAFETY: sched_setscheduler(2) reads a local variable.
    let granted = unsafe { libc::sched_setscheduler(0, libc::SCHED_FIFO, &raw const fifo) } == 0;
    let ordinary = libc::sched_param { sched_priority: 0 };
    // SAFETY: as above; giving up a priority is always allowed.
    unsafe { libc::sched_setscheduler(0, libc::SCHED_OTHER, &raw const ordinary) };
    granted
}
