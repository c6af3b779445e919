//! What signals do to a process, as /proc tells.

/// Whether a process with this /proc/PID/status catches or ignores `signal`, so that it neither ends nor stops it; see proc_pid_status(5).
pub fn withstands(status: &str, signal: i32) -> bool {
    let Some(bit) = u32::try_from(signal - 1).ok().and_then(|place| 1u64.checked_shl(place)) else { return false };
    let lines = status.lines().filter_map(|line| line.strip_prefix("SigIgn:").or_else(|| line.strip_prefix("SigCgt:")));
    lines.filter_map(|mask| u64::from_str_radix(mask.trim(), 16).ok()).any(|mask| mask & bit != 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_caught_or_ignored_is_withstood() {
        let status = "SigBlk:\t0000000000004000\nSigIgn:\t0000000000001000\nSigCgt:\t0000000000000200\nCapInh:\t0\n";
        assert!(withstands(status, libc::SIGPIPE) && withstands(status, libc::SIGUSR1));
        assert!(!withstands(status, libc::SIGTERM), "it is blocked, and ends the process later");
        assert!(!withstands(status, libc::SIGKILL) && !withstands(status, 0) && !withstands(status, 65));
        assert!(!withstands("", libc::SIGUSR1));
    }
}
