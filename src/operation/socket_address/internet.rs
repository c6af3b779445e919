//! Addresses of the Internet, as scripts write them: `"127.0.0.1"`, `"::1"`; pure. See inet_pton(3).

use crate::operation::argument::{Argument, Refusal, Returned, integer};
use crate::operation::entry::constants;
use crate::value::{Type, Value};
use std::net::{Ipv4Addr, Ipv6Addr};

constants! {
    /// addresses of the Internet, version 4, as numbers
    choice WellKnown(u32) {
        INADDR_ANY, "every address of the network namespace";
        INADDR_BROADCAST, "everybody on the network";
        INADDR_LOOPBACK, "this machine: 127.0.0.1";
        INADDR_NONE, "what is no address";
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

/// An address of the Internet, version 6; what is left out is `"::"`, every address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Internet6Address(pub Ipv6Addr);

impl Argument for Internet6Address {
    const TYPE: Type = Type::Bytes;
    fn take(value: &Value) -> Result<Self, Refusal> {
        match value {
            Value::Bytes(bytes) => {
                let text = String::from_utf8_lossy(bytes);
                text.parse().map(Self).map_err(|_| Refusal(format!("expected an address such as \"::1\", found \"{text}\"")))
            }
            Value::Null | Value::Int(0) => Ok(Self(Ipv6Addr::UNSPECIFIED)),
            other => Err(Refusal::wanted("an address such as \"::1\"", other)),
        }
    }
}

impl Returned for Internet6Address {
    const TYPE: Type = <Self as Argument>::TYPE;
    fn give(self) -> Value {
        Value::text(self.0.to_string())
    }
}
