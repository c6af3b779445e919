//! What a call touches, for the explorer of orders: two steps that touch nothing in common come to the same in either order.
//!
//! An entry says it in its clause `touches`; one that says nothing touches anything. A clause promises, for every outcome of the call, that
//! whatever other processes can notice of it, and whatever of theirs it can notice, lies in the objects that it names. Three things need no
//! mention:
//!
//! - What is the caller's own: its descriptors' numbers, its mappings, masks, limits, working directory. Each step reads the process of its actor,
//!   and a call that looks at another process, or changes it, writes that process: it goes together with no step of it.
//! - A caller that ends: a step of which the script says that its actor may die touches everything (descriptors are closed, locks let go, parents
//!   woken), and one that dies although nothing says so is a divergence in either order.
//! - Calls that are pending: a step touches what the call that it lets go on touches, and so does one that sends a signal to its caller.
//!
//! Clocks and limits on all that a user has open are left out as well: nothing but time, or a scenario with thousands of objects, tells them.

use super::Operation;
use crate::value::{Constant, Type, Value};

/// Whether an object is only looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Others may look at it at the same time, in any order.
    Reads,
    /// Order matters to whoever else touches it.
    Writes,
}

/// Kinds of objects that processes share.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Semaphores of the System V set with this id: those that `semnum` or `sops` name.
    Semaphore,
    /// System V semaphore sets: one by its id, or all of them, with their keys and the order in which ids are given out.
    Semaphores,
    /// System V shared memory segments, as sets: who has attached one, not what is in it.
    Segments,
    /// System V message queues, as sets.
    Queues,
    /// What is in memory, wherever it stands: two addresses may be one page, through two mappings.
    Memory,
    /// What a descriptor refers to: a pipe by both of its ends, sockets all together, files all together, with what is mapped of them.
    Descriptor,
    /// A POSIX message queue, by a descriptor.
    PosixQueue,
    /// The names of POSIX message queues, semaphores and shared memory, and the room that there is for further ones.
    Names,
    /// The tree of files, whatever the path: two paths may be one file.
    Files,
    /// Pipes and their like that no path names, all of them: paths below /proc/PID/fd open them.
    Channels,
    /// A process by its pid, the caller for 0; without a parameter all of them.
    Process,
    /// Those to whom a signal goes: a process by its pid, the caller without a parameter. Anything where it would end or stop one of them.
    Signalled,
    /// Host name and domain name.
    Hostname,
    /// What later calls touch, their own clauses notwithstanding: a signal for each transfer, pages that two objects hold. After it nothing goes together.
    Beyond,
}

/// One thing that a call touches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Touch {
    /// How.
    pub access: Access,
    /// What.
    pub kind: Kind,
    /// The parameter that says which; all of the kind without one.
    pub by: Option<&'static str>,
}

/// What an entry says.
#[derive(Debug)]
pub enum Touches {
    /// The same for all arguments.
    Always(&'static [Touch]),
    /// By the command; of those that are not listed, nothing is said.
    ByCommand {
        /// The parameter that holds the command.
        parameter: &'static str,
        /// Commands, and what the call touches under each of them.
        cases: &'static [(&'static [&'static str], &'static [Touch])],
    },
}

impl Operation {
    /// What the call touches with these arguments; `None` where its entry says nothing of it.
    pub fn touched(&self, args: &[Value]) -> Option<&'static [Touch]> {
        let (parameter, cases) = match self.touches.as_ref()? {
            Touches::Always(touches) => return Some(touches),
            Touches::ByCommand { parameter, cases } => (parameter, cases),
        };
        let at = self.parameters.iter().position(|known| known.name == *parameter)?;
        let command = args.get(at)?.int()?;
        let groups = match &self.parameters.get(at)?.ty {
            Type::Either(types) => types,
            one => std::slice::from_ref(one),
        };
        let constants = groups.iter().filter_map(|ty| if let Type::Constants(group) = ty { Some(group.constants) } else { None });
        let is = |constant: &Constant, name: &str| constant.value == command && constant.name == name;
        let named = |name: &str| constants.clone().flatten().any(|constant| is(constant, name));
        cases.iter().find(|(commands, _)| commands.iter().any(|name| named(name))).map(|(_, touches)| *touches)
    }
}

/// What a clause of an entry says, as data: `[reads memory, writes semaphores(semid)]`, or such a list for each of some commands.
macro_rules! touches {
    (always [$($access:ident $kind:ident $(($by:ident))?),* $(,)?]) => {
        $crate::operation::touch::Touches::Always(&[$($crate::operation::touch::touches!(@one $access $kind $(($by))?)),*])
    };
    (by $parameter:ident {
        $($($command:ident)+ => [$($access:ident $kind:ident $(($by:ident))?),* $(,)?]),+ $(,)?
    }) => {
        $crate::operation::touch::Touches::ByCommand {
            parameter: stringify!($parameter),
            cases: &[$((&[$(stringify!($command)),+], &[$($crate::operation::touch::touches!(@one $access $kind $(($by))?)),*])),+],
        }
    };
    (@one $access:ident $kind:ident) => {
        $crate::operation::touch::Touch {
            access: $crate::operation::touch::touches!(@access $access),
            kind: $crate::operation::touch::touches!(@kind $kind),
            by: None,
        }
    };
    (@one $access:ident $kind:ident ($by:ident)) => {
        $crate::operation::touch::Touch {
            access: $crate::operation::touch::touches!(@access $access),
            kind: $crate::operation::touch::touches!(@kind $kind),
            by: Some(stringify!($by)),
        }
    };
    (@access reads) => { $crate::operation::touch::Access::Reads };
    (@access writes) => { $crate::operation::touch::Access::Writes };
    (@kind semaphore) => { $crate::operation::touch::Kind::Semaphore };
    (@kind semaphores) => { $crate::operation::touch::Kind::Semaphores };
    (@kind segments) => { $crate::operation::touch::Kind::Segments };
    (@kind queues) => { $crate::operation::touch::Kind::Queues };
    (@kind memory) => { $crate::operation::touch::Kind::Memory };
    (@kind descriptor) => { $crate::operation::touch::Kind::Descriptor };
    (@kind posix_queue) => { $crate::operation::touch::Kind::PosixQueue };
    (@kind names) => { $crate::operation::touch::Kind::Names };
    (@kind files) => { $crate::operation::touch::Kind::Files };
    (@kind channels) => { $crate::operation::touch::Kind::Channels };
    (@kind process) => { $crate::operation::touch::Kind::Process };
    (@kind signalled) => { $crate::operation::touch::Kind::Signalled };
    (@kind hostname) => { $crate::operation::touch::Kind::Hostname };
    (@kind beyond) => { $crate::operation::touch::Kind::Beyond };
}

pub(crate) use touches;

impl Kind {
    /// The object for people, where `by` says which: ``semaphores of `semid` ``.
    fn describe(self, by: Option<&str>) -> String {
        let of = |one: &str, all: &str| by.map_or_else(|| all.to_owned(), |by| format!("{one} `{by}`"));
        match self {
            Self::Semaphore => of("semaphores of", "System V semaphores"),
            Self::Semaphores => of("all semaphores of", "all System V semaphores"),
            Self::Segments => of("the segment of", "all System V segments"),
            Self::Queues => of("the queue of", "all System V message queues"),
            Self::Memory => "memory".into(),
            Self::Descriptor => of("what stands behind", "descriptors"),
            Self::PosixQueue => of("the queue of", "POSIX message queues"),
            Self::Names => "the POSIX names".into(),
            Self::Files => "the tree of files".into(),
            Self::Channels => "pipes and their like".into(),
            Self::Process => of("the process", "all processes"),
            Self::Signalled => of("whom it signals by", "the caller"),
            Self::Hostname => "the host name".into(),
            Self::Beyond => "what later calls touch".into(),
        }
    }
}

impl Touches {
    /// The clause as a phrase: ``writes semaphores of `semid` ``.
    pub fn describe(&self) -> String {
        match self {
            Self::Always(touches) => listed(touches),
            Self::ByCommand { cases, .. } => {
                let case = |(commands, touches): &(&[&str], &[Touch])| format!("{}: {}", commands.join(" "), listed(touches));
                format!("{}; others: {UNSAID}", cases.iter().map(case).collect::<Vec<_>>().join("; "))
            }
        }
    }
}

/// What an entry without a clause touches, as a phrase.
pub const UNSAID: &str = "anything, as far as the explorer of orders knows";

fn listed(touches: &[Touch]) -> String {
    if touches.is_empty() {
        return "nothing that others share".into();
    }
    let mut phrases = Vec::new();
    for (access, verb) in [(Access::Writes, "writes"), (Access::Reads, "reads")] {
        let objects: Vec<String> =
            touches.iter().filter(|touch| touch.access == access).map(|touch| touch.kind.describe(touch.by)).collect();
        if !objects.is_empty() {
            phrases.push(format!("{verb} {}", objects.join(" and ")));
        }
    }
    phrases.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operation::{self, Trait};

    fn has_block(ty: &Type) -> bool {
        match ty {
            Type::Do => true,
            Type::Optional(inner) | Type::List(inner) => has_block(inner),
            Type::Either(types) => types.iter().any(has_block),
            Type::Struct(structure) => structure.fields.iter().any(|field| has_block(&field.ty)),
            _ => false,
        }
    }

    fn said(operation: &Operation) -> Vec<Touch> {
        match &operation.touches {
            None => Vec::new(),
            Some(Touches::Always(touches)) => touches.to_vec(),
            Some(Touches::ByCommand { cases, .. }) => cases.iter().flat_map(|(_, touches)| touches.iter().copied()).collect(),
        }
    }

    #[test]
    fn calls_that_begin_end_or_become_processes_say_nothing() {
        let reaching = [Trait::Forks, Trait::Shares, Trait::Threads, Trait::Ends, Trait::Becomes, Trait::Programs];
        for operation in operation::operations().filter(|operation| operation.touches.is_some()) {
            let wrong = reaching.iter().find(|what| operation.is(**what));
            assert!(wrong.is_none(), "`{}` is {wrong:?} and has a clause", operation.name);
            let block = operation.parameters.iter().find(|parameter| has_block(&parameter.ty));
            assert!(block.is_none(), "`{}` takes a `do` block and has a clause", operation.name);
        }
    }

    #[test]
    fn each_clause_names_parameters_and_commands_that_are_there() {
        for operation in operation::operations() {
            let parameter = |name: &str| operation.parameters.iter().find(|parameter| parameter.name == name);
            for touch in said(operation) {
                let ty = touch.by.map(|by| parameter(by).unwrap_or_else(|| panic!("`{}` has no `{by}`", operation.name)).ty);
                let fits = match touch.kind {
                    Kind::Semaphore => matches!(ty, Some(Type::Handle("semid"))),
                    Kind::Semaphores => matches!(ty, None | Some(Type::Handle("semid"))),
                    Kind::Segments => matches!(ty, None | Some(Type::Handle("shmid"))),
                    Kind::Queues => matches!(ty, None | Some(Type::Handle("msqid"))),
                    Kind::PosixQueue => matches!(ty, Some(Type::Handle("mqd"))),
                    Kind::Descriptor => ty.is_some(),
                    Kind::Process | Kind::Signalled => matches!(ty, None | Some(Type::Pid)),
                    Kind::Memory | Kind::Names | Kind::Files | Kind::Channels | Kind::Hostname | Kind::Beyond => ty.is_none(),
                };
                assert!(fits, "`{}`: {touch:?} by {ty:?}", operation.name);
                let signals = operation.parameters.iter().any(|parameter| parameter.ty == Type::Signal);
                assert!(touch.kind != Kind::Signalled || signals, "`{}` takes no signal", operation.name);
            }
            if let Some(Touches::ByCommand { parameter: name, cases }) = &operation.touches {
                assert!(parameter(name).is_some(), "`{}` has no `{name}`", operation.name);
                for command in cases.iter().flat_map(|(commands, _)| commands.iter()) {
                    assert!(operation::constant(command).is_some(), "`{}`: no constant `{command}`", operation.name);
                }
            }
        }
    }

    #[test]
    fn what_is_read_only_writes_nothing_but_another_process() {
        // `ioctl` is read-only only for the requests with which `eventually` asks.
        let always = |operation: &&Operation| {
            operation.is(Trait::ReadOnly) && !matches!(operation.touches, Some(Touches::ByCommand { .. }))
        };
        for operation in operation::operations().filter(always) {
            let writes = said(operation).into_iter().find(|touch| touch.access == Access::Writes && touch.kind != Kind::Process);
            assert!(writes.is_none(), "`{}` is ReadOnly and {writes:?}", operation.name);
        }
    }

    #[test]
    fn a_command_says_what_it_touches() {
        let (_, semctl) = operation::find("semctl").expect("a call");
        let touched = |command: &str| {
            let command = operation::constant(command).expect("a constant");
            semctl.touched(&[Value::Int(7), Value::Int(0), Value::Int(command)])
        };
        let on_set = |access| Some([Touch { access, kind: Kind::Semaphore, by: Some("semid") }]);
        assert_eq!(touched("GETVAL"), on_set(Access::Reads).as_ref().map(<[_; 1]>::as_slice));
        assert_eq!(touched("SETVAL"), on_set(Access::Writes).as_ref().map(<[_; 1]>::as_slice));
        let all = [Touch { access: Access::Writes, kind: Kind::Semaphores, by: None }];
        assert_eq!(touched("IPC_RMID"), Some(all.as_slice()));
        assert_eq!(semctl.touched(&[Value::Int(7), Value::Int(0), Value::Int(4711)]), None);
    }

    #[test]
    fn a_clause_reads_as_a_phrase() {
        let phrase = |name: &str| operation::find(name).and_then(|(_, call)| call.touches.as_ref()).map(Touches::describe);
        assert_eq!(phrase("semop").as_deref(), Some("writes semaphores of `semid`"));
        assert_eq!(phrase("load").as_deref(), Some("reads memory"));
        assert_eq!(phrase("getpid").as_deref(), Some("nothing that others share"));
        assert_eq!(phrase("fork"), None);
    }
}
