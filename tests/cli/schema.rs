//! As much of JSON Schema as the journal's schema uses; a keyword that is not known here is a failure, not a licence.

use serde_json::Value;

/// The schema of the journal.
pub fn journal_schema() -> Value {
    serde_json::from_str(include_str!("../journal.schema.json")).expect("the schema is JSON")
}

/// What in `value` is against `schema`.
pub fn violations(schema: &Value, value: &Value) -> Vec<String> {
    let mut found = Vec::new();
    judge(schema, schema, value, "$", &mut found);
    found
}

fn judge(root: &Value, schema: &Value, value: &Value, at: &str, found: &mut Vec<String>) {
    let rules = schema.as_object().expect("a schema is an object");
    for (keyword, rule) in rules {
        let fine = match keyword.as_str() {
            "$schema" | "$defs" | "title" | "description" => true,
            "$ref" => {
                let pointer = rule.as_str().and_then(|rule| rule.strip_prefix('#')).expect("a reference into the schema");
                judge(root, root.pointer(pointer).expect("the reference leads somewhere"), value, at, found);
                true
            }
            "oneOf" => {
                let options = rule.as_array().expect("a list of schemas");
                let fits = |option: &&Value| {
                    let mut inner = Vec::new();
                    judge(root, option, value, at, &mut inner);
                    inner.is_empty()
                };
                options.iter().filter(fits).count() == 1
            }
            "type" => match rule {
                Value::Array(types) => types.iter().any(|rule| has_type(rule, value)),
                rule => has_type(rule, value),
            },
            "const" => rule == value,
            "enum" => rule.as_array().expect("a list of values").contains(value),
            "minimum" => value.as_f64() >= rule.as_f64(),
            "pattern" => {
                let pattern = regex::Regex::new(rule.as_str().expect("a pattern")).expect("a pattern that compiles");
                value.as_str().is_none_or(|text| pattern.is_match(text))
            }
            "required" => {
                let names = rule.as_array().expect("a list of names");
                names.iter().all(|name| value.get(name.as_str().expect("a name")).is_some())
            }
            "items" => {
                for (place, item) in value.as_array().into_iter().flatten().enumerate() {
                    judge(root, rule, item, &format!("{at}[{place}]"), found);
                }
                true
            }
            "properties" => {
                for (name, rule) in rule.as_object().expect("schemas by name") {
                    if let Some(inner) = value.get(name) {
                        judge(root, rule, inner, &format!("{at}.{name}"), found);
                    }
                }
                true
            }
            "additionalProperties" => {
                assert_eq!(rule, false, "only `false` is known here");
                let known = rules.get("properties");
                value
                    .as_object()
                    .is_none_or(|fields| fields.keys().all(|name| known.is_some_and(|known| known.get(name).is_some())))
            }
            unknown => panic!("the keyword `{unknown}` is not known here"),
        };
        if !fine {
            found.push(format!("{at}: `{keyword}` {rule} is not kept by {value}"));
        }
    }
}

fn has_type(rule: &Value, value: &Value) -> bool {
    match rule.as_str().expect("the name of a type") {
        "object" => value.is_object(),
        "array" => value.is_array(),
        "string" => value.is_string(),
        "boolean" => value.is_boolean(),
        "integer" => value.is_i64() || value.is_u64(),
        "null" => value.is_null(),
        other => panic!("the type `{other}` is not known here"),
    }
}
