//! Runs made by hand, and what is drawn of them.

use super::svg;
use crate::journal::{Begun, Bound, Effects, Entry, Event, Object, Status, Summary, Taken, Verdict};
use crate::report::figure::figure;
use crate::report::tests::Kept;
use std::time::Duration;

/// A step; what came of it stands behind `->`.
pub(in crate::report) fn taken(line: usize, actor: &str, text: &str, effects: Effects) -> Taken {
    let (call, outcome) = text.split_once(" -> ").unwrap_or((text, "ok"));
    let effects = Some(Box::new(effects)).filter(|effects| !effects.is_empty());
    Taken { actor: actor.into(), call: call.into(), line, outcome: outcome.into(), met: true, eventually: false, effects }
}

/// The father of a child leaves for another namespace, which gives back what the child waits for.
pub(in crate::report) fn leaving() -> Vec<Taken> {
    let none = Effects::default;
    let mutex = || Object { kind: "semaphore set".into(), name: "mutex".into(), namespace: "ipc#1".into() };
    let binds = vec![Bound { name: "mutex".into(), kind: "semid".into() }];
    let enters = vec![Entry { actor: "father".into(), namespaces: vec!["ipc#2".into()] }];
    vec![
        taken(3, "father", "semget(KEY, 1, IPC_CREAT | 0o600)", Effects { binds, makes: vec![mutex()], uses: vec![1], ..none() }),
        taken(4, "father", "fork()", Effects { born: Some("child".into()), ..none() }),
        taken(5, "child", "semop(mutex, [{0, -1, 0}]) -> blocks", Effects { uses: vec![1], ..none() }),
        taken(6, "father", "unshare(CLONE_NEWIPC)", Effects { enters, ..none() }),
        taken(7, "child", "resumes", Effects { uses: vec![1], ..none() }),
        taken(8, "father", "semop(mutex, [{0, -1, 0}]) -> EINVAL", none()),
        taken(9, "child", "semctl(mutex, 0, IPC_RMID)", Effects { removes: vec![mutex()], uses: vec![1], ..none() }),
        taken(10, "", "expect 1 < 2 -> holds", none()),
        taken(11, "child", "exit(0) -> exits 0", none()),
    ]
}

/// The events of one scenario with these steps.
pub(in crate::report) fn events(title: &str, steps: Vec<Taken>) -> Vec<Event> {
    let id = format!("a.ipcs::{title}");
    let mut events = vec![Event::Scenario(Begun { id: id.clone(), title: title.into(), path: "a.ipcs".into(), line: 2 })];
    events.extend(steps.into_iter().map(Event::Step));
    events.push(Event::Verdict(Verdict { id, status: Status::Passed, reason: None }));
    events
}

fn drawn(events: &[Event]) -> String {
    let out = Kept::default();
    let mut report = svg(Box::new(out.clone()));
    events.iter().for_each(|event| report.take(event).expect("it can be written"));
    report.take(&Event::Summary(Summary::default())).expect("it can be written");
    report.end(Duration::ZERO).expect("it can be written");
    out.text()
}

#[test]
fn a_small_run_is_drawn_like_this() {
    let page = drawn(&events("leaving", leaving()));
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(concat!(env!("CARGO_MANIFEST_DIR"), "/src/report/svg/leaving.svg"), &page).expect("it can be written");
    }
    assert_eq!(page, include_str!("leaving.svg"), "look at it, then run again with UPDATE=1");
}

#[test]
fn whoever_moves_has_a_lane_in_each_band_and_an_object_lives_where_it_was_made() {
    let steps = leaving();
    let figure = figure(&steps);
    let bands: Vec<String> = figure.bands.iter().map(|band| band.namespaces.join(" ")).collect();
    assert_eq!(bands, ["ipc#1", "ipc#2"]);
    let stays: Vec<_> = figure.stays.iter().map(|stay| (figure.chart.columns[stay.column], stay.band, stay.begins)).collect();
    // The unshare is the fourth moment, and what it did to the child belongs to it.
    assert_eq!(stays, [("father", 0, None), ("child", 0, Some(1)), ("father", 1, Some(3))]);
    let lives: Vec<_> = figure.lives.iter().map(|life| (life.band, life.begins, life.ends)).collect();
    assert_eq!(lives, [(0, 0, Some((5, 1)))]);
    assert_eq!((figure.band(0, 2), figure.band(0, 3), figure.stage(0, 3)), (Some(0), Some(1), Some(0)));
}

#[test]
fn a_child_is_born_into_other_namespaces_where_its_parent_prepared_them() {
    let enters = vec![Entry { actor: "init".into(), namespaces: vec!["pid#2".into()] }];
    let steps = vec![
        taken(1, "boot", "unshare(CLONE_NEWPID)", Effects::default()),
        taken(2, "boot", "fork()", Effects { born: Some("init".into()), enters, ..Effects::default() }),
        taken(3, "init", "getpid() -> 1", Effects::default()),
    ];
    let figure = figure(&steps);
    let stays: Vec<_> = figure.stays.iter().map(|stay| (stay.column, stay.band, stay.begins, stay.by)).collect();
    assert_eq!(stays, [(0, 0, None, 0), (1, 1, Some(1), 0)]);
}

#[test]
fn whatever_happens_what_is_drawn_is_xml_that_needs_nothing_else() {
    let names =
        ["", "a", "語語", "<b>&\"'", "]]>\u{0}\u{1b}[1m\u{202e}\u{fffe}", "someone whose name is longer than any lane is wide"];
    let calls = [
        "f(<&>\"')",
        "resumes",
        "dies SIGKILL",
        "x\u{1}\u{ffff}y",
        "open(\"/a/b/c/d/e/f/g/h/i/j/k/l/m/n/o/p/q/r/s/t/u/v/w/x/y/z\")",
        "",
    ];
    let outcomes = ["ok", "blocks", "sleeps", "exits 3", "<EINVAL> & \u{7f}", "dies SIGTERM"];
    let mut state = 11_u64;
    let mut random = |below: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize % below
    };
    let mut all = Vec::new();
    for round in 0..80 {
        let steps = (0..random(20)).map(|line| {
            let mut effects = Effects::default();
            let object =
                Object { kind: "semaphore".into(), name: names[random(6)].into(), namespace: format!("ipc#{}", 1 + random(3)) };
            match random(7) {
                0 => effects.born = Some(names[random(6)].into()),
                1 => effects.makes.push(object),
                2 => effects.removes.push(object),
                3 => effects.uses.push(random(9)),
                4 => {
                    let namespaces = vec![format!("{}#{}", ["ipc", "mnt", "<&"][random(3)], random(4))];
                    effects.enters.push(Entry { actor: names[random(6)].into(), namespaces });
                }
                5 => effects.binds.push(Bound { name: names[random(6)].into(), kind: "fd".into() }),
                _ => effects.closes.push(names[random(6)].into()),
            }
            let met = random(4) > 0;
            let outcome = outcomes[random(6)].into();
            Taken { met, outcome, ..taken(line, names[random(6)], calls[random(6)], effects) }
        });
        let steps = steps.collect();
        all.extend(events(&format!("{round} </svg><!-- {}", names[random(6)]), steps));
    }
    let page = drawn(&all);
    assert_eq!(page, drawn(&all), "the same each time");
    let document = roxmltree::Document::parse(&page).expect("XML");
    for node in document.descendants().filter(|node| node.is_element()) {
        assert!(!["script", "image", "use", "a", "foreignObject"].contains(&node.tag_name().name()), "{node:?}");
        for attribute in node.attributes() {
            let outside = attribute.name() == "href" || attribute.value().contains("url(") || attribute.name().starts_with("on");
            assert!(!outside, "{node:?}");
        }
    }
    assert!(!page.contains("@import") && !page.contains("url("));
}
