//! Every order of a scenario's free steps, by the real program: what its journal says holds, whoever runs it, and however it goes about it.

#[path = "interleave/blocks.rs"]
mod blocks;
#[path = "interleave/bounds.rs"]
mod bounds;
#[path = "interleave/families.rs"]
mod families;
#[path = "interleave/generated.rs"]
mod generated;
#[path = "interleave/generator.rs"]
mod generator;
#[path = "interleave/program.rs"]
mod program;
#[path = "interleave/race.rs"]
mod race;
#[path = "interleave/reports.rs"]
mod reports;
