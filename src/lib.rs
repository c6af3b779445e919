//! Runs `.ipcs` scenarios against the real Linux kernel.

pub mod check;
pub mod cli;
pub mod compare;
pub mod journal;
pub mod operation;
pub mod report;
pub mod run;
pub mod scenario;
pub mod syntax;
pub mod text;
pub mod value;
