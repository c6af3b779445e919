//! The known name that a mistyped one most likely means.

/// A longer word is no mistyped name.
const LONGEST: usize = 64;

/// The candidate nearest to `word`, if one is near enough to be worth suggesting.
///
/// A difference in case alone always counts; else at most a third of the letters may differ, or one of two. Any letter is as near
/// to another as the next: a name of one letter suggests nothing.
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let letters = word.chars().count();
    if letters > LONGEST {
        return None;
    }
    let folded = word.to_lowercase();
    let limit = if letters < 2 { 0 } else { (letters / 3).max(1) };
    candidates
        .into_iter()
        // What is longer or shorter by more cannot be near; this is cheap to see, and a script may hold thousands of mistakes.
        .filter(|candidate| *candidate != word && candidate.chars().count().abs_diff(letters) <= limit)
        .filter(|candidate| !word.is_ascii() || differing(&folded, candidate) <= 2 * limit)
        .map(|candidate| (strsim::osa_distance(&folded, &candidate.to_lowercase()), candidate))
        .filter(|&(distance, _)| distance <= limit)
        .min_by_key(|&(distance, candidate)| (distance, candidate))
        .map(|(_, candidate)| candidate)
}

/// How many letters the one has and the other lacks, or has less often, whatever their case: a change of one letter makes two of them at
/// most.
fn differing(one: &str, other: &str) -> usize {
    let mut counts = [0i32; 128];
    one.bytes().for_each(|byte| counts[usize::from(byte.to_ascii_lowercase() & 0x7f)] += 1);
    other.bytes().for_each(|byte| counts[usize::from(byte.to_ascii_lowercase() & 0x7f)] -= 1);
    counts.iter().map(|count| count.unsigned_abs() as usize).sum()
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn suggests_only_what_is_near() {
        let known = ["semget", "semop", "shmget", "IPC_CREAT"];
        assert_eq!(nearest("semgte", known), Some("semget"));
        assert_eq!(nearest("ipc_creat", known), Some("IPC_CREAT"));
        assert_eq!(nearest("mount", known), None);
        assert_eq!(nearest("a", ["b", "A"]), Some("A"));
        assert_eq!(nearest(&"x".repeat(65), ["x".repeat(64).as_str()]), None);
    }
}
