//! The example of every call in the catalogue runs as it stands in the manual, each as a test of its own name.

mod play {
    pub mod stage;
}

use ipcscript::operation::{FAMILIES, Operation};
use libtest_mimic::{Arguments, Completion, Failed, Trial};
use play::stage::{Played, Stage, User};
use std::process::ExitCode;
use std::sync::{Arc, OnceLock};

/// What `run` gives when some script has a mistake; then nothing was run.
const MISTAKEN: Option<i32> = Some(2);

/// All examples for one user: they run together, when the first is asked for.
struct Examples {
    stage: Stage,
    together: OnceLock<Played>,
}

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    let calls: Vec<(String, &Operation)> = FAMILIES
        .iter()
        .flat_map(|family| family.calls.iter().map(|&call| (format!("examples/{}/{}.ipcs", family.name, call.name), call)))
        .collect();
    let files: Vec<(String, String)> = calls.iter().map(|(path, call)| (path.clone(), script(call))).collect();
    let mut trials = Vec::new();
    for user in User::all() {
        let examples = Arc::new(Examples { stage: Stage::with(user, &files), together: OnceLock::new() });
        for (path, call) in &calls {
            let (name, path, call, examples) =
                (format!("{}{}", call.name, user.suffix()), path.clone(), *call, Arc::clone(&examples));
            trials.push(Trial::ignorable_test(name, move || judge(&examples, &path, call)));
        }
    }
    libtest_mimic::run(&arguments, trials).exit_code()
}

/// The example as a scenario, with the actor `a` that examples take for granted; its needs go first, as scenarios want them.
fn script(call: &Operation) -> String {
    let lines = || call.example.lines();
    let is_need = |line: &&str| line.starts_with("needs ") || line.starts_with("each ");
    let has_a = lines().any(|line| line.strip_prefix("actor ").is_some_and(|names| names.split(", ").any(|name| name == "a")));
    let actor = if has_a { None } else { Some("actor a") };
    let body: Vec<&str> = lines().filter(is_need).chain(actor).chain(lines().filter(|line| !is_need(line))).collect();
    format!("scenario \"{}\" {{\n{}\n}}\n", call.name, body.join("\n"))
}

fn judge(examples: &Examples, path: &str, call: &Operation) -> Result<Completion, Failed> {
    let id = format!("{path}::{}", call.name);
    let may_skip = || call.example.lines().any(|line| line.starts_with("needs "));
    let together = examples.together.get_or_init(|| examples.stage.play("examples"));
    if together.code != MISTAKEN && together.stderr.is_empty() {
        return together.judge(&id, may_skip);
    }
    // Some example has a mistake or a warning: each must show that it is not the one.
    let alone = examples.stage.play(path);
    match alone.judge(&id, may_skip)? {
        end if alone.stderr.is_empty() => Ok(end),
        _ => Err(alone.stderr.into()),
    }
}
