//! What is right, and near to what is wrong: nothing is said.

use super::{fine, said, said_of_broken};

#[test]
fn handles_of_one_family_stand_for_each_other() {
    fine("a: q = mq_open(\"/q\", O_CREAT | O_RDWR, 0o600)\na: fcntl(q, F_GETFD)\na: close(q)");
    fine("a: p = shmat(1)\na: sem_init(p + 64, 1, 1)\na: sem_post(p + 64)");
    fine("a: set = semget(1)\na: shmat(raw(set)) -> EINVAL\na: shmat(3) -> EINVAL\na: semop(-1, []) -> EINVAL");
}

#[test]
fn modes_and_keys_are_spelled_as_in_c() {
    fine("a: open(\"x\", O_CREAT | O_RDWR, S_IRUSR | S_IWUSR)");
    fine("a: semget(IPC_PRIVATE, 1, IPC_CREAT | S_IRUSR | 0o200)");
    fine("a: clone(CLONE_NEWIPC | SIGCHLD)");
}

#[test]
fn null_and_zero_are_the_same_pointer() {
    fine(
        "a: semtimedop(1, [], NULL)\na: semtimedop(1, [], 0)\na: mmap(NULL, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)",
    );
}

#[test]
fn patterns_of_all_kinds() {
    fine(
        "a: old = getpid()\na: getpid() -> != old\na: getpid() -> > 0\na: getpid() -> 1..10\na: getpid() -> _\na: getpid() -> a",
    );
    fine("a: cat(\"x\") -> contains \"te\" + \"xt\"\na: cat(\"x\") -> matches \"^[0-9]+ {a}$\"\na: ls(\"/\") -> [\"a\", ..]");
    fine("a: ls(\"/\") -> eventually [\"a\"]\na: mq_receive(3) -> {msg: contains \"x\", prio: 1 or 2}");
    fine("a: st = stat(\"/\")\nexpect st.st_mode & 0o777 == 0o755 or st.st_uid != 0\nexpect st.st_nlink -> 1 or 2..9");
}

#[test]
fn a_call_that_waits_since_before_a_block_may_return_inside() {
    let lines = "a: text = read(0, 1) -> blocks\ninterleave {\n    a: rest = read(0, 1)\n    a: getpid()\n}\n";
    fine(&format!("{lines}expect text == rest"));
    fine(&format!("{lines}a: resumes\nexpect text == rest"));
}

#[test]
fn a_scenario_may_be_empty() {
    assert_eq!(fine("scenario \"s\" {\n}")[0].steps.len(), 0);
}

#[test]
fn what_the_parser_has_said_is_not_said_again() {
    let nothing = Vec::<String>::new();
    for lines in [
        "a: x = getpid( -> 3\na: kill(x, 0)",
        "a: x = semop(1, [) -> blocks\na: resumes\nexpect x == 0",
        "a: kill(getppid(), 0)",
        "a: semget(1) -> EPERM | EACCES",
        "a: semop(1, []) -> blocks or 0",
        "a: semget(1) -> -1",
        "a: msgsnd(1, {mtype: 1, \"a\"})",
        "a: msgsnd(1, {mtype: 1, mtype: 2})",
        "a: kill(_, 0)",
        "a: semget(99999999999999999999999999)",
        "a: kernel = getpid()",
        "a: semget(1 2)",
        "a: ls(\"/\") -> [ok]",
    ] {
        assert_eq!(said_of_broken(lines), nothing, "in {lines}");
    }
}

#[test]
fn one_mistake_makes_no_others() {
    assert_eq!(said("c: set = semget(1)\na: semctl(set, 0, IPC_RMID)"), ["unknown-actor: c: unknown actor `c`"]);
    assert_eq!(said("a: getpid()\neach x in [1]\nexpect x == 1").len(), 1);
    assert_eq!(said("a: x = semget(nobody)\na: semctl(x + nobody, 0, IPC_RMID)").len(), 2);
}
