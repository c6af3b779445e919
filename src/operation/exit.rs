//! How a process ends by itself; see exit(3).

use super::entry::call;
use super::prepared::Later;
use super::{Failure, Family, kernel};
use crate::value::Errno;
use std::ffi::{c_int, c_void};
use std::sync::{Mutex, PoisonError};

/// The end of a process.
pub static FAMILY: Family = Family {
    name: "exit",
    title: "The end of a process",
    summary: "At its end the kernel takes from a process what was its own: descriptors, mappings, locks, what it did to semaphores under \
        SEM_UNDO. What has a name of its own stays: files, System V objects, POSIX queues. The parent gets SIGCHLD and, once it asks, the \
        status; see waitpid.",
    calls: &[&EXIT, &EXIT_AT_ONCE, &QUICK_EXIT, &ABORT, &ATEXIT, &ON_EXIT, &AT_QUICK_EXIT],
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

call! {
    /// Has calls made when the process ends by `exit`, in one order with what `atexit` was given.
    ///
    /// A function of C would get the status and `arg`; the calls of a script have their arguments already.
    fn on_exit(function: Later, arg: usize = 0) -> () {
        let arg = std::ptr::without_provenance_mut(arg);
        // Registered first, as in `atexit`.
        // SAFETY: on_exit(3) takes a function that lives as long as the program; nobody follows the pointer.
        kernel(|| match unsafe { register_on_exit(make_last_of_two, arg) } {
            0 => 0,
            _ => -1,
        })
        .map_err(|_| Failure::Errno(Errno::ENOMEM))?;
        AT_EXIT.lock().unwrap_or_else(PoisonError::into_inner).push(function);
        Ok(())
    }
    const ON_EXIT: "on_exit(3)";
    traits: [Local];
    blocks: "never";
    errors: { ENOMEM: "no memory for the registration" };
    example: "a: atexit(do { write(1, \"first given\\n\") })
a: on_exit(do { write(1, \"last given\\n\") })
a: exit(0)
expect output(a) == \"last given\\nfirst given\\n\"";
}

call! {
    /// Has calls made when the process ends by `quick_exit`; what was given last is done first.
    fn at_quick_exit(function: Later) -> () {
        // SAFETY: at_quick_exit(3) takes a function that lives as long as the program.
        kernel(|| match unsafe { register_at_quick_exit(make_last_quickly) } {
            0 => 0,
            _ => -1,
        })
        .map_err(|_| Failure::Errno(Errno::ENOMEM))?;
        QUICKLY.lock().unwrap_or_else(PoisonError::into_inner).push(function);
        Ok(())
    }
    const AT_QUICK_EXIT: "at_quick_exit(3)";
    traits: [Local];
    blocks: "never";
    errors: { ENOMEM: "no memory for the registration" };
    example: "a: at_quick_exit(do { write(1, \"quickly\\n\") })
a: exit(0)
expect output(a) == \"\"";
}

call! {
    /// Ends the calling process; what `at_quick_exit` was given is done first, what `atexit` was given is not.
    fn quick_exit(status: i32 = 0) -> () {
        // SAFETY: quick_exit(3) runs the handlers and ends the process.
        unsafe { end_quickly(status) }
    }
    const QUICK_EXIT: "quick_exit(3)";
    traits: [Ends];
    blocks: "never";
    errors: {};
    example: "a: atexit(do { write(1, \"never\\n\") })
a: at_quick_exit(do { write(1, \"quickly\\n\") })
a: quick_exit(3)
expect output(a) == \"quickly\\n\"";
}

call! {
    /// Ends the calling process by SIGABRT, whether it is held back, ignored, or has a handler that returns.
    ///
    /// The handler runs first. Nothing that `atexit` was given is done.
    fn abort() -> () {
        kernel(|| -> c_int {
            // SAFETY: abort(3) ends the process.
            unsafe { libc::abort() }
        })?;
        Ok(())
    }
    const ABORT: "abort(3)";
    traits: [Ends];
    blocks: "never";
    errors: {};
    example: "a: signal(SIGABRT, do { write(1, \"handler\\n\") })
a: atexit(do { write(1, \"never\\n\") })
a: abort()  -> dies SIGABRT
expect output(a) == \"handler\\n\"";
}

/// What is to be done at the end, in the order in which it was given; one entry for each registration of [`make_last`] or
/// [`make_last_of_two`]. The C library keeps one list for both, so one is enough here, too.
static AT_EXIT: Mutex<Vec<Later>> = Mutex::new(Vec::new());
/// What is to be done at a quick end.
static QUICKLY: Mutex<Vec<Later>> = Mutex::new(Vec::new());

extern "C" fn make_last() {
    make_last_of(&AT_EXIT);
}

extern "C" fn make_last_of_two(_status: c_int, _argument: *mut c_void) {
    make_last_of(&AT_EXIT);
}

extern "C" fn make_last_quickly() {
    make_last_of(&QUICKLY);
}

fn make_last_of(list: &Mutex<Vec<Later>>) {
    // The lock is free again before the calls are made: one of them may be `atexit`.
    let last = list.lock().unwrap_or_else(PoisonError::into_inner).pop();
    if let Some(last) = last {
        last.make();
    }
}

// The C library has them; the libc crate does not declare them.
unsafe extern "C" {
    #[link_name = "on_exit"]
    fn register_on_exit(function: extern "C" fn(c_int, *mut c_void), argument: *mut c_void) -> c_int;
    #[link_name = "at_quick_exit"]
    fn register_at_quick_exit(function: extern "C" fn()) -> c_int;
    #[link_name = "quick_exit"]
    fn end_quickly(status: c_int) -> !;
}
