//! `"1h30m"` → milliseconds, at compile time.

use syn::LitStr;

use crate::tokens::quote_here;

const UNITS: [(&str, u64); 6] =
    [("ms", 1), ("s", 1_000), ("m", 60_000), ("h", 3_600_000), ("d", 86_400_000), ("w", 604_800_000)];

/// A length of time, in whole milliseconds, more than none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Millis(pub(crate) u64);

impl Millis {
    pub(crate) const fn days(days: u64) -> Self {
        Self(days * 86_400_000)
    }

    /// Reads a sum of numbers with units.
    pub(crate) fn parse(literal: &LitStr) -> syn::Result<Self> {
        read(&literal.value()).map(Self).map_err(|message| syn::Error::new(literal.span(), message))
    }
}

impl quote::ToTokens for Millis {
    fn to_tokens(&self, tokens: &mut proc_macro2::TokenStream) {
        let millis = self.0;
        tokens.extend(quote_here!(__private::core::time::Duration::from_millis(#millis)));
    }
}

fn read(text: &str) -> Result<u64, String> {
    let mut rest = text;
    let mut sum = 0u64;
    while !rest.is_empty() {
        let digits = rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        let (number, tail) = rest.split_at(digits);
        let letters = tail.find(|c: char| c.is_ascii_digit()).unwrap_or(tail.len());
        let (unit, tail) = tail.split_at(letters);
        sum = term(text, number, unit).and_then(|term| sum.checked_add(term).ok_or_else(|| too_long(text)))?;
        rest = tail;
    }
    if sum == 0 {
        return Err(format!("`\"{text}\"` is no time at all: write a number and a unit, as in `\"30m\"`"));
    }
    Ok(sum)
}

fn term(text: &str, number: &str, unit: &str) -> Result<u64, String> {
    let shape = "write whole numbers with a unit (ms, s, m, h, d or w), as in `\"30m\"` or `\"1h30m\"`";
    let known = UNITS.iter().find(|(name, _)| *name == unit);
    match (number, known, meant(unit)) {
        ("", ..) => Err(format!("`{text}` is not a duration: {shape}")),
        (_, Some((_, millis)), _) => {
            number.parse::<u64>().ok().and_then(|n| n.checked_mul(*millis)).ok_or_else(|| too_long(text))
        }
        (_, None, _) if unit.is_empty() => {
            Err(format!("`{number}` has no unit: write `\"{number}m\"` for minutes (ms, s, m, h, d or w)"))
        }
        (_, None, Some(short)) => {
            Err(format!("`{number}{unit}` is not how a time is written here: write `\"{number}{short}\"`"))
        }
        (_, None, None) if unit.trim().chars().all(char::is_alphabetic) => {
            Err(format!("`{}` is not a unit of time: {shape}", unit.trim()))
        }
        (_, None, None) => Err(format!("`{text}` is not a duration: {shape}")),
    }
}

/// The unit that another spelling means.
fn meant(unit: &str) -> Option<&'static str> {
    match unit.trim().to_lowercase().as_str() {
        "ms" | "millis" | "milliseconds" => Some("ms"),
        "s" | "sec" | "secs" | "second" | "seconds" => Some("s"),
        "m" | "min" | "mins" | "minute" | "minutes" => Some("m"),
        "h" | "hr" | "hrs" | "hour" | "hours" => Some("h"),
        "d" | "day" | "days" => Some("d"),
        "w" | "week" | "weeks" => Some("w"),
        _ => None,
    }
}

fn too_long(text: &str) -> String {
    format!("`{text}` is longer than any session can live: write `\"400d\"` or less")
}

#[cfg(test)]
mod tests {
    use super::read;

    #[test]
    fn reads_sums() {
        assert_eq!(read("250ms"), Ok(250));
        assert_eq!(read("30m"), Ok(1_800_000));
        assert_eq!(read("1h30m"), Ok(5_400_000));
        assert_eq!(read("2w"), Ok(1_209_600_000));
    }

    #[test]
    fn says_what_to_write() {
        for (written, meant) in
            [("10min", "10m"), ("30 m", "30m"), ("2 Hours", "2h"), ("30", "30m"), ("9w9999999999999999w", "400d")]
        {
            let message = read(written).expect_err("no duration");
            assert!(message.contains(&format!("write `\"{meant}\"`")), "{message}");
        }
    }

    #[test]
    fn refuses_junk() {
        for text in [
            "",
            "0s",
            "30",
            "m",
            "30 m",
            "-5m",
            "1.5h",
            "30min",
            "10 parsecs",
            "1h30",
            "99999999999999999999s",
            "18446744073709551615w",
        ] {
            assert!(read(text).is_err(), "{text}");
        }
    }
}
