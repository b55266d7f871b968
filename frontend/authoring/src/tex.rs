//! Formulas as they are typed: a little of TeX, to and from the tree that the bank keeps.

use crate::json::{Json, map};

/// Names that stand for a letter or an operator.
const NAMES: [(&str, &str, &str); 36] = [
    ("alpha", "α", "mi"),
    ("beta", "β", "mi"),
    ("gamma", "γ", "mi"),
    ("delta", "δ", "mi"),
    ("Delta", "Δ", "mi"),
    ("varepsilon", "ε", "mi"),
    ("lambda", "λ", "mi"),
    ("mu", "μ", "mi"),
    ("pi", "π", "mi"),
    ("rho", "ρ", "mi"),
    ("sigma", "σ", "mi"),
    ("tau", "τ", "mi"),
    ("varphi", "φ", "mi"),
    ("omega", "ω", "mi"),
    ("Omega", "Ω", "mi"),
    ("infty", "∞", "mi"),
    ("sin", "sin", "mi"),
    ("cos", "cos", "mi"),
    ("tg", "tg", "mi"),
    ("lg", "lg", "mi"),
    ("ln", "ln", "mi"),
    ("log", "log", "mi"),
    ("lim", "lim", "mi"),
    ("cdot", "⋅", "mo"),
    ("times", "×", "mo"),
    ("div", "÷", "mo"),
    ("pm", "±", "mo"),
    ("le", "≤", "mo"),
    ("ge", "≥", "mo"),
    ("ne", "≠", "mo"),
    ("approx", "≈", "mo"),
    ("to", "→", "mo"),
    ("in", "∈", "mo"),
    ("sum", "∑", "mo"),
    ("int", "∫", "mo"),
    ("angle", "∠", "mo"),
];

fn leaf(name: &str, text: &str) -> Json {
    map([("e", name.into()), ("t", text.into())])
}

fn node(name: &str, children: Vec<Json>) -> Json {
    map([("e", name.into()), ("c", Json::List(children))])
}

/// Reads what was typed. What cannot be understood stands there as text, to be seen and mended.
pub fn read(text: &str) -> Json {
    let mut reader = Reader { rest: text.chars().collect::<Vec<_>>(), at: 0, depth: 0 };
    let children = reader.row(None);
    node("math", children)
}

struct Reader {
    rest: Vec<char>,
    at: usize,
    depth: u32,
}

impl Reader {
    fn peek(&mut self) -> Option<char> {
        while self.rest.get(self.at).is_some_and(|c| c.is_whitespace()) {
            self.at += 1;
        }
        self.rest.get(self.at).copied()
    }

    fn row(&mut self, close: Option<char>) -> Vec<Json> {
        let mut out = Vec::new();
        self.depth += 1;
        while let Some(c) = self.peek() {
            if self.depth > 20 {
                break;
            }
            if Some(c) == close {
                self.at += 1;
                break;
            }
            out.push(self.item());
        }
        self.depth -= 1;
        out
    }

    /// An atom with its index and its power.
    fn item(&mut self) -> Json {
        let base = self.atom();
        let (mut low, mut high) = (None, None);
        while let Some(c @ ('^' | '_')) = self.peek() {
            self.at += 1;
            let script = self.atom();
            if c == '^' {
                high = Some(script);
            } else {
                low = Some(script);
            }
        }
        match (low, high) {
            (None, None) => base,
            (Some(low), None) => node("msub", vec![base, low]),
            (None, Some(high)) => node("msup", vec![base, high]),
            (Some(low), Some(high)) => node("msubsup", vec![base, low, high]),
        }
    }

    fn group(&mut self) -> Json {
        if self.peek() != Some('{') {
            return if self.peek().is_some() { self.atom() } else { node("mrow", Vec::new()) };
        }
        self.at += 1;
        let mut inner = self.row(Some('}'));
        match inner.pop() {
            Some(only) if inner.is_empty() => only,
            Some(last) => {
                inner.push(last);
                node("mrow", inner)
            }
            None => node("mrow", inner),
        }
    }

    fn atom(&mut self) -> Json {
        let Some(c) = self.peek() else { return leaf("mtext", "") };
        if c == '{' {
            return self.group();
        }
        self.at += 1;
        if c == '\\' {
            return self.command();
        }
        if c.is_ascii_digit() {
            let mut number = c.to_string();
            while let Some(next) = self.rest.get(self.at).copied() {
                let digit = |c: Option<&char>| c.is_some_and(char::is_ascii_digit);
                let point = matches!(next, '.' | ',') && digit(self.rest.get(self.at + 1));
                if !next.is_ascii_digit() && !point {
                    break;
                }
                number.push(next);
                self.at += 1;
            }
            return leaf("mn", &number);
        }
        let letter = c.is_alphabetic() || c == '∞';
        let known = NAMES.iter().find(|(_, sign, _)| sign.chars().eq([c]));
        let kind = known.map_or(if letter { "mi" } else { "mo" }, |(_, _, kind)| *kind);
        leaf(kind, &c.to_string())
    }

    fn command(&mut self) -> Json {
        let mut name = String::new();
        while let Some(c) = self.rest.get(self.at).filter(|c| c.is_ascii_alphabetic()) {
            name.push(*c);
            self.at += 1;
        }
        match name.as_str() {
            "frac" => {
                let (above, below) = (self.group(), self.group());
                node("mfrac", vec![above, below])
            }
            "sqrt" if self.peek() == Some('[') => {
                self.at += 1;
                let mut of = self.row(Some(']'));
                let of = match of.pop() {
                    Some(only) if of.is_empty() => only,
                    Some(last) => {
                        of.push(last);
                        node("mrow", of)
                    }
                    None => node("mrow", of),
                };
                let under = self.group();
                node("mroot", vec![under, of])
            }
            "sqrt" => {
                let under = self.group();
                node("msqrt", vec![under])
            }
            "text" => {
                let from = self.rest.iter().skip(self.at).position(|c| *c == '{');
                let to = self.rest.iter().skip(self.at).position(|c| *c == '}');
                match (from, to) {
                    (Some(0), Some(to)) => {
                        let words: String =
                            self.rest.iter().skip(self.at + 1).take(to - 1).collect();
                        self.at += to + 1;
                        leaf("mtext", &words)
                    }
                    _ => leaf("mtext", "text"),
                }
            }
            other => match NAMES.iter().find(|(name, ..)| *name == other) {
                Some((_, sign, kind)) => leaf(kind, sign),
                None => leaf("mtext", &format!("\\{other}")),
            },
        }
    }
}

/// Writes a formula as it would be typed. `None` where it holds more than can be typed.
pub fn write(math: &Json) -> Option<String> {
    if math.str("e") != "math" {
        return None;
    }
    let out = row(math.list("c"))?;
    let out = out.trim().to_owned();
    (!out.contains('$') && read(&out) == *math).then_some(out)
}

fn row(children: &[Json]) -> Option<String> {
    children.iter().map(one).collect::<Option<Vec<_>>>().map(|all| all.concat())
}

fn braced(child: Option<&Json>) -> Option<String> {
    let child = child?;
    let inner = if child.str("e") == "mrow" { row(child.list("c"))? } else { one(child)? };
    Some(format!("{{{}}}", inner.trim()))
}

fn one(node: &Json) -> Option<String> {
    if !node.list("a").is_empty() {
        return None;
    }
    let children = node.list("c");
    let (first, second, third) = (children.first(), children.get(1), children.get(2));
    Some(match node.str("e") {
        "mi" | "mo" => {
            let text = node.str("t");
            match NAMES.iter().find(|(_, sign, _)| *sign == text) {
                Some((name, ..)) => format!("\\{name} "),
                None if text.chars().count() == 1 => text.to_owned(),
                None => return None,
            }
        }
        "mn" => node.str("t").to_owned(),
        "mtext" => format!("\\text{{{}}}", node.str("t")),
        "mrow" => braced(Some(node))?,
        "mfrac" => format!("\\frac{}{}", braced(first)?, braced(second)?),
        "msqrt" => format!("\\sqrt{}", braced(first)?),
        "mroot" => {
            let of = braced(second)?;
            let of = of.strip_prefix('{')?.strip_suffix('}')?;
            format!("\\sqrt[{of}]{}", braced(first)?)
        }
        "msup" => format!("{}^{}", one(first?)?, braced(second)?),
        "msub" => format!("{}_{}", one(first?)?, braced(second)?),
        "msubsup" => format!("{}_{}^{}", one(first?)?, braced(second)?, braced(third)?),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_typed_comes_back() {
        for typed in [
            "x^{2}+y^{2}=z^{2}",
            "\\frac{a+b}{2}",
            "\\sqrt{x}",
            "\\sqrt[3]{x+1}",
            "a_{n}^{2}",
            "3,14\\cdot r^{2}",
            "\\alpha +\\beta \\le \\pi",
            "\\text{егер }x>0",
            "\\frac{1}{\\frac{a}{b}}",
        ] {
            let math = read(typed);
            assert_eq!(write(&math).as_deref(), Some(typed), "{math:?}");
        }
    }

    #[test]
    fn whatever_is_typed_is_read_and_never_unsafe() {
        for typed in
            ["", "\\", "{", "}", "^", "_{", "\\frac", "\\text", "\\sqrt[", "<script>", "((("]
        {
            let math = read(typed);
            assert_eq!(math.str("e"), "math");
            let safe = |node: &Json| domain::bank::math::ELEMENTS.contains(&node.str("e"));
            assert!(safe(&math) && math.list("c").iter().all(safe), "{typed}");
        }
        let deep = "{".repeat(500);
        assert_eq!(read(&deep).str("e"), "math");
    }
}
