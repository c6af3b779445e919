//! The report as a drawing: each scenario as a timeline, one below the other, in one SVG file that needs nothing else.

pub(super) mod drawing;
mod lanes;
mod letters;
mod shapes;
#[cfg(test)]
pub(super) mod tests;

use self::drawing::drawing;
pub(super) use self::letters::escaped;
use super::Report;
use super::case::{Case, Gathering};
use super::picture::pictures;
use crate::journal::Event;
use std::fmt::Write as _;
use std::io::{self, Write};
use std::time::Duration;

/// Writes the drawing to `out`, at the end: only then its height is known.
pub fn svg(out: Box<dyn Write>) -> Box<dyn Report> {
    Box::new(Svg { out, gathering: Gathering::default(), page: String::new(), width: 480, height: MARGIN })
}

/// Free room around and between figures, in pixels.
const MARGIN: usize = 24;

/// The colours, for light and for dark.
pub(super) const STYLE: &str = include_str!("svg/figure.css");

struct Svg {
    out: Box<dyn Write>,
    gathering: Gathering,
    page: String,
    width: usize,
    height: usize,
}

impl Report for Svg {
    fn take(&mut self, event: &Event) -> io::Result<()> {
        if let Some(case) = self.gathering.take(event) {
            self.add(&case);
        }
        Ok(())
    }

    fn end(&mut self, _elapsed: Duration) -> io::Result<()> {
        let (width, height) = (self.width, self.height);
        write!(
            self.out,
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {width} {height}\" \
             role=\"img\">\n<style>\n{STYLE}</style>\n<rect class=\"page\" width=\"{width}\" height=\"{height}\"/>\n{}</svg>\n",
            self.page
        )?;
        self.out.flush()
    }
}

impl Svg {
    fn add(&mut self, case: &Case) {
        for picture in pictures(case) {
            let drawing = drawing(picture.steps);
            let (top, left) = (self.height, MARGIN);
            let title = escaped(&picture.title);
            let aside = escaped(&picture.aside);
            let class = picture.class;
            let _ = write!(
                self.page,
                "<g transform=\"translate({left} {top})\">\n<text class=\"title\" y=\"14\">{title}</text>\n\
                 <text class=\"aside {class}\" y=\"32\">{aside}</text>\n<g transform=\"translate(0 44)\">\n{}</g>\n</g>\n",
                drawing.body
            );
            let words = picture.title.chars().count().max(picture.aside.chars().count()) * 9;
            self.width = self.width.max(drawing.width.max(words) + 2 * MARGIN);
            self.height = top + 44 + drawing.height + 2 * MARGIN;
        }
    }
}
