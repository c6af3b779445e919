//! The drawing and the page of a run: of its journal alone, the same each time, and the figures of the article out of its scenarios.

use super::runs::live_and_replayed;
use crate::cli::program::ipcscript;
use crate::cli::schema::{journal_schema, violations};

/// The drawing of an article's scenario.
fn figure(filter: &str) -> String {
    let scenarios = concat!(env!("CARGO_MANIFEST_DIR"), "/scenarios/article");
    let run = || ipcscript(&["run", scenarios, "--filter", filter, "--report", "svg"]).run();
    let (first, second) = (run(), run());
    assert_eq!((first.code, first.stderr.as_str()), (0, ""), "{first:?}");
    assert_eq!(first.stdout, second.stdout, "the same for every run");
    first.stdout
}

/// The texts of elements with this class.
fn texts(page: &str, class: &str) -> Vec<String> {
    let document = roxmltree::Document::parse(page).expect("XML");
    let has = |node: &roxmltree::Node<'_, '_>| node.attribute("class") == Some(class);
    document.descendants().filter(has).map(|node| node.text().unwrap_or_default().to_owned()).collect()
}

#[test]
fn drawings_and_pages_are_of_the_journal_alone() {
    let drawing = live_and_replayed("svg");
    roxmltree::Document::parse(&drawing).expect("XML");
    assert_eq!(texts(&drawing, "title").len(), 6, "one figure for each scenario");
    let page = live_and_replayed("html");
    assert_eq!(page.matches("<details class=\"case\"").count(), 6);
    assert!(
        page.contains(
            "<button type=\"button\" class=\"skipped\" data-status=\"skipped\" aria-pressed=\"true\">1 skipped</button>"
        )
    );
    assert!(page.contains("&lt;b&gt;nothing&lt;/b&gt;") && !page.contains("<b>"));
}

#[test]
fn figure_1_is_a_child_that_waits_behind_for_a_father_who_has_left() {
    let page = figure("leaving with the semaphore in hand");
    assert_eq!(texts(&page, "place"), ["ipc#1", "ipc#2"]);
    assert_eq!(texts(&page, "named"), ["mutex"]);
    // The father's name stands in both namespaces.
    assert_eq!(texts(&page, "pilled").iter().filter(|name| *name == "father").count(), 2);
    assert_eq!(texts(&page, "wait").len(), 2, "both wait");
    assert_eq!(texts(&page, "head").len(), 2, "and are woken by the removal of the set, and by the end of the child");
}

#[test]
fn figure_2_is_a_father_whose_leaving_wakes_the_child() {
    let page = figure("leaving under SEM_UNDO");
    assert_eq!(texts(&page, "place"), ["ipc#1", "ipc#2"]);
    assert_eq!((texts(&page, "wait").len(), texts(&page, "head").len()), (1, 1));
}

#[test]
fn figures_3_and_4_are_a_segment_shared_within_one_namespace_and_across_two() {
    let within = figure("a removed segment lives until");
    assert_eq!((texts(&within, "place"), texts(&within, "named")), (vec!["ipc#1".to_owned()], vec!["segment".to_owned()]));
    let across = figure("memory attached before unshare()");
    assert_eq!(texts(&across, "place"), ["ipc#1", "ipc#2"]);
    assert_eq!(texts(&across, "named"), ["segment"], "there is one segment, in the namespace of its making");
    assert_eq!(texts(&across, "head").len(), 1, "who is in one namespace wakes who is in the other");
}

#[test]
fn figure_5_is_the_same_names_in_two_mount_namespaces() {
    let page = figure("a tmpfs of its own");
    assert_eq!(texts(&page, "place"), ["mnt#1", "mnt#2"]);
    assert_eq!(texts(&page, "named"), ["/mdate", "/sdate", "/mdate", "/sdate"]);
}

#[test]
fn what_steps_change_is_in_the_journal_in_normal_form() {
    let scenarios = concat!(env!("CARGO_MANIFEST_DIR"), "/scenarios/article");
    let out = ipcscript(&["run", scenarios, "--report", "json", "--repeat", "2"]).run();
    assert_eq!((out.code, out.stderr.as_str()), (0, ""), "{out:?}");
    let schema = journal_schema();
    for line in out.stdout.lines().filter(|line| line.contains("\"effects\"")) {
        let event = serde_json::from_str(line).expect("JSON");
        assert_eq!(violations(&schema, &event), Vec::<String>::new(), "{line}");
    }
    for effect in [
        r#""born":"init","enters":[{"actor":"init","namespaces":["pid#2"]}]"#,
        r#""enters":[{"actor":"boot","namespaces":["mnt#2","ipc#2","uts#2"]}]"#,
        r#""removes":[{"kind":"message queue","name":"/hostq","namespace":"ipc#1"}]"#,
        r#""enters":[{"actor":"father","namespaces":["ipc#1"]}]"#,
    ] {
        assert!(out.stdout.contains(effect), "{effect}");
    }
}
