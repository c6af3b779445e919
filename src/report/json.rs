//! The journal as it is: one JSON object a line, each written as soon as it is known.

use super::Report;
use crate::journal::Event;
use std::io::{self, Write};
use std::time::Duration;

/// Writes each event to `out`.
pub fn json(out: Box<dyn Write>) -> Box<dyn Report> {
    Box::new(Json { out })
}

struct Json {
    out: Box<dyn Write>,
}

impl Report for Json {
    fn take(&mut self, event: &Event) -> io::Result<()> {
        let mut line = serde_json::to_vec(event)?;
        line.push(b'\n');
        self.out.write_all(&line)?;
        self.out.flush()
    }

    /// A journal holds no time, so that two runs of one scenario give the same bytes.
    fn end(&mut self, _elapsed: Duration) -> io::Result<()> {
        self.out.flush()
    }
}
