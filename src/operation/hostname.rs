//! Host and domain name, which a UTS namespace keeps; see uts_namespaces(7).

use super::entry::{call, structure};
use super::{Bytes, Family, kernel};
use std::ffi::c_char;

/// Host names.
pub static FAMILY: Family = Family {
    name: "hostname",
    title: "Host names",
    summary: "Host name and NIS domain name belong to the UTS namespace: a new one starts with a copy of both, and what is set there is \
        seen there alone.",
    calls: &[&GETHOSTNAME, &SETHOSTNAME, &GETDOMAINNAME, &SETDOMAINNAME, &UNAME],
    constants: &[],
    structs: &[&Utsname::STRUCTURE],
};

structure! {
    /// What the kernel says of itself.
    Utsname = "utsname" { sysname: Bytes, nodename: Bytes, release: Bytes, version: Bytes, machine: Bytes, domainname: Bytes }
}

call! {
    /// Gives the host name.
    fn gethostname() -> Bytes {
        let mut name = [0; 65];
        // SAFETY: gethostname(2) fills `name`, and gets its length.
        kernel(|| unsafe { libc::gethostname(name.as_mut_ptr(), name.len()) })?;
        Ok(text(&name))
    }
    const GETHOSTNAME: "gethostname(2)";
    traits: [Local, ReadOnly];
    touches: [reads hostname];
    blocks: "never";
    errors: {};
    example: "a: sethostname(\"inside\")
a: gethostname() -> \"inside\"";
}

call! {
    /// Sets the host name of the caller's UTS namespace.
    fn sethostname(name: Bytes) -> () {
        // SAFETY: sethostname(2) reads as many bytes as it is told.
        kernel(|| unsafe { libc::sethostname(name.0.as_ptr().cast(), name.0.len()) })?;
        Ok(())
    }
    const SETHOSTNAME: "sethostname(2)";
    traits: [Wakes];
    touches: [writes hostname];
    blocks: "never";
    errors: {
        EINVAL: "more than 64 bytes",
        EPERM: "no CAP_SYS_ADMIN in the user namespace that owns the UTS namespace",
    };
    example: "a: sethostname(\"x\" * 64)
a: sethostname(\"x\" * 65) -> EINVAL";
}

call! {
    /// Gives the NIS domain name; it has nothing to do with that of DNS.
    fn getdomainname() -> Bytes {
        let mut name = [0; 65];
        // SAFETY: getdomainname(2) fills `name`, and gets its length.
        kernel(|| unsafe { libc::getdomainname(name.as_mut_ptr(), name.len()) })?;
        Ok(text(&name))
    }
    const GETDOMAINNAME: "getdomainname(2)";
    traits: [Local, ReadOnly];
    touches: [reads hostname];
    blocks: "never";
    errors: {};
    example: "a: setdomainname(\"example.org\")
a: getdomainname() -> \"example.org\"";
}

call! {
    /// Sets the NIS domain name of the caller's UTS namespace.
    fn setdomainname(name: Bytes) -> () {
        // SAFETY: setdomainname(2) reads as many bytes as it is told.
        kernel(|| unsafe { libc::setdomainname(name.0.as_ptr().cast(), name.0.len()) })?;
        Ok(())
    }
    const SETDOMAINNAME: "setdomainname(2)";
    traits: [Wakes];
    touches: [writes hostname];
    blocks: "never";
    errors: {
        EINVAL: "more than 64 bytes",
        EPERM: "no CAP_SYS_ADMIN in the user namespace that owns the UTS namespace",
    };
    example: "a: setdomainname(\"example.org\")
a: uname()                -> {domainname: \"example.org\"}";
}

call! {
    /// Gives what the kernel says of itself; `nodename` is the host name.
    fn uname() -> Utsname {
        // SAFETY: utsname is arrays of bytes, for which zero is a value.
        let mut names: libc::utsname = unsafe { std::mem::zeroed() };
        // SAFETY: uname(2) fills `names`, which outlives the call.
        kernel(|| unsafe { libc::uname(&raw mut names) })?;
        Ok(Utsname {
            sysname: text(&names.sysname),
            nodename: text(&names.nodename),
            release: text(&names.release),
            version: text(&names.version),
            machine: text(&names.machine),
            domainname: text(&names.domainname),
        })
    }
    const UNAME: "uname(2)";
    traits: [Local, ReadOnly];
    touches: [reads hostname];
    blocks: "never";
    errors: {};
    example: "a: sethostname(\"inside\")
a: uname() -> {sysname: \"Linux\", nodename: \"inside\"}";
}

/// The bytes before the NUL.
fn text(field: &[c_char]) -> Bytes {
    Bytes(field.iter().map(|&byte| byte.cast_unsigned()).take_while(|&byte| byte != 0).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_ends_at_its_nul() {
        let field = b"node\0rest".map(u8::cast_signed);
        assert_eq!(text(&field), Bytes(b"node".to_vec()));
    }
}
