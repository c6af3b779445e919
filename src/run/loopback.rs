//! Packets on their way: what is sent to the loopback is handed over by the processor's softirq, which the kernel may leave to a thread of its own
//! (ksoftirqd) while that has work. Then a call that sent something returns before anybody has got it.
//!
//! Packets of one processor are taken in turn, whatever their network namespace, and a world keeps to one processor. So a datagram of the coordinator's
//! own, in a namespace that no script sees, comes when all before it have been handed over.

use super::process::ProcFs;
use nix::sched::{CloneFlags, setns, unshare};
use std::fs::File;
use std::io;
use std::net::UdpSocket;
use std::os::fd::AsRawFd;
use std::time::Duration;

/// The coordinator's own way through the loopback.
#[derive(Debug)]
pub struct Loopback(UdpSocket);

/// Answers to what was handed over are sent behind the datagram: so often another one is sent as long as there are some. Whoever else uses the network of the machine
/// is counted, too, so that there must be an end.
const ROUNDS: usize = 16;
/// After this long a datagram is not coming: somebody has taken the processor for good.
const LOST: Duration = Duration::from_secs(5);

impl Loopback {
    /// Makes it, in a network namespace that lasts as long as it does.
    ///
    /// # Errors
    ///
    /// As unshare(2), socket(2) and bind(2).
    pub fn new() -> io::Result<Self> {
        let home = File::open("/proc/self/ns/net")?;
        unshare(CloneFlags::CLONE_NEWNET)?;
        let made = up().and_then(|()| UdpSocket::bind("127.0.0.1:0"));
        setns(&home, CloneFlags::CLONE_NEWNET)?;
        let socket = made?;
        socket.connect(socket.local_addr()?)?;
        socket.set_read_timeout(Some(LOST))?;
        Ok(Self(socket))
    }

    /// Waits until what was sent has been handed over, and what was answered to that.
    pub fn drain(&self, procfs: &ProcFs) {
        for _ in 0..ROUNDS {
            let before = handed_over(procfs);
            let came = self.0.send(&[0]).and_then(|_| self.0.recv(&mut [0]));
            if came.is_err() || handed_over(procfs) == before + 1 {
                return;
            }
        }
    }
}

/// Sets the loopback of the caller's network namespace up.
fn up() -> io::Result<()> {
    let socket = std::os::unix::net::UnixDatagram::unbound()?;
    // SAFETY: ifreq is plain data, for which zero is a value.
    let mut request: libc::ifreq = unsafe { std::mem::zeroed() };
    for (to, from) in request.ifr_name.iter_mut().zip(c"lo".to_bytes()) {
        *to = from.cast_signed();
    }
    request.ifr_ifru.ifru_flags = i16::try_from(libc::IFF_UP).unwrap_or(1);
    // SAFETY: the ioctl reads a structure that outlives the call.
    let done = unsafe { libc::ioctl(socket.as_raw_fd(), libc::SIOCSIFFLAGS, &raw const request) };
    if done < 0 { Err(io::Error::last_os_error()) } else { Ok(()) }
}

/// How many packets the processors have handed over: the first column of `softnet_stat`, of all namespaces together.
fn handed_over(procfs: &ProcFs) -> u64 {
    let table = procfs.read("self/net/softnet_stat").unwrap_or_default();
    table.lines().filter_map(|line| u64::from_str_radix(line.split(' ').next()?, 16).ok()).sum()
}
