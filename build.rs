//! Has the program linked for one place in memory, with the C library inside.
//!
//! A program that may lie anywhere has its tables of addresses filled in when it starts: here half a megabyte, which each actor's fork would copy
//! the page tables of. What is linked for one place needs nothing filled in. And each shared library is a handful of mappings more, some of them
//! with pages of its own, which the kernel copies at every fork and takes down at every end of a process.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs, io};

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    let is = |name: &str, wanted: &str| env::var(name).is_ok_and(|value| value.split(',').any(|value| value == wanted));
    // A static program is linked for one place by `-C relocation-model=static`.
    if is("CARGO_CFG_TARGET_ENV", "gnu") && !is("CARGO_CFG_TARGET_FEATURE", "crt-static") {
        println!("cargo::rustc-link-arg-bins=-no-pie");
        // Another machine's archives are not looked for, and not every distribution has its own at hand: then the libraries stay shared.
        if env::var("HOST") == env::var("TARGET")
            && let Ok(folder) = archives()
        {
            println!("cargo::rustc-link-arg-bins=-static");
            println!("cargo::rustc-link-arg-bins=-L{}", folder.display());
        }
    }
}

/// A folder in which the linker finds, under the names that it is told, archives alone. `-C target-feature=+crt-static` would do as much, but it
/// holds for build scripts and tests as well, and cannot be said here.
fn archives() -> io::Result<PathBuf> {
    let folder = PathBuf::from(env::var_os("OUT_DIR").ok_or(io::ErrorKind::NotFound)?).join("archives");
    fs::create_dir_all(&folder)?;
    let (c, unwinder, arithmetic) = (archive("libc.a")?, archive("libgcc_eh.a")?, archive("libgcc.a")?);
    group(&folder.join("libc.a"), &[&c, &unwinder, &arithmetic])?;
    group(&folder.join("libgcc_s.a"), &[&unwinder, &arithmetic, &c])?;
    for name in ["libm.a", "libdl.a", "libpthread.a", "librt.a", "libutil.a"] {
        group(&folder.join(name), &[&archive(name)?])?;
    }
    Ok(folder)
}

/// Where the linker finds an archive.
fn archive(name: &str) -> io::Result<PathBuf> {
    let linker = env::var("RUSTC_LINKER").unwrap_or_else(|_| "cc".into());
    let told = Command::new(linker).arg(format!("-print-file-name={name}")).output()?.stdout;
    let path = PathBuf::from(String::from_utf8_lossy(&told).trim());
    // What is not found is told as it was asked.
    if path.is_absolute() { path.canonicalize() } else { Err(io::ErrorKind::NotFound.into()) }
}

/// A text that the linker reads as the archives that it names.
fn group(at: &Path, archives: &[&Path]) -> io::Result<()> {
    let names: Vec<String> = archives.iter().map(|archive| format!("\"{}\"", archive.display())).collect();
    fs::write(at, format!("GROUP ( {} )\n", names.join(" ")))
}
