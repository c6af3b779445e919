//! Runs `.ipcs` scenarios against the real Linux kernel.

pub mod journal;
pub mod operation;
pub mod scenario;
pub mod syntax;
pub mod text;
pub mod value;
