//! What a message carries besides its bytes, as scripts write it and as the kernel has it; pure. See cmsg(3).

use crate::operation::argument::{Argument, Fd, Refusal, Returned, integer};
use crate::operation::socket_option::Form;
use crate::value::{Type, Value};

/// Control data, as the kernel has it: one header after the other, each with its data.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Control(pub Vec<u8>);

/// A kind of control data.
#[derive(Debug)]
struct Kind {
    name: &'static str,
    level: i32,
    number: i32,
    form: Form,
}

const fn kind(name: &'static str, level: i32, number: i32, form: Form) -> Kind {
    Kind { name, level, number, form }
}

/// What scripts call by name; anything else is `{cmsg_level, cmsg_type, cmsg_data}`.
const KINDS: &[Kind] = &[
    kind("SCM_RIGHTS", libc::SOL_SOCKET, libc::SCM_RIGHTS, Form::Fds),
    kind("SCM_CREDENTIALS", libc::SOL_SOCKET, libc::SCM_CREDENTIALS, Form::Ucred),
    kind("SCM_SECURITY", libc::SOL_SOCKET, 3, Form::Text),
    kind("SCM_PIDFD", libc::SOL_SOCKET, 4, Form::Fd),
    kind("SCM_TIMESTAMP", libc::SOL_SOCKET, 29, Form::Timeval),
    kind("SCM_TIMESTAMPNS", libc::SOL_SOCKET, 35, Form::Timespec),
    kind("SCM_TIMESTAMPING", libc::SOL_SOCKET, 37, Form::Bytes),
    kind("SCM_TXTIME", libc::SOL_SOCKET, 61, Form::Long),
    kind("SCM_INQ", libc::SOL_SOCKET, 84, Form::Int),
    kind("SO_MARK", libc::SOL_SOCKET, libc::SO_MARK, Form::Int),
    kind("SO_PRIORITY", libc::SOL_SOCKET, libc::SO_PRIORITY, Form::Int),
    kind("SO_RXQ_OVFL", libc::SOL_SOCKET, 40, Form::Int),
    kind("IP_PKTINFO", libc::IPPROTO_IP, 8, Form::PacketInfo),
    kind("IP_TTL", libc::IPPROTO_IP, 2, Form::Int),
    kind("IP_TOS", libc::IPPROTO_IP, 1, Form::Int),
    kind("IP_RECVERR", libc::IPPROTO_IP, 11, Form::Error),
    kind("IP_RETOPTS", libc::IPPROTO_IP, 7, Form::Bytes),
    kind("IP_ORIGDSTADDR", libc::IPPROTO_IP, 20, Form::Address),
    kind("IP_RECVFRAGSIZE", libc::IPPROTO_IP, 25, Form::Int),
    kind("IPV6_PKTINFO", libc::IPPROTO_IPV6, 50, Form::PacketInfo6),
    kind("IPV6_HOPLIMIT", libc::IPPROTO_IPV6, 52, Form::Int),
    kind("IPV6_TCLASS", libc::IPPROTO_IPV6, 67, Form::Int),
    kind("IPV6_RECVERR", libc::IPPROTO_IPV6, 25, Form::Error),
    kind("IPV6_ORIGDSTADDR", libc::IPPROTO_IPV6, 74, Form::Address),
    kind("UDP_SEGMENT", libc::IPPROTO_UDP, 103, Form::Short),
    kind("UDP_GRO", libc::IPPROTO_UDP, 104, Form::Int),
    kind("TCP_INQ", libc::IPPROTO_TCP, 36, Form::Int),
    kind("NETLINK_PKTINFO", libc::SOL_NETLINK, 3, Form::Int),
];

/// Length (8 bytes), level and type (4 bytes each).
const HEADER: usize = 16;
/// Headers and data begin at multiples of this.
const ALIGNED: usize = 8;

impl Argument for Control {
    const TYPE: Type = Type::List(&Type::Any);
    fn take(value: &Value) -> Result<Self, Refusal> {
        let items = match value {
            Value::List(items) => items.as_slice(),
            Value::Null | Value::Int(0) => &[],
            other => return Err(Refusal::wanted("a list such as [{SCM_RIGHTS: [fd]}]", other)),
        };
        let mut bytes = Vec::new();
        for item in items {
            let (level, number, data) = encode(item)?;
            let length = HEADER + data.len();
            bytes.extend(length.to_ne_bytes());
            bytes.extend(level.to_ne_bytes());
            bytes.extend(number.to_ne_bytes());
            bytes.extend(data);
            bytes.resize(bytes.len().next_multiple_of(ALIGNED), 0);
        }
        Ok(Self(bytes))
    }
}

impl Returned for Control {
    const TYPE: Type = <Self as Argument>::TYPE;
    fn give(self) -> Value {
        let mut items = Vec::new();
        let mut rest = self.0.as_slice();
        while let Some((length, level, number)) = head(rest) {
            let end = length.clamp(HEADER, rest.len());
            items.push(decode(level, number, rest.get(HEADER..end).unwrap_or_default()));
            rest = rest.get(end.next_multiple_of(ALIGNED)..).unwrap_or_default();
        }
        Value::List(items)
    }
}

fn encode(item: &Value) -> Result<(i32, i32, Vec<u8>), Refusal> {
    let Value::Record(fields) = item else {
        return Err(Refusal::wanted("a record such as {SCM_RIGHTS: [fd]}", item));
    };
    if let [(name, value)] = fields.as_slice()
        && let Some(kind) = KINDS.iter().find(|kind| kind.name == name)
    {
        let data = kind.form.encode(value).map_err(|refusal| Refusal(format!("{name}: {}", refusal.0)))?;
        return Ok((kind.level, kind.number, data));
    }
    let part = |name: &str| item.field(name);
    match (part("cmsg_level"), part("cmsg_type")) {
        (Some(level), Some(number)) => {
            let data = part("cmsg_data").map_or(Ok(Vec::new()), |data| Form::Bytes.encode(data))?;
            Ok((integer(level)?, integer(number)?, data))
        }
        _ => Err(Refusal(
            "control data is {SCM_RIGHTS: [fd]}, {SCM_CREDENTIALS: {pid, uid, gid}}, another name of cmsg(3), or {cmsg_level, cmsg_type, cmsg_data}"
                .into(),
        )),
    }
}

fn decode(level: i32, number: i32, data: &[u8]) -> Value {
    match KINDS.iter().find(|kind| (kind.level, kind.number) == (level, number)) {
        // No pidfd could be had for the sender: an errno stands there.
        Some(Kind { name, form: Form::Fd, .. }) => {
            let word = data.first_chunk().map_or(-1, |word| i32::from_ne_bytes(*word));
            Value::record([(name, Fd(word).give())])
        }
        Some(kind) => Value::record([(kind.name, kind.form.decode(data))]),
        None => Value::record([
            ("cmsg_level", Value::from(level)),
            ("cmsg_type", Value::from(number)),
            ("cmsg_data", Value::text(data)),
        ]),
    }
}

fn head(bytes: &[u8]) -> Option<(usize, i32, i32)> {
    let (length, rest) = bytes.split_first_chunk::<8>()?;
    let (level, rest) = rest.split_first_chunk::<4>()?;
    let (number, _) = rest.split_first_chunk::<4>()?;
    Some((usize::from_ne_bytes(*length), i32::from_ne_bytes(*level), i32::from_ne_bytes(*number)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn descriptors_and_credentials_go_there_and_back() {
        let rights = Value::record([("SCM_RIGHTS", Value::List(vec![Value::Int(3), Value::Int(4), Value::Int(5)]))]);
        let who = Value::record([("pid", Value::Int(2)), ("uid", Value::Int(0)), ("gid", Value::Int(65534))]);
        let given = Value::List(vec![rights, Value::record([("SCM_CREDENTIALS", who)])]);
        let control = Control::take(&given).expect("control data");
        assert_eq!(control.0.len(), 32 + 32);
        assert_eq!(control.give(), given);
    }

    #[test]
    fn each_level_has_its_own_names() {
        let info = Value::record([
            ("ipi_ifindex", Value::Int(1)),
            ("ipi_spec_dst", Value::text("127.0.0.1")),
            ("ipi_addr", Value::text("0.0.0.0")),
        ]);
        let given = Value::List(vec![Value::record([("IP_PKTINFO", info)])]);
        let control = Control::take(&given).expect("control data");
        assert_eq!(control.0.get(8..16), Some(&[0, 0, 0, 0, 8, 0, 0, 0][..]));
        assert_eq!(control.give(), given);
    }

    #[test]
    fn what_has_no_name_is_written_as_bytes() {
        let other =
            Value::record([("cmsg_level", Value::Int(9)), ("cmsg_type", Value::Int(7)), ("cmsg_data", Value::text("abcd1234"))]);
        let given = Value::List(vec![other]);
        assert_eq!(Control::take(&given).expect("control data").give(), given);
    }

    #[test]
    fn nothing_is_an_empty_list() {
        assert_eq!(Control::take(&Value::Int(0)).expect("control data").give(), Value::List(Vec::new()));
    }

    #[test]
    fn a_length_that_lies_ends_the_list() {
        let mut bytes = Control::take(&Value::List(vec![Value::record([("SCM_RIGHTS", Value::List(vec![Value::Int(3)]))])]))
            .expect("control data")
            .0;
        bytes[0] = 0;
        assert_eq!(Control(bytes).give(), Value::List(vec![Value::record([("SCM_RIGHTS", Value::List(Vec::new()))])]));
    }

    #[test]
    fn what_is_no_control_data_is_refused() {
        assert!(Control::take(&Value::List(vec![Value::record([("SCM_WRONG", Value::Int(1))])])).is_err());
        assert!(Control::take(&Value::text("x")).is_err());
    }
}
