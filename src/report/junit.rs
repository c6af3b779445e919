//! The report for CI servers: JUnit's XML, with a suite for each script and a case for each of its scenarios.
//!
//! It keeps to what all readers of this format know: no element or attribute but those of the schema that Jenkins checks against.

use super::case::{Case, Gathering, by_path, seconds_of};
use super::{Glyphs, Report, Style, one_line};
use crate::journal::{Event, Machine, Shard, Status};
use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesEnd, BytesStart, BytesText, Event as Xml};
use std::io::{self, Write};
use std::time::Duration;

/// Writes the report to `out`. The sums stand ahead of the cases, so that everything is written at the end of the run.
pub fn junit(out: Box<dyn Write>) -> Box<dyn Report> {
    Box::new(Junit { out, gathering: Gathering::default(), cases: Vec::new(), properties: Vec::new() })
}

struct Junit {
    out: Box<dyn Write>,
    gathering: Gathering,
    cases: Vec<Case>,
    /// What holds for all suites: the machine and the part of the list.
    properties: Vec<(&'static str, String)>,
}

/// How a report looks that programs take apart: where it is read does not change it.
const STYLE: Style = Style::PLAIN;

impl Report for Junit {
    fn take(&mut self, event: &Event) -> io::Result<()> {
        match event {
            Event::Machine(Machine { release, version, machine, .. }) => self.properties.extend([
                ("kernel.release", release.clone()),
                ("kernel.version", version.clone()),
                ("machine", machine.clone()),
            ]),
            Event::Shard(Shard { index, count, .. }) => self.properties.push(("shard", format!("{index}/{count}"))),
            event => self.cases.extend(self.gathering.take(event)),
        }
        Ok(())
    }

    fn end(&mut self, _elapsed: Duration) -> io::Result<()> {
        let mut xml = Writer::new_with_indent(&mut self.out, b' ', 2);
        xml.write_event(Xml::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
        let all: Vec<&Case> = self.cases.iter().collect();
        let mut root = BytesStart::new("testsuites");
        root.push_attribute(("name", "ipcscript"));
        sums(&mut root, &all);
        xml.write_event(Xml::Start(root))?;
        for (path, cases) in by_path(&self.cases) {
            suite(&mut xml, path, &cases, &self.properties)?;
        }
        xml.write_event(Xml::End(BytesEnd::new("testsuites")))?;
        self.out.write_all(b"\n")?;
        self.out.flush()
    }
}

/// The attributes that count `cases`, but for the skipped, which not every element may have.
fn sums(start: &mut BytesStart<'_>, cases: &[&Case]) {
    start.push_attribute(("tests", cases.len().to_string().as_str()));
    for (name, status) in [("failures", Status::Diverged), ("errors", Status::Failed)] {
        start.push_attribute((name, count(cases, status).to_string().as_str()));
    }
    if let Some(seconds) = seconds_of(cases.iter().copied()) {
        start.push_attribute(("time", seconds.as_str()));
    }
}

fn count(cases: &[&Case], status: Status) -> usize {
    cases.iter().filter(|case| case.status == Some(status)).count()
}

type Out<'a> = Writer<&'a mut Box<dyn Write>>;

/// The suite of one script.
fn suite(xml: &mut Out<'_>, path: &str, cases: &[&Case], properties: &[(&str, String)]) -> io::Result<()> {
    let path = line(path);
    let mut start = BytesStart::new("testsuite");
    start.push_attribute(("name", path.as_str()));
    sums(&mut start, cases);
    start.push_attribute(("skipped", count(cases, Status::Skipped).to_string().as_str()));
    start.push_attribute(("file", path.as_str()));
    xml.write_event(Xml::Start(start))?;
    xml.write_event(Xml::Start(BytesStart::new("properties")))?;
    let steps: usize = cases.iter().map(|case| case.steps.len()).sum();
    let orders: u64 = cases.iter().filter_map(|case| case.orders.as_ref()).map(|orders| orders.run).fold(0, u64::saturating_add);
    let orders = (orders > 0).then(|| ("orders", orders.to_string()));
    for (name, value) in properties.iter().chain([&("steps", steps.to_string())]).chain(&orders) {
        xml.create_element("property").with_attributes([("name", *name), ("value", line(value).as_str())]).write_empty()?;
    }
    xml.write_event(Xml::End(BytesEnd::new("properties")))?;
    for case in cases {
        testcase(xml, &path, case)?;
    }
    xml.write_event(Xml::End(BytesEnd::new("testsuite")))
}

fn testcase(xml: &mut Out<'_>, path: &str, case: &Case) -> io::Result<()> {
    let mut start = BytesStart::new("testcase");
    start.push_attribute(("classname", path));
    start.push_attribute(("name", line(case.name()).as_str()));
    if let Some(seconds) = case.seconds() {
        start.push_attribute(("time", seconds.as_str()));
    }
    let element = match case.status {
        Some(Status::Passed) => return xml.write_event(Xml::Empty(start)),
        Some(Status::Skipped) => "skipped",
        Some(Status::Diverged) => "failure",
        Some(Status::Failed) | None => "error",
    };
    xml.write_event(Xml::Start(start))?;
    let said = xml.create_element(element).with_attribute(("message", line(&case.message(STYLE)).as_str()));
    if element == "skipped" {
        said.write_empty()?;
    } else {
        let page = sound(&case.page(STYLE));
        said.with_attribute(("type", line(case.code()).as_str())).write_text_content(BytesText::new(&page))?;
    }
    xml.write_event(Xml::End(BytesEnd::new("testcase")))
}

/// `text` on one line: a reader would make blanks of the line breaks of an attribute.
fn line(text: &str) -> String {
    sound(&one_line(text, Glyphs::Unicode))
}

/// `text` without the characters that XML has no way to write: controls were made visible before, and two more are no characters at all.
fn sound(text: &str) -> String {
    let known = |c: char| !matches!(c, '\u{fffe}' | '\u{ffff}') && (!c.is_control() || c == '\n');
    text.chars().map(|character| if known(character) { character } else { '\u{fffd}' }).collect()
}
