//! Names that a script cannot give because C has taken them; of words of the language the parser has spoken.

use crate::syntax::ast::Name;
use crate::text::Diagnostic;
use crate::value::{Errno, Signal};
use std::collections::HashMap;

/// Why `name` cannot be given, if so.
pub(super) fn refuse(name: &Name, constants: &HashMap<&'static str, i128>) -> Option<Diagnostic> {
    let text = name.text.as_str();
    let taken = if text == "NULL" || constants.contains_key(text) {
        "a constant of C"
    } else if Errno::from_name(text).is_some() {
        "an error number"
    } else if Signal::from_name(text).is_some() {
        "a signal"
    } else {
        return None;
    };
    Some(
        Diagnostic::error("reserved-name", name.span, format!("`{text}` is {taken}, and cannot be given to something else"))
            .here("this name is taken")
            .help(format!("write another name, such as `my_{}`", text.to_lowercase())),
    )
}
