//! How a process ends by itself; see exit(3).

use super::entry::call;
use super::prepared::Later;
use super::{Failure, Family, kernel};
use crate::value::Errno;
use std::sync::{Mutex, PoisonError};

/// The end of a process.
pub static FAMILY: Family = Family {
    name: "exit",
    title: "The end of a process",
    summary: "At its end the kernel takes from a process what was its own: descriptors, mappings, locks, what it did to semaphores under \
        SEM_UNDO. What has a name of its own stays: files, System V objects, POSIX queues. The parent gets SIGCHLD and, once it asks, the \
        status; see waitpid.",
    calls: &[&EXIT, &EXIT_AT_ONCE, &ATEXIT],
    constants: &[],
    structs: &[],
};

call! {
    /// Ends the calling process; what `atexit` was given is done first.
    ///
    /// The parent gets the low eight bits of the status.
    fn exit(status: i32 = 0) -> () {
        // SAFETY: exit(3) runs the handlers and ends the process; other threads of it are parked or in a system call.
        unsafe { libc::exit(status) }
    }
    const EXIT: "exit(3)";
    traits: [Ends];
    blocks: "never";
    errors: {};
    example: "a: child = fork()
child: exit(258)
a: waitpid(child)  -> exited(2)";
}

call! {
    /// Ends the calling process at once; nothing that `atexit` was given is done.
    fn _exit(status: i32 = 0) -> () {
        // SAFETY: _exit(2) ends the process.
        unsafe { libc::_exit(status) }
    }
    const EXIT_AT_ONCE: "_exit(2)";
    traits: [Ends];
    blocks: "never";
    errors: {};
    example: "a: atexit(do { write(1, \"never\") })
a: _exit(0)
expect output(a) == \"\"";
}

call! {
    /// Has calls made when the process ends by `exit`; what was given last is done first.
    ///
    /// A child inherits them at fork. A signal or `_exit` ends the process without them.
    fn atexit(function: Later) -> () {
        // Registered first: the handlers are inherited by fork with the C library's own list, and so stay as many as that has.
        // SAFETY: atexit(3) takes a function that lives as long as the program.
        kernel(|| match unsafe { libc::atexit(make_last) } {
            0 => 0,
            _ => -1,
        })
        .map_err(|_| Failure::Errno(Errno::ENOMEM))?;
        AT_EXIT.lock().unwrap_or_else(PoisonError::into_inner).push(function);
        Ok(())
    }
    const ATEXIT: "atexit(3)";
    traits: [Local];
    blocks: "never";
    errors: { ENOMEM: "no memory for the registration" };
    example: "a: atexit(do { write(1, \"first given\\n\") })
a: atexit(do { write(1, \"last given\\n\") })
a: exit(0)
expect output(a) == \"last given\\nfirst given\\n\"";
}

/// What is to be done at the end, in the order in which it was given; one entry for each registration of [`make_last`].
static AT_EXIT: Mutex<Vec<Later>> = Mutex::new(Vec::new());

extern "C" fn make_last() {
    // The lock is free again before the calls are made: one of them may be `atexit`.
    let last = AT_EXIT.lock().unwrap_or_else(PoisonError::into_inner).pop();
    if let Some(last) = last {
        last.make();
    }
}
