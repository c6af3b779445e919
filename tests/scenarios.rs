//! Every scenario of `scenarios/` is a test of its own name, played by the real program on the kernel of this machine.

mod play {
    pub mod stage;
}

use libtest_mimic::{Arguments, Completion, Failed, Trial};
use play::stage::{Played, Stage, User};
use serde::Deserialize;
use std::collections::HashMap;
use std::fs;
use std::path::Path;
use std::process::ExitCode;
use std::sync::{Arc, OnceLock};

/// Needs that are met for root and not for everybody: a second uid, and cgroups of one's own.
const OF_ROOT: [&str; 3] = ["uid", "cgroup", "cgroup1"];

/// A scenario as `ipcscript list --json` has it.
#[derive(Debug, Clone, Deserialize)]
struct Listed {
    id: String,
    path: String,
    needs: Vec<String>,
}

/// The runs of one user: each script runs once, when the first of its scenarios is asked for.
struct Plays {
    user: User,
    stage: Stage,
    runs: HashMap<String, OnceLock<Played>>,
}

impl Plays {
    fn of(&self, path: &str) -> &Played {
        self.runs[path].get_or_init(|| self.stage.play(path))
    }
}

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    let files = scripts();
    let stages: Vec<(User, Stage)> = User::all().into_iter().map(|user| (user, Stage::with(user, &files))).collect();
    let list = stages[0].1.run(&["list", "--json", "scenarios"]);
    assert!(list.code == Some(0), "the scenarios cannot be listed:\n{}", list.stderr);
    let listed: Vec<Listed> =
        list.stdout.lines().map(|line| serde_json::from_str(line).expect("a line of the list is JSON")).collect();

    let mut trials = vec![Trial::test("scenarios: all are listed and free of warnings", {
        let (complaints, listed, files) = (list.stderr, listed.clone(), files.clone());
        move || all_are_listed(&complaints, &listed, &files)
    })];
    let plays: Vec<Arc<Plays>> = stages.into_iter().map(|(user, stage)| Arc::new(plays(user, stage, &listed))).collect();
    for own in &plays {
        for scenario in &listed {
            let (name, scenario) = (format!("{}{}", scenario.id, own.user.suffix()), scenario.clone());
            let (own, first) = (Arc::clone(own), Arc::clone(&plays[0]));
            trials.push(Trial::ignorable_test(name, move || judge(&own, &first, &scenario)));
        }
    }
    libtest_mimic::run(&arguments, trials).exit_code()
}

/// Every script below `scenarios/`, with its path from the top.
fn scripts() -> Vec<(String, String)> {
    let top = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut left = vec![top.join("scenarios")];
    let mut files = Vec::new();
    while let Some(path) = left.pop() {
        if path.is_dir() {
            left.extend(fs::read_dir(&path).expect("a folder").map(|entry| entry.expect("an entry").path()));
        } else if path.extension().is_some_and(|end| end == "ipcs") {
            let name = path.strip_prefix(top).expect("it was found below").to_string_lossy().into_owned();
            files.push((name, fs::read_to_string(&path).expect("a script")));
        }
    }
    files
}

fn plays(user: User, stage: Stage, listed: &[Listed]) -> Plays {
    Plays { user, stage, runs: listed.iter().map(|scenario| (scenario.path.clone(), OnceLock::new())).collect() }
}

/// No script is left out, and `check` has nothing to say.
fn all_are_listed(complaints: &str, listed: &[Listed], files: &[(String, String)]) -> Result<(), Failed> {
    let missing: Vec<&str> = files
        .iter()
        .filter(|(path, text)| text.contains("scenario \"") && !listed.iter().any(|scenario| scenario.path == *path))
        .map(|(path, _)| path.as_str())
        .collect();
    match (missing.is_empty(), complaints.is_empty()) {
        (true, true) => Ok(()),
        (false, _) => Err(format!("without a listed scenario: {}", missing.join(", ")).into()),
        (true, false) => Err(complaints.into()),
    }
}

/// A scenario must run wherever its `needs` are met: what the tests' own user can run, everybody can, but for what only root has.
fn judge(own: &Plays, first: &Plays, scenario: &Listed) -> Result<Completion, Failed> {
    own.of(&scenario.path).judge(&scenario.id, || match own.user {
        User::Own => !scenario.needs.is_empty(),
        User::Ordinary => {
            let of_root = |need: &String| need.split(' ').next().is_some_and(|kind| OF_ROOT.contains(&kind));
            let reason =
                |plays: &Plays| plays.of(&scenario.path).verdict(&scenario.id).and_then(|verdict| verdict.reason.clone());
            scenario.needs.iter().any(of_root) || (!scenario.needs.is_empty() && reason(own) == reason(first))
        }
    })
}
