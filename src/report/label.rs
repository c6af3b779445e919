//! Where the texts of labels go: beside the elbow that points at the place, below it in several lines, or to its left.

use super::excerpt::STAND_IN;
use super::visible::{clean, columns};
use super::{Glyphs, Style, wrap};

/// With fewer columns than this to the right of the elbow, the text goes to its left.
const CRAMPED: usize = 26;
/// The text goes to the left only where it has this many columns.
const ROOMY: usize = 24;

/// Puts `texts` where their stand-ins are in `drawn`, without going over the width where that can be done.
pub(super) fn place_texts(drawn: &str, texts: &[String], style: Style) -> String {
    let mut page = String::with_capacity(drawn.len());
    for line in drawn.lines() {
        for line in place_text(line, texts, style) {
            page.push_str(line.trim_end());
            page.push('\n');
        }
    }
    page
}

fn place_text(line: &str, texts: &[String], style: Style) -> Vec<String> {
    let number = |character: char| (character as usize).checked_sub(STAND_IN as usize).filter(|&at| at < texts.len());
    let Some((at, stand_in)) = line.char_indices().find(|&(_, character)| number(character).is_some()) else {
        return vec![line.to_owned()];
    };
    let (before, after) = (&line[..at], &line[at + stand_in.len_utf8()..]);
    let text = clean(number(stand_in).map_or("", |number| &texts[number]), style.glyphs);
    let room = style.width.saturating_sub(columns(&without_colour(before)));
    let fits = columns(&text) <= room && !text.contains('\n');
    if !fits
        && room < CRAMPED
        && let Some(lines) = to_the_left(before, after, &text, style)
    {
        return lines;
    }
    let below = blank_elbow(before, style.glyphs);
    let rows = wrap(&text, room.max(CRAMPED / 2));
    let row = |(row, text): (usize, &String)| format!("{}{text}{after}", if row == 0 { before } else { &below });
    rows.iter().enumerate().map(row).collect()
}

/// The text to the left of its elbow, behind whatever else is drawn there, if there is room.
fn to_the_left(before: &str, after: &str, text: &str, style: Style) -> Option<Vec<String>> {
    let (elbow, corner, bar, frame) = match style.glyphs {
        Glyphs::Unicode => ('╰', '╯', "──", '·'),
        Glyphs::Ascii => ('`', '\'', "--", ':'),
    };
    let plain = without_colour(before);
    let frame_end = plain.find(frame)? + frame.len_utf8();
    let elbow_at = plain.rfind(elbow)?;
    let drawn_end = plain.get(..elbow_at)?.trim_end().len().max(frame_end);
    let head_width = columns(&plain[..drawn_end]) + 1;
    let room = columns(&plain[..elbow_at]).checked_sub(head_width + 3)?;
    let rows = wrap(text, room);
    let widest = rows.iter().map(|row| columns(row)).max()?;
    if room < ROOMY && rows.len() > 1 {
        return None;
    }
    let head = beginning(before, head_width);
    let pad = " ".repeat(room - widest.min(room));
    let colour = colour_before(before, elbow);
    let row = |(number, row): (usize, &String)| {
        let tail = format!("{} {bar}{corner}", " ".repeat(widest - columns(row)));
        format!("{head}{pad}{colour}{row}{}{after}", if number == 0 { &tail } else { "" })
    };
    Some(rows.iter().enumerate().map(row).collect())
}

/// The first `width` columns of `drawn`, with the escape sequences among them.
fn beginning(drawn: &str, width: usize) -> String {
    let (mut kept, mut inside, mut column) = (String::new(), false, 0);
    for character in drawn.chars() {
        if inside || character == '\x1b' {
            inside = character != 'm';
        } else if column == width {
            break;
        } else {
            column += 1;
        }
        kept.push(character);
    }
    kept
}

/// `before` with blanks in place of its elbow, so that a further line of text lines up.
fn blank_elbow(before: &str, glyphs: Glyphs) -> String {
    let drawn: &[char] = match glyphs {
        Glyphs::Unicode => &['╰', '─'],
        Glyphs::Ascii => &['`', '-'],
    };
    let Some(elbow) = before.rfind(drawn[0]) else { return before.to_owned() };
    let tail = before[elbow..].replace(drawn, " ");
    format!("{}{tail}", &before[..elbow])
}

/// The escape sequence that colours what is drawn at the last `elbow`.
fn colour_before(before: &str, elbow: char) -> &str {
    let upto = before.rfind(elbow).map_or(before, |at| &before[..at]);
    upto.rfind('\x1b').map_or("", |at| &upto[at..])
}

/// `text` without escape sequences for colour.
fn without_colour(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut inside = false;
    for character in text.chars() {
        match character {
            '\x1b' => inside = true,
            'm' if inside => inside = false,
            _ if inside => {}
            _ => plain.push(character),
        }
    }
    plain
}
