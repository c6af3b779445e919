//! Steps: who does what, what comes of it, and what it does to others.

use crate::script::{run, run_lines};

#[test]
fn a_list_is_taken_apart_and_names_are_values() {
    run_lines(
        r#"a: [r, w] = pipe()
a: n = write(w, "hello")
a: text = read(r, n)
a: write_file("{text}-{n}", "")
a: ls(".") -> ["hello-5"]
a: info = fstat(r)
expect info.st_mode == S_IFIFO | 0o600
expect n + 1 == 6"#,
    )
    .passes();
}

#[test]
fn several_actors_make_a_call_one_after_the_other() {
    run_lines(
        r#"a: set = semget(IPC_PRIVATE, 1, 0o600)
a, b: semop(set, [{0, -1, 0}]) -> blocks
a: stays blocked
a, b: stays blocked"#,
    )
    .passes();
    run_lines(
        r#"a: set = semget(0x5, 1, IPC_CREAT | 0o600)
a: boss = fork()
a, b: semop(set, [{0, -1, 0}]) -> blocks
boss: semctl(set, 0, GETNCNT) -> 2
boss: semctl(set, 0, IPC_RMID)
a, b: resumes -> EIDRM"#,
    )
    .passes();
}

#[test]
fn what_a_step_does_to_others_is_announced_in_any_order() {
    let script = |first: &str, second: &str| {
        run_lines(&format!(
            r#"a: set = semget(IPC_PRIVATE, 1, 0o600)
a: child = fork()
a: third = fork()
child, third: semop(set, [{{0, -1, 0}}]) -> blocks
a: semop(set, [{{0, 2, 0}}])
{first}
{second}"#
        ))
    };
    script("child: resumes", "third: resumes").passes();
    script("third: resumes", "child: resumes").passes();
    // The step that caused it is to blame, which stands in line 7.
    script("child: resumes", "").diverges("unannounced-resume", 7, "`third`");
}

#[test]
fn an_end_that_a_step_causes_is_announced() {
    let lines = "a: child = fork()\na: kill(child, SIGTERM)\n";
    run_lines(&format!("{lines}child: dies SIGTERM\na: waitpid(child) -> killed(SIGTERM)")).passes();
    run_lines(&format!("{lines}a: getpid()")).diverges("unannounced-end", 4, "dies SIGTERM");
    run_lines(&format!("{lines}child: dies SIGKILL")).diverges("wrong-end", 5, "dies SIGTERM");
}

#[test]
fn what_is_announced_must_happen() {
    let blocked = "a: [r, w] = pipe()\na: child = fork()\nchild: read(r, 1) -> blocks\n";
    run_lines(&format!("{blocked}a: getpid()\nchild: resumes")).diverges("does-not-resume", 7, "blocked in `read` on `r`");
    run_lines(&format!("{blocked}a: getpid()\nchild: dies SIGKILL")).diverges("does-not-end", 7, "blocked in `read` on `r`");
    run_lines(&format!("{blocked}a: getpid()")).diverges("left-blocked", 5, "blocked in `read` on `r`");
}

#[test]
fn a_binding_of_a_blocked_call_is_made_when_it_resumes() {
    run_lines(
        r#"a: [r, w] = pipe()
a: child = fork()
child: got = read(r, 10) -> blocks
a: write(w, "late")
child: resumes -> "late"
expect got == "late""#,
    )
    .passes();
}

#[test]
fn a_wrong_outcome_is_told_apart_by_its_kind() {
    run_lines("a: close(77) -> ENOENT").diverges("wrong-errno", 3, "EBADF");
    run_lines("a: close(77)").diverges("fails-instead", 3, "EBADF");
    run_lines("a: getpid() -> EPERM").diverges("succeeds-instead", 3, "a");
    run_lines("a: getppid() -> 7").diverges("wrong-value", 3, "1");
    run_lines("a: pause() -> 0").diverges("blocks-instead", 3, "blocks");
    run_lines("a: getppid() -> blocks").diverges("returns-instead", 3, "1");
    run_lines("a: raise(SIGTERM)").diverges("died-instead", 3, "dies SIGTERM");
    run_lines("a: n = getppid()\nexpect n + 1 == 3").diverges("expectation-not-met", 4, "2 and 3");
}

#[test]
fn calls_with_a_time_limit_end_by_themselves() {
    run_lines(
        r#"a: set = semget(IPC_PRIVATE, 1, 0o600)
a: semtimedop(set, [{0, -1, 0}], 20ms) -> EAGAIN
b: semtimedop(set, [{0, -1, 0}], 60s) -> sleeps
a: semop(set, [{0, 1, 0}])
b: resumes
b: semtimedop(set, [{0, -1, 0}], 20ms) -> sleeps
b: resumes -> EAGAIN
a: nanosleep(10ms)"#,
    )
    .passes();
}

#[test]
fn eventually_asks_again_and_says_that_it_is_weaker() {
    let ended = run_lines("a: getppid() -> eventually 1\na: cat(\"/proc/self/comm\") -> eventually _");
    ended.passes();
    assert!(ended.steps().all(|step| step.eventually));
    run_lines("a: write(1, \"x\") -> eventually 1").is_refused("eventually");
}

#[test]
fn output_is_what_an_actor_and_its_children_wrote() {
    run_lines(
        r#"a: write(1, "one ")
a: child = fork()
child: write(1, "two ")
b: write(1, "other")
a: system("printf three")
expect output(a) == "one two three"
expect output(b) == "other"
expect output(a) -> contains "two""#,
    )
    .passes();
}

#[test]
fn handlers_run_by_themselves_and_are_counted() {
    run_lines(
        r#"a: signal(SIGUSR1, do { write(1, "caught\n") })
a: sigaction(SIGUSR2, {sa_handler: do { }, sa_flags: SA_RESTART})
a: pause() -> blocks
b: kill(a, SIGUSR1)
a: resumes -> EINTR
a: caught() -> [SIGUSR1]
a: caught() -> []
a: raise(SIGUSR2)
a: caught() -> [SIGUSR2]
expect output(a) == "caught\n""#,
    )
    .passes();
}

#[test]
fn handlers_at_exit_run_in_reverse_order() {
    run_lines(
        r#"a: atexit(do { write(1, "last\n") })
a: atexit(do { write(1, "first\n") })
a: exit(0)
expect output(a) == "first\nlast\n""#,
    )
    .passes();
}

#[test]
fn an_actor_becomes_a_program() {
    run_lines(
        r#"a: execve("/nowhere", ["nowhere"]) -> ENOENT
a: execve("/bin/sh", ["sh", "-c", "echo done; exit 3"]) -> exits 3
b: execve("/bin/sh", ["sh", "-c", "kill -TERM $$"]) -> dies SIGTERM
expect output(a) == "done\n""#,
    )
    .passes();
    run_lines("a: execve(\"/bin/sh\", [\"sh\", \"-c\", \"exit 3\"]) -> exits 4").diverges("wrong-end", 3, "exits 3");
}

#[test]
fn programs_are_run_and_heard() {
    run_lines(
        r#"a: system("exit 7") -> exited(7)
a: system("kill -9 $$") -> killed(SIGKILL)
a: popen("echo heard; echo twice") -> "heard\ntwice\n"
b: popen("cat /scenario/test.ipcs") -> contains "scenario""#,
    )
    .passes();
}

#[test]
fn the_end_of_an_actor_is_its_own_business_and_its_parent_sees_it() {
    run_lines(
        r#"a: child = fork()
child: exit(300)
a: waitpid(child) -> exited(44)
a: waitpid(-1) -> ECHILD
a: other = fork()
other: _exit(1) -> exits 1
a: waitpid(-1) -> {pid: other, status: exited(1)}"#,
    )
    .passes();
}

#[test]
fn namespaces_are_compared_by_their_owners() {
    run_lines(
        r#"expect ns(a, ipc) == ns(b, ipc)
a: unshare(CLONE_NEWIPC | CLONE_NEWUTS)
expect ns(a, ipc) != ns(b, ipc)
expect ns(a, uts) != ns(b, uts)
expect ns(a, mnt) == ns(b, mnt)"#,
    )
    .passes();
}

#[test]
fn an_actor_is_its_pid() {
    run_lines(
        r#"a: getpid() -> a
a: child = fork()
child: getppid() -> a
child: getpid() -> child
a: cat("/proc/{child}/comm") -> _
a: kill(child, SIGKILL)
child: dies SIGKILL
a: waitpid(-1) -> {pid: child, status: killed(SIGKILL)}"#,
    )
    .passes();
}

#[test]
fn a_scenario_ends_at_its_first_divergence_and_others_go_on() {
    let ended = run(r#"
scenario "bad" {
    actor a
    a: close(77)
    a: getpid()
}
scenario "good" {
    actor a
    a: getpid()
}
"#);
    ended.diverges("fails-instead", 4, "EBADF");
    assert_eq!((ended.steps().count(), ended.verdicts().count()), (2, 2));
}
