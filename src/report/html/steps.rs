//! A timeline with a slider: the drawing, and the state after each step for the page's script.

use crate::journal::Taken;
use crate::report::figure::{Figure, figure};
use crate::report::state::{Actor, State, states};
use crate::report::svg::drawing::{Drawing, drawing};
use crate::report::words::Words;
use crate::report::{Glyphs, Style, one_line};
use serde_json::{Value, json};

/// The slider, the state, and the drawing of `steps`; what stands beside the drawing comes next, and then the end of its element.
pub(super) fn steps(steps: &[Taken]) -> String {
    if steps.is_empty() {
        return "<div class=\"side\">\n".into();
    }
    let figure = figure(steps);
    let drawing = drawing(steps);
    let last = figure.chart.moments.len();
    let data = data(&figure, &drawing);
    let (width, height) = (drawing.width, drawing.height);
    format!(
        "<div class=\"walk\">\n<div class=\"slider\"><button type=\"button\" class=\"back\" aria-label=\"One step back\">‹</button>\
         <input type=\"range\" min=\"0\" max=\"{last}\" value=\"{last}\" step=\"1\" aria-label=\"Step\">\
         <button type=\"button\" class=\"on\" aria-label=\"One step on\">›</button>\
         <output></output></div>\n\
         <div class=\"state\" tabindex=\"0\" role=\"region\" aria-label=\"State after this step\"></div>\n\
         <script type=\"application/json\">{data}</script>\n</div>\n\
         <div class=\"side\">\n<div class=\"timeline\" tabindex=\"0\" role=\"region\" aria-label=\"Timeline\">\
         <svg width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {width} {height}\" role=\"img\" aria-label=\"Timeline\">\n{}\
         <rect class=\"later\" width=\"{width}\" y=\"{height}\" height=\"0\"/>\n<rect class=\"now\" width=\"{width}\" height=\"0\"/>\n\
         </svg></div>\n",
        drawing.body
    )
}

/// For the page's script: who there is, what there is, and for each moment its place in the drawing, its words, and what has changed.
fn data(figure: &Figure<'_>, drawing: &Drawing) -> String {
    let states = states(figure);
    let mut before = State::default();
    let mut moments = Vec::new();
    for (number, state) in states.iter().enumerate() {
        let acts = number.checked_sub(1).and_then(|at| figure.chart.moments.get(at)).map(|moment| &moment.acts);
        let place = number.checked_sub(1).and_then(|at| drawing.places.get(at));
        let words: Vec<String> = acts
            .iter()
            .flat_map(|acts| acts.iter())
            .map(|act| {
                let words = Words::of(act, Style::PLAIN);
                let who = if act.taken.actor.is_empty() { String::new() } else { format!("{}: ", act.taken.actor) };
                one_line(&format!("{who}{}{}", words.call, words.outcome), Glyphs::Unicode)
            })
            .collect();
        let lines: Vec<usize> = acts.iter().flat_map(|acts| acts.iter()).map(|act| act.taken.line).collect();
        moments.push(json!([drawing.rows.get(number), words, lines, changes(&before, state), place]));
        before = state.clone();
    }
    let actors: Vec<&str> = figure.chart.columns.clone();
    let objects: Vec<Value> =
        figure.lives.iter().map(|life| json!([life.object.name, life.object.kind, life.object.namespace])).collect();
    // Inside a script element only the end of one would end it, and JSON has another way to write its first character.
    json!({ "actors": actors, "objects": objects, "moments": moments }).to_string().replace('<', "\\u003c")
}

/// What is other than before: an actor's number with its state, or an object's number with whether it is there.
fn changes(before: &State, now: &State) -> Vec<Value> {
    let mut changes = Vec::new();
    for (number, actor) in now.actors.iter().enumerate() {
        if before.actors.get(number) != Some(actor) {
            let cells = actor.as_ref().map(|Actor { place, doing, holds }| json!([place, doing, holds]));
            changes.push(json!([number, cells]));
        }
    }
    for (number, is_there) in now.objects.iter().enumerate() {
        if before.objects.get(number).copied().unwrap_or_default() != *is_there {
            changes.push(json!(["o", number, is_there]));
        }
    }
    changes
}
