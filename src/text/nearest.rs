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
        .map(|candidate| (strsim::osa_distance(&folded, &candidate.to_lowercase()), candidate))
        .filter(|&(distance, _)| distance <= limit)
        .min_by_key(|&(distance, candidate)| (distance, candidate))
        .map(|(_, candidate)| candidate)
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
