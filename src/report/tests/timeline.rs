//! Orders made by hand, and the timelines that are drawn of them.

use super::ascii;
use crate::journal::Taken;
use crate::report::timeline::timeline;
use crate::report::{Colour, Glyphs, Style};
use unicode_width::UnicodeWidthStr;

/// Steps as `line|actor|call|outcome`; a `!` before the outcome says that it was not expected.
pub fn steps(text: &str) -> Vec<Taken> {
    let step = |line: &str| {
        let mut parts = line.trim().split('|').map(str::to_owned);
        let mut part = || parts.next().expect("four parts");
        let (line, actor, call, outcome) = (part().parse().expect("a number"), part(), part(), part());
        let met = !outcome.starts_with('!');
        Taken { actor, call, line, outcome: outcome.trim_start_matches('!').into(), met, eventually: false, effects: None }
    };
    text.lines().filter(|line| !line.trim().is_empty()).map(step).collect()
}

pub const LOST_UPDATE: &str = "
    3|main|shmget(IPC_PRIVATE, 4096, 0o600)|ok
    4|main|shmat(id)|ok
    5|main|semget(IPC_PRIVATE, 1, 0o600)|ok
    6|main|semctl(lock, 0, SETVAL, 1)|ok
    7|main|fork()|ok
    8|main|fork()|ok
    13|a|load(p, u32)|0
    15|b|load(p, u32)|0
    14|a|store(p, u32, x + 1)|ok
    16|b|store(p, u32, y + 1)|ok
    18|main|load(p, u32)|1
    19||expect total == 2|!does not hold
";
const LOCKED: &str = "
    6|main|semctl(lock, 0, SETVAL, 1)|ok
    26|a|semop(lock, [{0, -1, 0}])|ok
    27|a|load(p, u32)|0
    30|b|semop(lock, [{0, -1, 0}])|blocks
    28|a|store(p, u32, x + 1)|ok
    29|a|semop(lock, [{0, +1, 0}])|ok
    30|b|resumes|ok
    31|b|load(p, u32)|1
    32|b|store(p, u32, y + 1)|ok
    33|b|semop(lock, [{0, +1, 0}])|ok
    35|main|load(p, u32)|2
    36||expect total == 2|holds
";
const DEADLOCK: &str = "
    42|main|semget(IPC_PRIVATE, 1, 0o600)|ok
    43|main|semctl(other, 0, SETVAL, 1)|ok
    45|a|semop(lock, [{0, -1, 0}])|ok
    49|b|semop(other, [{0, -1, 0}])|ok
    46|a|semop(other, [{0, -1, 0}])|blocks
    50|b|semop(lock, [{0, -1, 0}])|blocks
";
const PHILOSOPHERS: &str = "
    9|main|semget(IPC_PRIVATE, 3, 0o600)|ok
    10|main|semctl(forks, 0, SETALL, [1, 1, 1])|ok
    11|main|fork()|ok
    12|main|fork()|ok
    13|main|fork()|ok
    20|plato|semop(forks, [{0, -1, 0}])|ok
    24|kant|semop(forks, [{1, -1, 0}])|ok
    28|hegel|semop(forks, [{2, -1, 0}])|ok
    21|plato|semop(forks, [{1, -1, 0}])|blocks
    25|kant|semop(forks, [{2, -1, 0}])|blocks
    29|hegel|semop(forks, [{0, -1, 0}])|blocks
";
const REMOVED: &str = "
    3|a|semop(lock, [{0, -1, 0}])|blocks
    4|c|semop(lock, [{0, -1, 0}])|blocks
    5|d|semop(lock, [{0, -1, 0}])|blocks
    6|b|semctl(lock, 0, IPC_RMID)|ok
    7|a|resumes|EIDRM
    7|c|resumes|EIDRM
    7|d|resumes|EIDRM
    8|b|kill(c, SIGKILL)|ok
    9|c|dies SIGKILL|dies SIGKILL
    10|a|exit(3)|exits 3
    11|b|waitpid(a)|exited(3)
";

const BY_ITSELF: &str = "
    3|a|nanosleep(300ms)|sleeps
    4|b|getpid()|ok
    5|a|resumes|ok
    6|b|read(r, 1)|blocks or EAGAIN
    7|a|write(w, \"x\")|1
    8|b|resumes|\"x\"
    9|b|stays blocked|!does not
";
const STRANGE: &str = "
    1|語語語語語語語語語語語語語|open(\"語語語語語語語語語語語語語語\", O_RDONLY)|ENOENT
    1000|\x1b[2J|write(w, \"\x1b]0;x\x07\u{202e}\")|!\x1b[0m
    1001||expect len(text) == 1 and text == \"語語語語語語語語語語語\"|holds
";

fn narrow() -> Style {
    Style { width: 40, ..Style::PLAIN }
}

#[test]
fn actors_are_columns_and_steps_are_rows() {
    let page = r#"
      main                     a                        b
   3  shmget(IPC_PRIVATE, 4096, 0o600)
   4  shmat(id)
   5  semget(IPC_PRIVATE, 1, 0o600)
   6  semctl(lock, 0, SETVAL, 1)
   7  fork()
   8  fork()
  13                           load(p, u32) -> 0
  15                                                    load(p, u32) -> 0
  14                           store(p, u32, x + 1)
  16                                                    store(p, u32, y + 1)
  18  load(p, u32) -> 1
  19  ── expect total == 2 -> does not hold ────────────────────────────────────
"#;
    assert_eq!(timeline(&steps(LOST_UPDATE), Style::PLAIN), &page[1..]);
}

#[test]
fn who_waits_has_a_bar_until_an_arrow_comes() {
    let page = r#"
      main        a                          b
   6  semctl(lock, 0, SETVAL, 1)
  26              semop(lock, [{0, -1, 0}])
  27              load(p, u32) -> 0
  30                                         semop(lock, [{0, -1, 0}]) -> blocks
  28              store(p, u32, x + 1)       ┊ waits
  29              semop(lock, [{0, +1, 0}])  ┊
  30              └────────────────────────▶ resumes
  31                                         load(p, u32) -> 1
  32                                         store(p, u32, y + 1)
  33                                         semop(lock, [{0, +1, 0}])
  35  load(p, u32) -> 2
  36  ── expect total == 2 -> holds ────────────────────────────────────────────
"#;
    assert_eq!(timeline(&steps(LOCKED), Style::PLAIN), &page[1..]);
}

#[test]
fn without_utf8_a_timeline_is_ascii() {
    let page = r#"
      main        a                          b
   6  semctl(lock, 0, SETVAL, 1)
  26              semop(lock, [{0, -1, 0}])
  27              load(p, u32) -> 0
  30                                         semop(lock, [{0, -1, 0}]) -> blocks
  28              store(p, u32, x + 1)       : waits
  29              semop(lock, [{0, +1, 0}])  :
  30              `------------------------> resumes
  31                                         load(p, u32) -> 1
  32                                         store(p, u32, y + 1)
  33                                         semop(lock, [{0, +1, 0}])
  35  load(p, u32) -> 2
  36  -- expect total == 2 -> holds --------------------------------------------
"#;
    assert_eq!(timeline(&steps(LOCKED), ascii()), &page[1..]);
}

#[test]
fn in_a_deadlock_all_bars_go_on_to_the_end() {
    let page = r#"
      main          a                        b
  42  semget(IPC_PRIVATE, 1, 0o600)
  43  semctl(other, 0, SETVAL, 1)
  45                semop(lock, [{0, -1, 0}])
  49                                         semop(other, [{0, -1, 0}])
  46                semop(other, [{0, -1, 0}]) -> blocks
  50                ┊ waits                  semop(lock, [{0, -1, 0}]) -> blocks
                    ┊ still waits            ┊ waits
"#;
    assert_eq!(timeline(&steps(DEADLOCK), Style::PLAIN), &page[1..]);
}

#[test]
fn four_actors_fit_on_a_page() {
    let page = r#"
      main  plato         kant              hegel
   9  semget(IPC_PRIVATE, 3, 0o600)
  10  semctl(forks, 0, SETALL, [1, 1, 1])
  11  fork()
  12  fork()
  13  fork()
  20        semop(forks, [{0, -1, 0}])
  24                      semop(forks, [{1, -1, 0}])
  28                                        semop(forks, [{2, -1, 0}])
  21        semop(forks, [{1, -1, 0}]) -> blocks
  25        ┊ waits       semop(forks, [{2, -1, 0}]) -> blocks
  29        ┊             ┊ waits           semop(forks, [{0, -1, 0}]) -> blocks
            ┊ still waits ┊ still waits     ┊ waits
"#;
    assert_eq!(timeline(&steps(PHILOSOPHERS), Style::PLAIN), &page[1..]);
}

#[test]
fn one_step_may_wake_many_and_end_one() {
    let page = r#"
      a                c                d                b
   3  semop(lock, [{0, -1, 0}]) -> blocks
   4  ┊ waits          semop(lock, [{0, -1, 0}]) -> blocks
   5  ┊                ┊ waits          semop(lock, [{0, -1, 0}]) -> blocks
   6  ┊                ┊                ┊ waits          semctl(lock,0,IPC_RMID)
   7  resumes->EIDRM ◀─┼────────────────┼────────────────┤
   7                   resumes->EIDRM ◀─┼────────────────┤
   7                                    resumes->EIDRM ◀─┘
   8                   dies SIGKILL ◀─────────────────── kill(c, SIGKILL)
  10  exit(3) -> exits 3
  11                                                     waitpid(a) -> exited(3)
"#;
    assert_eq!(timeline(&steps(REMOVED), Style::PLAIN), &page[1..]);
}

#[test]
fn a_sleeper_wakes_by_itself_and_a_pattern_may_hide_a_wait() {
    let page = r#"
      a           b
   3  nanosleep(300ms) -> sleeps
   4  ┊ sleeps    getpid()
   5  resumes
   6              read(r,1)->blocks or …
   7  write(w,"…  ┊ waits
   8  └─────────▶ resumes -> "x"
   9              stays block…->does not
"#;
    assert_eq!(timeline(&steps(BY_ITSELF), narrow()), &page[1..]);
}

#[test]
fn wide_characters_keep_their_columns_and_controls_never_get_out() {
    let page = r#"
        語語語語語語語語… ␛[2J
     1  open("語語語語語語語語…->ENOENT
  1000                    write(w…->␛[0m
  1001  ── expect len(text) =…->holds ──
"#;
    assert_eq!(timeline(&steps(STRANGE), narrow()), &page[1..]);
}

#[test]
fn of_many_steps_of_one_actor_the_first_and_the_last_are_drawn() {
    let row = |line: usize, actor: &str, call: &str, outcome: &str| format!("{line}|{actor}|{call}|{outcome}\n");
    let mut text = row(1, "b", "pause()", "blocks");
    text.extend((2..15).map(|line| row(line, "a", "getpid()", "ok")));
    text += &row(15, "b", "stays blocked", "stays blocked");
    text.extend((16..28).map(|line| row(line, "a", "getpid()", "ok")));
    let page = timeline(&steps(&text), Style::PLAIN);
    let expected = r#"
      b                                    a
   1  pause() -> blocks
   2  ┊ waits                              getpid()
   3  ┊                                    getpid()
   4  ┊                                    getpid()
      ┊                                    … 7 more steps
  12  ┊                                    getpid()
  13  ┊                                    getpid()
  14  ┊                                    getpid()
  15  stays blocked
"#;
    assert!(page.starts_with(&expected[1..]), "{page}");
    assert_eq!(page.lines().count(), 1 + 9 + 12 + 1, "{page}");
}

#[test]
fn too_many_actors_for_the_page_are_a_list() {
    let page = timeline(&steps(LOCKED), narrow());
    assert!(page.starts_with("    6  main:     semctl(lock, 0, SETVAL, 1)\n                 -> ok\n"), "{page}");
    assert_eq!(page.matches("-> ").count(), steps(LOCKED).len(), "{page}");
    let only = "4||expect 1 == 1|holds";
    assert_eq!(timeline(&steps(only), narrow()), "    4            expect 1 == 1  -> holds\n");
    assert_eq!(timeline(&[], narrow()), "");
}

#[test]
fn colour_changes_no_word_of_a_timeline() {
    for text in [LOST_UPDATE, LOCKED, DEADLOCK, REMOVED, STRANGE] {
        let coloured = timeline(&steps(text), Style { colour: Colour::On, ..Style::PLAIN });
        let bare: String = coloured.split("\x1b[").map(|piece| piece.split_once('m').map_or(piece, |(_, text)| text)).collect();
        assert!(coloured.contains("\x1b[1m"), "{coloured:?}");
        assert_eq!(bare, timeline(&steps(text), Style::PLAIN));
    }
    let coloured = timeline(&steps(LOST_UPDATE), Style { colour: Colour::On, ..Style::PLAIN });
    assert!(coloured.contains("\x1b[31m -> does not hold\x1b[0m"), "{coloured:?}");
}

#[test]
fn whatever_happened_no_line_is_wider_than_the_page() {
    let calls =
        ["resumes", "stays blocked", "dies SIGKILL", "exits 1", "pause()", "semop(lock, [{0, -1, 0}])", "語語(\u{301})", ""];
    let outcomes = ["ok", "blocks", "blocks", "sleeps", "a long outcome of many words that has no room", "語", "\0"];
    let mut state = 11_u64;
    let mut random = |below: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize % below
    };
    for round in 0..600 {
        let count = 1 + round % 5;
        let steps: Vec<Taken> = (0..random(25))
            .map(|_| Taken {
                actor: ["", "a", "main", "語語語", "someone with a very long name"][random(count)].into(),
                call: calls[random(calls.len())].into(),
                line: random(2000),
                outcome: outcomes[random(outcomes.len())].into(),
                effects: None,
                met: random(2) == 0,
                eventually: random(5) == 0,
            })
            .collect();
        let glyphs = if round % 3 == 0 { Glyphs::Ascii } else { Glyphs::Unicode };
        let style = Style { width: 72 + random(60), glyphs, ..Style::PLAIN };
        let page = timeline(&steps, style);
        // What has no actor is a list, as wide as its words.
        let is_drawn = steps.iter().any(|step| !step.actor.is_empty());
        assert!(!is_drawn || page.lines().all(|line| line.width() <= style.width), "{} {steps:?}\n{page}", style.width);
        assert!(!page.contains(|c: char| c.is_control() && c != '\n'), "{page:?}");
    }
}
