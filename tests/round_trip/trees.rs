//! Trees that chance makes: every kind of item, statement, value and pattern, nested a few levels deep.

use ipcscript::syntax::ast::{
    Action, BinaryOp, Call, CompareOp, Const, Def, Expect, Expr, ExprKind, File, Include, Item, Name, Need, Quantifier, Scenario,
    Setup, Statement, Step, Target, TextPart, UnaryOp,
};
use ipcscript::syntax::word::{RESERVED, VALUE_CALLS};
use ipcscript::text::Span;
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;

/// A whole file.
pub fn file() -> impl Strategy<Value = File> {
    vec(item(), 0..5).prop_map(|items| File { items })
}

fn item() -> impl Strategy<Value = Item> {
    let parameters = (vec(name(), 0..3), vec((name(), value()), 0..3)).prop_map(|(plain, with_default)| {
        let plain = plain.into_iter().map(|name| (name, None));
        plain.chain(with_default.into_iter().map(|(name, value)| (name, Some(value)))).collect()
    });
    prop_oneof![
        (name(), value()).prop_map(|(name, value)| Item::Const(Const { name, value })),
        (name(), parameters, call()).prop_map(|(name, parameters, call)| Item::Def(Def { name, parameters, call })),
        title().prop_map(|path| Item::Include(Include { path, span: Span::default() })),
        body().prop_map(|body| Item::Setup(Setup { span: Span::default(), body })),
        (title(), vec("([!-~]([ -~]{0,10}[!-~])?)?", 0..3), body()).prop_map(|(title, docs, body)| Item::Scenario(Scenario {
            title,
            span: Span::default(),
            docs,
            body
        })),
    ]
}

fn body() -> impl Strategy<Value = Vec<Statement>> {
    let leaf = prop_oneof![
        3 => step().prop_map(Statement::Step),
        1 => vec(name(), 1..3).prop_map(Statement::Actors),
        1 => need().prop_map(Statement::Needs),
        1 => (name(), values()).prop_map(|(name, values)| Statement::Each { name, values }),
        1 => expect().prop_map(Statement::Expect),
    ];
    let statement = leaf.prop_recursive(3, 12, 3, |inner| {
        let block = || vec(inner.clone(), 1..3);
        prop_oneof![
            (vec((condition(), block()), 1..3), prop_oneof![Just(Vec::new()), block()])
                .prop_map(|(branches, otherwise)| Statement::If { branches, otherwise }),
            (name(), values(), block()).prop_map(|(name, values, body)| Statement::For { name, values, body }),
            block().prop_map(|body| Statement::Interleave { span: Span::default(), body }),
        ]
    });
    vec(statement, 0..5)
}

fn step() -> impl Strategy<Value = Step> {
    let target = option::of(prop_oneof![name().prop_map(Target::Name), vec(name(), 1..3).prop_map(Target::List)]);
    let action = prop_oneof![
        4 => (target, call()).prop_map(|(target, call)| Action::Call { target, call }),
        1 => Just(Action::Resumes(Span::default())),
        1 => Just(Action::StaysBlocked(Span::default())),
        1 => value().prop_map(Action::Dies),
        1 => value().prop_map(Action::Exits),
    ];
    (vec(name(), 1..3), action, option::of(pattern())).prop_map(|(actors, action, outcome)| {
        let outcome = outcome.filter(|_| matches!(action, Action::Call { .. } | Action::Resumes(_)));
        Step { actors, action, outcome, span: Span::default() }
    })
}

fn expect() -> impl Strategy<Value = Expect> {
    let quantifier = option::of(select(vec![Quantifier::Always, Quantifier::Sometimes, Quantifier::Never]));
    (quantifier, prop_oneof![condition().prop_map(|value| (value, None)), (value(), option::of(pattern()))])
        .prop_map(|(quantifier, (value, outcome))| Expect { quantifier, value, outcome, span: Span::default() })
}

fn need() -> impl Strategy<Value = Need> {
    let need = |kind: &str| Need {
        kind: named(kind),
        subject: None,
        compare: None,
        argument: None,
        more: Vec::new(),
        span: Span::default(),
    };
    let word = select(vec!["USER_NS", "overlay", "fs.pipe-max-size", "memory"]);
    prop_oneof![
        Just(need("privileged")),
        Just(need("CAP_SYS_ADMIN")),
        vec(title(), 1..3).prop_map(move |paths| {
            let mut paths = paths.into_iter().map(|path| expr(ExprKind::Text(vec![TextPart::Bytes(path.into_bytes())])));
            Need { argument: paths.next(), more: paths.collect(), ..need("privileged") }
        }),
        (compare_op(), value()).prop_map(move |compare| Need { compare: Some(compare), ..need("kernel") }),
        (word, option::of((compare_op(), value()))).prop_map(move |(word, compare)| Need {
            subject: Some(named(word)),
            compare,
            ..need("sysctl")
        }),
        (0..70_000i128, 0..70_000i128).prop_map(move |(low, high)| {
            let ends = [low, high].map(|end| Box::new(expr(ExprKind::Integer(end))));
            let [low, high] = ends;
            Need { argument: Some(expr(ExprKind::Range(low, high))), ..need("uid") }
        }),
    ]
}

/// What may stand as an outcome.
fn pattern() -> BoxedStrategy<Expr> {
    let inner = || pure().prop_map(Box::new);
    let nested = prop_oneof![
        pure().prop_filter("an errno is meant", |value| !matches!(value.kind, ExprKind::Unary(UnaryOp::Minus, _))),
        Just(expr(ExprKind::Wildcard)),
        range(),
        inner().prop_map(|one| expr(ExprKind::Contains(one))),
        inner().prop_map(|one| expr(ExprKind::Matches(one))),
        (compare_op(), inner()).prop_map(|(op, one)| expr(ExprKind::Than(op, one))),
    ];
    let several = vec(nested.clone(), 2..4).prop_map(|all| expr(ExprKind::Or(all)));
    let open = vec(nested.clone(), 0..3).prop_map(|items| expr(ExprKind::List { items, open: true }));
    let later = prop_oneof![nested.clone(), several.clone()].prop_map(|one| expr(ExprKind::Eventually(Box::new(one))));
    let whole = prop_oneof![
        Just(expr(ExprKind::Blocks)),
        Just(expr(ExprKind::Sleeps)),
        Just(expr(ExprKind::Ok)),
        inner().prop_map(|one| expr(ExprKind::Dies(one))),
        inner().prop_map(|one| expr(ExprKind::Exits(one))),
    ];
    prop_oneof![nested, several, open, later, whole].boxed()
}

/// What `if` and `expect` judge.
fn condition() -> BoxedStrategy<Expr> {
    let leaf = prop_oneof![
        value(),
        (compare_op(), value(), value()).prop_map(|(op, a, b)| expr(ExprKind::Compare(op, Box::new(a), Box::new(b)))),
    ];
    leaf.prop_recursive(3, 8, 3, |inner| {
        let one = || inner.clone().prop_map(Box::new);
        prop_oneof![
            (one(), one()).prop_map(|(a, b)| ExprKind::And(a, b)),
            one().prop_map(ExprKind::Not),
            vec(inner.clone(), 2..4).prop_map(ExprKind::Or),
        ]
        .prop_map(expr)
    })
    .boxed()
}

/// What `each` and `for` go through.
fn values() -> impl Strategy<Value = Expr> {
    prop_oneof![value(), range()]
}

fn range() -> impl Strategy<Value = Expr> {
    (pure(), pure()).prop_map(|(first, last)| expr(ExprKind::Range(Box::new(first), Box::new(last))))
}

/// A value with `do` blocks in it.
fn value() -> BoxedStrategy<Expr> {
    let deferred = vec(call_of(pure()), 0..3).prop_map(|calls| expr(ExprKind::Do(calls)));
    prop_oneof![4 => pure(), 1 => deferred].boxed()
}

/// A value that may be part of a pattern.
fn pure() -> BoxedStrategy<Expr> {
    let leaf = prop_oneof![
        3 => any::<u64>().prop_map(|number| ExprKind::Integer(number.into())),
        3 => (0..100i128).prop_map(ExprKind::Integer),
        1 => vec(0..1000u64, 2..4).prop_map(ExprKind::Version),
        1 => (0..5_000_000u64, select(vec![1, 1000, 1_000_000])).prop_map(|(count, unit)| ExprKind::Duration(count * unit)),
        3 => text().prop_map(ExprKind::Text),
        4 => name().prop_map(|name| ExprKind::Name(name.text)),
    ];
    let leaf = leaf.prop_map(expr);
    leaf.prop_recursive(4, 24, 3, |inner| {
        let one = || inner.clone().prop_map(Box::new);
        let several = || vec(inner.clone(), 0..3);
        let computed = (select(VALUE_CALLS), several())
            .prop_map(|(name, args)| ExprKind::Call(Call { name: named(name), args, span: Span::default() }));
        let record = prop_oneof![
            several().prop_map(|values| values.into_iter().map(|value| (None, value)).collect::<Vec<_>>()),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| vec![(Some(named("mtype")), a), (Some(named("in")), b)]),
        ];
        prop_oneof![
            several().prop_map(|items| ExprKind::List { items, open: false }),
            record.prop_map(ExprKind::Record),
            computed,
            (select(vec![UnaryOp::Minus, UnaryOp::Plus, UnaryOp::Complement]), one()).prop_map(signed),
            (binary_op(), one(), one()).prop_map(|(op, a, b)| ExprKind::Binary(op, a, b)),
            (one(), name()).prop_map(|(a, name)| ExprKind::Field(a, name)),
            (one(), one()).prop_map(|(a, b)| ExprKind::Index(a, b)),
        ]
        .prop_map(expr)
    })
    .boxed()
}

/// The least integer is -2^63: what is below it is a mistake, and no tree.
fn signed((op, inner): (UnaryOp, Box<Expr>)) -> ExprKind {
    let too_low = matches!(inner.kind, ExprKind::Integer(number) if number > 1 << 63);
    ExprKind::Unary(if too_low { UnaryOp::Plus } else { op }, inner)
}

/// The parts of a string: no two runs of bytes side by side, for they would be one.
fn text() -> impl Strategy<Value = Vec<TextPart>> {
    let bytes = || prop_oneof![vec(any::<u8>(), 1..6), "[ -~]{1,8}|[äπ—\u{200b}]{1,3}".prop_map(String::into_bytes)];
    let held = prop_oneof![
        name().prop_map(|name| ExprKind::Name(name.text)),
        (name(), name()).prop_map(|(a, b)| ExprKind::Field(Box::new(expr(ExprKind::Name(a.text))), b)),
        (name(), 0..100i128).prop_map(|(a, at)| {
            ExprKind::Index(Box::new(expr(ExprKind::Name(a.text))), Box::new(expr(ExprKind::Integer(at))))
        }),
    ];
    (vec((option::of(bytes()), held), 0..3), option::of(bytes())).prop_map(|(pairs, last)| {
        let mut parts = Vec::new();
        for (bytes, held) in pairs {
            parts.extend(bytes.map(TextPart::Bytes));
            parts.push(TextPart::Value(expr(held)));
        }
        parts.extend(last.map(TextPart::Bytes));
        parts
    })
}

fn call() -> impl Strategy<Value = Call> {
    call_of(value())
}

fn call_of(argument: BoxedStrategy<Expr>) -> impl Strategy<Value = Call> {
    (name(), vec(argument, 0..3)).prop_map(|(name, args)| Call { name, args, span: Span::default() })
}

fn name() -> impl Strategy<Value = Name> {
    let free = |word: &String| !RESERVED.contains(&word.as_str());
    "[a-z][a-z0-9_]{0,6}|[A-Z]{3}_[A-Z]{1,4}".prop_filter("a word of the language", free).prop_map(|word| named(&word))
}

fn named(word: &str) -> Name {
    Name { text: word.into(), span: Span::default() }
}

fn title() -> impl Strategy<Value = String> {
    "[!-~]([ -~]{0,12}[!-~])?|[a-zäπ]{1,4}"
}

fn expr(kind: ExprKind) -> Expr {
    Expr { kind, span: Span::default() }
}

fn compare_op() -> impl Strategy<Value = CompareOp> {
    use CompareOp::{Equal, Greater, GreaterOrEqual, Less, LessOrEqual, NotEqual};
    select(vec![Equal, NotEqual, Less, LessOrEqual, Greater, GreaterOrEqual])
}

fn binary_op() -> impl Strategy<Value = BinaryOp> {
    use BinaryOp::{Add, And, Divide, Or, Remainder, ShiftLeft, ShiftRight, Subtract, Times, Xor};
    select(vec![Times, Divide, Remainder, Add, Subtract, ShiftLeft, ShiftRight, And, Xor, Or])
}
