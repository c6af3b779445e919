//! As much of XML Schema as the schema of the JUnit report uses; what is not known here is a failure, not a licence.

use quick_xml::events::{BytesStart, Event};
use quick_xml::{Reader, XmlVersion};

/// An element, read by a parser that is not ours.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Element {
    pub name: String,
    pub attributes: Vec<(String, String)>,
    pub children: Vec<Element>,
    /// All text directly in it.
    pub text: String,
}

impl Element {
    /// The value of an attribute.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// The elements of this name directly in it.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Element> {
        self.children.iter().filter(move |child| child.name == name)
    }
}

/// The root element of a text.
pub fn parse(text: &str) -> Element {
    let mut reader = Reader::from_str(text);
    reader.config_mut().check_end_names = true;
    let mut open = vec![Element::default()];
    loop {
        let event = reader.read_event().unwrap_or_else(|error| panic!("no XML: {error}\n{text}"));
        let top = open.last_mut().expect("the document");
        match event {
            Event::Start(start) => open.push(element(&start)),
            Event::Empty(start) => top.children.push(element(&start)),
            Event::End(_) => {
                let done = open.pop().expect("the element");
                open.last_mut().expect("what it is in").children.push(done);
            }
            Event::Text(piece) => top.text += &piece,
            Event::GeneralRef(reference) => top.text.push(resolved(&reference)),
            Event::Eof => break,
            Event::Decl(_) | Event::Comment(_) => {}
            other => panic!("this is not expected here: {other:?}"),
        }
    }
    let document = open.pop().filter(|_| open.is_empty()).expect("all elements are closed");
    let [root] = document.children.as_slice() else { panic!("one root: {text}") };
    root.clone()
}

fn element(start: &BytesStart<'_>) -> Element {
    let attribute = |attribute: Result<quick_xml::events::attributes::Attribute<'_>, _>| {
        let attribute = attribute.expect("an attribute");
        (attribute.key.as_ref().to_owned(), attribute.normalized_value(XmlVersion::Explicit1_0).expect("a value").into_owned())
    };
    Element {
        name: start.name().as_ref().to_owned(),
        attributes: start.attributes().map(attribute).collect(),
        ..Element::default()
    }
}

fn resolved(reference: &str) -> char {
    match reference {
        "lt" => '<',
        "gt" => '>',
        "amp" => '&',
        "quot" => '"',
        "apos" => '\'',
        other => panic!("an entity that is not expected here: {other}"),
    }
}

/// What in `element` is against `schema`.
pub fn violations(schema: &Element, element: &Element) -> Vec<String> {
    let mut found = Vec::new();
    judge(schema, element, &mut found);
    found
}

fn judge(schema: &Element, element: &Element, found: &mut Vec<String>) {
    let Some(declared) = schema.all("xs:element").find(|known| known.get("name") == Some(&element.name)) else {
        found.push(format!("no element is called `{}`", element.name));
        return;
    };
    let shape = declared.all("xs:complexType").next().expect("each element has a type");
    let mut complain = |what: String| found.push(format!("{}: {what}", element.name));
    let mixed = shape.get("mixed") == Some("true");
    if !mixed && !element.text.trim().is_empty() {
        complain(format!("no text may stand here: {:?}", element.text));
    }
    let known: Vec<&Element> = shape.all("xs:attribute").collect();
    for (name, value) in &element.attributes {
        match known.iter().find(|attribute| attribute.get("name") == Some(name)) {
            None => complain(format!("no attribute is called `{name}`")),
            Some(attribute) if !has_type(attribute.get("type").expect("a type"), value) => complain(format!("{name}={value:?}")),
            Some(_) => {}
        }
    }
    for attribute in known.iter().filter(|attribute| attribute.get("use") == Some("required")) {
        let name = attribute.get("name").expect("a name");
        if element.get(name).is_none() {
            complain(format!("`{name}` is missing"));
        }
    }
    let children: Vec<&str> = element.children.iter().map(|child| child.name.as_str()).collect();
    if !fits(shape, &children) {
        complain(format!("these do not stand so: {children:?}"));
    }
    element.children.iter().for_each(|child| judge(schema, child, found));
}

/// Whether these may stand in an element of this shape: a sequence of references, or one of several.
fn fits(shape: &Element, children: &[&str]) -> bool {
    let refers = |particle: &Element| particle.get("ref").expect("a reference").to_owned();
    if let Some(choice) = shape.all("xs:choice").next() {
        let optional = choice.get("minOccurs") == Some("0");
        return match children {
            [] => optional,
            [one] => choice.children.iter().any(|particle| refers(particle) == *one),
            _ => false,
        };
    }
    let mut rest = children;
    for particle in shape.all("xs:sequence").flat_map(|sequence| &sequence.children) {
        let count = rest.iter().take_while(|name| **name == refers(particle)).count();
        let most = if particle.get("maxOccurs") == Some("unbounded") { usize::MAX } else { 1 };
        let least = usize::from(particle.get("minOccurs") != Some("0"));
        if !(least..=most).contains(&count) {
            return false;
        }
        rest = &rest[count..];
    }
    rest.is_empty()
}

fn has_type(name: &str, value: &str) -> bool {
    match name {
        "xs:string" => true,
        "xs:nonNegativeInteger" => value.parse::<u64>().is_ok(),
        "xs:decimal" => value.parse::<f64>().is_ok() && value.chars().all(|c| c.is_ascii_digit() || c == '.'),
        other => panic!("the type `{other}` is not known here"),
    }
}

#[test]
fn what_is_against_a_schema_is_found() {
    let schema = parse(include_str!("junit.xsd"));
    let suite = |inside: &str| {
        let sums = r#"tests="1" failures="0" errors="0""#;
        let suite = format!(r#"<testsuite name="a" {sums} skipped="0" file="a"><properties/>{inside}</testsuite>"#);
        parse(&format!(r#"<testsuites name="x" {sums}>{suite}</testsuites>"#))
    };
    assert_eq!(violations(&schema, &suite(r#"<testcase classname="a" name="b"/>"#)), Vec::<String>::new());
    let wrong = [
        "",
        r#"<testcase name="b"/>"#,
        r#"<testcase classname="a" name="b" line="3"/>"#,
        r#"<testcase classname="a" name="b" time="soon"/>"#,
        r#"<testcase classname="a" name="b">text</testcase>"#,
        r#"<testcase classname="a" name="b"><skipped message=""/><skipped message=""/></testcase>"#,
        r#"<testcase classname="a" name="b"><system-out/></testcase>"#,
        r#"<testcase classname="a" name="b"/><properties/>"#,
    ];
    for inside in wrong {
        assert_ne!(violations(&schema, &suite(inside)), Vec::<String>::new(), "{inside}");
    }
}
