//! JSON, as much of it as the cabinet needs. serde makes a reader and a writer anew for every
//! type, with ways of reading that never occur here; together they were a third of the program.
//! Here the text is read once, by one piece of code, and the types take their fields out of it.
//! Numbers stay as they are written: nothing is rounded on the way.

/// A value.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Json {
    /// Nothing.
    #[default]
    Null,
    /// Yes or no.
    Bool(bool),
    /// A number as it is written.
    Number(String),
    /// A text.
    Text(String),
    /// A list.
    List(Vec<Json>),
    /// Names and values in their order.
    Map(Vec<(String, Json)>),
}

impl Json {
    /// The value of a name.
    pub fn get(&self, name: &str) -> Option<&Json> {
        self.fields().iter().find(|(key, _)| key == name).map(|(_, value)| value)
    }

    /// Names and values; none where it is something else.
    pub fn fields(&self) -> &[(String, Json)] {
        match self {
            Json::Map(fields) => fields,
            _ => &[],
        }
    }

    /// The text; empty where it is something else.
    pub fn text(&self) -> &str {
        match self {
            Json::Text(text) => text,
            _ => "",
        }
    }
}

static NULL: Json = Json::Null;

/// Reading by paths of names with dots: `card.name.surname`. What is not there is nothing.
impl Json {
    /// The value at a path.
    pub fn at(&self, path: &str) -> &Json {
        path.split('.').try_fold(self, |inner, name| inner.get(name)).unwrap_or(&NULL)
    }

    /// The text at a path.
    pub fn str(&self, path: &str) -> &str {
        self.at(path).text()
    }

    /// The items of the list at a path.
    pub fn list(&self, path: &str) -> &[Json] {
        match self.at(path) {
            Json::List(all) => all,
            _ => &[],
        }
    }

    /// The texts of the list at a path.
    pub fn texts(&self, path: &str) -> Vec<String> {
        self.list(path).iter().map(|one| one.text().to_owned()).collect()
    }

    /// Whether it says yes at a path.
    pub fn flag(&self, path: &str) -> bool {
        *self.at(path) == Json::Bool(true)
    }

    /// The whole number at a path.
    pub fn int(&self, path: &str) -> Option<i64> {
        match self.at(path) {
            Json::Number(digits) => digits.split('.').next()?.parse().ok(),
            _ => None,
        }
    }

    /// Whether nothing is said at a path.
    pub fn is_empty(&self, path: &str) -> bool {
        match self.at(path) {
            Json::Null => true,
            Json::Text(text) => text.is_empty(),
            Json::List(all) => all.is_empty(),
            _ => false,
        }
    }

    /// Puts a value at a path; names that are missing are made.
    pub fn put(&mut self, path: &str, value: Json) {
        let Some((name, rest)) = path.split_once('.').or((!path.is_empty()).then_some((path, "")))
        else {
            *self = value;
            return;
        };
        if !matches!(self, Json::Map(_)) {
            *self = Json::Map(Vec::new());
        }
        let Json::Map(fields) = self else { return };
        if let Some((_, inner)) = fields.iter_mut().find(|(have, _)| have == name) {
            inner.put(rest, value);
        } else {
            let mut inner = Json::Null;
            inner.put(rest, value);
            fields.push((name.to_owned(), inner));
        }
    }

    /// The items of the list at a path, to be changed; it is made where it is missing.
    pub fn items(&mut self, path: &str) -> &mut Vec<Json> {
        if !matches!(self.at(path), Json::List(_)) {
            self.put(path, Json::List(Vec::new()));
        }
        let mut here = self;
        for name in path.split('.') {
            here = match here {
                Json::Map(fields) => match fields.iter_mut().position(|(have, _)| have == name) {
                    Some(at) => &mut fields[at].1,
                    None => return Box::leak(Box::default()),
                },
                _ => return Box::leak(Box::default()),
            };
        }
        match here {
            Json::List(all) => all,
            _ => Box::leak(Box::default()),
        }
    }
}

impl From<&str> for Json {
    fn from(text: &str) -> Json {
        Json::Text(text.to_owned())
    }
}
impl From<String> for Json {
    fn from(text: String) -> Json {
        Json::Text(text)
    }
}
impl From<bool> for Json {
    fn from(value: bool) -> Json {
        Json::Bool(value)
    }
}
impl From<i64> for Json {
    fn from(value: i64) -> Json {
        Json::Number(value.to_string())
    }
}
impl From<Vec<String>> for Json {
    fn from(all: Vec<String>) -> Json {
        Json::List(all.into_iter().map(Json::Text).collect())
    }
}

/// An object.
pub fn map<const N: usize>(fields: [(&str, Json); N]) -> Json {
    Json::Map(fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
}

/// Writes a value.
pub fn write(value: &Json) -> String {
    let mut out = String::new();
    put(&mut out, value);
    out
}

fn put(out: &mut String, value: &Json) {
    match value {
        Json::Null => out.push_str("null"),
        Json::Bool(true) => out.push_str("true"),
        Json::Bool(false) => out.push_str("false"),
        Json::Number(digits) => out.push_str(digits),
        Json::Text(text) => put_text(out, text),
        Json::List(items) => {
            out.push('[');
            for (place, item) in items.iter().enumerate() {
                if place > 0 {
                    out.push(',');
                }
                put(out, item);
            }
            out.push(']');
        }
        Json::Map(fields) => {
            out.push('{');
            for (place, (name, value)) in fields.iter().enumerate() {
                if place > 0 {
                    out.push(',');
                }
                put_text(out, name);
                out.push(':');
                put(out, value);
            }
            out.push('}');
        }
    }
}

fn put_text(out: &mut String, text: &str) {
    const HEX: [char; 16] =
        ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'];
    out.push('"');
    for letter in text.chars() {
        match letter {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\0'..' ' => {
                let code = letter as usize;
                out.push_str("\\u00");
                out.push(HEX[code >> 4]);
                out.push(HEX[code & 15]);
            }
            other => out.push(other),
        }
    }
    out.push('"');
}

/// Reads a text. `None` where it is not JSON.
pub fn read(text: &str) -> Option<Json> {
    let mut reader = Reader { text, at: 0, depth: 0 };
    let value = reader.value()?;
    reader.next().is_none().then_some(value)
}

/// Deeper than this nothing is that the server says.
const DEEP: u32 = 64;

struct Reader<'a> {
    text: &'a str,
    at: usize,
    depth: u32,
}

impl Reader<'_> {
    fn byte(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    /// The next byte that is not a space; it stays where it is.
    fn next(&mut self) -> Option<u8> {
        while self.byte().is_some_and(|byte| matches!(byte, b' ' | b'\n' | b'\r' | b'\t')) {
            self.at += 1;
        }
        self.byte()
    }

    fn take(&mut self, byte: u8) -> Option<()> {
        (self.next()? == byte).then(|| self.at += 1)
    }

    fn word(&mut self, word: &str, value: Json) -> Option<Json> {
        let here = self.text.get(self.at..)?;
        here.starts_with(word).then(|| {
            self.at += word.len();
            value
        })
    }

    fn value(&mut self) -> Option<Json> {
        match self.next()? {
            b'n' => self.word("null", Json::Null),
            b't' => self.word("true", Json::Bool(true)),
            b'f' => self.word("false", Json::Bool(false)),
            b'"' => self.string().map(Json::Text),
            b'[' => self.items(b']', |reader| reader.value()).map(Json::List),
            b'{' => self
                .items(b'}', |reader| {
                    reader.next()?;
                    let name = reader.string()?;
                    reader.take(b':')?;
                    Some((name, reader.value()?))
                })
                .map(Json::Map),
            _ => self.number(),
        }
    }

    fn items<T>(&mut self, close: u8, one: fn(&mut Self) -> Option<T>) -> Option<Vec<T>> {
        self.at += 1;
        self.depth += 1;
        let mut all = Vec::new();
        if self.depth > DEEP {
            return None;
        }
        if self.take(close).is_none() {
            loop {
                all.push(one(self)?);
                if self.take(b',').is_none() {
                    self.take(close)?;
                    break;
                }
            }
        }
        self.depth -= 1;
        Some(all)
    }

    fn number(&mut self) -> Option<Json> {
        let from = self.at;
        while self
            .byte()
            .is_some_and(|byte| matches!(byte, b'0'..=b'9' | b'-' | b'+' | b'.' | b'e' | b'E'))
        {
            self.at += 1;
        }
        let digits = self.text.get(from..self.at)?;
        (!digits.is_empty()).then(|| Json::Number(digits.to_owned()))
    }

    fn string(&mut self) -> Option<String> {
        self.take(b'"')?;
        let mut out = String::new();
        loop {
            let from = self.at;
            while !matches!(self.byte()?, b'"' | b'\\') {
                self.at += 1;
            }
            out.push_str(self.text.get(from..self.at)?);
            self.at += 1;
            if self.text.as_bytes().get(self.at - 1) == Some(&b'"') {
                return Some(out);
            }
            let sign = self.byte()?;
            self.at += 1;
            out.push(match sign {
                b'n' => '\n',
                b't' => '\t',
                b'r' => '\r',
                b'b' => '\u{8}',
                b'f' => '\u{c}',
                b'u' => self.escaped()?,
                b'"' | b'\\' | b'/' => char::from(sign),
                _ => return None,
            });
        }
    }

    fn hex(&mut self) -> Option<u32> {
        let code = u32::from_str_radix(self.text.get(self.at..self.at + 4)?, 16).ok()?;
        self.at += 4;
        Some(code)
    }

    fn escaped(&mut self) -> Option<char> {
        let first = self.hex()?;
        if !(0xD800..0xDC00).contains(&first) {
            return char::from_u32(first);
        }
        self.word("\\u", Json::Null)?;
        let second = self.hex()?.checked_sub(0xDC00)?;
        char::from_u32(0x1_0000 + ((first - 0xD800) << 10) + second)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_again() {
        let texts = [
            r#"{"a":[1,-2.5,null,true,false],"b":{"c":""}}"#,
            r#"["\"\\\n\u0001/ әлем 😀"]"#,
            "[]",
            "{}",
            "12345678901234567890",
        ];
        for text in texts {
            assert_eq!(write(&read(text).unwrap()), text);
            let value: serde_json::Value = serde_json::from_str(text).unwrap();
            assert!(read(&value.to_string()).is_some());
        }
        assert_eq!(read(r#" "\ud83d\ude00\u04d9\/\t" "#), Some(Json::Text("😀ә/\t".into())));
    }

    #[test]
    fn paths_lead_to_values_and_are_made() {
        let mut all = read(r#"{"a":{"b":"c","n":4.0,"l":["x"],"t":true}}"#).unwrap();
        assert_eq!((all.str("a.b"), all.int("a.n"), all.flag("a.t")), ("c", Some(4), true));
        assert_eq!((all.str("a.z.y"), all.texts("a.l")), ("", vec!["x".to_owned()]));
        assert!(all.is_empty("z") && !all.is_empty("a.l"));
        all.put("a.b", "d".into());
        all.put("z.y", true.into());
        all.items("q.r").push("s".into());
        all.items("a.l").clear();
        assert_eq!(
            write(&all),
            r#"{"a":{"b":"d","n":4.0,"l":[],"t":true},"z":{"y":true},"q":{"r":["s"]}}"#
        );
    }

    #[test]
    fn what_is_not_json_is_refused() {
        for text in
            ["", "{", "[1,]", "{\"a\"}", "nul", "\"a", "\"\\x\"", "1 2", "<html>", "\"\\ud83d\""]
        {
            assert_eq!(read(text), None, "{text}");
        }
        assert_eq!(read(&"[".repeat(100_000)), None);
    }
}
