//! Journals made by hand, and the reports that they give.

mod orders;
mod timeline;
mod witness;

use super::human::{Detail, human};
use super::{Colour, Glyphs, Report, Style, diagnostic, json, mismatch};
use crate::journal::{Begun, Event, Mismatch, Place, Status, Summary, Taken, Verdict};
use crate::text::{Diagnostic, Source, Span};
use std::io::{self, Write};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use unicode_width::UnicodeWidthStr;

const SCRIPT: &str = r#"## Leaving an IPC namespace gives the semaphore back.
scenario "SEM_UNDO frees the waiter" {
    actor father

    father: mutex = semget(0x12345, 1, IPC_CREAT | IPC_EXCL | 0o600)
    father: semctl(mutex, 0, SETVAL, 1)
    father: semop(mutex, [{0, -1, SEM_UNDO}])
    father: child = fork()

    child:  semop(mutex, [{0, -1, SEM_UNDO}])   -> blocks
    father: unshare(CLONE_NEWIPC)
    child:  resumes
    child:  exit(0)
    father: semop(mutex, [{0, -1, 0}])          -> EINVAL
    father: waitpid(child)                      -> exited(0)
}
"#;

fn place(what: &str, text: &str) -> Place {
    let start = SCRIPT.find(what).expect("it is in the script");
    Place { start, end: start + what.len(), text: text.into() }
}

fn surprise(labels: Vec<Place>) -> Mismatch {
    Mismatch {
        code: "wrong-errno".into(),
        message: "`semop` gave `EAGAIN` where `EINVAL` was expected".into(),
        expected: "EINVAL".into(),
        seen: "EAGAIN".into(),
        labels,
        why: None,
        help: Some("the id belongs to the namespace that `father` left; write `-> EAGAIN`".into()),
        path: "semns.ipcs".into(),
        line: 14,
        script: SCRIPT.into(),
        mend: None,
        order: None,
    }
}

fn ascii() -> Style {
    Style { glyphs: Glyphs::Ascii, ..Style::PLAIN }
}

#[derive(Clone, Default)]
pub(super) struct Kept(Arc<Mutex<Vec<u8>>>);

impl Kept {
    pub(super) fn text(&self) -> String {
        String::from_utf8(self.0.lock().expect("no test panicked").clone()).expect("reports are UTF-8")
    }
}

impl Write for Kept {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().expect("no test panicked").extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn begun(title: &str) -> Event {
    let id = format!("semns.ipcs::{title}");
    Event::Scenario(Begun { id, title: title.into(), path: "semns.ipcs".into(), line: 2 })
}

fn step(actor: &str, call: &str, line: usize, outcome: &str) -> Event {
    let (actor, call, outcome) = (actor.into(), call.into(), outcome.into());
    Event::Step(Taken { actor, call, line, outcome, met: true, eventually: false, effects: None })
}

fn verdict(title: &str, status: Status, reason: Option<&str>) -> Event {
    Event::Verdict(Verdict { id: format!("semns.ipcs::{title}"), status, reason: reason.map(Into::into) })
}

fn replay(report: &mut dyn Report, events: &[Event]) {
    for event in events {
        report.take(event).expect("writing to memory");
    }
    report.end(Duration::from_millis(912)).expect("writing to memory");
}

fn journal() -> Vec<Event> {
    let mut events = vec![
        begun("passes"),
        step("father", "semop(mutex,\n    [{0, -1}])", 7, "ok"),
        step("child", "semop(mutex, [{0, -1, SEM_UNDO}])", 10, "blocks"),
        step("child", &format!("write(w, \"{}\")", "x".repeat(40)), 11, "52"),
        step("child", "read(r, 30)", 12, &format!("\"{}\"", "y".repeat(30))),
        step("", "expect", 13, &"z".repeat(70)),
        verdict("passes", Status::Passed, None),
        begun("diverges"),
        Event::Divergence(surprise(vec![place("EINVAL", "expected an error")])),
        verdict("diverges", Status::Diverged, Some("wrong-errno")),
    ];
    for title in ["a", "b"] {
        events.extend([begun(title), verdict(title, Status::Skipped, Some("needs uid 1000, which cannot be mapped here"))]);
    }
    events.push(begun("c"));
    events.push(verdict("c", Status::Skipped, Some("needs privileged")));
    events.push(begun("d"));
    events.push(verdict("d", Status::Failed, Some("the watchdog struck")));
    events.push(Event::Summary(Summary { passed: 1, diverged: 1, skipped: 3, failed: 1 }));
    events
}

#[test]
fn a_divergence_shows_its_own_lines_first_and_then_what_led_to_it() {
    let labels = vec![
        place("EINVAL", "`EAGAIN` was seen"),
        place("unshare(CLONE_NEWIPC)", "left its namespace here"),
        place("semget", "made here"),
    ];
    assert_eq!(
        mismatch(&surprise(labels), Style::PLAIN),
        "\
wrong-errno

  × `semop` gave `EAGAIN` where `EINVAL` was expected
    ╭─[semns.ipcs:14:52]
 10 │     child:  semop(mutex, [{0, -1, SEM_UNDO}])   -> blocks
 11 │     father: unshare(CLONE_NEWIPC)
    ·             ──────────┬──────────
    ·                       ╰── left its namespace here
 12 │     child:  resumes
 13 │     child:  exit(0)
 14 │     father: semop(mutex, [{0, -1, 0}])          -> EINVAL
    ·                                                    ───┬──
    ·                                   `EAGAIN` was seen ──╯
 15 │     father: waitpid(child)                      -> exited(0)
    ╰────
   ╭─[semns.ipcs:5:21]
 4 │
 5 │     father: mutex = semget(0x12345, 1, IPC_CREAT | IPC_EXCL | 0o600)
   ·                     ───┬──
   ·                        ╰── made here
 6 │     father: semctl(mutex, 0, SETVAL, 1)
   ╰────
  expected: EINVAL
      seen: EAGAIN
      help: the id belongs to the namespace that `father` left; write
            `-> EAGAIN`
"
    );
}

#[test]
fn without_utf8_frames_are_ascii() {
    let page = mismatch(&surprise(vec![place("EINVAL", "`EAGAIN` was seen")]), ascii());
    assert!(page.is_ascii(), "{page}");
    assert!(page.contains("  x `semop` gave"), "{page}");
    assert!(page.contains("    : "), "{page}");
}

#[test]
fn colour_comes_only_when_asked_for_and_changes_no_word() {
    let surprise =
        surprise(vec![place("EINVAL", &"a long text about what was seen here ".repeat(3)), place("semget", "made here")]);
    let plain = mismatch(&surprise, Style::PLAIN);
    assert!(!plain.contains('\x1b'), "{plain:?}");
    let coloured = mismatch(&surprise, Style { colour: Colour::On, ..Style::PLAIN });
    assert!(coloured.contains("\x1b[36mhelp:\x1b[0m"), "{coloured:?}");
    let mut bare = String::new();
    let mut pieces = coloured.split("\x1b[");
    bare.push_str(pieces.next().unwrap_or(""));
    for piece in pieces {
        bare.push_str(piece.split_once('m').expect("every sequence is a colour").1);
    }
    let lines = |page: &str| page.lines().map(|line| line.trim_end().to_owned()).collect::<Vec<_>>();
    assert_eq!(lines(&bare), lines(&plain));
}

#[test]
fn the_place_of_a_divergence_is_red_and_the_earlier_ones_are_not() {
    let surprise = surprise(vec![place("EINVAL", "saw this"), place("semget", "made here"), place("unshare", "left here")]);
    let page = mismatch(&surprise, Style { colour: Colour::On, ..Style::PLAIN });
    let coloured = |text: &str| {
        let line = page.lines().find(|line| line.contains(text)).expect("the label is drawn");
        line.split(text).next().is_some_and(|before| before.rfind("\x1b[31m") > before.rfind("\x1b[36m"))
    };
    assert!(coloured("saw this"), "{page:?}");
    assert!(!coloured("made here") && !coloured("left here"), "{page:?}");
}

#[test]
fn no_line_is_wider_than_the_page() {
    let long = "`father` holds it since line 7 and cannot give it back, for it left the namespace in line 11".to_owned();
    for what in ["EINVAL", "unshare(CLONE_NEWIPC)", "scenario", "0o600"] {
        for width in [60, 80, 132] {
            let style = Style { width, ..Style::PLAIN };
            let page = mismatch(&surprise(vec![place(what, &long), place("child = fork()", &long)]), style);
            let widest = page.lines().map(UnicodeWidthStr::width).max();
            assert!(widest <= Some(width), "{what} at {width}: {widest:?}\n{page}");
            assert!(page.contains("line 11"), "{page}");
        }
    }
}

#[test]
fn controls_of_a_script_never_reach_the_terminal() {
    let text = "scenario \"\x1b[2J\x07\u{9b}31m\" {\n\tactor a\u{202e}b\0\n}\n";
    let source = Source::new("dir/\x1b]0;x\x07.ipcs", text);
    let at = text.find("a\u{202e}").expect("it is there");
    let mistake = Diagnostic::error("unknown-\x1b[1mname", Span::new(0, at..at + 1), "no \x1b[5mactor\r")
        .here("this\x1b[0m one")
        .help("write \x1b[7m");
    for glyphs in [Glyphs::Unicode, Glyphs::Ascii] {
        let page = diagnostic(&mistake, std::slice::from_ref(&source), Style { glyphs, ..Style::PLAIN });
        let bad = |c: char| (c.is_control() && c != '\n') || c == '\u{202e}';
        assert!(!page.contains(bad), "{page:?}");
    }
    let page = diagnostic(&mistake, &[source], Style::PLAIN);
    let lines: Vec<&str> = page.lines().collect();
    let line = lines.iter().position(|line| line.contains("actor a\u{fffd}b␀")).expect("the line is shown");
    let column = lines[line].split("a\u{fffd}").next().map(UnicodeWidthStr::width);
    let arrow = lines[line + 1].find(['┬', '─', '▲']).map(|at| lines[line + 1][..at].width());
    assert_eq!(arrow, column, "{page}");
    assert!(page.contains(":2:8]"), "{page}");
}

#[test]
fn a_label_at_the_end_of_the_file_is_shown() {
    for text in
        ["scenario \"a\" {\n    actor a\n", "scenario \"a\" {\n    actor a", "scenario \"a\" {\r\n    actor a\r\n\r\n\r\n"]
    {
        let source = Source::new("a.ipcs", text);
        for (start, end) in [(text.len(), text.len()), (text.len() + 5, text.len() + 9), (text.len() - 1, text.len())] {
            let mistake = Diagnostic::error("unclosed-block", Span::new(0, start..end), "the file ends inside a block")
                .here("a `}` is missing")
                .also(Span::new(0, 13..14), "opened here");
            let page = diagnostic(&mistake, std::slice::from_ref(&source), Style::PLAIN);
            assert!(page.contains("a `}` is missing") && page.contains("opened here"), "{page}");
            assert!(page.contains(" 2 │     actor a\n"), "{page}");
            assert!(!page.contains("Failed to read"), "{page}");
        }
    }
    let empty = Diagnostic::error("nothing", Span::default(), "there is nothing").here("here");
    assert!(diagnostic(&empty, &[Source::new("a.ipcs", "")], Style::PLAIN).contains("[a.ipcs:1:1]"));
    let elsewhere = Diagnostic::error("nowhere", Span { source: 7, start: 0, end: 1 }, "no such text");
    assert!(diagnostic(&elsewhere, &[], Style::PLAIN).contains("no such text"));
}

#[test]
fn a_very_long_line_is_cut_around_the_label() {
    let text = format!("# {}\n{}EINVAL{}\n", "é".repeat(500), "x".repeat(600_000), "y".repeat(600_000));
    let source = Source::new("long.ipcs", &text);
    let at = text.find("EINVAL").expect("it is there");
    let mistake = Diagnostic::error("too-long", Span::new(0, at..at + 6), "this line is long")
        .here("in the middle")
        .also(Span::new(0, at + 300_000..at + 300_001), "far behind")
        .also(Span::new(0, at - 1000..at - 999), "far before");
    let page = diagnostic(&mistake, &[source], Style::PLAIN);
    assert!(page.len() < 2000, "{} bytes", page.len());
    assert!(page.lines().all(|line| line.width() <= 80), "{page}");
    assert!(page.contains("…xxx") && page.contains("xEINVALy") && page.contains("yyy…"), "{page}");
    for text in ["in the middle", "far behind", "far before", "[long.ipcs:2:600001]"] {
        assert!(page.contains(text), "{text}: {page}");
    }
}

#[test]
fn tabs_wide_characters_and_crlf_keep_labels_in_place() {
    let text = "a\r\n\tb\t語: EINVAL\r\n";
    let at = text.find("EINVAL").expect("it is there");
    let mistake = Diagnostic::warning("x", Span::new(0, at..at + 6), "y");
    assert_eq!(
        diagnostic(&mistake, &[Source::new("a", text)], Style::PLAIN),
        "x\n\n  ⚠ y\n   ╭─[a:2:7]\n 1 │ a\n 2 │     b   語: EINVAL\n   ·             ──────\n   ╰────\n"
    );
}

#[test]
fn places_over_several_lines_and_inside_each_other_are_drawn() {
    let source = Source::new("a.ipcs", SCRIPT);
    let inner = SCRIPT.find("[{0, -1, SEM_UNDO}]").expect("it is there");
    let outer = SCRIPT.find("semop(mutex, [{0, -1, SEM_UNDO}])").expect("it is there");
    let mistake = Diagnostic::error("x", Span::new(0, inner..inner + 19), "y")
        .here("the inner")
        .also(Span::new(0, outer..outer + 33), "the outer")
        .also(Span::new(0, outer..outer + 33), "and again")
        .also(Span::new(0, 10..SCRIPT.len()), "the whole");
    let page = diagnostic(&mistake, &[source], Style::PLAIN);
    for text in ["the inner", "the outer; and again", "the whole"] {
        assert!(page.contains(text), "{text}: {page}");
    }
}

#[test]
fn an_included_file_is_shown_under_its_own_name() {
    let sources = [Source::new("a.ipcs", "include \"b.ipcs\"\n"), Source::new("b.ipcs", "const X = 1\nconst X = 2\n")];
    let mistake =
        Diagnostic::error("bound-twice", Span::new(1, 18..19), "`X` is bound twice").also(Span::new(0, 8..16), "included here");
    let page = diagnostic(&mistake, &sources, Style::PLAIN);
    let (first, second) = (page.find("[b.ipcs:2:7]"), page.find("[a.ipcs:1:9]"));
    assert!(first.is_some() && first < second, "{page}");
}

#[test]
fn the_human_report_is_silent_about_what_passed() {
    let out = Kept::default();
    replay(human(Box::new(out.clone()), None, 6, Detail::Sparse, Style::PLAIN).as_mut(), &journal());
    let page = out.text();
    assert!(!page.contains("semns.ipcs::passes"), "{page}");
    assert!(page.starts_with("diverged semns.ipcs::diverges\n\nwrong-errno\n\n  × `semop` gave"), "{page}");
    assert!(
        page.ends_with(
            "failed semns.ipcs::d\n  the watchdog struck\n\n\
             skipped needs uid 1000, which cannot be mapped here\n    semns.ipcs::a\n    semns.ipcs::b\n\n\
             skipped needs privileged\n    semns.ipcs::c\n\n\
             1 passed, 3 skipped, 1 diverged, 1 failed in 0.91 s\n"
        ),
        "{page}"
    );
    assert!(page.lines().all(|line| line.width() <= 80), "{page}");
    assert!(!page.contains('\x1b'), "{page}");
}

#[test]
fn a_trace_has_one_line_a_step() {
    let out = Kept::default();
    replay(human(Box::new(out.clone()), None, 6, Detail::Trace, Style::PLAIN).as_mut(), &journal());
    let page = out.text();
    assert!(
        page.starts_with(
            "semns.ipcs::passes\n    \
             7  father:   semop(mutex, [{0, -1}])                     -> ok\n   \
             10  child:    semop(mutex, [{0, -1, SEM_UNDO}])           -> blocks\n   \
             11  child:    write(w, \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\") -> 52\n   \
             12  child:    read(r, 30)                 -> \"yyyyyyyyyyyyyyyyyyyyyyyyyyyyyy\"\n   \
             13            expect\n                 -> zzzzz"
        ),
        "{page}"
    );
}

#[test]
fn the_progress_line_is_gone_at_the_end_and_never_in_the_report() {
    let (out, terminal) = (Kept::default(), Kept::default());
    let progress: Option<Box<dyn Write>> = Some(Box::new(terminal.clone()));
    replay(human(Box::new(out.clone()), progress, 6, Detail::Sparse, Style::PLAIN).as_mut(), &journal());
    assert!(terminal.text().starts_with("\r[1/6] semns.ipcs::passes\x1b[K"), "{:?}", terminal.text());
    assert!(terminal.text().ends_with("\r\x1b[K"));
    assert!(!out.text().contains('\r'));
}

#[test]
fn json_is_the_journal_line_by_line() {
    let out = Kept::default();
    replay(json::json(Box::new(out.clone())).as_mut(), &journal());
    let back: Vec<Event> = out.text().lines().map(|line| serde_json::from_str(line).expect("an event")).collect();
    assert_eq!(back, journal());
}

#[test]
fn whatever_the_text_and_the_places_are_something_sound_is_drawn() {
    let pieces = [
        "a", "scenario", "\t", "\n", "\r\n", "é", "語", "\u{301}", "\x1b[1m", "\0", "\n\n", " ", "\u{e001}", "{", "x: y()  ",
        "\r",
    ];
    let mut state = 7_u64;
    let mut random = |below: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize % below
    };
    for round in 0..4000 {
        let text: String = (0..random(60)).map(|_| pieces[random(pieces.len())]).collect();
        let source = Source::new("a.ipcs", &text);
        let mut span = || {
            let start = random(text.len() + 3);
            Span::new(0, start..start + random(30))
        };
        let mut mistake = Diagnostic::error("x", span(), "y").here("the first");
        for _ in 0..round % 5 {
            mistake = mistake.also(span(), "another with some words");
        }
        let colour = if round % 2 == 0 { Colour::Off } else { Colour::On };
        let glyphs = if round % 3 == 0 { Glyphs::Ascii } else { Glyphs::Unicode };
        let page = diagnostic(&mistake, std::slice::from_ref(&source), Style { width: 40 + round % 60, glyphs, colour });
        assert!(page.contains("the first"), "{text:?} {mistake:?}\n{page}");
        assert!(!page.contains(|c: char| (c.is_control() && !"\n\x1b".contains(c)) || c == '\u{e001}'), "{page:?}");
        assert!(colour == Colour::On || !page.contains('\x1b'), "{page:?}");
    }
}
