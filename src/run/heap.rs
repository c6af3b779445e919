//! The heap of a process that is forked again and again: what lies scattered costs each child a copied page for nearly every piece.

/// The largest piece that is looked for; what is larger has pages of its own.
const LARGEST: usize = 64 << 10;
/// Sizes up to this one have a list of free pieces each.
const LISTED: usize = 1 << 10;
/// Holes of one size, at most: a heap that has more keeps them.
const HOLES: usize = 4096;

/// Fills the holes that freed memory has left all over the heap, for good: what is taken from now on lies together behind them.
///
/// Reading and checking scripts leaves holes of all sizes, and the C library serves a request from one of them first. Without this a
/// child of a fork copies as many pages as it takes pieces of memory.
pub fn fill_holes() {
    if !cfg!(target_env = "gnu") {
        return;
    }
    // SAFETY: sbrk(2) with 0 only tells where the heap ends; what is taken from behind that is taken from no hole.
    let end = unsafe { libc::sbrk(0) }.addr();
    let mut size = LARGEST;
    while size > 0 {
        for _ in 0..HOLES {
            let piece = piece(size);
            if address(&piece) >= end {
                break;
            }
            std::mem::forget(piece);
        }
        size = if size > LISTED { size / 2 } else { size - 16 };
    }
}

fn piece(size: usize) -> Vec<u8> {
    std::hint::black_box(Vec::with_capacity(size))
}

fn address(piece: &[u8]) -> usize {
    piece.as_ptr().addr()
}
