//! A form with a file, as browsers post it (RFC 7578): `multipart/form-data`.

/// Parts at most: our forms have a dozen fields.
const PARTS: usize = 50;
/// Bytes of the headers of a part at most.
const HEADERS: usize = 4096;
/// Length of a boundary at most (RFC 2046, 5.1.1).
const BOUNDARY: usize = 70;

/// A field of the form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part<'a> {
    /// Name of the field.
    pub name: String,
    /// Name of the file as its sender calls it, where the field is one; it may be empty.
    pub file: Option<String>,
    /// What was sent.
    pub body: &'a [u8],
}

/// The fields of a body, in order. `kind` is its `Content-Type`. `None` where it is not of this
/// form, or is cut off.
pub fn parts<'a>(kind: &str, body: &'a [u8]) -> Option<Vec<Part<'a>>> {
    let boundary = boundary(kind)?;
    let opening = format!("--{boundary}");
    // Between two parts stands a line of its own: its line break belongs to it.
    let between = format!("\r\n{opening}").into_bytes();
    let mut rest = body.strip_prefix(opening.as_bytes())?;
    let mut out = Vec::new();
    while !rest.starts_with(b"--") {
        if out.len() == PARTS {
            return None;
        }
        let part = rest.strip_prefix(b"\r\n")?;
        let head = find(part.get(..part.len().min(HEADERS))?, b"\r\n\r\n")?;
        let (headers, content) = (part.get(..head)?, part.get(head + 4..)?);
        let end = find(content, &between)?;
        let (name, file) = names(std::str::from_utf8(headers).ok()?)?;
        out.push(Part { name, file, body: content.get(..end)? });
        rest = content.get(end + between.len()..)?;
    }
    Some(out)
}

fn boundary(kind: &str) -> Option<&str> {
    let (form, more) = kind.split_once(';')?;
    if !form.trim().eq_ignore_ascii_case("multipart/form-data") {
        return None;
    }
    let is_it = |name: &str| name.trim().eq_ignore_ascii_case("boundary");
    let mut all = more.split(';').filter_map(|one| one.split_once('='));
    let (_, value) = all.find(|(name, _)| is_it(name))?;
    let value = value.trim().trim_matches('"');
    (1..=BOUNDARY).contains(&value.len()).then_some(value)
}

/// Where `what` begins for the first time. It begins with a carriage return.
fn find(all: &[u8], what: &[u8]) -> Option<usize> {
    let mut from = 0;
    loop {
        let at = from + all.get(from..)?.iter().position(|byte| *byte == b'\r')?;
        if all.get(at..)?.starts_with(what) {
            return Some(at);
        }
        from = at + 1;
    }
}

/// Names of the field and of the file in `Content-Disposition`.
fn names(headers: &str) -> Option<(String, Option<String>)> {
    let line = headers.split("\r\n").find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.trim().eq_ignore_ascii_case("content-disposition").then_some(value)
    })?;
    let (mut name, mut file) = (None, None);
    // Quotes inside are written as %22, so a value ends at the next one.
    let mut rest = line.trim().strip_prefix("form-data")?;
    while let Some((before, after)) = rest.split_once("=\"") {
        let (value, more) = after.split_once('"')?;
        match before.trim_start_matches([';', ' ']).trim() {
            "name" => name = Some(value.to_owned()),
            "filename" => file = Some(value.replace("%22", "\"")),
            _ => {}
        }
        rest = more;
    }
    Some((name?, file))
}

#[cfg(test)]
mod tests {
    use super::*;

    const KIND: &str = "multipart/form-data; boundary=----x";

    #[test]
    fn as_a_browser_posts_it() {
        let body = b"------x\r\nContent-Disposition: form-data; name=\"text\"\r\n\r\n\xd2\x9a\r\nab\r\n------x\r\n\
            Content-Disposition: form-data; name=\"screenshot\"; filename=\"a%22;name=.png\"\r\n\
            Content-Type: image/png\r\n\r\n\x89PNG\r\n\r\n------\r\n------x--\r\n";
        let all = parts(KIND, body).unwrap();
        assert_eq!(all.len(), 2);
        assert_eq!((all[0].name.as_str(), &all[0].file), ("text", &None));
        assert_eq!(all[0].body, "Қ\r\nab".as_bytes());
        assert_eq!(all[1].file.as_deref(), Some("a\";name=.png"));
        assert_eq!(all[1].body, b"\x89PNG\r\n\r\n------");
        // A form without anything chosen names an empty file.
        let body = b"------x\r\nContent-Disposition: form-data; name=\"f\"; filename=\"\"\r\n\r\n\r\n------x--";
        assert_eq!(parts(KIND, body).unwrap()[0].body, b"");
        assert_eq!(parts(KIND, b"------x--").unwrap(), []);
    }

    #[test]
    fn what_is_not_of_this_form_is_nothing() {
        let good = b"------x\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n1\r\n------x--";
        assert!(parts(KIND, good).is_some());
        for end in 0..good.len() - 1 {
            assert_eq!(parts(KIND, &good[..end]), None, "cut at {end}");
        }
        for kind in ["", "multipart/form-data", "multipart/mixed; boundary=----x", "text/html"] {
            assert_eq!(parts(kind, good), None, "{kind}");
        }
        let nameless = b"------x\r\nContent-Disposition: form-data\r\n\r\n1\r\n------x--";
        assert_eq!(parts(KIND, nameless), None);
        let many = b"------x\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n1\r\n".repeat(51);
        assert_eq!(parts(KIND, &[&many[..], b"------x--"].concat()), None);
    }

    /// Bytes that look like chance, always the same.
    fn bytes(seed: u64, many: usize) -> Vec<u8> {
        let next = |state: &u64| state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        let states = std::iter::successors(Some(next(&seed)), |state| Some(next(state)));
        states.take(many).map(|state| (state >> 56) as u8).collect()
    }

    #[test]
    fn nothing_panics() {
        for seed in 0..500 {
            let any = bytes(seed, (seed % 97) as usize * 3);
            assert_eq!(parts(KIND, &any), None);
            let _ = parts(KIND, &[b"------x\r\n".as_slice(), &any].concat());
            let _ = parts(&String::from_utf8_lossy(&any), b"------x--");
        }
    }

    #[test]
    fn what_was_written_comes_out() {
        for seed in 0..200 {
            let bodies: Vec<_> =
                (0..seed % 5).map(|n| bytes(seed + n, (n * 13) as usize)).collect();
            let mut text = Vec::new();
            for body in &bodies {
                text.extend(b"--q9b7w\r\nContent-Disposition: form-data; name=\"f\"\r\n\r\n");
                text.extend(body);
                text.extend(b"\r\n");
            }
            text.extend(b"--q9b7w--\r\n");
            let all = parts("multipart/form-data; boundary=\"q9b7w\"", &text).unwrap();
            assert_eq!(all.iter().map(|part| part.body.to_vec()).collect::<Vec<_>>(), bodies);
        }
    }
}
