//! `ipcscript run --bless`: the outcomes that are seen become those that the script expects.
//!
//! A scenario ends at its first divergence, so it is run again and again, each time with the outcomes of the time before, until nothing
//! diverges that another outcome would mend. Until then the files stay as they are: what is run is a copy of theirs in memory.

use super::edit::{diff, replace};
use super::load::load_instead;
use super::output::{counted, say, show_failure};
use super::{Exit, terminal};
use crate::journal::{Event, Mend, Mismatch};
use crate::report::one_line;
use crate::run::{self, News, Options};
use crate::scenario::Scenario;
use crate::syntax::ast::{ExprKind, Item, Statement};
use crate::syntax::parse;
use crate::text::{Diagnostic, Source};
use std::collections::{BTreeMap, HashMap};
use std::io;
use std::ops::Range;
use std::path::{Path, PathBuf};

/// More lines of a diff than anybody reads.
const SHOWN: usize = 1000;

/// Writes into the scripts below `paths` what is seen of those scenarios that `choose` leaves. What then still diverges is left to a run
/// that reports.
///
/// # Errors
///
/// When the scripts cannot be run or written; it has been said.
pub(super) fn bless(
    paths: &[PathBuf],
    privileged: bool,
    options: &Options,
    choose: &dyn Fn(Vec<Scenario>) -> Vec<Scenario>,
) -> Result<(), Exit> {
    let mut drafts: BTreeMap<String, Draft> = BTreeMap::new();
    let mut left;
    loop {
        let texts: HashMap<String, String> = drafts.iter().map(|(name, draft)| (name.clone(), draft.now.clone())).collect();
        let loaded = load_instead(paths, privileged, &texts)?;
        if loaded.is_broken() {
            let wrong = |name: &str| {
                let is_of = |mistake: &Diagnostic| {
                    loaded.sources.get(mistake.span().source as usize).is_some_and(|source| source.name == name)
                };
                loaded.mistakes.iter().any(|mistake| mistake.is_error() && is_of(mistake))
            };
            let undone =
                drafts.iter_mut().filter(|(name, draft)| draft.last.is_some() && wrong(name)).map(|(_, draft)| draft.undo());
            // A script that was broken before anything was changed is for the run to report.
            if undone.count() == 0 {
                return Ok(());
            }
            continue;
        }
        let scenarios = choose(loaded.scenarios);
        if scenarios.is_empty() {
            return Ok(());
        }
        let mut found: Vec<Mismatch> = Vec::new();
        let mut sink = |news| {
            if let News::Event(Event::Divergence(mismatch)) = news {
                found.push(mismatch);
            }
        };
        if let Err(error) = run::run(&scenarios, &loaded.sources, options, &mut sink) {
            show_failure("engine", &error.message, error.help.as_deref());
            return Err(Exit::Failed);
        }
        left = found.len();
        let mut mends: BTreeMap<String, Vec<Mend>> = BTreeMap::new();
        for mismatch in found {
            // What holds in one order need not hold in the next.
            let Some(mend) = mismatch.mend.filter(|_| mismatch.order.is_none()) else { continue };
            drafts.entry(mismatch.path.clone()).or_insert_with(|| Draft::new(mismatch.script));
            mends.entry(mismatch.path).or_default().push(mend);
        }
        let mut changed = false;
        for (name, mends) in mends {
            changed |= drafts.get_mut(&name).is_some_and(|draft| draft.take(mends));
        }
        if !changed {
            break;
        }
    }
    write(&drafts)?;
    if left > 0 {
        say(&format!(
            "no other outcome mends {} that {} left:\n\n",
            counted(left, "divergence"),
            if left == 1 { "is" } else { "are" }
        ));
    }
    Ok(())
}

/// Shows what changes, and writes it.
fn write(drafts: &BTreeMap<String, Draft>) -> Result<(), Exit> {
    let style = terminal::style(&io::stderr());
    let changed: Vec<(&String, &Draft)> = drafts.iter().filter(|(_, draft)| draft.now != draft.before).collect();
    if changed.is_empty() {
        say("nothing was blessed\n");
        return Ok(());
    }
    for (name, draft) in &changed {
        say(&diff(name, (&draft.before, &draft.now), SHOWN, style));
    }
    for (name, draft) in changed {
        if let Err(error) = replace(Path::new(name), &draft.now) {
            show_failure("not-written", &format!("`{name}` could not be written: {error}"), None);
            return Err(Exit::Failed);
        }
        let outcomes = counted(draft.done.iter().filter(|done| !done.refused).count(), "outcome");
        say(&format!("{outcomes} written into `{}`\n", one_line(name, style.glyphs)));
    }
    Ok(())
}

/// A script that is being changed.
struct Draft {
    before: String,
    now: String,
    /// What was changed, by its place in `now`.
    done: Vec<Done>,
    /// How many of `done` were there before the last round, if that changed anything.
    last: Option<usize>,
}

/// An outcome that was changed.
#[derive(Debug, Clone)]
struct Done {
    place: Range<usize>,
    /// What stood there at first.
    original: String,
    /// Whether it got its original back: it is not the same each time.
    refused: bool,
}

impl Draft {
    fn new(text: String) -> Self {
        Self { now: text.clone(), before: text, done: Vec::new(), last: None }
    }

    /// Puts in `mends`, whose places are those of the text as it is; whether anything changed.
    fn take(&mut self, mut mends: Vec<Mend>) -> bool {
        let (before, count) = (self.now.clone(), self.done.len());
        // From the end, so that the places before stay what they are.
        mends.sort_by_key(|mend| std::cmp::Reverse(mend.start));
        mends.dedup();
        let mut at = 0;
        while let Some(mend) = mends.get(at) {
            let rivals = mends[at..].iter().take_while(|other| other.start == mend.start).count();
            let touches = |done: &Done| done.place.start <= mend.start && mend.end <= done.place.end;
            match self.done.iter().position(touches) {
                Some(known) => self.refuse(known),
                // The runs of one scenario see different things.
                None if rivals > 1 => {
                    let place = mend.start..mend.end;
                    let original = self.now[place.clone()].to_owned();
                    self.done.push(Done { place, original, refused: true });
                }
                None => self.put(mend),
            }
            at += rivals;
        }
        let changed = self.now != before;
        self.last = changed.then_some(count);
        changed
    }

    /// Takes back what the last round did, for good.
    fn undo(&mut self) {
        let Some(count) = self.last.take() else { return };
        for known in count..self.done.len() {
            self.refuse(known);
        }
    }

    fn put(&mut self, mend: &Mend) {
        let Some(original) = self.now.get(mend.start..mend.end).map(str::to_owned) else { return };
        let text = match original.as_str() {
            "" => format!(" -> {}", mend.text),
            original => merged(original, &mend.text),
        };
        if text == original {
            return;
        }
        self.replace(mend.start..mend.end, &text);
        self.done.push(Done { place: mend.start..mend.start + text.len(), original, refused: false });
    }

    /// Gives the outcome of `done[known]` its original back, and leaves it alone from now on.
    fn refuse(&mut self, known: usize) {
        let Done { place, original, refused } = self.done[known].clone();
        if refused {
            return;
        }
        self.replace(place.clone(), &original);
        self.done[known] = Done { place: place.start..place.start + original.len(), original, refused: true };
    }

    /// Puts `text` at `place`, and moves what comes after it.
    fn replace(&mut self, place: Range<usize>, text: &str) {
        self.now.replace_range(place.clone(), text);
        for done in self.done.iter_mut().filter(|done| done.place.start >= place.end) {
            let moved = |at: usize| at - place.len() + text.len();
            done.place = moved(done.place.start)..moved(done.place.end);
        }
    }
}

/// `new` with the fields of `old` where it has only `_`: those that were met stay as they are written.
fn merged(old: &str, new: &str) -> String {
    let (Some(old), Some(seen)) = (fields(old), fields(new)) else { return new.to_owned() };
    if old.places.len() != seen.places.len() {
        return new.to_owned();
    }
    // What is written between the fields stays too: lines, comments, labels that are left out.
    let mut text = old.text;
    for (old, place) in old.places.iter().zip(&seen.places).rev() {
        let field = &seen.text[place.clone()];
        if field != "_" {
            text.replace_range(old.clone(), field);
        }
    }
    text.get(OUTCOME.len()..text.len() - END.len()).unwrap_or(new).to_owned()
}

const OUTCOME: &str = "scenario \"outcome\" {\na: f() -> ";
const END: &str = "\n}\n";

/// A record in a script of its own.
struct Fields {
    /// The script.
    text: String,
    /// Where the values of the fields stand in it.
    places: Vec<Range<usize>>,
}

/// The fields of `outcome`, if it is a record.
fn fields(outcome: &str) -> Option<Fields> {
    let text = format!("{OUTCOME}{outcome}{END}");
    let (file, _) = parse(&Source::new("outcome", &text), 0);
    let Some(Item::Scenario(scenario)) = file.items.first() else { return None };
    let Some(Statement::Step(step)) = scenario.body.first() else { return None };
    let ExprKind::Record(fields) = &step.outcome.as_ref()?.kind else { return None };
    let places = fields.iter().map(|(_, value)| value.span.start as usize..value.span.end as usize).collect();
    Some(Fields { text, places })
}
