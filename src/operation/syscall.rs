//! The raw system call, for what has no entry of its own; see syscall(2).

use super::entry::call;
use super::{Argument, Failure, Family, Refusal, kernel, syscall_numbers};
use crate::value::{Type, Value};

/// Raw system calls.
pub static FAMILY: Family = Family {
    name: "syscall",
    title: "Raw system calls",
    summary: "Everything the kernel offers, by number. Arguments are numbers, or strings, which the kernel gets as addresses of copies that \
        end in NUL. What the kernel writes there is lost; the result is the number that the call gives.",
    calls: &[&SYSCALL],
    constants: &[&syscall_numbers::GROUP],
    structs: &[],
};

/// A system call, by number or by name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Number(i64);

impl Argument for Number {
    const TYPE: Type = Type::Either(&[Type::Constants(&syscall_numbers::GROUP), Type::Path]);
    fn take(value: &Value) -> Result<Self, Refusal> {
        let name = match value {
            Value::Bytes(name) => String::from_utf8_lossy(name).into_owned(),
            Value::Word(name) => name.clone(),
            other => return super::argument::integer(other).map(Self),
        };
        syscall_numbers::number(name.strip_prefix("SYS_").unwrap_or(&name))
            .map(|number| Self(i64::from(number)))
            .ok_or_else(|| unknown(&name))
    }
}

/// A machine word: any integer that C would put into a register.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Register(pub usize);

impl Argument for Register {
    const TYPE: Type = Type::Int;
    fn take(value: &Value) -> Result<Self, Refusal> {
        match super::argument::integer::<i64>(value) {
            Ok(signed) => Ok(Self(signed.cast_unsigned() as usize)),
            Err(_) => super::argument::integer(value).map(Self),
        }
    }
}

call! {
    /// Makes a system call with up to six arguments, and gives its result.
    ///
    /// Calls that return twice or change how the actor takes its steps are refused: they have entries of their own.
    fn syscall(
        number: Number,
        arg1: Value = 0,
        arg2: Value = 0,
        arg3: Value = 0,
        arg4: Value = 0,
        arg5: Value = 0,
        arg6: Value = 0
    ) -> i64 {
        if let Some((_, instead)) = REFUSED.iter().find(|(refused, _)| Some(*refused) == syscall_numbers::name(number.0)) {
            return Err(Failure::Refused(instead.to_string()));
        }
        let mut strings = Vec::new();
        let mut registers = [0usize; 6];
        for (register, value) in registers.iter_mut().zip([arg1, arg2, arg3, arg4, arg5, arg6]) {
            *register = match value {
                Value::Bytes(mut bytes) => {
                    bytes.push(0);
                    let address = bytes.as_mut_ptr().expose_provenance();
                    // The bytes themselves do not move with their vector.
                    strings.push(bytes);
                    address
                }
                other => Register::take(&other)?.0,
            };
        }
        let [a, b, c, d, e, f] = registers;
        // SAFETY: what the numbers mean is the script's affair: the process is its own, and strings live until the call is over.
        Ok(kernel(|| unsafe { libc::syscall(number.0, a, b, c, d, e, f) })?)
    }
    const SYSCALL: "syscall(2)";
    traits: [Programs, Network];
    blocks: "as the call does";
    errors: {
        ENOSYS: "the kernel has no such system call",
        EFAULT: "the call takes an address, and the number is none",
    };
    example: "a: syscall(SYS_getpid)                                -> a
a: syscall(\"mkdirat\", AT_FDCWD, \"made\", 0o755)        -> 0
a: syscall(\"mkdirat\", AT_FDCWD, \"made\", 0o755)        -> EEXIST
a: syscall(100000)                                    -> ENOSYS";
}

/// Names of system calls that a raw call cannot make, and what does.
const REFUSED: &[(&str, &str)] = &[
    ("fork", "a raw `fork` gives no actor: write `child = fork()`"),
    ("vfork", "a raw `vfork` gives no actor: write `child = vfork()`"),
    ("clone", "a raw `clone` gives no actor: write `child = clone(flags)`"),
    ("clone3", "a raw `clone3` gives no actor: write `child = clone3({flags: …})`"),
    ("rt_sigprocmask", "the mask changes with `sigprocmask(how, set)`"),
    ("rt_sigaction", "handlers are installed with `sigaction(signal, {sa_handler: do { … }})`"),
    ("rt_sigreturn", "`rt_sigreturn` is for the end of a handler alone"),
    ("reboot", "a raw `reboot` could reach the machine: write `reboot(howto)`, which a pid namespace keeps in"),
    ("execve", "a program is started with `execve(path, argv)`"),
];

/// Says that there is no such system call, and which one may be meant.
pub fn unknown(name: &str) -> Refusal {
    let known = syscall_numbers::meant(name).map(|near| format!("; the nearest name is `{near}`")).unwrap_or_default();
    Refusal(format!("this architecture has no system call `{name}`{known}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_either_sign_fit_a_register() {
        assert_eq!(Register::take(&Value::Int(-1)), Ok(Register(usize::MAX)));
        assert_eq!(Register::take(&Value::Int(i128::from(u64::MAX))), Ok(Register(usize::MAX)));
        assert!(Register::take(&Value::Int(1 << 64)).is_err());
    }

    #[test]
    fn names_stand_for_numbers() {
        assert_eq!(Number::take(&Value::text("getpid")), Ok(Number(libc::SYS_getpid)));
        assert_eq!(Number::take(&Value::text("SYS_getpid")), Ok(Number(libc::SYS_getpid)));
        let refusal = Number::take(&Value::text("getpd")).expect_err("no such call");
        assert!(refusal.0.contains("`getpid`"), "{}", refusal.0);
    }

    #[test]
    fn what_would_return_twice_is_refused() {
        assert!(matches!((SYSCALL.run)(&[Value::text("clone")]), Err(Failure::Refused(_))));
    }
}
