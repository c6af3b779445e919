//! Tables of the kernel: a line of column names, and a line a row; pure.

use crate::value::Value;

/// Columns that the kernel prints in octal: the modes in `/proc/sysvipc`.
const OCTAL: &[&str] = &["perms"];

/// The rows as records. A row with fewer words than columns lacks the last ones; words beyond the last column belong to it.
pub fn parse(text: &[u8]) -> Value {
    let text = String::from_utf8_lossy(text);
    let mut lines = text.lines();
    let header: Vec<&str> = lines.next().unwrap_or_default().trim_start_matches('#').split_whitespace().collect();
    let rows = lines.filter(|line| !line.trim().is_empty()).map(|line| Value::Record(row(&header, line)));
    Value::List(rows.collect())
}

fn row(header: &[&str], line: &str) -> Vec<(String, Value)> {
    let mut words = line.split_whitespace();
    let mut fields: Vec<(String, Value)> = Vec::with_capacity(header.len());
    for (place, &column) in header.iter().enumerate() {
        let Some(word) = words.next() else { break };
        let cell = if place + 1 < header.len() {
            word.to_owned()
        } else {
            // The last column takes what is left: a command, a name with blanks.
            std::iter::once(word).chain(words.by_ref()).collect::<Vec<_>>().join(" ")
        };
        fields.push((column.to_owned(), value(column, &cell)));
    }
    fields
}

fn value(column: &str, cell: &str) -> Value {
    let octal = OCTAL.contains(&column).then(|| i128::from_str_radix(cell, 8).ok()).flatten();
    octal.or_else(|| decimal(cell)).map_or_else(|| Value::text(cell), Value::Int)
}

/// A number as the kernel prints it in decimal; one with leading zeros is an address or hexadecimal, and no number.
fn decimal(cell: &str) -> Option<i128> {
    let number: i128 = cell.parse().ok()?;
    (number.to_string() == cell).then_some(number)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(text: &str) -> Vec<Value> {
        match parse(text.as_bytes()) {
            Value::List(rows) => rows,
            other => panic!("no list: {other:?}"),
        }
    }

    #[test]
    fn semaphores_have_keys_in_decimal_and_modes_in_octal() {
        let rows = rows(concat!(
            "       key      semid perms      nsems   uid   gid  cuid  cgid      otime      ctime\n",
            "     74565          0   600          1     0     0     0     0          0 1700000000\n",
            "-559038737      32769  1640          2     0     0     0     0          0 1700000000\n",
        ));
        assert_eq!(rows.len(), 2);
        assert_eq!(rows[0].field("key"), Some(&Value::Int(0x12345)));
        assert_eq!(rows[0].field("perms"), Some(&Value::Int(0o600)));
        assert_eq!(rows[1].field("key"), Some(&Value::Int(-559_038_737)));
        assert_eq!(rows[1].field("perms"), Some(&Value::Int(0o1640)));
        assert_eq!(rows[1].field("nsems"), Some(&Value::Int(2)));
        assert_eq!(rows[1].field("ctime"), Some(&Value::Int(1_700_000_000)));
    }

    #[test]
    fn a_header_alone_is_an_empty_table() {
        assert_eq!(rows("       key      semid perms\n"), []);
        assert_eq!(rows(""), []);
    }

    #[test]
    fn rows_may_be_longer_or_shorter_than_the_header() {
        let rows = rows("#Name Id Comment\none 1 more words here\n\ntwo\n");
        assert_eq!(
            rows[0],
            Value::record([("Name", Value::text("one")), ("Id", Value::Int(1)), ("Comment", Value::text("more words here"))])
        );
        assert_eq!(rows[1], Value::record([("Name", Value::text("two"))]));
    }

    #[test]
    fn what_is_no_plain_decimal_stays_text() {
        let rows = rows("Num Flags St\n0000: 00010000 01\n");
        assert_eq!(rows[0].field("Flags"), Some(&Value::text("00010000")));
        assert_eq!(rows[0].field("St"), Some(&Value::text("01")));
    }
}
