//! A mistake in a script: what, where, and what to do about it.

use super::Span;

/// How bad a [`Diagnostic`] is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Severity {
    /// The script cannot run.
    Error,
    /// The script can run, and the run itself will show the trouble.
    Warning,
}

/// A place, and what is to be said of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Label {
    /// The place.
    pub span: Span,
    /// A lower-case fragment.
    pub text: String,
}

/// A mistake in a script. The first label is the place of the mistake, the others what matters for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// Stable, hyphenated: `unknown-name`.
    pub code: &'static str,
    /// Error or warning.
    pub severity: Severity,
    /// A lower-case fragment; words of the script stand in backticks.
    pub message: String,
    /// Places, the mistake's own first.
    pub labels: Vec<Label>,
    /// What to do, so that it can be pasted where possible.
    pub help: Option<String>,
}

impl Diagnostic {
    /// An error at `span`.
    pub fn error(code: &'static str, span: Span, message: impl Into<String>) -> Self {
        let labels = vec![Label { span, text: String::new() }];
        Self { code, severity: Severity::Error, message: message.into(), labels, help: None }
    }

    /// A warning at `span`.
    pub fn warning(code: &'static str, span: Span, message: impl Into<String>) -> Self {
        Self { severity: Severity::Warning, ..Self::error(code, span, message) }
    }

    /// Says `text` at the place of the mistake.
    #[must_use]
    pub fn here(mut self, text: impl Into<String>) -> Self {
        if let Some(first) = self.labels.first_mut() {
            first.text = text.into();
        }
        self
    }

    /// Says `text` at a further place.
    #[must_use]
    pub fn also(mut self, span: Span, text: impl Into<String>) -> Self {
        self.labels.push(Label { span, text: text.into() });
        self
    }

    /// Adds the help line.
    #[must_use]
    pub fn help(mut self, text: impl Into<String>) -> Self {
        self.help = Some(text.into());
        self
    }

    /// The place of the mistake.
    pub fn span(&self) -> Span {
        self.labels.first().map_or_else(Span::default, |label| label.span)
    }

    /// Whether the script cannot run.
    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }
}
