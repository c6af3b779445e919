//! The `ipcscript` program.
fn main() {}
