//! What kind of answer a client would rather have: its `Accept` header fields, by RFC 9110, section 12.5.1. Pure.
//!
//! 1. Each media range is read with its weight; what cannot be read is left out.
//! 2. Each format's wish is the weight of the most specific range that covers it: `text/html` before `text/html;level=1`, which
//!    is some other page, before `text/*`, before `*/*`.
//! 3. The heavier wish wins, then the more specific one, then the one that was named first, as in most frameworks.

use std::cmp::Reverse;

use http::{HeaderMap, HeaderValue, header};

/// What kind of answer a client would rather have.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Format {
    /// A page: what browsers ask for where a person looks at it.
    Html,
    /// `application/json`, `application/problem+json` or anything else whose name ends with `+json`.
    Json,
    /// Plain text: also for who takes anything (`*/*`), says nothing, or takes none of these.
    #[default]
    Text,
}

/// How much a client wants each format.
pub(crate) struct Wishes {
    html: Wish,
    json: Wish,
    text: Wish,
}

/// The order of the fields is the order in which they count.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Wish {
    thousandths: u16,
    named: Named,
    place: Reverse<usize>,
}

/// How exactly a format was named.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Named {
    Not,
    ByAny,
    ByType,
    WithParameters,
    Itself,
}

impl Wishes {
    /// What the header fields of a request say.
    pub(crate) fn of(headers: &HeaderMap) -> Self {
        let fields = headers.get_all(header::ACCEPT).iter().filter_map(|field: &HeaderValue| field.to_str().ok());
        let ranges: Vec<_> = fields.flat_map(|field| unquoted(field, ',')).filter_map(Range::read).collect();
        Self {
            html: Wish::among(&ranges, |range| range.names("text", |subtype| subtype.eq_ignore_ascii_case("html"))),
            json: Wish::among(&ranges, |range| range.names("application", is_json)),
            text: Wish::among(&ranges, |range| range.names("text", |subtype| subtype.eq_ignore_ascii_case("plain"))),
        }
    }

    /// The format that is wanted most.
    pub(crate) fn format(&self) -> Format {
        // Where nothing tells them apart, as in `*/*`, the last one is the greatest.
        let wishes = [(Format::Html, self.html), (Format::Json, self.json), (Format::Text, self.text)];
        let most = wishes.into_iter().filter(|(_, wish)| wish.thousandths > 0).max_by_key(|(_, wish)| *wish);
        most.map_or(Format::Text, |(format, _)| format)
    }

    /// Is a page asked for by its name, and not less than JSON? Scripts that take anything do not name it.
    pub(crate) fn is_for_a_page(&self) -> bool {
        self.html.thousandths > 0 && self.html.named >= Named::WithParameters && self.html > self.json
    }
}

impl Wish {
    fn among(ranges: &[Range<'_>], named: impl Fn(&Range<'_>) -> Named) -> Self {
        let wishes = ranges.iter().enumerate().map(|(place, range)| Self {
            thousandths: range.thousandths,
            named: named(range),
            place: Reverse(place),
        });
        let most_specific = wishes.filter(|wish| wish.named != Named::Not).max_by_key(|wish| (wish.named, *wish));
        most_specific.unwrap_or(Self { thousandths: 0, named: Named::Not, place: Reverse(usize::MAX) })
    }
}

/// One media range: `text/*;q=0.8`.
struct Range<'a> {
    kind: &'a str,
    subtype: &'a str,
    has_parameters: bool,
    thousandths: u16,
}

impl<'a> Range<'a> {
    fn read(text: &'a str) -> Option<Self> {
        let mut parts = unquoted(text, ';').map(trimmed);
        let (kind, subtype) = parts.next()?.split_once('/')?;
        let mut range = Self { kind, subtype, has_parameters: false, thousandths: 1000 };
        for part in parts.filter(|part| !part.is_empty()) {
            match part.split_once('=') {
                Some((name, weight)) if trimmed(name).eq_ignore_ascii_case("q") => {
                    range.thousandths = thousandths(trimmed(weight))?;
                }
                _ => range.has_parameters = true,
            }
        }
        Some(range)
    }

    fn names(&self, kind: &str, is_subtype: impl Fn(&str) -> bool) -> Named {
        match (self.kind, self.subtype) {
            ("*", "*") => Named::ByAny,
            (own, "*") if own.eq_ignore_ascii_case(kind) => Named::ByType,
            (own, subtype) if own.eq_ignore_ascii_case(kind) && is_subtype(subtype) => {
                if self.has_parameters {
                    Named::WithParameters
                } else {
                    Named::Itself
                }
            }
            _ => Named::Not,
        }
    }
}

fn is_json(subtype: &str) -> bool {
    let ending = subtype.rsplit('+').next().unwrap_or_default();
    ending.eq_ignore_ascii_case("json")
}

/// `0`, `1`, or up to three digits after a point. Java leaves the nought before the point out.
fn thousandths(weight: &str) -> Option<u16> {
    let (whole, digits) = weight.split_once('.').unwrap_or((weight, ""));
    if digits.len() > 3 || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let part: u16 = format!("{digits:0<3}").parse().ok()?;
    match (whole, part) {
        ("0", _) => Some(part),
        ("", _) if !digits.is_empty() => Some(part),
        ("1", 0) => Some(1000),
        _ => None,
    }
}

/// The parts between separators that stand outside of quotes.
fn unquoted(text: &str, separator: char) -> impl Iterator<Item = &str> {
    let (mut quoted, mut escaped) = (false, false);
    text.split(move |c| {
        let is_escaped = escaped;
        escaped = quoted && !is_escaped && c == '\\';
        quoted ^= c == '"' && !is_escaped;
        c == separator && !quoted
    })
}

fn trimmed(text: &str) -> &str {
    text.trim_matches([' ', '\t'])
}

#[cfg(test)]
mod tests {
    use super::Format::{Html, Json, Text};
    use super::*;

    fn wishes(fields: &[&str]) -> Wishes {
        let mut headers = HeaderMap::new();
        for field in fields {
            headers.append(header::ACCEPT, HeaderValue::from_bytes(field.as_bytes()).expect("a header value"));
        }
        Wishes::of(&headers)
    }

    /// What clients send, and what they get: the format, and whether a browser would be sent to sign in.
    #[test]
    fn each_client_gets_what_it_asks_for() {
        let firefox = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";
        let chromium = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,image/apng,*/*;q=0.8,\
                        application/signed-exchange;v=b3;q=0.7";
        let java = "text/html, image/gif, image/jpeg, *; q=.2, */*; q=.2";
        let cases: [(&[&str], Format, bool); 52] = [
            // Who says nothing, or takes anything.
            (&[], Text, false),
            (&[""], Text, false),
            (&["*/*"], Text, false),
            (&["*/*;q=0.1"], Text, false),
            (&["image/avif,image/webp,image/apng,image/svg+xml,image/*,*/*;q=0.8"], Text, false),
            (&["image/png"], Text, false),
            // Browsers and libraries.
            (&[firefox], Html, true),
            (&[chromium], Html, true),
            (&[java], Html, true),
            (&["text/html, text/plain, text/css, */*;q=0.01"], Html, true),
            (&["application/json, text/plain, */*"], Json, false),
            (&["application/json, text/javascript, */*; q=0.01"], Json, false),
            // The names of JSON.
            (&["application/json"], Json, false),
            (&["application/problem+json"], Json, false),
            (&["application/vnd.api+json"], Json, false),
            (&["APPLICATION/LD+JSON"], Json, false),
            (&["application/json;version=2"], Json, false),
            (&["application/*"], Json, false),
            (&["application/jsonp"], Text, false),
            (&["image/json"], Text, false),
            // Weights.
            (&["text/html;q=0.5, application/json"], Json, false),
            (&["text/html, application/json;q=0.5"], Html, true),
            (&["application/json;q=0.899, text/html;q=0.9"], Html, true),
            (&["text/html;q=0.9, text/plain"], Text, true),
            (&["text/html;q=.2, application/json;q=0.1"], Html, true),
            (&["text/html;q=1.000, application/json;q=0.999"], Html, true),
            (&["text/html;q=0"], Text, false),
            (&["text/html;q=0.000, */*"], Text, false),
            (&["text/plain;q=0, text/html;q=0, */*"], Json, false),
            (&["text/html;q=0, application/json;q=0"], Text, false),
            // At the same weight: the more specific, then the first.
            (&["*/*, text/html"], Html, true),
            (&["text/*, application/json"], Json, false),
            (&["text/html, application/json"], Html, true),
            (&["application/json, text/html"], Json, false),
            // The most specific range speaks for a format, wherever it stands.
            (&["text/*;q=0.9, text/html;q=0.1, application/json;q=0.5"], Text, false),
            (&["text/html;q=0.2, text/html;level=1;q=0.9, application/json;q=0.5"], Json, false),
            (&["*/*, application/*;q=0.1, text/*;q=0.2"], Text, false),
            (&["text/html;level=1"], Html, true),
            (&["text/*"], Text, false),
            // Case, blanks, several fields.
            (&["TEXT/HTML ; Q=0.9 , application/JSON;q=0.8"], Html, true),
            (&["text/html;Q=0.7, application/json;Q=0.8"], Json, false),
            (&["text/html\t;\tq=0.5\t,\tapplication/json"], Json, false),
            (&["application/json;q=0.5", "text/html"], Html, true),
            (&["text/html;q=0.5", "", "application/json"], Json, false),
            // What cannot be read is left out.
            (&["garbage"], Text, false),
            (&[",,;;==, text/html;q=0.4,"], Html, true),
            (&["text/html;q=2, application/json;q=0.1"], Json, false),
            (&["text/html;q=0.1234, text/html;q=-1, text/html;q=, text/html;q=NaN, text/html;q=."], Text, false),
            (&["text/html/plain, text /html, /html, text/, html"], Text, false),
            (&["text/html\u{e9}"], Text, false),
            // A quoted comma or semicolon separates nothing.
            (&["text/plain;note=\"a, application/json; \\\" text/html\";q=0.3, text/html;q=0.2"], Text, true),
            (&["text/html;q=0.1;note=\"; q=0.9\", application/json;q=0.5"], Json, false),
        ];
        for (fields, format, page) in cases {
            let wishes = wishes(fields);
            assert_eq!((wishes.format(), wishes.is_for_a_page()), (format, page), "{fields:?}");
        }
    }

    #[test]
    fn no_accept_is_too_much() {
        let long = "text/html;q=0.1,".repeat(100_000);
        assert_eq!(wishes(&[&long]).format(), Html);
        let quotes = "\"\\".repeat(100_000);
        assert_eq!(wishes(&[&quotes]).format(), Text);
    }
}
