//! `needs`: what the machine must offer.

use super::scene::Scene;
use super::types::Wanted;
use crate::scenario::{Need, NeedKind};
use crate::syntax::ast::{self, CompareOp, ExprKind};
use crate::text::{Diagnostic, Span, nearest};
use crate::value::{Type, Value};

/// What a scenario can need.
#[derive(Debug)]
pub struct Kind {
    /// The word after `needs`.
    pub word: &'static str,
    /// A line that asks for it.
    pub example: &'static str,
    /// When it is met.
    pub meaning: &'static str,
}

/// Every kind but the capabilities, which are asked for by their names.
pub const KINDS: &[Kind] = &[
    Kind { word: "kernel", example: "needs kernel >= 5.6", meaning: "the running kernel has this version" },
    Kind {
        word: "config",
        example: "needs config USER_NS",
        meaning: "the kernel was built with this option, as /proc/config.gz, /boot or /lib/modules says",
    },
    Kind { word: "fs", example: "needs fs overlay", meaning: "the kernel has this file system, or can load it" },
    Kind {
        word: "cgroup",
        example: "needs cgroup memory",
        meaning: "the world gets a cgroup of version 2 at /sys/fs/cgroup, with this controller; `needs cgroup` alone asks for none",
    },
    Kind {
        word: "cgroup1",
        example: "needs cgroup1 memory",
        meaning: "the world gets a cgroup of version 1 with this controller, at /sys/fs/cgroup/memory",
    },
    Kind {
        word: "uid",
        example: "needs uid 1000",
        meaning: "the world has this user and group id beside 0, or all of a range such as `1000..1999`",
    },
    Kind { word: "sysctl", example: "needs sysctl fs.pipe-max-size == 1M", meaning: "a setting of the machine has this value" },
    Kind { word: "file", example: "needs file \"/proc/sys/fs/mqueue\"", meaning: "the machine has this file" },
    Kind {
        word: "program",
        example: "needs program \"/usr/bin/ipcs\"",
        meaning: "the machine has this program where a world shows it",
    },
    Kind { word: "arch", example: "needs arch x86_64", meaning: "the machine has this processor" },
    Kind {
        word: "privileged",
        example: "needs privileged \"/proc/sys/fs/pipe-max-size\"",
        meaning: "root of the machine runs it, with `--privileged`: the scenario is real root, and may change these files and folders of the host, which are put right afterwards",
    },
];
/// Paths that are too much to be given to a scenario.
const WHOLE: [&str; 12] = ["/", "/proc", "/proc/sys", "/sys", "/dev", "/etc", "/usr", "/bin", "/lib", "/var", "/home", "/root"];
/// Folders of which each world has its own: what a scenario does there reaches no host.
const OWN: [&str; 7] = ["/tmp", "/run", "/home", "/dev/shm", "/dev/mqueue", "/scenario", "/proc/self"];

impl Scene<'_> {
    /// What `need` asks for, if it can be understood.
    pub(super) fn need(&mut self, need: &ast::Need) -> Option<Need> {
        let kind = self.need_kind(need)?;
        if let (Some(second), false) = (need.more.first(), need.kind.text == "privileged") {
            self.bad(need, second.span, "takes one value; write a line for each");
            return None;
        }
        let text = self.written(need.span).trim();
        let text = text.strip_prefix("needs").unwrap_or(text).split_whitespace().collect::<Vec<_>>().join(" ");
        Some(Need { kind, span: need.span, text })
    }

    fn need_kind(&mut self, need: &ast::Need) -> Option<NeedKind> {
        let kind = need.kind.text.as_str();
        Some(match kind {
            "kernel" => {
                let (op, version) = self.comparison(need)?;
                NeedKind::Kernel(op, self.version(version)?)
            }
            "config" => {
                let (name, span) = self.word(need)?;
                if let Some(bare) = name.strip_prefix("CONFIG_") {
                    self.found.push(
                        Diagnostic::error("bad-need", span, "the option is written without `CONFIG_`")
                            .here("the prefix is understood")
                            .help(format!("write `needs config {bare}`")),
                    );
                    return None;
                }
                NeedKind::Config(name)
            }
            "fs" => NeedKind::Filesystem(self.word(need)?.0),
            "cgroup" if need.subject.is_none() && need.compare.is_none() && need.argument.is_none() => NeedKind::Cgroup(None),
            "cgroup" => NeedKind::Cgroup(Some(self.word(need)?.0)),
            "cgroup1" => NeedKind::Cgroup1(self.word(need)?.0),
            "uid" => self.ids(need)?,
            "sysctl" => {
                let (name, _) = self.word(need)?;
                let (op, value) = self.comparison(need)?;
                let value = self.value(value, Wanted::ANYTHING);
                NeedKind::Sysctl(name, op, value.constant()?)
            }
            "file" => NeedKind::File(self.path(need)?),
            "program" => NeedKind::Program(self.path(need)?),
            "arch" => {
                let (name, span) = self.word(need)?;
                if !self.known_architecture(&name, span) {
                    return None;
                }
                NeedKind::Arch(name)
            }
            "privileged" => NeedKind::Privileged(self.touched(need)?),
            capability if capability.starts_with("CAP_") => {
                let known = self.capability(&need.kind);
                (known && self.alone(need)).then(|| NeedKind::Capability(capability.to_owned()))?
            }
            unknown => {
                let help = match nearest(unknown, KINDS.iter().map(|kind| kind.word)) {
                    Some(near) => format!("did you mean `{}`?", example(near)),
                    None => format!("the kinds are {}, and capabilities such as CAP_SYS_ADMIN", kinds()),
                };
                self.found.push(
                    Diagnostic::error("unknown-need", need.kind.span, format!("`{unknown}` is nothing that a scenario can need"))
                        .here("not one of the kinds")
                        .help(help),
                );
                return None;
            }
        })
    }

    fn bad(&mut self, need: &ast::Need, span: Span, message: &str) {
        let kind = need.kind.text.as_str();
        let diagnostic = Diagnostic::error("bad-need", span, format!("`needs {kind}` {message}"));
        self.found.push(diagnostic.here("not understood").help(format!("for example: `{}`", example(kind))));
    }

    fn comparison<'n>(&mut self, need: &'n ast::Need) -> Option<(CompareOp, &'n ast::Expr)> {
        let found = need.compare.as_ref().map(|(op, value)| (*op, value));
        // `needs kernel 5.6`: the parser has said what is missing.
        if found.is_none() && need.argument.is_none() {
            self.bad(need, need.span, "is compared with something");
        }
        found
    }

    fn word(&mut self, need: &ast::Need) -> Option<(String, Span)> {
        if let Some(subject) = &need.subject {
            return Some((subject.text.clone(), subject.span));
        }
        match need.argument.as_ref().map(|argument| (&argument.kind, argument.span)) {
            Some((ExprKind::Name(name), span)) => return Some((name.clone(), span)),
            Some((ExprKind::Broken, _)) => return None,
            Some((_, span)) => self.bad(need, span, "takes a word"),
            None => self.bad(need, need.span, "takes a word"),
        }
        None
    }

    fn path(&mut self, need: &ast::Need) -> Option<String> {
        let Some(argument) = &need.argument else {
            self.bad(need, need.span, "takes a path in quotes");
            return None;
        };
        self.path_of(need, argument)
    }

    fn path_of(&mut self, need: &ast::Need, argument: &ast::Expr) -> Option<String> {
        let valued = self.value(argument, Wanted::called("this", Type::Path));
        match valued.constant() {
            Some(Value::Bytes(bytes)) if bytes.first() == Some(&b'/') => Some(String::from_utf8_lossy(&bytes).into_owned()),
            Some(_) => {
                self.bad(need, argument.span, "takes a path from the root");
                None
            }
            None => None,
        }
    }

    fn ids(&mut self, need: &ast::Need) -> Option<NeedKind> {
        let Some(argument) = &need.argument else {
            self.bad(need, need.span, "takes an id, or a range of ids");
            return None;
        };
        let (from, to) = match &argument.kind {
            ExprKind::Range(from, to) => (from.as_ref(), to.as_ref()),
            ExprKind::Broken => return None,
            _ => (argument, argument),
        };
        let id = |scene: &mut Self, ast: &ast::Expr| {
            // The names of users are those of the world's /etc/passwd, and not known here.
            if let ExprKind::Name(name) = &ast.kind
                && !scene.items.consts.contains_key(name.as_str())
            {
                scene.bad(need, ast.span, "takes a number, not a name");
                return None;
            }
            let valued = scene.value(ast, Wanted::called("`needs uid`", Type::Id));
            let id = valued.constant().and_then(|value| value.int()).and_then(|id| u32::try_from(id).ok());
            if id.is_none() && !valued.broken {
                scene.bad(need, ast.span, "takes an id of 32 bits");
            }
            id
        };
        let (first, last) = (id(self, from)?, id(self, to)?);
        if first > last {
            self.empty_range(argument.span, first.into(), last.into());
            return None;
        }
        Some(NeedKind::Uid(first, last))
    }

    /// The paths of the host that a privileged scenario may change.
    fn touched(&mut self, need: &ast::Need) -> Option<Vec<String>> {
        if need.subject.is_some() || need.compare.is_some() {
            self.bad(need, need.span, "takes paths in quotes, or stands alone");
            return None;
        }
        let mut paths = Vec::new();
        for argument in need.argument.iter().chain(&need.more) {
            let path = self.path_of(need, argument)?;
            let steps = path.split('/').filter(|step| !step.is_empty()).collect::<Vec<_>>();
            let path = format!("/{}", steps.join("/"));
            if steps.iter().any(|step| matches!(*step, "." | "..")) || WHOLE.contains(&path.as_str()) {
                self.bad(need, argument.span, "takes the path of one file or folder, no more than is changed");
                return None;
            }
            if let Some(own) = OWN.iter().find(|own| path == **own || path.starts_with(&format!("{own}/"))) {
                let message = format!("takes a path of the host, and a world has {own} of its own");
                self.bad(need, argument.span, &message);
                return None;
            }
            paths.push(path);
        }
        Some(paths)
    }

    fn alone(&mut self, need: &ast::Need) -> bool {
        let alone = need.subject.is_none() && need.compare.is_none() && need.argument.is_none();
        if !alone {
            self.bad(need, need.span, "stands alone");
        }
        alone
    }

    fn capability(&mut self, name: &ast::Name) -> bool {
        let all: Vec<&str> = self.items.constants.keys().copied().filter(|name| name.starts_with("CAP_")).collect();
        if all.is_empty() || all.contains(&name.text.as_str()) {
            return true;
        }
        let diagnostic = Diagnostic::error("unknown-need", name.span, format!("there is no capability `{}`", name.text));
        let diagnostic = diagnostic.here("not in capabilities(7)");
        self.found.push(match nearest(&name.text, all) {
            Some(near) => diagnostic.help(format!("did you mean `needs {near}`?")),
            None => diagnostic,
        });
        false
    }
}

fn example(kind: &str) -> &'static str {
    KINDS.iter().find(|known| known.word == kind).map_or("needs CAP_SYS_ADMIN", |known| known.example)
}

fn kinds() -> String {
    KINDS.iter().map(|kind| kind.word).collect::<Vec<_>>().join(", ")
}
