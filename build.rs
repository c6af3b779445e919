//! Has the program linked for one place in memory.
//!
//! A program that may lie anywhere has its tables of addresses filled in when it starts: here half a megabyte, which each actor's fork would copy
//! the page tables of. What is linked for one place needs nothing filled in.

use std::env;

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    let is = |name: &str, wanted: &str| env::var(name).is_ok_and(|value| value.split(',').any(|value| value == wanted));
    // A static program is linked for one place by `-C relocation-model=static`.
    if is("CARGO_CFG_TARGET_ENV", "gnu") && !is("CARGO_CFG_TARGET_FEATURE", "crt-static") {
        println!("cargo::rustc-link-arg-bins=-no-pie");
    }
}
