//! Runs `.ipcs` scenarios against the real Linux kernel. This is the first page to read of the source.
//!
//! # The path of the data
//!
//! ```text
//! text ─► syntax::parse ─► ast::File ─► check::check ─► scenario::Scenario, a straight line of steps
//!                                                              │
//!                        operation: one entry a call           ▼
//!                        types for `check`, execution ──►  run::run: for each step
//!                        for `run`, pages for people           an actor makes the call  ─► value::Outcome
//!                                                              compare: outcome, expectation ─► met or not
//!                                                              │
//!                                                              ▼
//!                                              journal::Event ─► report: human, json, junit, tap, …
//! ```
//!
//! Parsing and checking give what they could make *and* all mistakes that they found, each a [`text::Diagnostic`] at its place.
//! A run gives events, one after the other; every report is made of them alone, so a journal read from a file can be
//! reported like one that is just being written.
//!
//! # The layers, lowest first
//!
//! | module | holds | must not know |
//! |---|---|---|
//! | [`text`] | source texts, places in them, what is wrong there | the language |
//! | [`value`] | values, their types, error numbers, signals, outcomes | where they come from |
//! | [`operation`] | the catalogue: every call with its documentation and its execution | scripts |
//! | [`syntax`] | the shape of a script, from the grammar in `grammar/` | any operation |
//! | [`scenario`] | the checked scenario: names resolved, blocks expanded | how it was written |
//! | [`check`] | names, types, order, needs; expands `each`, `if`, `for` | processes |
//! | [`compare`] | whether an outcome is what was expected; pure | processes |
//! | [`journal`] | what happened: the only record of a run | who reads it |
//! | [`run`] | the engine: worlds, coordinators, actors | reports |
//! | [`report`] | what people and programs read | `run` |
//! | [`explain`] | the manual, written from the catalogue | scripts and runs |
//! | [`cli`] | the command line; it alone prints, reads files, and chooses the exit code | |
//!
//! A module uses only what stands before it. `tests/tidy.rs` holds this.
//!
//! # The processes of a run
//!
//! ```text
//! runner ─► worker: one a job, keeps an outer user, mount and pid namespace with a read-only root
//!             ├─► caretaker: only where a world gets cgroups or may change the host; puts that right when the world is gone
//!             └─► coordinator: pid 1 of one scenario's own namespaces; it has the steps played and ends
//!                   └─► actor: one real process for each actor of the script
//! ```
//!
//! Whoever of them is killed, the kernel ends all that comes below, and with the namespaces goes what was made in them.
//!
//! # What always holds
//!
//! - **The kernel is asked, not timed.** After a step the coordinator looks at every actor until it is parked, asleep in its call, or gone, as
//!   `/proc` says. Nothing sleeps to wait for a state, and no time-out is evidence; a worker ends what never settles, and that is a divergence.
//! - **Whoever runs a stranger's script risks nothing.** What namespaces do not contain, `run::confine` refuses; what exhausts the machine, the kernel
//!   refuses and `run::watch` sees from outside; actors share with the engine one page of words, and nothing in it is trusted.
//! - **What a step does to others is announced or a divergence.** Nobody wakes or ends unnoticed.
//! - **Nothing that a run observes chooses the next step.** All choice is made by `check`, from parameters and facts about the machine.
//! - **One run is like another.** The journal holds names, no pids, times, addresses or temporary paths: the same scenario
//!   on the same kernel gives the same bytes, as root and as an ordinary user.
//! - **Root is never inside.** In a world, id 0 stands for an id that owns nothing outside, or for the user who runs it. The one exception is
//!   what `needs privileged` and `needs CAP_…` ask for and `--privileged` allows; the host is put right afterwards.
//! - **One thread.** Workers and coordinators fork; the program has one thread until the last of them is there. Only a script starts others: in the
//!   process of an actor, where each is an actor with a channel of its own.
//! - **Three kinds of wrong, never mixed.** A mistake in a script is a [`text::Diagnostic`], a surprise in a run a
//!   [`journal::Mismatch`], a failure of ours a small error with its source. Each has its exit code, a [`cli::Exit`].
//!
//! # Adding a call
//!
//! Add an entry to its family below `src/operation/`: summary, parameters, when it blocks, which errors it gives and why, an example, and the
//! function that makes it. Checking, explanations, the editors' words and the test of its example come from that entry. A new family is a file
//! and a line in [`operation::FAMILIES`].

pub mod check;
pub mod cli;
pub mod compare;
pub mod explain;
pub mod journal;
pub mod operation;
pub mod report;
pub mod run;
pub mod scenario;
pub mod syntax;
pub mod text;
pub mod value;
