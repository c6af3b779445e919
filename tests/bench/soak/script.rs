//! Scripts for a family: scenarios that hold its turns in a random order, the same for the same seed.

use super::family::Family;
use std::fmt::Write;

/// A script, and what it holds.
pub struct Script {
    /// The text.
    pub text: String,
    /// Scenarios in it.
    pub scenarios: usize,
    /// Turns in one of its scenarios, by the scenario's title.
    pub turns: usize,
    /// Turns of all its scenarios in which somebody blocks.
    pub blocking: usize,
}

/// Turns in the body of one loop: enough that their order is hardly ever the same twice.
const BODY: usize = 24;
/// Scenarios in one script.
const SCENARIOS: usize = 12;

/// A script of at most `turns` turns of `family`, and of at least one loop of them.
pub fn script(family: &Family, turns: usize, dice: &mut Dice) -> Script {
    let loops = family.turns.min(turns).div_ceil(BODY);
    let scenarios = turns.div_ceil(loops * BODY).clamp(1, SCENARIOS);
    let mut script = Script { text: String::new(), scenarios, turns: loops * BODY, blocking: 0 };
    for number in 1..=scenarios {
        let _ =
            write!(script.text, "scenario \"{} {number}\" {{\n    {}\n    for i in 1..{loops} {{\n", family.name, family.opening);
        for (turn, blocks) in (1..).zip(dice.halves()) {
            script.blocking += if blocks { loops } else { 0 };
            let lines = if blocks { family.blocking } else { family.free };
            script.text.push_str(&lines.replace('#', &turn.to_string()));
            script.text.push('\n');
        }
        script.text.push_str("    }\n}\n");
    }
    script
}

/// Numbers that look random, the same for the same seed (xorshift, 64 bits).
pub struct Dice(u64);

impl Dice {
    /// Starts with `seed`.
    pub fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    /// As many `true` as `false`, in any order.
    fn halves(&mut self) -> [bool; BODY] {
        let mut turns: [bool; BODY] = std::array::from_fn(|place| place % 2 == 0);
        for place in (1..BODY).rev() {
            turns.swap(place, self.throw() % (place + 1));
        }
        turns
    }

    /// The next number.
    fn throw(&mut self) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 33) as usize
    }
}
