//! A statement as lines: broken where its author broke it, and where it would be too long.

use super::token::{Kind, Token, is_apart};
use super::{INDENT, WIDEST};
use unicode_width::UnicodeWidthStr;

/// A line of a statement.
#[derive(Debug, Default)]
pub(super) struct Line<'a> {
    /// Whether an empty line stands before it, inside a bracket.
    pub apart: bool,
    /// How many blanks it begins with.
    pub indent: usize,
    /// What stands behind them, without the comment at its end.
    pub text: String,
    /// Where in `text` its `->` begins, if something stands before it.
    pub arrow: Option<usize>,
    /// The comment at its end.
    pub comment: Option<&'a str>,
    /// The first of its tokens, and one past the last.
    pub first: usize,
    pub end: usize,
}

/// The lines of `tokens` at `depth`. `padding` is the number of further blanks behind the names of its actors.
pub(super) fn lines<'a>(tokens: &[Token<'a>], depth: usize, padding: usize) -> Vec<Line<'a>> {
    let mut layout = Layout { tokens, breaks: author_breaks(tokens), depth, padding };
    // Each turn breaks a line that was not broken; the bound is for what cannot be thought of.
    for _ in 0..=tokens.len() {
        layout.place_arrow();
        if !layout.break_longest() {
            break;
        }
    }
    layout.lines()
}

/// `tokens` on one line, whatever its length.
pub(super) fn one_line(tokens: &[Token<'_>]) -> String {
    let layout = Layout { tokens, breaks: vec![false; tokens.len()], depth: 0, padding: 0 };
    layout.lines().into_iter().map(|line| line.text).collect()
}

/// The blanks before a row at `depth`.
pub(super) fn indent(depth: usize) -> usize {
    depth * INDENT
}

/// Where the `:` behind the actors of a step stands in `tokens`; nothing when they are no step.
pub(super) fn actors_end(tokens: &[Token<'_>]) -> Option<usize> {
    let end = tokens.iter().position(|token| !matches!(token.kind, Kind::Word | Kind::Comma))?;
    (end > 0 && tokens[end].kind == Kind::Colon).then_some(end)
}

impl Line<'_> {
    /// How wide it is, in columns, without its comment.
    pub(super) fn width(&self) -> usize {
        self.indent + self.text.width()
    }
}

/// The state while a statement is broken into lines.
struct Layout<'t, 'a> {
    tokens: &'t [Token<'a>],
    /// Before which tokens a line ends.
    breaks: Vec<bool>,
    depth: usize,
    padding: usize,
}

impl<'a> Layout<'_, 'a> {
    /// The lines as they are broken now.
    fn lines(&self) -> Vec<Line<'a>> {
        let mut lines: Vec<Line<'a>> = Vec::new();
        // The line of each token, to indent what its bracket holds by that.
        let mut line_of = Vec::with_capacity(self.tokens.len());
        let mut open: Vec<usize> = Vec::new();
        for (at, token) in self.tokens.iter().enumerate() {
            if at == 0 || self.breaks[at] {
                let indent = self.indent_of(at, &open, &line_of, &lines);
                let apart = at > 0 && token.lines > 1 && !open.is_empty() && token.kind != Kind::Close && !self.opens(at - 1);
                lines.push(Line { apart, indent, first: at, end: at, ..Line::default() });
            }
            line_of.push(lines.len() - 1);
            match token.kind {
                Kind::Open | Kind::Brace if self.opens(at) => open.push(at),
                Kind::Close | Kind::Brace if token.partner.is_some() => drop(open.pop()),
                _ => {}
            }
            if self.is_needless(at) {
                continue;
            }
            let Some(line) = lines.last_mut() else { continue };
            line.end = at + 1;
            if token.kind == Kind::Comment && line.first < at {
                line.comment = Some(token.text);
                continue;
            }
            if line.first < at && is_apart(self.tokens, at) {
                line.text.push(' ');
            }
            if token.text == "->" && line.first < at {
                line.arrow = Some(line.text.len());
            }
            line.text.push_str(token.text);
            if self.padding > 0 && actors_end(self.tokens) == Some(at) {
                line.text.extend(std::iter::repeat_n(' ', self.padding));
            }
            if self.lacks_comma(at) {
                line.text.push(',');
            }
        }
        lines
    }

    /// The blanks before the line that begins with the token at `at`, inside the brackets `open`.
    fn indent_of(&self, at: usize, open: &[usize], line_of: &[usize], lines: &[Line<'_>]) -> usize {
        if at == 0 {
            return indent(self.depth);
        }
        let closes = |next: usize| self.tokens[next].partner.is_some_and(|partner| partner < at);
        let closing = (at..self.tokens.len()).take_while(|&next| closes(next) && (next == at || !self.breaks[next])).count();
        if closing > 0 {
            let opener = open.len().checked_sub(closing).map_or(0, |first| open[first]);
            return lines[line_of[opener]].indent;
        }
        open.last().map_or(indent(self.depth), |&opener| lines[line_of[opener]].indent) + INDENT
    }

    /// Whether the token at `at` opens a bracket.
    fn opens(&self, at: usize) -> bool {
        self.tokens[at].partner.is_some_and(|partner| partner > at)
    }

    /// Whether the token at `at` is a comma before a bracket that closes on the same line.
    fn is_needless(&self, at: usize) -> bool {
        let next = at + 1;
        self.tokens[at].kind == Kind::Comma
            && self.tokens.get(next).is_some_and(|token| token.kind == Kind::Close)
            && !self.breaks[next]
            && self.tokens[at - 1].kind != Kind::Comma
    }

    /// Whether a comma is to follow the token at `at`: the last of a list whose bracket closes on a line of its own.
    fn lacks_comma(&self, at: usize) -> bool {
        if matches!(self.tokens[at].kind, Kind::Comment | Kind::Comma | Kind::Open | Kind::Dots) {
            return false;
        }
        let next = self.tokens[at + 1..].iter().position(|token| token.kind != Kind::Comment).map(|more| at + 1 + more);
        let Some(close) = next.filter(|&next| self.tokens[next].kind == Kind::Close && self.breaks[next]) else { return false };
        self.tokens[close].partner.is_some_and(|open| Token::takes_commas(self.tokens, open))
    }

    /// Puts the outcome behind the call if it has room there, else on a line of its own if that helps.
    fn place_arrow(&mut self) {
        let Some(arrow) = self.arrow() else { return };
        // What a comment separates stays apart.
        if self.tokens[arrow - 1].kind == Kind::Comment {
            return;
        }
        self.breaks[arrow] = false;
        let widths = |lines: &[Line<'_>]| -> Vec<usize> {
            lines.iter().filter(|line| line.first <= arrow && arrow < line.end || line.end == arrow).map(Line::width).collect()
        };
        if widths(&self.lines()).into_iter().all(|width| width <= WIDEST) {
            return;
        }
        self.breaks[arrow] = true;
        let apart = widths(&self.lines());
        let outcome_can_break = self.tokens[arrow..].iter().any(|token| token.kind == Kind::Open);
        let call_fits = apart.first().is_some_and(|&width| width <= WIDEST);
        let helps = apart.iter().all(|&width| width <= WIDEST) || (call_fits && !outcome_can_break);
        self.breaks[arrow] = helps;
    }

    /// Breaks the first line that is too long and can be broken; false when there is none.
    fn break_longest(&mut self) -> bool {
        let long: Vec<(usize, usize)> =
            self.lines().iter().filter(|line| line.width() > WIDEST).map(|line| (line.first, line.end)).collect();
        long.into_iter().any(|(first, end)| self.fill(first, end) || self.explode(first, end))
    }

    /// Breaks the line of the tokens from `first` to `end` behind commas that leave room, if it is a part of a list.
    fn fill(&mut self, first: usize, end: usize) -> bool {
        let indent = self.lines().iter().find(|line| line.first == first).map_or(0, |line| line.indent);
        let mut width = indent + if first == 0 { self.padding } else { 0 };
        // The last comma behind which the line may end, and the width up to it.
        let mut last = None;
        let mut open: Vec<usize> = Vec::new();
        // Whether what follows a break begins in the same column as this line does: both stand in the same bracket.
        let mut is_level = self.depth_at(first) > 0;
        let is_in_bracket = is_level;
        let mut broken = false;
        for at in first..end {
            let token = &self.tokens[at];
            match token.partner {
                Some(close) if close > at => open.push(close),
                Some(_) => is_level &= open.pop().is_some(),
                None => {}
            }
            if !self.is_needless(at) && token.kind != Kind::Comment {
                width += usize::from(at > first && is_apart(self.tokens, at)) + token.text.width();
                width += usize::from(self.lacks_comma(at));
            }
            if width > WIDEST
                && let Some((comma, before)) = last.take()
            {
                self.breaks[comma + 1] = true;
                broken = true;
                if !is_level {
                    return true;
                }
                width = indent + width - before - 1;
            }
            let is_outer = open.iter().all(|&close| close >= end) && (is_in_bracket || !open.is_empty());
            is_level &= !open.iter().any(|&close| close >= end);
            let goes_on =
                at + 1 < end && !self.breaks[at + 1] && !matches!(self.tokens[at + 1].kind, Kind::Comment | Kind::Close);
            if token.kind == Kind::Comma && is_outer && goes_on {
                last = Some((at, width));
            }
        }
        broken
    }

    /// Puts what the widest bracket between `first` and `end` holds on lines of its own.
    fn explode(&mut self, first: usize, end: usize) -> bool {
        let mut outer = Vec::new();
        let mut at = first;
        while at < end {
            match self.tokens[at].partner {
                Some(close) if close > at && close < end => {
                    if close > at + 1 && !self.breaks[at + 1] && self.may_open_lines(at) {
                        outer.push((at, close));
                    }
                    at = close;
                }
                _ => {}
            }
            at += 1;
        }
        // Where the outcome shares the line of its call, it is the part that is broken if the call has room.
        let arrow = self.arrow().filter(|&arrow| first < arrow && arrow < end);
        let last_part: Vec<(usize, usize)> =
            outer.iter().copied().filter(|&(open, _)| arrow.is_none_or(|arrow| open > arrow)).collect();
        let call_fits = arrow.is_some_and(|arrow| self.width_until(arrow) <= WIDEST);
        let choice = if call_fits && !last_part.is_empty() { last_part } else { outer };
        let Some((mut open, mut close)) = choice.into_iter().max_by_key(|&(open, close)| self.text_length(open, close)) else {
            return false;
        };
        // `capset({` and `seccomp(MODE, 0, {`: a record or list that comes last takes the lines instead of what holds it.
        while let Some((inner, inner_close)) = self.last_literal(open, close) {
            (open, close) = (inner, inner_close);
        }
        self.breaks[open + 1] = true;
        self.breaks[close] = true;
        let is_labelled = self.tokens.get(open + 2).is_some_and(|token| token.kind == Kind::Colon);
        if is_labelled && self.tokens[open].text == "{" {
            let mut at = open + 1;
            while at < close {
                if self.tokens[at].kind == Kind::Comma && at + 1 < close {
                    self.breaks[at + 1] = true;
                }
                at = self.tokens[at].partner.filter(|&partner| partner > at).unwrap_or(at) + 1;
            }
        }
        true
    }

    /// The record or list that is the last thing between `open` and `close`, if it is the only one, not empty, and has room to begin.
    fn last_literal(&self, open: usize, close: usize) -> Option<(usize, usize)> {
        let last = close.checked_sub(1).filter(|&last| self.tokens[last].kind == Kind::Close)?;
        let inner = self.tokens[last].partner?;
        let begins = inner == open + 1 || self.tokens[inner - 1].kind == Kind::Comma;
        let alone = !self.tokens[open + 1..inner].iter().any(|token| token.kind == Kind::Open);
        let is_literal = self.tokens[inner].text != "(";
        let may_break = is_literal && self.may_open_lines(inner) && last > inner + 1;
        (begins && alone && may_break && self.width_until(inner + 1) <= WIDEST).then_some((inner, last))
    }

    /// Whether a line may end behind the bracket at `open`: in the head of a block, a `{` there would be taken for the block's own.
    fn may_open_lines(&self, open: usize) -> bool {
        let is_head = self.tokens.last().is_some_and(|last| last.kind == Kind::Brace && last.partner.is_none());
        !(is_head && self.tokens[open].text == "{")
    }

    /// How wide the line is that the token before `end` stands on, up to that token.
    fn width_until(&self, end: usize) -> usize {
        let lines = Layout { tokens: &self.tokens[..end], breaks: self.breaks[..end].to_vec(), ..*self }.lines();
        lines.last().map_or(0, Line::width)
    }

    fn text_length(&self, open: usize, close: usize) -> usize {
        self.tokens[open..close].iter().map(|token| token.text.len()).sum()
    }

    /// How many brackets are open before the token at `at`.
    fn depth_at(&self, at: usize) -> usize {
        self.tokens[..at].iter().filter(|token| token.partner.is_some_and(|close| close >= at)).count()
    }

    /// Where the `->` of the statement stands.
    fn arrow(&self) -> Option<usize> {
        self.tokens.iter().position(|token| token.text == "->" && token.kind == Kind::Operator).filter(|&at| at > 0)
    }
}

/// Where the author broke the lines, as far as a break may stand there.
fn author_breaks(tokens: &[Token<'_>]) -> Vec<bool> {
    let mut breaks: Vec<bool> = tokens.iter().map(|token| token.lines > 0).collect();
    for at in 1..tokens.len() {
        let (before, token) = (tokens[at - 1], tokens[at]);
        if before.kind == Kind::Comment {
            breaks[at] = true;
        } else if token.kind == Kind::Comma && breaks[at] {
            // A comma ends its line instead of beginning the next.
            breaks[at] = false;
            if let Some(next) = breaks.get_mut(at + 1) {
                *next |= tokens[at + 1].kind != Kind::Comment;
            }
        } else if token.kind == Kind::Close && token.partner == Some(at - 1) || before.kind == Kind::Sign {
            breaks[at] = false;
        }
    }
    breaks
}
