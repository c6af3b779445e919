//! Runs `.ipcs` scenarios against the real Linux kernel.

pub mod syntax;
pub mod text;
