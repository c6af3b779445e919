//! The report for people: divergences as they come, the skipped with their reasons, and one line of sums.

use super::orders::{grouped, orders};
use super::pace::Pace;
use super::steps::step;
use super::style::Role;
use super::timeline::timeline;
use super::visible::fit;
use super::witness::{examples, witness};
use super::{Report, Style, mismatch, one_line, wrap};
use crate::journal::{Begun, Event, Mismatch, Order, Orders, Status, Summary, Taken, Verdict};
use std::io::{self, Write};
use std::time::Duration;

/// Skipped scenarios with the same reason that are named; the others are counted.
const NAMED: usize = 8;

/// What is shown besides divergences and skips.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Detail {
    /// Nothing.
    Sparse,
    /// Each step as it happens.
    Trace,
}

/// Writes the report to `out`.
///
/// `progress` is a terminal on which a line says how far the run is, of `total` scenarios; it is gone when the run ends.
pub fn human(
    out: Box<dyn Write>,
    progress: Option<Box<dyn Write>>,
    total: usize,
    detail: Detail,
    style: Style,
) -> Box<dyn Report> {
    let (skipped, failed) = (Vec::new(), Vec::new());
    let current = Current::default();
    Box::new(Human {
        out,
        progress,
        total,
        detail,
        style,
        current,
        skipped,
        failed,
        done: Summary::default(),
        pace: Pace::default(),
        alone: None,
    })
}

struct Human {
    out: Box<dyn Write>,
    progress: Option<Box<dyn Write>>,
    total: usize,
    detail: Detail,
    style: Style,
    current: Current,
    skipped: Vec<(String, Vec<String>)>,
    /// Reasons of failures, each with the scenarios that came after the first.
    failed: Vec<(String, Vec<String>)>,
    done: Summary,
    pace: Pace,
    /// What came of the orders of a scenario that passed: it is shown where nothing else was run.
    alone: Option<(String, Orders)>,
}

/// The scenario at hand.
#[derive(Default)]
struct Current {
    id: String,
    /// Whether a divergence of it has been shown.
    drawn: bool,
    /// What came of its orders.
    orders: Option<Orders>,
    /// The orders that have been shown.
    shown: Vec<Order>,
    /// The steps that were traced, to be drawn when all are known.
    traced: Vec<Taken>,
}

impl Report for Human {
    fn take(&mut self, event: &Event) -> io::Result<()> {
        self.pace.take(event);
        match event {
            Event::Scenario(begun) => self.begin(begun),
            Event::Step(taken) if self.detail == Detail::Trace => self.step(taken),
            Event::Step(_) | Event::Script(_) | Event::Machine(_) | Event::Shard(_) | Event::Timing(_) => Ok(()),
            Event::Orders(orders) => {
                self.current.orders = Some(orders.clone());
                Ok(())
            }
            Event::Divergence(surprise) => self.divergence(surprise),
            Event::Verdict(verdict) => {
                self.drawing()?;
                self.verdict(verdict)?;
                self.orders(verdict)
            }
            // The sums come with the time, at the end.
            Event::Summary(summary) => {
                self.done = *summary;
                Ok(())
            }
        }
    }

    fn progress(&mut self, run: u64, of: Option<u64>) -> io::Result<()> {
        let run = grouped(run);
        let how_far = of.map_or_else(|| format!("{run} orders "), |of| format!("{run} of at most {} orders ", grouped(of)));
        self.show_progress(&how_far)
    }

    fn end(&mut self, elapsed: Duration) -> io::Result<()> {
        self.erase()?;
        self.alone()?;
        for (reason, ids) in std::mem::take(&mut self.failed) {
            if !ids.is_empty() {
                self.group("failed for the same reason:", Role::Bad, &reason, &ids)?;
            }
        }
        for (reason, ids) in std::mem::take(&mut self.skipped) {
            self.group("skipped", Role::Aside, &reason, &ids)?;
        }
        self.out.write_all(self.pace.page(self.style).as_bytes())?;
        let sums = sums(&self.done, self.style);
        match elapsed {
            Duration::ZERO => writeln!(self.out, "{sums}")?,
            known => writeln!(self.out, "{sums} in {:.2} s", known.as_secs_f64())?,
        }
        self.out.flush()
    }
}

impl Human {
    fn begin(&mut self, begun: &Begun) -> io::Result<()> {
        self.current = Current { id: begun.id.clone(), ..Current::default() };
        if self.detail == Detail::Trace {
            let id = one_line(&begun.id, self.style.glyphs);
            writeln!(self.out, "{}", self.style.paint(Role::Help, &id))?;
            return self.out.flush();
        }
        self.show_progress("")
    }

    /// The line of progress: which scenario is being run, and `how_far` it is.
    fn show_progress(&mut self, how_far: &str) -> io::Result<()> {
        let Some(progress) = &mut self.progress else { return Ok(()) };
        let done = self.done.passed + self.done.diverged + self.done.skipped + self.done.failed;
        let line = format!("[{}/{}] {how_far}{}", done + 1, self.total, one_line(&self.current.id, self.style.glyphs));
        // One column stays free, for a full line would make some terminals go on to the next.
        let line = fit(&line, self.style.width.saturating_sub(1), self.style.ellipsis());
        write!(progress, "\r{line}\x1b[K")?;
        progress.flush()
    }

    /// Takes the progress line away before something else is written.
    fn erase(&mut self) -> io::Result<()> {
        let Some(progress) = &mut self.progress else { return Ok(()) };
        write!(progress, "\r\x1b[K")?;
        progress.flush()
    }

    fn step(&mut self, taken: &Taken) -> io::Result<()> {
        write!(self.out, "{}", step(taken, self.style))?;
        self.current.traced.push(taken.clone());
        self.out.flush()
    }

    /// What has been traced step by step, in columns: who did what beside whom. One actor alone needs none.
    fn drawing(&mut self) -> io::Result<()> {
        let traced = std::mem::take(&mut self.current.traced);
        let actor = |taken: &&Taken| !taken.actor.is_empty();
        let first = traced.iter().find(actor).map(|taken| &taken.actor);
        if !traced.iter().filter(actor).any(|taken| Some(&taken.actor) != first) {
            return Ok(());
        }
        write!(self.out, "\n{}\n", timeline(&traced, self.style))?;
        self.out.flush()
    }

    /// The first divergence of a scenario comes under its id, and each with the order that shows it.
    fn divergence(&mut self, surprise: &Mismatch) -> io::Result<()> {
        self.erase()?;
        if !self.current.drawn {
            let head = self.heading(Role::Bad, "diverged", &self.current.id);
            writeln!(self.out, "{head}")?;
        }
        self.current.drawn = true;
        writeln!(self.out, "{}", mismatch(surprise, self.style))?;
        if let Some(order) = &surprise.order {
            writeln!(self.out, "{}", witness(order, &self.current.shown, self.style))?;
            self.current.shown.push(order.as_ref().clone());
        }
        self.out.flush()
    }

    /// What came of all orders, last: of a divergence, and where steps are traced.
    fn orders(&mut self, verdict: &Verdict) -> io::Result<()> {
        let Some(of) = self.current.orders.take() else { return Ok(()) };
        if verdict.status != Status::Diverged && self.detail != Detail::Trace {
            self.alone = Some((verdict.id.clone(), of)).filter(|_| verdict.status == Status::Passed);
            return Ok(());
        }
        self.erase()?;
        let mut page = orders(&of, self.style);
        if self.detail == Detail::Trace {
            page += &examples(&of, &self.current.shown, self.style);
        }
        writeln!(self.out, "{page}")?;
        self.out.flush()
    }

    /// What came of the orders of the only scenario that was run. Only the end tells that it was.
    fn alone(&mut self) -> io::Result<()> {
        let Some((id, of)) = self.alone.take() else { return Ok(()) };
        let Summary { passed: 1, diverged: 0, skipped: 0, failed: 0 } = self.done else { return Ok(()) };
        let head = self.heading(Role::Good, "passed", &id);
        writeln!(self.out, "{head}\n{}", orders(&of, self.style))
    }

    fn verdict(&mut self, verdict: &Verdict) -> io::Result<()> {
        self.done.count(verdict.status);
        let reason = verdict.reason.as_deref().unwrap_or("");
        match verdict.status {
            // A divergence has been drawn when it came; a verdict without one, as of runs that differ, has its reason alone.
            Status::Diverged if !self.current.drawn => self.bare("diverged", &verdict.id, reason),
            Status::Passed | Status::Diverged => Ok(()),
            Status::Skipped => {
                let id = one_line(&verdict.id, self.style.glyphs);
                match self.skipped.iter_mut().find(|(known, _)| known == reason) {
                    Some((_, ids)) => ids.push(id),
                    None => self.skipped.push((reason.to_owned(), vec![id])),
                }
                Ok(())
            }
            Status::Failed => match self.failed.iter_mut().find(|(known, _)| known == reason) {
                Some((_, ids)) => {
                    ids.push(one_line(&verdict.id, self.style.glyphs));
                    Ok(())
                }
                None => {
                    self.failed.push((reason.to_owned(), Vec::new()));
                    self.bare("failed", &verdict.id, reason)
                }
            },
        }
    }

    /// A verdict that nothing has shown yet: its scenario and its reason.
    fn bare(&mut self, word: &str, id: &str, reason: &str) -> io::Result<()> {
        self.erase()?;
        let head = self.heading(Role::Bad, word, id);
        write!(self.out, "{head}")?;
        self.paragraph("  ", reason)?;
        writeln!(self.out)?;
        self.out.flush()
    }

    fn heading(&self, role: Role, word: &str, id: &str) -> String {
        format!("{} {}\n", self.style.paint(role, word), one_line(id, self.style.glyphs))
    }

    fn group(&mut self, word: &str, role: Role, reason: &str, ids: &[String]) -> io::Result<()> {
        let reason = if reason.is_empty() { "no reason was given" } else { reason };
        let text = format!("{word} {}", one_line(reason, self.style.glyphs));
        let lines = wrap(&text, self.style.width.saturating_sub(8).max(20));
        for (number, line) in lines.iter().enumerate() {
            match line.strip_prefix(word).filter(|_| number == 0) {
                Some(rest) => writeln!(self.out, "{}{rest}", self.style.paint(role, word))?,
                None => writeln!(self.out, "        {line}")?,
            }
        }
        for id in ids.iter().take(NAMED) {
            writeln!(self.out, "    {id}")?;
        }
        if ids.len() > NAMED {
            let more = format!("{} and {} more", self.style.ellipsis(), ids.len() - NAMED);
            writeln!(self.out, "    {}", self.style.paint(Role::Faint, &more))?;
        }
        writeln!(self.out)
    }

    fn paragraph(&mut self, indent: &str, text: &str) -> io::Result<()> {
        let text = super::visible::clean(text, self.style.glyphs);
        for line in wrap(&text, self.style.width.saturating_sub(indent.len()).max(20)) {
            writeln!(self.out, "{indent}{line}")?;
        }
        Ok(())
    }
}

/// The line of sums, without the time.
fn sums(summary: &Summary, style: Style) -> String {
    let part = |count: usize, word: &str, role: Role| {
        let text = format!("{count} {word}");
        if count > 0 { style.paint(role, &text) } else { text }
    };
    let mut parts = vec![
        part(summary.passed, "passed", Role::Good),
        part(summary.skipped, "skipped", Role::Aside),
        part(summary.diverged, "diverged", Role::Bad),
    ];
    if summary.failed > 0 {
        parts.push(part(summary.failed, "failed", Role::Bad));
    }
    parts.join(", ")
}
