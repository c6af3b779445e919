//! The engine: worlds, coordinators, actors; scenarios in, events out.
//!
//! The runner forks workers; each keeps an outer world, in which every scenario gets an inner world of its own with a coordinator
//! as its pid 1 and one process an actor. Whoever of them is killed, the kernel ends all that comes below.

mod actor;
mod advice;
mod alarms;
mod caretaker;
mod channel;
mod confine;
mod coordinator;
mod descriptors;
mod divergence;
mod explore;
#[cfg_attr(not(test), expect(dead_code, reason = "the explorer of orders is to ask it"))]
mod footprint;
mod guarded;
mod heap;
mod heritage;
mod history;
mod keeper;
mod knowledge;
mod limits;
mod lingering;
mod log;
mod loopback;
mod moment;
mod needs;
mod output;
mod plan;
mod play;
mod process;
mod processor;
mod pulse;
mod runner;
mod sandbox;
mod sight;
mod stage;
pub mod survey;
mod task_files;
mod terminals;
mod text;
mod timerfd;
mod traces;
mod watch;
mod worker;
mod world;

pub use divergence::codes;
pub use explore::{Orders, Which, interrupted};
pub use limits::Limits;
pub use runner::{News, Options, Policy, RunError, run};
