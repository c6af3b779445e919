//! TextMate: its template, and a small reader of such grammars, with the part of the format that ours uses.

use super::words::{NOTICE, Words};
use regex::Regex;
use serde_json::Value;
use std::collections::BTreeMap;

/// Fills the template: each list becomes the alternatives of a pattern.
pub fn render(template: &str, words: &Words) -> String {
    words.lists().fold(template.replace("@GENERATED@", NOTICE), |text, (name, list)| text.replace(name, &list.join("|")))
}

/// A grammar: all rules, those of the top first.
pub struct Grammar {
    repository: BTreeMap<String, Vec<Rule>>,
    top: Vec<Rule>,
    scope: String,
}

enum Rule {
    Include(String),
    Match { pattern: Regex, name: Option<String>, captures: Captures },
    Begin { begin: Regex, end: Regex, name: Option<String>, captures: Captures, inner: Vec<Rule> },
}

type Captures = Vec<(usize, String)>;

/// What a text is made of.
pub struct Tokens {
    /// For each line, the innermost scope of each byte.
    pub lines: Vec<Vec<String>>,
    /// How many rules that begin something have not ended.
    pub open: usize,
}

impl Grammar {
    /// Reads the JSON form. Patterns must be of the kind that Oniguruma and the `regex` crate read alike: no look-around.
    pub fn read(json: &str) -> Self {
        let json: Value = serde_json::from_str(json).unwrap();
        // An entry of the repository is a rule, or a list of rules in `patterns` and nothing else.
        let entry = |value: &Value| {
            if value.get("match").or(value.get("begin")).is_some() { vec![rule(value)] } else { rules(&value["patterns"]) }
        };
        let named = |(name, value): (&String, &Value)| (format!("#{name}"), entry(value));
        Self {
            repository: json["repository"].as_object().unwrap().iter().map(named).collect(),
            top: rules(&json["patterns"]),
            scope: text(&json["scopeName"]).unwrap(),
        }
    }

    /// Cuts `source` into tokens as an editor does: line by line, the earliest match first, the earlier rule among equals, an end before all.
    pub fn tokenize(&self, source: &str) -> Tokens {
        let mut open: Vec<&Rule> = Vec::new();
        let lines = source.lines().map(|line| self.line(line, &mut open)).collect();
        Tokens { lines, open: open.len() }
    }

    fn line<'a>(&'a self, line: &str, open: &mut Vec<&'a Rule>) -> Vec<String> {
        let mut scopes = vec![self.scope_of(open); line.len()];
        let mut at = 0;
        // An end that matches nothing, such as the end of the line, moves no position: only the rule that is open changes.
        while at <= line.len() {
            let inner = match open.last() {
                Some(Rule::Begin { inner, .. }) => inner,
                _ => &self.top,
            };
            let mut candidates = Vec::new();
            self.flatten(inner, &mut candidates);
            let end = open.last().and_then(|rule| match rule {
                Rule::Begin { end, .. } => end.find_at(line, at).map(|found| found.range()),
                _ => None,
            });
            let next = candidates
                .into_iter()
                .filter_map(|rule| pattern(rule).captures_at(line, at).map(|found| (rule, found)))
                .filter(|(_, found)| found.get(0).is_some_and(|whole| !whole.is_empty()))
                .min_by_key(|(_, found)| found.get(0).map(|whole| whole.start()));

            let starts = next.as_ref().and_then(|(_, found)| found.get(0)).map(|whole| whole.start());
            if let Some(end) = end.filter(|end| starts.is_none_or(|start| end.start <= start)) {
                let scope = self.scope_of(open);
                paint(&mut scopes, at..end.end, &scope);
                open.pop();
                let outside = self.scope_of(open);
                paint(&mut scopes, end.end..line.len(), &outside);
                at = end.end;
                continue;
            }
            let Some((rule, found)) = next else { break };
            let whole = found.get(0).map(|whole| whole.range()).unwrap();
            let (name, captures) = match rule {
                Rule::Match { name, captures, .. } | Rule::Begin { name, captures, .. } => (name, captures),
                Rule::Include(_) => unreachable!("includes are flattened"),
            };
            if let Some(name) = name {
                paint(&mut scopes, whole.clone(), name);
            }
            for (group, scope) in captures {
                if let Some(range) = found.get(*group) {
                    paint(&mut scopes, range.range(), scope);
                }
            }
            if matches!(rule, Rule::Begin { .. }) {
                open.push(rule);
                let scope = self.scope_of(open);
                paint(&mut scopes, whole.end..line.len(), &scope);
            }
            at = whole.end;
        }
        scopes
    }

    fn flatten<'a>(&'a self, rules: &'a [Rule], flat: &mut Vec<&'a Rule>) {
        for rule in rules {
            match rule {
                Rule::Include(name) => self.flatten(self.repository.get(name).unwrap_or_else(|| panic!("no rule {name}")), flat),
                rule => flat.push(rule),
            }
        }
    }

    fn scope_of(&self, open: &[&Rule]) -> String {
        let named = open.iter().rev().find_map(|rule| match rule {
            Rule::Begin { name, .. } => name.clone(),
            _ => None,
        });
        named.unwrap_or_else(|| self.scope.clone())
    }
}

fn paint(scopes: &mut [String], range: std::ops::Range<usize>, scope: &str) {
    scopes[range].fill(scope.to_owned());
}

fn pattern(rule: &Rule) -> &Regex {
    match rule {
        Rule::Match { pattern, .. } => pattern,
        Rule::Begin { begin, .. } => begin,
        Rule::Include(name) => unreachable!("{name} was to be flattened"),
    }
}

fn rules(json: &Value) -> Vec<Rule> {
    json.as_array().unwrap().iter().map(rule).collect()
}

fn rule(json: &Value) -> Rule {
    if let Some(name) = text(&json["include"]) {
        return Rule::Include(name);
    }
    let name = text(&json["name"]);
    if let Some(pattern) = text(&json["match"]) {
        return Rule::Match { pattern: regex(&pattern), name, captures: captures(&json["captures"]) };
    }
    let (begin, end) = (text(&json["begin"]).unwrap(), text(&json["end"]).unwrap());
    Rule::Begin {
        begin: regex(&begin),
        end: regex(&end),
        name,
        captures: captures(&json["beginCaptures"]),
        inner: rules(&json["patterns"]),
    }
}

fn captures(json: &Value) -> Captures {
    let Some(object) = json.as_object() else { return Vec::new() };
    object.iter().map(|(group, value)| (group.parse().unwrap(), text(&value["name"]).unwrap())).collect()
}

fn regex(pattern: &str) -> Regex {
    Regex::new(pattern).unwrap_or_else(|error| panic!("{pattern}: {error}"))
}

fn text(json: &Value) -> Option<String> {
    json.as_str().map(str::to_owned)
}
