//! What a client reads that is turned away: a page, a problem (RFC 9457) or a line of text. Nothing in it tells of the inside.

use std::fmt::Write as _;

use http::{HeaderValue, Response, StatusCode, header};

use crate::accept::Format;
use crate::bearer::Scheme;
use crate::fields::{Fields, Name};
use crate::rejection::{Reason, Rejection};

impl Rejection {
    /// The response, for adapters: the [`status`](Self::status), the `Location` where there is one, and a body in the format that
    /// the client [`prefers`](Self::prefers).
    ///
    /// ```
    /// use session_runtime::{Reason, Rejection};
    ///
    /// let response = Rejection::from(Reason::Missing("user_id")).response();
    /// assert_eq!((response.status().as_u16(), response.body().as_str()), (401, "sign in first"));
    /// assert_eq!(response.headers()["www-authenticate"], "Cookie");
    /// ```
    pub fn response(&self) -> Response<String> {
        let (status, text) = (self.status(), self.public_text());
        let words = Words { status, text: &text, location: self.location.as_deref() };
        let (kind, body) = words.written(self.prefers());
        let mut response = Response::new(body);
        *response.status_mut() = status;
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
        if let Some(location) = self.location.as_deref().and_then(|location| HeaderValue::try_from(location).ok()) {
            headers.insert(header::LOCATION, location);
        }
        self.complete(status.as_u16(), headers);
        response
    }

    /// What HTTP asks for, whoever made the response.
    ///
    /// Every 401 must say how to authenticate (RFC 9110, section 15.5.2), and to a bearer every 403 too (RFC 6750, section 3).
    pub(crate) fn complete(&self, status: u16, fields: &mut impl Fields) {
        fields.vary_by("Accept");
        if let Some(challenge) = self.challenge(status).filter(|_| fields.value(Name::WwwAuthenticate).is_none()) {
            fields.append(Name::WwwAuthenticate, challenge);
        }
    }

    fn challenge(&self, status: u16) -> Option<String> {
        let (scheme, error) = self.scheme.challenge(status)?;
        let form = self.redirect.filter(|_| self.scheme == Scheme::Cookie);
        let parameters = [("realm", self.realm), ("form-action", form), ("error", error)];
        let said = parameters.into_iter().filter_map(|(name, value)| Some(format!("{name}={}", quoted(value?))));
        Some(format!("{scheme} {}", said.collect::<Vec<_>>().join(", ")).trim_end().to_owned())
    }

    /// What a client may know of it.
    fn public_text(&self) -> String {
        match &self.reason {
            Reason::Missing(_) => "sign in first".into(),
            Reason::Mismatch(_) => "not allowed".into(),
            Reason::Failed(error) => error.public_text(),
        }
    }
}

/// What a body says.
struct Words<'a> {
    status: StatusCode,
    /// In lower case, without a full stop.
    text: &'a str,
    /// Where a browser is sent.
    location: Option<&'a str>,
}

impl Words<'_> {
    /// The body in a format, with its content type first.
    fn written(&self, format: Format) -> (&'static str, String) {
        match format {
            Format::Html => ("text/html; charset=utf-8", self.page()),
            Format::Json => ("application/problem+json", self.problem()),
            Format::Text => ("text/plain; charset=utf-8", self.text.to_owned()),
        }
    }

    fn page(&self) -> String {
        let title = escaped_html(&capitalised(self.text));
        let more = match self.location {
            Some(location) => format!("<a href=\"{}\">Go on to sign in</a>", escaped_html(location)),
            None => self.status.to_string(),
        };
        format!(
            "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>{title}</title>\n</head>\n\
             <body>\n<main>\n<h1>{title}</h1>\n<p>{more}</p>\n</main>\n</body>\n</html>\n"
        )
    }

    fn problem(&self) -> String {
        let (code, title) = (self.status.as_u16(), self.status.canonical_reason().unwrap_or_default());
        let detail = escaped_json(self.text);
        format!("{{\"type\":\"about:blank\",\"title\":\"{title}\",\"status\":{code},\"detail\":\"{detail}\"}}")
    }
}

/// A quoted string (RFC 9110, section 5.6.4).
fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

fn capitalised(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().into_iter().flat_map(char::to_uppercase).chain(chars).collect()
}

fn escaped_html(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            _ => out.push(c),
        }
    }
    out
}

fn escaped_json(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            // Writing to a `String` cannot fail.
            c if c.is_control() => drop(write!(out, "\\u{:04x}", u32::from(c))),
            _ => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOSTILE: Words<'_> = Words {
        status: StatusCode::UNAUTHORIZED,
        text: "\"><script>alert('1 & 2')</script>\\\n\u{0}",
        location: Some("/login?next=\"><script>"),
    };

    #[test]
    fn nothing_gets_out_of_a_page() {
        let (kind, page) = HOSTILE.written(Format::Html);
        assert_eq!(kind, "text/html; charset=utf-8");
        assert!(!page.contains("<script") && !page.contains("=\"\"") && !page.contains("'"), "{page}");
        assert!(page.contains("&quot;&gt;&lt;script&gt;alert(&#39;1 &amp; 2&#39;)"), "{page}");
        assert!(page.contains("<a href=\"/login?next=&quot;&gt;&lt;script&gt;\">"), "{page}");
    }

    #[test]
    fn nothing_gets_out_of_a_problem() {
        let (kind, problem) = HOSTILE.written(Format::Json);
        assert_eq!(kind, "application/problem+json");
        let detail = r#""detail":"\"><script>alert('1 & 2')</script>\\\u000a\u0000"}"#;
        assert!(problem.ends_with(detail), "{problem}");
    }
}
