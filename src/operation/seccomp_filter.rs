//! The filters of seccomp: from the record that a script writes to the program that the kernel runs; see seccomp(2).

use super::argument::integer;
use super::entry::structure;
use super::seccomp::SeccompAction;
use super::{Argument, Refusal, syscall_numbers};
use crate::value::{Field, Structure, Type, Value};

/// A filter: what it answers to each system call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filter {
    default: u32,
    calls: Vec<(u32, Vec<Rule>)>,
}

/// What is answered to a system call with certain arguments.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    action: u32,
    conditions: Vec<Condition>,
}

/// What an argument must be like: equal to `value` where `mask` has bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Condition {
    argument: usize,
    mask: u64,
    value: u64,
}

structure! {
    /// What an argument must be like where only some bits of it count.
    Masked = "masked" { mask: u64, value: u64 }
}

/// An argument that must have one value, or certain bits.
const ARGUMENT: Type = Type::Either(&[Type::Int, Type::Struct(&Masked::STRUCTURE)]);

impl Rule {
    /// The rule as a script writes it; arguments that it leaves out may be anything.
    pub const STRUCTURE: Structure = Structure {
        name: "seccomp_rule",
        summary: "What a filter answers to a system call with such arguments; those left out may be anything.",
        fields: &[
            Field { name: "action", ty: SeccompAction::TYPE },
            Field { name: "arg0", ty: ARGUMENT },
            Field { name: "arg1", ty: ARGUMENT },
            Field { name: "arg2", ty: ARGUMENT },
            Field { name: "arg3", ty: ARGUMENT },
            Field { name: "arg4", ty: ARGUMENT },
            Field { name: "arg5", ty: ARGUMENT },
        ],
    };

    /// What stands behind the name of a system call.
    pub const TYPE: Type =
        Type::Either(&[SeccompAction::TYPE, Type::Struct(&Self::STRUCTURE), Type::List(&Type::Struct(&Self::STRUCTURE))]);

    fn take(value: &Value) -> Result<Self, Refusal> {
        let Value::Record(fields) = value else {
            let action =
                integer(value).map_err(|_| Refusal::wanted("an action, or a rule such as {action: …, arg0: …}", value))?;
            return Ok(Self { action, conditions: Vec::new() });
        };
        let mut action = None;
        let mut conditions = Vec::new();
        for (place, (name, value)) in fields.iter().enumerate() {
            let at =
                if name.is_empty() { Some(place) } else { Self::STRUCTURE.fields.iter().position(|field| field.name == name) };
            match at {
                Some(0) => action = Some(SeccompAction::take(value)?.0),
                Some(at) if at < Self::STRUCTURE.fields.len() => conditions.push(Condition::take(at - 1, value)?),
                _ => return Err(Refusal(format!("a rule has `action`, and `arg0` to `arg5`, and no `{name}`"))),
            }
        }
        let action = action.ok_or_else(|| Refusal("a rule needs an `action`".into()))?;
        Ok(Self { action, conditions })
    }
}

impl Condition {
    fn take(argument: usize, value: &Value) -> Result<Self, Refusal> {
        if let Value::Record(_) = value {
            let Masked { mask, value } = Masked::take(value)?;
            return Ok(Self { argument, mask, value: value & mask });
        }
        // Of an argument that is an int in C, the register's upper half is anybody's guess when the int is negative.
        match value.int() {
            Some(number @ ..0) => Ok(Self { argument, mask: 0xffff_ffff, value: u64::from(number as u32) }),
            _ => Ok(Self { argument, mask: u64::MAX, value: integer(value)? }),
        }
    }
}

impl Argument for Filter {
    const TYPE: Type = Type::Struct(&FILTER);
    fn take(value: &Value) -> Result<Self, Refusal> {
        let Value::Record(written) = value else {
            let example = "a filter such as {default: SECCOMP_RET_ALLOW, mount: SECCOMP_RET_ERRNO | EPERM}";
            return Err(Refusal::wanted(example, value));
        };
        let mut default = None;
        let mut calls = Vec::new();
        for (name, value) in written {
            let about = |refusal: Refusal| Refusal(format!("the answer to `{name}`: {}", refusal.0));
            if name == "default" {
                default = Some(integer(value).map_err(about)?);
                continue;
            }
            let number = syscall_numbers::number(name).ok_or_else(|| super::syscall::unknown(name))?;
            let rules = match value {
                Value::List(rules) => rules.iter().map(Rule::take).collect(),
                rule => Rule::take(rule).map(|rule| vec![rule]),
            };
            calls.push((number, rules.map_err(about)?));
        }
        match default {
            Some(default) => Ok(Self { default, calls }),
            None => Err(Refusal("the filter has no `default`: add `default: SECCOMP_RET_ALLOW`".into())),
        }
    }
}

/// A filter as a struct: a field for each system call of this architecture, so that a mistyped one is found before anything runs.
static FILTER: Structure = Structure {
    name: "seccomp_filter",
    summary: "A filter: what is answered by default, and to which system call something else.",
    fields: syscall_numbers::FIELDS,
};

impl Filter {
    /// The program that answers so, and lets through the engine's own calls, which come from the instruction before `gate`.
    pub fn program(&self, gate: u64) -> Vec<libc::sock_filter> {
        let mut program = vec![
            // What comes by another architecture's entry has other numbers: nothing of it can be judged.
            load(ARCH),
            jump_unless_equal(AUDIT_ARCH, 1),
            jump(1),
            answer(libc::SECCOMP_RET_KILL_PROCESS),
            load(INSTRUCTION_POINTER),
            jump_unless_equal(gate as u32, 3),
            load(INSTRUCTION_POINTER + 4),
            jump_unless_equal((gate >> 32) as u32, 1),
            answer(libc::SECCOMP_RET_ALLOW),
            load(NUMBER),
        ];
        for (number, rules) in &self.calls {
            let mut block: Vec<libc::sock_filter> = rules.iter().flat_map(Rule::program).collect();
            block.push(answer(self.default));
            // A conditional jump goes no farther than 255 instructions, which many rules can exceed.
            program.extend([jump_unless_equal(*number, 1), jump(1), jump(block.len() as u32)]);
            program.extend(block);
        }
        program.push(answer(self.default));
        program
    }
}

impl Rule {
    /// Answers where all conditions hold, and goes on behind itself where one does not.
    fn program(&self) -> Vec<libc::sock_filter> {
        let halves: Vec<(u32, u32, u32)> = self
            .conditions
            .iter()
            .flat_map(|condition| {
                let at = ARGUMENTS + 8 * condition.argument as u32;
                let half = |shift: u32| (at + shift / 8, (condition.mask >> shift) as u32, (condition.value >> shift) as u32);
                [half(0), half(32)]
            })
            .filter(|(_, mask, _)| *mask != 0)
            .collect();
        let mut program = Vec::new();
        for (done, (at, mask, value)) in halves.iter().enumerate() {
            // Three instructions for each half that is left, and the answer.
            let behind = 3 * (halves.len() - done - 1) + 1;
            program.extend([load(*at), keep(*mask), jump_unless_equal(*value, behind as u8)]);
        }
        program.push(answer(self.action));
        program
    }
}

// Where the kernel keeps what a filter judges; see struct seccomp_data in seccomp(2). Both architectures are little-endian: the
// lower half of an argument comes first.
const NUMBER: u32 = 0;
const ARCH: u32 = 4;
const INSTRUCTION_POINTER: u32 = 8;
const ARGUMENTS: u32 = 16;

#[cfg(target_arch = "x86_64")]
const AUDIT_ARCH: u32 = 0xc000_003e;
#[cfg(target_arch = "aarch64")]
const AUDIT_ARCH: u32 = 0xc000_00b7;

fn load(offset: u32) -> libc::sock_filter {
    libc::sock_filter { code: (libc::BPF_LD | libc::BPF_W | libc::BPF_ABS) as u16, jt: 0, jf: 0, k: offset }
}

fn keep(mask: u32) -> libc::sock_filter {
    libc::sock_filter { code: (libc::BPF_ALU | libc::BPF_AND | libc::BPF_K) as u16, jt: 0, jf: 0, k: mask }
}

fn jump_unless_equal(value: u32, over: u8) -> libc::sock_filter {
    libc::sock_filter { code: (libc::BPF_JMP | libc::BPF_JEQ | libc::BPF_K) as u16, jt: 0, jf: over, k: value }
}

fn jump(over: u32) -> libc::sock_filter {
    libc::sock_filter { code: (libc::BPF_JMP | libc::BPF_JA) as u16, jt: 0, jf: 0, k: over }
}

fn answer(action: u32) -> libc::sock_filter {
    libc::sock_filter { code: (libc::BPF_RET | libc::BPF_K) as u16, jt: 0, jf: 0, k: action }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What the program answers; the few instructions that a filter uses.
    fn judge(program: &[libc::sock_filter], number: u32, arch: u32, pointer: u64) -> u32 {
        judge_call(program, [number, arch, pointer as u32, (pointer >> 32) as u32], &[])
    }

    fn judge_call(program: &[libc::sock_filter], head: [u32; 4], arguments: &[u64]) -> u32 {
        let halves = arguments.iter().flat_map(|&argument| [argument as u32, (argument >> 32) as u32]);
        let data: Vec<u32> = head.into_iter().chain(halves).chain([0; 12]).collect();
        let (mut at, mut accumulator) = (0, 0);
        loop {
            let step = program[at];
            at += 1;
            match u32::from(step.code) {
                0x20 => accumulator = data[step.k as usize / 4],
                0x54 => accumulator &= step.k,
                0x15 => at += usize::from(if accumulator == step.k { step.jt } else { step.jf }),
                0x05 => at += step.k as usize,
                0x06 => return step.k,
                code => panic!("unknown instruction {code:#x}"),
            }
        }
    }

    #[test]
    fn a_filter_answers_by_name_and_lets_the_engine_through() {
        let gate = 0x5555_0000_1234_u64;
        let rules = Value::record([
            ("mount", Value::from(libc::SECCOMP_RET_ERRNO | 1)),
            ("default", Value::from(libc::SECCOMP_RET_ALLOW)),
            ("getppid", Value::from(libc::SECCOMP_RET_KILL_PROCESS)),
        ]);
        let program = Filter::take(&rules).expect("a good filter").program(gate);
        let ask = |number: i64, pointer| judge(&program, number as u32, AUDIT_ARCH, pointer);
        assert_eq!(ask(libc::SYS_mount, 0), libc::SECCOMP_RET_ERRNO | 1);
        assert_eq!(ask(libc::SYS_getppid, gate ^ 1 << 40), libc::SECCOMP_RET_KILL_PROCESS);
        assert_eq!(ask(libc::SYS_getppid, gate + 1), libc::SECCOMP_RET_KILL_PROCESS);
        assert_eq!(ask(libc::SYS_getppid, gate), libc::SECCOMP_RET_ALLOW);
        assert_eq!(ask(libc::SYS_getpid, 0), libc::SECCOMP_RET_ALLOW);
        assert_eq!(judge(&program, 0, AUDIT_ARCH ^ 1, gate), libc::SECCOMP_RET_KILL_PROCESS);
    }

    #[test]
    fn a_filter_with_an_unknown_name_or_without_default_is_refused() {
        let unknown = Value::record([("default", Value::Int(0)), ("mout", Value::Int(0))]);
        let refusal = Filter::take(&unknown).expect_err("no such call");
        assert!(refusal.0.contains("`mount`"), "{}", refusal.0);
        assert!(Filter::take(&Value::record([("mount", Value::Int(0))])).is_err());
    }

    #[test]
    fn rules_look_at_arguments_and_the_first_that_fits_answers() {
        let action = |action: u32| Value::from(action);
        let no = |errno: i32| action(libc::SECCOMP_RET_ERRNO | errno.cast_unsigned());
        let masked = Value::record([("mask", Value::Int(0xf)), ("value", Value::Int(2))]);
        let rules = Value::record([
            ("default", action(libc::SECCOMP_RET_LOG)),
            (
                "socket",
                Value::List(vec![
                    Value::record([("action", no(libc::EPERM)), ("arg0", Value::Int(2)), ("arg1", masked)]),
                    Value::Record(vec![(String::new(), no(libc::EACCES)), (String::new(), Value::Int(-100))]),
                    Value::record([("action", action(libc::SECCOMP_RET_ALLOW)), ("arg2", Value::Int(1 << 40))]),
                ]),
            ),
            ("mkdir", no(libc::EROFS)),
        ]);
        let program = Filter::take(&rules).expect("a good filter").program(1);
        let socket = |arguments: &[u64]| judge_call(&program, [libc::SYS_socket as u32, AUDIT_ARCH, 0, 0], arguments);
        assert_eq!(socket(&[2, 0x802, 0]), libc::SECCOMP_RET_ERRNO | 1);
        assert_eq!(socket(&[2, 1, 0]), libc::SECCOMP_RET_LOG);
        assert_eq!(socket(&[1 << 32 | 2, 2, 0]), libc::SECCOMP_RET_LOG);
        assert_eq!(socket(&[0xffff_ff9c, 0, 0]), libc::SECCOMP_RET_ERRNO | 13);
        assert_eq!(socket(&[0, 0, 1 << 40]), libc::SECCOMP_RET_ALLOW);
        assert_eq!(judge(&program, libc::SYS_getpid as u32, AUDIT_ARCH, 0), libc::SECCOMP_RET_LOG);
    }

    #[test]
    fn a_rule_has_an_action_and_six_arguments() {
        let filter = |rule: Value| Filter::take(&Value::record([("default", Value::Int(0)), ("mount", rule)]));
        assert!(filter(Value::record([("arg0", Value::Int(0))])).is_err());
        assert!(filter(Value::record([("action", Value::Int(0)), ("arg6", Value::Int(0))])).is_err());
        assert!(filter(Value::record([("action", Value::Int(0)), ("arg5", Value::Int(0))])).is_ok());
    }
}
