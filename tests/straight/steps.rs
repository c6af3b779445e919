//! What two scenarios must have in common to say the same: their steps, but for places in the source and the numbers of actors and names.

use ipcscript::scenario::Scenario;
use regex::{Captures, Regex};

/// The steps, each name in the place of its number.
pub fn listed(scenario: &Scenario) -> Vec<String> {
    let actor = |number: &str| number.parse::<usize>().ok().and_then(|at| scenario.actors.get(at)).map(|it| it.name.clone());
    let slot = |number: &str| number.parse::<usize>().ok().and_then(|at| scenario.slots.get(at)).map(|it| it.name.clone());
    let number = Regex::new(r"\d+").expect("an expression");
    let of_actors =
        Regex::new(r"\b(actor: |actors: \[|Actor\(|child: Some\(|Namespace\(|Output\()([\d, ]+)").expect("an expression");
    let of_slots = Regex::new(r"\b(Slot\(|One\(|Elements\(\[)([\d, ]+)").expect("an expression");
    let left_out = Regex::new(r#"(span: )?Span \{[^}]*\}|text: "(\\.|[^"\\])*""#).expect("an expression");
    let named = |text: &str, places: &Regex, name: &dyn Fn(&str) -> Option<String>| {
        let replaced = |found: &Captures<'_>| {
            let names = number.replace_all(&found[2], |one: &Captures<'_>| name(&one[0]).unwrap_or("?".into())).into_owned();
            format!("{}{names}", &found[1])
        };
        places.replace_all(text, replaced).into_owned()
    };
    let line = |step| named(&named(&left_out.replace_all(&format!("{step:?}"), ""), &of_actors, &actor), &of_slots, &slot);
    scenario.steps.iter().map(line).map(|line| alike(&line)).collect()
}

/// Two ways to write the same: parts of a string that stand beside each other, and a value as a pattern.
fn alike(line: &str) -> String {
    line.replace("])), Literal(Bytes([", ", ").replace("Than(Equal, ", "Equal(")
}

/// Who is born of whom, and in which step; only those that are.
pub fn births(scenario: &Scenario) -> Vec<(String, String, usize)> {
    let name = |actor: u16| scenario.actors[usize::from(actor)].name.clone();
    let born = scenario.actors.iter().filter_map(|actor| {
        let (parent, step) = actor.born.filter(|(_, step)| *step < scenario.steps.len())?;
        Some((actor.name.clone(), name(parent), step))
    });
    let mut births: Vec<_> = born.collect();
    births.sort();
    births
}
