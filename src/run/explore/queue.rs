//! The orders that are still to be run: a stack in memory that the runner shares with all coordinators, who take one, run it, and put
//! there what must be tried besides.

use super::super::pulse::Pulse;
use crate::scenario::ActorId;
use std::io;
use std::ptr::NonNull;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};

/// What a coordinator takes from the stack.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Task {
    /// Which of those that the runner has put there it comes from; it seeds the chance where chance chooses.
    pub number: u32,
    /// The first choices: which actor takes its next step.
    pub path: Vec<ActorId>,
}

/// The stack.
#[derive(Debug, Clone, Copy)]
pub struct Queue {
    base: NonNull<Words>,
}

// SAFETY: the mapping belongs to no thread; its words are atomics, and its bytes are touched by who holds the lock alone.
unsafe impl Sync for Queue {}
// SAFETY: as above.
unsafe impl Send for Queue {}

#[repr(C, align(64))]
struct Words {
    /// 0 free, 1 held, 2 held and somebody waits.
    lock: AtomicU32,
    /// Changes whenever somebody who waits for a task should look again.
    news: AtomicU32,
    /// Tasks that were taken and are not finished.
    taken: AtomicU32,
    /// Not 0 when no further task is to be taken.
    stopped: AtomicU32,
    /// Tasks that were taken so far.
    begun: AtomicU64,
    /// How many may be taken.
    most: AtomicU64,
    /// Bytes on the stack.
    used: AtomicU64,
}

/// Bytes of the whole mapping; what is not touched is not there.
const SIZE: usize = 64 << 20;
/// Milliseconds between two looks of somebody who waits. They decide nothing.
const LOOK: i64 = 20;
/// Looks after which the holder of the lock is taken for dead: it holds it for less than a millisecond.
const PATIENCE: u32 = 500;

impl Queue {
    /// Maps the stack, and puts `tasks` there, the first on top; at most `most` are ever taken.
    ///
    /// # Errors
    ///
    /// When the kernel refuses the mapping; see mmap(2).
    pub fn map(tasks: &[Task], most: u64) -> io::Result<Self> {
        let flags = libc::MAP_SHARED | libc::MAP_ANONYMOUS | libc::MAP_NORESERVE;
        // SAFETY: a new anonymous mapping replaces nothing.
        let at = unsafe { libc::mmap(std::ptr::null_mut(), SIZE, libc::PROT_READ | libc::PROT_WRITE, flags, -1, 0) };
        if at == libc::MAP_FAILED {
            return Err(io::Error::last_os_error());
        }
        let base = NonNull::new(at.cast()).ok_or_else(|| io::Error::other("mmap gave address 0"))?;
        let queue = Self { base };
        queue.words().most.store(most, Ordering::Relaxed);
        tasks.iter().rev().for_each(|task| queue.put(task));
        Ok(queue)
    }

    /// Keeps the mapping from every process that the calling one forks from now on.
    ///
    /// # Errors
    ///
    /// As madvise(2).
    pub fn keep_from_children(self) -> io::Result<()> {
        // SAFETY: the range is the whole mapping, which stays as it is in this process.
        let done = unsafe { libc::madvise(self.base.as_ptr().cast(), SIZE, libc::MADV_DONTFORK) };
        if done < 0 { Err(io::Error::last_os_error()) } else { Ok(()) }
    }

    /// Takes the mapping out of the calling process's memory, which must not use it any more.
    pub fn drop_from_memory(self) {
        // SAFETY: the range is the whole mapping, and the caller uses it no more.
        unsafe { libc::munmap(self.base.as_ptr().cast(), SIZE) };
    }

    /// The next task; waits while others may still find some. None when there will be no more. Any time is allowed for that.
    pub fn take(self, pulse: Pulse) -> Option<Task> {
        let words = self.words();
        pulse.hold();
        let task = loop {
            let news = words.news.load(Ordering::Acquire);
            if self.stopped() || !self.lock() {
                break None;
            }
            let task = self.pop();
            match &task {
                Some(_) if words.begun.load(Ordering::Relaxed) >= words.most.load(Ordering::Relaxed) => self.stop(),
                Some(_) => {
                    words.begun.fetch_add(1, Ordering::Relaxed);
                    words.taken.fetch_add(1, Ordering::Relaxed);
                }
                None => {}
            }
            let over = words.taken.load(Ordering::Relaxed) == 0;
            self.unlock();
            if self.stopped() {
                break None;
            }
            if task.is_some() || over {
                break task;
            }
            wait(&words.news, news);
        };
        pulse.release();
        task
    }

    /// Says that a task has been run, and puts there what it has shown to be tried besides, the first on top.
    pub fn finish(self, further: &[Task]) {
        if self.lock() {
            further.iter().rev().for_each(|task| self.put(task));
            self.words().taken.fetch_sub(1, Ordering::Relaxed);
            self.unlock();
        }
        self.words().news.fetch_add(1, Ordering::Release);
        wake(&self.words().news, i32::MAX);
    }

    /// Says that no further task is to be taken.
    pub fn stop(self) {
        self.words().stopped.store(1, Ordering::Release);
        self.words().news.fetch_add(1, Ordering::Release);
        wake(&self.words().news, i32::MAX);
    }

    /// Whether somebody said so.
    pub fn stopped(self) -> bool {
        self.words().stopped.load(Ordering::Acquire) != 0
    }

    /// Whether all tasks have been run.
    pub fn is_over(self) -> bool {
        let words = self.words();
        self.stopped() || (words.used.load(Ordering::Acquire) == 0 && words.taken.load(Ordering::Acquire) == 0)
    }

    /// Puts a task on the stack; where that is full, everything stops, for then there are millions.
    fn put(self, task: &Task) {
        let words = self.words();
        let used = usize::try_from(words.used.load(Ordering::Relaxed)).unwrap_or(SIZE);
        let length = task.path.len() * 2 + 8;
        if size_of::<Words>() + used + length > SIZE {
            words.stopped.store(1, Ordering::Release);
            return;
        }
        let mut bytes = Vec::with_capacity(length);
        task.path.iter().for_each(|actor| bytes.extend(actor.to_le_bytes()));
        bytes.extend(task.number.to_le_bytes());
        bytes.extend(u32::try_from(task.path.len()).unwrap_or(0).to_le_bytes());
        // SAFETY: the range lies within the mapping, and who puts something there holds the lock or is alone.
        unsafe { std::ptr::copy_nonoverlapping(bytes.as_ptr(), self.bytes(used), length) };
        words.used.store((used + length) as u64, Ordering::Release);
    }

    fn pop(self) -> Option<Task> {
        let words = self.words();
        let used = usize::try_from(words.used.load(Ordering::Relaxed)).ok().filter(|&used| used >= 8)?;
        let mut tail = [0u8; 8];
        // SAFETY: eight bytes lie before the end of what is used.
        unsafe { std::ptr::copy_nonoverlapping(self.bytes(used - 8), tail.as_mut_ptr(), 8) };
        let [a, b, c, d, length @ ..] = tail;
        let length = u32::from_le_bytes(length) as usize * 2;
        let from = used.checked_sub(8 + length)?;
        let mut path = vec![0u8; length];
        // SAFETY: as many bytes lie before those eight, for `put` has put them there.
        unsafe { std::ptr::copy_nonoverlapping(self.bytes(from), path.as_mut_ptr(), length) };
        words.used.store(from as u64, Ordering::Release);
        let path = path.chunks_exact(2).map(|pair| ActorId::from_le_bytes([pair[0], pair[1]])).collect();
        Some(Task { number: u32::from_le_bytes([a, b, c, d]), path })
    }

    fn bytes(self, offset: usize) -> *mut u8 {
        // SAFETY: the callers have seen that the offset lies within the mapping.
        unsafe { self.base.as_ptr().cast::<u8>().add(size_of::<Words>() + offset) }
    }

    /// Gets the lock; `false` when its holder seems to have been killed: then everything stops.
    fn lock(self) -> bool {
        let lock = &self.words().lock;
        if lock.compare_exchange(0, 1, Ordering::Acquire, Ordering::Relaxed).is_ok() {
            return true;
        }
        for _ in 0..PATIENCE {
            if lock.swap(2, Ordering::Acquire) == 0 {
                return true;
            }
            wait(lock, 2);
        }
        self.stop();
        false
    }

    fn unlock(self) {
        let lock = &self.words().lock;
        if lock.swap(0, Ordering::Release) == 2 {
            wake(lock, 1);
        }
    }

    fn words(&self) -> &Words {
        // SAFETY: the mapping is zero-initialised, which is a value, and begins with its words.
        unsafe { self.base.as_ref() }
    }
}

/// Sleeps until `word` is no longer `seen`, or for a while.
fn wait(word: &AtomicU32, seen: u32) {
    let limit = libc::timespec { tv_sec: 0, tv_nsec: LOOK * 1_000_000 };
    // SAFETY: futex(2) compares a word that outlives the call, and reads a local variable.
    unsafe { libc::syscall(libc::SYS_futex, word.as_ptr(), libc::FUTEX_WAIT, seen, &raw const limit, 0, 0) };
}

fn wake(word: &AtomicU32, count: i32) {
    // SAFETY: futex(2) with FUTEX_WAKE takes an address and a number.
    unsafe { libc::syscall(libc::SYS_futex, word.as_ptr(), libc::FUTEX_WAKE, count, 0, 0, 0) };
}

#[cfg(test)]
mod tests {
    use super::super::super::pulse::Pulses;
    use super::*;

    #[test]
    fn the_last_that_was_put_is_the_first_to_be_taken_and_all_are() {
        let pulse = Pulses::map(1, 0).expect("memory").worker(0);
        let task = |number, path: &[ActorId]| Task { number, path: path.to_vec() };
        let queue = Queue::map(&[task(1, &[]), task(2, &[0, 300])], 10).expect("memory");
        assert_eq!(queue.take(pulse), Some(task(1, &[])));
        queue.finish(&[task(1, &[1]), task(1, &[2, 2])]);
        assert_eq!(queue.take(pulse), Some(task(1, &[1])));
        queue.finish(&[]);
        assert_eq!(queue.take(pulse), Some(task(1, &[2, 2])));
        queue.finish(&[]);
        assert!(!queue.is_over());
        assert_eq!(queue.take(pulse), Some(task(2, &[0, 300])));
        queue.finish(&[]);
        assert!(queue.is_over());
        assert_eq!(queue.take(pulse), None);
        queue.drop_from_memory();
    }

    #[test]
    fn no_more_are_taken_than_may_be() {
        let pulse = Pulses::map(1, 0).expect("memory").worker(0);
        let queue = Queue::map(&[Task::default(), Task::default()], 1).expect("memory");
        assert!(queue.take(pulse).is_some());
        queue.finish(&[]);
        assert_eq!(queue.take(pulse), None);
        assert!(queue.stopped());
        queue.drop_from_memory();
    }
}
