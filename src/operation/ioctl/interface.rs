//! Requests to network interfaces, through any socket of their network namespace; see netdevice(7).

use super::Table;
use crate::operation::argument::{Argument, Refusal, Returned};
use crate::operation::entry::{constants, structure};
use crate::operation::socket_address::{Address, Content, Peer};
use crate::operation::{Failure, kernel};
use crate::value::Value;

/// Their table.
pub(super) const TABLE: Table = Table { group: &InterfaceRequest::GROUP, make };

constants! {
    /// requests to network interfaces
    choice InterfaceRequest(u64) {
        SIOCGIFNAME = 0x8910, "gives the name of the interface with an index, ifr_ifindex";
        SIOCGIFINDEX = 0x8933, "gives the index of an interface";
        SIOCGIFCONF = 0x8912, "gives the interfaces that have an address of AF_INET, as a list";
        SIOCGIFFLAGS = 0x8913, "gives its flags";
        SIOCSIFFLAGS = 0x8914, "sets its flags: IFF_UP sets it up, 0 takes it down";
        SIOCGIFADDR = 0x8915, "gives its address";
        SIOCSIFADDR = 0x8916, "sets its address";
        SIOCGIFDSTADDR = 0x8917, "gives the address at its other end";
        SIOCSIFDSTADDR = 0x8918, "sets the address at its other end";
        SIOCGIFBRDADDR = 0x8919, "gives its broadcast address";
        SIOCSIFBRDADDR = 0x891a, "sets its broadcast address";
        SIOCGIFNETMASK = 0x891b, "gives the mask of its network";
        SIOCSIFNETMASK = 0x891c, "sets the mask of its network";
        SIOCGIFMETRIC = 0x891d, "gives its metric, which is always 0";
        SIOCSIFMETRIC = 0x891e, "not supported by Linux: EOPNOTSUPP";
        SIOCGIFMTU = 0x8921, "gives how long a packet may be";
        SIOCSIFMTU = 0x8922, "sets how long a packet may be";
        SIOCSIFNAME = 0x8923, "renames it to ifr_newname";
        SIOCGIFHWADDR = 0x8927, "gives its hardware address";
        SIOCSIFHWADDR = 0x8924, "sets its hardware address";
        SIOCSIFHWBROADCAST = 0x8937, "sets its hardware broadcast address";
        SIOCADDMULTI = 0x8931, "adds a hardware address for multicasts";
        SIOCDELMULTI = 0x8932, "takes a hardware address for multicasts away";
        SIOCGIFTXQLEN = 0x8942, "gives how many packets wait to be sent at most";
        SIOCSIFTXQLEN = 0x8943, "sets how many packets wait to be sent at most";
        SIOCGIFMAP = 0x8970, "gives the resources of its hardware";
        SIOCSIFMAP = 0x8971, "sets the resources of its hardware";
    }
    /// flags of network interfaces
    flags InterfaceFlags(u16) {
        IFF_UP = 0x1, "it is up";
        IFF_BROADCAST = 0x2, "it has a broadcast address";
        IFF_DEBUG = 0x4, "it is debugged";
        IFF_LOOPBACK = 0x8, "what it sends it receives";
        IFF_POINTOPOINT = 0x10, "it has one other end";
        IFF_NOTRAILERS = 0x20, "no trailers";
        IFF_RUNNING = 0x40, "its resources are there, its cable is plugged in";
        IFF_NOARP = 0x80, "no ARP";
        IFF_PROMISC = 0x100, "it takes packets that are for others";
        IFF_ALLMULTI = 0x200, "it takes all multicasts";
        IFF_MASTER = 0x400, "the master of a bundle";
        IFF_SLAVE = 0x800, "one of a bundle";
        IFF_MULTICAST = 0x1000, "it can take multicasts";
        IFF_PORTSEL = 0x2000, "it can choose its medium";
        IFF_AUTOMEDIA = 0x4000, "it chooses its medium by itself";
        IFF_DYNAMIC = 0x8000, "its address is lost when it goes down";
    }
}

structure! {
    /// An interface, and one member of a union: the one that the request is about.
    ///
    /// A request that needs the name alone takes `{"lo"}`; one that sets something takes `{"lo", IFF_UP}`, too.
    Ifreq = "ifreq" {
        ifr_name: Content, ifr_addr: Peer, ifr_dstaddr: Peer, ifr_broadaddr: Peer, ifr_netmask: Peer, ifr_hwaddr: Peer,
        ifr_flags: InterfaceFlags, ifr_ifindex: i32, ifr_metric: i32, ifr_mtu: i32, ifr_map: Ifmap, ifr_newname: Content, ifr_qlen: i32,
    }
    /// The resources of an interface's hardware.
    Ifmap = "ifmap" { mem_start: u64, mem_end: u64, base_addr: u16, irq: u8, dma: u8, port: u8 }
}

/// Bytes of a name, with its NUL; of a struct sockaddr; of the whole struct ifreq.
const NAME: usize = 16;
const SOCKADDR: usize = 16;
const IFREQ: usize = 40;

const GET_LIST: u64 = 0x8912;

fn make(fd: i32, request: u64, argument: &Value) -> Result<Value, Failure> {
    if request == GET_LIST {
        return list(fd);
    }
    let member = member(request);
    let mut raw = encode(member, &written(member, argument)?)?;
    let at = raw.as_mut_ptr();
    // SAFETY: these requests read and fill a struct ifreq of 40 bytes, which outlives the call.
    kernel(|| unsafe { libc::ioctl(fd, request, at) })?;
    let bytes: Vec<u8> = raw.iter().flat_map(|word| word.to_ne_bytes()).collect();
    Ok(Value::record([("ifr_name", Value::text(text(&bytes[..NAME]))), (member, decode(member, &bytes[NAME..]))]))
}

/// The interfaces that have an address; see SIOCGIFCONF.
fn list(fd: i32) -> Result<Value, Failure> {
    let mut room = vec![0u8; 64 * IFREQ];
    let mut conf = Conf { length: i32::try_from(room.len()).unwrap_or(0), at: room.as_mut_ptr() };
    // SAFETY: SIOCGIFCONF fills at most `length` bytes of the room, and stores how many.
    kernel(|| unsafe { libc::ioctl(fd, GET_LIST, &raw mut conf) })?;
    room.truncate(usize::try_from(conf.length).unwrap_or(0));
    let one = |one: &[u8; IFREQ]| {
        Value::record([("ifr_name", Value::text(text(&one[..NAME]))), ("ifr_addr", decode("ifr_addr", &one[NAME..]))])
    };
    Ok(Value::List(room.as_chunks::<IFREQ>().0.iter().map(one).collect()))
}

/// struct ifconf.
#[repr(C)]
struct Conf {
    length: i32,
    at: *mut u8,
}

/// The member of the union that a request is about.
fn member(request: u64) -> &'static str {
    match request {
        0x8915 | 0x8916 => "ifr_addr",
        0x8917 | 0x8918 => "ifr_dstaddr",
        0x8919 | 0x891a => "ifr_broadaddr",
        0x891b | 0x891c => "ifr_netmask",
        0x8924 | 0x8927 | 0x8931 | 0x8932 | 0x8937 => "ifr_hwaddr",
        0x8913 | 0x8914 => "ifr_flags",
        0x891d | 0x891e => "ifr_metric",
        0x8921 | 0x8922 => "ifr_mtu",
        0x8923 => "ifr_newname",
        0x8942 | 0x8943 => "ifr_qlen",
        0x8970 | 0x8971 => "ifr_map",
        _ => "ifr_ifindex",
    }
}

/// The struct as a script writes it: with names, or name and member in this order.
fn written(member: &str, argument: &Value) -> Result<Ifreq, Refusal> {
    let Value::Record(fields) = argument else {
        return Err(Refusal::wanted("a struct ifreq such as {ifr_name: \"lo\"}", argument));
    };
    // A script writes either no name, or the names of both.
    let order = ["ifr_name", member];
    let named = fields.iter().enumerate().map(|(at, (name, value))| match order.get(at) {
        Some(place) if name.is_empty() => Ok(((*place).to_owned(), value.clone())),
        None if name.is_empty() => Err(Refusal(format!("`{member}` is the last member that this request takes"))),
        _ => Ok((name.clone(), value.clone())),
    });
    let fields: Vec<(String, Value)> = named.collect::<Result<_, _>>()?;
    if let Some((other, _)) = fields.iter().find(|(name, _)| !order.contains(&name.as_str())) {
        return Err(Refusal(format!("this request is about `{member}`, and not about `{other}`")));
    }
    Ifreq::take(&Value::Record(fields))
}

fn encode(member: &str, ifreq: &Ifreq) -> Result<[u64; IFREQ / 8], Refusal> {
    let mut bytes = [0u8; IFREQ];
    put(&mut bytes[..NAME], &ifreq.ifr_name.0)?;
    let address = |peer: &Peer| peer.0.as_ref().map_or_else(Vec::new, |address| address.0.clone());
    let member = match member {
        "ifr_addr" => address(&ifreq.ifr_addr),
        "ifr_dstaddr" => address(&ifreq.ifr_dstaddr),
        "ifr_broadaddr" => address(&ifreq.ifr_broadaddr),
        "ifr_netmask" => address(&ifreq.ifr_netmask),
        "ifr_hwaddr" => address(&ifreq.ifr_hwaddr),
        "ifr_flags" => ifreq.ifr_flags.0.to_ne_bytes().to_vec(),
        "ifr_metric" => ifreq.ifr_metric.to_ne_bytes().to_vec(),
        "ifr_mtu" => ifreq.ifr_mtu.to_ne_bytes().to_vec(),
        "ifr_newname" => ifreq.ifr_newname.0.clone(),
        "ifr_qlen" => ifreq.ifr_qlen.to_ne_bytes().to_vec(),
        "ifr_map" => {
            let map = &ifreq.ifr_map;
            let mut bytes = [map.mem_start.to_ne_bytes(), map.mem_end.to_ne_bytes()].concat();
            bytes.extend(map.base_addr.to_ne_bytes());
            bytes.extend([map.irq, map.dma, map.port]);
            bytes
        }
        _ => ifreq.ifr_ifindex.to_ne_bytes().to_vec(),
    };
    put(&mut bytes[NAME..], &member)?;
    let mut words = bytes.as_chunks::<8>().0.iter();
    Ok(std::array::from_fn(|_| words.next().map_or(0, |word| u64::from_ne_bytes(*word))))
}

fn put(room: &mut [u8], bytes: &[u8]) -> Result<(), Refusal> {
    let size = room.len();
    let place =
        room.get_mut(..bytes.len()).ok_or_else(|| Refusal(format!("there is room for {size} bytes, and not {}", bytes.len())))?;
    place.copy_from_slice(bytes);
    Ok(())
}

fn decode(member: &str, union: &[u8]) -> Value {
    let word = union.first_chunk().map_or(0, |word| i32::from_ne_bytes(*word));
    match member {
        "ifr_addr" | "ifr_dstaddr" | "ifr_broadaddr" | "ifr_netmask" | "ifr_hwaddr" => {
            Address(union.get(..SOCKADDR).unwrap_or_default().to_vec()).give()
        }
        "ifr_flags" => InterfaceFlags(union.first_chunk().map_or(0, |word| u16::from_ne_bytes(*word))).give(),
        "ifr_newname" => Value::text(text(union.get(..NAME).unwrap_or_default())),
        "ifr_map" => {
            let long = |at: usize| union.get(at..at + 8).and_then(|bytes| bytes.try_into().ok()).map_or(0, u64::from_ne_bytes);
            let byte = |at: usize| union.get(at).copied().unwrap_or(0);
            let base_addr = u16::from_ne_bytes([byte(16), byte(17)]);
            Ifmap { mem_start: long(0), mem_end: long(8), base_addr, irq: byte(18), dma: byte(19), port: byte(20) }.give()
        }
        _ => Value::from(word),
    }
}

fn text(name: &[u8]) -> &[u8] {
    name.split(|&byte| byte == 0).next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_and_a_member_go_into_the_struct() {
        let positional = Value::Record(vec![(String::new(), Value::text("lo")), (String::new(), Value::Int(0x41))]);
        let named = Value::record([("ifr_name", Value::text("lo")), ("ifr_flags", Value::Int(0x41))]);
        let [one, other] = [positional, named].map(|value| written("ifr_flags", &value).expect("a struct ifreq"));
        assert_eq!(one, other);
        let raw = encode("ifr_flags", &one).expect("fits");
        assert_eq!(raw[0].to_ne_bytes(), *b"lo\0\0\0\0\0\0");
        assert_eq!(raw[2].to_ne_bytes()[..2], 0x41u16.to_ne_bytes());
    }

    #[test]
    fn a_member_of_another_request_is_refused() {
        let flags = Value::record([("ifr_name", Value::text("lo")), ("ifr_flags", Value::Int(1))]);
        assert!(written("ifr_mtu", &flags).is_err());
        assert!(
            encode(
                "ifr_mtu",
                &written("ifr_mtu", &Value::record([("ifr_name", Value::text("x".repeat(17)))])).expect("a struct")
            )
            .is_err()
        );
    }
}
