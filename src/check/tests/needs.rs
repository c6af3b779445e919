//! What scenarios need.

use super::{Case, assert_cases, fine, said};
use crate::scenario::NeedKind;
use crate::syntax::ast::CompareOp;
use crate::value::Value;

pub(super) const CASES: &[Case] = &[
    (
        "unknown-need",
        "kernle",
        "`kernle` is nothing that a scenario can need",
        "did you mean `needs kernel >= 5.6`?",
        "scenario \"s\" {\nneeds kernle >= 5\n}",
    ),
    (
        "unknown-need",
        "CAP_SYS_ADMN",
        "there is no capability `CAP_SYS_ADMN`",
        "did you mean `needs CAP_SYS_ADMIN`?",
        "scenario \"s\" {\nneeds CAP_SYS_ADMN\n}",
    ),
    (
        "bad-need",
        "needs kernel",
        "`needs kernel` is compared with something",
        "`needs kernel >= 5.6`",
        "scenario \"s\" {\nneeds kernel\n}",
    ),
    (
        "bad-need",
        "CONFIG_USER_NS",
        "the option is written without `CONFIG_`",
        "write `needs config USER_NS`",
        "scenario \"s\" {\nneeds config CONFIG_USER_NS\n}",
    ),
    (
        "bad-need",
        "needs privileged CAP_KILL",
        "`needs privileged` takes paths in quotes, or stands alone",
        "`needs privileged \"/proc/sys/fs/pipe-max-size\"`",
        "scenario \"s\" {\nneeds privileged CAP_KILL\n}",
    ),
    (
        "bad-need",
        "\"/proc/sys\"",
        "`needs privileged` takes the path of one file or folder, no more than is changed",
        "`needs privileged \"/proc/sys/fs/pipe-max-size\"`",
        "scenario \"s\" {\nneeds privileged \"/proc/sys\"\n}",
    ),
    (
        "bad-need",
        "\"/tmp/x\"",
        "`needs privileged` takes a path of the host, and a world has /tmp of its own",
        "`needs privileged \"/proc/sys/fs/pipe-max-size\"`",
        "scenario \"s\" {\nneeds privileged \"/tmp/x\"\n}",
    ),
    (
        "bad-need",
        "1001",
        "`needs uid` takes one value; write a line for each",
        "`needs uid 1000`",
        "scenario \"s\" {\nneeds uid 1000, 1001\n}",
    ),
    (
        "bad-need",
        "\"rel\"",
        "`needs file` takes a path from the root",
        "`needs file \"/proc/",
        "scenario \"s\" {\nneeds file \"rel\"\n}",
    ),
    (
        "bad-need",
        "needs sysctl fs.x",
        "`needs sysctl` is compared with something",
        "fs.pipe-max-size == 1M",
        "scenario \"s\" {\nneeds sysctl fs.x\n}",
    ),
    ("bad-need", "-1", "`needs uid` takes an id of 32 bits", "`needs uid 1000`", "scenario \"s\" {\nneeds uid -1\n}"),
    ("bad-need", "root", "`needs uid` takes a number, not a name", "`needs uid 1000`", "scenario \"s\" {\nneeds uid root\n}"),
    ("empty-range", "9..1", "nothing lies in 9..1", "write `1..9`", "scenario \"s\" {\nneeds uid 9..1\n}"),
    ("unknown-name", "x86", "no machine is called `x86`", "this machine is `x86_64`", "scenario \"s\" {\nneeds arch x86\n}"),
    (
        "unasked",
        "mseal(8, 8)",
        "`mseal` came with Linux 6.10",
        "write `needs kernel >= 6.10` first",
        "scenario \"s\" {\nneeds kernel >= 6.9\nactor a\na: mseal(8, 8)\n}",
    ),
    (
        "unasked",
        "mkdir(\"/sys/fs/cgroup/memory/x\", 0o755)",
        "`mkdir` is for /sys/fs/cgroup/memory/x, and a world has cgroups only when they are asked for",
        "write `needs cgroup1 memory` first",
        "a: mkdir(\"/sys/fs/cgroup/memory/x\", 0o755)",
    ),
    (
        "misplaced",
        "needs kernel >= 5",
        "`needs` stands first in a scenario or in `setup`",
        "move this line ahead of all others",
        "a: getpid()\nneeds kernel >= 5",
    ),
];

#[test]
fn each_mistake_is_told_at_its_place() {
    assert_cases(CASES);
}

#[test]
fn what_may_be_there_is_not_asked_for() {
    let quiet = [
        "a: setresuid(1000, 1000, 1000) -> EINVAL",
        "a: unshare(CLONE_NEWUSER)\na: setuid(1000)",
        "a: setresuid(-1, 0, -1)",
        "if kernel >= 1.0 {\na: mseal(8, 8)\n}",
        "a: mount(\"x\", \"/mnt\", \"tmpfs\")",
        "a: mount(\"x\", \"/sys/fs/cgroup\", \"tmpfs\")\na: mkdir(\"/sys/fs/cgroup/x\", 0o755)",
        "a: ls(\"/sys/fs/cgroup\")",
    ];
    for lines in quiet {
        assert_eq!(said(lines), Vec::<String>::new(), "{lines}");
    }
}

#[test]
fn every_kind_is_understood() {
    let text = r#"
        setup { needs kernel >= 5.6 }
        scenario "s" {
            needs config USER_NS
            needs fs overlay
            needs cgroup
            needs cgroup memory
            needs cgroup1 freezer
            needs uid 1000
            needs uid 100000..100999
            needs sysctl fs.pipe-max-size == 1M
            needs file "/proc/sys/fs/mqueue"
            needs program "/usr/bin/ipcs"
            needs arch x86_64
            needs privileged
            needs privileged "/proc/sys/fs/pipe-max-size", "//sys/fs/cgroup/"
            needs CAP_SYS_RESOURCE
        }
    "#;
    let scenarios = fine(text);
    let kinds: Vec<NeedKind> = scenarios[0].needs.iter().map(|need| need.kind.clone()).collect();
    assert_eq!(
        kinds,
        [
            NeedKind::Kernel(CompareOp::GreaterOrEqual, vec![5, 6]),
            NeedKind::Config("USER_NS".into()),
            NeedKind::Filesystem("overlay".into()),
            NeedKind::Cgroup(None),
            NeedKind::Cgroup(Some("memory".into())),
            NeedKind::Cgroup1("freezer".into()),
            NeedKind::Uid(1000, 1000),
            NeedKind::Uid(100_000, 100_999),
            NeedKind::Sysctl("fs.pipe-max-size".into(), CompareOp::Equal, Value::Int(1 << 20)),
            NeedKind::File("/proc/sys/fs/mqueue".into()),
            NeedKind::Program("/usr/bin/ipcs".into()),
            NeedKind::Arch("x86_64".into()),
            NeedKind::Privileged(Vec::new()),
            NeedKind::Privileged(vec!["/proc/sys/fs/pipe-max-size".into(), "/sys/fs/cgroup".into()]),
            NeedKind::Capability("CAP_SYS_RESOURCE".into()),
        ]
    );
    assert_eq!(scenarios[0].needs[7].text, "uid 100000..100999");
}
