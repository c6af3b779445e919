//! How the value of an option, or of a control message, lies in memory; pure.

use super::structures::{
    GroupReq, GroupSourceReq, In6Pktinfo, InPktinfo, IpMreqSource, IpMreqn, Ipv6Mreq, Linger, SockExtendedErr, SockTxtime,
    Timeval, Ucred,
};
use super::tcp;
use crate::operation::argument::{Argument, Fd, Id, Pid, Refusal, Returned, integer};
use crate::operation::socket_address::{Address, Internet6Address, InternetAddress, Peer};
use crate::value::Value;
use std::net::{Ipv4Addr, Ipv6Addr};

/// What a value is in C.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// `int`, and `unsigned int`; a shorter value that the kernel gives is widened.
    Int,
    /// `uint16_t`
    Short,
    /// `uint64_t`; an int where the kernel gives one.
    Long,
    /// Several `uint32_t`.
    Words,
    /// Bytes without a form that scripts need.
    Bytes,
    /// Characters that end at a NUL.
    Text,
    /// A descriptor that the kernel gives.
    Fd,
    /// Several descriptors.
    Fds,
    /// Group ids.
    Groups,
    /// A list of instructions, by a pointer: written only, and never by this module.
    Filter,
    /// `struct ucred`
    Ucred,
    /// `struct linger`
    Linger,
    /// `struct timeval`, or a duration.
    Timeval,
    /// `struct timespec`
    Timespec,
    /// `struct sockaddr`
    Address,
    /// `struct in_addr` when read, and that or `struct ip_mreqn` when written.
    Interface,
    /// `struct in_pktinfo`
    PacketInfo,
    /// `struct in6_pktinfo`
    PacketInfo6,
    /// `struct ip_mreqn`
    Membership,
    /// `struct ip_mreq_source`
    SourceMembership,
    /// `struct ipv6_mreq`
    Membership6,
    /// `struct group_req`
    Group,
    /// `struct group_source_req`
    GroupSource,
    /// `struct sock_txtime`
    TxTime,
    /// `struct sock_extended_err`, and the address behind it.
    Error,
    /// `struct tcp_info`
    TcpInfo,
}

impl Form {
    /// `value` as it lies in memory; a string goes as it is, whatever the form.
    ///
    /// # Errors
    ///
    /// When it does not fit.
    pub fn encode(self, value: &Value) -> Result<Vec<u8>, Refusal> {
        if let Value::Bytes(bytes) = value
            && self != Self::Interface
        {
            return Ok(bytes.clone());
        }
        Ok(match self {
            Self::Int | Self::Fd => int(value)?.to_ne_bytes().to_vec(),
            Self::Short => integer::<u16>(value)?.to_ne_bytes().to_vec(),
            Self::Long => integer::<u64>(value)?.to_ne_bytes().to_vec(),
            Self::Words => Vec::<u32>::take(value)?.into_iter().flat_map(u32::to_ne_bytes).collect(),
            Self::Bytes | Self::Text => return Err(Refusal::wanted("a string", value)),
            Self::Filter => return Err(Refusal::wanted("a list of struct sock_filter", value)),
            Self::Fds => Vec::<Fd>::take(value)?.iter().flat_map(|fd| fd.0.to_ne_bytes()).collect(),
            Self::Groups => {
                let groups = Vec::<Id>::take(value)?;
                let words = groups.into_iter().map(|group| id(group.0)).collect::<Result<Vec<u32>, _>>()?;
                words.into_iter().flat_map(u32::to_ne_bytes).collect()
            }
            Self::Ucred => {
                let who = Ucred::take(value)?;
                let words = [who.pid.0.cast_unsigned(), id(who.uid.0)?, id(who.gid.0)?];
                words.into_iter().flat_map(u32::to_ne_bytes).collect()
            }
            Self::Linger => {
                let linger = Linger::take(value)?;
                [linger.l_onoff, linger.l_linger].into_iter().flat_map(i32::to_ne_bytes).collect()
            }
            Self::Timeval => {
                let (seconds, microseconds) = match value {
                    // What is less than a microsecond would be no limit at all.
                    Value::Duration(nanoseconds) => {
                        let micros = i64::try_from(nanoseconds.div_ceil(1000)).unwrap_or(i64::MAX);
                        (micros / 1_000_000, micros % 1_000_000)
                    }
                    Value::Int(seconds) => (integer(&Value::Int(*seconds))?, 0),
                    other => Timeval::take(other).map(|time| (time.tv_sec, time.tv_usec))?,
                };
                [seconds, microseconds].into_iter().flat_map(i64::to_ne_bytes).collect()
            }
            Self::Address => Address::take(value)?.0,
            Self::Interface => match value {
                Value::Record(_) => membership(&IpMreqn::take(value)?),
                other => InternetAddress::take(other)?.0.octets().to_vec(),
            },
            Self::Membership => membership(&IpMreqn::take(value)?),
            Self::SourceMembership => {
                let request = IpMreqSource::take(value)?;
                [request.imr_multiaddr, request.imr_interface, request.imr_sourceaddr]
                    .iter()
                    .flat_map(|one| one.0.octets())
                    .collect()
            }
            Self::Membership6 => {
                let request = Ipv6Mreq::take(value)?;
                [&request.ipv6mr_multiaddr.0.octets()[..], &request.ipv6mr_interface.to_ne_bytes()].concat()
            }
            Self::PacketInfo => {
                let info = InPktinfo::take(value)?;
                [info.ipi_ifindex.to_ne_bytes(), info.ipi_spec_dst.0.octets(), info.ipi_addr.0.octets()].concat()
            }
            Self::PacketInfo6 => {
                let info = In6Pktinfo::take(value)?;
                [&info.ipi6_addr.0.octets()[..], &info.ipi6_ifindex.to_ne_bytes()].concat()
            }
            Self::Group => {
                let request = GroupReq::take(value)?;
                group(request.gr_interface, &[request.gr_group])
            }
            Self::GroupSource => {
                let request = GroupSourceReq::take(value)?;
                group(request.gsr_interface, &[request.gsr_group, request.gsr_source])
            }
            Self::TxTime => {
                let time = SockTxtime::take(value)?;
                [time.clockid.to_ne_bytes(), time.flags.to_ne_bytes()].concat()
            }
            Self::Timespec | Self::Error | Self::TcpInfo => {
                return Err(Refusal("the kernel gives this, and takes it from nobody".into()));
            }
        })
    }

    /// What `bytes` mean; the bytes themselves where they are too few.
    pub fn decode(self, bytes: &[u8]) -> Value {
        self.read(bytes).unwrap_or_else(|| Value::text(bytes))
    }

    fn read(self, bytes: &[u8]) -> Option<Value> {
        let word = |at: usize| bytes.get(at..at + 4)?.try_into().ok().map(i32::from_ne_bytes);
        let long = |at: usize| bytes.get(at..at + 8)?.try_into().ok().map(i64::from_ne_bytes);
        let ip = |at: usize| Some(InternetAddress(Ipv4Addr::from(<[u8; 4]>::try_from(bytes.get(at..at + 4)?).ok()?)));
        let ip6 = |at: usize| Some(Internet6Address(Ipv6Addr::from(<[u8; 16]>::try_from(bytes.get(at..at + 16)?).ok()?)));
        let words = || bytes.as_chunks::<4>().0.iter().map(|word| u32::from_ne_bytes(*word));
        let wide = |at: usize| word(at).map(|id| Id(i64::from(id.cast_unsigned())));
        Some(match (self, bytes) {
            (Self::Int, &[byte]) => Value::from(byte),
            (Self::Int, &[low, high]) | (Self::Short, &[low, high, ..]) => Value::from(u16::from_ne_bytes([low, high])),
            (Self::Int, _) => Value::from(word(0)?),
            (Self::Short, _) => return None,
            (Self::Long, _) => long(0).map(|long| Value::from(long.cast_unsigned())).or_else(|| word(0).map(Value::from))?,
            (Self::Words, _) => words().collect::<Vec<u32>>().give(),
            (Self::Bytes | Self::Filter, _) => return None,
            (Self::Text, _) => Value::text(bytes.split(|&byte| byte == 0).next().unwrap_or_default()),
            (Self::Fd, _) => Fd(word(0)?).give(),
            (Self::Fds, _) => words().map(|fd| Fd(fd.cast_signed())).collect::<Vec<_>>().give(),
            (Self::Groups, _) => words().map(|group| Id(i64::from(group))).collect::<Vec<_>>().give(),
            (Self::Ucred, _) => Ucred { pid: Pid(word(0)?), uid: wide(4)?, gid: wide(8)? }.give(),
            (Self::Linger, _) => Linger { l_onoff: word(0)?, l_linger: word(4)? }.give(),
            (Self::Timeval, _) => Timeval { tv_sec: long(0)?, tv_usec: long(8)? }.give(),
            (Self::Timespec, _) => Value::record([("tv_sec", Value::from(long(0)?)), ("tv_nsec", Value::from(long(8)?))]),
            (Self::Address, _) => Address(bytes.to_vec()).give(),
            (Self::Interface, _) => ip(0)?.give(),
            (Self::Membership, _) => IpMreqn { imr_multiaddr: ip(0)?, imr_address: ip(4)?, imr_ifindex: word(8)? }.give(),
            (Self::SourceMembership, _) => {
                IpMreqSource { imr_multiaddr: ip(0)?, imr_interface: ip(4)?, imr_sourceaddr: ip(8)? }.give()
            }
            (Self::Membership6, _) => Ipv6Mreq { ipv6mr_multiaddr: ip6(0)?, ipv6mr_interface: word(16)?.cast_unsigned() }.give(),
            (Self::PacketInfo, _) => InPktinfo { ipi_ifindex: word(0)?, ipi_spec_dst: ip(4)?, ipi_addr: ip(8)? }.give(),
            (Self::PacketInfo6, _) => In6Pktinfo { ipi6_addr: ip6(0)?, ipi6_ifindex: word(16)?.cast_unsigned() }.give(),
            (Self::Group | Self::GroupSource, _) => return None,
            (Self::TxTime, _) => SockTxtime { clockid: word(0)?, flags: word(4)?.cast_unsigned() }.give(),
            (Self::Error, &[_, _, _, _, origin, kind, code, _, ..]) => SockExtendedErr {
                ee_errno: word(0)?.cast_unsigned(),
                ee_origin: origin,
                ee_type: kind,
                ee_code: code,
                ee_info: word(8)?.cast_unsigned(),
                ee_data: word(12)?.cast_unsigned(),
                offender: Peer(
                    bytes.get(16..).filter(|rest| rest.len() > 2 && rest[..2] != [0, 0]).map(|rest| Address(rest.to_vec())),
                ),
            }
            .give(),
            (Self::Error, _) => return None,
            (Self::TcpInfo, _) => tcp::info(bytes),
        })
    }
}

/// An `int`, or an `unsigned int` that passes as one.
fn int(value: &Value) -> Result<i32, Refusal> {
    integer::<i32>(value).or_else(|_| integer::<u32>(value).map(u32::cast_signed))
}

/// -1 is the largest number of an unsigned id; anything else that C would cut off is refused.
fn id(id: i64) -> Result<u32, Refusal> {
    let fits = i32::try_from(id).map(i32::cast_unsigned).or_else(|_| u32::try_from(id));
    fits.map_err(|_| Refusal(format!("{id} is no id")))
}

fn membership(request: &IpMreqn) -> Vec<u8> {
    [request.imr_multiaddr.0.octets(), request.imr_address.0.octets(), request.imr_ifindex.to_ne_bytes()].concat()
}

/// An index, padding, and addresses that take as much room as the longest.
fn group(interface: u32, addresses: &[Peer]) -> Vec<u8> {
    let mut bytes = interface.to_ne_bytes().to_vec();
    bytes.resize(8, 0);
    for (place, address) in addresses.iter().enumerate() {
        bytes.extend(address.0.iter().flat_map(|address| &address.0));
        bytes.resize(8 + (place + 1) * Address::ROOM, 0);
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_rounded_up_so_that_none_becomes_no_limit() {
        let bytes = Form::Timeval.encode(&Value::Duration(1)).expect("a time");
        assert_eq!(Form::Timeval.decode(&bytes), Value::record([("tv_sec", Value::Int(0)), ("tv_usec", Value::Int(1))]));
        let bytes = Form::Timeval.encode(&Value::Duration(1_500_000_000)).expect("a time");
        assert_eq!(Form::Timeval.decode(&bytes), Value::record([("tv_sec", Value::Int(1)), ("tv_usec", Value::Int(500_000))]));
    }

    #[test]
    fn structs_go_there_and_back() {
        let linger = Value::record([("l_onoff", Value::Int(1)), ("l_linger", Value::Int(5))]);
        assert_eq!(Form::Linger.decode(&Form::Linger.encode(&linger).expect("a linger")), linger);
        let group = Value::record([("ipv6mr_multiaddr", Value::text("ff02::1")), ("ipv6mr_interface", Value::Int(1))]);
        assert_eq!(Form::Membership6.decode(&Form::Membership6.encode(&group).expect("a membership")), group);
    }

    #[test]
    fn what_is_too_short_stays_bytes() {
        assert_eq!(Form::Ucred.decode(b"abcd"), Value::text("abcd"));
        assert_eq!(Form::Int.decode(&[7]), Value::Int(7));
        assert_eq!(Form::Int.decode(&[0xff; 4]), Value::Int(-1));
    }

    #[test]
    fn a_string_goes_as_it_is() {
        assert_eq!(Form::Int.encode(&Value::text("x")).expect("bytes"), b"x");
        assert_eq!(Form::Interface.encode(&Value::text("127.0.0.1")).expect("an address"), [127, 0, 0, 1]);
    }
}
