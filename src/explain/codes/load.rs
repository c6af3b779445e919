//! Codes of files that cannot be taken in. Further files stand behind a line `---- path`; `␏` stands for a byte that is no UTF-8.

use super::Row;

pub(super) const ROWS: &[Row] = &[
    (
        "include-loop",
        "A file includes itself, directly or through others. What several files need belongs into a file that includes none of them.",
        "include \"other.ipcs\"\n\nscenario \"an example\" {\n    actor a\n}\n---- other.ipcs\ninclude \"lesson.ipcs\"",
        "include \"other.ipcs\"\n\nscenario \"an example\" {\n    actor a\n    a: getpid()\n}\n---- other.ipcs\nconst KEY = 0x12345",
    ),
    (
        "missing-file",
        "There is no file or folder of the name that the command was given. Paths are taken from the folder in which the command is \
         started.",
        "$ ipcscript check leson.ipcs",
        "scenario \"an example\" {\n    actor a\n    a: getpid()\n}",
    ),
    (
        "missing-include",
        "There is no file of the name behind `include`. The path is taken from the folder of the script that says it.",
        "include \"lock.ipcs\"\n---- locks.ipcs\nconst KEY = 0x12345",
        "include \"locks.ipcs\"\n\nscenario \"an example\" {\n    actor a\n    a: getpid()\n}\n---- locks.ipcs\nconst KEY = 0x12345",
    ),
    (
        "not-a-file",
        "What `include` names is a folder, a pipe or a device. Only a file is read.",
        "include \"locks\"\n---- locks/",
        "include \"locks/all.ipcs\"\n\nscenario \"an example\" {\n    actor a\n    a: getpid()\n}\n---- locks/all.ipcs\nconst KEY = 0x12345",
    ),
    (
        "not-utf8",
        "The file holds bytes that are no UTF-8. Bytes that a call is to have are written as escapes.",
        "a: write(1, \"caf␏\")",
        "a: write(1, \"caf\\xe9\")",
    ),
    (
        "too-big",
        "The file is larger than any script that a person writes. Split it; what the parts share comes by `include`. (`«17000000× »` \
         stands for so many blanks.)",
        "scenario \"an example\" {\n    actor a\n}\n#«17000000× »",
        "scenario \"an example\" {\n    actor a\n    a: getpid()\n}",
    ),
    (
        "unreadable-file",
        "The file is there and cannot be read: its mode is against it, or a link leads in a circle.",
        "include \"loop\"\n---- loop -> loop",
        "include \"there\"\n\nscenario \"an example\" {\n    actor a\n    a: getpid()\n}\n---- there\nconst KEY = 0x12345",
    ),
];
