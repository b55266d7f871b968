//! Texts of items as they are typed: `**bold**`, `__italic__`, `^{above}`, `_{below}`, `$formula$`,
//! `![what it shows](image)`, `[[gap]]`, lists with `- ` and `1. `, paragraphs apart by an empty
//! line. What cannot be typed (tables, nested lists) stands as `⟦1⟧` and stays as it is: nothing is
//! lost by opening and saving.

use crate::{
    json::{Json, map},
    tex,
};

/// What is not typed but kept: blocks and parts of lines, by their numbers from 1.
pub type Kept = Vec<Json>;

fn one(name: &str, value: Json) -> Json {
    map([(name, value)])
}

/// Writes a text as it would be typed; what cannot be typed goes into `kept`.
pub fn write(rich: &Json, kept: &mut Kept) -> String {
    let Json::List(blocks) = rich else { return String::new() };
    let mut out: Vec<String> = Vec::new();
    for block in blocks {
        let before = kept.len();
        let typed = write_block(block, kept);
        // Whatever would not come back as it is now is kept instead.
        match typed.filter(|text| same(text, block, kept)) {
            Some(text) => out.push(text),
            None => {
                kept.truncate(before);
                kept.push(one("block", block.clone()));
                out.push(format!("⟦{}⟧", kept.len()));
            }
        }
    }
    out.join("\n\n")
}

fn same(text: &str, block: &Json, kept: &Kept) -> bool {
    let images = images_of(block);
    read(text, kept, &images) == Json::List(vec![block.clone()])
}

/// All images that are anywhere in a value.
pub fn images_of(value: &Json) -> Vec<Json> {
    let mut out = Vec::new();
    collect(value, &mut out);
    out
}

fn collect(value: &Json, out: &mut Vec<Json>) {
    match value {
        Json::Map(fields) => {
            for (name, inner) in fields {
                if name == "image" && !inner.str("hash").is_empty() {
                    out.push(inner.clone());
                }
                collect(inner, out);
            }
        }
        Json::List(all) => all.iter().for_each(|inner| collect(inner, out)),
        _ => {}
    }
}

fn write_block(block: &Json, kept: &mut Kept) -> Option<String> {
    match block.fields().first() {
        Some((name, Json::List(line))) if name == "p" => write_line(line, kept),
        Some((name, Json::List(items))) if name == "bullets" || name == "numbers" => {
            let mut lines = Vec::new();
            for (at, item) in items.iter().enumerate() {
                let Json::List(blocks) = item else { return None };
                let [only] = blocks.as_slice() else { return None };
                let text = write_line(only.list("p"), kept)?;
                if text.contains('\n') {
                    return None;
                }
                lines.push(match name.as_str() {
                    "bullets" => format!("- {text}"),
                    _ => format!("{}. {text}", at + 1),
                });
            }
            Some(lines.join("\n"))
        }
        _ => None,
    }
}

fn write_line(line: &[Json], kept: &mut Kept) -> Option<String> {
    let mut out = String::new();
    for part in line {
        write_part(part, &mut out, kept)?;
    }
    Some(out)
}

fn write_part(part: &Json, out: &mut String, kept: &mut Kept) -> Option<()> {
    if part.text() == "br" {
        out.push('\n');
        return Some(());
    }
    let (name, value) = part.fields().first()?;
    let inner = |kept: &mut Kept| match value {
        Json::List(line) => write_line(line, kept),
        _ => None,
    };
    match name.as_str() {
        "t" => {
            let letters: Vec<char> = value.text().chars().collect();
            for (at, c) in letters.iter().enumerate() {
                let next = letters.get(at + 1);
                let double = |with: &[char]| next.is_none_or(|next| with.contains(next));
                let special = match c {
                    '\\' | '$' | '⟦' | '}' => true,
                    '*' => double(&['*']),
                    '_' => double(&['_', '{']),
                    '^' => double(&['{']),
                    '!' | '[' => double(&['[']),
                    '-' => out.is_empty() && double(&[' ']),
                    '.' => {
                        at > 0 && double(&[' ']) && letters[..at].iter().all(char::is_ascii_digit)
                    }
                    _ => false,
                };
                if special {
                    out.push('\\');
                }
                out.push(*c);
            }
        }
        "strong" => out.push_str(&format!("**{}**", inner(kept)?)),
        "em" => out.push_str(&format!("__{}__", inner(kept)?)),
        "sup" => out.push_str(&format!("^{{{}}}", inner(kept)?)),
        "sub" => out.push_str(&format!("_{{{}}}", inner(kept)?)),
        "gap" => out.push_str(&format!("[[{}]]", value.text())),
        "image" => {
            let short: String = value.str("hash").chars().take(12).collect();
            out.push_str(&format!("![{}]({short})", value.str("alt")));
        }
        "math" if tex::write(value).is_some() => {
            out.push_str(&format!("${}$", tex::write(value)?));
        }
        _ => {
            kept.push(one("part", part.clone()));
            out.push_str(&format!("⟦{}⟧", kept.len()));
        }
    }
    Some(())
}

/// Reads what was typed. `images` are those that the item has or that were just added.
pub fn read(text: &str, kept: &Kept, images: &[Json]) -> Json {
    let text = text.replace("\r\n", "\n");
    let blocks = text
        .split("\n\n")
        .map(|chunk| chunk.trim_matches('\n'))
        .filter(|chunk| !chunk.trim().is_empty());
    Json::List(blocks.map(|chunk| read_block(chunk, kept, images)).collect())
}

/// The words of a line of a list: `- a`, `12. a`.
fn bullet(line: &str) -> Option<(bool, &str)> {
    if let Some(rest) = line.strip_prefix("- ") {
        return Some((false, rest));
    }
    let (number, rest) = line.split_once(". ")?;
    let digits = !number.is_empty() && number.len() < 4;
    (digits && number.bytes().all(|b| b.is_ascii_digit())).then_some((true, rest))
}

fn read_block(chunk: &str, kept: &Kept, images: &[Json]) -> Json {
    if let Some(block) = kept_at(chunk.trim(), kept).and_then(|one| one.get("block")) {
        return block.clone();
    }
    let line = |text: &str| {
        let letters: Vec<char> = text.chars().collect();
        let mut reader = Reader { letters, at: 0, kept, images, depth: 0 };
        Json::List(reader.line(""))
    };
    let lines: Vec<Option<(bool, &str)>> = chunk.split('\n').map(bullet).collect();
    let first = lines.first().copied().flatten().map(|(numbers, _)| numbers);
    if let Some(numbers) = first
        && lines.iter().all(|one| one.is_some_and(|(of, _)| of == numbers))
    {
        let items = lines.iter().flatten().map(|(_, text)| Json::List(vec![one("p", line(text))]));
        let name = if numbers { "numbers" } else { "bullets" };
        return one(name, Json::List(items.collect()));
    }
    one("p", line(chunk))
}

/// What `⟦n⟧` stands for.
fn kept_at<'a>(text: &str, kept: &'a Kept) -> Option<&'a Json> {
    let number = text.strip_prefix('⟦')?.strip_suffix('⟧')?;
    kept.get(number.parse::<usize>().ok()?.checked_sub(1)?)
}

struct Reader<'a> {
    letters: Vec<char>,
    at: usize,
    kept: &'a Kept,
    images: &'a [Json],
    depth: u32,
}

impl Reader<'_> {
    fn is_next(&self, sign: &str) -> bool {
        sign.chars().enumerate().all(|(at, c)| self.letters.get(self.at + at) == Some(&c))
    }

    /// Where a sign stands next, from here.
    fn find(&self, sign: &str) -> Option<usize> {
        let want: Vec<char> = sign.chars().collect();
        let rest = self.letters.get(self.at..)?;
        rest.windows(want.len()).position(|window| window == want.as_slice()).map(|at| self.at + at)
    }

    fn between(&self, from: usize, to: usize) -> String {
        self.letters.get(from..to).unwrap_or_default().iter().collect()
    }

    /// Parts until a closing sign (empty = to the end).
    fn line(&mut self, close: &str) -> Vec<Json> {
        let (mut out, mut plain) = (Vec::new(), String::new());
        let flush = |out: &mut Vec<Json>, plain: &mut String| {
            if !plain.is_empty() {
                out.push(one("t", std::mem::take(plain).into()));
            }
        };
        self.depth += 1;
        while let Some(c) = self.letters.get(self.at).copied() {
            if !close.is_empty() && self.is_next(close) {
                break;
            }
            if c == '\\' && self.letters.get(self.at + 1).is_some_and(|next| *next != '\n') {
                plain.extend(self.letters.get(self.at + 1));
                self.at += 2;
                continue;
            }
            if c == '\n' {
                flush(&mut out, &mut plain);
                out.push("br".into());
                self.at += 1;
                continue;
            }
            let before = self.at;
            match self.special() {
                Some(part) => {
                    flush(&mut out, &mut plain);
                    out.push(part);
                }
                None => {
                    self.at = before + 1;
                    plain.push(c);
                }
            }
        }
        flush(&mut out, &mut plain);
        self.depth -= 1;
        out
    }

    /// Something that is no plain letter; `None` where it is one after all.
    fn special(&mut self) -> Option<Json> {
        for (open, close, name) in
            [("**", "**", "strong"), ("__", "__", "em"), ("^{", "}", "sup"), ("_{", "}", "sub")]
        {
            if self.is_next(open) && self.depth < 8 {
                self.at += open.chars().count();
                let inner = self.line(close);
                let closed = self.is_next(close) && !inner.is_empty();
                self.at += close.chars().count();
                return closed.then(|| one(name, Json::List(inner)));
            }
        }
        if self.is_next("$") {
            self.at += 1;
            let end = self.find("$")?;
            let typed = self.between(self.at, end);
            self.at = end + 1;
            return (!typed.trim().is_empty()).then(|| one("math", tex::read(&typed)));
        }
        if self.is_next("[[") {
            let end = self.find("]]")?;
            let id = self.between(self.at + 2, end);
            self.at = end + 2;
            let fine = !id.is_empty() && !id.contains(char::is_whitespace);
            return fine.then(|| one("gap", id.into()));
        }
        if self.is_next("![") {
            let middle = self.find("](")?;
            let alt = self.between(self.at + 2, middle);
            self.at = middle + 2;
            let end = self.find(")")?;
            let name = self.between(self.at, end);
            self.at = end + 1;
            return self.image(&alt, &name);
        }
        if self.is_next("⟦") {
            let end = self.find("⟧")?;
            let typed = self.between(self.at, end + 1);
            self.at = end + 1;
            return kept_at(&typed, self.kept)?.get("part").cloned();
        }
        None
    }

    fn image(&self, alt: &str, name: &str) -> Option<Json> {
        let known = (name.len() >= 6)
            .then(|| self.images.iter().find(|one| one.str("hash").starts_with(name)))
            .flatten()?;
        let mut fields = vec![("hash".to_owned(), Json::from(known.str("hash")))];
        if !alt.is_empty() {
            fields.push(("alt".to_owned(), alt.into()));
        }
        for size in ["width", "height"] {
            if let Some(n) = known.int(size).filter(|n| *n > 0) {
                fields.push((size.to_owned(), n.into()));
            }
        }
        Some(one("image", Json::Map(fields)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json;

    fn there_and_back(text: &str) -> String {
        let rich = json::read(text).unwrap();
        let mut kept = Kept::new();
        let typed = write(&rich, &mut kept);
        let images = images_of(&rich);
        assert_eq!(read(&typed, &kept, &images), rich, "{typed}");
        typed
    }

    #[test]
    fn nothing_is_lost_between_the_bank_and_the_field() {
        let hash = "a".repeat(64);
        for (rich, typed) in [
            (r#"[{"p":[{"t":"Сұрақ"}]}]"#.to_owned(), Some("Сұрақ")),
            (r#"[{"p":[{"t":"a"},"br",{"t":"b"}]},{"p":[{"t":"c"}]}]"#.into(), Some("a\nb\n\nc")),
            (r#"[{"p":[{"t":"x"},{"sup":[{"t":"2"}]},{"strong":[{"t":"!"}]}]}]"#.into(), None),
            (r#"[{"bullets":[[{"p":[{"t":"a"}]}],[{"p":[{"t":"b"}]}]]}]"#.into(), Some("- a\n- b")),
            (r#"[{"numbers":[[{"p":[{"t":"a"}]}]]}]"#.into(), Some("1. a")),
            (r#"[{"p":[{"t":"Астана — "},{"gap":"g1"},{"t":"."}]}]"#.into(), Some("Астана — [[g1]].")),
            (format!(r#"[{{"p":[{{"image":{{"hash":"{hash}","alt":"сурет","width":4}}}}]}}]"#), None),
            (r#"[{"p":[{"math":{"e":"math","c":[{"e":"mi","t":"x"}]}}]}]"#.into(), Some("$x$")),
            (r#"[{"p":[{"math":{"e":"math","a":[["display","block"]],"c":[{"e":"mi","t":"x"}]}}]}]"#.into(), Some("⟦1⟧")),
            (r#"[{"table":[[{"head":true,"text":[{"t":"a"}]}]]},{"p":[{"t":"b"}]}]"#.into(), Some("⟦1⟧\n\nb")),
            (r#"[{"p":[]},{"pre":"x"},{"quote":[{"p":[{"t":"q"}]}]}]"#.into(), Some("⟦1⟧\n\n⟦2⟧\n\n⟦3⟧")),
            (r#"[{"p":[{"t":"- a **b** __c__ $5 \\ x_1 ^{ ![ [[ 1. ⟦1⟧"}]}]"#.into(), None),
            (r#"[{"p":["br",{"t":"a"},"br","br"]}]"#.into(), None),
            (r#"[{"p":[{"t":"a*"},{"strong":[{"t":"b*"}]},{"code":"c"},{"under":[{"t":"d"}]}]}]"#.into(), None),
            (r#"[{"p":[{"strong":[{"em":[{"t":"x}"}]}]}]}]"#.into(), None),
        ] {
            let got = there_and_back(&rich);
            if let Some(typed) = typed {
                assert_eq!(got, typed, "{rich}");
            }
        }
    }

    #[test]
    fn whatever_is_typed_is_read() {
        for typed in
            ["**", "** **", "$", "[[", "![a](b)", "⟦9⟧", "^{", "\\", "a\\", "$$", "[[a b]]"]
        {
            let Json::List(blocks) = read(typed, &Kept::new(), &[]) else { panic!("{typed}") };
            assert_eq!(blocks.len(), 1, "{typed}");
        }
        assert_eq!(read(" \n\n\n", &Kept::new(), &[]), Json::List(Vec::new()));
    }
}
