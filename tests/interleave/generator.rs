//! Scenarios by chance: a few actors that meet at objects of mixed families.

use super::families::{FAMILIES, Family, Move};
use std::fmt::Write;

/// Most steps inside.
const STEPS: usize = 8;

/// What stands in calls that wait for a time.
const SLOW: &str = "700ms";

/// Two steps of one family by two actors, behind a third of either, for each two; no longer than a few orders.
pub fn pairs(chance: &mut fastrand::Rng) -> Vec<String> {
    let mut texts = Vec::new();
    for family in &FAMILIES {
        let moves: Vec<&Move> = family.moves.iter().filter(|one| !one.0.contains(SLOW)).collect();
        for one in &moves {
            for other in &moves {
                let title = format!("p{:04}", texts.len());
                let first = moves[chance.usize(0..moves.len())];
                texts.push(pair(&title, family, [first, one, other], chance));
            }
        }
    }
    texts
}

fn pair(title: &str, family: &Family, [first, one, other]: [&Move; 3], chance: &mut fastrand::Rng) -> String {
    let (a, b) = if chance.bool() { ("a", "b") } else { ("b", "a") };
    let mut writer = Writer { chance, columns: Vec::new(), names: 0 };
    let lines = [writer.lines(a, b, first), writer.lines("a", "b", one), writer.lines("b", "a", other)].concat();
    framed(title, &[family], &["a".to_owned(), "b".to_owned()], &lines, writer)
}

/// A scenario with an `interleave`, of at most `orders` orders; the same for the same chance.
pub fn scenario(title: &str, orders: u64, chance: &mut fastrand::Rng) -> String {
    loop {
        let text = attempt(title, orders, chance);
        if let Some(text) = text {
            return text;
        }
    }
}

/// An actor, and what it does inside.
struct Part {
    lines: Vec<String>,
}

struct Writer<'c> {
    chance: &'c mut fastrand::Rng,
    columns: Vec<String>,
    names: usize,
}

fn attempt(title: &str, orders: u64, chance: &mut fastrand::Rng) -> Option<String> {
    let count = chance.usize(2..=3);
    let mut families: Vec<&Family> = FAMILIES.iter().collect();
    chance.shuffle(&mut families);
    families.truncate(chance.usize(1..=3));
    // With few kinds of steps they meet at the same object: what a wrong claim of an operation leaves out, is seen there soonest.
    let mut pool: Vec<&Move> = families.iter().flat_map(|family| family.moves).collect();
    if chance.usize(0..4) > 0 {
        pool.retain(|one| !one.0.contains(SLOW));
        chance.shuffle(&mut pool);
        pool.truncate(chance.usize(2..=4));
    }
    let names: Vec<String> = ["a", "b", "c"].iter().take(count).map(|name| (*name).to_owned()).collect();
    let mut writer = Writer { chance, columns: Vec::new(), names: 0 };
    let mut parts: Vec<Part> = Vec::new();
    let mut left = writer.chance.usize(count + 2..=STEPS);
    for (place, name) in names.iter().enumerate() {
        let own = if place + 1 == count { left } else { writer.chance.usize(1..=left.saturating_sub(count - place - 1).max(1)) };
        left = left.saturating_sub(own);
        let other = names[(place + writer.chance.usize(1..count)) % count].clone();
        parts.extend(writer.part(name, &other, own, &pool));
    }
    if ways(&parts) > orders || parts.iter().map(|part| part.lines.len()).sum::<usize>() > STEPS {
        return None;
    }
    let lines: Vec<String> = parts.into_iter().flat_map(|part| part.lines).collect();
    Some(framed(title, &families, &names, &lines, writer))
}

/// The scenario around the steps.
fn framed(title: &str, families: &[&Family], names: &[String], lines: &[String], mut writer: Writer<'_>) -> String {
    let mut text = format!("scenario \"{title}\" {{\n    actor main\n");
    for line in families.iter().flat_map(|family| family.before) {
        let _ = writeln!(text, "    main: {line}");
    }
    for name in names {
        let _ = writeln!(text, "    main: {name} = fork()");
    }
    for name in names {
        for line in families.iter().flat_map(|family| family.each) {
            let _ = writeln!(text, "    {name}: {}", line.replace("{me}", name));
        }
    }
    text.push_str("    interleave {\n");
    for line in lines {
        let _ = writeln!(text, "        {line}");
    }
    text.push_str("    }\n");
    for one in families.iter().flat_map(|family| family.after) {
        for line in writer.lines("main", "a", one) {
            let _ = writeln!(text, "    {line}");
        }
    }
    for claim in &writer.columns {
        let _ = writeln!(text, "    expect never {claim}");
    }
    text.push_str("}\n");
    text
}

impl Writer<'_> {
    /// What an actor does, and a child that it may have.
    fn part(&mut self, name: &str, other: &str, steps: usize, pool: &[&Move]) -> Vec<Part> {
        let mut parts = vec![Part { lines: Vec::new() }];
        let forks = steps >= 3 && self.chance.usize(0..8) == 0;
        let ends = self.chance.usize(0..7) == 0;
        let own = steps - usize::from(ends) - if forks { 2 } else { 0 };
        if forks {
            let child = format!("{name}_child");
            let mut lines = vec![format!("{name}: {child} = fork()")];
            std::mem::swap(&mut parts[0].lines, &mut lines);
            let status = self.chance.usize(0..3);
            parts.push(Part { lines: vec![format!("{child}: _exit({status})")] });
            if own > 0 {
                self.names += 1;
                let options = if self.chance.bool() { ", WNOHANG" } else { "" };
                let bound = format!("x{}", self.names);
                parts[0].lines.push(format!("{name}: {bound} = waitpid({child}{options}) -> _ or ECHILD or EINTR"));
                self.columns.push(format!("{bound} == 99"));
            }
        }
        for _ in usize::from(forks)..own {
            let mut one = pool[self.chance.usize(0..pool.len())];
            // Times make a run slow.
            if one.0.contains(SLOW) && self.chance.usize(0..4) > 0 {
                one = pool[0];
            }
            let lines = self.lines(name, other, one);
            parts[0].lines.extend(lines);
        }
        if ends {
            parts[0].lines.push(format!("{name}: _exit(0)"));
        }
        parts
    }

    /// The steps of a move.
    fn lines(&mut self, me: &str, other: &str, one: &Move) -> Vec<String> {
        let (calls, errors, claim) = *one;
        self.names += 1;
        let bound = format!("x{}", self.names);
        let mut lines = Vec::new();
        for (place, call) in calls.split("; ").enumerate() {
            let call = call.replace("{x}", &bound).replace("{me}", me).replace("{other}", other);
            let outcome = if errors.is_empty() { String::new() } else { format!(" -> _ or {errors}") };
            match place {
                0 if claim.is_empty() => lines.push(format!("{me}: {call}{outcome}")),
                0 => lines.push(format!("{me}: {bound} = {call}{outcome}")),
                _ => lines.push(format!("{me}: {call}{outcome}")),
            }
        }
        if !claim.is_empty() {
            self.columns.push(claim.replace("{x}", &bound).replace("{other}", other));
        }
        lines
    }
}

/// How many orders there are.
fn ways(parts: &[Part]) -> u64 {
    let mut placed = 0;
    let mut ways: u64 = 1;
    for part in parts {
        for taken in 1..=part.lines.len() as u64 {
            placed += 1;
            ways = ways * placed / taken;
        }
    }
    ways
}
