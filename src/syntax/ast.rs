//! The tree of a script, as written.

use crate::text::Span;

/// A whole file.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct File {
    /// What it holds, in its order.
    pub items: Vec<Item>,
}

/// A name where it stands.
#[derive(Debug, Clone, PartialEq)]
pub struct Name {
    /// As written.
    pub text: String,
    /// Where.
    pub span: Span,
}

/// What a file holds.
#[derive(Debug, Clone, PartialEq)]
pub enum Item {
    /// `const NAME = value`
    Const(Const),
    /// `def NAME(parameters) = call`
    Def(Def),
    /// `setup { … }`
    Setup(Setup),
    /// `include "path"`
    Include(Include),
    /// `scenario "title" { … }`
    Scenario(Scenario),
}

/// `const NAME = value`
#[derive(Debug, Clone, PartialEq)]
pub struct Const {
    /// Its name.
    pub name: Name,
    /// Its value.
    pub value: Expr,
}

/// `def NAME(parameters) = call`: one call under another name.
#[derive(Debug, Clone, PartialEq)]
pub struct Def {
    /// Its name.
    pub name: Name,
    /// Parameters, each perhaps with a default.
    pub parameters: Vec<(Name, Option<Expr>)>,
    /// The call that it stands for.
    pub call: Call,
}

/// `setup { … }`
#[derive(Debug, Clone, PartialEq)]
pub struct Setup {
    /// The word `setup`.
    pub span: Span,
    /// Its statements.
    pub body: Vec<Statement>,
}

/// `include "path"`
#[derive(Debug, Clone, PartialEq)]
pub struct Include {
    /// The path, relative to the including file.
    pub path: String,
    /// The string.
    pub span: Span,
}

/// `scenario "title" { … }`
#[derive(Debug, Clone, PartialEq)]
pub struct Scenario {
    /// Its title, escapes resolved.
    pub title: String,
    /// The title's string.
    pub span: Span,
    /// Lines of `##` comment before it, markers and one blank removed.
    pub docs: Vec<String>,
    /// Its statements.
    pub body: Vec<Statement>,
}

/// A line or block of a scenario.
#[derive(Debug, Clone, PartialEq)]
pub enum Statement {
    /// `actor a, b`
    Actors(Vec<Name>),
    /// `needs …`
    Needs(Need),
    /// `each name in values`
    Each {
        /// The parameter.
        name: Name,
        /// A list, or a range.
        values: Expr,
    },
    /// `if … { … } else if … { … } else { … }`
    If {
        /// Conditions and what they choose.
        branches: Vec<(Expr, Vec<Statement>)>,
        /// The last `else`; empty when there is none.
        otherwise: Vec<Statement>,
    },
    /// `for name in values { … }`
    For {
        /// The counter.
        name: Name,
        /// A list, or a range.
        values: Expr,
        /// What is repeated.
        body: Vec<Statement>,
    },
    /// `interleave { … }`
    Interleave {
        /// The word `interleave`.
        span: Span,
        /// The steps.
        body: Vec<Statement>,
    },
    /// `expect …`
    Expect(Expect),
    /// `who: …`
    Step(Step),
}

/// `needs kernel >= 5.6`, `needs config USER_NS`, `needs uid 1000`, `needs privileged`, `needs CAP_SYS_ADMIN`.
#[derive(Debug, Clone, PartialEq)]
pub struct Need {
    /// `kernel`, `config`, `CAP_SYS_ADMIN`, …
    pub kind: Name,
    /// The word after it where it is a bare one: `USER_NS`, `overlay`, `fs.pipe-max-size`, `x86_64`.
    pub subject: Option<Name>,
    /// Comparison and its right side: `>= 5.6`, `== 1M`.
    pub compare: Option<(CompareOp, Expr)>,
    /// A value after the kind: `1000`, `100000..100999`, `"/proc/…"`.
    pub argument: Option<Expr>,
    /// Further values, behind commas.
    pub more: Vec<Expr>,
    /// The whole line.
    pub span: Span,
}

/// How an `expect` judges over the orders of an `interleave`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Quantifier {
    /// In all orders, the default.
    Always,
    /// In at least one.
    Sometimes,
    /// In none.
    Never,
}

/// `expect a == b`, `expect value -> pattern`, `expect never deadlock`
#[derive(Debug, Clone, PartialEq)]
pub struct Expect {
    /// The quantifier, if one is written.
    pub quantifier: Option<Quantifier>,
    /// What is judged. `deadlock` is [`ExprKind::Name`] `deadlock`.
    pub value: Expr,
    /// The pattern behind `->`, if any.
    pub outcome: Option<Expr>,
    /// The whole line.
    pub span: Span,
}

/// `who: call(args) -> outcome`
#[derive(Debug, Clone, PartialEq)]
pub struct Step {
    /// Who.
    pub actors: Vec<Name>,
    /// What.
    pub action: Action,
    /// The pattern behind `->`, if any.
    pub outcome: Option<Expr>,
    /// From the first actor to the end of the outcome.
    pub span: Span,
}

/// What a step says.
#[derive(Debug, Clone, PartialEq)]
pub enum Action {
    /// `name = call(args)`
    Call {
        /// Names bound to the result.
        target: Option<Target>,
        /// The call.
        call: Call,
    },
    /// `resumes`
    Resumes(Span),
    /// `stays blocked`
    StaysBlocked(Span),
    /// `dies SIGKILL`
    Dies(Expr),
    /// `exits 3`
    Exits(Expr),
}

/// What a result is bound to.
#[derive(Debug, Clone, PartialEq)]
pub enum Target {
    /// `name = `
    Name(Name),
    /// `[r, w] = `
    List(Vec<Name>),
}

/// `name(args)`
#[derive(Debug, Clone, PartialEq)]
pub struct Call {
    /// The call's name.
    pub name: Name,
    /// Its arguments.
    pub args: Vec<Expr>,
    /// The whole call.
    pub span: Span,
}

/// A value or a pattern where it stands. Both share one type, so that what is out of place gets a message of its own.
#[derive(Debug, Clone, PartialEq)]
pub struct Expr {
    /// What.
    pub kind: ExprKind,
    /// Where.
    pub span: Span,
}

/// Kinds of values and patterns.
#[derive(Debug, Clone, PartialEq)]
pub enum ExprKind {
    /// `10`, `0x1f`, `0o600`, `64K`
    Integer(i128),
    /// `5.10`, `6.1.3`: a version, by its parts
    Version(Vec<u64>),
    /// `300ms`, `2s`: nanoseconds
    Duration(u64),
    /// `"text {name}"`, escapes resolved
    Text(Vec<TextPart>),
    /// `name`, `IPC_CREAT`, `NULL`
    Name(String),
    /// `[1, 2]`; `open` when it ends in `..`
    List {
        /// Elements.
        items: Vec<Expr>,
        /// Whether `..` closes it.
        open: bool,
    },
    /// `{a: 1, b: 2}` or `{1, 2}`
    Record(Vec<(Option<Name>, Expr)>),
    /// `exited(0)`, `len(x)`, `raw(id)`, `ns(father, ipc)`, `output(a)`
    Call(Call),
    /// `do { write(1, "x") }`
    Do(Vec<Call>),
    /// `-x`
    Unary(UnaryOp, Box<Expr>),
    /// `a | b`
    Binary(BinaryOp, Box<Expr>, Box<Expr>),
    /// `a == b`
    Compare(CompareOp, Box<Expr>, Box<Expr>),
    /// `a and b`
    And(Box<Expr>, Box<Expr>),
    /// `not a`
    Not(Box<Expr>),
    /// `name.field`
    Field(Box<Expr>, Name),
    /// `name[0]`
    Index(Box<Expr>, Box<Expr>),
    /// `1..10`, both ends in it
    Range(Box<Expr>, Box<Expr>),
    /// `a or b`: alternatives of an outcome, or a condition
    Or(Vec<Expr>),
    /// `_`
    Wildcard,
    /// `blocks`
    Blocks,
    /// `sleeps`
    Sleeps,
    /// `ok`
    Ok,
    /// `dies SIGSYS`
    Dies(Box<Expr>),
    /// `exits 3`
    Exits(Box<Expr>),
    /// `contains "text"`
    Contains(Box<Expr>),
    /// `matches "regex"`
    Matches(Box<Expr>),
    /// `> 0`, `!= old`: a comparison without its left side
    Than(CompareOp, Box<Expr>),
    /// `eventually pattern`
    Eventually(Box<Expr>),
    /// What could not be read; a diagnostic has said so.
    Broken,
}

/// A part of a string.
#[derive(Debug, Clone, PartialEq)]
pub enum TextPart {
    /// Bytes, escapes resolved.
    Bytes(Vec<u8>),
    /// `{name}`, `{name.field}`, `{name[0]}`
    Value(Expr),
}

/// Operators before a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UnaryOp {
    /// `-`
    Minus,
    /// `+`
    Plus,
    /// `~`
    Complement,
}

/// Operators between values, loosest last: C's precedence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BinaryOp {
    /// `*`
    Times,
    /// `/`
    Divide,
    /// `%`
    Remainder,
    /// `+`
    Add,
    /// `-`
    Subtract,
    /// `<<`
    ShiftLeft,
    /// `>>`
    ShiftRight,
    /// `&`
    And,
    /// `^`
    Xor,
    /// `|`
    Or,
}

impl BinaryOp {
    /// C's precedence: the higher, the tighter it holds its operands.
    pub fn tightness(self) -> u8 {
        match self {
            Self::Times | Self::Divide | Self::Remainder => 6,
            Self::Add | Self::Subtract => 5,
            Self::ShiftLeft | Self::ShiftRight => 4,
            Self::And => 3,
            Self::Xor => 2,
            Self::Or => 1,
        }
    }

    /// As it is written.
    pub fn sign(self) -> &'static str {
        match self {
            Self::Times => "*",
            Self::Divide => "/",
            Self::Remainder => "%",
            Self::Add => "+",
            Self::Subtract => "-",
            Self::ShiftLeft => "<<",
            Self::ShiftRight => ">>",
            Self::And => "&",
            Self::Xor => "^",
            Self::Or => "|",
        }
    }
}

/// Comparisons; looser than every [`BinaryOp`], and they do not chain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CompareOp {
    /// `==`
    Equal,
    /// `!=`
    NotEqual,
    /// `<`
    Less,
    /// `<=`
    LessOrEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterOrEqual,
}

impl CompareOp {
    /// As it is written.
    pub fn sign(self) -> &'static str {
        match self {
            Self::Equal => "==",
            Self::NotEqual => "!=",
            Self::Less => "<",
            Self::LessOrEqual => "<=",
            Self::Greater => ">",
            Self::GreaterOrEqual => ">=",
        }
    }
}
