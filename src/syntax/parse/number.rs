//! Numbers: integers, versions, durations; and what C or habit writes in their place.

use super::reader::Reader;
use crate::syntax::ast::ExprKind;
use crate::text::Span;

/// Units of time, in nanoseconds.
const UNITS: &[(&str, u64)] = &[("ns", 1), ("us", 1_000), ("ms", 1_000_000), ("s", 1_000_000_000), ("min", 60_000_000_000)];

/// Suffixes of sizes, as in `fallocate(1)`: powers of 1024.
const SIZES: &[(&str, u32)] = &[("K", 10), ("M", 20), ("G", 30)];

/// What is wrong with a number: code, message, help.
type Fault = (&'static str, String, String);

/// The number `text` at `span`; what is none is reported.
pub(super) fn number(reader: &mut Reader<'_>, text: &str, span: Span) -> ExprKind {
    judge(text).unwrap_or_else(|(code, message, help)| {
        reader.error(code, span, message, help);
        ExprKind::Broken
    })
}

fn judge(text: &str) -> Result<ExprKind, Fault> {
    if text.contains('.') {
        return version(text);
    }
    if let Some(digits) = text.strip_prefix("0x").or_else(|| text.strip_prefix("0X")) {
        return based(text, digits, 16);
    }
    if let Some(digits) = text.strip_prefix("0o") {
        return based(text, digits, 8);
    }
    let end = text.bytes().position(|byte| !byte.is_ascii_digit()).unwrap_or(text.len());
    let (digits, suffix) = text.split_at(end);
    if digits.len() > 1 && digits.starts_with('0') {
        return Err(leading_zero(digits, suffix));
    }
    let number = digits.parse::<u64>().map_err(|_| too_large(text))?;
    if suffix.is_empty() {
        return Ok(ExprKind::Integer(number.into()));
    }
    if let Some(&(_, bits)) = SIZES.iter().find(|(name, _)| *name == suffix) {
        let size = i128::from(number) << bits;
        return if size <= i128::from(u64::MAX) { Ok(ExprKind::Integer(size)) } else { Err(too_large(text)) };
    }
    if let Some(&(_, unit)) = UNITS.iter().find(|(name, _)| *name == suffix) {
        let message = format!("`{text}` is longer than 584 years, the longest duration");
        let help = "write a shorter one, such as `10s`".to_owned();
        return number.checked_mul(unit).map(ExprKind::Duration).ok_or(("integer-out-of-range", message, help));
    }
    Err(("bad-number", format!("`{text}` is no number: `{suffix}` is no unit"), meant(digits, suffix)))
}

fn based(text: &str, digits: &str, radix: u32) -> Result<ExprKind, Fault> {
    let (name, example) = if radix == 16 { ("hexadecimal", "0x1f") } else { ("octal", "0o600") };
    if digits.is_empty() || !digits.chars().all(|digit| digit.is_digit(radix)) {
        let help = format!("write it like `{example}`, without a suffix");
        return Err(("bad-number", format!("`{text}` is no {name} number"), help));
    }
    let number = u64::from_str_radix(digits, radix).map_err(|_| too_large(text))?;
    Ok(ExprKind::Integer(number.into()))
}

fn version(text: &str) -> Result<ExprKind, Fault> {
    let parts: Result<Vec<u64>, _> = text.split('.').map(str::parse).collect();
    if let (Ok(parts), true) = (parts, text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.')) {
        return Ok(ExprKind::Version(parts));
    }
    let message = format!("`{text}` is neither a version nor an integer");
    Err(("bad-number", message, decimal(text).unwrap_or_else(|| "a version is written `5.10`".to_owned())))
}

/// `1.5s` in the next smaller unit, which makes it whole.
fn decimal(text: &str) -> Option<String> {
    let unit = text.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.');
    let (whole, part) = text.strip_suffix(unit)?.split_once('.')?;
    let (factor, smaller) = match unit {
        "min" => (60, "s"),
        "s" => (1000, "ms"),
        "ms" => (1000, "us"),
        "us" => (1000, "ns"),
        "G" => (1024, "M"),
        "M" => (1024, "K"),
        _ => return None,
    };
    let scale = 10u64.checked_pow(part.len().try_into().ok()?)?;
    let tenths = whole.parse::<u64>().ok()?.checked_mul(scale)?.checked_add(part.parse().ok()?)?.checked_mul(factor)?;
    Some(format!("there are no decimals; write `{}{smaller}`", tenths / scale))
}

fn leading_zero(digits: &str, suffix: &str) -> Fault {
    let bare = digits.trim_start_matches('0');
    let bare = if bare.is_empty() { "0" } else { bare };
    if !suffix.is_empty() || bare.contains(['8', '9']) {
        let message = format!("`{digits}{suffix}` begins with a 0, which is C's way to write an octal number");
        return ("bad-number", message, format!("write `{bare}{suffix}`"));
    }
    let message = format!("`{digits}` is octal in C and decimal elsewhere");
    let help = if bare == "0" { "write `0`".to_owned() } else { format!("write `0o{bare}`, or `{bare}` for the decimal number") };
    ("bare-octal", message, help)
}

/// What `suffix` most likely stands for.
fn meant(digits: &str, suffix: &str) -> String {
    let folded = suffix.to_ascii_lowercase();
    let unit = match folded.as_str() {
        "k" | "kb" | "kib" => "K",
        "m" if suffix == "m" => return format!("write `{digits}M` for a size, `{digits}min` for minutes"),
        "mb" | "mib" => "M",
        "g" | "gb" | "gib" => "G",
        "u" | "l" | "ul" | "lu" | "ll" | "ull" | "b" => "",
        "sec" | "secs" | "second" | "seconds" => "s",
        "msec" | "millis" => "ms",
        "usec" => "us",
        "nsec" => "ns",
        "mins" | "minute" | "minutes" => "min",
        other if other.starts_with('_') => {
            let plain: String = digits.chars().chain(other.chars()).filter(char::is_ascii_digit).collect();
            return format!("write the digits together: `{plain}`");
        }
        _ => {
            return "an integer is written `10`, `0x1f`, `0o600` or `64K`, a duration `300ms`; names begin with a letter"
                .to_owned();
        }
    };
    format!("write `{digits}{unit}`")
}

fn too_large(text: &str) -> Fault {
    let message = format!("`{text}` is above the greatest integer, 2^64 - 1");
    ("integer-out-of-range", message, "write `18446744073709551615` or less".to_owned())
}
