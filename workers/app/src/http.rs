//! Requests and responses as values. The edge turns them from and to the runtime's.

mod shape;

use std::borrow::Cow;

use domain::shared::{
    multipart,
    refusal::{Kind, Refusal},
};
use serde::{Serialize, de::DeserializeOwned};

use crate::error::Fault;

/// The largest body that is read into memory, bytes. Import files are the largest.
pub const MAX_BODY: usize = 5 * 1024 * 1024;
/// The longest query string, bytes.
pub const MAX_QUERY: usize = 4 * 1024;

/// Fields of a form: names and values.
pub type Fields = Vec<(String, String)>;
/// A file of a form: its name as its sender calls it, and its bytes.
pub type Sent<'a> = (String, &'a [u8]);

/// A method the service answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Method {
    /// Read. HEAD is answered as GET without a body.
    Get,
    /// Act.
    Post,
    /// Replace.
    Put,
    /// Remove.
    Delete,
}

impl Method {
    /// The name on the wire.
    pub const fn name(self) -> &'static str {
        match self {
            Method::Get => "GET",
            Method::Post => "POST",
            Method::Put => "PUT",
            Method::Delete => "DELETE",
        }
    }

    /// From the name on the wire; HEAD counts as GET.
    pub fn parse(name: &str) -> Option<Method> {
        match name {
            "GET" | "HEAD" => Some(Method::Get),
            "POST" => Some(Method::Post),
            "PUT" => Some(Method::Put),
            "DELETE" => Some(Method::Delete),
            _ => None,
        }
    }
}

/// A request, read by the edge.
#[derive(Debug, Clone)]
pub struct Request {
    /// Name of the method as it came.
    pub method: String,
    /// Path as it came, percent-encoded: `/kk/vacancies`.
    pub path: String,
    /// Query as it came, without `?`.
    pub query: String,
    /// Headers: names in lower case.
    pub headers: Vec<(String, String)>,
    /// The body. The edge refuses bodies over [`MAX_BODY`] before it reads them whole; those that
    /// [`crate::file::streams`] names it does not read at all.
    pub body: Vec<u8>,
    /// Address of the client as the runtime tells it; used for limits only, never stored.
    pub client: String,
}

impl Request {
    /// The first header of a name (given in lower case).
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(have, _)| have == name).map(|(_, value)| value.as_str())
    }

    /// A cookie.
    pub fn cookie(&self, name: &str) -> Option<&str> {
        self.header("cookie")?
            .split(';')
            .filter_map(|pair| pair.trim().split_once('='))
            .find(|(have, _)| *have == name)
            .map(|(_, value)| value)
    }

    /// The query, decoded: names and values. Broken UTF-8 becomes U+FFFD and matches nothing.
    pub fn query_pairs(&self) -> Vec<(String, String)> {
        pairs(&self.query)
    }

    /// Whether the query, decoded, is UTF-8.
    pub fn query_is_text(&self) -> bool {
        std::str::from_utf8(&decoded(&self.query, true)).is_ok()
    }

    /// The fields of a form post.
    pub fn form(&self) -> Result<Vec<(String, String)>, Refusal> {
        let kind = self.header("content-type").unwrap_or_default();
        if !kind.starts_with("application/x-www-form-urlencoded") {
            return Err(Refusal::new(Kind::MediaType, "media_type"));
        }
        let text = std::str::from_utf8(&self.body)
            .map_err(|_| Refusal::new(Kind::Malformed, "malformed_text"))?;
        Ok(pairs(text))
    }

    /// The fields of a form post that may carry a file, and the file of a field: its name and its
    /// bytes, if one was chosen.
    pub fn form_with_file(&self, field: &str) -> Result<(Fields, Option<Sent<'_>>), Refusal> {
        let kind = self.header("content-type").unwrap_or_default();
        if !kind.starts_with("multipart/form-data") {
            return Ok((self.form()?, None));
        }
        let malformed = || Refusal::new(Kind::Malformed, "malformed_text");
        let (mut fields, mut sent) = (Vec::new(), None);
        for part in multipart::parts(kind, &self.body).ok_or_else(malformed)? {
            match part.file {
                Some(name) if part.name == field && !part.body.is_empty() => {
                    sent = Some((name, part.body));
                }
                Some(_) => {}
                None => {
                    let value = std::str::from_utf8(part.body).map_err(|_| malformed())?;
                    fields.push((part.name, value.to_owned()));
                }
            }
        }
        Ok((fields, sent))
    }

    /// The body as JSON. What is no JSON is refused with the place of the error (400), what says
    /// something else than was asked with the field (422).
    pub fn json<T: DeserializeOwned>(&self) -> Result<T, Refusal> {
        let kind = self.header("content-type").unwrap_or_default();
        if !kind.starts_with("application/json") {
            return Err(Refusal::new(Kind::MediaType, "media_type"));
        }
        serde_json::from_slice(&self.body).map_err(|error| {
            let again = |bytes: &[u8]| serde_json::from_slice::<T>(bytes).err();
            shape::refusal(&self.body, &error, &again)
        })
    }
}

/// Decodes `a=1&b=2`.
pub fn pairs(text: &str) -> Vec<(String, String)> {
    text.split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            (decode(name, true), decode(value, true))
        })
        .collect()
}

/// Percent-decodes; `plus` turns `+` into a space, as forms do.
pub fn decode(text: &str, plus: bool) -> String {
    String::from_utf8_lossy(&decoded(text, plus)).into_owned()
}

fn decoded(text: &str, plus: bool) -> Vec<u8> {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        let hex = |place: usize| bytes.get(place).and_then(|b| char::from(*b).to_digit(16));
        match (byte, hex(at + 1), hex(at + 2)) {
            (b'%', Some(high), Some(low)) => {
                out.push((high * 16 + low) as u8);
                at += 2;
            }
            (b'+', ..) if plus => out.push(b' '),
            _ => out.push(byte),
        }
        at += 1;
    }
    out
}

/// Percent-encodes a value for a query or a path segment.
pub fn encode(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

/// Work that the edge does after the answer has gone out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum After {
    /// Hand the outbox to its consumers.
    DrainOutbox,
    /// Count a view of a vacancy: no personal data, only day, language and kind of source.
    CountView {
        /// Identifier of the vacancy.
        vacancy: String,
        /// Language of the page.
        lang: &'static str,
        /// `search`, `site`, `direct` or `social`.
        source: &'static str,
    },
}

/// How a response may be kept by caches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Caching {
    /// Never: personal or changing pages.
    Private,
    /// By everybody for some seconds; a corrected vacancy must be visible within 60 s.
    Public(u32),
    /// For ever: the address changes with the content.
    Immutable,
}

/// A piece of an object of the store that the edge streams as the body of an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece {
    /// Name of the object.
    pub object: String,
    /// First byte.
    pub from: i64,
    /// Bytes.
    pub length: i64,
}

/// A response.
#[derive(Debug, Clone)]
pub struct Response {
    /// HTTP status.
    pub status: u16,
    /// Headers beside those that every answer has.
    pub headers: Vec<(&'static str, Cow<'static, str>)>,
    /// The body.
    pub body: Vec<u8>,
    /// The body where it lies in the store; `body` is empty then.
    pub piece: Option<Piece>,
    /// Caching.
    pub caching: Caching,
    /// What is left to do.
    pub after: Vec<After>,
}

impl Response {
    /// A response of a status with a type and a body.
    pub fn new(status: u16, kind: &'static str, body: impl Into<Vec<u8>>) -> Response {
        Response {
            status,
            headers: vec![("content-type", kind.into())],
            body: body.into(),
            piece: None,
            caching: Caching::Private,
            after: Vec::new(),
        }
    }

    /// A page.
    pub fn html(body: impl Into<Vec<u8>>) -> Response {
        Response::new(200, "text/html; charset=utf-8", body)
    }

    /// A value as JSON.
    pub fn json<T: Serialize>(value: &T) -> Result<Response, Fault> {
        let body = serde_json::to_vec(value).map_err(|e| Fault::new(format!("to json: {e}")))?;
        Ok(Response::new(200, "application/json", body))
    }

    /// Done, nothing to say.
    pub fn empty() -> Response {
        Response { headers: Vec::new(), ..Response::new(204, "", Vec::new()) }
    }

    /// Go there. `status` is 301, 302 or 303.
    pub fn redirect(status: u16, to: impl Into<String>) -> Response {
        Response {
            headers: vec![("location", Cow::Owned(to.into()))],
            ..Response::new(status, "", Vec::new())
        }
    }

    /// With another status.
    #[must_use]
    pub fn status(mut self, status: u16) -> Response {
        self.status = status;
        self
    }

    /// With a header more.
    #[must_use]
    pub fn header(mut self, name: &'static str, value: impl Into<Cow<'static, str>>) -> Response {
        self.headers.push((name, value.into()));
        self
    }

    /// With a caching rule.
    #[must_use]
    pub fn cached(mut self, caching: Caching) -> Response {
        self.caching = caching;
        self
    }

    /// With work for after the answer.
    #[must_use]
    pub fn then(mut self, after: After) -> Response {
        self.after.push(after);
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn queries_are_decoded_and_broken_ones_do_no_harm() {
        assert_eq!(
            pairs("q=%D2%9B%D0%B0%D0%BB%D0%B0+1&x&=y&z=%FF%"),
            [("q", "қала 1"), ("x", ""), ("", "y"), ("z", "\u{fffd}%")]
                .map(|(a, b)| (a.to_owned(), b.to_owned()))
        );
        assert_eq!(decode(&encode("қала & b/ü"), false), "қала & b/ü");
    }
}
