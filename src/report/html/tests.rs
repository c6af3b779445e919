//! Pages of runs made by hand.

use super::excerpt::excerpt;
use super::html;
use crate::journal::{Effects, Event, Script, Summary};
use crate::report::figure::figure;
use crate::report::state::states;
use crate::report::svg::tests::{events, leaving, taken};
use crate::report::tests::Kept;
use std::time::Duration;

fn page(events: &[Event]) -> String {
    let out = Kept::default();
    let mut report = html(Box::new(out.clone()));
    events.iter().for_each(|event| report.take(event).expect("it can be written"));
    report.take(&Event::Summary(Summary::default())).expect("it can be written");
    report.end(Duration::ZERO).expect("it can be written");
    out.text()
}

const TEXT: &str = "# </script><script>alert(1)</script>
const KEY = 1

setup {
    actor father
}

# above
scenario \"leaving\" {
    father: semget(KEY) # <b>&amp;
}

scenario \"other\" {
    father: getpid()
}
";

#[test]
fn no_text_of_a_script_becomes_markup() {
    let evil = "</script><script>alert(1)</script><img src=x onerror=alert(2)> \"'&amp; <!-- <script>";
    let mut all = vec![Event::Script(Script { path: "a.ipcs".into(), text: TEXT.into() })];
    let steps = vec![
        taken(4, evil, evil, Effects::default()),
        taken(5, "b", "write(w, \"</svg></details>\") -> blocks", Effects::default()),
        taken(6, evil, "f() -> </script>", Effects::default()),
    ];
    all.extend(events(evil, steps));
    let page = page(&all);
    assert_eq!(page.matches("<script").count(), 2, "one with the state, and the page's own");
    assert_eq!(page.matches("</script>").count(), 2);
    assert!(!page.contains("<img") && !page.contains("<b>") && !page.contains("<!--"));
    assert_eq!((page.matches("</svg>").count(), page.matches("</details>").count()), (1, 1));
}

#[test]
fn a_page_asks_for_nothing_and_leads_nowhere() {
    let page = page(&events("leaving", leaving()));
    assert!(page.starts_with("<!doctype html>"));
    assert_eq!(page.matches("href=").count(), 1);
    assert!(page.contains("<link rel=\"icon\" href=\"data:,\">"), "so that no browser asks for one");
    for outside in ["http:", "https:", " src=", "url(", "@import", "fetch(", "XMLHttpRequest", "innerHTML", "WebSocket"] {
        assert!(!page.contains(outside), "{outside}");
    }
    assert_eq!(page, self::page(&events("leaving", leaving())), "the same each time");
}

#[test]
fn the_data_of_the_slider_is_json_with_a_moment_for_each_place() {
    let page = page(&events("leaving", leaving()));
    let (_, rest) = page.split_once("<script type=\"application/json\">").expect("data");
    let (data, _) = rest.split_once("</script>").expect("its end");
    let data: serde_json::Value = serde_json::from_str(data).expect("JSON");
    assert_eq!(data["actors"], serde_json::json!(["father", "child"]));
    assert_eq!(data["objects"], serde_json::json!([["mutex", "semaphore set", "ipc#1"]]));
    let moments = data["moments"].as_array().expect("a list");
    assert_eq!(moments.len(), 9, "before the first, and after each; what a step did to others belongs to it");
    assert_eq!(moments[4][1], serde_json::json!(["father: unshare(CLONE_NEWIPC)", "child: resumes"]));
    assert_eq!(moments[4][2], serde_json::json!([6, 7]));
    let child = serde_json::json!([1, ["ipc#1", "can go on", "mutex"]]);
    assert_eq!(moments[4][3], serde_json::json!([[0, ["ipc#2", "can go on", "mutex"]], child]));
    assert!(page.contains("max=\"8\""));
}

#[test]
fn states_know_who_waits_who_holds_what_and_what_there_is() {
    let steps = leaving();
    let figure = figure(&steps);
    let states = states(&figure);
    let told = |at: usize| {
        let state: &crate::report::state::State = &states[at];
        let actors: Vec<String> = state
            .actors
            .iter()
            .map(|actor| actor.as_ref().map_or("-".into(), |actor| format!("{}|{}|{}", actor.place, actor.doing, actor.holds)))
            .collect();
        (actors.join(" "), state.objects.clone())
    };
    assert_eq!(told(0), ("ipc#1|can go on| -".into(), vec![false]));
    assert_eq!(told(2), ("ipc#1|can go on|mutex ipc#1|can go on|mutex".into(), vec![true]));
    let waits = "ipc#1|waits in semop(mutex, [{0, -1, 0}]), line 5|mutex";
    assert_eq!(told(3), (format!("ipc#1|can go on|mutex {waits}"), vec![true]));
    assert_eq!(told(6).1, [false]);
    assert_eq!(told(8).0, "ipc#2|can go on|mutex ipc#1|has ended|");
}

#[test]
fn a_script_is_shown_as_far_as_its_scenario_needs_it() {
    let steps = [taken(5, "father", "getpid()", Effects::default())];
    let excerpt = excerpt(TEXT, 9, &steps);
    let numbers: Vec<&str> =
        excerpt.split("data-line=\"").skip(1).map(|rest| rest.split('"').next().expect("a number")).collect();
    assert_eq!(numbers, ["2", "4", "5", "6", "8", "9", "10", "11"]);
    assert!(excerpt.contains("<code>    father: semget(KEY) # &lt;b&gt;&amp;amp;</code>"), "{excerpt}");
}
