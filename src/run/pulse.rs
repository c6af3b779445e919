//! A few words of memory that the runner, its workers and their coordinators share: which scenario is next, and whether each
//! worker still gets anywhere.

use std::io;
use std::ptr::NonNull;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};

/// The shared words: one that all workers draw from, and one set for each worker.
#[derive(Debug, Clone, Copy)]
pub struct Pulses {
    base: NonNull<Words>,
    workers: usize,
}

/// The words of one worker.
#[derive(Debug, Clone, Copy)]
pub struct Pulse {
    words: NonNull<Words>,
}

#[repr(C, align(64))]
struct Words {
    /// For the first entry: the next scenario. For a worker: how often anything settled.
    count: AtomicU32,
    /// Milliseconds that may pass without a beat beyond those that every step has; `HELD` for any time.
    patience: AtomicU32,
    /// The step that is being taken.
    step: AtomicU32,
    /// Not 0 when no further scenario is to be started.
    stopped: AtomicU32,
    /// Not 0 when the output of the scenario has filled its place.
    full: AtomicU32,
    /// Bytes of memory that files took on the whole machine when the scenario began.
    shared: AtomicU64,
    /// How often the coordinator has looked at somebody.
    looks: AtomicU32,
    /// How many scenarios, or orders of one, have begun.
    begun: AtomicU32,
}

/// Stands for any time.
const HELD: u32 = u32::MAX;

impl Pulses {
    /// Maps the words for `workers` workers; what is forked later shares them. `first` is the first scenario that is drawn.
    ///
    /// # Errors
    ///
    /// When the kernel refuses the mapping.
    pub fn map(workers: usize, first: usize) -> io::Result<Self> {
        let length = size_of::<Words>() * (workers + 1);
        let flags = libc::MAP_SHARED | libc::MAP_ANONYMOUS;
        // SAFETY: a new anonymous mapping replaces nothing.
        let at = unsafe { libc::mmap(std::ptr::null_mut(), length, libc::PROT_READ | libc::PROT_WRITE, flags, -1, 0) };
        if at == libc::MAP_FAILED {
            return Err(io::Error::last_os_error());
        }
        let base = NonNull::new(at.cast()).ok_or_else(|| io::Error::other("mmap gave address 0"))?;
        let pulses = Self { base, workers };
        pulses.words(0).count.store(u32::try_from(first).unwrap_or(u32::MAX), Ordering::Relaxed);
        Ok(pulses)
    }

    /// The next scenario that nobody has taken.
    pub fn next(self) -> usize {
        self.words(0).count.fetch_add(1, Ordering::Relaxed) as usize
    }

    /// Says that no further scenario is to be started.
    pub fn stop(self) {
        self.words(0).stopped.store(1, Ordering::Relaxed);
    }

    /// Whether somebody said so.
    pub fn stopped(self) -> bool {
        self.words(0).stopped.load(Ordering::Relaxed) != 0
    }

    /// The words of worker `index`.
    pub fn worker(self, index: usize) -> Pulse {
        assert!(index < self.workers, "there are as many pulses as workers");
        Pulse { words: NonNull::from(self.words(index + 1)) }
    }

    /// Takes the words out of the calling process's memory, which must not use them any more: an actor has nothing to say here, and
    /// neither has what a script makes of it.
    pub fn drop_from_memory(self) {
        let length = size_of::<Words>() * (self.workers + 1);
        // SAFETY: the range is the whole mapping, and the caller uses it no more.
        unsafe { libc::munmap(self.base.as_ptr().cast(), length) };
    }

    /// Keeps the words from every process that the calling one forks from now on.
    ///
    /// # Errors
    ///
    /// As madvise(2).
    pub fn keep_from_children(self) -> io::Result<()> {
        let length = size_of::<Words>() * (self.workers + 1);
        // SAFETY: the range is the whole mapping, which stays as it is in this process.
        let done = unsafe { libc::madvise(self.base.as_ptr().cast(), length, libc::MADV_DONTFORK) };
        if done < 0 { Err(io::Error::last_os_error()) } else { Ok(()) }
    }

    fn words(&self, index: usize) -> &Words {
        // SAFETY: the mapping holds one entry more than there are workers.
        let words = unsafe { self.base.add(index) };
        // SAFETY: the mapping is zero-initialised, which is a value, and is never taken away.
        unsafe { words.as_ref() }
    }
}

impl Pulse {
    fn words(&self) -> &Words {
        // SAFETY: as in `Pulses::words`.
        unsafe { self.words.as_ref() }
    }

    /// Step `step` begins: the usual time is allowed from now on.
    pub fn beat(&self, step: usize) {
        self.words().step.store(u32::try_from(step).unwrap_or(u32::MAX), Ordering::Relaxed);
        self.words().patience.store(0, Ordering::Relaxed);
        self.words().count.fetch_add(1, Ordering::Relaxed);
    }

    /// The step that is being taken waits for a time limit of its own, this many nanoseconds away.
    pub fn allow(&self, nanoseconds: u64) {
        let milliseconds = u32::try_from(nanoseconds / 1_000_000).unwrap_or(HELD);
        self.words().patience.store(milliseconds.min(HELD - 1), Ordering::Relaxed);
    }

    /// What is waited for now is nothing that the kernel or a script could keep back: any time is allowed until `release`.
    pub fn hold(&self) {
        self.words().patience.store(HELD, Ordering::Relaxed);
    }

    /// The wait is over: the usual time is allowed from now on.
    pub fn release(&self) {
        self.words().count.fetch_add(1, Ordering::Relaxed);
        self.words().patience.store(0, Ordering::Relaxed);
    }

    /// The coordinator is looking at what its actors do. That it does so, and nothing settles, is the actors' affair.
    pub fn look(&self) {
        self.words().looks.fetch_add(1, Ordering::Relaxed);
    }

    /// How often it did.
    pub fn looks(&self) -> u32 {
        self.words().looks.load(Ordering::Relaxed)
    }

    /// A scenario begins: nothing of the one before holds any more. `shared` are the bytes of memory that files take on the whole machine.
    pub fn begin(&self, shared: u64) {
        self.words().full.store(0, Ordering::Relaxed);
        self.words().shared.store(shared, Ordering::Relaxed);
        self.words().begun.fetch_add(1, Ordering::Relaxed);
        self.beat(0);
    }

    /// How many have begun.
    pub fn begun(&self) -> u32 {
        self.words().begun.load(Ordering::Relaxed)
    }

    /// What `begin` was told.
    pub fn shared(&self) -> u64 {
        self.words().shared.load(Ordering::Relaxed)
    }

    /// What is written has filled its place.
    pub fn fill_output(&self) {
        self.words().full.store(1, Ordering::Relaxed);
    }

    /// Whether it has.
    pub fn output_is_full(&self) -> bool {
        self.words().full.load(Ordering::Relaxed) != 0
    }

    /// How often anything settled, how many milliseconds beyond the usual ones may pass until it does again (`None` for any
    /// number), and in which step.
    pub fn read(&self) -> (u32, Option<u32>, usize) {
        let words = self.words();
        let patience = words.patience.load(Ordering::Relaxed);
        let patience = (patience != HELD).then_some(patience);
        (words.count.load(Ordering::Relaxed), patience, words.step.load(Ordering::Relaxed) as usize)
    }
}
