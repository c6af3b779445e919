//! The language's meaning, end to end: small scripts through the real program on the real kernel.

#[path = "language/expansion.rs"]
mod expansion;
#[path = "language/options.rs"]
mod options;
#[path = "language/patterns.rs"]
mod patterns;
#[path = "language/script.rs"]
mod script;
#[path = "language/steps.rs"]
mod steps;
