//! The catalogue: every call that a script can make, each in one place with its documentation and its execution.
//!
//! From it come the checker's types and arity, the manual, the hints of the reports and the editors' word lists.

pub mod allocation;
pub mod argument;
pub mod capability;
pub mod clone;
pub mod counterpart;
pub mod credential;
pub mod directory;
mod entry;
pub mod epoll;
pub mod eventfd;
pub mod exit;
pub mod fcntl;
pub mod fifo;
pub mod file;
pub mod file_handle;
pub mod file_lock;
pub mod file_status;
pub mod file_sync;
pub mod file_times;
pub mod ftok;
pub mod futex;
mod handler;
pub mod hostname;
pub mod inotify;
pub mod inspect;
pub mod interface;
pub mod ioctl;
pub mod kcmp;
pub mod kernel;
pub mod kill;
pub mod landlock;
pub mod link;
pub mod mapping;
pub mod memory;
pub mod memory_advice;
pub mod memory_lock;
pub mod mount;
pub mod mount_context;
pub mod mount_query;
pub mod mount_tree;
pub mod namespace;
mod namespace_request;
pub mod openat2;
pub mod permission;
pub mod pidfd;
pub mod pipe;
pub mod poll;
mod portion;
pub mod posix_mq;
mod posix_name;
pub mod posix_sem;
pub mod posix_shm;
pub mod prctl;
pub mod prctl_option;
mod prepared;
pub mod priority;
pub mod process;
pub mod process_memory;
pub mod program;
pub mod pthread_cond;
pub mod pthread_mutex;
pub mod pthread_rwlock;
pub mod pthread_spin;
pub mod reboot;
pub mod redirect;
pub mod remap;
pub mod resource_limit;
pub mod root;
pub mod schedule;
pub mod seccomp;
pub mod seccomp_filter;
pub mod seccomp_notify;
pub mod select;
pub mod shape;
mod siginfo;
pub mod signal;
mod signal_stack;
pub mod signalfd;
pub mod socket;
pub mod socket_address;
pub mod socket_message;
pub mod socket_option;
pub mod socket_transfer;
pub mod spawn;
pub mod splice;
pub mod statx;
pub mod strict;
pub mod suspect;
pub mod syscall;
mod syscall_numbers;
pub mod system;
mod sysv;
pub mod sysv_msg;
pub mod sysv_sem;
pub mod sysv_shm;
pub mod temporary;
pub mod terminal;
pub mod terminal_settings;
pub mod thread;
pub mod time;
mod time_limit;
pub mod timer;
pub mod timerfd;
pub mod touch;
pub mod transfer;
pub mod usage;
pub mod vectored;
pub mod wait;
pub mod xattr;

pub use argument::{Argument, Bytes, Limit, Refusal, Returned};
pub use counterpart::{Counterpart, counterpart};
pub use kernel::kernel;
pub use suspect::{Suspect, suspects, suspects_of_end};
pub use time_limit::time_limit;
pub use touch::{Access, Kind, Touch, Touches};

use crate::value::{Constant, Errno, Group, Structure, Type, Value};
use std::sync::LazyLock;

/// A page of the manual: calls that belong together.
#[derive(Debug)]
pub struct Family {
    /// A word: `sysv_sem`.
    pub name: &'static str,
    /// A noun phrase: `System V semaphores`.
    pub title: &'static str,
    /// What a student should know first; Markdown.
    pub summary: &'static str,
    /// Its calls.
    pub calls: &'static [&'static Operation],
    /// Its constants.
    pub constants: &'static [&'static Group],
    /// Its structs.
    pub structs: &'static [&'static Structure],
}

/// One call.
#[derive(Debug)]
pub struct Operation {
    /// As in C: `semop`.
    pub name: &'static str,
    /// The manual page that it follows: `semop(2)`.
    pub man: &'static str,
    /// The first kernel that has it, `5.6`; none for calls that were always there.
    pub since: Option<&'static str>,
    /// What it does: the first line is one sentence, the rest may say more.
    pub summary: &'static str,
    /// What it takes.
    pub parameters: &'static [Parameter],
    /// What it gives, where no case of its commands says more.
    pub result: Type,
    /// For a call with commands: what each of them takes and gives.
    pub commands: Option<Commands>,
    /// When it blocks, and what wakes it; `never` where it cannot.
    pub blocks: &'static str,
    /// Which error it gives, and why.
    pub errors: &'static [(Errno, &'static str)],
    /// What the engine must know of it.
    pub traits: &'static [Trait],
    /// Which objects of others it reads and writes; without it anything.
    pub touches: Option<Touches>,
    /// Lines of a scenario's body that run as they stand.
    pub example: &'static str,
    /// The execution, in the actor's own process.
    pub run: fn(&[Value]) -> Result<Value, Failure>,
}

/// The oldest kernel on which a world can be built: mount_setattr(2) came with it.
pub const OLDEST_KERNEL: [u64; 2] = [5, 12];

/// What a call takes at one place.
#[derive(Debug)]
pub struct Parameter {
    /// As in the manual page: `semflg`.
    pub name: &'static str,
    /// Its type.
    pub ty: Type,
    /// What stands there when nothing is written: C programmers leave 0 or NULL.
    pub default: Option<&'static str>,
}

/// The commands of a call that does many things: `semctl`, `prctl`, `ioctl`.
#[derive(Debug)]
pub struct Commands {
    /// The parameter that holds the command: `cmd`.
    pub parameter: &'static str,
    /// The parameter without which a command is a bare number: the `level` of `setsockopt`.
    pub level: Option<&'static str>,
    /// What becomes of the call under which command; those not listed are as the signature says.
    pub cases: &'static [Case],
}

/// Commands that take and give the same.
#[derive(Debug)]
pub struct Case {
    /// The level at which they are commands: `SOL_SOCKET`.
    pub under: Option<&'static str>,
    /// Their constants: `IPC_STAT`.
    pub commands: &'static [&'static str],
    /// The parameters that hold something else than the signature says.
    pub takes: &'static [Parameter],
    /// What the call gives.
    pub gives: Type,
}

/// What the engine must know of a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trait {
    /// No other process can notice: nobody else needs to be looked at afterwards.
    Local,
    /// It can wake who is blocked, and neither ends nor signals anybody but its caller.
    Wakes,
    /// It changes nothing: `eventually` may ask it again.
    ReadOnly,
    /// Its result names a new actor; it returns twice.
    Forks,
    /// The actor that it names may share its caller's memory, as a thread does.
    Shares,
    /// The actor that it names is a thread of the caller's process.
    Threads,
    /// It does not return: the caller ends.
    Ends,
    /// The caller becomes another program.
    Becomes,
    /// It starts programs that are no actors.
    Programs,
    /// It can reach a network: the world needs one of its own.
    Network,
    /// It sees or changes how its caller is scheduled.
    Schedules,
    /// It sets a timer that sends a signal to its own process: what that waits for may be ended by time alone.
    Alarms,
    /// On a socket it waits no longer than SO_RCVTIMEO says; the socket is its first argument.
    Receives,
    /// On a socket it waits no longer than SO_SNDTIMEO says; the socket is its first argument.
    Sends,
    /// It asks for a connection, and gives up by itself; the socket is its first argument.
    Connects,
    /// It waits as long as SO_LINGER says, where its first argument is a socket.
    Lingers,
    /// It starts a clock: something will happen by itself later.
    Arms,
    /// What is written to what it makes arrives at the other end a moment later, by a worker of the kernel.
    Carries,
}

/// Why a call gave nothing.
#[derive(Debug, Clone, PartialEq)]
pub enum Failure {
    /// The kernel or the C library said so.
    Errno(Errno),
    /// The arguments do not fit the types of C.
    Refused(String),
}

impl From<Errno> for Failure {
    fn from(errno: Errno) -> Self {
        Self::Errno(errno)
    }
}

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal.0)
    }
}

/// Every family, in the order of the manual. Adding one is adding its file and a line here.
pub static FAMILIES: &[&Family] = &[
    &sysv_sem::FAMILY,
    &sysv_shm::FAMILY,
    &sysv_msg::FAMILY,
    &ftok::FAMILY,
    &posix_mq::FAMILY,
    &posix_sem::FAMILY,
    &pthread_mutex::FAMILY,
    &pthread_cond::FAMILY,
    &pthread_rwlock::FAMILY,
    &pthread_spin::FAMILY,
    &futex::FAMILY,
    &posix_shm::FAMILY,
    &mapping::FAMILY,
    &remap::FAMILY,
    &memory_advice::FAMILY,
    &memory_lock::FAMILY,
    &memory::FAMILY,
    &file::FAMILY,
    &openat2::FAMILY,
    &file_handle::FAMILY,
    &transfer::FAMILY,
    &vectored::FAMILY,
    &splice::FAMILY,
    &allocation::FAMILY,
    &file_sync::FAMILY,
    &file_status::FAMILY,
    &statx::FAMILY,
    &file_times::FAMILY,
    &xattr::FAMILY,
    &permission::FAMILY,
    &directory::FAMILY,
    &link::FAMILY,
    &temporary::FAMILY,
    &inspect::FAMILY,
    &pipe::FAMILY,
    &fifo::FAMILY,
    &redirect::FAMILY,
    &fcntl::FAMILY,
    &file_lock::FAMILY,
    &ioctl::FAMILY,
    &poll::FAMILY,
    &select::FAMILY,
    &epoll::FAMILY,
    &eventfd::FAMILY,
    &signalfd::FAMILY,
    &timerfd::FAMILY,
    &inotify::FAMILY,
    &socket::FAMILY,
    &socket_transfer::FAMILY,
    &socket_message::FAMILY,
    &socket_option::FAMILY,
    &interface::FAMILY,
    &terminal::FAMILY,
    &terminal_settings::FAMILY,
    &process::FAMILY,
    &clone::FAMILY,
    &exit::FAMILY,
    &thread::FAMILY,
    &wait::FAMILY,
    &program::FAMILY,
    &spawn::FAMILY,
    &kill::FAMILY,
    &pidfd::FAMILY,
    &signal::FAMILY,
    &schedule::FAMILY,
    &priority::FAMILY,
    &kcmp::FAMILY,
    &process_memory::FAMILY,
    &namespace::FAMILY,
    &mount::FAMILY,
    &mount_context::FAMILY,
    &mount_tree::FAMILY,
    &mount_query::FAMILY,
    &root::FAMILY,
    &hostname::FAMILY,
    &system::FAMILY,
    &reboot::FAMILY,
    &credential::FAMILY,
    &capability::FAMILY,
    &prctl::FAMILY,
    &seccomp::FAMILY,
    &landlock::FAMILY,
    &resource_limit::FAMILY,
    &time::FAMILY,
    &timer::FAMILY,
    &usage::FAMILY,
    &syscall::FAMILY,
];

/// Every call, in the order of the manual; its index names it on the way to an actor.
pub fn operations() -> impl Iterator<Item = &'static Operation> {
    FAMILIES.iter().flat_map(|family| family.calls.iter().copied())
}

/// The call named `name`, with its index.
pub fn find(name: &str) -> Option<(u32, &'static Operation)> {
    (0u32..).zip(operations()).find(|(_, operation)| operation.name == name)
}

/// The call with index `index`. Each step asks twice, so that the catalogue is walked through once only.
pub fn at(index: u32) -> Option<&'static Operation> {
    static CALLS: LazyLock<Vec<&'static Operation>> = LazyLock::new(|| operations().collect());
    CALLS.get(index as usize).copied()
}

/// Every constant of the catalogue.
pub fn constants() -> impl Iterator<Item = &'static Constant> {
    FAMILIES.iter().flat_map(|family| family.constants.iter()).flat_map(|group| group.constants.iter())
}

/// The constant named `name`; error numbers and signals are not among them.
pub fn constant(name: &str) -> Option<i128> {
    constants().find(|constant| constant.name == name).map(|constant| constant.value)
}

impl Operation {
    /// Whether the engine must know `what` of it.
    pub fn is(&self, what: Trait) -> bool {
        self.traits.contains(&what)
    }

    /// Whether, given `args`, a time limit of its own ends it.
    pub fn timed(&self, args: &[Value]) -> bool {
        self.parameters.iter().zip(args).any(|(parameter, value)| {
            matches!(parameter.ty, Type::Timeout) && matches!(value, Value::Duration(_) | Value::Int(1..))
        })
    }

    /// Nanoseconds that must pass before a time limit among `args` can end it; `None` without one. A parameter that C takes in a unit of its own
    /// is named after it; a bare number elsewhere is at least one millisecond each.
    pub fn shortest(&self, args: &[Value]) -> Option<u64> {
        let limits = self.parameters.iter().zip(args).filter(|(parameter, _)| matches!(parameter.ty, Type::Timeout));
        let limits = limits.filter_map(|(parameter, value)| match value {
            Value::Duration(nanoseconds) => Some(*nanoseconds),
            Value::Int(number @ 1..) => {
                let unit = match parameter.name {
                    "seconds" => 1_000_000_000,
                    "usec" => 1_000,
                    _ => 1_000_000,
                };
                Some(u64::try_from(*number).unwrap_or(u64::MAX).saturating_mul(unit))
            }
            _ => None,
        });
        limits.min()
    }

    /// The descriptors among `args`, wherever they stand in them.
    pub fn descriptors(&self, args: &[Value]) -> Vec<i32> {
        let mut found = Vec::new();
        self.parameters.iter().zip(args).for_each(|(parameter, value)| parameter.descriptors(value, &mut found));
        found
    }

    /// How many arguments must be written.
    pub fn required(&self) -> usize {
        self.parameters.iter().take_while(|parameter| parameter.default.is_none()).count()
    }

    /// What its commands say of the call with these arguments; `None` stands for one that is not known.
    pub fn case(&self, args: &[Option<Value>]) -> Option<&'static Case> {
        let commands = self.commands.as_ref()?;
        let position = |name: &str| self.parameters.iter().position(|parameter| parameter.name == name);
        let at = position(commands.parameter)?;
        let level = commands.level.and_then(|level| args.get(position(level)?)?.as_ref()?.int());
        let ty = &self.parameters.get(at)?.ty;
        let command = args.get(at)?.as_ref()?.int()?;
        let groups = match ty {
            Type::Either(types) => types,
            one => std::slice::from_ref(one),
        };
        let constants = groups.iter().filter_map(|ty| if let Type::Constants(group) = ty { Some(group.constants) } else { None });
        let is = |constant: &Constant, name: &str| constant.value == command && constant.name == name;
        let named = |name: &str| constants.clone().flatten().any(|constant| is(constant, name));
        let there = |case: &Case| case.under.is_none_or(|under| level.is_some() && constant(under) == level);
        commands.cases.iter().find(|case| there(case) && case.commands.iter().any(|name| named(name)))
    }

    /// What it gives with these arguments; `None` stands for one that is not known.
    pub fn gives(&self, args: &[Option<Value>]) -> Type {
        self.case(args).map_or(self.result, |case| case.gives)
    }

    /// The call with its parameters, as the head of its manual entry: `semop(semid, sops)`.
    pub fn signature(&self) -> String {
        let parameters = self.parameters.iter().map(|parameter| match parameter.written_default() {
            Some(default) => format!("{} = {default}", parameter.name),
            None => parameter.name.to_owned(),
        });
        format!("{}({})", self.name, parameters.collect::<Vec<_>>().join(", "))
    }
}

impl Parameter {
    /// What stands there when nothing is written, as C programmers write it: a pointer that is not there is `NULL`.
    pub fn written_default(&self) -> Option<&'static str> {
        match (self.default?, self.ty) {
            ("0", Type::Optional(_) | Type::Timeout | Type::Handle("address") | Type::Struct(_) | Type::List(_)) => Some("NULL"),
            ("-1", Type::Optional(_)) => Some("NULL"),
            (default, _) => Some(default),
        }
    }

    /// Adds the descriptors in `value`, which stands at its place, to `found`.
    pub fn descriptors(&self, value: &Value, found: &mut Vec<i32>) {
        descriptors(&self.ty, value, found);
    }
}

/// Adds the descriptors in a value of type `ty` to `found`.
fn descriptors(ty: &Type, value: &Value, found: &mut Vec<i32>) {
    match (ty, value) {
        (Type::Handle("fd"), Value::Int(number)) => found.extend(i32::try_from(*number)),
        (Type::List(inner), Value::List(items)) => items.iter().for_each(|item| descriptors(inner, item, found)),
        (Type::Optional(inner), value) => descriptors(inner, value, found),
        (Type::Struct(structure), Value::Record(fields)) => {
            for (place, (name, value)) in fields.iter().enumerate() {
                let by_name = structure.fields.iter().find(|field| field.name == name);
                let field = by_name.or_else(|| structure.fields.get(place).filter(|_| name.is_empty()));
                field.iter().for_each(|field| descriptors(&field.ty, value, found));
            }
        }
        _ => {}
    }
}
