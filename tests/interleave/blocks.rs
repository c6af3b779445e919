//! Several blocks, and what reaches into a block from before it or out of it.

use crate::program::{run, text};

/// Each scenario says in its claims what is to come of it; both ways of going through the orders find the same.
#[test]
fn blocks_stand_behind_each_other_and_calls_wait_across_them() {
    let script = include_str!("blocks.ipcs");
    let (all, reduced) = (run(script, &["--no-reduction"]), run(script, &[]));
    assert_eq!((all.code, reduced.code), (0, 0), "{}\n{}", all.report, reduced.report);
    let few = reduced.scenarios();
    for (title, every) in all.scenarios() {
        let outcomes = few.get(&title).map(|told| told.outcomes());
        assert_eq!(outcomes, Some(every.outcomes()), "{title}");
        for kind in every.kinds() {
            let saved = text(&kind["example"]["script"]);
            let alone = run(&saved, &[]);
            assert_eq!(alone.code, 0, "{saved}\n{}", alone.report);
        }
    }
}
