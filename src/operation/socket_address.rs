//! Addresses of sockets, as scripts write them and as the kernel wants them; pure. See unix(7), ip(7), ipv6(7), netlink(7).

mod family;
mod internet;

pub use family::{AddressFamily, NetlinkProtocol, Protocol, SocketType};
pub use internet::{Internet6Address, InternetAddress, WellKnown};

use super::argument::{Argument, Refusal, Returned};
use super::entry::structure;
use crate::value::{Structure, Type, Value};
use std::net::{Ipv4Addr, Ipv6Addr};

structure! {
    /// An address of AF_UNIX: a path; a name where it begins with `\x00`; `""` for none.
    SockaddrUn = "sockaddr_un" { sun_family: AddressFamily, sun_path: Content }
    /// An address of AF_INET: the address as `"127.0.0.1"`, or as a number.
    SockaddrIn = "sockaddr_in" { sin_family: AddressFamily, sin_port: u16, sin_addr: InternetAddress }
    /// An address of AF_INET6; the address stands behind the port, so that `{AF_INET6, 7777, "::1"}` is one.
    SockaddrIn6 = "sockaddr_in6" {
        sin6_family: AddressFamily, sin6_port: u16, sin6_addr: Internet6Address, sin6_flowinfo: u32, sin6_scope_id: u32,
    }
    /// An address of AF_NETLINK: a port, 0 for the kernel or to be given one, and groups, one bit each.
    SockaddrNl = "sockaddr_nl" { nl_family: AddressFamily, nl_pid: u32, nl_groups: u32 }
    /// An address of AF_PACKET: a protocol, an interface by its index, and hardware.
    SockaddrLl = "sockaddr_ll" {
        sll_family: AddressFamily, sll_protocol: u16, sll_ifindex: i32, sll_hatype: u16, sll_pkttype: u8, sll_addr: Content,
    }
    /// An address of any family, its bytes as they are.
    Sockaddr = "sockaddr" { sa_family: AddressFamily, sa_data: Content }
}

/// A string that may be left out.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Content(pub Vec<u8>);

impl Argument for Content {
    const TYPE: Type = Type::Bytes;
    fn take(value: &Value) -> Result<Self, Refusal> {
        match value {
            Value::Bytes(bytes) => Ok(Self(bytes.clone())),
            Value::Null | Value::Int(0) => Ok(Self::default()),
            other => Err(Refusal::wanted("a string", other)),
        }
    }
}

impl Returned for Content {
    const TYPE: Type = Type::Bytes;
    fn give(self) -> Value {
        Value::Bytes(self.0)
    }
}

/// An address as the kernel has it: a struct sockaddr of its own length.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address(pub Vec<u8>);

/// The longest path that sun_path holds, its NUL included where it has one.
const PATH: usize = 108;

impl Address {
    /// Room for any address that the kernel gives.
    pub const ROOM: usize = size_of::<libc::sockaddr_storage>();

    /// The structs that addresses are written as, for the pages of families that take them.
    pub const STRUCTURES: [&'static Structure; 6] = [
        &SockaddrUn::STRUCTURE,
        &SockaddrIn::STRUCTURE,
        &SockaddrIn6::STRUCTURE,
        &SockaddrNl::STRUCTURE,
        &SockaddrLl::STRUCTURE,
        &Sockaddr::STRUCTURE,
    ];

    /// Its length, as system calls take it.
    pub fn length(&self) -> libc::socklen_t {
        libc::socklen_t::try_from(self.0.len()).unwrap_or(0)
    }
}

impl Argument for Address {
    const TYPE: Type = Type::Either(&[
        Type::Struct(&SockaddrUn::STRUCTURE),
        Type::Struct(&SockaddrIn::STRUCTURE),
        Type::Struct(&SockaddrIn6::STRUCTURE),
        Type::Struct(&SockaddrNl::STRUCTURE),
        Type::Struct(&SockaddrLl::STRUCTURE),
        Type::Struct(&Sockaddr::STRUCTURE),
    ]);
    fn take(value: &Value) -> Result<Self, Refusal> {
        let Value::Record(fields) = value else {
            return Err(Refusal::wanted("an address such as {AF_UNIX, \"path\"}", value));
        };
        let first = fields.iter().find(|(name, _)| name.is_empty() || name.ends_with("_family"));
        let family = AddressFamily::take(first.map_or(&Value::Int(0), |(_, family)| family))?;
        let mut bytes = family.0.to_ne_bytes().to_vec();
        if fields.iter().any(|(name, _)| name == "sa_family") {
            bytes.extend(Sockaddr::take(value)?.sa_data.0);
            return Ok(Self(bytes));
        }
        match i32::from(family.0) {
            libc::AF_UNIX => return unix(&SockaddrUn::take(value)?.sun_path.0).map(Self),
            libc::AF_INET => {
                let address = SockaddrIn::take(value)?;
                bytes.extend(address.sin_port.to_be_bytes());
                bytes.extend(address.sin_addr.0.octets());
                bytes.extend([0; 8]);
            }
            libc::AF_INET6 => {
                let address = SockaddrIn6::take(value)?;
                bytes.extend(address.sin6_port.to_be_bytes());
                bytes.extend(address.sin6_flowinfo.to_be_bytes());
                bytes.extend(address.sin6_addr.0.octets());
                bytes.extend(address.sin6_scope_id.to_ne_bytes());
            }
            libc::AF_NETLINK => {
                let address = SockaddrNl::take(value)?;
                bytes.extend([0; 2]);
                bytes.extend(address.nl_pid.to_ne_bytes());
                bytes.extend(address.nl_groups.to_ne_bytes());
            }
            libc::AF_PACKET => {
                let address = SockaddrLl::take(value)?;
                let hardware = address.sll_addr.0;
                let length = u8::try_from(hardware.len()).ok().filter(|&length| length <= 8);
                let length = length.ok_or_else(|| Refusal("`sll_addr` holds 8 bytes".into()))?;
                bytes.extend(address.sll_protocol.to_be_bytes());
                bytes.extend(address.sll_ifindex.to_ne_bytes());
                bytes.extend(address.sll_hatype.to_ne_bytes());
                bytes.extend([address.sll_pkttype, length]);
                bytes.extend(hardware);
                bytes.resize(20, 0);
            }
            libc::AF_UNSPEC => bytes.resize(16, 0),
            other => {
                return Err(Refusal(format!(
                    "addresses of family {other} are written as {{sa_family: {other}, sa_data: \"bytes\"}}"
                )));
            }
        }
        Ok(Self(bytes))
    }
}

impl Returned for Address {
    const TYPE: Type = <Self as Argument>::TYPE;
    fn give(self) -> Value {
        let Some((&[low, high], rest)) = self.0.split_first_chunk::<2>() else {
            return Value::Null;
        };
        let family = AddressFamily(u16::from_ne_bytes([low, high]));
        match (i32::from(family.0), rest) {
            // A path ends at its NUL; a name begins with one, and may hold more.
            (libc::AF_UNIX, name @ [0, ..]) => SockaddrUn { sun_family: family, sun_path: Content(name.to_vec()) }.give(),
            (libc::AF_UNIX, path) => {
                let path = path.split(|&byte| byte == 0).next().unwrap_or_default();
                SockaddrUn { sun_family: family, sun_path: Content(path.to_vec()) }.give()
            }
            (libc::AF_INET, &[high, low, a, b, c, d, ..]) => SockaddrIn {
                sin_family: family,
                sin_port: u16::from_be_bytes([high, low]),
                sin_addr: InternetAddress(Ipv4Addr::new(a, b, c, d)),
            }
            .give(),
            (libc::AF_INET6, &[high, low, a, b, c, d, ref more @ ..]) => {
                let (address, scope) = more.split_first_chunk::<16>().unwrap_or((&[0; 16], &[]));
                SockaddrIn6 {
                    sin6_family: family,
                    sin6_port: u16::from_be_bytes([high, low]),
                    sin6_addr: Internet6Address(Ipv6Addr::from(*address)),
                    sin6_flowinfo: u32::from_be_bytes([a, b, c, d]),
                    sin6_scope_id: scope.first_chunk().map_or(0, |scope| u32::from_ne_bytes(*scope)),
                }
                .give()
            }
            (libc::AF_NETLINK, &[_, _, a, b, c, d, e, f, g, h, ..]) => SockaddrNl {
                nl_family: family,
                nl_pid: u32::from_ne_bytes([a, b, c, d]),
                nl_groups: u32::from_ne_bytes([e, f, g, h]),
            }
            .give(),
            (libc::AF_PACKET, &[high, low, a, b, c, d, e, f, kind, length, ref hardware @ ..]) => SockaddrLl {
                sll_family: family,
                sll_protocol: u16::from_be_bytes([high, low]),
                sll_ifindex: i32::from_ne_bytes([a, b, c, d]),
                sll_hatype: u16::from_ne_bytes([e, f]),
                sll_pkttype: kind,
                sll_addr: Content(hardware.get(..usize::from(length)).unwrap_or(hardware).to_vec()),
            }
            .give(),
            _ => Sockaddr { sa_family: family, sa_data: Content(rest.to_vec()) }.give(),
        }
    }
}

/// An address, or none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Peer(pub Option<Address>);

impl Argument for Peer {
    const TYPE: Type = <Option<Address> as Argument>::TYPE;
    fn take(value: &Value) -> Result<Self, Refusal> {
        <Option<Address> as Argument>::take(value).map(Self)
    }
}

impl Returned for Peer {
    const TYPE: Type = <Self as Argument>::TYPE;
    fn give(self) -> Value {
        self.0.map_or(Value::Null, Returned::give)
    }
}

fn unix(path: &[u8]) -> Result<Vec<u8>, Refusal> {
    if path.len() > PATH {
        return Err(Refusal(format!("`sun_path` holds {PATH} bytes, and not {}", path.len())));
    }
    let named = path.first().is_some_and(|&first| first != 0);
    if named && path.contains(&0) {
        return Err(Refusal("a path cannot hold a NUL byte".into()));
    }
    let mut bytes = AddressFamily(libc::AF_UNIX as u16).0.to_ne_bytes().to_vec();
    bytes.extend(path);
    if named && path.len() < PATH {
        bytes.push(0);
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written<const N: usize>(fields: [Value; N]) -> Value {
        Value::Record(fields.into_iter().map(|value| (String::new(), value)).collect())
    }

    fn there_and_back(value: &Value) -> Value {
        Address::take(value).expect("an address").give()
    }

    #[test]
    fn paths_end_with_a_nul_and_names_begin_with_one() {
        let path = Address::take(&written([Value::Int(1), Value::text("sk")])).expect("an address");
        assert_eq!(path.0, [1, 0, b's', b'k', 0]);
        assert_eq!(path.give().field("sun_path"), Some(&Value::text("sk")));
        let name = Address::take(&written([Value::Int(1), Value::text("\0ab")])).expect("an address");
        assert_eq!(name.0, [1, 0, 0, b'a', b'b']);
        assert_eq!(name.give().field("sun_path"), Some(&Value::text("\0ab")));
    }

    #[test]
    fn unnamed_sockets_have_an_empty_path() {
        let unnamed = there_and_back(&written([Value::Int(1)]));
        assert_eq!(unnamed, Value::record([("sun_family", Value::Int(1)), ("sun_path", Value::text(""))]));
    }

    #[test]
    fn ports_and_addresses_are_in_network_order() {
        let address = written([Value::Int(2), Value::Int(7777), Value::text("127.0.0.1")]);
        let raw = Address::take(&address).expect("an address");
        assert_eq!(raw.0.get(2..8), Some(&[0x1e, 0x61, 127, 0, 0, 1][..]));
        assert_eq!(raw.length(), 16);
        let back = raw.give();
        assert_eq!(back.field("sin_port"), Some(&Value::Int(7777)));
        assert_eq!(back.field("sin_addr"), Some(&Value::text("127.0.0.1")));
    }

    #[test]
    fn fields_may_be_written_with_their_names() {
        let named = Value::record([("sun_family", Value::Int(1)), ("sun_path", Value::text("sk"))]);
        assert_eq!(there_and_back(&named), named);
    }

    #[test]
    fn what_is_no_address_is_refused() {
        assert!(Address::take(&written([Value::Int(1), Value::text("x".repeat(109))])).is_err());
        assert!(Address::take(&written([Value::Int(1), Value::text("a\0b")])).is_err());
        assert!(Address::take(&written([Value::Int(2), Value::Int(1), Value::text("localhost")])).is_err());
        assert!(Address::take(&written([Value::Int(38)])).is_err());
        assert!(Address::take(&Value::text("path")).is_err());
    }

    #[test]
    fn the_port_and_the_address_of_version_6_come_first() {
        let raw = Address::take(&written([Value::Int(10), Value::Int(7777), Value::text("::1")])).expect("an address");
        assert_eq!(raw.length(), 28);
        assert_eq!(raw.0.get(2..4), Some(&[0x1e, 0x61][..]));
        assert_eq!(raw.0.get(23), Some(&1));
        assert_eq!(raw.give().field("sin6_addr"), Some(&Value::text("::1")));
    }

    #[test]
    fn families_without_a_struct_are_written_as_bytes() {
        let given = Value::record([("sa_family", Value::Int(38)), ("sa_data", Value::text("hash\0"))]);
        assert_eq!(Address::take(&given).expect("an address").0, [38, 0, b'h', b'a', b's', b'h', 0]);
        assert_eq!(there_and_back(&given), given);
    }
}
