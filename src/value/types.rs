//! The types that calls take and give, as data: for the checker, the reports and the manual.

/// What a parameter takes or a call gives.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Type {
    /// Anything; the call itself looks.
    Any,
    /// Nothing of interest: a call that gives 0.
    Unit,
    /// An integer.
    Int,
    /// An integer written in octal by people: a file mode.
    Mode,
    /// An integer written in hexadecimal by people: a System V key.
    Key,
    /// Constants of a group, joined by `|`, or one of them where the group does not combine.
    Constants(&'static Group),
    /// An identifier that keeps its kind: `semid`, `shmid`, `msqid`, `fd`, `mqd`, `address`.
    Handle(&'static str),
    /// A string of bytes.
    Bytes,
    /// A string without NUL: a path or a name.
    Path,
    /// A process, by pid; an actor will do.
    Pid,
    /// An actor, and nothing else.
    Actor,
    /// A signal.
    Signal,
    /// A set of signals, as a list.
    Signals,
    /// How a process ended or changed.
    Status,
    /// A time limit; `NULL` for none.
    Timeout,
    /// A user or group id.
    Id,
    /// One of these words.
    Word(&'static [&'static str]),
    /// A `do { … }` block.
    Do,
    /// A list of these.
    List(&'static Type),
    /// A struct of C.
    Struct(&'static Structure),
    /// This, or `NULL`.
    Optional(&'static Type),
    /// One of these.
    Either(&'static [Type]),
}

/// A struct of C, in the order of its man page.
#[derive(Debug, PartialEq)]
pub struct Structure {
    /// As in C: `sembuf`.
    pub name: &'static str,
    /// What it is, one sentence.
    pub summary: &'static str,
    /// Its fields, in the order of C.
    pub fields: &'static [Field],
}

/// A field of a struct.
#[derive(Debug, PartialEq)]
pub struct Field {
    /// As in C: `sem_num`.
    pub name: &'static str,
    /// What it holds.
    pub ty: Type,
}

/// Constants that belong together: the flags of a call, its commands.
#[derive(Debug, PartialEq)]
pub struct Group {
    /// What they are, a noun phrase: `flags of semop`.
    pub name: &'static str,
    /// Whether they are joined by `|`.
    pub flags: bool,
    /// The constants.
    pub constants: &'static [Constant],
}

/// A constant of C.
#[derive(Debug, PartialEq)]
pub struct Constant {
    /// As in C: `IPC_CREAT`.
    pub name: &'static str,
    /// Its value on this machine.
    pub value: i128,
    /// What it means, one sentence.
    pub summary: &'static str,
}

impl Type {
    /// The type for people: `a semaphore set (semid)`.
    pub fn describe(&self) -> String {
        match self {
            Self::Any => "any value".into(),
            Self::Unit => "nothing".into(),
            Self::Int => "an integer".into(),
            Self::Mode => "a mode such as 0o600".into(),
            Self::Key => "a key such as 0x12345".into(),
            Self::Constants(group) if group.flags => format!("flags ({})", group.name),
            Self::Constants(group) => format!("one of the {}", group.name),
            Self::Handle(kind) => describe_handle(kind),
            Self::Bytes => "a string".into(),
            Self::Path => "a path".into(),
            Self::Pid => "a pid or an actor".into(),
            Self::Actor => "an actor".into(),
            Self::Signal => "a signal".into(),
            Self::Signals => "a list of signals".into(),
            Self::Status => "a wait status such as exited(0)".into(),
            Self::Timeout => "a duration such as 20ms, or NULL".into(),
            Self::Id => "a user or group id".into(),
            Self::Word(words) => format!("one of {}", words.join(", ")),
            Self::Do => "a block such as do { … }".into(),
            Self::List(inner) => format!("a list of {}", inner.plural()),
            Self::Struct(structure) => format!("a struct {}", structure.name),
            Self::Optional(inner) => format!("{}, or NULL", inner.describe()),
            Self::Either(types) => types.iter().map(Type::describe).collect::<Vec<_>>().join(", or "),
        }
    }
}

impl Type {
    /// Several of the type, for people.
    fn plural(&self) -> String {
        match self {
            Self::Any => "values".into(),
            Self::Int => "integers".into(),
            Self::Bytes => "strings".into(),
            Self::Path => "paths".into(),
            Self::Pid => "pids".into(),
            Self::Signal => "signals".into(),
            Self::Struct(structure) => format!("struct {}", structure.name),
            Self::Handle("fd") => "file descriptors".into(),
            one => one.describe(),
        }
    }
}

fn describe_handle(kind: &str) -> String {
    match kind {
        "semid" => "a semaphore set (semid)".into(),
        "shmid" => "a shared memory segment (shmid)".into(),
        "msqid" => "a message queue (msqid)".into(),
        "fd" => "a file descriptor".into(),
        "mqd" => "a POSIX message queue (mqd)".into(),
        "address" => "an address".into(),
        other => format!("a handle ({other})"),
    }
}
