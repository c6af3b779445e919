//! Every diagnostic, as a person sees it: each fixture holds a script and what the program says of it, and is a test of its own.
//!
//! A fixture is the script, a line `----`, and a transcript: the command and what it printed, 80 columns, no colour. Further files
//! stand before that line, each behind a line `---- its/path`; `---- its/path/` is a folder, `---- its/path -> target` a link. In scripts `␀` stands for a NUL,
//! `␍` for a carriage return, `␏` for a byte that is no UTF-8, `␗` for a leading byte-order mark, and `«1000×(»` for a thousand `(`.

use ipcscript::explain::codes::{Lesson, lessons, script};
use libtest_mimic::{Arguments, Failed, Trial};
use similar::TextDiff;
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The divergences and mistakes that a student must be able to act on, by the fixture that shows each.
const MUST_BE_SHOWN: [(&str, &str); 14] = [
    ("wrong errno", "run/wrong-errno"),
    ("wrong value", "run/wrong-value"),
    ("blocks where it should return", "run/blocks-where-it-should-return"),
    ("returns where it should block", "run/returns-where-it-should-block"),
    ("resumes unannounced", "run/resumes-unannounced"),
    ("does not resume", "run/does-not-resume"),
    ("dies unannounced", "run/dies-unannounced"),
    ("left blocked", "run/left-blocked"),
    ("unknown name", "check/unknown-name"),
    ("wrong handle kind", "check/wrong-handle-kind"),
    ("wrong arity", "check/wrong-arity"),
    ("bad flag", "check/bad-flag"),
    ("syntax error", "syntax/syntax-error"),
    ("missing file", "load/missing-file"),
];

fn main() {
    let args = Arguments::from_args();
    let top = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/diagnostics");
    let fixtures = fixtures(&top);
    let mut trials: Vec<Trial> = fixtures
        .iter()
        .cloned()
        .map(|path| {
            let name = name(&top, &path);
            Trial::test(name.clone(), move || keeps(&path, &name))
        })
        .collect();
    let (known, named, broken) = (fixtures.clone(), fixtures.clone(), fixtures);
    let (here, there, below) = (top.clone(), top.clone(), top);
    for lesson in lessons() {
        trials.push(Trial::test(format!("explain/{}", lesson.code), move || is_shown(&lesson)));
    }
    trials.push(Trial::test("every code is explained", every_code_is_explained));
    trials.push(Trial::test("newcomers are told the line and the reason", move || newcomers_are_told(&broken, &below)));
    trials.push(Trial::test("every code has a fixture", move || every_code_is_shown(&known, &here)));
    trials.push(Trial::test("what must be shown is shown", move || must_be_shown(&named, &there)));
    libtest_mimic::run(&args, trials).exit();
}

fn fixtures(top: &Path) -> Vec<PathBuf> {
    let list = |folder: &Path| -> Vec<PathBuf> {
        let entries = fs::read_dir(folder).expect("the fixtures can be read");
        entries.map(|entry| entry.expect("an entry").path()).collect()
    };
    let mut found: Vec<PathBuf> = list(top).iter().flat_map(|folder| list(folder)).collect();
    found.retain(|path| path.extension().is_some_and(|extension| extension == "txt"));
    found.sort();
    found
}

/// `run/wrong-errno`
fn name(top: &Path, path: &Path) -> String {
    let below = path.strip_prefix(top).expect("it was found below");
    below.with_extension("").to_string_lossy().into_owned()
}

/// The parts of a fixture.
struct Fixture {
    /// Everything before the line `----`, as it stands.
    scripts: String,
    /// The command, without `ipcscript`.
    command: String,
    /// What follows the line `----`.
    transcript: String,
}

impl Fixture {
    /// A lesson's lines; a first line `$ ipcscript …` is the command, without a script.
    fn of_lesson(lines: &str, usual: &str) -> Self {
        let command = lines.strip_prefix("$ ipcscript ");
        let scripts = if command.is_some() { String::new() } else { script(lines) };
        Self { scripts, command: command.unwrap_or(usual).to_owned(), transcript: String::new() }
    }

    fn read(path: &Path, name: &str) -> Self {
        let text = fs::read_to_string(path).expect("a fixture is text");
        let (scripts, transcript) = text.split_once("\n----\n").unwrap_or((text.trim_end_matches('\n'), ""));
        let (kind, stem) = name.split_once('/').expect("a fixture is in a folder");
        let usual = format!("{} {stem}.ipcs", if matches!(kind, "run" | "newcomer") { "run" } else { "check" });
        let command = transcript.lines().next().and_then(|line| line.strip_prefix("$ ipcscript ")).unwrap_or(&usual).to_owned();
        Self { scripts: scripts.to_owned(), command, transcript: transcript.to_owned() }
    }

    /// Writes the script and the further files.
    fn lay_out(&self, folder: &Path, stem: &str) {
        let mut files = vec![(format!("{stem}.ipcs"), String::new())];
        for line in self.scripts.split('\n') {
            match (line.strip_prefix("---- "), files.last_mut()) {
                (Some(path), _) => files.push((path.to_owned(), String::new())),
                (None, Some((_, text))) => *text += &format!("{line}\n"),
                (None, None) => {}
            }
        }
        for (path, text) in files {
            if let Some((link, target)) = path.split_once(" -> ") {
                std::os::unix::fs::symlink(target, folder.join(link)).expect("a link");
                continue;
            }
            let path = folder.join(path);
            if path.to_string_lossy().ends_with('/') {
                fs::create_dir_all(&path).expect("a folder");
            } else {
                fs::create_dir_all(path.parent().expect("a folder")).expect("folders");
                fs::write(&path, bytes(&text)).expect("a file");
            }
        }
    }

    /// Runs the command in `folder`, and gives the transcript.
    fn play(&self, folder: &Path) -> String {
        let mut program = Command::new(env!("CARGO_BIN_EXE_ipcscript"));
        for name in ["NO_COLOR", "TERM", "COLUMNS", "LANG", "LC_CTYPE"] {
            program.env_remove(name);
        }
        let output = program.env("LC_ALL", "C.UTF-8").current_dir(folder).args(self.command.split(' ')).output();
        let output = output.expect("the program runs");
        let said = [output.stderr, output.stdout].concat();
        let said = String::from_utf8(said).expect("what is said is UTF-8");
        let code = output.status.code().map_or_else(|| output.status.to_string(), |code| code.to_string());
        format!("$ ipcscript {}\n{}(exit code {code})\n", self.command, without_time(&said))
    }
}

/// The bytes of a script in which signs stand for what no editor keeps.
fn bytes(text: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut rest = text;
    while let Some(character) = rest.chars().next() {
        let repeated = rest.strip_prefix('«').and_then(|rest| rest.split_once('»'));
        let repeated = repeated.and_then(|(inside, after)| Some((inside.split_once('×')?, after)));
        if let Some(((times, what), after)) = repeated {
            bytes.extend(what.repeat(times.parse().expect("a number of times")).bytes());
            rest = after;
            continue;
        }
        match character {
            '␀' => bytes.push(0),
            '␍' => bytes.push(b'\r'),
            '␏' => bytes.push(0xff),
            '␗' => bytes.extend("\u{feff}".bytes()),
            other => bytes.extend(other.to_string().bytes()),
        }
        rest = &rest[character.len_utf8()..];
    }
    bytes
}

/// `said` without the time in the line of sums.
fn without_time(said: &str) -> String {
    let line = |line: &str| match line.rsplit_once(" in ") {
        Some((sums, time)) if sums.contains(" passed") && time.ends_with(" s") => format!("{sums}\n"),
        _ => format!("{line}\n"),
    };
    said.lines().map(line).collect()
}

fn keeps(path: &Path, name: &str) -> Result<(), Failed> {
    let fixture = Fixture::read(path, name);
    let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
    let stem = name.rsplit('/').next().unwrap_or(name);
    fixture.lay_out(folder.path(), stem);
    let said = fixture.play(folder.path());
    if std::env::var_os("UPDATE").is_some_and(|value| value == "1") {
        return fs::write(path, format!("{}\n----\n{said}", fixture.scripts)).map_err(|error| error.to_string().into());
    }
    // Only the id of a scenario, which is there to be copied, may go over the width.
    if let Some(wide) = said.lines().skip(1).find(|line| line.chars().count() > 80 && !line.starts_with("diverged ")) {
        return Err(format!("a line is wider than 80 columns: {wide}").into());
    }
    if said == fixture.transcript {
        return Ok(());
    }
    let diff = TextDiff::from_lines(fixture.transcript.as_str(), said.as_str());
    let diff = diff.unified_diff().context_radius(3).header("the fixture", "what is said now").to_string();
    Err(format!("{diff}\nif what is said now is better, take it over: UPDATE=1 cargo test --test diagnostics").into())
}

/// The codes in a transcript: each stands alone on its line, a blank line and the message below it.
fn codes_in(transcript: &str) -> Vec<&str> {
    let lines: Vec<&str> = transcript.lines().collect();
    let shows = |window: &&[&str]| window[1].is_empty() && (window[2].starts_with("  × ") || window[2].starts_with("  ⚠ "));
    lines.windows(3).filter(shows).map(|window| window[0]).collect()
}

fn every_code_is_shown(fixtures: &[PathBuf], top: &Path) -> Result<(), Failed> {
    let lists = [ipcscript::syntax::parse::codes(), ipcscript::check::codes(), ipcscript::run::codes(), ipcscript::cli::codes()];
    let given: BTreeSet<&str> = lists.into_iter().flatten().copied().collect();
    let texts: Vec<String> = fixtures.iter().map(|path| Fixture::read(path, &name(top, path)).transcript).collect();
    let shown: BTreeSet<&str> = texts.iter().flat_map(|text| codes_in(text)).collect();
    let missing: Vec<&&str> = given.difference(&shown).collect();
    let unlisted: Vec<&&str> = shown.difference(&given).collect();
    if missing.is_empty() && unlisted.is_empty() {
        return Ok(());
    }
    Err(format!("no fixture under tests/diagnostics shows {missing:?}; no list of codes holds {unlisted:?}").into())
}

fn must_be_shown(fixtures: &[PathBuf], top: &Path) -> Result<(), Failed> {
    let names: Vec<String> = fixtures.iter().map(|path| name(top, path)).collect();
    let missing: Vec<&str> =
        MUST_BE_SHOWN.iter().filter(|(_, fixture)| !names.iter().any(|name| name == fixture)).map(|(what, _)| *what).collect();
    if missing.is_empty() { Ok(()) } else { Err(format!("no fixture shows: {}", missing.join(", ")).into()) }
}

/// What the list of broken scripts begins with.
const LIST: &str = "# Scripts as a newcomer breaks them

Each script is right but for one place; its first line says which, and what is wrong there. Below stands what the program says of it. A
test compares this list with the fixtures (`UPDATE=1 cargo test --test diagnostics` writes it), and has the mistaken line among those that are
shown in all but two.

";
/// How many scripts there are at least, and in how many the mistaken line may be missed.
const BROKEN: usize = 40;
const MISSED: usize = 2;

/// `# Line 6: the writing end was closed.`
fn mistake(script: &str) -> Option<(usize, &str)> {
    let (line, what) = script.lines().next()?.strip_prefix("# Line ")?.split_once(": ")?;
    Some((line.parse().ok()?, what))
}

/// Whether the transcript has something to say of line `number`: what is pointed at stands below it.
fn points_at(transcript: &str, number: usize) -> bool {
    let lines: Vec<&str> = transcript.lines().collect();
    let numbered = |line: &str| line.split_once(" │").and_then(|(number, _)| number.trim().parse::<usize>().ok());
    let pointed = |window: &[&str]| numbered(window[0]) == Some(number) && window[1].trim_start().starts_with('·');
    // Of several lines together, the first has a bow.
    lines.windows(2).any(pointed) || lines.iter().any(|line| numbered(line) == Some(number) && line.contains('╭'))
}

/// What is said first: the message, the cause, and what helps.
fn told(transcript: &str) -> [String; 3] {
    let said = |start: &str, indent: &str| {
        let mut lines = transcript.lines().skip_while(|line| !line.starts_with(start));
        let first = lines.next().map_or("", |line| line.trim_start_matches(start));
        // What the manual says of an error number, or of the wait in a call, stands below the cause.
        let of_errno =
            |line: &str| line.split(',').next().is_some_and(|word| word.starts_with('E') && word == word.to_uppercase());
        let of_wait =
            |line: &str| line.starts_with('`') && line.splitn(3, '`').nth(2).is_some_and(|rest| rest.starts_with(" waits"));
        let of_manual = |line: &str| of_errno(line.trim()) || of_wait(line.trim());
        let more = lines.take_while(|line| line.starts_with(indent) && !line.contains('╭') && !of_manual(line));
        std::iter::once(first).chain(more.map(str::trim)).collect::<Vec<_>>().join(" ").trim().to_owned()
    };
    let first = |said: [String; 2]| said.into_iter().find(|text| !text.is_empty()).unwrap_or_default();
    let why = said("       why: ", "            ");
    [
        first([said("  × ", "    "), said("  ⚠ ", "    ")]),
        why,
        first([said("      help: ", "            "), said("  help: ", "        ")]),
    ]
}

fn newcomers_are_told(fixtures: &[PathBuf], top: &Path) -> Result<(), Failed> {
    let mut list = LIST.to_owned();
    let (mut scripts, mut missed) = (0, Vec::new());
    for path in fixtures.iter().filter(|path| name(top, path).starts_with("newcomer/")) {
        let title = name(top, path).replacen("newcomer/", "", 1);
        let fixture = Fixture::read(path, &name(top, path));
        let (line, what) = mistake(&fixture.scripts).ok_or_else(|| format!("{title} does not begin with `# Line N: …`"))?;
        let [message, why, help] = told(&fixture.transcript);
        scripts += 1;
        if !points_at(&fixture.transcript, line) {
            missed.push(title.clone());
        }
        list += &format!("- **[{title}]({title}.txt)**, line {line}: {what}\n  - *{message}*\n");
        for (name, text) in [("why", why), ("help", help)].iter().filter(|(_, text)| !text.is_empty()) {
            list += &format!("  - {name}: {text}\n");
        }
    }
    let readme = top.join("newcomer/README.md");
    if std::env::var_os("UPDATE").is_some_and(|value| value == "1") {
        fs::write(&readme, &list).map_err(|error| error.to_string())?;
    }
    if scripts < BROKEN || missed.len() > MISSED {
        return Err(format!("of {scripts} scripts, these do not point at the mistaken line: {missed:?}").into());
    }
    let kept = fs::read_to_string(&readme).unwrap_or_default();
    if kept == list {
        return Ok(());
    }
    let diff =
        TextDiff::from_lines(kept.as_str(), list.as_str()).unified_diff().header("the list", "what is said now").to_string();
    Err(format!("{diff}\nto take it over: UPDATE=1 cargo test --test diagnostics").into())
}

/// The wrong script of a lesson gives its code, the right one passes.
fn is_shown(lesson: &Lesson) -> Result<(), Failed> {
    let (verb, options) = (if lesson.runs { "run" } else { "check" }, lesson.options);
    let usual = format!("{verb} lesson.ipcs {options}");
    let play = |lines: &str, usual: &str| -> Result<String, Failed> {
        let fixture = Fixture::of_lesson(lines, usual.trim());
        let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
        fixture.lay_out(folder.path(), "lesson");
        Ok(fixture.play(folder.path()))
    };
    let said = play(lesson.wrong, &usual)?;
    if !codes_in(&said).contains(&lesson.code) {
        return Err(format!("the wrong script does not give `{}`:\n{said}", lesson.code).into());
    }
    let said = play(lesson.right, &format!("run lesson.ipcs {options}"))?;
    if said.ends_with("(exit code 0)\n") && codes_in(&said).is_empty() {
        return Ok(());
    }
    Err(format!("the right script does not pass:\n{said}").into())
}

fn every_code_is_explained() -> Result<(), Failed> {
    let lists = [ipcscript::syntax::parse::codes(), ipcscript::check::codes(), ipcscript::run::codes(), ipcscript::cli::codes()];
    let given: BTreeSet<&str> = lists.into_iter().flatten().copied().collect();
    let explained: BTreeSet<&str> = lessons().iter().map(|lesson| lesson.code).collect();
    if given == explained {
        return Ok(());
    }
    let (missing, needless): (Vec<_>, Vec<_>) = (given.difference(&explained).collect(), explained.difference(&given).collect());
    Err(format!("no lesson for {missing:?}; no diagnostic for {needless:?}").into())
}
