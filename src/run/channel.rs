//! Shared memory between the coordinator and one actor: a command one way, a reply the other, each a sequence number and bytes.
//!
//! It takes no descriptor, survives `close_range` and is not inherited by programs; the actor's share of the system calls goes
//! through the gate, so that a seccomp filter of the script can let it pass.

use crate::operation::kernel::gate;
use crate::operation::strict;
use crate::value::{Outcome, Value};
use serde::{Deserialize, Serialize};
use std::io;
use std::ptr::NonNull;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};

/// Bytes that a command or a reply can hold. Only what is touched costs memory.
const CAPACITY: usize = 4 << 20;
/// Bytes of one channel: a page for the words and for what is short, then the command, then the reply.
const STRIDE: usize = PAGE + 2 * CAPACITY;
const PAGE: usize = 4096;
/// Where in the page of the words a short command lies, and a short reply. Nearly all are short, and then one page serves for everything: each
/// that is touched is one more for the kernel to find, to clear and to take back, in each actor.
const SHORT: [usize; 2] = [256, 2176];
/// Bytes that are short.
const FEW: usize = 1920;
/// The reply of an actor that has never parked.
const UNBORN: u32 = u32::MAX;

/// What an actor is to do.
#[derive(Debug, Serialize, Deserialize)]
pub struct Command {
    /// Index of the operation in the catalogue.
    pub operation: u32,
    /// Its arguments, every one a value.
    pub args: Vec<Value>,
    /// The channel of the actor that it brings, for fork and clone.
    pub child: Option<u16>,
}

/// The words of a channel. Each side writes its own.
#[repr(C)]
struct Words {
    /// Sequence number of the latest command; the actor waits on it.
    command: AtomicU32,
    /// Bytes of the latest command.
    command_length: AtomicU32,
    /// Sequence number of the latest command that has been answered; the coordinator waits on it.
    reply: AtomicU32,
    /// Bytes of the latest reply.
    reply_length: AtomicU32,
    /// The descriptor from which the actor reads while it waits; 0 when it waits for `command` in a futex, as it does unless the kernel
    /// would end it for that.
    door: AtomicU32,
    /// Nanoseconds in which the latest command ends by itself, as its socket says; 0 for no limit. The actor writes it before the call.
    limit: AtomicU64,
    /// In how many pid namespaces the coordinator has seen the actor, its world's counted; 0 for not looked at yet.
    depth: AtomicU32,
}

/// The channels of all actors of one scenario, one mapping, shared by fork.
#[derive(Debug, Clone, Copy)]
pub struct Channels {
    base: NonNull<u8>,
    count: usize,
}

// SAFETY: the mapping belongs to no thread: it is used by processes at the same time, through atomics and a strict order of turns.
unsafe impl Send for Channels {}

/// What is said on a channel.
#[derive(Debug, Clone, Copy)]
enum Message {
    Command,
    Reply,
}

/// One actor's channel.
#[derive(Debug, Clone, Copy)]
pub struct Channel {
    base: NonNull<u8>,
}

impl Channels {
    /// Maps `count` channels, which must be renewed before they are used.
    ///
    /// # Errors
    ///
    /// When the kernel refuses the mapping; see mmap(2).
    pub fn map(count: usize) -> io::Result<Self> {
        let length = STRIDE * count.max(1);
        let flags = libc::MAP_SHARED | libc::MAP_ANONYMOUS | libc::MAP_NORESERVE;
        // SAFETY: a new anonymous mapping replaces nothing.
        let at = unsafe { libc::mmap(std::ptr::null_mut(), length, libc::PROT_READ | libc::PROT_WRITE, flags, -1, 0) };
        if at == libc::MAP_FAILED {
            return Err(io::Error::last_os_error());
        }
        let base = NonNull::new(at.cast()).ok_or_else(|| io::Error::other("mmap gave address 0"))?;
        Ok(Self { base, count })
    }

    /// Makes them as good as new for actors who are not there yet; those who were must be gone. Pages that were touched stay at hand.
    pub fn renew(self) {
        for index in 0..self.count {
            let channel = self.at(index);
            let words = channel.words();
            for word in [&words.command, &words.command_length, &words.reply_length, &words.door, &words.depth] {
                word.store(0, Ordering::Relaxed);
            }
            words.limit.store(0, Ordering::Relaxed);
            words.reply.store(UNBORN, Ordering::Release);
        }
    }

    /// The channel of actor `index`.
    pub fn at(self, index: usize) -> Channel {
        assert!(index < self.count, "a scenario has as many channels as actors");
        // SAFETY: `index` is below the number of channels that were mapped.
        Channel { base: unsafe { self.base.add(index * STRIDE) } }
    }

    /// Takes the channels out of the calling process's memory for which `gone` says so: an actor reaches only its own and those
    /// that it will hand to its children. What is gone already must not be named again, for the script may have mapped
    /// something of its own there since.
    pub fn drop_from_memory(self, gone: impl Fn(usize) -> bool) {
        let mut index = 0;
        while index < self.count {
            let run = (index..self.count).take_while(|&index| gone(index)).count();
            if run > 0 {
                // The range lies in the mapping, and this process holds no reference into it.
                let at = self.base.addr().get() + index * STRIDE;
                gate(libc::SYS_munmap, [at, run * STRIDE, 0, 0, 0, 0]);
            }
            index += run + 1;
        }
    }
}

impl Channel {
    fn words(&self) -> &Words {
        // SAFETY: a channel starts with its words, page-aligned, zero-initialised, and both sides use them as atomics alone.
        unsafe { self.base.cast::<Words>().as_ref() }
    }

    /// Where a message of so many bytes lies, and how many there may be.
    fn area(&self, message: Message, length: usize) -> (*mut u8, usize) {
        let [command, reply] = SHORT;
        let (offset, most) = match message {
            Message::Command if length <= FEW => (command, FEW),
            Message::Reply if length <= FEW => (reply, FEW),
            Message::Command => (PAGE, CAPACITY),
            Message::Reply => (PAGE + CAPACITY, CAPACITY),
        };
        // SAFETY: all areas lie within the channel's stride.
        (unsafe { self.base.as_ptr().add(offset) }, most)
    }

    /// Writes a message, and gives its length; `None` when it is too long. The other side does not look at the areas until the sequence number
    /// changes.
    fn write(&self, message: Message, value: &impl Serialize) -> Option<u32> {
        let length = [FEW, CAPACITY].into_iter().find_map(|length| {
            let (area, most) = self.area(message, length);
            // SAFETY: `most` bytes lie within the area, and nobody else has a reference to them.
            let area = unsafe { std::slice::from_raw_parts_mut(area, most) };
            postcard::to_slice(value, area).ok().map(|used| used.len())
        });
        u32::try_from(length?).ok()
    }

    /// Coordinator: hands over a command, and gives its sequence number; `None` when it is too long.
    pub fn send(&self, command: &Command) -> Option<u32> {
        let length = self.write(Message::Command, command)?;
        let words = self.words();
        words.command_length.store(length, Ordering::Relaxed);
        let sequence = words.command.load(Ordering::Relaxed).wrapping_add(1) & !(1 << 31);
        words.command.store(sequence, Ordering::Release);
        futex(&words.command, libc::FUTEX_WAKE, 1, None);
        Some(sequence)
    }

    /// Coordinator: whether the latest command has been answered, and the actor is parked or about to be.
    pub fn answered(&self) -> bool {
        let words = self.words();
        words.reply.load(Ordering::Acquire) == words.command.load(Ordering::Relaxed)
    }

    /// Coordinator: the descriptor of the actor to which a byte must be written after a command.
    pub fn door(&self) -> Option<u32> {
        Some(self.words().door.load(Ordering::Relaxed)).filter(|door| *door != 0)
    }

    /// Coordinator: whether its actor has begun.
    pub fn begun(&self) -> bool {
        self.words().reply.load(Ordering::Acquire) != UNBORN
    }

    /// Coordinator: the answer to the latest command. What the actor wrote is copied once, and nothing in it is trusted.
    pub fn outcome(&self) -> Outcome {
        let length = (self.words().reply_length.load(Ordering::Relaxed) as usize).min(CAPACITY);
        let mut copy = vec![0u8; length];
        let (area, _) = self.area(Message::Reply, length);
        // SAFETY: `length` bytes lie within the reply's area; the copy is of plain bytes.
        unsafe { std::ptr::copy_nonoverlapping(area, copy.as_mut_ptr(), length) };
        postcard::from_bytes(&copy).unwrap_or_else(|_| Outcome::Refused("the actor gave an answer that cannot be read".into()))
    }

    /// Coordinator: sleeps until the latest command is answered or `nanoseconds` are over. The end of the time decides nothing.
    pub fn wait(&self, nanoseconds: u32) {
        let words = self.words();
        let seen = words.reply.load(Ordering::Acquire);
        if seen != words.command.load(Ordering::Relaxed) {
            let limit = libc::timespec { tv_sec: 0, tv_nsec: i64::from(nanoseconds) };
            futex(&words.reply, libc::FUTEX_WAIT, seen, Some(&limit));
        }
    }

    /// Coordinator: the time limit of the latest command that no argument shows, in nanoseconds; 0 for none.
    pub fn limit(&self) -> u64 {
        self.words().limit.load(Ordering::Acquire)
    }

    /// Coordinator: says in how many pid namespaces of the world the actor is.
    pub fn place(&self, depth: u32) {
        self.words().depth.store(depth, Ordering::Release);
    }

    /// Actor: in how many pid namespaces the coordinator has seen it.
    pub fn depth(&self) -> u32 {
        self.words().depth.load(Ordering::Acquire)
    }

    /// Actor: says how long the call may wait that it is about to make, by `limit`, which may ask the kernel.
    pub fn announce(&self, limit: impl FnOnce() -> u64) {
        let words = self.words();
        // In strict mode nothing may be asked.
        let limit = if strict::door().is_none() { limit() } else { 0 };
        words.limit.store(limit, Ordering::Release);
    }

    /// Actor: says that it can take commands.
    pub fn begin(&self) {
        let words = self.words();
        words.reply.store(words.command.load(Ordering::Relaxed), Ordering::Release);
        futex(&words.reply, libc::FUTEX_WAKE, 1, None);
    }

    /// Actor: sleeps until there is a command. Signals may arrive meanwhile: no memory is taken or given back here.
    pub fn park(&self) {
        let words = self.words();
        let done = words.reply.load(Ordering::Relaxed);
        while words.command.load(Ordering::Acquire) == done {
            match strict::door() {
                None => futex(&words.command, libc::FUTEX_WAIT, done, None),
                Some(door) => {
                    let mut knock = 0u8;
                    gate(libc::SYS_read, [door, (&raw mut knock).expose_provenance(), 1, 0, 0, 0]);
                }
            }
        }
    }

    /// Actor: the command that ended `park`.
    pub fn command(&self) -> Option<Command> {
        let words = self.words();
        let length = (words.command_length.load(Ordering::Relaxed) as usize).min(CAPACITY);
        let (area, _) = self.area(Message::Command, length);
        // SAFETY: the coordinator wrote `length` bytes before it changed the sequence number, and waits for the answer now.
        let bytes = unsafe { std::slice::from_raw_parts(area, length) };
        postcard::from_bytes(bytes).ok()
    }

    /// Actor: answers the command that `park` gave.
    pub fn answer(&self, outcome: &Outcome) {
        let words = self.words();
        let length = self.write(Message::Reply, outcome).or_else(|| {
            let refusal = Outcome::Refused("the result is longer than a step can carry".into());
            self.write(Message::Reply, &refusal)
        });
        words.reply_length.store(length.unwrap_or(0), Ordering::Relaxed);
        words.door.store(strict::door().and_then(|door| u32::try_from(door).ok()).unwrap_or(0), Ordering::Relaxed);
        words.reply.store(words.command.load(Ordering::Relaxed), Ordering::Release);
        futex(&words.reply, libc::FUTEX_WAKE, 1, None);
    }
}

/// futex(2) on a word that processes share.
fn futex(word: &AtomicU32, operation: i32, value: u32, limit: Option<&libc::timespec>) {
    let limit = limit.map_or(0, |limit| std::ptr::from_ref(limit).expose_provenance());
    gate(libc::SYS_futex, [word.as_ptr().expose_provenance(), operation as usize, value as usize, limit, 0, 0]);
}
