//! Jobs for CI servers, as they stand in a page: which commands they give to the program, with which environment.

use super::block::blocks;
use saphyr::{LoadableYamlNode, Yaml};

/// A `yaml` block.
pub struct Job(String);

/// The jobs of a page.
pub fn jobs(page: &str) -> Vec<Job> {
    blocks(page).into_iter().filter(|block| block.label.split(' ').next() == Some("yaml")).map(|block| Job(block.text)).collect()
}

/// A command, and what the server puts into its environment.
pub type Prepared = (String, Vec<(String, String)>);

impl Job {
    /// As it stands in the page.
    pub fn text(&self) -> &str {
        &self.0
    }

    /// Whose language it is in, by its outermost words.
    pub fn server(&self) -> &'static str {
        let words = ["jobs:", "apiVersion:", "metadata:"].map(|word| self.0.lines().any(|line| line.starts_with(word)));
        match words {
            [true, ..] => "GitHub",
            [_, true, _] => "Kubernetes",
            [.., true] => "LAVA",
            _ => "GitLab",
        }
    }

    /// The program's commands in it, in their order; of what runs in several places at a time, those of each place.
    pub fn commands(&self) -> Vec<Prepared> {
        let documents = Yaml::load_from_str(&self.0).unwrap_or_else(|error| panic!("{error} in\n{}", self.0));
        let [document] = documents.as_slice() else { panic!("one document, not {}:\n{}", documents.len(), self.0) };
        let mut lines = Vec::new();
        gather(document, &mut lines);
        let places = places(document);
        lines.iter().flat_map(|line| spread(line, places)).collect()
    }
}

/// The lines that begin with the program, and what a container of its image is given.
fn gather(node: &Yaml, lines: &mut Vec<String>) {
    if let Some(text) = node.as_str() {
        // A shell joins a line that ends with a backslash to the next.
        lines.extend(text.replace("\\\n", " ").lines().filter_map(command));
    }
    for child in node.as_sequence().into_iter().flatten() {
        gather(child, lines);
    }
    for (key, child) in node.as_mapping().into_iter().flatten() {
        match key.as_str() {
            Some("args") => {
                let words = child.as_sequence().into_iter().flatten().map(|word| word.as_str().expect("an argument is a text"));
                let words: Vec<&str> = words.map(|word| if word == "/scenarios" { "scenarios" } else { word }).collect();
                lines.push(format!("ipcscript {}", words.join(" ")));
            }
            // What else is a text by itself is a name, an image, a condition.
            Some(name) if child.as_str().is_some() && !matches!(name, "run" | "script") => {}
            _ => gather(child, lines),
        }
    }
}

/// A line as it is run here, if it runs the program, by whatever path and for whatever helper.
fn command(line: &str) -> Option<String> {
    let line = match line.strip_prefix("lava-test-case ") {
        Some(rest) => rest.split_once(" --shell ")?.1,
        None => line,
    };
    let (program, rest) = line.split_once(' ')?;
    (program.rsplit('/').next() == Some("ipcscript")).then(|| format!("ipcscript {rest}"))
}

/// In how many places the job runs at a time: as many as it has shards.
fn places(node: &Yaml) -> usize {
    let own = node.as_mapping().into_iter().flatten().map(|(key, child)| match key.as_str() {
        Some("shard") => child.as_sequence().map_or(1, |shards| shards.len()),
        Some("parallel" | "completions") => child.as_integer().and_then(|count| usize::try_from(count).ok()).unwrap_or(1),
        _ => places(child),
    });
    let below = node.as_sequence().into_iter().flatten().map(places);
    own.chain(below).max().unwrap_or(1)
}

/// A command in each place where it differs.
fn spread(command: &str, places: usize) -> Vec<Prepared> {
    const MATRIX: &str = "${{ matrix.shard }}";
    let varies = [MATRIX, "--shard auto", "$CI_NODE_INDEX"].iter().any(|word| command.contains(word));
    let place = |number: usize| {
        let command = command.replace(MATRIX, &number.to_string());
        assert!(!command.contains("${{"), "only the matrix can be put in: {command}");
        let environment = match command.contains("--shard auto/") {
            true => vec![("JOB_COMPLETION_INDEX", number - 1)],
            false => vec![("CI_NODE_INDEX", number), ("CI_NODE_TOTAL", places)],
        };
        (command, environment.into_iter().map(|(name, value)| (name.to_owned(), value.to_string())).collect())
    };
    (1..=if varies { places } else { 1 }).map(place).collect()
}
