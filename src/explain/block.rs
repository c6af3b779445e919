//! What a page of the manual is made of.

/// A part of a page. Words in `backticks` are source text wherever text stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Block {
    /// A heading and what stands beside it: `semop`, `semop(2)`.
    Heading(String, String),
    /// The name of a part of a page: `errors`.
    Part(&'static str),
    /// A paragraph.
    Text(String),
    /// Names, each with what is said of it.
    Terms(Vec<(String, String)>),
    /// Lines of a script.
    Script(String),
}

impl Block {
    /// A paragraph of `text`, its line breaks taken for blanks.
    pub(super) fn text(text: &str) -> Self {
        Self::Text(text.split_whitespace().collect::<Vec<_>>().join(" "))
    }
}
