//! The form of an entry: one macro for a call, one for a struct, one for a group of constants.

/// An entry of the catalogue: the execution, and what is to be known of it.
///
/// The parameters of the function are the parameters of the call, in their order; `= 0` makes one optional. Where commands take or
/// give different things, `by: cmd { GETALL => Vec<u16>, SETALL(arg: Vec<u16>) => () };` says so for each, to the checker and the reports;
/// where a number means another command at each level, `by: optname of level { [SOL_SOCKET] SO_LINGER => Linger };`.
///
/// `touches: [reads memory, writes semaphores(semid)];` says which objects of others the call reads and writes, by which parameter where only
/// one of the kind; `touches by cmd: { GETVAL => [reads semaphores(semid)], IPC_RMID => [writes semaphores] };` where it is the command that
/// tells; `touches: [];` that nobody else can notice it, nor it anybody. It is a promise (see [`crate::operation::touch`]): the explorer of
/// orders runs steps that go together in one order only. Without the clause the call goes together with nothing, which is always right.
macro_rules! call {
    (
        $(#[doc = $doc:literal])+
        fn $name:ident($($parameter:ident: $ty:ty $(= $default:literal)?),* $(,)?) -> $result:ty $body:block
        const $entry:ident: $man:literal;
        $(since: $since:literal;)?
        traits: [$($trait:ident),* $(,)?];
        $(touches $(by $selector:ident)?: $touches:tt;)?
        blocks: $blocks:literal;
        errors: { $($errno:ident: $why:literal),* $(,)? };
        $(by: $by:ident $(of $level:ident)? { $($([$under:ident])? $($command:ident)+ $(($($of:ident: $as:ty),+))? => $gives:ty),+ $(,)? };)?
        example: $example:literal;
    ) => {
        $(#[doc = $doc])+
        pub static $entry: $crate::operation::Operation = $crate::operation::Operation {
            name: stringify!($name),
            man: $man,
            since: call!(@since $($since)?),
            summary: concat!($($doc, "\n"),+),
            parameters: &[$($crate::operation::Parameter {
                name: $crate::operation::entry::plain(stringify!($parameter)),
                ty: <$ty as $crate::operation::Argument>::TYPE,
                default: call!(@default $($default)?),
            }),*],
            result: <$result as $crate::operation::Returned>::TYPE,
            commands: call!(@commands $($by [$($level)?] { $([$($under)?] $($command)+ ($($($of: $as),+)?) $gives),+ })?),
            blocks: $blocks,
            errors: &[$(($crate::value::Errno::$errno, $why)),*],
            traits: &[$($crate::operation::Trait::$trait),*],
            touches: call!(@touches $([$($selector)?] $touches)?),
            example: $example,
            run: |args| {
                let mut given = args.iter();
                $(
                    let $parameter = match given.next() {
                        Some(value) => <$ty as $crate::operation::Argument>::take(value),
                        None => call!(@absent $parameter, $ty $(, $default)?),
                    }
                    .map_err(|refusal| {
                        $crate::operation::Refusal(format!("`{}` of `{}`: {}", stringify!($parameter), stringify!($name), refusal.0))
                    })?;
                )*
                if given.next().is_some() {
                    return Err($crate::operation::Failure::Refused(format!("`{}` takes fewer arguments", stringify!($name))));
                }
                $name($($parameter),*).map($crate::operation::Returned::give)
            },
        };

        fn $name($($parameter: $ty),*) -> Result<$result, $crate::operation::Failure> $body
    };
    (@since) => { None };
    (@since $since:literal) => { Some($since) };
    (@commands) => { None };
    (@commands $by:ident [$($level:ident)?] { $([$($under:ident)?] $($command:ident)+ ($($of:ident: $as:ty),*) $gives:ty),+ }) => {
        Some($crate::operation::Commands {
            parameter: stringify!($by),
            level: call!(@named $($level)?),
            cases: &[$($crate::operation::Case {
                under: call!(@named $($under)?),
                commands: &[$(stringify!($command)),+],
                takes: &[$($crate::operation::Parameter {
                    name: stringify!($of),
                    ty: <$as as $crate::operation::Argument>::TYPE,
                    default: None,
                }),*],
                gives: <$gives as $crate::operation::Returned>::TYPE,
            }),+],
        })
    };
    (@touches) => { None };
    (@touches [] $touches:tt) => { Some($crate::operation::touch::touches!(always $touches)) };
    (@touches [$selector:ident] $touches:tt) => { Some($crate::operation::touch::touches!(by $selector $touches)) };
    (@named) => { None };
    (@named $name:ident) => { Some(stringify!($name)) };
    (@default) => { None };
    (@default $default:literal) => { Some(stringify!($default)) };
    (@absent $parameter:ident, $ty:ty) => {
        Err($crate::operation::Refusal("is missing".to_owned()))
    };
    (@absent $parameter:ident, $ty:ty, $default:literal) => {
        <$ty as $crate::operation::Argument>::take(&$crate::value::Value::from($default))
    };
}

/// Groups of constants: `flags` are joined by `|`, of a `choice` one stands alone. Each becomes a type that calls take,
/// its `GROUP` goes into the family.
macro_rules! constants {
    ($($(#[doc = $doc:literal])+ $kind:ident $group:ident($integer:ty) { $($name:ident $(= $value:expr)?, $summary:literal;)* })*) => {$(
        $(#[doc = $doc])+
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub struct $group(pub $integer);

        impl $group {
            /// The constants, for the catalogue.
            pub const GROUP: $crate::value::Group = $crate::value::Group {
                name: constants!(@name $($doc)+),
                flags: constants!(@flags $kind),
                constants: &[$($crate::value::Constant {
                    name: stringify!($name),
                    value: constants!(@value $name $(, $value)?) as i128,
                    summary: $summary,
                }),*],
            };
        }

        impl $crate::operation::Argument for $group {
            const TYPE: $crate::value::Type = $crate::value::Type::Constants(&Self::GROUP);
            fn take(value: &$crate::value::Value) -> Result<Self, $crate::operation::Refusal> {
                $crate::operation::argument::integer(value).map(Self)
            }
        }

        impl $crate::operation::Returned for $group {
            const TYPE: $crate::value::Type = $crate::value::Type::Constants(&Self::GROUP);
            fn give(self) -> $crate::value::Value {
                $crate::value::Value::from(self.0)
            }
        }
    )*};
    (@flags flags) => { true };
    (@flags choice) => { false };
    (@name $first:literal $($rest:literal)*) => { $first.trim_ascii() };
    (@value $name:ident) => { libc::$name };
    (@value $name:ident, $value:expr) => { $value };
}

/// Structs of C that scripts write and read: a Rust struct whose fields keep names, order and types; its `STRUCTURE` goes into
/// the family. What a script leaves out is 0.
macro_rules! structure {
    ($($(#[doc = $doc:literal])+ $structure:ident = $cname:literal { $($field:ident: $ty:ty),* $(,)? })*) => {$(
        $(#[doc = $doc])+
        #[derive(Debug, Clone, PartialEq)]
        pub struct $structure {
            $(
                #[doc = "As in the manual page."]
                pub $field: $ty
            ),*
        }

        impl $structure {
            /// The struct, for the catalogue.
            pub const STRUCTURE: $crate::value::Structure = $crate::value::Structure {
                name: $cname,
                summary: concat!($($doc, "\n"),+),
                fields: &[$($crate::value::Field {
                    name: $crate::operation::entry::plain(stringify!($field)),
                    ty: <$ty as $crate::operation::Argument>::TYPE,
                }),*],
            };
        }

        impl $crate::operation::Argument for $structure {
            const TYPE: $crate::value::Type = $crate::value::Type::Struct(&Self::STRUCTURE);
            fn take(value: &$crate::value::Value) -> Result<Self, $crate::operation::Refusal> {
                let fields = $crate::operation::argument::fields(&Self::STRUCTURE, value)?;
                let mut fields = fields.iter();
                Ok(Self { $($field: <$ty as $crate::operation::Argument>::take(fields.next().unwrap_or(&$crate::value::Value::Int(0)))
                    .map_err(|refusal| $crate::operation::Refusal(format!("field `{}`: {}", stringify!($field), refusal.0)))?),* })
            }
        }

        impl $crate::operation::Returned for $structure {
            const TYPE: $crate::value::Type = $crate::value::Type::Struct(&Self::STRUCTURE);
            fn give(self) -> $crate::value::Value {
                $crate::value::Value::record([$(($crate::operation::entry::plain(stringify!($field)), $crate::operation::Returned::give(self.$field))),*])
            }
        }
    )*};
}

/// A name as C has it, where Rust must write `r#type`.
pub const fn plain(name: &'static str) -> &'static str {
    match name.as_bytes() {
        [b'r', b'#', ..] => name.split_at(2).1,
        _ => name,
    }
}

pub(crate) use {call, constants, structure};
