//! What the POSIX objects that are opened by name share: the flags of mq_open, sem_open and shm_open.

use super::entry::constants;

constants! {
    /// flags of mq_open, sem_open and shm_open
    flags IpcOpenFlags(i32) {
        O_RDONLY, "open for reading only";
        O_WRONLY, "open for writing only";
        O_RDWR, "open for reading and writing";
        O_CREAT, "create the object unless one with this name exists";
        O_EXCL, "with O_CREAT: fail with EEXIST when one exists";
        O_TRUNC, "shm_open: cut the object down to 0 bytes";
        O_NONBLOCK, "mq_open: fail with EAGAIN instead of waiting";
        O_CLOEXEC, "close it at execve; mq_open and shm_open do so on Linux in any case";
    }
}
