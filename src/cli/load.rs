//! Reads scripts and what they include, and checks them: from paths to scenarios.

use super::Exit;
use super::output::show_failure;
use super::path::{Found, STDIN, name, placeless, regular, scripts, unreadable};
use crate::check::{Facts, Script, check};
use crate::scenario::Scenario;
use crate::syntax::ast::{self, Item};
use crate::syntax::parse;
use crate::text::{Diagnostic, Source, SourceId, Span};
use std::collections::HashMap;
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

/// A larger text is no script; 16 MiB.
const LARGEST: u64 = 16 << 20;

/// What the paths of a command line hold.
#[derive(Debug, Default)]
pub(super) struct Loaded {
    /// Every text that was read, in the order of [`SourceId`].
    pub sources: Vec<Source>,
    /// What can run, in list order.
    pub scenarios: Vec<Scenario>,
    /// All mistakes, by their places.
    pub mistakes: Vec<Diagnostic>,
    /// Scripts that were named or found.
    pub files: usize,
}

impl Loaded {
    /// Whether a mistake keeps the scripts from running.
    pub fn is_broken(&self) -> bool {
        self.mistakes.iter().any(Diagnostic::is_error)
    }
}

/// Reads and checks everything that `paths` stand for, on this machine; without a path, the folder it stands in. What the machine does not
/// say of itself is told on standard error.
pub(super) fn load(paths: &[PathBuf], privileged: bool) -> Result<Loaded, Exit> {
    load_instead(paths, privileged, &HashMap::new())
}

/// As [`load`], with `texts` in place of what the scripts of these names hold.
pub(super) fn load_instead(paths: &[PathBuf], privileged: bool, texts: &HashMap<String, String>) -> Result<Loaded, Exit> {
    match facts(privileged) {
        Ok(facts) => Ok(loaded(paths, &facts, texts)),
        Err(why) => {
            show_failure("no-uname", &why, None);
            Err(Exit::Failed)
        }
    }
}

/// The texts of a command line, without what they include.
#[derive(Debug)]
pub(super) struct Texts {
    /// Every text, in the order of [`SourceId`].
    pub sources: Vec<Source>,
    /// Those that could be read, and where.
    pub roots: Vec<(SourceId, PathBuf)>,
    /// What could not be read, and what is wrong in their syntax.
    pub mistakes: Vec<Diagnostic>,
}

/// Reads everything that `paths` stand for, and looks at its syntax alone.
pub(super) fn texts(paths: &[PathBuf]) -> Texts {
    let mut reader = Reader::default();
    let found = find(paths, &mut reader.mistakes);
    let roots = found.into_iter().filter_map(|found| Some((reader.root(&found)?, found.path))).collect();
    Texts { sources: reader.sources, roots, mistakes: reader.mistakes }
}

fn loaded(paths: &[PathBuf], facts: &Facts, texts: &HashMap<String, String>) -> Loaded {
    let mut reader = Reader { instead: texts.clone(), ..Reader::default() };
    let roots: Vec<SourceId> = find(paths, &mut reader.mistakes).iter().filter_map(|found| reader.root(found)).collect();
    let scripts: Vec<Script> = roots.iter().map(|&root| reader.script(root)).collect();
    let Reader { sources, mut mistakes, .. } = reader;
    let unread: Vec<Diagnostic> = mistakes.iter().filter(|mistake| !mistake.labels.is_empty()).cloned().collect();
    let mut scenarios = Vec::new();
    for script in &scripts {
        let (mut checked, found) = check(script, &sources, facts);
        scenarios.append(&mut checked);
        for mistake in found {
            // What is wrong in a shared file is wrong for each script that includes it, and is said once. Of a statement that
            // could not be read nothing more is said: the rest would follow from that.
            if !mistakes.contains(&mistake) && !unread.iter().any(|known| overlap(known.span(), mistake.span())) {
                mistakes.push(mistake);
            }
        }
    }
    mistakes.sort_by_key(|mistake| (!mistake.labels.is_empty(), mistake.span().source, mistake.span().start));
    Loaded { sources, scenarios, mistakes, files: roots.len() }
}

/// Whether one place holds a part of the other, or touches it.
fn overlap(one: Span, other: Span) -> bool {
    one.source == other.source && one.start <= other.end && other.start <= one.end
}

/// What uname(2) says of this machine, and whether real root is allowed.
fn facts(privileged: bool) -> Result<Facts, String> {
    let machine = nix::sys::utsname::uname().map_err(|errno| format!("uname(2) failed: {errno}"))?;
    let release = machine.release().to_string_lossy();
    let parts = release.split(|character: char| !character.is_ascii_digit() && character != '.').next().unwrap_or_default();
    let kernel = parts.split('.').map_while(|part| part.parse().ok()).collect();
    Ok(Facts { kernel, arch: machine.machine().to_string_lossy().into_owned(), privileged })
}

/// The scripts under `paths`, each once.
fn find(paths: &[PathBuf], mistakes: &mut Vec<Diagnostic>) -> Vec<Found> {
    let here = [PathBuf::from(".")];
    let mut all: Vec<Found> = Vec::new();
    for path in if paths.is_empty() { &here } else { paths } {
        match scripts(path) {
            Ok(found) => {
                for mut found in found {
                    if paths.is_empty() {
                        found.name = found.name.trim_start_matches("./").to_owned();
                    }
                    if !all.contains(&found) {
                        all.push(found);
                    }
                }
            }
            Err(mistake) => mistakes.push(mistake),
        }
    }
    all
}

/// What has been read so far.
#[derive(Default)]
struct Reader {
    sources: Vec<Source>,
    trees: Vec<ast::File>,
    /// Where each source was read, to resolve what it includes.
    paths: Vec<PathBuf>,
    /// Sources by where they really are, whatever they are called.
    known: HashMap<PathBuf, SourceId>,
    /// Texts that stand for those of the scripts with these names.
    instead: HashMap<String, String>,
    mistakes: Vec<Diagnostic>,
}

impl Reader {
    /// Reads a script that the command line names.
    fn root(&mut self, found: &Found) -> Option<SourceId> {
        let text = self.instead.get(&found.name).map_or_else(|| read(&found.path), |text| Ok(text.clone()));
        match text {
            Ok(text) => Some(self.keep(&found.name, &found.path, &text)),
            Err(Unread::Bytes(bytes)) => {
                let mistake = self.not_utf8(&found.name, &found.path, &bytes);
                self.mistakes.push(mistake);
                None
            }
            Err(Unread::Why(mistake)) => {
                self.mistakes.push(mistake);
                None
            }
        }
    }

    /// The script at `root` with everything that it includes, directly or not.
    fn script(&mut self, root: SourceId) -> Script {
        let mut order = Vec::new();
        self.visit(&mut vec![root], &mut order);
        let files = order.into_iter().map(|id| (id, self.trees[id as usize].clone())).collect();
        Script { root, files }
    }

    /// Adds the last file of `chain` to `order`, and then what it includes; `chain` leads there from the root.
    fn visit(&mut self, chain: &mut Vec<SourceId>, order: &mut Vec<SourceId>) {
        let Some(&id) = chain.last() else { return };
        order.push(id);
        let includes = |item: &Item| match item {
            Item::Include(include) => Some(include.clone()),
            _ => None,
        };
        let includes: Vec<ast::Include> = self.trees[id as usize].items.iter().filter_map(includes).collect();
        for include in includes {
            let folder = self.paths[id as usize].parent().unwrap_or(Path::new("")).to_owned();
            let Some(target) = self.include(&folder.join(&include.path), include.span) else { continue };
            if let Some(at) = chain.iter().position(|&known| known == target) {
                let mistake = self.circle(&chain[at..], include.span);
                self.mistakes.push(mistake);
            } else if !order.contains(&target) {
                chain.push(target);
                self.visit(chain, order);
                chain.pop();
            }
        }
    }

    /// The file at `path`, which the script asks for at `span`.
    fn include(&mut self, path: &Path, span: Span) -> Option<SourceId> {
        if let Some(&id) = fs::canonicalize(path).ok().and_then(|real| self.known.get(&real)) {
            return Some(id);
        }
        let mistake = match read(path) {
            Ok(text) => return Some(self.keep(&name(path), path, &text)),
            Err(Unread::Bytes(bytes)) => self.not_utf8(&name(path), path, &bytes).also(span, "included here"),
            Err(Unread::Why(why)) => {
                let code = if why.code == "missing-file" { "missing-include" } else { why.code };
                let help = why.help.filter(|help| code != "missing-include" || help.contains('`'));
                let usual = "the path is taken from the folder of the file that includes it";
                let mistake = Diagnostic::error(code, span, why.message).here("included here");
                mistake.help(help.unwrap_or_else(|| usual.into()))
            }
        };
        self.mistakes.push(mistake);
        None
    }

    fn keep(&mut self, name: &str, path: &Path, text: &str) -> SourceId {
        let id = SourceId::try_from(self.sources.len()).unwrap_or(SourceId::MAX);
        let source = Source::new(name, text);
        let (tree, mut mistakes) = parse(&source, id);
        self.mistakes.append(&mut mistakes);
        self.add(source, path, tree);
        if let Ok(real) = fs::canonicalize(path) {
            self.known.entry(real).or_insert(id);
        }
        id
    }

    fn add(&mut self, source: Source, path: &Path, tree: ast::File) {
        self.sources.push(source);
        self.paths.push(if path == Path::new(STDIN) { PathBuf::new() } else { path.to_owned() });
        self.trees.push(tree);
    }

    /// Shows the first byte of `bytes` that is no UTF-8, where it stands.
    fn not_utf8(&mut self, name: &str, path: &Path, bytes: &[u8]) -> Diagnostic {
        let good = bytes.utf8_chunks().next().map_or(0, |chunk| chunk.valid().len());
        let bad = bytes.get(good).copied().unwrap_or_default();
        let source = Source::new(name, &String::from_utf8_lossy(bytes));
        // The mark that stands for the bad byte takes three bytes; a leading byte-order mark is not kept.
        let start = if bytes.starts_with("\u{feff}".as_bytes()) { good - 3 } else { good };
        let id = SourceId::try_from(self.sources.len()).unwrap_or(SourceId::MAX);
        self.add(source, path, ast::File::default());
        Diagnostic::error("not-utf8", Span::new(id, start..start + 3), format!("`{name}` is not UTF-8"))
            .here(format!("byte {good} of the file, 0x{bad:02x}, begins no character"))
            .help(format!("write the bytes of a string as `\\x{bad:02x}`, or save the file as UTF-8"))
    }

    /// Says that `circle` leads back to its beginning at `span`.
    fn circle(&self, circle: &[SourceId], span: Span) -> Diagnostic {
        let names: Vec<&str> = circle.iter().map(|&id| self.sources[id as usize].name.as_str()).collect();
        let message = match names.as_slice() {
            [first, rest @ ..] if !rest.is_empty() => format!("`{first}` includes itself through `{}`", rest.join("`, `")),
            _ => format!("`{}` includes itself", names.concat()),
        };
        Diagnostic::error("include-loop", span, message)
            .here("leads back to where it came from")
            .help("move what both need to a third file, and include that")
    }
}

/// Why there is no text.
enum Unread {
    /// It is not UTF-8.
    Bytes(Vec<u8>),
    /// It could not be had.
    Why(Diagnostic),
}

fn read(path: &Path) -> Result<String, Unread> {
    let mut bytes = Vec::new();
    let result = if path == Path::new(STDIN) {
        io::stdin().lock().take(LARGEST + 1).read_to_end(&mut bytes)
    } else {
        let meta = fs::metadata(path).map_err(|error| Unread::Why(unreadable(path, &error)))?;
        regular(path, &meta).map_err(Unread::Why)?;
        File::open(path).and_then(|file| file.take(LARGEST + 1).read_to_end(&mut bytes))
    };
    if let Err(error) = result {
        return Err(Unread::Why(unreadable(path, &error)));
    }
    if bytes.len() as u64 > LARGEST {
        let message = format!("`{}` is larger than a script may be: more than 16 MiB", name(path));
        return Err(Unread::Why(placeless("too-big", message, "cut it into several files; `const` and `def` can be included")));
    }
    String::from_utf8(bytes).map_err(|error| Unread::Bytes(error.into_bytes()))
}
