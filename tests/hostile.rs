//! Scripts that mean harm: each ends in time, with the verdict that its first line names, and the machine is as it was before.
//!
//! The first line of a script is `# VERDICT`, or `# VERDICT CODE` for a divergence and a mistake, or `# failed` and a part of the reason.
//! A second line `# with OPTIONS` gives the program other limits than the usual ones; what is called `-usual` tries those.

#[path = "hostile/delegated.rs"]
mod delegated;
#[path = "hostile/ground.rs"]
mod ground;
#[path = "robust/host.rs"]
mod host;
#[path = "hostile/stuck.rs"]
mod stuck;
#[path = "hostile/terminal.rs"]
mod terminal;

use ground::{Ground, User};
use host::Host;
use ipcscript::journal::{Event, Mismatch, Status, Verdict};
use libtest_mimic::{Arguments, Completion, Failed, Trial};
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

/// Far more than any of them needs, on a busy machine too.
const PATIENCE: Duration = Duration::from_secs(45);

/// What a script must come to.
struct Script {
    name: String,
    verdict: String,
    detail: String,
    options: Vec<String>,
}

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    let scripts = scripts();
    let mut trials = vec![Trial::test("there are at least 40 scripts", {
        let count = scripts.len();
        move || if count >= 40 { Ok(()) } else { Err(format!("{count}").into()) }
    })];
    let before = (Host::look(&[]), settings());
    let grounds: Vec<Arc<Ground>> = User::all().into_iter().map(|user| Arc::new(Ground::new(user))).collect();
    for script in scripts.into_iter().map(Arc::new) {
        let wanted = |user: User| match user {
            User::Own => true,
            // The usual limits take their time: one user is enough.
            User::Ordinary => !script.name.ends_with("-usual"),
            User::Delegated => script.name.starts_with("cgroups-"),
        };
        for ground in grounds.iter().filter(|ground| wanted(ground.user)) {
            let name = format!("{}{}", script.name, ground.user.suffix());
            let (script, ground) = (Arc::clone(&script), Arc::clone(ground));
            trials.push(Trial::ignorable_test(name, move || holds(&script, &ground)));
        }
    }
    for ground in grounds.iter().filter(|ground| ground.user != User::Delegated) {
        let name = format!("a terminal stays unharmed{}", ground.user.suffix());
        let ground = Arc::clone(ground);
        trials.push(Trial::test(name, move || terminal::stays_unharmed(&ground)));
    }
    // It takes its time, and has nothing to do with who runs it.
    if let Some(ground) = grounds.iter().find(|ground| ground.user == User::Own) {
        let ground = Arc::clone(ground);
        let stopped = move || stuck::is_the_engines_fault(&ground, PATIENCE);
        trials.push(Trial::test("a coordinator that stops is no divergence", stopped));
    }
    let conclusion = libtest_mimic::run(&arguments, trials);
    drop(grounds);
    let after = (Host::look(&[]), settings());
    let differences = before.0.differences(&after.0);
    if !differences.is_empty() || before.1 != after.1 {
        eprintln!("the machine is not as before:\n{differences}\n{:?}\n{:?}", before.1, after.1);
        return ExitCode::FAILURE;
    }
    conclusion.exit_code()
}

fn scripts() -> Vec<Script> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/hostile");
    let entries = std::fs::read_dir(folder).expect("the scripts can be read").map(|entry| entry.expect("an entry").path());
    let mut scripts: Vec<Script> = entries.filter(|path| path.extension().is_some_and(|end| end == "ipcs")).map(read).collect();
    scripts.sort_by(|one, other| one.name.cmp(&other.name));
    scripts
}

fn read(path: std::path::PathBuf) -> Script {
    let text = std::fs::read_to_string(&path).expect("a script is text");
    let mut lines = text.lines();
    let first = lines.next().and_then(|line| line.strip_prefix("# ")).expect("the first line names the verdict");
    let (verdict, detail) = first.split_once(' ').unwrap_or((first, ""));
    let options = lines.next().and_then(|line| line.strip_prefix("# with ")).unwrap_or("");
    Script {
        name: path.file_stem().expect("it has a name").to_string_lossy().into_owned(),
        verdict: verdict.to_owned(),
        detail: detail.to_owned(),
        options: options.split_whitespace().map(str::to_owned).collect(),
    }
}

/// Plays a script and compares what came of it with its first line; nothing of it may be left.
fn holds(script: &Script, ground: &Ground) -> Result<Completion, Failed> {
    if !ground.is_there() {
        return Ok(Completion::ignored_with("no cgroup2 is mounted that root could give a part of away"));
    }
    let file = format!("{}.ipcs", script.name);
    let mut words = vec!["run", "--report", "json", &file];
    words.extend(script.options.iter().map(String::as_str));
    let files = ground.files();
    let ended = ground.play(&words, PATIENCE)?;
    ground.await_no_orphan(PATIENCE)?;
    if let Some(harm) = ground.harm() {
        return Err(harm.into());
    }
    if ground.files() != files {
        return Err(format!("the folder of the script has changed: {files:?}, then {:?}", ground.files()).into());
    }
    let expected_exit = match script.verdict.as_str() {
        "passed" => 0,
        "diverged" => 1,
        "mistaken" => 2,
        "failed" => 3,
        other => return Err(format!("`{other}` is no verdict").into()),
    };
    let events: Vec<Event> = ended.stdout.lines().filter_map(|line| serde_json::from_str(line).ok()).collect();
    let verdict = events.iter().find_map(|event| if let Event::Verdict(verdict) = event { Some(verdict) } else { None });
    if let Some(Verdict { status: Status::Skipped, reason: Some(reason), .. }) = verdict {
        return Ok(Completion::ignored_with(reason.clone()));
    }
    let divergence = events.iter().find_map(|event| if let Event::Divergence(seen) = event { Some(seen) } else { None });
    let told = match (script.verdict.as_str(), verdict, divergence) {
        ("passed", ..) => true,
        ("diverged", _, Some(Mismatch { code, .. })) => *code == script.detail,
        ("mistaken", ..) => ended.stderr.starts_with(&format!("{}\n", script.detail)),
        ("failed", Some(Verdict { reason: Some(reason), .. }), _) => reason.contains(&script.detail),
        _ => false,
    };
    if ended.code == Some(expected_exit) && told {
        return Ok(Completion::Completed);
    }
    let seen = divergence.map(|seen| format!("{}: {}", seen.code, seen.message));
    Err(format!(
        "wanted {} {}, exit code {expected_exit}\nexit code {:?}, {verdict:?}\n{}\n{}",
        script.verdict,
        script.detail,
        ended.code,
        seen.unwrap_or_default(),
        ended.stderr
    )
    .into())
}

/// Settings of the machine that a script would like to change.
fn settings() -> Vec<(String, String)> {
    let names = [
        "kernel/core_pattern",
        "kernel/hostname",
        "kernel/sysrq",
        "kernel/modprobe",
        "kernel/msgmax",
        "kernel/shmmax",
        "kernel/pid_max",
        "fs/mqueue/msg_max",
        "fs/file-max",
        "fs/suid_dumpable",
        "user/max_user_namespaces",
        "vm/overcommit_memory",
    ];
    let read = |name: &str| std::fs::read_to_string(format!("/proc/sys/{name}")).unwrap_or_default();
    names.into_iter().map(|name| (name.to_owned(), read(name))).collect()
}
