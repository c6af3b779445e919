//! The program's own code in memory: what is forked thousands of times a second does better with a few huge pages of it.
//!
//! Code that is mapped from a file comes into a new process page after page, whenever it is first run: two dozen faults an actor. Of a huge page
//! of 2 MiB the kernel copies one entry when it forks, and there is nothing left to fault. The file systems that programs lie on seldom have such
//! pages, so the code is copied into anonymous memory, once for all workers, and that is put where it was.

use std::io;
use std::ops::Range;
use std::ptr;
use std::sync::Once;

/// Bytes of a huge page.
const HUGE: usize = 2 << 20;

/// Replaces the program's code, as far as whole huge pages go, by a copy in such pages, which all processes that are forked from now on share.
/// Where anything is refused (there are no huge pages, or memory may not be both written and executed, not even one after the other) all stays
/// as it is. A second call does nothing.
///
/// The one thing that anybody can see of it is a mapping without a name in proc_pid_maps(5). Nothing of it is written to core files.
pub fn settle() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        // Where it is refused, actors are slower to start, and nothing else.
        let _ = replace();
    });
}

fn replace() -> io::Result<()> {
    let maps = std::fs::read_to_string("/proc/self/maps")?;
    let Some(whole) = around(&maps, settle as fn() as usize) else { return Ok(()) };
    let (start, end) = (whole.start.next_multiple_of(HUGE), whole.end / HUGE * HUGE);
    if start >= end {
        return Ok(());
    }
    let room = Room::map(end - start)?;
    room.advise(libc::MADV_HUGEPAGE)?;
    // SAFETY: the code is mapped and can be read from `start` to `end`, and the new mapping is as large.
    unsafe { ptr::copy_nonoverlapping(ptr::with_exposed_provenance::<u8>(start), room.pointer().cast(), room.length) };
    // Fails unless all of it lies in huge pages then: in small ones each fork would copy an entry for every page.
    room.advise(libc::MADV_COLLAPSE)?;
    room.advise(libc::MADV_DONTDUMP)?;
    // SAFETY: the range is that of the new mapping.
    let done = unsafe { libc::mprotect(room.pointer(), room.length, libc::PROT_READ | libc::PROT_EXEC) };
    if done < 0 {
        return Err(io::Error::last_os_error());
    }
    let (target, how) = (ptr::with_exposed_provenance_mut::<libc::c_void>(start), libc::MREMAP_MAYMOVE | libc::MREMAP_FIXED);
    // SAFETY: what is replaced is replaced by the same bytes, in one system call: it returns to code that is there again.
    let moved = unsafe { libc::mremap(room.pointer(), room.length, room.length, how, target) };
    if moved == libc::MAP_FAILED {
        return Err(io::Error::last_os_error());
    }
    std::mem::forget(room);
    Ok(())
}

/// The mappings without a gap that end with the one in which `address` lies, are of the same file, and cannot be written: constants, then code.
fn around(maps: &str, address: usize) -> Option<Range<usize>> {
    let mut whole: Option<(Range<usize>, &str)> = None;
    for line in maps.lines() {
        let mut words = line.split_ascii_whitespace();
        let (start, end) = words.next()?.split_once('-')?;
        let range = usize::from_str_radix(start, 16).ok()?..usize::from_str_radix(end, 16).ok()?;
        let writable = !words.next()?.starts_with("r-");
        let file = words.nth(2)?;
        whole = match whole {
            _ if writable || file == "0" => None,
            Some((before, same)) if before.end == range.start && same == file => Some((before.start..range.end, file)),
            _ => Some((range.clone(), file)),
        };
        if range.contains(&address) {
            return whole.map(|(whole, _)| whole);
        }
    }
    None
}

/// New memory that begins where a huge page can. It goes with its owner.
struct Room {
    at: usize,
    length: usize,
}

impl Room {
    /// Maps so many bytes, a multiple of a huge page.
    fn map(length: usize) -> io::Result<Self> {
        let (access, kind) = (libc::PROT_READ | libc::PROT_WRITE, libc::MAP_PRIVATE | libc::MAP_ANONYMOUS);
        // SAFETY: a new anonymous mapping replaces nothing.
        let at = unsafe { libc::mmap(ptr::null_mut(), length + HUGE, access, kind, -1, 0) };
        if at == libc::MAP_FAILED {
            return Err(io::Error::last_os_error());
        }
        let first = at.expose_provenance();
        let at = first.next_multiple_of(HUGE);
        // What is too much before and behind goes again.
        for (from, to) in [(first, at), (at + length, first + length + HUGE)] {
            if from < to {
                // SAFETY: the range belongs to the mapping that was just made.
                unsafe { libc::munmap(ptr::with_exposed_provenance_mut(from), to - from) };
            }
        }
        Ok(Self { at, length })
    }

    fn advise(&self, advice: i32) -> io::Result<()> {
        // SAFETY: nobody else knows the range, and the callers' advice changes nothing that is in it.
        let done = unsafe { libc::madvise(self.pointer(), self.length, advice) };
        if done < 0 { Err(io::Error::last_os_error()) } else { Ok(()) }
    }

    fn pointer(&self) -> *mut libc::c_void {
        ptr::with_exposed_provenance_mut(self.at)
    }
}

impl Drop for Room {
    fn drop(&mut self) {
        // SAFETY: the range was mapped above, and nothing points into it any more.
        unsafe { libc::munmap(self.pointer(), self.length) };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn constants_and_code_of_one_file_are_taken_together_and_nothing_that_is_written() {
        let maps = "00200000-00378000 r--p 00000000 fe:00 7 /bin/program\n\
                    00378000-007ba000 r-xp 00177000 fe:00 7 /bin/program\n\
                    007ba000-00876000 r--p 005b8000 fe:00 7 /bin/program\n\
                    00876000-00878000 rw-p 00673000 fe:00 7 /bin/program\n\
                    00878000-00879000 r-xp 00000000 00:00 0\n";
        assert_eq!(around(maps, 0x0037_8010), Some(0x0020_0000..0x007b_a000));
        assert_eq!(around(maps, 0x0087_6010), None);
        assert_eq!(around(maps, 0x0087_8010), None);
        assert_eq!(around(maps, 0x0090_0000), None);
    }

    #[test]
    fn code_goes_on_where_it_was() {
        settle();
        let maps = std::fs::read_to_string("/proc/self/maps").expect("maps");
        assert!(maps.contains("r-xp"), "{maps}");
    }
}
