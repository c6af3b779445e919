//! Network interfaces by their names and indexes; see if_nametoindex(3).

use super::entry::{call, structure};
use super::socket_address::Content;
use super::{Failure, Family, kernel};
use std::ffi::CString;

/// Network interfaces.
pub static FAMILY: Family = Family {
    name: "interface",
    title: "Network interfaces",
    summary: "Names and indexes of interfaces belong to a network namespace: these calls tell those of their caller's. A new network namespace has \
        one interface, `lo` with the index 1, and it is down. `ioctl` sets it up.",
    calls: &[&IF_NAMETOINDEX, &IF_INDEXTONAME, &IF_NAMEINDEX],
    constants: &[],
    structs: &[&IfNameindex::STRUCTURE],
};

structure! {
    /// An interface: its index and its name.
    IfNameindex = "if_nameindex" { if_index: u32, if_name: Content }
}

call! {
    /// Gives the index of a network interface.
    fn if_nametoindex(ifname: CString) -> u32 {
        // SAFETY: if_nametoindex(3) reads a string that ends with NUL.
        let index = of_library(|| unsafe { libc::if_nametoindex(ifname.as_ptr()) } as i32)?;
        Ok(index.cast_unsigned())
    }
    const IF_NAMETOINDEX: "if_nametoindex(3)";
    traits: [Local, ReadOnly, Network];
    blocks: "never";
    errors: {
        ENODEV: "the caller's network namespace has no such interface",
        EMFILE: "no descriptor is left for the socket that the C library asks through",
    };
    example: "a: if_nametoindex(\"lo\")   -> 1
a: if_nametoindex(\"eth7\") -> ENODEV";
}

call! {
    /// Gives the name of the network interface with an index.
    fn if_indextoname(ifindex: u32) -> CString {
        let mut name = [0u8; libc::IF_NAMESIZE];
        let at = name.as_mut_ptr().cast();
        // SAFETY: if_indextoname(3) fills at most IF_NAMESIZE bytes, for which the array has room.
        of_library(|| i32::from(!unsafe { libc::if_indextoname(ifindex, at) }.is_null()))?;
        Ok(CString::new(name.split(|&byte| byte == 0).next().unwrap_or_default()).unwrap_or_default())
    }
    const IF_INDEXTONAME: "if_indextoname(3)";
    traits: [Local, ReadOnly, Network];
    blocks: "never";
    errors: {
        ENXIO: "the caller's network namespace has no interface with this index",
        EMFILE: "no descriptor is left for the socket that the C library asks through",
    };
    example: "a: if_indextoname(1)  -> \"lo\"
a: if_indextoname(77) -> ENXIO";
}

call! {
    /// Gives all network interfaces.
    fn if_nameindex() -> Vec<IfNameindex> {
        let mut list = std::ptr::null_mut();
        of_library(|| {
            // SAFETY: if_nameindex(3) takes nothing and gives memory that if_freenameindex takes back, or NULL.
            list = unsafe { libc::if_nameindex() };
            i32::from(!list.is_null())
        })?;
        let mut all = Vec::new();
        let mut at: *mut libc::if_nameindex = list;
        loop {
            // SAFETY: the list ends with an entry whose index is 0, and no entry behind it is looked at.
            let one = unsafe { at.read() };
            if one.if_index == 0 || one.if_name.is_null() {
                break;
            }
            // SAFETY: the name is a string that ends with NUL and lives as long as the list.
            let name = unsafe { std::ffi::CStr::from_ptr(one.if_name) }.to_bytes().to_vec();
            all.push(IfNameindex { if_index: one.if_index, if_name: Content(name) });
            // SAFETY: the entry was not the last.
            at = unsafe { at.add(1) };
        }
        // SAFETY: the list came from if_nameindex and is used no more.
        unsafe { libc::if_freenameindex(list) };
        Ok(all)
    }
    const IF_NAMEINDEX: "if_nameindex(3)";
    traits: [Local, ReadOnly, Network];
    blocks: "never";
    errors: {
        ENOBUFS: "no memory for the list",
        EMFILE: "no descriptor is left for the socket that the C library asks through",
    };
    example: "a: if_nameindex() -> [{if_index: 1, if_name: \"lo\"}]";
}

/// The answer of a function that gives 0 where it fails, and its errno.
fn of_library(mut call: impl FnMut() -> i32) -> Result<i32, Failure> {
    Ok(kernel(|| match call() {
        0 => -1,
        found => found,
    })?)
}
