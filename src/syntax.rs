//! The shape of a script: text in, tree and diagnostics out. Knows no operation.

pub mod ast;
pub mod format;
pub mod keyword;
pub mod parse;
pub mod print;
pub mod word;

pub use format::format;
pub use parse::parse;
pub use print::print;
