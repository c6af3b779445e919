//! What two scenarios must have in common to say the same: their steps, but for places in the source and the numbers of actors and names.

use ipcscript::scenario::Scenario;

/// What stands before the number of an actor, or before several.
const ACTORS: [&str; 6] = ["actor: ", "actors: [", "Actor(", "child: Some(", "Namespace(", "Output("];
/// What stands before the number of a name.
const SLOTS: [&str; 3] = ["Slot(", "One(", "Elements(["];

/// The steps, each name in the place of its number.
pub fn listed(scenario: &Scenario) -> Vec<String> {
    let actors: Vec<&str> = scenario.actors.iter().map(|actor| actor.name.as_str()).collect();
    let slots: Vec<&str> = scenario.slots.iter().map(|slot| slot.name.as_str()).collect();
    let named = |line: String| {
        let line = ACTORS.iter().fold(line, |line, before| with_names(&line, before, &actors));
        SLOTS.iter().fold(line, |line, before| with_names(&line, before, &slots))
    };
    scenario.steps.iter().map(|step| alike(&named(bare(&format!("{step:?}"))))).collect()
}

/// `line` without places and without texts for people.
fn bare(line: &str) -> String {
    let mut parts = line.split("Span { ");
    let mut placeless = parts.next().unwrap_or_default().to_owned();
    parts.for_each(|part| placeless += part.split_once('}').map_or("", |(_, rest)| rest));
    let mut parts = placeless.split("text: \"");
    let mut bare = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let mut escaped = false;
        let end = part.char_indices().find(|&(_, c)| {
            let ends = c == '"' && !escaped;
            escaped = c == '\\' && !escaped;
            ends
        });
        bare += end.map_or("", |(at, _)| &part[at..]);
    }
    bare
}

/// `line` with names for the numbers that stand behind `before`.
fn with_names(line: &str, before: &str, names: &[&str]) -> String {
    let mut parts = line.split(before);
    let mut named = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let end = part.find(|c: char| !c.is_ascii_digit() && !", ".contains(c)).unwrap_or(part.len());
        let name = |number: &str| number.parse::<usize>().ok().and_then(|at| names.get(at)).copied().unwrap_or(number).to_owned();
        named += before;
        named += &part[..end].split(", ").map(name).collect::<Vec<_>>().join(", ");
        named += &part[end..];
    }
    named
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
