//! Addresses of sockets, as scripts write them and as the kernel wants them; pure. See unix(7) and ip(7).

use super::argument::{Argument, Refusal, Returned, integer};
use super::entry::{constants, structure};
use crate::value::{Type, Value};
use std::net::Ipv4Addr;

constants! {
    /// address families
    choice AddressFamily(u16) {
        AF_UNIX, "on this machine: a path, or a name of the network namespace";
        AF_LOCAL, "another name of AF_UNIX";
        AF_INET, "the Internet, version 4: a port and an address";
        AF_INET6, "the Internet, version 6";
        AF_NETLINK, "the kernel";
        AF_PACKET, "frames of a network device";
        AF_VSOCK, "a virtual machine and its host";
        AF_ALG, "ciphers and digests of the kernel";
        AF_UNSPEC, "none; connect takes a datagram socket's peer away with it";
    }
}

structure! {
    /// An address of AF_UNIX: a path; a name where it begins with `\x00`; `""` for none.
    SockaddrUn = "sockaddr_un" { sun_family: AddressFamily, sun_path: Content }
    /// An address of AF_INET: the address as `"127.0.0.1"`, or as a number.
    SockaddrIn = "sockaddr_in" { sin_family: AddressFamily, sin_port: u16, sin_addr: InternetAddress }
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

/// An address of the Internet, version 4.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InternetAddress(pub Ipv4Addr);

impl Argument for InternetAddress {
    const TYPE: Type = Type::Either(&[Type::Bytes, Type::Int]);
    fn take(value: &Value) -> Result<Self, Refusal> {
        let Value::Bytes(bytes) = value else {
            return integer(value).map(|number: u32| Self(Ipv4Addr::from(number)));
        };
        let text = String::from_utf8_lossy(bytes);
        text.parse().map(Self).map_err(|_| Refusal(format!("expected an address such as \"127.0.0.1\", found \"{text}\"")))
    }
}

impl Returned for InternetAddress {
    const TYPE: Type = <Self as Argument>::TYPE;
    fn give(self) -> Value {
        Value::text(self.0.to_string())
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

    /// Its length, as system calls take it.
    pub fn length(&self) -> libc::socklen_t {
        libc::socklen_t::try_from(self.0.len()).unwrap_or(0)
    }
}

impl Argument for Address {
    const TYPE: Type = Type::Either(&[Type::Struct(&SockaddrUn::STRUCTURE), Type::Struct(&SockaddrIn::STRUCTURE)]);
    fn take(value: &Value) -> Result<Self, Refusal> {
        let Value::Record(fields) = value else {
            return Err(Refusal::wanted("an address such as {AF_UNIX, \"path\"}", value));
        };
        let first = fields.iter().find(|(name, _)| name.is_empty() || name.ends_with("_family"));
        let family = AddressFamily::take(first.map_or(&Value::Int(0), |(_, family)| family))?;
        match i32::from(family.0) {
            libc::AF_UNIX => unix(&SockaddrUn::take(value)?.sun_path.0).map(Self),
            libc::AF_INET => {
                let address = SockaddrIn::take(value)?;
                let mut bytes = family.0.to_ne_bytes().to_vec();
                bytes.extend(address.sin_port.to_be_bytes());
                bytes.extend(address.sin_addr.0.octets());
                bytes.extend([0; 8]);
                Ok(Self(bytes))
            }
            libc::AF_UNSPEC => Ok(Self(vec![0; 16])),
            other => Err(Refusal(format!("addresses are of AF_UNIX or AF_INET, and {other} is neither"))),
        }
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
            _ => Value::record([("sa_family", family.give()), ("sa_data", Value::text(rest))]),
        }
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
        assert!(Address::take(&written([Value::Int(16)])).is_err());
        assert!(Address::take(&Value::text("path")).is_err());
    }
}
