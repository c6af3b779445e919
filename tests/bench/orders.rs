//! What an order of `interleave` costs, as a ratio to bare processes in the same namespaces that make the same calls in the same order.
//!
//! `cargo bench --bench orders` prints orders a second, by one worker and by two. Absolute rates drift with the machine; the ratios hold.
//! Nothing fails here: who reads judges.

#[path = "bare.rs"]
mod bare;
#[path = "orders/engine.rs"]
mod engine;
#[path = "orders/floor.rs"]
mod floor;
#[path = "orders/piece.rs"]
mod piece;
#[path = "timing.rs"]
mod timing;

use bare::Scheduling;
use engine::Script;
use piece::Piece;
use std::process::ExitCode;
use timing::median;

/// How often each thing is measured; the medians count.
const ROUNDS: usize = 7;
/// What the engine must reach of the floor's rate.
const OF_THE_FLOOR: f64 = 0.65;
/// What two workers must reach of the rate of one.
const OF_ONE: f64 = 1.7;

fn main() -> ExitCode {
    match orders() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            println!("the orders could not be measured: {error}");
            ExitCode::FAILURE
        }
    }
}

fn orders() -> std::io::Result<()> {
    for scheduling in [Scheduling::Fifo, Scheduling::Ordinary] {
        let name = match scheduling {
            Scheduling::Fifo if !bare::fifo_granted() => {
                println!("    FIFO scheduling is not granted here");
                continue;
            }
            Scheduling::Fifo => "FIFO",
            Scheduling::Ordinary => "ordinary scheduling",
        };
        println!("    {name:<60} {:>11} {:>11} {:>6} {:>5}", "floor", "ours", "ratio", "mark");
        Piece::ALL.into_iter().try_for_each(|piece| measure(piece, scheduling))?;
    }
    Ok(())
}

/// The orders of one piece, by one worker and by two.
fn measure(piece: Piece, scheduling: Scheduling) -> std::io::Result<()> {
    let script = Script::write(piece)?;
    let mut floors = [Vec::new(), Vec::new()];
    let mut ours = [Vec::new(), Vec::new()];
    let mut starts = Vec::new();
    for _ in 0..ROUNDS {
        for (index, (floors, ours)) in floors.iter_mut().zip(&mut ours).enumerate() {
            floors.push(floor::rate(piece, scheduling, index + 1)?);
            let measured = script.run(scheduling, index + 1)?;
            ours.push(measured.rate);
            starts.push(measured.start);
        }
    }
    let floors = floors.map(|mut rates| median(&mut rates));
    let ours = ours.map(|mut rates| median(&mut rates));
    for (index, (floor, ours)) in floors.into_iter().zip(ours).enumerate() {
        let cores = if index == 0 { "one core" } else { "two cores" };
        line(&format!("{}; {cores}", piece.title()), [&rate(floor), &rate(ours)], ours / floor, OF_THE_FLOOR);
    }
    let gain = |[one, two]: [f64; 2]| two / one;
    line("    from one core to two", [&format!("{:.2}", gain(floors)), &format!("{:.2}", gain(ours))], gain(ours), OF_ONE);
    println!("       left out, for it is done once for a scenario: {:.1} ms", median(&mut starts) * 1e3);
    if std::thread::available_parallelism().is_ok_and(|processors| processors.get() < 2) {
        println!("       there is only one processor here");
    }
    Ok(())
}

/// One line of the table: here more is better.
fn line(title: &str, [floor, ours]: [&str; 2], ratio: f64, mark: f64) {
    let reached = if ratio >= mark { "reached" } else { "not reached" };
    println!("    {title:<60} {floor:>11} {ours:>11} {ratio:>6.2} {mark:>5}  {reached}");
}

fn rate(orders: f64) -> String {
    format!("{orders:.0} /s")
}
