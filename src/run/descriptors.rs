//! What a process has open, as /proc tells: asked only for a report.

use super::process::ProcFs;

/// An open descriptor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Descriptor {
    /// Its number.
    pub fd: i32,
    /// Where its link in /proc points: `pipe:[1234]`.
    pub link: String,
    /// Whether it was opened for writing.
    pub writes: bool,
}

/// Descriptors with higher numbers are not looked at: a script that opens hundreds is not explained by one of them.
const LOOKED_AT: i32 = 256;

/// What `pid` has open; nothing where /proc does not say.
pub fn descriptors(procfs: &ProcFs, pid: i32) -> Vec<Descriptor> {
    let open = |fd: i32| {
        let link = procfs.link(&format!("{pid}/fd/{fd}")).ok()?;
        let info = procfs.read(&format!("{pid}/fdinfo/{fd}")).ok()?;
        Some(Descriptor { fd, link, writes: writes(&info) })
    };
    (0..LOOKED_AT).filter_map(open).collect()
}

/// The access mode among the flags that /proc/PID/fdinfo shows in octal; see proc_pid_fdinfo(5).
fn writes(info: &str) -> bool {
    let flags = info.lines().find_map(|line| line.strip_prefix("flags:")).map(str::trim);
    let flags = flags.and_then(|flags| i32::from_str_radix(flags, 8).ok()).unwrap_or(0);
    matches!(flags & libc::O_ACCMODE, libc::O_WRONLY | libc::O_RDWR)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tells_readers_from_writers() {
        assert!(!writes("pos:\t0\nflags:\t02000000\n"));
        assert!(writes("pos:\t0\nflags:\t0100001\nmnt_id:\t15\n"));
        assert!(writes("flags:\t02\n"));
        assert!(!writes("no flags"));
    }
}
