//! What a message carries besides its bytes, as scripts write it and as the kernel has it; pure. See cmsg(3).

use crate::operation::argument::{Argument, Fd, Id, Pid, Refusal, Returned};
use crate::operation::entry::structure;
use crate::value::{Type, Value};

structure! {
    /// Who sent a message, or is at the other end of a socket.
    Ucred = "ucred" { pid: Pid, uid: Id, gid: Id }
}

/// Control data, as the kernel has it: one header after the other, each with its data.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Control(pub Vec<u8>);

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
            let (kind, data) = encode(item)?;
            let length = HEADER + data.len();
            bytes.extend(length.to_ne_bytes());
            bytes.extend(libc::SOL_SOCKET.to_ne_bytes());
            bytes.extend(kind.to_ne_bytes());
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
        while let Some((length, level, kind)) = head(rest) {
            let end = length.clamp(HEADER, rest.len());
            items.push(decode(level, kind, rest.get(HEADER..end).unwrap_or_default()));
            rest = rest.get(end.next_multiple_of(ALIGNED)..).unwrap_or_default();
        }
        Value::List(items)
    }
}

fn encode(item: &Value) -> Result<(i32, Vec<u8>), Refusal> {
    match item {
        Value::Record(fields) => match fields.as_slice() {
            [(name, fds)] if name == "SCM_RIGHTS" => {
                let fds = Vec::<Fd>::take(fds)?;
                Ok((libc::SCM_RIGHTS, fds.iter().flat_map(|fd| fd.0.to_ne_bytes()).collect()))
            }
            [(name, who)] if name == "SCM_CREDENTIALS" => {
                let who = Ucred::take(who)?;
                let ids = [i64::from(who.pid.0), who.uid.0, who.gid.0];
                // -1 is the largest number of an unsigned id; anything else that C would cut off is refused.
                let id = |id: i64| {
                    let fits = i32::try_from(id).map(i32::cast_unsigned).or_else(|_| u32::try_from(id));
                    fits.map_err(|_| Refusal(format!("{id} is no id")))
                };
                let words = ids.into_iter().map(id).collect::<Result<Vec<u32>, _>>()?;
                Ok((libc::SCM_CREDENTIALS, words.into_iter().flat_map(u32::to_ne_bytes).collect()))
            }
            _ => Err(Refusal("control data is {SCM_RIGHTS: [fd]} or {SCM_CREDENTIALS: {pid, uid, gid}}".into())),
        },
        other => Err(Refusal::wanted("a record such as {SCM_RIGHTS: [fd]}", other)),
    }
}

fn decode(level: i32, kind: i32, data: &[u8]) -> Value {
    let words: Vec<i32> = data.as_chunks::<4>().0.iter().map(|word| i32::from_ne_bytes(*word)).collect();
    match (level, kind, words.as_slice()) {
        (libc::SOL_SOCKET, libc::SCM_RIGHTS, fds) => {
            Value::record([("SCM_RIGHTS", fds.iter().map(|&fd| Fd(fd)).collect::<Vec<_>>().give())])
        }
        (libc::SOL_SOCKET, libc::SCM_CREDENTIALS, &[pid, uid, gid]) => {
            let id = |id: i32| Id(i64::from(id.cast_unsigned()));
            Value::record([("SCM_CREDENTIALS", Ucred { pid: Pid(pid), uid: id(uid), gid: id(gid) }.give())])
        }
        _ => Value::record([
            ("cmsg_level", Value::from(level)),
            ("cmsg_type", Value::from(kind)),
            ("cmsg_data", Value::text(data)),
        ]),
    }
}

fn head(bytes: &[u8]) -> Option<(usize, i32, i32)> {
    let (length, rest) = bytes.split_first_chunk::<8>()?;
    let (level, rest) = rest.split_first_chunk::<4>()?;
    let (kind, _) = rest.split_first_chunk::<4>()?;
    Some((usize::from_ne_bytes(*length), i32::from_ne_bytes(*level), i32::from_ne_bytes(*kind)))
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
