//! What a run leaves behind, and what it says, whatever happens to it: kills at random moments, a busy machine, other users.
//!
//! `KILLS=200` and `JOURNALS=200` run the kills and the comparisons that often; without them they run as often as half a minute
//! allows. `SEED=n` chooses other moments.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

#[path = "robust/ground.rs"]
mod ground;
#[path = "robust/host.rs"]
mod host;
#[path = "robust/tree.rs"]
mod tree;

use ground::{Ground, Load, User, can_be_nobody};
use host::Host;
use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read};
use std::os::unix::process::ExitStatusExt;
use std::process::Stdio;
use std::sync::{Mutex, MutexGuard};
use std::time::{Duration, Instant};
use tree::Role;

/// Tests that look at all processes of this one must not run side by side.
static ALONE: Mutex<()> = Mutex::new(());

/// Within this time everything is gone after a kill, even on a busy machine.
const PATIENCE: Duration = Duration::from_secs(20);

#[test]
fn a_killed_run_leaves_nothing_behind() {
    let _alone = alone();
    tree::adopt_orphans();
    let ground = Ground::new();
    let [folder, temporary] = ground.folders();
    let before = Host::look(&[&folder, &temporary]);
    let mut dice = Dice(number("SEED", 7));
    let mut killed: BTreeMap<Role, usize> = BTreeMap::new();
    for turn in 0..number("KILLS", 24) {
        let user = if turn % 2 == 1 && can_be_nobody() { User::Nobody } else { User::Own };
        let role = kill_one(&ground, user, &mut dice);
        *killed.entry(role).or_default() += 1;
        let differences = before.differences(&Host::look(&[&folder, &temporary]));
        assert_eq!(differences, "", "turn {turn}: after the kill of {role:?} of a run by {user:?}");
    }
    println!("killed: {killed:?}");
}

/// What is killed: the crowd, and scenarios that make cgroups, beside whose worlds a caretaker stands.
const CROWD: [&str; 8] = [
    "scenarios/cgroups",
    "robust/crowd.ipcs",
    "scenarios/container/limited.ipcs",
    "--privileged",
    "--repeat",
    "2",
    "--jobs",
    "2",
];
/// More events than the first run of these writes are not to be waited for.
const EVENTS: u64 = 250;

/// Starts a run, kills one of its processes at a random moment, and sees that all of them end. Gives what it was.
fn kill_one(ground: &Ground, user: User, dice: &mut Dice) -> Role {
    let mut child = ground.command(user, &CROWD).stdout(Stdio::piped()).spawn().unwrap();
    let runner = i32::try_from(child.id()).unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap());
    let mut text = String::new();
    // The moment is so many events into the run, and a little later.
    for _ in 0..dice.below(EVENTS) {
        lines.read_line(&mut text).unwrap();
    }
    let later = Instant::now() + Duration::from_micros(dice.below(3_000));
    while Instant::now() < later {
        std::hint::spin_loop();
    }
    let members = tree::members(runner);
    let mut roles: Vec<Role> = members.iter().map(|member| member.role).collect();
    roles.sort_unstable();
    roles.dedup();
    // There are few moments with a caretaker.
    let role = if roles.contains(&Role::Caretaker) && dice.below(2) == 0 { Role::Caretaker } else { dice.choose(&roles) };
    let candidates: Vec<i32> = members.iter().filter(|member| member.role == role).map(|member| member.pid).collect();
    let victim = dice.choose(&candidates);
    let hit = tree::pidfd(victim).is_some_and(|pidfd| tree::kill(&pidfd));
    lines.read_to_string(&mut text).unwrap();
    let status = child.wait().unwrap();
    let left = tree::await_none(&[], PATIENCE);
    let names: Vec<String> =
        left.iter().map(|pid| std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default()).collect();
    assert!(left.is_empty(), "after the kill of {role:?} of a run by {user:?} there are left: {names:?}");
    if victim == runner && hit {
        // It may have written everything and be on its way out when the signal came.
        assert!(status.signal() == Some(libc::SIGKILL) || status.success(), "{status}");
        return role;
    }
    assert!(matches!(status.code(), Some(0 | 1 | 3)), "after the kill of {role:?} of a run by {user:?}: {status}");
    whole(&text);
    role
}

/// A journal is whole when each scenario has one verdict, each in its place, and the summary counts them.
fn whole(journal: &str) {
    let mut verdicts = 0;
    let mut open: Option<String> = None;
    let mut summary = None;
    for line in journal.lines() {
        let event: serde_json::Value = serde_json::from_str(line).unwrap();
        assert!(summary.is_none(), "an event behind the summary: {line}");
        match event["event"].as_str().unwrap() {
            "scenario" => {
                assert_eq!(open, None, "a scenario begins before another has ended: {line}");
                open = event["id"].as_str().map(str::to_owned);
            }
            "verdict" => {
                assert!(open.is_none() || open.as_deref() == event["id"].as_str(), "a verdict of another scenario: {line}");
                open = None;
                verdicts += 1;
            }
            "summary" => summary = Some(["passed", "diverged", "skipped", "failed"].map(|key| event[key].as_u64().unwrap())),
            _ => assert!(open.is_some(), "an event of no scenario: {line}"),
        }
    }
    assert_eq!(summary.map(|counts| counts.iter().sum::<u64>()), Some(verdicts), "{journal}");
}

#[test]
fn a_busy_machine_changes_no_byte() {
    let _alone = alone();
    let ground = Ground::new();
    let first = ground.journal(User::Own, &["scenarios"]);
    assert!(first.lines().count() > 100, "{first}");
    let _load = Load::start(3);
    // A repetition that differs from the first is a divergence; and the first is what is printed.
    let repeat = number("JOURNALS", 3).to_string();
    for words in [["scenarios", "--repeat", &repeat, "--jobs", "2"], ["scenarios", "--repeat", "1", "--jobs", "4"]] {
        let next = ground.journal(User::Own, &words);
        assert_eq!(difference(&first, &next), None, "{words:?}");
    }
}

#[test]
fn an_ordinary_user_sees_the_same_bytes() {
    let _alone = alone();
    if !can_be_nobody() {
        println!("not tried: only root can run as somebody else, and where user namespaces are allowed");
        return;
    }
    let ground = Ground::new();
    let [own, nobodys] = [User::Own, User::Nobody].map(|user| by_scenario(&ground.journal(user, &["scenarios"])));
    let mut compared = 0;
    for (id, text) in &own {
        let other = nobodys.get(id).unwrap();
        let skipped = |text: &str| text.contains(r#""status":"skipped""#);
        if !skipped(text) && !skipped(other) {
            assert_eq!(difference(text, other), None, "{id}");
            compared += 1;
        }
    }
    println!("{compared} of {} scenarios ran as both", own.len());
    assert!(compared >= 40 && own.len() == nobodys.len());
}

/// The lines of each scenario, by its id.
fn by_scenario(journal: &str) -> BTreeMap<String, String> {
    let mut scenarios: BTreeMap<String, String> = BTreeMap::new();
    let mut id = String::new();
    for line in journal.lines() {
        let event: serde_json::Value = serde_json::from_str(line).unwrap();
        match event["event"].as_str() {
            Some("summary" | "script") => continue,
            Some("scenario") => id = event["id"].as_str().unwrap().to_owned(),
            _ => {}
        }
        if event["event"] != "summary" {
            let lines = scenarios.entry(id.clone()).or_default();
            lines.push_str(line);
            lines.push('\n');
        }
    }
    scenarios
}

/// The first lines in which two texts differ.
fn difference(one: &str, other: &str) -> Option<(String, String)> {
    let mut pairs = one.lines().zip(other.lines()).filter(|(one, other)| one != other);
    let first = pairs.next().map(|(one, other)| (one.to_owned(), other.to_owned()));
    first.or_else(|| (one != other).then(|| (one.lines().count().to_string(), other.lines().count().to_string())))
}

fn alone() -> MutexGuard<'static, ()> {
    ALONE.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}

fn number(name: &str, usual: u64) -> u64 {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(usual)
}

/// Numbers that look random, the same for the same seed (splitmix, 64 bits).
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % limit
    }

    fn choose<T: Copy>(&mut self, items: &[T]) -> T {
        items[usize::try_from(self.below(items.len() as u64)).unwrap()]
    }
}
