//! What helps to begin: a first script, completions, the manual page.

use super::program::{Folder, ipcscript};
use std::process::{Command, Stdio};

#[test]
fn a_new_script_runs_as_it_stands_and_is_in_the_one_style() {
    let folder = Folder::with(&[]);
    let made = ipcscript(&["new", "first"]).inside(&folder).run();
    assert_eq!((made.code, made.stderr.as_str()), (0, ""));
    assert_eq!(made.stdout, "first.ipcs is written; `ipcscript run first.ipcs` runs it\n");
    assert!(folder.read("first.ipcs").contains("ipcscript run first.ipcs\n"));
    let run = ipcscript(&["run", "first.ipcs"]).inside(&folder).run();
    assert_eq!(run.code, 0, "{run:?}");
    assert!(run.stdout.starts_with("3 passed, 0 skipped, 0 diverged"), "{}", run.stdout);
    assert_eq!(ipcscript(&["fmt", "--check", "first.ipcs"]).inside(&folder).run().code, 0);
}

#[test]
fn a_new_script_takes_no_others_place() {
    let folder = Folder::with(&[("mine.ipcs", "# mine\n")]);
    for name in ["mine", "mine.ipcs"] {
        let out = ipcscript(&["new", name]).inside(&folder).run();
        assert_eq!((out.code, out.stdout.as_str()), (2, ""));
        assert!(out.stderr.contains("`mine.ipcs` is there already"), "{}", out.stderr);
    }
    assert_eq!(folder.read("mine.ipcs"), "# mine\n");
    let out = ipcscript(&["new", "none/x"]).inside(&folder).run();
    assert_eq!(out.code, 2);
    assert!(out.stderr.contains("`mkdir -p none`"), "{}", out.stderr);
}

#[test]
fn shells_get_completions_that_they_can_read() {
    for (shell, has) in [
        ("bash", "complete -F _ipcscript"),
        ("zsh", "#compdef ipcscript"),
        ("fish", "complete -c ipcscript"),
        ("elvish", "edit:completion:arg-completer[ipcscript]"),
        ("powershell", "Register-ArgumentCompleter -Native -CommandName 'ipcscript'"),
    ] {
        let out = ipcscript(&["completions", shell]).run();
        assert_eq!((out.code, out.stderr.as_str()), (0, ""), "{shell}");
        assert!(out.stdout.contains(has) && out.stdout.contains("fail-fast"), "{shell}: {}", out.stdout);
    }
    let out = ipcscript(&["completions", "csh"]).run();
    assert_eq!(out.code, 2);
    let folder = Folder::with(&[("words", &ipcscript(&["completions", "bash"]).run().stdout)]);
    // Asked as bash asks them: for the subcommand that begins with `comp`.
    let ask =
        ". ./words; COMP_WORDS=(ipcscript comp); COMP_CWORD=1; _ipcscript ipcscript comp ipcscript; echo \"${COMPREPLY[@]}\"";
    let Ok(answer) = Command::new("bash").args(["-c", ask]).current_dir(folder.place()).output() else { return };
    assert_eq!(String::from_utf8_lossy(&answer.stdout), "completions\n", "{answer:?}");
}

#[test]
fn the_manual_page_is_one_that_man_shows_without_a_warning() {
    let out = ipcscript(&["man"]).run();
    assert_eq!((out.code, out.stderr.as_str()), (0, ""));
    for part in
        [".TH ipcscript 1", ".SH NAME", ".SH SYNOPSIS", ".SH COMMANDS", ".SS run", "\\-\\-fail\\-fast", ".SH \"EXIT STATUS\""]
    {
        assert!(out.stdout.contains(part), "{part} is missing:\n{}", out.stdout);
    }
    assert!(!out.stdout.contains("ordinary\\-scheduling"), "what help hides, the page does not show");
    let folder = Folder::with(&[("ipcscript.1", &out.stdout)]);
    let mut man = Command::new("man");
    man.args(["--warnings", "-E", "UTF-8", "-l", "./ipcscript.1"]).current_dir(folder.place());
    man.env("LC_ALL", "C.UTF-8").env("MANWIDTH", "80").stdin(Stdio::null());
    // A machine without man(1) cannot say.
    let Ok(shown) = man.output() else { return };
    assert_eq!(String::from_utf8_lossy(&shown.stderr), "");
    let text = String::from_utf8_lossy(&shown.stdout);
    assert!(shown.status.success() && text.contains("ipcscript fmt [OPTIONS] <PATH>..."), "{text}");
}
